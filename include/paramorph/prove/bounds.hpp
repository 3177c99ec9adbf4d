// bounds(net, box): what a network may answer to any input of a box, by intervals and an affine relaxation that cover
// the rounding of the float program itself.
//
//     constexpr pm::frozen<weights> net;
//     constexpr auto b = pm::bounds(net, pm::box<pm::shape<2>>::of(-1, 1));
//     static_assert(b.within(-2, 2) && b.no_nan());                      // by the compiler
//     auto c = pm::bounds(pm::freeze(trained), pm::box<pm::shape<64>>::around(x, 0.01));   // the same at run time
//     if (c.larger(7)) ...                                               // class 7 wins for every input of the box
//
// The network is frozen: pm::frozen (embed/network.hpp), whose numbers are a constant, or what pm::freeze(net) gives.
// One box for each of its inputs, of the shape that a call has; one result.
//
// What holds: for every input whose elements lie within the box, each element of the result lies within its interval,
// or is NaN where the interval says so, whatever order the kernels add in, with and without fused multiply-adds, on
// vectors and on scalars. It holds for the program of a call with inputs of the boxes' shapes; rows of a batch are
// computed by the same operations, but where matmul_in_factors chooses by their number (op/matmul.hpp). It rests on
// IEEE arithmetic with subnormal numbers, and on the bounds stated for elementary functions (4 ulp; pm::fast:
// kernel/math/fast.hpp). Weights in 16 bits, or eight with a scale, are read as they are stored.
//
// A verdict is positive: within, larger, no_nan and no_overflow are true only where finite bounds prove it. What an
// operation without a rule makes is unknown, and `unknown()` names the first one; the list of rules is in
// prove/range_rules.hpp.
//
// Interval arithmetic forgets that two values come from one input. So before each operation that is not linear, and for
// the result, intervals are refined by an affine relaxation, backward to the inputs, as CROWN does
// (prove/affine_walk.hpp). Which operations are passed, and by what:
//
//   exactly, but for rounding   linear layers, convolutions, sums, running ones too, means and average pooling, views,
//                               copies, masks, products with known numbers, quotients by them, where of a known condition
//   lines of one number         relu, abs, clamp, tanh, sigmoid (prove/lines.hpp); every other elementwise function,
//                               and what several of them make of one value, where(x > 0, x, 0.1 x), x sigmoid(x),
//                               x tanh(softplus(x)), sin(x) / x, as one function (prove/composed_functions.hpp)
//   planes of two               products and quotients of what moves, maximum, minimum, where (prove/plane_rules.hpp)
//   many together               softmax and log_softmax by their logits, products of matrices that move, sums of
//                               squares (norms, layer_norm), max and min along axes, max pooling
//                               (prove/affine_joint.hpp)
//   not at all: its interval    scans (each step is refined in itself, prove/range_scan.hpp), operations of one's own
//                               with a range
//
// Of a normalization the mean of squares and its root are passed, but what it owes to the number that it divides is
// forgotten; so is, in attention's weights, what a sum of exponentials owes to each. A second walk, by the relaxation
// alone, answers where intervals changed its lines, and the better bounds count: they are as tight as CROWN's.
// `bounds<pm::bounding::intervals>(net, box)` does without the relaxation. `margin(net, k, box)` bounds by how much
// element k is larger than the others.
//
// Errors: a lower bound above its upper one, or NaN (an empty box would prove everything): the compiler's in a
// constant, else pm::error; in one constant evaluation a proof that is too long (pm::proved_bounds<net, box> does it in
// steps). Cost: intervals, one walk through the graph, some operations in double for each operation of the program; the
// relaxation, for each result of a layer that is not linear yet, twice the multiplications of all layers before it: of
// 64-64-64-10 half a million, of six layers of 50 five million, and as many in the second walk. Nothing for programs
// that do not ask.
//
// Source: Moore, Kearfott, Cloud 2009, "Introduction to Interval Analysis"; Higham 2002, "Accuracy and Stability of
// Numerical Algorithms", for sums in any order.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include "paramorph/embed/int8_storage.hpp"
#include "paramorph/prove/box.hpp"
#include "paramorph/prove/program_walk.hpp"
#ifndef PARAMORPH_EMBED
#include "paramorph/nn/materialized.hpp"
#endif

