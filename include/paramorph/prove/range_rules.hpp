// How each operation takes intervals to intervals. A rule holds whatever the operation's kernel computes from any
// numbers of the arguments' intervals:
//
//   elementwise     its `value` on the mathematics of intervals (prove/range_math.hpp); one that is not decreasing in
//                   any argument, at the two corners alone, which is as tight as can be. A user's operation says so by
//                   a member `static constexpr bool increasing = true`
//   sums            the sum of the ends, and gamma_n = (n + 2) u / (1 - (n + 2) u) of the sum of the magnitudes, u half
//                   an ulp of 1: for n terms in any order, with any fused multiply-adds (Higham 2002, sections 3.1 and
//                   4.2), and what products below the normal numbers lose
//   prod            the product of the intervals, as many roundings, and what partial products below the normal numbers
//                   lose, times the other factors
//   products        matmul, convolutions: the same, of the products' ends
//   copies          pad, concatenate, gather, spread, packed and triangles move intervals as they move numbers
//   scans           step by step (prove/range_scan.hpp)
//
// An operation without a rule, and one that a schedule may compute in another way than its `value` says, gives
// [-infinity, infinity] and perhaps NaN. A user's operation may have a rule of its own: `template <class T> static
// constexpr void range(range_operands<T> const&)` fills the results. Cost: that of the operation, on two ends and in
// double. Source: Moore 1966, "Interval analysis"; Higham 2002, "Accuracy and Stability of Numerical Algorithms".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/clamp.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/deviation.hpp"
#include "paramorph/op/elu.hpp"
#include "paramorph/op/gather.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/pack.hpp"
#include "paramorph/op/packed.hpp"
#include "paramorph/op/pow.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/prove/range_sums.hpp"
#include "paramorph/prove/slope_math.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Is an elementwise operation's value not decreasing in any argument?
template <class Op>
inline constexpr bool increasing = [] {
    if constexpr (requires { Op::increasing; })
        return bool(Op::increasing);
    else
        return false;
}();
template <>
inline constexpr bool increasing<op::maximum> = true;
template <>
inline constexpr bool increasing<op::minimum> = true;
template <>
inline constexpr bool increasing<op::clamp> = true;
template <>
inline constexpr bool increasing<op::whole_power<3>> = true;
template <>
inline constexpr bool increasing<op::whole_power<5>> = true;

