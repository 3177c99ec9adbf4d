// paramorph's side of the spectral norm.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/kernel/linear_algebra.hpp>
#include <paramorph/param/spectral_norm.hpp>

#include "subject_run.hpp"

namespace benchmark {

using spectral_norm = paramorph::param::spectral_norm<>;

template <int N>
void spectral_norm_subject<N>::forward(float const* w, float const* u, float const* v, float* y, float* next_u,
                                       float* next_v) {
    run<paramorph::program::value_of<spectral_norm, paramorph::shape<N, N>, float, paramorph::mode::training>>(
        {w, u, v}, {y, next_u, next_v});
}
template <int N>
void spectral_norm_subject<N>::gradient(float const* w, float const* u, float const* v, float const* c, float* dw) {
    run<paramorph::program::gradient_of<spectral_norm, paramorph::shape<N, N>, float, paramorph::mode::training>>(
        {w, u, v, c}, {dw});
}

template struct spectral_norm_subject<64>;
template struct spectral_norm_subject<256>;
template struct spectral_norm_subject<1024>;

}  // namespace benchmark
