// The pass that puts products of integers in a graph: leaves that are quantized become words, further leaves have their
// scales, and each node that multiplies by one of them is replaced. A network (embed/int8.hpp) and a step of a scan
// (embed/int8_scan.hpp) go through it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/int8_convolution.hpp"
#include "paramorph/graph/simplify.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Words of what makes one output: a row of a matrix, or the channels of each tap.
constexpr int int8_row_words(extents const& s) {
    return words_of(s.d[1]) * (s.rank == 3 ? s.d[2] : 1);
}

// Of a graph whose first `leaves` values are its leaves. scales(k): how many numbers the scales of leaf k are, 0 where
// it is not quantized; they are leaves in that order, behind the others. replaced(n, k): what stands for node n of
// `from`, which reads leaf k as its second argument (-1: another value), or null.
template <class Scales, class Replaced>
constexpr graph int8_graph(graph const& from, int leaves, Scales const& scales, Replaced const& replaced) {
    copier copy(from);
    graph& g = copy.to;
    int of_scales[max_values]{};
    auto const leaf = [&g](int position, extents const& shape, element type) {
        int const v = push_with<op::leaf>(g, attributes{{position}});
        g.values[v] = value{shape, type, g.values[v].producer};
        return v;
    };
    for (int k = 0; k < leaves; ++k) {
        extents const& s = from.shape_of(k);
        copy.moved[k] = static_cast<std::int16_t>(
            scales(k) > 0 ? leaf(k, {2, {s.d[0], int8_row_words(s)}}, element::i32) : leaf(k, s, from.values[k].type));
    }
    for (int k = 0, position = leaves; k < leaves; ++k)
        if (scales(k) > 0) of_scales[k] = leaf(position++, {1, {scales(k)}}, g.real);
    for (int i = leaves; i < from.size; ++i) {
        node n = copy.remapped(from.nodes[i]);
        int const w = from.nodes[i].argument[1];
        bool const multiplies = n.operation->arity > 1 && w < leaves && scales(w) > 0;
        if (descriptor const* const instead = replaced(from.nodes[i], multiplies ? w : -1)) n.operation = instead;
        if (multiplies) n.argument[2] = of_scales[w];
        int const first = g.push(n);
        for (int r = 0; r < from.nodes[i].operation->results; ++r)
            copy.moved[from.nodes[i].first + r] = static_cast<std::int16_t>(first + r);
    }
    copy.finish();
    return g;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
