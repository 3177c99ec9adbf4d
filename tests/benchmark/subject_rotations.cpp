// paramorph's side of the rotations: a matrix made skew, then mapped to an orthogonal one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/kernel/linear_algebra.hpp>
#include <paramorph/op/matrix_exp.hpp>
#include <paramorph/op/multiply.hpp>
#include <paramorph/param/cayley.hpp>

#include "subject_run.hpp"

namespace benchmark {

template <int N>
struct normalized {
    static constexpr auto forward(auto x) { return double(rotation_scale<N>) * x; }
};
template <int N>
using cayley_chain = paramorph::chain<normalized<N>, paramorph::param::skew, paramorph::param::cayley>;
struct rotated {
    static constexpr auto forward(auto a) { return paramorph::matrix_exp<paramorph::matrix_kind::skew>(a); }
};
template <int N>
using matrix_exp_chain = paramorph::chain<normalized<N>, paramorph::param::skew, rotated>;

template <int N>
void rotation_subject<N>::cayley_forward(float const* x, float* y) {
    run<paramorph::program::value_of<cayley_chain<N>, paramorph::shape<N, N>>>({x}, {y});
}
template <int N>
void rotation_subject<N>::cayley_both(float const* x, float const* g, float* y, float* dx) {
    run<value_and_gradient_of<cayley_chain<N>, paramorph::shape<N, N>>>({x, g}, {y, dx});
}
template <int N>
void rotation_subject<N>::matrix_exp_forward(float const* x, float* y) {
    run<paramorph::program::value_of<matrix_exp_chain<N>, paramorph::shape<N, N>>>({x}, {y});
}
template <int N>
void rotation_subject<N>::matrix_exp_both(float const* x, float const* g, float* y, float* dx) {
    run<value_and_gradient_of<matrix_exp_chain<N>, paramorph::shape<N, N>>>({x, g}, {y, dx});
}

template struct rotation_subject<16>;
template struct rotation_subject<64>;
template struct rotation_subject<256>;

}  // namespace benchmark
