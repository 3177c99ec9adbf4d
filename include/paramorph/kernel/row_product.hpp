// Row products and the loop that completes them, as one loop over the product's elements (graph/row_products.hpp): a
// few dot products side by side, so that an element of the row is loaded once for all of them, then the body of the
// loop on their sums, in registers. Scalars take four rows of the matrix at a time, or one of each part that the loop
// reads; vectors as many as they have lanes. Of a matrix that is not transposed, columns lie in lanes, as many of each
// part as a tile of a product has, and sums begin with what the loop adds to them (kernel/product_code.hpp). What is
// `in_planes` gives the loop tile after tile.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>

#include "paramorph/kernel/dense.hpp"
#include "paramorph/kernel/product_code.hpp"
#include "paramorph/kernel/register_tile.hpp"
#include "paramorph/kernel/row_times_matrix.hpp"
#include "paramorph/op/matmul.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// How elements of an operation's row are computed, into room for whole vectors. Specialised for each operation that has
// a `row_product`. `together`: as many elements of the row are computed at a time. compute<Parts, Count, Apart>(j,
// sums): elements j to j + Count of each part, parts begin `Apart` elements apart; scalars have Count 1 of several
// parts. One that is `in_planes` has for_each_tile (kernel/convolution_on_scalars.hpp).
template <class Op, class C, int Node, class V>
struct row_of;

template <class C, int Node, class V>
struct row_of<op::matmul, C, Node, V> {
    using T = simd::value_t<V>;
    using call = dense_node<C, Node>;
    static constexpr bool in_lanes = has_columns_in_lanes(call::call);
    static constexpr int depth = call::shape(1).d[in_lanes ? 0 : 1], width = simd::width<V>;
    static constexpr int together = width > 1 ? detail::dots_together<V>(depth) : target_of<V>.scalar_tile.rows;
    template <int Parts>
    static constexpr int columns_together(int columns) {
        return detail::sums_together<V>(columns, Parts);
    }
    template <int K>
    using stored = stored_in<call::stored_at(K), T>;
    stored<0> const* row;
    stored<1> const* matrix;

    [[gnu::always_inline]] explicit row_of(frame const& f)
        : row(address<C, call::call.argument[0], stored<0>>(f)),
          matrix(address<C, call::call.argument[1], stored<1>>(f)) {}
    // Does what the operation requires hold?
    [[gnu::always_inline]] static constexpr bool holds() { return true; }
    // begin(part, vector, lanes) is what the sums of a vector begin with.
    template <int Parts, int Count, int Apart, int Room>
    [[gnu::always_inline]] void compute(index j, T (&sums)[Parts][Room], auto const&... begin) const {
        if constexpr (in_lanes) {
            constexpr int vectors = Room / width, last = Count - (vectors - 1) * width;
            auto const each = [](auto const& f) __attribute__((always_inline)) {
                unrolled<Parts * vectors>([&](auto i) __attribute__((always_inline)) {
                    constexpr int v = i % vectors;
                    f(i, std::integral_constant<int, i / vectors>{}, std::integral_constant<int, v>{},
                      v + 1 < vectors ? width : last);
                });
            };
            V all[Parts * vectors];
            each([&](auto i, auto p, auto v, int lanes)
                     __attribute__((always_inline)) { all[i] = (begin(p, v, lanes), ...); });
            detail::add_rows(all, row, matrix + j, Parts * Apart, depth,
                             [](auto const* from, auto i) __attribute__((always_inline)) {
                                 constexpr int v = i % vectors;
                                 return detail::load_some<V>(from + i / vectors * Apart + v * width,
                                                             v + 1 < vectors ? width : last);
                             });
            each([&](auto i, auto p, auto v, int)
                     __attribute__((always_inline)) { simd::store(sums[p] + v * width, all[i]); });
        } else if constexpr (width > 1)
            unrolled<Parts>([&](auto p) __attribute__((always_inline)) {
                simd::store(sums[p], detail::dot_rows<V, Count>(row, matrix + (j + p * Apart) * depth, depth, depth));
            });
        else {
            static_assert(Parts == 1 || Count == 1);
            T computed[Parts * Count] = {};  // it stays in registers, where the address of `sums` is known to others
            detail::accumulate<1, Parts * Count, false, true, false>(computed, row, depth, matrix + j * depth,
                                                                     (Parts == 1 ? 1 : Apart) * depth, depth);
            unrolled<Parts * Count>([&](auto i) __attribute__((always_inline)) {
                sums[Parts == 1 ? 0 : int(i)][Parts == 1 ? int(i) : 0] = computed[i];
            });
        }
    }
};

// The loop `Step`, of rows and columns, on what its product gives tile by tile.
template <class C, int Step, class Product, class V>
[[gnu::always_inline]] inline void tiles_and_loop(frame const& f, Product const& product) noexcept {
    using T = simd::value_t<V>;
    using on = sweep_body<C, Step, after_product, V>;
    typename on::targets to;
    typename on::accumulators none;
    // Results [j, j + Count) of a row of Rows planes.
    product.for_each_tile([&]<int Rows, int Count>(index plane, index row, index j,
                                                   T const(&sums)[Rows][Count]) __attribute__((always_inline)) {
        unrolled<Rows>([&](auto r) __attribute__((always_inline)) {
            index const i1 = on::plan.space[1] == 1 ? 0 : plane + r, i = on::plan.space[1] == 1 ? plane + r : row;
            typename on::sources from;
            on::open(f, 0, i1, from, to);
            unrolled<on::loads.count>([&](auto k) __attribute__((always_inline)) {
                if constexpr (on::at(on::loads.at[k]).source < 0) from[on::loads.at[k]] = sums[r];
            });
            auto const numbers = on::template numbers_of_row<false>(from, i);
            unrolled<Count>([&](auto u) __attribute__((always_inline)) {
                on::template elements<false, false>(from, to, none, 0, numbers, i, j + u, 0, u, 1);
            });
        });
    });
}

