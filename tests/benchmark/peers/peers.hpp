// What other libraries make of the same workloads. A peer that is installed registers itself, so the benchmark needs to
// know none.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>
#include <vector>

namespace benchmark {

// One workload at one size in one library; `to` receives the value, or the gradient of sum(g . f(x)).
struct peer {
    std::string_view library;
    std::string_view workload;
    int size;
    void (*run)(float const* x, float const* g, float* to);
};

inline std::vector<peer>& peers() {
    static std::vector<peer> all;
    return all;
}

// Library<Size> has the four functions of subject<Size>.
template <template <int> class Library, int... Sizes>
bool register_peer(std::string_view name) {
    (peers().insert(peers().end(),
                    {{name, "sigmoid_chain.forward", Sizes,
                      [](float const* x, float const*, float* y) { Library<Sizes>::sigmoid_forward(x, y); }},
                     {name, "sigmoid_chain.gradient", Sizes, Library<Sizes>::sigmoid_gradient},
                     {name, "symmetric.forward", Sizes,
                      [](float const* x, float const*, float* y) { Library<Sizes>::symmetric_forward(x, y); }},
                     {name, "symmetric.gradient", Sizes, Library<Sizes>::symmetric_gradient}}),
     ...);
    return true;
}

}  // namespace benchmark
