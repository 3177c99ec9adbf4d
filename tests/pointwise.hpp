// An elementwise function on its own: its values on samples against a formula, its value and its derivative at a point.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support.hpp"

namespace test {

inline double const infinity = std::numeric_limits<double>::infinity();
inline double const not_a_number = std::numeric_limits<double>::quiet_NaN();

using row = pm::shape<9>;
inline numbers const samples{-3, -1.25, -0.5, -1e-3, 0.125, 0.75, 1, 2.5, 17};

// f on the samples against `formula`, to `ulps` of the double result.
inline void expect_value(auto const& f, auto const& formula, bool positive = false, double ulps = 4) {
    numbers x = samples;
    if (positive)
        for (double& e : x) e = std::abs(e);
    auto const y = interpret<row>(f, {x}).outputs[0];
    for (std::size_t i = 0; i < x.size(); ++i) {
        double const expected = formula(x[i]);
        INFO("at " << x[i] << ": " << y[i] << " against " << expected);
        CHECK(std::abs(y[i] - expected) <= ulps * std::numeric_limits<double>::epsilon() * std::abs(expected));
    }
}
inline double at(auto const& f, double x) {
    return interpret<pm::shape<>>(f, {{x}}).outputs[0][0];
}
// The derivative at x, for a cotangent of one.
inline double slope_at(auto const& f, double x) {
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(trace_gradient<double, pm::shape<>>(f)));
    return interpret(*g, {{x}, {1}}).outputs[1][0];
}

}  // namespace test
