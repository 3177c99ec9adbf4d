// A row product and the loop that completes it, as one loop over the product's elements (graph/row_products.hpp): a few
// dot products side by side, so that an element of the row is loaded once for all of them, then the body of the loop on
// their sums, in registers. Scalars take four rows of the matrix at a time, vectors as many as they have lanes.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/dense.hpp"
#include "paramorph/kernel/register_tile.hpp"
#include "paramorph/kernel/row_times_matrix.hpp"
#include "paramorph/op/matmul.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// Code of a step beside its regions (kernel/mirror.hpp has others): the middle one, which finds the product in
// registers.
enum : int { after_product = 6 };

template <class C, int Step>
struct body_code<C, Step, after_product> {
    static constexpr body lines = C::plan.steps[Step].bodies[middle];
    static constexpr int product = C::simplified.nodes[C::plan.steps[Step - 1].node].first;
    static constexpr int size = lines.last - lines.first, first = lines.first;
    static constexpr instruction const* begin = C::plan.code + first;
    static constexpr instruction at(int i) {
        instruction x = begin[i];
        if (x.kind == instruction::load && memory_of(C::simplified, x.source) == product) x.source = -1;
        return x;
    }
    static constexpr int written(int k) { return C::plan.written[lines.written + k] - first; }
};

// How `Count` elements of an operation's row are computed, from element j on, into room for whole vectors. Specialised
// for each operation that has a `row_product`. `together`: as many elements of the row are computed at a time.
template <class Op, class C, int Node, class V>
struct row_of;

template <class C, int Node, class V>
struct row_of<op::matmul, C, Node, V> {
    using T = simd::value_t<V>;
    using call = dense_node<C, Node>;
    static constexpr int depth = call::shape(1).d[1];
    static constexpr int together = simd::width<V> > 1 ? detail::dots_together<V>(depth)
                                                       : target_of<V>.scalar_tile.rows;
    template <int K>
    using stored = stored_in<call::stored_at(K), T>;
    stored<0> const* row;
    stored<1> const* matrix;

    [[gnu::always_inline]] explicit row_of(frame const& f)
        : row(address<C, call::call.argument[0], stored<0>>(f)),
          matrix(address<C, call::call.argument[1], stored<1>>(f)) {}
    // Does what the operation requires hold?
    [[gnu::always_inline]] static constexpr bool holds() { return true; }
    template <int Count, int Room>
    [[gnu::always_inline]] void compute(index j, T (&sums)[Room]) const {
        if constexpr (simd::width<V> > 1)
            simd::store(sums, detail::dot_rows<V, Count>(row, matrix + j * depth, depth, depth));
        else {
            for (T& s : sums) s = 0;
            detail::accumulate<1, Count, false, true, false>(sums, row, depth, matrix + j * depth, depth, depth);
        }
    }
};

template <class C, int Step, class V>
[[gnu::always_inline]] inline bool product_and_loop(frame const& f) noexcept {
    using T = simd::value_t<V>;
    constexpr int node = C::plan.steps[Step].node;
    using Op = typename find_operation<typename C::operations, C::simplified.nodes[node].operation->id.object>::type;
    using on = sweep_body<C, Step + 1, after_product, V>;
    constexpr int width = simd::width<V>, together = row_of<Op, C, node, V>::together, count = on::columns,
                  rest = count % together;
    row_of<Op, C, node, V> const product(f);
    if (!product.holds()) return false;
    typename on::sources from;
    typename on::targets to;
    typename on::accumulators none;
    on::open(f, 0, 0, from, to);
    auto const numbers = on::template numbers_of_row<true>(from, 0);
    auto const elements = [&]<int Count>(index j) __attribute__((always_inline)) {
        T sums[(Count + width - 1) / width * width];
        if constexpr (width > 1)
            product.template compute<Count>(j, sums);
        else {
            T computed[Count];  // it stays in registers, where the address of `sums` is known to others
            product.template compute<Count>(j, computed);
            unrolled<Count>([&](auto i) __attribute__((always_inline)) { sums[i] = computed[i]; });
        }
        unrolled<on::loads.count>([&](auto k) __attribute__((always_inline)) {
            if constexpr (on::at(on::loads.at[k]).source < 0) from[on::loads.at[k]] = sums;
        });
        unrolled<(Count + width - 1) / width>([&](auto u) __attribute__((always_inline)) {
            constexpr bool partial = (u + 1) * width > Count;
            on::template elements<true, partial>(from, to, none, 0, numbers, 0, j + u * width, j + u * width, u,
                                                 partial ? Count % width : width);
        });
    };
    for (index j = 0; j + together <= count; j += together) elements.template operator()<together>(j);
    if constexpr (rest != 0) elements.template operator()<rest>(count - rest);
    return true;
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
