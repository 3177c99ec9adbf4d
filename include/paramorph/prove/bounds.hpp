// bounds(net, box): what a network may answer to any input of a box, by interval arithmetic that covers the rounding of
// the float program itself.
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
// kernel/math/fast.hpp). Weights in 16 bits are read as they are stored.
//
// A verdict is positive: within, larger, no_nan and no_overflow are true only where finite bounds prove it. What an
// operation without a rule makes is unknown, and `unknown()` names the first one; the list of rules is in
// prove/range_rules.hpp. Interval arithmetic forgets that two values come from one input: bounds of deep networks, of
// attention and of normalization over their own inputs are wide. Errors: a lower bound above its upper one, or NaN
// (an empty box would prove everything): the compiler's in a constant, else pm::error. Cost: one walk
// through the graph, some operations in double for each operation of the program; nothing for programs that do not ask.
//
// Source: Moore, Kearfott, Cloud 2009, "Introduction to Interval Analysis"; Higham 2002, "Accuracy and Stability of
// Numerical Algorithms", for sums in any order.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>

#include "paramorph/embed/network.hpp"
#include "paramorph/prove/range_walk.hpp"
#ifndef PARAMORPH_EMBED
#include "paramorph/nn/materialized.hpp"
#endif

namespace paramorph::inline PARAMORPH_ABI {

namespace refused {
[[noreturn]] inline void a_box_is_empty_its_lower_bound_lies_above_its_upper_one_or_is_nan() {
    say("bounds: a box is empty: a lower bound lies above its upper one, or is NaN");
}
}  // namespace refused

namespace detail {

[[noreturn]] inline void refuse_box_at_run_time(int element, double low, double high) {
#ifdef __cpp_exceptions
    fail(("bounds: the box is empty: element " + std::to_string(element) + " is at least " + std::to_string(low) +
          " and at most " + std::to_string(high) + "; give the lower bound first, and no NaN")
             .c_str());
#else
    static_cast<void>(element), static_cast<void>(low), static_cast<void>(high);
    fail("bounds: a box is empty");
#endif
}
constexpr void require_order(int element, double low, double high) {
    if (low <= high) return;
    if (std::is_constant_evaluated()) refused::a_box_is_empty_its_lower_bound_lies_above_its_upper_one_or_is_nan();
    refuse_box_at_run_time(element, low, high);
}
constexpr int leaf_count(graph const& g) {
    int n = 0;
    for (int i = 0; i < g.size; ++i) n += g.nodes[i].operation->kind == category::leaf;
    return n;
}

}  // namespace detail

// Inputs of a shape, each element within its bounds, both of them included.
template <class Shape>
struct box {
    using shape_type = Shape;
    double lower[Shape::size == 0 ? 1 : Shape::size], upper[Shape::size == 0 ? 1 : Shape::size];

    // Every element from `low` to `high`.
    static constexpr box of(double low, double high) {
        box b{};
        for (int i = 0; i < Shape::size; ++i) {
            b.lower[i] = low;
            b.upper[i] = high;
        }
        return b;
    }
    // At most `radius` from an input, an array or a container of the shape's size.
    template <class X>
    static constexpr box around(X const& x, double radius) {
        box b{};
        auto const* const from = first_of(x);
        for (int i = 0; i < Shape::size; ++i) {
            b.lower[i] = detail::next_double(double(from[i]) - radius, false);
            b.upper[i] = detail::next_double(double(from[i]) + radius, true);
        }
        return b;
    }

  private:
    template <class X, std::size_t N>
    static constexpr X const* first_of(X const (&x)[N]) {
        static_assert(N == Shape::size, "box: around: the array has another number of elements than the box's shape");
        return x;
    }
    static constexpr auto const* first_of(auto const& x) {
        if (static_cast<int>(x.size()) != Shape::size)
            fail("box: around: the array has another number of elements than the box's shape");
        return x.data();
    }
};

// What a network's result lies within.
template <class Shape, class T>
class network_bounds {
  public:
    static constexpr int size = Shape::size;
    constexpr network_bounds() = default;

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
    // Is no result of any operation NaN, on the way to the network's result either?
    constexpr bool no_nan() const { return no_nan_; }
    // Is each finite?
    constexpr bool no_overflow() const { return finite_ && no_nan_; }
    // The first operation without a rule; empty where all have one.
    constexpr std::string_view unknown() const { return {unknown_, static_cast<std::size_t>(unknown_length_)}; }

  private:
    template <class P, class... Of>
    friend constexpr auto bounds_of_program(auto const& leaf, box<Of> const&... inputs);

    interval<T> of_[size == 0 ? 1 : size];
    bool no_nan_ = false, finite_ = false;
    char const* unknown_ = "";
    int unknown_length_ = 0;
};

// The bounds of a program of one result, whose last leaves are the inputs; leaf(k, i) is element i of leaf k before
// them.
template <class P, class... Of>
constexpr auto bounds_of_program(auto const& leaf, box<Of> const&... inputs) {
    using C = compiled<P>;
    using T = typename P::real;
    using result = typename P::result;
    static_assert(traced<result>, "bounds: the network must have one result; give a module that passes on one of them");
    if constexpr (traced<result>) {
        constexpr int inputs_from = detail::leaf_count(C::simplified) - static_cast<int>(sizeof...(Of));
        double const* const lower[]{inputs.lower...};
        double const* const upper[]{inputs.upper...};
        constexpr auto rules = detail::rules_for<T, C>(typename C::operations{});
        detail::range_walk<T> walk(C::simplified, rules);
        walk.run([&](int k, interval<T>* to, int n) {
            for (int i = 0; i < n; ++i)
                if (k < inputs_from)
                    to[i] = interval<T>(leaf(k, i));
                else {
                    double const low = lower[k - inputs_from][i], high = upper[k - inputs_from][i];
                    detail::require_order(i, low, high);
                    to[i] = {detail::rounded_outwards<T, false>(low), detail::rounded_outwards<T, true>(high)};
                }
        });
        network_bounds<typename result::shape_type, T> b;
        for (int i = 0; i < b.size; ++i) b.of_[i] = walk.at(C::simplified.outputs[0])[i];
        b.no_nan_ = walk.no_nan;
        b.finite_ = walk.all_finite;
        if (walk.unknown) {
            b.unknown_ = walk.unknown;
            b.unknown_length_ = walk.unknown_length;
        }
        return b;
    }
}

template <auto const& Numbers, class... Of>
    requires(sizeof...(Of) > 0)
constexpr auto bounds(network_on_target<Numbers> const&, box<Of> const&... inputs) {
    using P = typename network_on_target<Numbers>::template program_for<Of...>;
    using numbers = std::remove_cvref_t<decltype(Numbers)>;
    return bounds_of_program<P>([](int k, int i) { return double(Numbers.of[numbers::begin(k) + i]); }, inputs...);
}

#ifndef PARAMORPH_EMBED
template <class M, class... Of>
    requires(sizeof...(Of) > 0)
auto bounds(materialized<M> const& net, box<Of> const&... inputs) {
    using T = module_value_type<M>;
    using P = program::call_of<M, binding::values, input<Of, T>...>;
    return bounds_of_program<P>([&](int k, int i) { return double(net.data(k)[i]); }, inputs...);
}
#endif

}  // namespace paramorph::inline PARAMORPH_ABI
