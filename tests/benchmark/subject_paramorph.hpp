// paramorph's side of the benchmark: the workloads as chains of stages, run by the programs the compiler derives from
// them.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <paramorph/op/add.hpp>
#include <paramorph/op/multiply.hpp>
#include <paramorph/op/sigmoid.hpp>
#include <paramorph/param/symmetric.hpp>
#include <paramorph/param/weight_norm.hpp>

#include "subject_run.hpp"

namespace benchmark {

struct scaled {
    static constexpr auto forward(auto x) { return slope * x; }
};
struct squashed {
    static constexpr auto forward(auto x) { return paramorph::sigmoid(x); }
};
struct squashed_fast {
    static constexpr auto forward(auto x) { return paramorph::sigmoid<paramorph::fast>(x); }
};
struct stretched {
    static constexpr auto forward(auto x) { return lower + (upper - lower) * x; }
};
using sigmoid_chain = paramorph::chain<scaled, squashed, stretched>;

using weight_norm = paramorph::param::weight_norm<>;

template <int N>
void subject<N>::fast_sigmoid_forward(float const* x, float* y) {
    run<paramorph::program::value_of<squashed_fast, paramorph::shape<N, N>>>({x}, {y});
}
template <int N>
void subject<N>::sigmoid_forward(float const* x, float* y) {
    run<paramorph::program::value_of<sigmoid_chain, paramorph::shape<N, N>>>({x}, {y});
}
template <int N>
void subject<N>::sigmoid_gradient(float const* x, float const* g, float* dx) {
    run<paramorph::program::gradient_of<sigmoid_chain, paramorph::shape<N, N>>>({x, g}, {dx});
}
template <int N>
void subject<N>::sigmoid_both(float const* x, float const* g, float* y, float* dx) {
    run<value_and_gradient_of<sigmoid_chain, paramorph::shape<N, N>>>({x, g}, {y, dx});
}
template <int N>
void subject<N>::symmetric_forward(float const* x, float* y) {
    run<paramorph::program::value_of<paramorph::param::symmetric, paramorph::shape<N, N>>>({x}, {y});
}
template <int N>
void subject<N>::symmetric_gradient(float const* x, float const* g, float* dx) {
    run<paramorph::program::gradient_of<paramorph::param::symmetric, paramorph::shape<N, N>>>({x, g}, {dx});
}
template <int N>
void subject<N>::weight_norm_forward(float const* v, float const* g, float* y) {
    run<paramorph::program::value_of<weight_norm, paramorph::shape<N, N>>>({g, v}, {y});
}
template <int N>
void subject<N>::weight_norm_gradient(float const* v, float const* g, float const* c, float* dv, float* dg) {
    run<paramorph::program::gradient_of<weight_norm, paramorph::shape<N, N>>>({g, v, c}, {dg, dv});
}

}  // namespace benchmark
