// Which lines hold the result of an elementwise operation of one argument that an input moves, the others being known
// (prove/lines.hpp), how linear the operations are, and how a program's own rounding enters: as `relative` and
// `absolute`.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/abs.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/erf.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/gelu.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/normal_cdf.hpp"
#include "paramorph/op/relu.hpp"
#include "paramorph/op/silu.hpp"
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/prove/lines.hpp"
#include "paramorph/prove/range_softmax.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Running sums: where element k of row i stands, in the order of its sums.
struct rows_of_sums {
    int length, inner, count;
    bool backward;
    constexpr rows_of_sums(extents const& s, attributes const& by)
        : length(s.d[by.v[0]]), inner(stride_of(s, by.v[0])), count(s.size() / length), backward(by.v[1] != 0) {}
    constexpr int place(int i, int k) const {
        return (i / inner * length + (backward ? length - 1 - k : k)) * inner + i % inner;
    }
};

// When is a result a sum of arguments times numbers, exactly but for rounding?
enum class linear_when : std::uint8_t { never, always, one_argument_moves, first_argument_moves };
template <class Op>
inline constexpr linear_when is_linear =
    std::is_same_v<Op, op::add> || std::is_same_v<Op, op::subtract> || std::is_same_v<Op, op::negate> ||
            std::is_same_v<Op, op::detach> || std::is_same_v<Op, op::sum> || std::is_same_v<Op, op::reduce_to> ||
            std::is_same_v<Op, op::window_mean> || std::is_same_v<Op, op::cumsum> || moves_numbers<Op>
        ? linear_when::always
    : std::is_same_v<Op, op::multiply> || std::is_same_v<Op, op::matmul> ? linear_when::one_argument_moves
    : std::is_same_v<Op, op::divide> || std::is_same_v<Op, op::convolution> ||
            std::is_same_v<Op, op::convolution_to_images>
        ? linear_when::first_argument_moves
        : linear_when::never;

template <class T>
inline constexpr double unit_of = sizeof(T) == sizeof(float) ? 0x1p-24 : 0x1p-53;
template <class T>
inline constexpr double least_of = double(std::numeric_limits<T>::denorm_min());

template <class Op>
inline constexpr precision precision_of = accurate;
template <template <precision> class Op>
inline constexpr precision precision_of<Op<fast>> = fast;

// Argument k of x moves; x are the arguments' intervals, finite ones.
template <class Op, class T>
constexpr lines lines_of(interval<T> const* x, [[maybe_unused]] int k) {
    if constexpr (requires { Op::template error_lines<T>(x); }) return Op::template error_lines<T>(x);
    double const l = x[k].lo, u = x[k].hi;
    constexpr error_of_function rounding{unit_of<T>, least_of<T>};
    auto const with = [](lines r, error_of_function e) {
        r.relative = e.relative;
        r.absolute += e.absolute;
        return r;
    };
    auto const is = []<class Other>(std::type_identity<Other>) { return std::is_same_v<Op, Other>; };
    [[maybe_unused]] auto const curve = [&](double curvature, auto const& f) {
        return with(lines_of_curve(l, u, curvature, f), precision_of<Op> == fast ? fast_error : four_ulp<T>);
    };
    if constexpr (std::is_same_v<Op, op::negate>)
        return lines::exact(-1);
    else if constexpr (std::is_same_v<Op, op::detach>)
        return lines::exact(1);
    else if constexpr (std::is_same_v<Op, op::add>)
        return with({true, 1, x[1 - k].lo, 1, x[1 - k].hi, 0, 0}, rounding);
    else if constexpr (std::is_same_v<Op, op::subtract>)
        return with(k == 0 ? lines{true, 1, -x[1].hi, 1, -x[1].lo, 0, 0} : lines{true, -1, x[0].lo, -1, x[0].hi, 0, 0},
                    rounding);
    else if constexpr (std::is_same_v<Op, op::multiply>) {
        lines r = lines::exact(x[1 - k].lo);
        r.absolute = x[k].size() * (x[1 - k].hi - x[1 - k].lo) * (1 + 0x1p-40);
        return with(r, rounding);
    } else if constexpr (std::is_same_v<Op, op::divide>) {
        interval<double> const by = interval<double>(1) / interval<double>(x[1].lo, x[1].hi);
        if (k != 0 || !(by.size() < 0x1p250)) return {};
        lines r = lines::exact(by.lo);
        r.absolute = x[0].size() * (by.hi - by.lo) * (1 + 0x1p-40);
        return with(r, rounding);
    } else if constexpr (std::is_same_v<Op, op::relu>)
        return lines_of_clamp(l, u, 0, math::infinity);
    else if constexpr (std::is_same_v<Op, op::abs>)
        return lines_of_abs(l, u);
    else if constexpr (std::is_same_v<Op, op::maximum>)
        return x[1 - k].is_point() ? lines_of_clamp(l, u, x[1 - k].lo, math::infinity) : lines{};
    else if constexpr (std::is_same_v<Op, op::minimum>)
        return x[1 - k].is_point() ? lines_of_clamp(l, u, -math::infinity, x[1 - k].lo) : lines{};
    else if constexpr (std::is_same_v<Op, op::clamp>)
        return k == 0 && x[1].is_point() && x[2].is_point() && x[1].lo <= x[2].lo
                   ? lines_of_clamp(l, u, x[1].lo, x[2].lo)
                   : lines{};
    else if constexpr (is(std::type_identity<op::tanh<accurate>>{}) || is(std::type_identity<op::tanh<fast>>{}))
        return with(lines_of_tanh(l, u), precision_of<Op> == fast ? fast_error : four_ulp<T>);
    else if constexpr (is(std::type_identity<op::sigmoid<accurate>>{}) || is(std::type_identity<op::sigmoid<fast>>{}))
        return with(lines_of_sigmoid(l, u), precision_of<Op> == fast ? fast_error : four_ulp<T>);
    else if constexpr (is(std::type_identity<op::softplus<accurate>>{}) || is(std::type_identity<op::softplus<fast>>{}))
        return curve(0.2501, [](double a) { return math::softplus(a); });
    else if constexpr (is(std::type_identity<op::silu<accurate>>{}) || is(std::type_identity<op::silu<fast>>{}))
        return curve(0.5001, [](double a) { return math::silu(a); });
    else if constexpr (is(std::type_identity<op::gelu<accurate>>{}) || is(std::type_identity<op::gelu<fast>>{}))
        return curve(0.7979, [](double a) { return math::gelu(a); });
    else if constexpr (is(std::type_identity<op::exp<accurate>>{}) || is(std::type_identity<op::exp<fast>>{})) {
        if (u > 80 || (precision_of<Op> == fast && l < -87)) return {};
        return curve(math::exp(u) * (1 + 0x1p-40), [](double a) { return math::exp(a); });
    } else
        return {};
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
