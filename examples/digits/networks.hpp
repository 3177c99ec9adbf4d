// The networks, 64-64-64-10 with relu. A weight is constrained by naming what it passes through; the layers are
// otherwise as usual.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <paramorph/paramorph.hpp>

#include "data.hpp"

namespace digits {

namespace pm = paramorph;

// Matrices whose columns sum to zero, and the parametrization that makes them. The softmax ignores what all its inputs
// share; a centred output weight cannot spend anything on it.
struct zero_sum {
    using within = pm::set::list<pm::set::real>;
};
struct centred {
    using codomain = zero_sum;
    static constexpr auto inverse = pm::grade::right;
    static constexpr auto forward(auto x) { return x - pm::mean<0>(x); }
    static constexpr auto right_inverse(auto w) { return w; }
};
static_assert(pm::round_trips<centred, pm::shape<4, 3>>());

template <class... OutputOptions>
using orthogonal_first =
    pm::nn::sequential<pm::nn::linear<pixel_count, 64, pm::weight<pm::param::skew, pm::param::cayley>>, pm::nn::relu,
                       pm::nn::linear<64, 64>, pm::nn::relu, pm::nn::linear<64, classes, OutputOptions...>>;

// What the demo trains, and what tests/benchmark/digits_pytorch.py trains as well.
using demo_network = orthogonal_first<pm::weight<centred>>;
using compared_network = orthogonal_first<>;

}  // namespace digits
