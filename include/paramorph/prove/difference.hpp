// difference(a, b, box): what a(x) - b(x) may be, for any input x of a box, of two networks with the same inputs and
// the same result: frozen against int8, live against frozen, before training against after.
//
//     constexpr pm::frozen<digits::values> exact;
//     constexpr auto rounded = pm::quantize<digits::values>();
//     constexpr auto d = pm::difference(exact, rounded, pm::box<pm::shape<64>>::of(0, 1));
//     static_assert(d.within(-0.05, 0.05));
//     pm::proved_difference<exact, rounded, pixels>                  // the same in steps, where one is too long
//     pm::difference(pm::freeze(net), pm::freeze(other), box)        // at run time, of networks of one type
//
// The bounds are of the size of what differs, not of the results: errors go through the networks layer by layer, beside
// the values (prove/difference_pass.hpp), and are refined as bounds are (prove/bounds.hpp). They hold for the programs
// that run, whatever order their loops add in: weights as they are stored (16 bits, eight bits and their scales), rows
// rounded to eight bits at the scale that each call finds, or at a fixed one, integer sums, and every rounding of both.
// pm::live computes its weights in each call: by operations that have a rule (prove/range_rules.hpp).
//
// Bounds are those of pm::bounds: `within` is true only where finite numbers prove it. An operation without a rule, or
// that only one of the networks has, gives no bound, and `unknown()` names it, as an inverse. Scans of recurrent layers
// are followed step by step, with intervals of the error between steps (prove/difference_scan.hpp).
//
// Errors: those of pm::bounds; by the compiler: two networks with other inputs or results; two in eight bits. Cost:
// about twice that of pm::bounds. Source: prove/difference_rules.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/int8.hpp"
#include "paramorph/embed/storage.hpp"
#include "paramorph/prove/difference_scan.hpp"
#include "paramorph/prove/proved_bounds.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// One of two networks: its program, and its numbers as leaves of the pass. What argument k of the program is: leaf
// `leaf`, input `input`, or neither; for a weight in eight bits, the leaf with the reciprocal of a fixed scale.
struct argument_of_side {
    int leaf = -1, input = -1, reciprocal = -1;
};
template <class Numbers>
struct side_of_difference {
    static constexpr bool in_eight_bits = false;
    static constexpr int leaves = Numbers::parts;
    template <class... Input>
    using program = typename Numbers::template program_for<Input...>;
    static constexpr argument_of_side argument(int k) {
        return k < leaves ? argument_of_side{k} : argument_of_side{-1, k - leaves};
    }
    static constexpr extents shape(graph const& g, int k) { return g.shape_of(k); }
    static constexpr double number(Numbers const& of, int k, int i) { return double(of.of[Numbers::begin(k) + i]); }
};
template <class M>
struct side_of_difference<network_int8_stored<M>> : side_of_difference<network_values<M>> {
    static constexpr double number(network_int8_stored<M> const& of, int k, int i) { return of.leaf(k, i); }
};
template <class M, class Input, bool Fixed>
struct side_of_difference<network_int8<M, Input, Fixed>> {
    using numbers = network_int8<M, Input, Fixed>;
    using plan = typename numbers::plan;
    static constexpr bool in_eight_bits = true;
    // The tensors, and reciprocals of fixed scales.
    static constexpr int tensors = plan::tensors, leaves = Fixed ? 2 * tensors : tensors;
    template <class... Other>
    using program = typename numbers::template program_for<Other...>;
    static constexpr argument_of_side argument(int k) {
        if (k < tensors) return {k, -1, plan::chosen.fixed[k] ? tensors + k : -1};
        return {-1, k == tensors ? 0 : -1};
    }
    static constexpr extents shape(graph const&, int k) {
        return k < tensors ? plan::simplified.shape_of(k) : extents{1, {1}};
    }
    // Integers times scales; the reciprocal of a fixed one is taken out of it again. A product is exact in double, or
    // off by less than what the rounding of the program's product allows.
    static constexpr double number(numbers const& of, int k, int i) {
        if (k >= tensors) return plan::chosen.fixed[k - tensors] ? reciprocal(of, k - tensors) : 0;
        if (!plan::chosen.quantized[k]) return double(of.plain.of[plan::chosen.plain[k] + i]);
        extents const& s = plan::simplified.shape_of(k);
        int const each = s.size() / s.d[0], j = i / each, rest = i % each;
        std::int32_t const* const row = of.words.of + plan::chosen.words[k] + j * plan::row_words(s);
        int const taps = s.rank == 3 ? s.d[2] : 1, c = rest / taps, tap = rest % taps;
        int const q = byte_of(row + tap * words_of(s.d[1]), c);
        double const scale = double(of.scales.of[plan::chosen.scales[k] + j]);
        return double(q) * (plan::chosen.fixed[k] ? scale * reciprocal(of, k) : scale);
    }

