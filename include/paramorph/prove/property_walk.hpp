// The walk that takes what is known (prove/property_facts.hpp) through the graph of a traced network.
//
//   functions of one number     by their trend (prove/piecewise.hpp: where(x > c, a, b) is one, if a and b meet at c)
//   sums                        Lipschitz bounds add
//   products with weights       matmul, convolutions and their transposes: the weight's norm, of a convolution times
//                               the root of how many taps of a filter meet an element, or what its stage states of
//                               convolutions; by the weight's signs the others
//   roots, logarithms, powers   nothing, of what may leave their domain
//   products of two values      |x| L(y) + |y| L(x), of bounded ones
//   views, copies, windows      an element that is read k times counts k times: the root of the largest k. Parts that
//                               are put together count by how often each element of the value is read that they come
//                               from, those of several values by the root of the sum of squares; max(a, b) beside
//                               min(a, b) is a beside b, so sorting is 1
//   e / sum(e), e = exp(x)      softmax: 1/2, not negative, sums to one
//   layers as a whole           nn/lipschitz_layers.hpp, by the norm of the weight, where it is smaller than by their
//                               parts
//
// Source: Tsuzuku et al. 2018, "Lipschitz-margin training"; Amos et al. 2017, "Input convex neural networks"; Anil et
// al. 2019, "Sorting out Lipschitz function approximation". Of softmax, the magnitudes of row i of diag(p) - p p^T sum
// to 2 p_i (1 - p_i), at most 1/2.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/bounded_layer.hpp"
#include "paramorph/prove/elementwise_properties.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class T>
class property_walk {
    using facts = value_facts<T>;

  public:
    // leaf(k): what is known of leaf k.
    template <class F>
    constexpr property_walk(graph const& of, property_rule<T> const* rules, int rule_count, F const& leaf)
        : g(of), rules_{rules, rule_count}, known_(of.value_count) {
        for (int i = 0; i < g.size; ++i) {
            node const& n = g.nodes[i];
            facts arguments[max_arguments];
            for (int k = 0; k < n.operation->arity; ++k) arguments[k] = at(n.argument[k]);
            for (int r = 0; r < n.operation->results; ++r) {
                facts& y = known_.data[n.first + r];
                bool const real = g.values[n.first + r].type != element::i32;
                if (n.operation->kind == category::leaf)
                    y = leaf(n.attribute.v[0]);
                else if (real && r == 0)
                    y = result_of(n);
                else
                    y = facts::nothing();
                settle(y, n, n.first + r);
                int const chooses = is<op::where>(n) ? 1 : 0;  // a choice is no loss of what is chosen by
                y.note(arguments + chooses, n.operation->arity - chooses, i);
            }
        }
    }
    constexpr facts const& at(int v) const { return known_.data[v]; }

    // How far values move together.
    constexpr double together(int const* values, int count) const {
        joined_parts const parts(g, values, count);
        scratch_array<int> counted(parts.size());
        double squares = 0, only = 0;  // only: of one value whose elements are read once
        int values_read = 0;
        for (int k = 0; k < parts.size(); ++k) {
            if (counted.data[k]) continue;
            int const from = read_from(g, parts[k]), n = g.shape_of(from).size();
            scratch_array<int> reads(n);
            for (int j = k; j < parts.size(); ++j)
                if (read_from(g, parts[j]) == from) {
                    count_reads(g, parts[j], reads.data);
                    counted.data[j] = 1;
                }
            double const each = at(from).lipschitz;
            int const times = largest_of(reads.data, n);
            only = times <= 1 ? each : math::infinity;
            ++values_read;
            squares = up_sum(squares, scaled_bound(scaled_bound(each, each), times));
        }
        return values_read == 1 && math::isfinite(only) ? only : up_root(squares);
    }

  private:
    graph const& g;
    property_rules<T> rules_;
    scratch_array<facts> known_;

