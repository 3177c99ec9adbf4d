// The logarithm of a determinant where the value is made of two tensors.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/scale.hpp>
#include <paramorph/param/weight_norm.hpp>
#include <paramorph/parametrize/log_abs_det.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr auto f = [](auto x) { return pm::log_abs_det<pm::param::weight_norm<>>(x); };  // error: log_abs_det: weight_norm<0> has several originals, or state
#else
constexpr auto f = [](auto x) { return pm::log_abs_det<pm::param::scale<2>>(x); };
#endif
using number = decltype(f(pm::symbol<pm::shape<2, 3>, double>{}));
