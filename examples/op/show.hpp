// What the examples of operations share: they print the numbers of a result, and say whether those are right.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <initializer_list>
#include <type_traits>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

inline bool good = true;

// Is a number right, to within what its type holds?
template <std::floating_point T>
bool is_near(T y, double expected) {
    return std::abs(y - expected) < (std::is_same_v<T, float> ? 1e-5 : 1e-9);
}
// Are these the numbers of y, row after row?
inline void show(char const* name, auto const& y, std::initializer_list<double> expected) {
    std::printf("%-22s", name);
    good = good && y.size() == expected.size();
    for (std::size_t k = 0; k < y.size(); ++k) {
        std::printf(" %.4g", std::round(double(y.data()[k]) * 1e6) / 1e6 + 0);
        good = good && is_near(y.data()[k], expected.begin()[k]);
    }
    std::printf("\n");
}
inline void show(char const* name, std::floating_point auto y, double expected) {  // a result without axes
    std::printf("%-22s %.4g\n", name, double(y));
    good = good && is_near(y, expected);
}