namespace paramorph::inline PARAMORPH_ABI {

// How bounds are found: by an affine relaxation and intervals, of which the better one counts for each value; or by
// intervals alone, which cost one walk.
enum class bounding { affine, intervals };

// What a network's result lies within.
template <class Shape, class T>
class network_bounds {
  public:
    static constexpr int size = Shape::size;
    constexpr network_bounds() = default;
    // Of a walk through the program (prove/program_walk.hpp).
    constexpr network_bounds(detail::affine_walk<T> const& walk, int value)
        : no_nan_(walk.no_nan), finite_(walk.all_finite) {
        for (int i = 0; i < size; ++i) of_[i] = walk.at(value)[i];
        if (!walk.unknown) return;
        unknown_ = walk.unknown;
        unknown_length_ = walk.unknown_length;
    }

    constexpr interval<T> const& operator[](int i) const { return of_[i]; }
    constexpr double lower(int i) const { return of_[i].lo; }
    constexpr double upper(int i) const { return of_[i].hi; }

    // Does every element lie within [low, high], and is none NaN?
    constexpr bool within(double low, double high) const {
        bool proved = math::isfinite(low) && math::isfinite(high);
        for (int i = 0; i < size; ++i)
            proved = proved && !of_[i].nan && of_[i].finite() && of_[i].lo >= low && of_[i].hi <= high;
        return proved;
    }
    // Is element k larger than every other one? At a tie nothing is.
    constexpr bool larger(int k) const {
        bool proved = k >= 0 && k < size;
        for (int i = 0; proved && i < size; ++i)
            proved = !of_[i].nan && of_[i].finite() && (i == k || of_[k].lo > of_[i].hi);
        return proved;
    }
    // No element is larger in magnitude; infinity where one may be infinite, NaN or unknown.
    constexpr double largest() const {
        double most = 0;
        for (int i = 0; i < size; ++i)
            most = of_[i].nan || !of_[i].finite() ? math::infinity : math::max(most, of_[i].size());
        return most;
    }
    // Is no result of any operation NaN, on the way to the network's result either?
    constexpr bool no_nan() const { return no_nan_; }
    // Is each finite?
    constexpr bool no_overflow() const { return finite_ && no_nan_; }
    // What two walks know of one result.
    friend constexpr network_bounds intersection(network_bounds a, network_bounds const& b) {
        for (int i = 0; i < size; ++i) a.of_[i] = both(a.of_[i], b.of_[i]);
        a.no_nan_ = a.no_nan_ || b.no_nan_;
        a.finite_ = a.finite_ || b.finite_;
        return a;
    }
    // The first operation without a rule; empty where all have one.
    constexpr std::string_view unknown() const { return {unknown_, static_cast<std::size_t>(unknown_length_)}; }

