// sum_to_zero, sum_to_zero_matrix, ilr_simplex, row_stochastic and column_stochastic: effects whose sum is zero,
// probabilities, and matrices of transition probabilities, each with as many originals as there are free numbers.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/nn/log_abs_det.hpp>
#include <paramorph/param/ilr_simplex.hpp>
#include <paramorph/param/stochastic.hpp>
#include <paramorph/param/sum_to_zero.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using vector = xt::xtensor_fixed<double, xt::xshape<3>>;
using matrix = xt::xtensor_fixed<double, xt::xshape<2, 2>>;

int main() {
    pm::tensor<pm::shape<3>, pm::chain<pm::param::sum_to_zero>, double> effects;
    pm::tensor<pm::shape<3>, pm::chain<pm::param::ilr_simplex>, double> shares;
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::row_stochastic>, double> steps;
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::column_stochastic>, double> mixtures;
    effects = vector{-1, -1, 2};
    shares = vector{0.2, 0.3, 0.5};
    steps = matrix{{0.9, 0.1}, {0.5, 0.5}};
    mixtures = matrix{{0.9, 0.5}, {0.1, 0.5}};
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::sum_to_zero_matrix>, double> interactions;
    interactions = matrix{{0.5, -0.5}, {-0.5, 0.5}};
    effects.original()(0) += 1;  // as a step of an optimizer would
    shares.original()(0) += 1;
    auto const e = effects(), s = shares();
    double const log_det = pm::log_abs_det<pm::param::ilr_simplex>(shares.original());
    double const expected = std::log(s(0)) + std::log(s(1)) + std::log(s(2)) + std::log(3) / 2;
    std::printf("%g + %g + %g, %g + %g + %g, log |det J| %g\n", e(0), e(1), e(2), s(0), s(1), s(2), log_det);
    return std::abs(e(0) + e(1) + e(2)) < 1e-15 && std::abs(s(0) + s(1) + s(2) - 1) < 1e-15 &&
                   std::abs(log_det - expected) < 1e-12 && std::abs(steps()(0, 0) - 0.9) < 1e-15 &&
                   std::abs(mixtures()(1, 0) - 0.1) < 1e-15 && std::abs(interactions.original()(0, 0) - 1) < 1e-15
               ? 0
               : 1;
}
