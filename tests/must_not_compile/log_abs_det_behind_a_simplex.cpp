// A stage that counts all elements as free, behind one whose rows sum to one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/ilr_simplex.hpp>
#include <paramorph/param/scale.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using scaled = pm::chain<pm::param::ilr_simplex, pm::param::scale<2>>;  // error: log_abs_det: scale<2> is given tensors [3] of a set with fewer free numbers than elements
#else
using scaled = pm::chain<pm::param::scale<2>, pm::param::ilr_simplex>;
#endif
constexpr auto f = [](auto x) { return pm::log_abs_det<scaled>(x); };
using number = decltype(f(pm::symbol<pm::shape<2>, double>{}));
