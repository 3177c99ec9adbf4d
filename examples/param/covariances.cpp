// cov_matrix, corr_matrix, cholesky_factor_cov and cholesky_factor_corr: the matrices of a multivariate normal
// distribution, from as many originals as there are free numbers.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/nn/log_abs_det.hpp>
#include <paramorph/param/cholesky_factor_corr.hpp>
#include <paramorph/param/cholesky_factor_cov.hpp>
#include <paramorph/param/corr_matrix.hpp>
#include <paramorph/param/cov_matrix.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<double, xt::xshape<2, 2>>;

int main() {
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::cov_matrix>, double> covariance;
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::corr_matrix>, double> correlation;
    covariance = matrix{{4, 2}, {2, 10}};
    correlation = matrix{{1, 0.6}, {0.6, 1}};
    // The factors, whose originals are the same: ((2, 0), (1, 3)) and ((1, 0), (0.6, 0.8)).
    auto const [l, u] = pm::function([](auto x, auto y) {
        return std::tuple{std::get<0>(pm::value_and_log_abs_det<pm::param::cholesky_factor_cov>(x)),
                          std::get<0>(pm::value_and_log_abs_det<pm::param::cholesky_factor_corr>(y))};
    })(covariance.original(), correlation.original());
    bool const factors = std::abs(l(1, 1) - 3) < 1e-14 && std::abs(u(1, 1) - 0.8) < 1e-14;
    correlation.original()(0) += 1;  // as a step of an optimizer would
    auto const c = correlation();
    pm::status const refused = covariance.try_assign(matrix{{1, 2}, {2, 1}});
    double const log_det = pm::log_abs_det<pm::param::cov_matrix>(covariance.original());
    std::printf("correlation %g, log |det J| %g; not positive definite: %s\n", c(0, 1), log_det, refused.failed);
    return factors && c(0, 0) == 1 && c(0, 1) == c(1, 0) && c(0, 1) > 0.6 &&
                   std::abs(log_det - std::log(4 * 8 * 9)) < 1e-12 && !refused.ok()
               ? 0
               : 1;
}