namespace detail {

// The value of an operation on a mathematics M; those of its arguments that are numbers for good come as such.
template <class Op, class M>
constexpr typename M::V value_on(typename M::V const* x, [[maybe_unused]] double const* number) {
    return [&]<int... K>(std::integer_sequence<int, K...>) {
        if constexpr (Op::numbers > 0)
            return Op::template value<M>(x[0], number[1 + K]...);
        else
            return Op::template value<M>(x[K]...);
    }(std::make_integer_sequence<int, (Op::numbers > 0 ? Op::numbers : Op::arity)>{});
}
template <class Op, class T>
constexpr interval<T> value_of_ranges(interval<T> const* x, double const* number) {
    return value_on<Op, range_math<T>>(x, number);
}
// Of an increasing operation: its value at the lower and at the upper ends.
template <class Op, class T>
constexpr interval<T> value_at_corners(interval<T> const* x, double const* number) {
    interval<T> low[max_arguments], high[max_arguments];
    bool nan = false;
    for (int k = 0; k < Op::arity; ++k) {
        low[k] = {x[k].lo, x[k].lo};
        high[k] = {x[k].hi, x[k].hi};
        nan = nan || x[k].nan;
    }
    interval<T> const a = value_of_ranges<Op>(low, number), b = value_of_ranges<Op>(high, number);
    return {a.lo, b.hi, nan || a.nan || b.nan};
}

// A schedule may compute some operations in another way than their `value` says. (Scales are left out where they
// are 1.)
template <class Op>
inline constexpr bool runs_as_written = describe<Op>.settled != settled_as::measured;

// The length of what has this sum of squares: minus a root, which may be set aside, or a sum.
template <class T>
constexpr interval<T> root_of_squares(interval<T> const& s) {
    if (s.lo >= 0) return op::root_of_squares::value<range_math<T>>(s);
    interval<T> const root = range_math<T>::sqrt({0, math::max(s.hi, 0.0)});
    double const aside = double(op::detail::squares_range<T>::small_aside);
    return {s.hi < 0 && -s.hi < aside / 2 ? -s.hi : 0, math::max(-s.lo, root.hi), s.nan};
}
// 1 / sqrt(share length^2 + epsilon) falls with the length, of which a sum and minus a root are two spellings. An
// epsilon that is not small keeps what underflows beside it small; a dozen operations, each off by a few units.
inline constexpr double least_epsilon = 0x1p-90;
template <class T>
constexpr interval<T> inverse_deviation(interval<T> const& s, interval<T> const& share, interval<T> const& epsilon) {
    interval<T> const length = root_of_squares(s);
    auto const at = [&](double x, double y, double z) { return x < 0x1p300 ? 1 / math::sqrt(x * x * y + z) : 0; };
    constexpr double off = 64 * double(std::numeric_limits<T>::epsilon());
    double const low = at(length.hi, share.hi, epsilon.hi) * (1 - off),
                 high = at(length.lo, share.lo, epsilon.lo) * (1 + off);
    return {low > 0x1p-90 ? rounded_outwards<T, false>(low) : 0, rounded_outwards<T, true>(high),
            s.nan || !(s.hi <= double(std::numeric_limits<T>::max()))};
}

// The interval of an elementwise operation.
template <class Op, class T>
constexpr interval<T> elementwise_range(interval<T> const* x, double const* number) {
    if constexpr (!runs_as_written<Op>)
        return interval<T>::everything();
    else if constexpr (increasing<Op>)
        return value_at_corners<Op>(x, number);
    else if constexpr (std::is_same_v<Op, op::whole_power<4>>) {
        interval<T> const size = range_math<T>::abs(x[0]);
        return value_at_corners<Op>(&size, number);
    } else if constexpr (std::is_same_v<Op, op::elu>)
        return x[1].lo >= 0 ? value_at_corners<Op>(x, number) : value_of_ranges<Op>(x, number);
    else if constexpr (std::is_same_v<Op, op::root_of_squares>)
        return root_of_squares(x[0]);
    else if constexpr (std::is_same_v<Op, op::inverse_deviation>)
        return x[0].lo < 0 && x[1].lo >= 0 && x[2].lo >= least_epsilon ? inverse_deviation(x[0], x[1], x[2])
                                                                       : value_of_ranges<Op>(x, number);
    else
        return value_of_ranges<Op>(x, number);
}

// An elementwise operation as a function of one number (prove/slope_math.hpp).
template <class Op, class T>
constexpr function_piece<T> elementwise_piece(function_piece<T> const* x, double const* number) {
    using M = slope_math<T>;
    if constexpr (!runs_as_written<Op>)
        return function_piece<T>::unknown();
    else if constexpr (std::is_same_v<Op, op::maximum>)
        return M::max(x[0], x[1]);
    else if constexpr (std::is_same_v<Op, op::minimum>)
        return M::min(x[0], x[1]);
    else if constexpr (std::is_same_v<Op, op::clamp>)
        return (x[1] <= x[2]).may_fail ? function_piece<T>::unknown() : M::max(M::min(x[0], x[2]), x[1]);
    else
        return value_on<Op, M>(x, number);
}

template <class Op>
inline constexpr bool moves_numbers =
    std::is_same_v<Op, op::pad> || std::is_same_v<Op, op::spread> || std::is_same_v<Op, op::unpacked> ||
    std::is_same_v<Op, op::pack_triangle> || std::is_same_v<Op, op::unpack_triangle>;
template <int Count>
inline constexpr bool moves_numbers<op::concatenate<Count>> = true;
template <int Count>
inline constexpr bool moves_numbers<op::packed<Count>> = true;
template <int... Index>
inline constexpr bool moves_numbers<op::gather<Index...>> = true;

template <class Op, class T>
constexpr bool scan_range(range_operands<T> const& x);  // prove/range_scan.hpp

// Fills the results of a reduction or a dense operation; is there a rule? `same`: its arguments are one value.
template <class Op, class T>
constexpr bool fill_range(range_operands<T> const& x, graph const& g, node const& n) {
    if constexpr (requires { Op::template range<T>(x); })
        Op::template range<T>(x);
    else if constexpr (requires { Op::reads_leaves; })
        return false;
    else if constexpr (family_of<Op> == operation_family::scan)
        return scan_range<Op>(x);
    else if constexpr (Op::kind == category::reduction) {
        reduction_range<Op>(x, Op::reduced(g, n));
        return std::is_same_v<Op, op::max> || std::is_same_v<Op, op::min> || std::is_same_v<Op, op::sum> ||
               std::is_same_v<Op, op::reduce_to> || std::is_same_v<Op, op::sum_of_squares> ||
               std::is_same_v<Op, op::prod>;
    } else if constexpr (std::is_same_v<Op, op::matmul>)
        product_range(x);
    else if constexpr (std::is_same_v<Op, op::convolution> || std::is_same_v<Op, op::convolution_to_images>)
        convolution_range<Op>(x);
    else if constexpr (std::is_same_v<Op, op::take_at_max>)
        pooled_range(x, n.argument[0] == n.argument[1]);
    else if constexpr (std::is_same_v<Op, op::window_mean>)
        mean_range(x);
    else if constexpr (std::is_same_v<Op, op::cumsum>)
        running_range(x);
    else if constexpr (moves_numbers<Op>)
        Op::template compute<range_math<T>, interval<T>>(x);
    else if constexpr (std::is_same_v<Op, op::require>)
        for (int i = 0; i < x.shape[0].size(); ++i) x.result[0][i] = x.argument[0][i];
    else
        return false;
    return true;
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