    template <class Op>
    static constexpr bool is(node const& n) {
        return n.operation->id == id_of<Op>;
    }
    constexpr facts const& argument(node const& n, int k) const { return at(n.argument[k]); }
    // What does not depend does not move; it has a norm.
    constexpr void settle(facts& y, node const& n, int v) const {
        if (n.operation->kind == category::leaf) return;
        y.depends = false;
        for (int k = 0; k < n.operation->arity; ++k) {
            y.depends = y.depends || argument(n, k).depends;
            y.range.nan = y.range.nan || argument(n, k).range.nan;
        }
        if (!y.depends) {
            y.lipschitz = 0;
            y.increasing = y.decreasing = y.convex = y.concave = true;
            double const size = y.range.size() * (1 + 0x1p-50);
            y.norm = math::min(y.norm, up_product(size, up_root(g.shape_of(v).size())));
        }
    }
    constexpr facts result_of(node const& n) const {
        switch (n.operation->kind) {
            case category::constant: {
                facts y;
                y.range = interval<T>(n.number);
                return y;
            }
            case category::elementwise: {
                if (rules_.leaves_domain(g, n, *this)) return facts::undefined();
                facts y = elementwise_properties<T, property_walk>{g, rules_, *this}.of(n);
                y.range = both(y.range, rules_.range_of(g, n, *this));
                return y;
            }
            case category::alias:
                if (is<op::bounded_layer>(n)) return layer(n);
                return read(n);
            case category::view:
                return read(n);
            case category::mask: {
                facts y = argument(n, 0);
                y.range = hull(y.range, interval<T>(0));
                y.sum = y.column_sum = not_known;
                y.norm = math::infinity;
                return y;
            }
            case category::diagonal: {
                facts y;
                y.range = {0, 1};
                y.norm = 1;
                return y;
            }
            default:
                return dense(n);
        }
    }

    constexpr facts read(node const& n) const {
        facts y = argument(n, 0);
        extents const &from = g.shape_of(n.argument[0]), &to = g.shape_of(n.first);
        int const reads = n.operation->kind == category::view ? most_reads(g, n) : 1;
        if (y.depends) y.lipschitz = scaled_bound(y.lipschitz, up_root(reads));
        facts const x = y;
        y.sum = y.column_sum = not_known;
        if (n.operation->kind == category::alias) {
            if (from.from_end(0) == to.from_end(0)) y.sum = x.sum;
            if (from.rank < 1 || to.rank < 1 || from.d[0] != to.d[0]) y.norm = math::infinity;
            return y;
        }
        view_map const by = n.operation->view(g, n);
        bool const matrix = from.rank == 2 && to.rank == 2 && !by.strided;
        if (matrix && by.axis[0] == 1 && by.axis[1] == 0 && from.size() == to.size()) {
            y.sum = x.column_sum;
            y.column_sum = x.sum;
        } else if (from.rank > 0 && !by.strided && by.axis[from.rank - 1] == to.rank - 1 &&
                   from.from_end(0) == to.from_end(0))
            y.sum = x.sum;
        // A part of a matrix, or its transpose, has no larger norm.
        bool const part = matrix && by.axis[0] + by.axis[1] == 1 && by.axis[0] * by.axis[1] == 0;
        if (!part || to.size() > from.size()) y.norm = math::infinity;
        return y;
    }
    // --- sums, products, copies --------------------------------------------------------------------------------------