// The products of the steps from Step on, and the loop that completes them.
template <class C, int Step, class V>
struct products_then_loop {
    using T = simd::value_t<V>;
    static constexpr int products = C::products.at[Step], width = simd::width<V>;
    using on = sweep_body<C, Step + products, after_product, V>;
    using code = typename on::code;
    static constexpr int count = on::columns;
    static constexpr node const& node_of(int k) { return C::simplified.nodes[C::plan.steps[Step + k].node]; }
    template <int K>
    using product = row_of<operation_of<C, C::plan.steps[Step + K].node>, C, C::plan.steps[Step + K].node, V>;
    template <int K>
    static constexpr int parts = C::simplified.shape_of(node_of(K).first).size() / count;

    template <int K>
    static constexpr int together_of() {
        using P = product<K>;
        if constexpr (code::in_lanes(K))
            return P::template columns_together<parts<K>>(count);
        else
            return width == 1 && parts<K> > 1 ? 1 : P::together;
    }

    template <class K>
    struct all;
    template <int... K>
    struct all<std::integer_sequence<int, K...>> {
        using type = std::tuple<product<K>...>;
        static type open(frame const& f) { return {product<K>(f)...}; }
        template <int Count>
        using sums = std::tuple<T[parts<K>][(Count + width - 1) / width * width]...>;
        static constexpr int together() { return std::min({together_of<K>()...}); }
    };
    using each = all<std::make_integer_sequence<int, products>>;

    // Elements [j, j + Count).
    template <int Count>
    [[gnu::always_inline]] static void elements(typename each::type const& of, typename on::sources& from,
                                                typename on::targets const& to, typename on::row_numbers const& numbers,
                                                index j) noexcept {
        typename each::template sums<Count> sums;
        unrolled<products>([&](auto k) __attribute__((always_inline)) {
            auto const begin = [&](auto p, auto v, int lanes) __attribute__((always_inline)) {
                constexpr auto start = code::start_of(k, p);
                V sum = simd::splat<V>(0);
                unrolled<start.count>([&](auto a) __attribute__((always_inline)) {
                    V const x = detail::load_some<V>(on::template source<start.addend[a]>(from) + j + v * width, lanes);
                    sum = a == 0 ? x : V(sum + x);
                });
                return sum;
            };
            if constexpr (code::in_lanes(k))
                std::get<k>(of).template compute<parts<k>, Count, count>(j, std::get<k>(sums), begin);
            else
                std::get<k>(of).template compute<parts<k>, Count, count>(j, std::get<k>(sums));
        });
        unrolled<on::loads.count>([&](auto k) __attribute__((always_inline)) {
            constexpr int load = on::loads.at[k], read = code::product_of(load);
            constexpr auto sum = code::ended_by(load);
            if constexpr (sum.product >= 0)
                from[load] = std::get<sum.product>(sums)[sum.part];
            else if constexpr (read >= 0)
                from[load] = std::get<read>(sums)[code::part_of(load)];
        });
        typename on::accumulators none;
        unrolled<(Count + width - 1) / width>([&](auto u) __attribute__((always_inline)) {
            constexpr bool partial = (u + 1) * width > Count;
            on::template elements<true, partial>(from, to, none, 0, numbers, 0, j + u * width, j + u * width, u,
                                                 partial ? Count % width : width);
        });
    }
    [[gnu::always_inline]] static void run(frame const& f, typename each::type const& of) noexcept {
        constexpr int together = each::together(), rest = count % together;
        typename on::sources from;
        typename on::targets to;
        on::open(f, 0, 0, from, to);
        auto const numbers = on::template numbers_of_row<true>(from, 0);
        for (index j = 0; j + together <= count; j += together) elements<together>(of, from, to, numbers, j);
        if constexpr (rest != 0) elements<rest>(of, from, to, numbers, count - rest);
    }
};

// Runs them; the sentence of what failed, or none.
template <class C, int Step, class V>
[[gnu::always_inline]] inline char const* products_and_loop(frame const& f) noexcept {
    using all = products_then_loop<C, Step, V>;
    if constexpr (all::node_of(0).operation->in_planes) {
        typename all::template product<0> const product(f);
        constexpr char const* sentence = sentence_of(all::node_of(0));
        if (!product.holds()) return sentence;
        tiles_and_loop<C, Step + 1, typename all::template product<0>, V>(f, product);
        return nullptr;
    } else {
        auto const of = all::each::open(f);
        char const* failed = nullptr;
        unrolled<all::products>([&](auto k) __attribute__((always_inline)) {
            constexpr char const* sentence = sentence_of(all::node_of(k));
            if (!std::get<k>(of).holds()) failed = sentence;
        });
        if (!failed) all::run(f, of);
        return failed;
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
