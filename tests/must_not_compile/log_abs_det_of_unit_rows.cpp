// The logarithm of the determinant of what is not one to one: all lengths of a row give one value.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/scale.hpp>
#include <paramorph/param/unit_norm.hpp>
#include <paramorph/parametrize/log_abs_det.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr auto f = [](auto x) { return pm::log_abs_det<pm::param::unit_norm>(x); };  // error: log_abs_det: unit_norm does not say its own, and its forward is not elementwise
#else
constexpr auto f = [](auto x) { return pm::log_abs_det<pm::param::scale<2>>(x); };
#endif
using number = decltype(f(pm::symbol<pm::shape<2, 3>, double>{}));
