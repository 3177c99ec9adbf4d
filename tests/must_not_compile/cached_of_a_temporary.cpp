// A cached network that would refer to one that is gone.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using net = pm::nn::linear<4, 2>;
void f() {
#ifdef MISTAKE
    auto fast = pm::cached(pm::make<net>(pm::seed{
        0}));  // error: cached: it refers to the network, and this one is gone at the end of the line: give it a name first
#else
    auto n = pm::make<net>(pm::seed{0});
    auto fast = pm::cached(n);
#endif
    static_cast<void>(fast);
}
