// The logarithm of a determinant where the value is made of two tensors.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/scale.hpp>
#include <paramorph/param/weight_norm.hpp>
#include <paramorph/parametrize/log_abs_det.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr auto f = [](auto x) { return pm::log_abs_det<pm::param::weight_norm<>>(x); };  // error: has several originals, or state, so that its value is not that of one tensor [2, 3]
#else
constexpr auto f = [](auto x) { return pm::log_abs_det<pm::param::scale<2>>(x); };
#endif
using number = decltype(f(pm::symbol<pm::shape<2, 3>, double>{}));
