// A network in eight bits that does not say what its input is.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/int8.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;

struct named {
    pm::nn::linear<3, 2> inner;
#ifndef MISTAKE
    using input_shape = pm::shape<3>;
#endif
    constexpr auto forward(auto x) const { return inner(x); }
};
BOOST_HANA_ADAPT_STRUCT(named, inner);
inline constexpr pm::network_values<named> values{};
inline constexpr auto net = pm::quantize<values>();  // error: quantize: the network must state the shape of its input