  private:
    static constexpr double reciprocal(numbers const& of, int k) {
        return double(of.scales.of[plan::chosen.scales[k] + plan::simplified.shape_of(k).d[0]]);
    }
};
#ifndef PARAMORPH_EMBED
template <class M>
struct side_of_difference<materialized<M>> {
    static constexpr bool in_eight_bits = false;
    static constexpr int leaves = counts<M>.tensors;
    template <class... Input>
    using program = program::call_of<M, binding::values, Input...>;
    static constexpr argument_of_side argument(int k) {
        return k < leaves ? argument_of_side{k} : argument_of_side{-1, k - leaves};
    }
    static constexpr extents shape(graph const& g, int k) { return g.shape_of(k); }
    static double number(materialized<M> const& of, int k, int i) { return double(of.data(k)[i]); }
};
#endif

}  // namespace detail

namespace program {

// a - b, of networks A and B (side_of_difference); b - a where it is turned. Arguments: the leaves of A, those of B,
// the inputs.
template <class A, class B, bool Turned, class... Input>
struct difference {
    using plain = typename A::template program<Input...>;
    using of_a = typename std::conditional_t<B::in_eight_bits, detail::program_by_frames<plain>,
                                             std::type_identity<plain>>::type;
    using of_b = typename B::template program<Input...>;
    using result = typename of_a::result;
    using real = typename of_a::real;
    using scans = detail::scans_of_two<typename of_a::operations, typename of_b::operations>;
    using operations = join<typename of_a::operations, typename of_b::operations, detail::operations_of_difference,
                            typename scans::operations>;
    static constexpr int inputs = static_cast<int>(sizeof...(Input)), first_input = A::leaves + B::leaves;
    static constexpr bool walks_once = true;  // a second walk, as costly, changed nothing of digits in eight bits

    static constexpr graph build() {
        graph const &a = compiled<of_a>::simplified, &b = compiled<of_b>::simplified;
        graph to = new_graph<real>();
        int leaves[first_input + inputs]{};
        for (int k = 0; k < A::leaves; ++k) leaves[k] = append_leaf(to, k, A::shape(a, k));
        for (int k = 0; k < B::leaves; ++k) leaves[A::leaves + k] = append_leaf(to, A::leaves + k, B::shape(b, k));
        constexpr extents shapes[]{extents_of<typename Input::symbol_type>...};
        for (int k = 0; k < inputs; ++k) leaves[first_input + k] = append_leaf(to, first_input + k, shapes[k]);

        detail::difference_pass<scans> pass(a, b, to);
        int input_of_a[inputs]{};
        for (int i = 0; i < a.size; ++i) {
            node const& n = a.nodes[i];
            if (n.operation->kind != category::leaf) continue;
            detail::argument_of_side const at = A::argument(n.attribute.v[0]);
            pass.leaf_of_a(n.first, leaves[at.input >= 0 ? first_input + at.input : at.leaf], at.input >= 0);
            if (at.input >= 0) input_of_a[at.input] = n.first;
        }
        for (int i = 0; i < b.size; ++i) {
            node const& n = b.nodes[i];
            if (n.operation->kind != category::leaf) continue;
            detail::argument_of_side const at = B::argument(n.attribute.v[0]);
            if (at.input >= 0)
                pass.input_of_b(n.first, input_of_a[at.input]);
            else if (at.leaf >= 0)
                pass.leaf_of_b(n.first, leaves[A::leaves + at.leaf],
                               at.reciprocal < 0 ? -1 : leaves[A::leaves + at.reciprocal]);
        }
        pass.run(Turned);
        return to;
    }
};

}  // namespace program

// Its graph is made for proofs, not for kernels, and stays as it is: what is merged or reordered is not what either
// network computes.
template <class A, class B, bool Turned, class... Input>
struct compiled<program::difference<A, B, Turned, Input...>> {
    using P = program::difference<A, B, Turned, Input...>;
    using real = typename P::real;
    using operations = operation_closure<typename P::operations>;
    static constexpr ir::graph simplified = P::build();
};

