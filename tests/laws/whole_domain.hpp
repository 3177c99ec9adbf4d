// Elementwise parametrizations over the whole domain: at three numbers of every exponent of the element type, subnormal
// ones included, of both signs, and at both zeros, by the kernels. Values lie in the closed set, as numbers, and are
// in order as x is; slopes are finite and of one sign; and right_inverse of the value is x to 8 ulp of x, and of what
// rounding of the value is in x, wherever the value has not rounded to an end of the set, or to the largest one.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "../catch.hpp"
#include "paramorph/param/exponential.hpp"
#include "paramorph/param/interval.hpp"
#include "paramorph/param/lower.hpp"
#include "paramorph/param/offset_multiplier.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/scale.hpp"
#include "paramorph/param/upper.hpp"
#include "paramorph/testing/laws.hpp"

namespace whole_domain {

namespace pm = paramorph;
namespace param = pm::param;
using pm::testing::numbers;

template <class T>
inline constexpr int least_exponent = std::numeric_limits<T>::min_exponent - std::numeric_limits<T>::digits;
template <class T>
inline constexpr int count = 2 + 6 * (std::numeric_limits<T>::max_exponent - least_exponent<T>);

// In order.
template <class T>
numbers every_exponent() {
    numbers x{-0.0, 0.0};
    for (int e = least_exponent<T>; e < std::numeric_limits<T>::max_exponent; ++e)
        for (double const m : {1.0, 1.37, 1.9999})
            for (double const sign : {-1.0, 1.0}) x.push_back(static_cast<T>(std::ldexp(sign * m, e)));
    std::sort(x.begin(), x.end());
    return x;
}

// P at every x up to `most` in magnitude; slope(x) is that of forward; what the value is rounded at is as large as it,
// or as `size`.
template <class P, class T>
void expect(char const* name, double size, auto const& slope, double most = std::numeric_limits<T>::max()) {
    using all = pm::shape<count<T>>;
    using vector = pm::simd::best<T>;
    constexpr double epsilon = std::numeric_limits<T>::epsilon(), least = std::numeric_limits<T>::denorm_min();
    INFO(name);
    numbers x = every_exponent<T>();
    REQUIRE(x.size() == count<T>);
    for (double& e : x) e = std::abs(e) > most ? std::copysign(most, e) : e;
    auto const value = pm::testing::run_kernel<pm::program::value_of<P, all, T>, vector>({x});
    auto const slopes = pm::testing::run_kernel<pm::program::gradient_of<P, all, T>, vector>({x, numbers(x.size(), 1)});
    REQUIRE((value.status.ok() && slopes.status.ok()));
    numbers const y = value.outputs[0];
    CHECK(pm::contains<pm::codomain_of<P>>(y.data(), all::value, 0));
    auto const [first, last] = std::minmax_element(y.begin(), y.end());
    auto const inside = [low = *first, high = *last](double e) { return e > low && e < high; };
    double const sign = slope(0) < 0 ? -1 : 1;
    double middle = 0;
    for (double const e : y) middle = inside(e) ? e : middle;
    numbers assigned = y;
    for (double& e : assigned) e = inside(e) ? e : middle;
    auto const back = pm::testing::run_kernel<pm::program::right_inverse_of<P, all, T>, vector>({assigned});
    REQUIRE(back.status.ok());
    int wrong = 0, compared = 0;
    for (std::size_t k = 0; k < x.size() && wrong < 3; ++k) {
        double const rounding = std::fmax(epsilon * std::fmax(std::abs(y[k]), size), least),
                     steep = std::abs(slope(x[k])), found = back.outputs[0][k],
                     allowed = 8 * (epsilon * std::abs(x[k]) + rounding / steep + least);
        bool const finite =
            std::isfinite(y[k]) && std::isfinite(slopes.outputs[0][k]) && sign * slopes.outputs[0][k] >= 0;
        bool const grows = k == 0 || sign * (y[k] - y[k - 1]) >= -4 * rounding;
        bool const again = !inside(y[k]) || std::abs(found - x[k]) <= allowed;
        compared += inside(y[k]);
        if (!finite || !grows || !again || !std::isfinite(found)) {
            UNSCOPED_INFO(x[k] << " gives " << y[k] << ", slope " << slopes.outputs[0][k] << ", back " << found
                               << ", allowed " << allowed);
            ++wrong;
        }
    }
    CHECK(wrong == 0);
    CHECK(compared > count<T> / 3);
}

template <class T>
void expect_all() {
    double const most = std::numeric_limits<T>::max();
    // Of the sigmoid, which is not lost on either side.
    auto const bell = [](double x) {
        double const e = std::exp(-std::abs(x));
        return e / ((1 + e) * (1 + e));
    };
    auto const steep = [](double x) { return std::exp(x); };
    expect<param::exponential, T>("exponential", 0, steep);
    expect<param::positive, T>("positive", 0, [](double x) { return 1 / (1 + std::exp(-x)); });
    expect<param::interval<-1, 2>, T>("interval", 2, [=](double x) { return 3 * bell(x); });
    expect<param::lower<-3>, T>("lower", 3, steep);
    expect<param::upper<5>, T>("upper", 5, [](double x) { return -std::exp(x); });
    // What does not fit overflows.
    expect<param::offset_multiplier<1, 3>, T>("offset_multiplier", 1, [](double) { return 3; }, most / 4);
    expect<param::scale<3>, T>("scale", 0, [](double) { return 3; }, most / 4);
}

}  // namespace whole_domain
