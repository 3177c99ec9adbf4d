// A step that would refer to a network that is gone.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using net = pm::nn::linear<4, 2>;
void f() {
    auto const loss = [](auto& m, auto x) { return pm::mean(m(x)); };
#ifdef MISTAKE
    auto step = pm::value_and_grad(
        loss,
        pm::make<net>(pm::seed{
            0}));  // error: value_and_grad: the step refers to the network, and this one is gone at the end of the line: give it a name first
#else
    auto n = pm::make<net>(pm::seed{0});
    auto step = pm::value_and_grad(loss, n);
#endif
    static_cast<void>(step);
}
