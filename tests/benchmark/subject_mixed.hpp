// paramorph's side of the mixed chain: twelve stages, and the programs the compiler derives from them.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <paramorph/op/add.hpp>
#include <paramorph/op/exp.hpp>
#include <paramorph/op/multiply.hpp>
#include <paramorph/op/sigmoid.hpp>
#include <paramorph/op/subtract.hpp>
#include <paramorph/op/tanh.hpp>
#include <paramorph/op/transpose.hpp>
#include <paramorph/op/triangle.hpp>

#include "subject_run.hpp"

namespace benchmark::stage {

struct scaled {
    static constexpr auto forward(auto x) { return mixed.scale * x; }
};
struct mirrored {
    static constexpr auto forward(auto x) { return x + mixed.mirror * paramorph::transpose(x); }
};
struct bounded {
    static constexpr auto forward(auto x) { return paramorph::tanh(x); }
};
struct weaker_above {
    static constexpr auto forward(auto x) { return paramorph::tril(x) + mixed.above * paramorph::triu<1>(x); }
};
struct shifted {
    static constexpr auto forward(auto x) { return x + mixed.shift; }
};
struct transposed {
    static constexpr auto forward(auto x) { return paramorph::transpose(x); }
};
struct squashed {
    static constexpr auto forward(auto x) { return paramorph::sigmoid(x); }
};
struct centred {
    static constexpr auto forward(auto x) { return 2.0f * x - 1.0f; }
};
struct raised {
    static constexpr auto forward(auto x) { return paramorph::exp(x); }
};
struct squared {
    static constexpr auto forward(auto x) { return x * x + x; }
};
struct weaker_below {
    static constexpr auto forward(auto x) { return x - mixed.below * paramorph::tril<-1>(x); }
};
struct resized {
    static constexpr auto forward(auto x) { return mixed.size * x; }
};

}  // namespace benchmark::stage

namespace benchmark {

using mixed_chain = paramorph::chain<stage::scaled, stage::mirrored, stage::bounded, stage::weaker_above,
                                     stage::shifted, stage::transposed, stage::squashed, stage::centred, stage::raised,
                                     stage::squared, stage::weaker_below, stage::resized>;

template <int N>
void mixed_subject<N>::forward(float const* x, float* y) {
    run<paramorph::program::value_of<mixed_chain, paramorph::shape<N, N>>>({x}, {y});
}
template <int N>
void mixed_subject<N>::gradient(float const* x, float const* g, float* dx) {
    run<paramorph::program::gradient_of<mixed_chain, paramorph::shape<N, N>>>({x, g}, {dx});
}

}  // namespace benchmark
