// What the programs of training.py share: arrays with its numbers, and lines of a name and numbers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdio>
#include <vector>

#include <paramorph/compat/xtensor.hpp>

template <std::size_t... E>
using array = xt::xtensor_fixed<double, xt::xshape<E...>>;
template <std::size_t N>
using labels = xt::xtensor_fixed<std::int32_t, xt::xshape<N>>;

// The numbers of training.py.
inline void fill(auto& x, int by, int modulus, double factor, double shift) {
    int i = 0;
    for (double& v : x) v = (by * i++ % modulus) * factor + shift;
}
inline void line(char const* name, auto const& numbers) {
    std::printf("%s", name);
    for (double const v : numbers) std::printf(" %.17g", v);
    std::printf("\n");
}

// Lines of losses, which training_losses.cpp has.
void write_losses();
