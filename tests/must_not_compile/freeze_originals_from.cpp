// The compiler freezes constants, not what lies in a file.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/freeze.hpp>
#include <paramorph/embed/tensor_file.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/sequential.hpp>
#include <paramorph/param/skew.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<2, 2, pm::weight<pm::param::skew>>>;

alignas(16) inline constexpr char bytes[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
inline constexpr pm::stored_tensor tensors[] = {
    {"0.parametrizations.weight.original", pm::stored::f32, {2, {2, 2}}, 0, 0},
    {"0.bias", pm::stored::f32, {1, {2}}, 24, 0},
};
inline constexpr pm::tensor_file file{"digits.safetensors", pm::stored::f32, tensors, 2, bytes, 32};
#ifdef MISTAKE
inline constexpr auto net = pm::freeze<pm::originals_from<
    model,
    file>>();  // error: freeze: the numbers of a file are not evaluated by the compiler: save pm::freeze(net) on the host, and use pm::values_from
#else
inline constexpr pm::live<pm::originals_from<model, file>> net;
#endif