  private:
    interval<T> of_[size == 0 ? 1 : size];
    bool no_nan_ = false, finite_ = false;
    char const* unknown_ = "";
    int unknown_length_ = 0;
};

namespace detail {

// What is asked of a walk that is done: the bounds of the result; by how much element k of it is larger, at least, than
// any other one.
template <class P>
struct asks_bounds {
    constexpr auto operator()(auto& walk) const {
        using shape = typename P::result::shape_type;
        return network_bounds<shape, typename P::real>(walk, compiled<P>::simplified.outputs[0]);
    }
    static constexpr auto better(auto const& one, auto const& other)
        requires(!requires { P::walks_once; })
    {
        return intersection(one, other);
    }
};
template <class P>
struct asks_margin {
    int k;
    static constexpr double better(double one, double other) { return math::max(one, other); }
    constexpr double operator()(auto& walk) const {
        constexpr int size = P::result::shape_type::size, v = compiled<P>::simplified.outputs[0];
        auto const* const y = walk.at(v);
        if (k < 0 || k >= size || size < 2) return -math::infinity;
        double least = math::infinity;
        for (int i = 0; i < size; ++i) {
            if (y[i].nan || !y[i].finite()) return -math::infinity;
            if (i == k) continue;
            walk.add(v, k, 1);
            walk.add(v, i, -1);
            least = math::min(least, math::max(walk.lower_bound(v), sum_bound<double, false>(y[k].lo, -y[i].hi)));
        }
        return least;
    }
};
// The program that is bounded: that of the network, or, where its weights are products of what it stores, which are
// exact, that of the same network on them.
template <class Numbers>
struct numbers_read {
    using type = Numbers;
};
template <class M>
struct numbers_read<network_int8_stored<M>> {
    using type = network_values<M>;
};
// A scan by frames (nn/scan_by_frames.hpp) rounds what the scan rounds, whose rule there is.
template <class P>
struct program_of_scans {
    using type = P;
};
template <class P>
    requires requires { typename P::with_scans; }
struct program_of_scans<P> {
    using type = typename P::with_scans;
};
template <auto const& Numbers, class... Of>
using bounded_program = typename program_of_scans<typename program_on_target<
    typename numbers_read<std::remove_cvref_t<decltype(Numbers)>>::type, shapes<Of...>>::type>::type;
template <auto const& Numbers>
inline constexpr auto leaf_of_numbers = [](int k, int i) {
    if constexpr (requires { Numbers.leaf(k, i); })
        return Numbers.leaf(k, i);
    else
        return double(Numbers.of[std::remove_cvref_t<decltype(Numbers)>::begin(k) + i]);
};

}  // namespace detail

template <bounding How = bounding::affine, auto const& Numbers, class... Of>
    requires(sizeof...(Of) > 0)
constexpr auto bounds(network_on_target<Numbers> const&, box<Of> const&... inputs) {
    using P = detail::bounded_program<Numbers, Of...>;
    return detail::walk_program<P>(detail::asks_bounds<P>{}, How == bounding::affine, detail::leaf_of_numbers<Numbers>,
                                   inputs...);
}
// By how much element k of the result is larger than any other one, for every input of the boxes, at least: the
// smallest of the lower bounds of y[k] - y[i], each by the relaxation, which knows that both come from one input. Class
// k wins where it is positive. -infinity where nothing is known, or k is no element.
template <auto const& Numbers, class... Of>
    requires(sizeof...(Of) > 0)
constexpr double margin(network_on_target<Numbers> const&, int k, box<Of> const&... inputs) {
    using P = detail::bounded_program<Numbers, Of...>;
    return detail::walk_program<P>(detail::asks_margin<P>{k}, true, detail::leaf_of_numbers<Numbers>, inputs...);
}

#ifndef PARAMORPH_EMBED
template <bounding How = bounding::affine, class M, class... Of>
    requires(sizeof...(Of) > 0)
auto bounds(materialized<M> const& net, box<Of> const&... inputs) {
    using P = program::call_of<M, binding::values, input<Of, module_value_type<M>>...>;
    return detail::walk_program<P>(
        detail::asks_bounds<P>{}, How == bounding::affine, [&](int k, int i) { return double(net.data(k)[i]); },
        inputs...);
}
template <class M, class... Of>
    requires(sizeof...(Of) > 0)
double margin(materialized<M> const& net, int k, box<Of> const&... inputs) {
    using P = program::call_of<M, binding::values, input<Of, module_value_type<M>>...>;
    return detail::walk_program<P>(
        detail::asks_margin<P>{k}, true, [&](int l, int i) { return double(net.data(l)[i]); }, inputs...);
}
#endif

}  // namespace paramorph::inline PARAMORPH_ABI
