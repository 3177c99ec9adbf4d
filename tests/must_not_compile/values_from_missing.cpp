// A file without a tensor that the network has.
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
    {"0.weight", pm::stored::f32, {2, {2, 3}}, 0, 0},
#else
    {"0.weight", pm::stored::f32, {2, {2, 3}}, 0, 0},
    {"0.bias", pm::stored::f32, {1, {2}}, 24, 0},
#endif
};
inline constexpr pm::tensor_file file{
    "digits.safetensors", pm::stored::f32, tensors, sizeof(tensors) / sizeof(*tensors), bytes, 32};
inline constexpr pm::frozen<pm::values_from<model, file>>
    net;  // error: digits.safetensors: 0.bias is missing, expected float32 [2]; give the file the key