    // Of `terms` numbers each.
    static constexpr interval<T> total(interval<T> const& each, double terms) {
        if (!each.finite()) return {each.lo >= 0 ? 0 : -math::infinity, each.hi <= 0 ? 0 : math::infinity};
        summed_range<T> s;
        s.lo = each.lo * terms;
        s.hi = each.hi * terms;
        s.size = each.size() * terms;
        s.terms = static_cast<int>(terms);
        s.below = each.lo < 0;
        s.above = each.hi > 0;
        interval<T> const all = s.total(false);
        return all.finite() ? all : total({each.lo >= 0 ? 0 : -math::infinity, each.hi <= 0 ? 0 : math::infinity}, 1);
    }
    constexpr facts by_weight(node const& n, int x, int w, double norm, double terms) const {
        facts y = through(argument(n, x), times(itself, argument(n, w).range));
        y.lipschitz = scaled_bound(argument(n, x).lipschitz, norm);
        y.range = total(argument(n, x).range * argument(n, w).range, terms);
        return y;
    }
    constexpr facts matrix_product(node const& n) const {
        op::batch_of_products const p(g.shape_of(n.argument[0]), g.shape_of(n.argument[1]), n.attribute);
        facts const &a = argument(n, 0), &b = argument(n, 1);
        if (a.depends && b.depends) return facts::nothing();
        int const x = a.depends ? 0 : 1;
        facts const& w = argument(n, 1 - x);
        double const batches = double(p.outer) * p.middle, inner = p.inner,
                     own = double(g.shape_of(n.argument[x]).size()) / (inner * (x == 0 ? p.rows : p.columns));
        double const norm = scaled_bound(w.norm, up_root(math::max(batches / math::max(own, 1.0), 1.0)));
        facts y = by_weight(n, x, 1 - x, norm, inner);
        double const rows = n.attribute.v[1] ? b.column_sum : b.sum;
        if (x == 0 && g.shape_of(n.argument[1]).rank == 2 && n.attribute.v[0] == 0 && both_known(a.sum, rows))
            y.sum = a.sum * rows;
        return y;
    }
    constexpr facts convolved(node const& n) const {
        extents const& filters = g.shape_of(n.argument[1]);
        if (!argument(n, 0).depends || argument(n, 1).depends) return facts::nothing();
        auto const by = op::convolution_numbers::from(n.attribute, filters.rank);
        facts const& w = argument(n, 1);
        int const stacked = by.groups % w.filter_groups == 0 ? 1 : w.filter_groups;  // groups, one below the other
        double const as_filters = scaled_bound(w.filters, up_root(stacked)),
                     norm = math::min(as_filters, scaled_bound(w.norm, up_root(most_taps(by, filters))));
        facts y = by_weight(n, 0, 1, norm, double(filters.size()));
        y.range = hull(y.range, interval<T>(0));
        return y;
    }
    constexpr facts reduced(node const& n) const {
        facts y = argument(n, 0);
        y.sum = y.column_sum = not_known;
        y.norm = math::infinity;  // sums of a matrix are longer than the matrix
        double const terms =
            double(g.shape_of(n.argument[0]).size()) / math::max(1.0, double(g.shape_of(n.first).size()));
        if (is<op::sum>(n)) {
            y.lipschitz = scaled_bound(y.lipschitz, up_root(terms * (1 + 0x1p-50)));
            y.range = total(y.range, terms);
            return y;
        }
        if (is<op::max>(n)) y.concave = false;
        if (is<op::min>(n)) y.convex = false;
        return is<op::max>(n) || is<op::min>(n) ? y : facts::nothing();
    }
    // Does value v depend on the inputs by value x alone?
    constexpr bool depends_by(int v, int x) const {
        scratch_array<bool> otherwise(g.value_count);
        for (int i = 0; i < g.size; ++i) {
            node const& n = g.nodes[i];
            bool any = n.operation->kind == category::leaf && at(n.first).depends;
            for (int k = 0; k < n.operation->arity; ++k) any = any || otherwise.data[n.argument[k]];
            for (int r = 0; r < n.operation->results; ++r) otherwise.data[n.first + r] = any && n.first + r != x;
            if (g.values[v].producer == i) break;
        }
        return !otherwise.data[v];
    }
    // y(x), of a weight.
    constexpr facts layer(node const& n) const {
        facts y = argument(n, 0);
        double const norm = argument(n, 2).norm, square = scaled_bound(norm, norm);
        if (!y.depends || argument(n, 2).depends || !depends_by(n.argument[0], n.argument[1])) return y;
        bool const steps = n.attribute.v[0] == int(layer_bound::step);
        double const most = steps ? math::max(1.0, up_sum(scaled_bound(square, 2), -1)) : square;
        y.lipschitz = math::min(y.lipschitz, scaled_bound(argument(n, 1).lipschitz, most));
        return y;
    }
    constexpr facts dense(node const& n) const {
        for (int k = 0; k < n.operation->arity; ++k)
            if (g.values[n.argument[k]].type == element::i32) return facts::nothing();
        if (n.operation->kind == category::reduction) return reduced(n);
        if (is<op::matmul>(n)) return matrix_product(n);
        if (is<op::convolution>(n) || is<op::convolution_to_images>(n)) return convolved(n);
        facts y = argument(n, 0);
        y.sum = y.column_sum = not_known;
        y.norm = math::infinity;
        if (is<op::require>(n)) return y;
        if (is<op::length>(n)) {
            y = through(y, {-1, 1, true});
            y.range = {0, math::infinity};
            return y;
        }
        if (is<op::take_at_max>(n) && n.argument[0] == n.argument[1]) {
            y.lipschitz = scaled_bound(y.lipschitz, up_root(most_windows(g, n, false)));
            y.concave = false;
            return y;
        }
        if (is<op::window_mean>(n)) {
            y.lipschitz = scaled_bound(y.lipschitz, up_root(most_windows(g, n, true)));
            y.range = hull(y.range, interval<T>(0));
            return y;
        }
        if (!rules_.of(n).moves) return facts::nothing();
        y.range = hull(y.range, interval<T>(0));
        if (n.operation->arity == 1) {
            y.lipschitz = scaled_bound(y.lipschitz, up_root(most_copies(g, n)));
            return y;
        }
        y.range = argument(n, 0).range;
        for (int k = 1; k < n.operation->arity; ++k) {
            facts const& a = argument(n, k);
            y.range = hull(y.range, a.range);
            y.increasing = y.increasing && a.increasing;
            y.decreasing = y.decreasing && a.decreasing;
            y.convex = y.convex && a.convex;
            y.concave = y.concave && a.concave;
        }
        y.lipschitz = together(n.argument, n.operation->arity);
        return y;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
