// A parametrization at run time, with its state, by the interpreter: its value, gradients and right inverse at any
// numbers, for next to nothing to compile.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/testing/laws.hpp"

namespace test {

template <class P, class Shape, class T = double>
struct interpreted {
    using numbers = paramorph::testing::numbers;
    using arrays = paramorph::testing::arrays;
    using outcome = paramorph::testing::outcome;

    template <class Program>
    static outcome run(arrays const& x) {
        static auto const g = std::make_unique<paramorph::ir::graph>(Program::build());
        return paramorph::testing::interpret(*g, x);
    }
    // Of the originals and the state, a cotangent behind them, and of a value and the state: the originals and new
    // state.
    static outcome value(arrays const& x) { return run<paramorph::program::value_of<P, Shape, T>>(x); }
    static outcome gradient(arrays const& x) { return run<paramorph::program::gradient_of<P, Shape, T>>(x); }
    static outcome inverse(numbers const& y) {
        using traits = paramorph::chain_traits<paramorph::chain_of<P>, Shape, T>;
        arrays leaves{y};
        [&]<int... K>(std::integer_sequence<int, K...>) {
            (leaves.emplace_back(static_cast<std::size_t>(traits::template state_tensor<K>::shape_type::size)), ...);
        }(std::make_integer_sequence<int, traits::state_count>{});
        return run<paramorph::program::right_inverse_of<P, Shape, T>>(leaves);
    }

    // forward(right_inverse(y)).
    static outcome again(numbers const& y) {
        outcome const x = inverse(y);
        return x.status.ok() ? value(x.outputs) : x;
    }
};

// The largest difference of two arrays, relative to the largest element of the second.
inline double apart(paramorph::testing::numbers const& a, paramorph::testing::numbers const& b) {
    double worst = 0, largest = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        worst = std::isnan(a[i]) ? a[i] : std::fmax(worst, std::abs(a[i] - b[i]));
        if (std::isnan(worst)) return worst;
        largest = std::fmax(largest, std::abs(b[i]));
    }
    return largest > 0 ? worst / largest : worst;
}

}  // namespace test
