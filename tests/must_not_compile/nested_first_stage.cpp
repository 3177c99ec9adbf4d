// cayley under an original, which can be any matrix; the original under it is parametrized after the fact.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/param/cayley.hpp>

namespace pm = paramorph;

using turning = pm::nn::linear<3, 3, pm::weight<pm::param::skew>>;
#ifdef MISTAKE
using net = pm::parametrize<turning, pm::at<"weight.original", pm::param::cayley>>;
#else
using net = pm::parametrize<turning, pm::at<"weight.original", pm::param::skew, pm::param::cayley>>;
#endif
auto f() {
    return pm::make<net>(pm::seed{0});  // error: chain: the first stage, nested<paramorph::param::skew, paramorph::chain<paramorph::param::cayley>
}
