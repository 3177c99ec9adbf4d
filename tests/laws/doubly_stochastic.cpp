// The laws of doubly_stochastic: of any original a matrix whose rows and columns sum to one, near to a permutation,
// too.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/doubly_stochastic.hpp"
#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/testing/density_laws.hpp"

namespace pm = paramorph;
using pm::param::doubly_stochastic;
using pm::testing::density_laws, pm::testing::numbers;

namespace {

// How far from one a row or a column sums to.
double worst_sum(numbers const& y, std::size_t n) {
    double worst = 0;
    for (std::size_t i = 0; i < n; ++i) {
        double of_row = 0, of_column = 0;
        for (std::size_t j = 0; j < n; ++j) of_row += y[i * n + j], of_column += y[j * n + i];
        for (double const sum : {of_row, of_column})
            if (double const off = std::abs(sum - 1); off > worst || off != off) worst = off;
    }
    return worst;
}

// At a scale: sums, that gradients are finite, and where no number underflows, that the original comes back.
template <int N>
void expect_sums(double scale, std::uint64_t seeds) {
    using law = test::interpreted<doubly_stochastic, pm::shape<N, N>>;
    constexpr std::size_t n = N;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        INFO(N << " rows, scale " << scale << ", seed " << seed);
        pm::random source{pm::seed{seed}};
        numbers const x = pm::testing::drawn(source, (N - 1) * (N - 1), -scale, scale);
        auto const y = law::value({x});
        REQUIRE(y.status.ok());
        CHECK(worst_sum(y.outputs[0], n) <= 2 * (N + 8) * 2.3e-16);
        auto const g = law::gradient({x, pm::testing::drawn(source, N * N)});
        for (double const e : g.outputs[0]) CHECK(std::abs(e) < 2);
        if (scale > 1e-3 && scale <= 100) CHECK(test::apart(law::inverse(y.outputs[0]).outputs[0], x) < 1e-13);
    }
}

}  // namespace

TEST_CASE("laws: doubly_stochastic, with its log_abs_det") {
    CHECK(density_laws<doubly_stochastic, pm::shape<2, 2>>::check() == "");
    CHECK(density_laws<doubly_stochastic, pm::shape<4, 4>>::check() == "");
    CHECK(density_laws<doubly_stochastic, pm::shape<3, 3>, float>::kernels() == "");
}
TEST_CASE("doubly_stochastic: rows and columns sum to one at any scale") {
    for (double const scale : {0.0, 1e-310, 1e-30, 1.0, 10.0, 30.0, 100.0, 300.0, 1e3, 1e4, 1e6, 1e9, 1e13}) {
        expect_sums<2>(scale, 4);
        expect_sums<4>(scale, 20);
        expect_sums<20>(scale, 8);
    }
    using law = test::interpreted<doubly_stochastic, pm::shape<3, 3>>;
    double const nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
    for (double const bad : {nan, inf, -inf, 1e300}) CHECK_FALSE(law::value({{1, bad, 0, 2}}).status.ok());
    // An equal pair stays one: half of each, however sharp the rest is.
    numbers const sharp{0, 0, -5000, 0, 0, -5000, -5000, -5000, 0};
    using matrix = xt::xtensor_fixed<double, xt::xshape<3, 3>>;
    auto const to_plane = [](numbers const& x) {
        return pm::testing::interpret(density_laws<pm::param::sum_to_zero_matrix, pm::shape<3, 3>>::back(),
                                      {pm::testing::elements(pm::nearest<pm::set::sum_to_zero_matrix>(
                                          matrix{{x[0], x[1], x[2]}, {x[3], x[4], x[5]}, {x[6], x[7], x[8]}}))})
            .outputs[0];
    };
    numbers const y = law::value({to_plane(sharp)}).outputs[0];
    CHECK(test::apart(y, {0.5, 0.5, 0, 0.5, 0.5, 0, 0, 0, 1}) < 1e-11);
}
TEST_CASE("doubly_stochastic: kernels in float") {
    for (double const scale : {1.0, 10.0, 1e3, 1e4}) {
        pm::random source{pm::seed{5}};
        auto const y = density_laws<doubly_stochastic, pm::shape<3, 3>, float>::by_kernel(
            pm::testing::drawn(source, 4, -scale, scale));
        INFO(scale);
        CHECK(worst_sum(y, 3) <= 22 * 1.2e-7);
    }
}
TEST_CASE("doubly_stochastic: nearest, and what is refused") {
    static_assert(pm::subset<pm::set::doubly_stochastic, pm::set::simplex> &&
                  pm::subset<pm::set::doubly_stochastic, pm::set::column_stochastic>);
    using matrix = xt::xtensor_fixed<double, xt::xshape<5, 5>>;
    pm::random source{pm::seed{9}};
    for (double const scale : {0.01, 1.0, 3.0, 100.0, 1e6}) {
        matrix a;
        for (double& e : a) e = source.uniform(-scale, scale);
        matrix const y = pm::nearest<pm::set::doubly_stochastic>(a);
        INFO(scale);
        CHECK(pm::contains<pm::set::doubly_stochastic>(y.data(), {2, {5, 5}}, 1e-11 + 1e-15 * scale * 25));
        // What is nearest: no corner of the polytope lies further in the direction of a - y.
        int corner[]{0, 1, 2, 3, 4};
        auto const along = [&](auto const& at) {
            double total = 0;
            for (std::size_t i = 0; i < 5; ++i)
                for (std::size_t j = 0; j < 5; ++j) total += (a(i, j) - y(i, j)) * (at(i, j) - y(i, j));
            return total;
        };
        double furthest = -1e300;
        do furthest = std::max(furthest, along([&](std::size_t i, std::size_t j) { return corner[i] == int(j); }));
        while (std::next_permutation(corner, corner + 5));
        CHECK(furthest <= 1e-9 * std::max(1.0, scale * scale));
    }
    matrix const turned = xt::eye<double>({5, 5}, 1);
    CHECK((pm::nearest<pm::set::doubly_stochastic>(matrix(turned * 0.0)) == matrix(xt::ones<double>({5, 5}) * 0.2)));

    using weight = pm::tensor<pm::shape<2, 2>, pm::chain<doubly_stochastic>>;
    using two = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
    weight w;
    CHECK_FALSE(w.try_assign(two{{0.5f, 0.5f}, {0.25f, 0.75f}}).ok());
    CHECK_FALSE(w.try_assign(two{{1, 0}, {0, 1}}).ok());
    w = two{{0.25f, 0.75f}, {0.75f, 0.25f}};
    CHECK(std::abs(w()(0, 0) - 0.25f) < 1e-6f);
    w = pm::nearest(two{{3, 0}, {0, 3}});
    CHECK((w()(0, 0) > 0.999f && w()(0, 1) > 0));
}
