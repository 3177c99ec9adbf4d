// The laws of what is made in the plane of rows whose sum is 0: sum_to_zero, sum_to_zero_matrix, ilr_simplex,
// row_stochastic and column_stochastic.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/param/ilr_simplex.hpp"
#include "paramorph/param/scale.hpp"
#include "paramorph/param/stochastic.hpp"
#include "paramorph/param/sum_to_zero.hpp"
#include "paramorph/parametrize/nearest.hpp"
#include "paramorph/testing/density_laws.hpp"

namespace pm = paramorph;
using namespace pm::param;
using pm::testing::density_laws, pm::testing::numbers;

TEST_CASE("laws: column_stochastic, by kernels") {
    CHECK(density_laws<column_stochastic, pm::shape<4, 3>, float>::kernels() == "");
}
TEST_CASE("log_abs_det: of rows in a plane and of probabilities") {
    CHECK(density_laws<sum_to_zero, pm::shape<2>>::check() == "");
    CHECK(density_laws<sum_to_zero, pm::shape<2, 5>>::check() == "");
    CHECK(density_laws<sum_to_zero_matrix, pm::shape<2, 2>>::check() == "");
    CHECK(density_laws<sum_to_zero_matrix, pm::shape<3, 5>>::check() == "");
    CHECK(density_laws<ilr_simplex, pm::shape<2>>::check() == "");
    CHECK(density_laws<ilr_simplex, pm::shape<2, 2, 4>>::check() == "");
    CHECK(density_laws<pm::chain<scale<3>, pm::unsafe<ilr_simplex>>, pm::shape<4>>::check() == "");
    CHECK(density_laws<row_stochastic, pm::shape<2, 3>>::check() == "");
    CHECK(density_laws<column_stochastic, pm::shape<3, 2>>::check() == "");
}
TEST_CASE("ilr_simplex: the constant of its log_abs_det belongs to the first n - 1 numbers") {
    auto const r = density_laws<ilr_simplex, pm::shape<3>>::at({0, 0});
    CHECK(std::abs(r.outputs[1][0] + 2.7465307216702745) < 1e-14);  // 3 log(1 / 3) + log(3) / 2
}
TEST_CASE("sum_to_zero: an isometry, whose numbers are all alike; rows and their originals come back") {
    using law = density_laws<sum_to_zero, pm::shape<7>>;
    numbers variance(7);
    for (std::size_t j = 0; j < 6; ++j) {
        numbers unit(6);
        unit[j] = 1;
        numbers const y = law::at(unit).outputs[0];
        double squares = 0, total = 0;
        for (std::size_t i = 0; i < 7; ++i) squares += y[i] * y[i], total += y[i], variance[i] += y[i] * y[i];
        CHECK((std::abs(squares - 1) < 1e-15 && std::abs(total) < 1e-15));
        CHECK(pm::testing::far(law::original_of(y).outputs[0], unit, 1e-15, {1, {6}}) == "");
    }
    for (double const v : variance) CHECK(std::abs(v - 6.0 / 7) < 1e-15);
    pm::random source{pm::seed{3}};
    for (double const scale : {1e-310, 1e-30, 1.0, 1e30, 1e300}) {
        numbers const x = pm::testing::drawn(source, 6, -scale, scale), y = law::at(x).outputs[0];
        CHECK(pm::contains<pm::set::sum_to_zero>(y.data(), {1, {7}}, 1e-15));
        numbers const again = law::original_of(y).outputs[0];
        for (std::size_t k = 0; k < 6; ++k) CHECK(std::abs(again[k] - x[k]) <= 4e-15 * scale + 5e-323);
    }
}
TEST_CASE("ilr_simplex: far away rows are rows of probabilities, and log_abs_det is finite") {
    using law = density_laws<ilr_simplex, pm::shape<4>>;
    for (double const a : {-1e300, -1e30, -700.0, -40.0, 0.0, 1e-310, 40.0, 700.0, 1e30, 1e300})
        for (double const b : {-1e300, -700.0, 0.0, 1.0, 700.0, 1e300}) {
            auto const r = law::at({a, b, -a / 2});
            INFO(a << " " << b);
            CHECK(pm::contains<pm::set::simplex>(r.outputs[0].data(), {1, {4}}, 2e-15));
            CHECK(std::isfinite(r.outputs[1][0]));
            for (double const e : r.outputs[2]) CHECK(std::isfinite(e));
        }
    double const nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::isnan(law::at({0, nan, 0}).outputs[0][0]));
}
TEST_CASE("sum_to_zero_matrix: rows and columns, at any scale; the nearest one") {
    using law = density_laws<sum_to_zero_matrix, pm::shape<3, 4>>;
    pm::random source{pm::seed{3}};
    for (double const scale : {1e-310, 1e-30, 1.0, 1e30, 1e300}) {
        numbers const x = pm::testing::drawn(source, 6, -scale, scale), y = law::at(x).outputs[0];
        CHECK(pm::contains<pm::set::sum_to_zero_matrix>(y.data(), {2, {3, 4}}, 1e-15));
        numbers const again = law::original_of(y).outputs[0];
        for (std::size_t k = 0; k < 6; ++k) CHECK(std::abs(again[k] - x[k]) <= 4e-15 * scale + 5e-323);
    }
    using matrix = xt::xtensor_fixed<double, xt::xshape<2, 2>>;
    CHECK((pm::nearest<pm::set::sum_to_zero_matrix>(matrix{{1, 2}, {3, 8}}) == matrix{{1, -1}, {-1, 1}}));
    double const rows_alone[]{1, -1, 1, -1};
    CHECK(!pm::contains<pm::set::sum_to_zero_matrix>(rows_alone, {2, {2, 2}}, 1e-3));
}
TEST_CASE("column_stochastic: kernels in float far away") {
    for (double const scale : {1e-38, 1.0, 80.0, 1e30, 1e38}) {
        numbers const x{scale, -scale, 0, -scale / 2, scale, 1, scale, scale / 3, -scale};
        auto const y = density_laws<column_stochastic, pm::shape<4, 3>, float>::by_kernel(x);
        INFO(scale);
        CHECK(pm::contains<pm::set::column_stochastic>(y.data(), {2, {4, 3}}, 1e-6));
    }
}
TEST_CASE("stochastic: sets, and what they refuse") {
    CHECK(density_laws<row_stochastic, pm::shape<1, 2>>::original_of({1, 0}).status.failed ==
          std::string("row_stochastic: every number assigned must be greater than zero"));
    CHECK(density_laws<column_stochastic, pm::shape<2, 1>>::original_of({1, 0}).status.failed ==
          std::string("column_stochastic: every number assigned must be greater than zero"));
    CHECK(density_laws<ilr_simplex, pm::shape<2>>::original_of({1, 0}).status.failed ==
          std::string("ilr_simplex: every number assigned must be greater than zero"));
    static_assert(pm::subset<pm::set::row_stochastic, pm::set::simplex>);
    static_assert(!pm::subset<pm::set::column_stochastic, pm::set::simplex>);
    static_assert(pm::subset<pm::set::column_stochastic, pm::set::nonnegative>);
    float const x[]{0.5f, 0.5f, 1, 0}, y[]{0.5f, 0.75f, 0.5f, 0.25f};
    pm::extents const square{2, {2, 2}};
    CHECK((pm::contains<pm::set::row_stochastic>(x, square, 0) &&
           !pm::contains<pm::set::column_stochastic>(x, square, 0)));
    CHECK((pm::contains<pm::set::column_stochastic>(y, square, 0) &&
           !pm::contains<pm::set::row_stochastic>(y, square, 0)));
    CHECK(!pm::contains<pm::set::row_stochastic>(x, {1, {2}}, 0));
    CHECK(!pm::contains<pm::set::sum_to_zero>(x, square, 1e-3));
}
