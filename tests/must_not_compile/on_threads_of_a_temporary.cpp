// A network on threads that would refer to one that is gone.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#include <paramorph/threads.hpp>

namespace pm = paramorph;

using net = pm::nn::linear<4, 2>;
void f(pm::thread_pool& threads) {
#ifdef MISTAKE
    auto fast = pm::on_threads(
        pm::make<net>(pm::seed{0}),
        threads);  // error: on_threads: the view refers to the network, and this one is gone at the end of the line
#else
    auto n = pm::make<net>(pm::seed{0});
    auto fast = pm::on_threads(n, threads);
#endif
    static_cast<void>(fast);
}
