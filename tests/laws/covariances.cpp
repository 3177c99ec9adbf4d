// The laws of covariance and correlation matrices and of their Cholesky factors.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/param/corr_matrix.hpp"
#include "paramorph/param/cov_matrix.hpp"
#include "paramorph/testing/laws.hpp"
#include "paramorph/testing/log_abs_det.hpp"

namespace pm = paramorph;
using namespace pm::param;
using pm::testing::density_programs, pm::testing::interpret, pm::testing::log_abs_det_law, pm::testing::numbers;

namespace {

double log_cosh(double x) {
    return std::abs(x) + std::log1p(std::exp(-2 * std::abs(x))) - std::log(2);
}
struct logarithm_of_cosh {
    static constexpr auto forward(auto x) { return detail::log_cosh(x); }
};

}  // namespace

TEST_CASE("laws: corr_matrix, by kernels; those of the others by the interpreter below") {
    CHECK(pm::laws<corr_matrix, pm::shape<3, 3>>::kernels() == "");
}
TEST_CASE("log_abs_det: of covariances, correlations and their factors") {
    for (std::uint64_t seed = 1; seed < 4; ++seed) {
        CHECK(log_abs_det_law<cholesky_factor_cov, pm::shape<1, 1>>(seed) == "");
        CHECK(log_abs_det_law<cholesky_factor_cov, pm::shape<3, 3>>(seed) == "");
        CHECK(log_abs_det_law<cov_matrix, pm::shape<1, 1>>(seed) == "");
        CHECK(log_abs_det_law<cov_matrix, pm::shape<4, 4>>(seed) == "");
        CHECK(log_abs_det_law<cholesky_factor_corr, pm::shape<2, 2>>(seed) == "");
        CHECK(log_abs_det_law<cholesky_factor_corr, pm::shape<4, 4>>(seed) == "");
        CHECK(log_abs_det_law<corr_matrix, pm::shape<2, 2>>(seed) == "");
        CHECK(log_abs_det_law<corr_matrix, pm::shape<4, 4>>(seed) == "");
    }
}
TEST_CASE("log_abs_det: numbers of correlations and covariances") {
    numbers const y{0.5, -0.3, 0.8};
    auto const factor = interpret(*density_programs<cholesky_factor_corr, pm::shape<3, 3>>::forward(), {y});
    auto const matrix = interpret(*density_programs<corr_matrix, pm::shape<3, 3>>::forward(), {y});
    CHECK(std::abs(factor.outputs[1][0] + 0.9547576) < 1e-6);
    CHECK(std::abs(matrix.outputs[1][0] + 1.0748728) < 1e-6);
    // Where tanh(y) is 1: log(l_11) = -log(cosh(y_10)).
    numbers const far{-39.7456, -44.919, 76.7859};
    auto const r = interpret(*density_programs<cholesky_factor_corr, pm::shape<3, 3>>::forward(), {far});
    CHECK(std::abs(std::log(r.outputs[0][4]) + log_cosh(far[0])) < 1e-13);
    CHECK(std::abs(std::log(r.outputs[0][8]) + log_cosh(far[1]) + log_cosh(far[2])) < 1e-13);
    CHECK(std::abs(r.outputs[1][0] + 2 * log_cosh(far[0]) + 3 * log_cosh(far[1]) + 2 * log_cosh(far[2])) < 1e-12);
    for (double const e : r.outputs[2]) CHECK(std::isfinite(e));
    // l = ((2, 0), (1, 3))
    auto const c =
        interpret(*density_programs<cov_matrix, pm::shape<2, 2>>::forward(), {{std::log(2), 1, std::log(3)}});
    CHECK(std::abs(c.outputs[1][0] - 5.662960480135946) < 1e-12);
    CHECK(pm::testing::far(c.outputs[0], {4, 2, 2, 10}, 1e-15, {2, {2, 2}}) == "");
}
TEST_CASE(
    "correlations: far away, rows are unit vectors, diagonals positive, gradients finite, and factors come back") {
    auto const factor = density_programs<cholesky_factor_corr, pm::shape<4, 4>>::forward(),
               back = density_programs<cholesky_factor_corr, pm::shape<4, 4>>::back(),
               matrix = density_programs<corr_matrix, pm::shape<4, 4>>::forward();
    pm::random source{pm::seed{5}};
    double const inf = std::numeric_limits<double>::infinity();
    for (double const scale : {1e-310, 1e-30, 1e-8, 1.0, 18.0, 100.0, 700.0, 1e30, 1e300, inf}) {
        numbers y = pm::testing::drawn(source, 6);
        for (double& e : y) e *= scale;
        auto const l = interpret(*factor, {y}), c = interpret(*matrix, {y});
        INFO(scale);
        CHECK(pm::contains<pm::set::correlation_factor>(l.outputs[0].data(), {2, {4, 4}}, 1e-14));
        for (std::size_t i = 0; i < 4; ++i) CHECK(c.outputs[0][5 * i] == 1);
        for (double const e : c.outputs[0]) CHECK((e >= -1 && e <= 1));
        for (double const e : l.outputs[2]) CHECK(std::isfinite(e));
        if (scale < 1e3) CHECK(std::isfinite(l.outputs[1][0]));
        if (scale > 101) continue;
        auto const again = interpret(*back, {l.outputs[0]});
        REQUIRE(again.status.ok());
        for (std::size_t k = 0; k < 6; ++k) CHECK(std::abs(again.outputs[0][k] - y[k]) <= 1e-12 * std::abs(y[k]));
    }
    double const nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::isnan(interpret(*factor, {{0, nan, 0, 0, 0, 0}}).outputs[0][8]));
}
TEST_CASE("log_cosh: over the whole domain, kernel and interpreter") {
    using value = pm::program::value_of<logarithm_of_cosh, pm::shape<64>, float>;
    numbers x;
    for (int k = 0; k < 64; ++k) x.push_back(double(float((k % 2 ? 1 : -1) * std::pow(10.0, -20 + k * 0.9))));
    x[0] = 0, x[1] = -std::numeric_limits<double>::infinity();
    numbers const y = pm::testing::run_kernel<value, pm::simd::best<float>>({x}).outputs[0],
                  z = interpret(pm::testing::simplified<value>(), {x}).outputs[0];
    for (std::size_t k = 0; k < 64; ++k) {
        double const size = std::abs(x[k]);
        double const expected = size < 1e-4 ? size * size / 2 : size < 1 ? std::log(std::cosh(size)) : log_cosh(size);
        INFO(x[k]);
        CHECK((y[k] == expected || std::abs(y[k] - expected) <= 4e-7 * expected + 1e-37));
        CHECK((z[k] == expected || std::abs(z[k] - expected) <= 1e-8 * expected));
    }
}
TEST_CASE("covariances: what they refuse") {
    using matrix = xt::xtensor_fixed<double, xt::xshape<2, 2>>;
    pm::tensor<pm::shape<2, 2>, pm::chain<cov_matrix>, double> a;
    a = matrix{{4, 2}, {2, 10}};
    CHECK(std::abs(a.original()(2) - std::log(3)) < 1e-14);
    CHECK(!a.try_assign(matrix{{1, 2}, {2, 1}}).ok());
    CHECK(!a.try_assign(matrix{{4, 2}, {1, 10}}).ok());
    auto const refused = [](pm::graph const& g, numbers const& x) {
        char const* const why = interpret(g, {x}).status.failed;
        return std::string(why ? why : "");
    };
    CHECK(refused(*density_programs<cholesky_factor_cov, pm::shape<2, 2>>::back(), {1, 0, 2, 0}) ==
          "cholesky_factor_cov: the diagonal assigned must be greater than zero");
    CHECK(refused(*density_programs<cholesky_factor_corr, pm::shape<2, 2>>::back(), {1, 0, 0.6, -0.8}) ==
          "cholesky_factor_corr: the diagonal assigned must be greater than zero");
    CHECK(refused(*density_programs<corr_matrix, pm::shape<2, 2>>::back(), {1, 1, 1, 1}) ==
          "cholesky: the matrix is not positive definite or not finite");
    static_assert(pm::subset<pm::set::correlation, pm::set::symmetric> &&
                  pm::subset<pm::set::correlation_factor, pm::set::unit_rows> &&
                  pm::subset<pm::set::cholesky_factor, pm::set::lower_triangular>);
}
