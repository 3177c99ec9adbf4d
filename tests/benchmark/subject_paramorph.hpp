// paramorph's side of the benchmark: both workloads as chains of stages, run by the programs the compiler derives from
// them.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <paramorph/kernel/run.hpp>
#include <paramorph/op/add.hpp>
#include <paramorph/op/multiply.hpp>
#include <paramorph/op/sigmoid.hpp>
#include <paramorph/param/symmetric.hpp>

#include "subject.hpp"

namespace benchmark {

struct scaled {
    static constexpr auto forward(auto x) { return slope * x; }
};
struct squashed {
    static constexpr auto forward(auto x) { return paramorph::sigmoid(x); }
};
struct stretched {
    static constexpr auto forward(auto x) { return lower + (upper - lower) * x; }
};
using sigmoid_chain = paramorph::chain<scaled, squashed, stretched>;

template <class Program>
void run(std::initializer_list<void const*> arguments, void* output) {
    static_assert(paramorph::workspace_bytes_of<Program> == 0, "one pass over memory needs no workspace");
    paramorph::run<Program>(arguments.begin(), &output, nullptr);
}

template <int N>
void subject<N>::sigmoid_forward(float const* x, float* y) {
    run<paramorph::program::value_of<sigmoid_chain, paramorph::shape<N, N>>>({x}, y);
}
template <int N>
void subject<N>::sigmoid_gradient(float const* x, float const* g, float* dx) {
    run<paramorph::program::gradient_of<sigmoid_chain, paramorph::shape<N, N>>>({x, g}, dx);
}
template <int N>
void subject<N>::symmetric_forward(float const* x, float* y) {
    run<paramorph::program::value_of<paramorph::param::symmetric, paramorph::shape<N, N>>>({x}, y);
}
template <int N>
void subject<N>::symmetric_gradient(float const* x, float const* g, float* dx) {
    run<paramorph::program::gradient_of<paramorph::param::symmetric, paramorph::shape<N, N>>>({x, g}, dx);
}

}  // namespace benchmark