namespace detail {

// The result of both as a program; the second one of two in eight bits would have no float program beside it.
template <class A, class B, class... Input>
constexpr bool can_be_compared() {
    using side_a = side_of_difference<A>;
    using side_b = side_of_difference<B>;
    constexpr bool both = side_a::in_eight_bits && side_b::in_eight_bits;
    static_assert(!both,
                  "difference: both networks are in eight bits; compare each with the float network, pm::frozen, and "
                  "add the bounds");
    if constexpr (!both) {
        using of_a = typename side_a::template program<Input...>::result;
        using of_b = typename side_b::template program<Input...>::result;
        constexpr bool one_result = traced<of_a> && traced<of_b>;
        static_assert(one_result,
                      "difference: the networks must have one result; give modules that pass on one of them");
        if constexpr (one_result) {
            constexpr bool same = std::is_same_v<typename of_a::shape_type, typename of_b::shape_type>;
            if constexpr (!same) {
                using wrong =
                    mistake<sentence("difference: the networks have results of other shapes: ", extents_of<of_a>,
                                     " and ", extents_of<of_b>, "; compare networks of the same inputs and results")>;
                using said [[maybe_unused]] = wrong::type;
            }
            return same;
        }
    }
    return false;
}

// Of two networks' numbers, a - b: the float network is the one that is followed, so a network in eight bits comes
// second, and the result is turned.
template <class A, class B, class... Input>
using program_of_difference =
    std::conditional_t<side_of_difference<A>::in_eight_bits,
                       program::difference<side_of_difference<B>, side_of_difference<A>, true, Input...>,
                       program::difference<side_of_difference<A>, side_of_difference<B>, false, Input...>>;
template <class A, class B>
constexpr double leaf_of_difference(A const& a, B const& b, int k, int i) {
    using side_a = side_of_difference<A>;
    using side_b = side_of_difference<B>;
    if constexpr (side_a::in_eight_bits)
        return leaf_of_difference(b, a, k, i);
    else
        return k < side_a::leaves ? side_a::number(a, k, i) : side_b::number(b, k - side_a::leaves, i);
}

// The same of two constants.
template <auto const& A, auto const& B>
struct numbers_of_difference {
    using of_a = std::remove_cvref_t<decltype(A)>;
    using of_b = std::remove_cvref_t<decltype(B)>;
    using module_type = typename of_a::module_type;
    using value_type = typename of_a::value_type;
    template <class... Input>
    using program_for = program_of_difference<of_a, of_b, Input...>;
    static constexpr double leaf(int k, int i) { return leaf_of_difference(A, B, k, i); }
};
template <auto const& A, auto const& B>
inline constexpr numbers_of_difference<A, B> difference_numbers{};

// At run time, of numbers that are no constants.
template <class T, bounding How, class A, class B, class... Of>
auto difference_of_numbers(A const& a, B const& b, box<Of> const&... inputs) {
    if constexpr (can_be_compared<A, B, input<Of, T>...>()) {
        using P = program_of_difference<A, B, input<Of, T>...>;
        return walk_program<P>(
            asks_bounds<P>{}, How == bounding::affine, [&](int k, int i) { return leaf_of_difference(a, b, k, i); },
            inputs...);
    } else
        return network_bounds<shape<1>, T>{};
}

template <class A, class B>
struct network_of_difference;
template <auto const& A, auto const& B>
struct network_of_difference<network_on_target<A>, network_on_target<B>> {
    using type = network_on_target<difference_numbers<A, B>>;
    template <class... Of>
    static constexpr bool exists =
        can_be_compared<std::remove_cvref_t<decltype(A)>, std::remove_cvref_t<decltype(B)>,
                        input<Of, typename std::remove_cvref_t<decltype(A)>::value_type>...>();
};
template <class A, class B, auto const&... Box>
constexpr auto difference_in_steps() {
    using network = network_of_difference<A, B>;
    if constexpr (network::template exists<typename std::remove_cvref_t<decltype(Box)>::shape_type...>)
        return bounds_in_steps<typename network::type, Box...>();
    else
        return network_bounds<shape<1>, float>{};
}

}  // namespace detail

template <bounding How = bounding::affine, auto const& A, auto const& B, class... Of>
    requires(sizeof...(Of) > 0)
constexpr auto difference(network_on_target<A> const& a, network_on_target<B> const& b, box<Of> const&... inputs) {
    using network = detail::network_of_difference<network_on_target<A>, network_on_target<B>>;
    static_cast<void>(a), static_cast<void>(b);
    if constexpr (network::template exists<Of...>)
        return bounds<How>(typename network::type{}, inputs...);
    else
        return network_bounds<shape<1>, float>{};
}
template <auto A, auto B, auto const&... Box>
    requires(sizeof...(Box) > 0)
inline constexpr auto proved_difference =
    detail::difference_in_steps<std::remove_cv_t<decltype(A)>, std::remove_cv_t<decltype(B)>, Box...>();

#ifndef PARAMORPH_EMBED
template <bounding How = bounding::affine, class A, class B, class... Of>
    requires(sizeof...(Of) > 0)
auto difference(materialized<A> const& a, materialized<B> const& b, box<Of> const&... inputs) {
    return detail::difference_of_numbers<module_value_type<A>, How>(a, b, inputs...);
}
#endif

}  // namespace paramorph::inline PARAMORPH_ABI
