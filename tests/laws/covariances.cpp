// The laws of covariance and correlation matrices and of their Cholesky factors.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/param/cholesky_factor_corr.hpp"
#include "paramorph/param/cholesky_factor_cov.hpp"
#include "paramorph/param/corr_matrix.hpp"
#include "paramorph/param/cov_matrix.hpp"
#include "paramorph/parametrize/tensor.hpp"
#include "paramorph/testing/density_laws.hpp"

namespace pm = paramorph;
using namespace pm::param;
using pm::testing::density_laws, pm::testing::numbers;

namespace {

double log_cosh(double x) {
    return std::abs(x) + std::log1p(std::exp(-2 * std::abs(x))) - std::log(2);
}

}  // namespace

TEST_CASE("laws: corr_matrix, by kernels") {
    CHECK(density_laws<corr_matrix, pm::shape<3, 3>, float>::kernels() == "");
}
TEST_CASE("log_abs_det: of covariances, correlations and their factors") {
    CHECK(density_laws<cholesky_factor_cov, pm::shape<1, 1>>::check() == "");
    CHECK(density_laws<cholesky_factor_cov, pm::shape<3, 3>>::check() == "");
    CHECK(density_laws<cov_matrix, pm::shape<3, 3>>::check() == "");
    CHECK(density_laws<cholesky_factor_corr, pm::shape<4, 4>>::check() == "");
    CHECK(density_laws<corr_matrix, pm::shape<2, 2>>::check() == "");
    CHECK(density_laws<corr_matrix, pm::shape<4, 4>>::check() == "");
}
TEST_CASE("log_abs_det: numbers of correlations and covariances") {
    numbers const y{0.5, -0.3, 0.8};
    auto const factor = density_laws<cholesky_factor_corr, pm::shape<3, 3>>::at(y);
    auto const matrix = density_laws<corr_matrix, pm::shape<3, 3>>::at(y);
    CHECK(std::abs(factor.outputs[1][0] + 0.9547576) < 1e-6);
    CHECK(std::abs(matrix.outputs[1][0] + 1.0748728) < 1e-6);
    // Where tanh(y) is 1: log(l_11) = -log(cosh(y_10)).
    numbers const far{-39.7456, -44.919, 76.7859};
    auto const r = density_laws<cholesky_factor_corr, pm::shape<3, 3>>::at(far);
    CHECK(std::abs(std::log(r.outputs[0][4]) + log_cosh(far[0])) < 1e-13);
    CHECK(std::abs(std::log(r.outputs[0][8]) + log_cosh(far[1]) + log_cosh(far[2])) < 1e-13);
    CHECK(std::abs(r.outputs[1][0] + 2 * log_cosh(far[0]) + 3 * log_cosh(far[1]) + 2 * log_cosh(far[2])) < 1e-12);
    for (double const e : r.outputs[2]) CHECK(std::isfinite(e));
    // l = ((2, 0), (1, 3))
    auto const c = density_laws<cov_matrix, pm::shape<2, 2>>::at({std::log(2), 1, std::log(3)});
    CHECK(std::abs(c.outputs[1][0] - 5.662960480135946) < 1e-12);
    CHECK(pm::testing::far(c.outputs[0], {4, 2, 2, 10}, 1e-15, {2, {2, 2}}) == "");
}
TEST_CASE(
    "correlations: far away, rows are unit vectors, diagonals positive, gradients finite, and factors come back") {
    using factor = density_laws<cholesky_factor_corr, pm::shape<4, 4>>;
    using matrix = density_laws<corr_matrix, pm::shape<4, 4>>;
    pm::random source{pm::seed{5}};
    double const inf = std::numeric_limits<double>::infinity();
    for (double const scale : {1e-310, 1e-30, 1e-8, 1.0, 18.0, 100.0, 700.0, 1e30, 1e300, inf}) {
        numbers y = pm::testing::drawn(source, 6);
        for (double& e : y) e *= scale;
        auto const l = factor::at(y), c = matrix::at(y);
        INFO(scale);
        CHECK(pm::contains<pm::set::correlation_factor>(l.outputs[0].data(), {2, {4, 4}}, 1e-14));
        for (std::size_t i = 0; i < 4; ++i) CHECK(c.outputs[0][5 * i] == 1);
        for (double const e : c.outputs[0]) CHECK((e >= -1 && e <= 1));
        for (double const e : l.outputs[2]) CHECK(std::isfinite(e));
        if (scale < 1e3) CHECK(std::isfinite(l.outputs[1][0]));
        if (scale > 101) continue;
        auto const again = factor::original_of(l.outputs[0]);
        REQUIRE(again.status.ok());
        for (std::size_t k = 0; k < 6; ++k) CHECK(std::abs(again.outputs[0][k] - y[k]) <= 1e-12 * std::abs(y[k]));
    }
    double const nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::isnan(factor::at({0, nan, 0, 0, 0, 0}).outputs[0][8]));
}
TEST_CASE("cholesky_factor_corr: a diagonal of any size is assigned, subnormal ones, too") {
    for (double const d : {5e-324, 1e-310, 1e-300, 1e-160, 1e-10, 1e-9, 1e-3}) {
        double const l = std::sqrt(1 - d * d), expected = std::asinh(l / d);
        auto const y = density_laws<cholesky_factor_corr, pm::shape<2, 2>>::original_of({1, 0, -l, d});
        REQUIRE(y.status.ok());
        CHECK(std::abs(y.outputs[0][0] + (d < 1e-308 ? std::log(2.0) - std::log(d) : expected)) < 1e-12);
    }
    pm::tensor<pm::shape<2, 2>, pm::chain<cholesky_factor_corr>> w;
    xt::xtensor_fixed<float, xt::xshape<2, 2>> const least{{1, 0}, {1, 1e-45f}};
    CHECK(w.try_assign(least).ok());
    CHECK(std::abs(w.original()(0) - 103.97208f) < 1e-4f);  // log(2) - log(2^-149)
}
TEST_CASE("corr_matrix: kernels in float far away") {
    for (double const scale : {1e-38, 1e-4, 1.0, 8.0, 80.0, 1e30, 3e38}) {
        numbers const y = density_laws<corr_matrix, pm::shape<3, 3>, float>::by_kernel({scale, -scale / 2, scale / 3});
        INFO(scale);
        for (std::size_t i = 0; i < 3; ++i) CHECK(y[4 * i] == 1);
        CHECK((y[1] == y[3] && y[2] == y[6] && y[5] == y[7]));
        CHECK(pm::contains<pm::set::interval<-1, 1>>(y.data(), {2, {3, 3}}, 0));
        if (scale < 5) CHECK(pm::contains<pm::set::correlation>(y.data(), {2, {3, 3}}, 1e-6));
    }
}
TEST_CASE("log_cosh: over the whole domain") {
    for (int k = -300; k <= 300; ++k) {
        double const x = (k % 2 ? 1 : -1) * std::pow(10.0, k), size = std::abs(x);
        double const expected = size < 1e-2 ? size * size / 2 * (1 - size * size / 6)
                                : size < 1  ? std::log(std::cosh(size))
                                            : log_cosh(size);
        INFO(x);
        double const found = pm::op::log_cosh::value<pm::math::constant>(x);
        CHECK(std::abs(found - expected) <= 4e-9 * expected);
    }
    for (double const x : {0.1, 0.9, 1.0, 1.1, 2.0, 20.0})
        CHECK(std::abs(pm::op::log_cosh::value<pm::math::constant>(x) / std::log(std::cosh(x)) - 1) < 4e-14);
    static_assert(pm::op::log_cosh::value<pm::math::constant>(0.0) == 0);
    static_assert(pm::op::log_cosh::value<pm::math::constant>(-std::numeric_limits<double>::infinity()) > 1e308);
}
TEST_CASE(
    "cov_matrix: variables of different scales are assigned, and what is not definite is refused with the reason") {
    using tensor = pm::tensor<pm::shape<2, 2>, pm::chain<cov_matrix>>;
    using matrix = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
    tensor w;
    for (float const scale : {1e-30f, 1e-15f, 1e-7f, 1.0f, 1e15f}) {
        matrix const a{{1, 0.5f * scale}, {0.5f * scale, scale * scale}};
        INFO(scale << ": " << w.try_assign(a).failed);
        CHECK((w.try_assign(a).ok() || scale * scale == 0));
        CHECK(pm::contains<pm::set::spd>(a.data(), {2, {2, 2}}, 1e-4) == (scale * scale > 0));
    }
    // What rounding in float may have made of ((1, 1), (1, 1)).
    float const nearly[]{1, 1, 1, 1 + 1e-7f}, huge[]{1, 2e30f, 2e30f, 1};
    CHECK_FALSE(pm::contains<pm::set::spd>(nearly, {2, {2, 2}}, 0));
    CHECK_FALSE(pm::contains<pm::set::spd>(huge, {2, {2, 2}}, 0));
    double const scaled[]{1e-300, 0.5, 0.5, 1e300}, out[]{1e-300, 1.5, 1.5, 1e300};
    CHECK(pm::contains<pm::set::spd>(scaled, {2, {2, 2}}, 0));
    CHECK_FALSE(pm::contains<pm::set::spd>(out, {2, {2, 2}}, 0));
    CHECK(w.try_assign(matrix{{1, 1}, {1, 1 + 2e-7f}}).failed ==
          std::string("assignment: the value is not an element of the weight's set, the codomain of its chain: spd, "
                      "which demands symmetry, and pivots of a Cholesky factorization that exceed n epsilon once the "
                      "diagonal is scaled to ones"));
}
TEST_CASE("covariances: what they refuse") {
    using small = pm::shape<2, 2>;
    CHECK(std::abs(density_laws<cov_matrix, small>::original_of({4, 2, 2, 10}).outputs[0][2] - std::log(3)) < 1e-14);
    CHECK(density_laws<cov_matrix, small>::original_of({1, 2, 2, 1}).status.failed ==
          std::string("cov_matrix: the matrix assigned is not positive definite"));
    CHECK(density_laws<cholesky_factor_cov, small>::original_of({1, 0, 2, 0}).status.failed ==
          std::string("cholesky_factor_cov: the diagonal assigned must be greater than zero"));
    CHECK(density_laws<cholesky_factor_corr, small>::original_of({1, 0, 0.6, -0.8}).status.failed ==
          std::string("cholesky_factor_corr: the diagonal assigned must be greater than zero"));
    CHECK(density_laws<corr_matrix, small>::original_of({1, 1, 1, 1}).status.failed ==
          std::string("corr_matrix: the matrix assigned is not positive definite"));
    static_assert(pm::subset<pm::set::correlation, pm::set::symmetric> &&
                  pm::subset<pm::set::correlation_factor, pm::set::unit_rows> &&
                  pm::subset<pm::set::cholesky_factor, pm::set::lower_triangular>);
}
TEST_CASE("cholesky_factor_corr: 64 rows of initial values within 2, whose diagonal falls to 1e-14") {
    using law = density_laws<cholesky_factor_corr, pm::shape<64, 64>>;
    pm::random source{pm::seed{1}};
    numbers const x = pm::testing::drawn(source, 2016, -2, 2);
    auto const r = law::at(x);
    numbers const& l = r.outputs[0];
    double least = 1;
    for (std::size_t i = 0; i < 64; ++i) least = std::fmin(least, l[i * 65]);
    CHECK((least > 0 && least < 1e-10));
    CHECK(pm::contains<pm::set::correlation_factor>(l.data(), {2, {64, 64}}, 1e-14));
    CHECK(std::isfinite(r.outputs[1][0]));
    CHECK(pm::testing::far(law::original_of(l).outputs[0], x, 1e-13, {1, {2016}}, 0) == "");
}
TEST_CASE("covariances and correlations: what is near to an element and none is refused") {
    using matrix = xt::xtensor_fixed<double, xt::xshape<2, 2>>;
    auto const refuses = []<class P>(P, matrix const& a) {
        pm::tensor<pm::shape<2, 2>, pm::chain<P>, double> w;
        return !w.try_assign(a).ok();
    };
    CHECK(refuses(cholesky_factor_corr{}, {{1, 0}, {0.5, 0.5}}));  // a row that is no unit vector
    CHECK(refuses(cholesky_factor_corr{}, {{1, 0.3}, {0.6, 0.8}}));
    CHECK(refuses(cholesky_factor_cov{}, {{1, 0.3}, {0.6, 0.8}}));
    CHECK(refuses(cov_matrix{}, {{2, 0.3}, {0.6, 0.8}}));
    CHECK(refuses(corr_matrix{}, {{2, 0.3}, {0.3, 1}}));
    CHECK(refuses(corr_matrix{}, {{1, 0.3}, {0.4, 1}}));
    CHECK(refuses(corr_matrix{}, {{1, 1}, {1, 1}}));
    CHECK_FALSE(refuses(corr_matrix{}, {{1, 0.3}, {0.3, 1}}));
}
