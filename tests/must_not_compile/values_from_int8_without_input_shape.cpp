// A header in eight bits, and a network that does not say what its input is.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/tensor_file.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<3, 2>>;

alignas(16) inline constexpr char bytes[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
inline constexpr pm::stored_tensor tensors[] = {
    {"inner.weight", pm::stored::int8, {2, {2, 3}}, 0, 16},
    {"inner.bias", pm::stored::f32, {1, {2}}, 24, 0},
};
inline constexpr pm::tensor_file file{"digits.safetensors", pm::stored::int8, tensors, 2, bytes, 32};
struct named {
    pm::nn::linear<3, 2> inner;
#ifndef MISTAKE
    using input_shape = pm::shape<3>;
#endif
    constexpr auto forward(auto x) const { return inner(x); }
};
BOOST_HANA_ADAPT_STRUCT(named, inner);
inline constexpr pm::frozen<pm::values_from<named, file>>
    net;  // error: values_from: in eight bits the network must state the shape of its input
