// A file of values, as what was trained.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/tensor_file.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/sequential.hpp>
#include <paramorph/param/skew.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<2, 2, pm::weight<pm::param::skew>>>;

alignas(16) inline constexpr char bytes[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
inline constexpr pm::stored_tensor tensors[] = {
#ifdef MISTAKE
    {"0.weight", pm::stored::f32, {2, {2, 2}}, 0, 0},
    {"0.bias", pm::stored::f32, {1, {2}}, 24, 0},
#else
    {"0.parametrizations.weight.original", pm::stored::f32, {2, {2, 2}}, 0, 0},
    {"0.bias", pm::stored::f32, {1, {2}}, 24, 0},
#endif
};
inline constexpr pm::tensor_file file{"digits.safetensors", pm::stored::f32, tensors, 2, bytes, 32};
inline constexpr pm::live<pm::originals_from<model, file>>
    net;  // error: digits.safetensors: 0.parametrizations.weight.original is missing, expected float32 [2, 2]; the file has values: use pm::frozen<pm::values_from<...>>
