// A matrix in eight bits that the network does more with than to multiply rows.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/tensor_file.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/sequential.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<3, 2>>;

alignas(16) inline constexpr char bytes[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
inline constexpr pm::stored_tensor tensors[] = {
#ifdef MISTAKE
    {"weight", pm::stored::int8, {2, {2, 3}}, 0, 16},
#else
    {"weight", pm::stored::f32, {2, {2, 3}}, 0, 0},
#endif
};
inline constexpr pm::tensor_file file{"digits.safetensors", pm::stored::int8, tensors, 1, bytes, 32};
struct named {
    pm::tensor<pm::shape<2, 3>> weight;
    using input_shape = pm::shape<2, 3>;
    constexpr auto forward(auto x) const { return weight + x; }
};
BOOST_HANA_ADAPT_STRUCT(named, weight);
inline constexpr pm::frozen<pm::values_from<named, file>>
    net;  // error: digits.safetensors: weight: expected float32, as the network does more with it than to multiply rows, found int8; write the header with --as int8 --keep weight
