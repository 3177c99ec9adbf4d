// Which elements of a value others are read from, and how often: views, reshapes, copies, windows.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/evaluate.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/pooling.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Of an alias with more arguments (op/bounded_layer.hpp) more is known than of what it is an alias of.
constexpr bool is_alias(node const& n) {
    return n.operation->kind == category::alias && n.operation->arity == 1;
}
constexpr bool is_read_in_place(node const& n) {
    return n.operation->kind == category::view || is_alias(n);
}
// The value that v is read from, through any number of views and reshapes.
constexpr int read_from(graph const& g, int v) {
    while (is_read_in_place(g.producer_of(v))) v = g.producer_of(v).argument[0];
    return v;
}
// Counts, for each element of that value, how often v reads it.
constexpr void count_reads(graph const& g, int v, int* counts) {
    int const n = g.shape_of(v).size();
    scratch_array<int> element(n);
    for (int i = 0; i < n; ++i) element.data[i] = i;
    while (is_read_in_place(g.producer_of(v))) {
        node const& p = g.producer_of(v);
        extents const &to = g.shape_of(v), &from = g.shape_of(p.argument[0]);
        if (p.operation->kind == category::view) {
            interpreter::walker const w(to, from, view_access(whole(to.rank), p.operation->view(g, p)));
            for (int i = 0; i < n; ++i) element.data[i] = w(element.data[i]);
        }
        v = p.argument[0];
    }
    for (int i = 0; i < n; ++i) ++counts[element.data[i]];
}
constexpr int largest_of(int const* counts, int n) {
    int most = 0;
    for (int i = 0; i < n; ++i) most = counts[i] > most ? counts[i] : most;
    return most;
}
// By a view.
constexpr int most_reads(graph const& g, node const& n) {
    extents const &from = g.shape_of(n.argument[0]), &to = g.shape_of(n.first);
    scratch_array<int> reads(from.size());
    interpreter::walker const w(to, from, view_access(whole(to.rank), n.operation->view(g, n)));
    for (int i = 0; i < to.size(); ++i) ++reads.data[w(i)];
    return largest_of(reads.data, from.size());
}
// By an operation that only moves numbers: it is run on the elements' positions.
constexpr int most_copies(graph const& g, node const& n) {
    extents const &from = g.shape_of(n.argument[0]), &to = g.shape_of(n.first);
    scratch_array<double> position(from.size()), found(to.size());
    scratch_array<int> counts(from.size() + 1);
    for (int i = 0; i < from.size(); ++i) position.data[i] = i + 1;
    operands<double> x{};
    x.argument[0] = position.data;
    x.result[0] = found.data;
    x.shape[0] = from;
    x.attribute = n.attribute;
    if (!n.operation->compute(x)) return to.size();
    for (int i = 0; i < to.size(); ++i) ++counts.data[static_cast<int>(found.data[i])];
    return largest_of(counts.data + 1, from.size());
}
// How many windows read an element, at most; the shares of means that it is in, at most.
constexpr double most_windows(graph const& g, node const& n, bool mean) {
    auto const by = op::pooling_numbers::from(n.attribute);
    extents const& s = g.shape_of(n.argument[0]);
    scratch_array<double> parts(s.size());
    by.each(s, by.extent, [&](int, int from, auto const& w, int apart) {
        for (int k = 0; k < w.elements; ++k) parts.data[from + k * apart] += mean ? (1 + 0x1p-50) / w.count : 1;
    });
    double most = 0;
    for (int i = 0; i < s.size(); ++i) most = math::max(most, parts.data[i]);
    return mean ? most * (1 + 0x1p-40) : most;
}
// Of a convolution: how many taps of one filter meet an element, at most.
constexpr int most_taps(op::convolution_numbers const& by, extents const& filters) {
    auto const common = [](int a, int b) {
        while (b != 0) {
            int const rest = a % b;
            a = b;
            b = rest;
        }
        return a;
    };
    int taps = 1;
    for (int k = 0; k < 2; ++k) {
        int const size = k == 0 ? (filters.rank < 4 ? 1 : filters.d[2]) : filters.from_end(0),
                  apart = by.stride[k] / common(by.stride[k], by.dilation[k]);
        taps *= (size + apart - 1) / apart;
    }
    return taps;
}

// The parts that values are put together of, each one that is sorted replaced by what it was sorted of.
class joined_parts {
  public:
    constexpr joined_parts(graph const& of, int const* values, int count) : g(of), of_(parts_of(values, count)) {
        for (int k = 0; k < count; ++k) add(values[k]);
        while (unsort()) {
        }
    }
    constexpr int size() const { return size_; }
    constexpr int operator[](int k) const { return of_.data[k]; }

  private:
    graph const& g;
    scratch_array<int> of_;
    int size_ = 0;

    static constexpr bool joins(node const& n) { return n.operation->family == operation_family::concatenate; }
    constexpr int parts_of(int const* values, int count) const {
        int parts = 0;
        for (int k = 0; k < count; ++k) {
            node const& n = g.producer_of(values[k]);
            bool const alias = is_alias(n);
            parts += alias || joins(n) ? parts_of(n.argument, alias ? 1 : n.operation->arity) : 1;
        }
        return parts;
    }
    constexpr void add(int v) {
        node const& n = g.producer_of(v);
        bool const alias = is_alias(n);
        if (!alias && !joins(n)) {
            of_.data[size_++] = v;
            return;
        }
        for (int k = 0; k < (alias ? 1 : n.operation->arity); ++k) add(n.argument[k]);
    }
    // max(a, b) and min(a, b), of one shape, are a and b in another order: their squared distances are no larger.
    constexpr bool unsort() {
        for (int i = 0; i < size_; ++i) {
            node const& most = g.producer_of(of_.data[i]);
            if (most.operation->id != id_of<op::maximum>) continue;
            int const a = most.argument[0], b = most.argument[1];
            if (g.shape_of(a) != g.shape_of(most.first) || g.shape_of(b) != g.shape_of(most.first)) continue;
            for (int j = 0; j < size_; ++j) {
                node const& least = g.producer_of(of_.data[j]);
                bool const same = (least.argument[0] == a && least.argument[1] == b) ||
                                  (least.argument[0] == b && least.argument[1] == a);
                if (least.operation->id != id_of<op::minimum> || !same) continue;
                of_.data[i] = a;
                of_.data[j] = b;
                return true;
            }
        }
        return false;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
