// pm::nearest: the nearest element of every set that has one: no sample of the set is nearer, and where a formula is
// known it is that; what it refuses; and assigned to a weight, of which `project` makes something else.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "paramorph/paramorph.hpp"

namespace {

namespace set = pm::set;
using Catch::Matchers::ContainsSubstring;
using matrix = xt::xtensor_fixed<double, xt::xshape<3, 3>>;
using two = xt::xtensor_fixed<double, xt::xshape<2, 2>>;

double distance(auto const& a, auto const& b) {
    double squares = 0;
    for (std::size_t i = 0; i < a.size(); ++i) squares += (a.data()[i] - b.data()[i]) * (a.data()[i] - b.data()[i]);
    return std::sqrt(squares);
}
bool is(auto const& a, auto const& expected, double tolerance = 1e-12) {
    return distance(a, expected) <= tolerance;
}

// --- elements of the sets, made of any matrix, and near it where it is nearly one. Plain loops: what makes them for a
// parametrization are kernels, whose laws are tested elsewhere.

constexpr auto each(auto f) {
    return [f](matrix m) {
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 3; ++j) m(i, j) = f(m, i, j);
        return m;
    };
}
// Rows of length one, orthogonal to those before them where they are to be.
template <bool Orthogonal>
matrix unit_rows(matrix m) {
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t k = 0; Orthogonal && k < i; ++k) {
            double along = 0;
            for (std::size_t j = 0; j < 3; ++j) along += m(i, j) * m(k, j);
            for (std::size_t j = 0; j < 3; ++j) m(i, j) -= along * m(k, j);
        }
        double const length = std::hypot(m(i, 0), m(i, 1), m(i, 2));
        for (std::size_t j = 0; j < 3; ++j) m(i, j) /= length;
    }
    return m;
}
matrix rotation(matrix m) {
    m = unit_rows<true>(m);
    double const determinant = m(0, 0) * (m(1, 1) * m(2, 2) - m(1, 2) * m(2, 1)) -
                               m(0, 1) * (m(1, 0) * m(2, 2) - m(1, 2) * m(2, 0)) +
                               m(0, 2) * (m(1, 0) * m(2, 1) - m(1, 1) * m(2, 0));
    for (std::size_t j = 0; j < 3; ++j) m(2, j) *= determinant;
    return m;
}
matrix distributions(matrix m) {
    for (std::size_t i = 0; i < 3; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < 3; ++j) sum += m(i, j) = std::abs(m(i, j)) + 1e-12;
        for (std::size_t j = 0; j < 3; ++j) m(i, j) /= sum;
    }
    return m;
}
// The last row is made of the others.
matrix of_rank_two(matrix m) {
    double const r = std::hypot(m(0, 0), m(0, 1), m(0, 2)),
                 along = (m(0, 0) * m(1, 0) + m(0, 1) * m(1, 1) + m(0, 2) * m(1, 2)) / r;
    double first[3], second[3], length = 0, a = 0, b = 0;
    for (std::size_t j = 0; j < 3; ++j) first[j] = m(0, j) / r, second[j] = m(1, j) - along * first[j];
    for (double const e : second) length += e * e;
    for (std::size_t j = 0; j < 3; ++j)
        second[j] /= std::sqrt(length), a += m(2, j) * first[j], b += m(2, j) * second[j];
    for (std::size_t j = 0; j < 3; ++j) m(2, j) = a * first[j] + b * second[j];
    return m;
}

// The nearest one is an element of the set, is its own nearest one, and none of the set's elements that are tried is
// nearer.
template <class Set>
void expect_nearest(auto const& element, double scale = 1) {
    pm::random numbers{pm::seed{3}};
    for (int sample = 0; sample < 20; ++sample) {
        matrix a, other;
        for (double& e : a) e = scale * numbers.uniform(-1, 1);
        auto const best = pm::nearest<Set>(a);
        CHECK(pm::contains<Set>(best.data(), pm::shape<3, 3>::value, 1e-9));
        CHECK(is(pm::nearest<Set>(best), best, 1e-12 * scale));
        double const least = distance(a, best);
        bool nearer = false, elements = true;
        for (int k = 0; k < 200; ++k) {
            // Near the best one, too, on every side of it.
            for (std::size_t i = 0; i < 9; ++i)
                other.data()[i] = (k % 2 == 0 ? best.data()[i] : 0) +
                                  scale * std::pow(0.1, k % 2 == 0 ? k % 8 : 0) * numbers.uniform(-1, 1);
            other = element(other);
            elements = elements && pm::contains<Set>(other.data(), pm::shape<3, 3>::value, 1e-9);
            nearer = nearer || distance(a, other) < least - 1e-9 * scale;
        }
        CHECK(elements);
        CHECK_FALSE(nearer);
    }
}

}  // namespace

TEST_CASE("nearest: no element of the set is nearer") {
    expect_nearest<set::symmetric>(each([](auto& m, auto i, auto j) { return i < j ? m(i, j) : m(j, i); }));
    expect_nearest<set::skew>(each([](auto& m, auto i, auto j) { return i < j ? m(i, j) : i == j ? 0 : -m(j, i); }));
    expect_nearest<set::lower_triangular>(each([](auto& m, auto i, auto j) { return i < j ? 0 : m(i, j); }));
    expect_nearest<set::upper_triangular>(each([](auto& m, auto i, auto j) { return i > j ? 0 : m(i, j); }));
    expect_nearest<set::unit_rows>(unit_rows<false>);
    expect_nearest<set::orthogonal>(unit_rows<true>);
    expect_nearest<set::special_orthogonal>(rotation);
    expect_nearest<set::simplex>(distributions);
    expect_nearest<set::simplex>(distributions, 1e3);
    expect_nearest<set::interval<-1, 2>>(
        each([](auto& m, auto i, auto j) { return std::clamp(m(i, j), -1 + 1e-12, 2 - 1e-12); }), 3);
    expect_nearest<set::positive>(each([](auto& m, auto i, auto j) { return std::abs(m(i, j)) + 1e-12; }));
    expect_nearest<set::rank_at_most<2>>(of_rank_two);
    auto const sorted = [](double least) {
        return [least](matrix m) {
            for (std::size_t i = 0; i < 3; ++i) {
                m(i, 0) = std::max(m(i, 0), least);
                for (std::size_t j = 1; j < 3; ++j) m(i, j) = std::max(m(i, j), m(i, j - 1) + 1e-13);
            }
            return m;
        };
    };
    expect_nearest<set::ordered>(sorted(-1e300));
    expect_nearest<set::positive_ordered>(sorted(1e-300));
    expect_nearest<set::sphere<2>>([](matrix m) {
        m = unit_rows<false>(m);
        for (double& e : m) e *= 2;
        return m;
    });
    expect_nearest<set::ball<0.5>>([](matrix m) {
        for (std::size_t i = 0; i < 3; ++i) {
            double const length = std::hypot(m(i, 0), m(i, 1), m(i, 2));
            for (std::size_t j = 0; j < 3; ++j) m(i, j) *= std::min(1.0, 0.5 / length);
        }
        return m;
    });
}

TEST_CASE("nearest: by hand") {
    two const a{{1, 3}, {-1, 2}};
    CHECK(is(pm::nearest<set::symmetric>(a), two{{1, 1}, {1, 2}}));
    CHECK(is(pm::nearest<set::skew>(a), two{{0, 2}, {-2, 0}}));
    CHECK(is(pm::nearest<set::stiefel>(a), two{{0.6, 0.8}, {-0.8, 0.6}}));
    CHECK(is(pm::nearest<set::simplex>(two{{1, 3}, {2, 2}}), two{{0, 1}, {0.5, 0.5}}));
    CHECK(is(pm::nearest<set::simplex>(two{{1e30, 0}, {-5, -5.5}}), two{{1, 0}, {0.75, 0.25}}));
    CHECK(is(pm::nearest<set::row_stochastic>(two{{1, 3}, {2, 2}}), two{{0, 1}, {0.5, 0.5}}));
    CHECK(is(pm::nearest<set::column_stochastic>(two{{1, 2}, {3, 2}}), two{{0, 0.5}, {1, 0.5}}));
    CHECK(is(pm::nearest<set::sum_to_zero>(a), two{{-1, 1}, {-1.5, 1.5}}));
    CHECK(is(pm::nearest<set::at_least<1>>(a), two{{1, 3}, {1, 2}}));
    CHECK(is(pm::nearest<set::at_most<1.5>>(a), two{{1, 1.5}, {-1, 1.5}}));
    CHECK(is(pm::nearest<set::diagonal>(a), two{{1, 0}, {0, 2}}));
    CHECK(is(pm::nearest<set::nonnegative>(a), two{{1, 3}, {0, 2}}));
    CHECK(is(pm::nearest<set::real>(a), a));
    CHECK(is(pm::nearest<set::positive_semidefinite>(two{{0, 2}, {2, 0}}), two{{1, 1}, {1, 1}}));
    CHECK(is(pm::nearest<set::positive_semidefinite_rank_at_most<1>>(two{{3, 0}, {0, 2}}), two{{3, 0}, {0, 0}}));
    CHECK(is(pm::nearest<set::almost_orthogonal<0.5>>(two{{0, 3}, {0.1, 0}}), two{{0, 1.5}, {0.5, 0}}));
    CHECK(is(pm::nearest<set::almost_orthogonal<0.5>>(two{{1.2, 0}, {0, 0.8}}), two{{1.2, 0}, {0, 0.8}}));
    CHECK(is(pm::nearest<set::sphere<10>>(two{{3e-200, 4e-200}, {3e200, 4e200}}), two{{6, 8}, {6, 8}}));
    CHECK(is(pm::nearest<set::ball<5>>(two{{3, 4}, {30, 40}}), two{{3, 4}, {3, 4}}));
    CHECK(is(pm::nearest<set::unit_sphere>(two{{3e200, 0}, {0, 4e200}}), two{{0.6, 0}, {0, 0.8}}));
    CHECK(is(pm::nearest<set::special_orthogonal>(two{{2, 0}, {0, -1}}), two{{1, 0}, {0, 1}}));
    CHECK(is(pm::nearest<set::orthogonal>(two{{2, 0}, {0, -1}}), two{{1, 0}, {0, -1}}));
    CHECK(is(pm::nearest<set::symmetric>(two{{1e308, 1.5e308}, {1.7e308, 0}}), two{{1e308, 1.6e308}, {1.6e308, 0}},
             1e295));
    // A wide matrix and a stack; float, with run-time extents.
    xt::xtensor<float, 2> const wide{{3, 0, 0}, {0, 0.5f, 0}};
    CHECK((pm::nearest<set::stiefel>(wide) == xt::xtensor<float, 2>{{1, 0, 0}, {0, 1, 0}}));
    xt::xtensor<float, 3> const stack{{{1, 2}, {4, 1}}, {{0, 1}, {-1, 0}}};
    CHECK((pm::nearest<set::symmetric>(stack) == xt::xtensor<float, 3>{{{1, 3}, {3, 1}}, {{0, 0}, {0, 0}}}));
    // An end that float does not have.
    xt::xtensor<float, 1> const ends{-5, 5};
    CHECK((double(pm::nearest<set::at_most<0.3>>(ends)(1)) <= 0.3 &&
           double(pm::nearest<set::at_least<0.1>>(ends)(0)) >= 0.1));
    auto const clipped = pm::nearest<set::interval<-1, 0.3>>(ends);
    CHECK((clipped(0) == -1 && double(clipped(1)) < 0.3 && clipped(1) > 0.2999999f));
}

TEST_CASE("nearest: in order, adjacent violators are pooled by their number, and equal numbers made to increase") {
    xt::xtensor<double, 1> const y{1, 6, 5.7, 5, 4, 9};
    auto const pooled = pm::nearest<set::ordered>(y);
    CHECK(pooled(0) == 1);
    for (std::size_t i = 1; i < 5; ++i) CHECK(std::abs(pooled(i) - 5.175) < 1e-14);
    CHECK(pooled(5) == 9);
    CHECK(pm::contains<set::ordered>(pooled.data(), {1, {6}}, 0));
    xt::xtensor<double, 1> const means = pm::nearest<set::ordered>(xt::xtensor<double, 1>{6, 5.7, 5});
    CHECK(std::abs(means(0) - 16.7 / 3) < 1e-14);
    xt::xtensor<float, 1> const fall{3, 2, 1}, equal{-1, -1, 2};
    auto const positive = pm::nearest<set::positive_ordered>(equal);
    CHECK((positive(0) > 0 && positive(1) > positive(0) && positive(1) < 1e-44f && positive(2) == 2));
    auto const rising = pm::nearest<set::ordered>(fall);
    CHECK((rising(0) == 2 && rising(1) > 2 && rising(2) > rising(1) && rising(2) < 2.000001f));
    pm::tensor<pm::shape<3>, pm::chain<pm::param::ordered>> w;
    w = pm::nearest(fall);
    CHECK(std::abs(w()(2) - 2) < 1e-5f);
    xt::xtensor<float, 1> const most{3e38f, 3.4028235e38f, 3.4028235e38f};
    CHECK_THROWS_WITH(pm::nearest<set::ordered>(most), ContainsSubstring("no element of the set"));
}

TEST_CASE("nearest: what has none is refused") {
    CHECK_THROWS_WITH(pm::nearest<set::unit_rows>(two{{0, 0}, {1, 0}}), ContainsSubstring("no element of the set"));
    CHECK_THROWS_WITH(pm::nearest<set::symmetric>(xt::xtensor<double, 2>(xt::zeros<double>({2, 3}))),
                      ContainsSubstring("no element of the set"));
    CHECK_THROWS_WITH(pm::nearest<set::skew>(two{{std::nan(""), 0}, {1, 0}}), ContainsSubstring("not finite"));
}

TEST_CASE("nearest: assigned to a weight") {
    using array = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
    array const a{{1, 3}, {-1, 2}};
    pm::nn::linear<2, 2, pm::weight<pm::param::symmetric>> layer{pm::seed{1}};
    layer.weight.project(a);  // forward(right_inverse(a)): the upper triangle
    CHECK((layer.weight() == array{{1, 3}, {3, 2}}));
    layer.weight = pm::nearest(a);
    CHECK((layer.weight() == array{{1, 1}, {1, 2}}));
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::orthogonal<>>> turn;
    turn = pm::nearest(a);
    CHECK(is(turn(), array{{0.6f, 0.8f}, {-0.8f, 0.6f}}, 1e-6));
    // Where the parametrization only comes near to the edge of its set.
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::simplex>> rows;
    CHECK(rows.try_assign(pm::nearest(a)).ok());
    CHECK(is(rows(), array{{0, 1}, {0, 1}}, 1e-6));
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::interval<-1, 0.3>>> between;
    between = pm::nearest(a * 2.0f);
    CHECK(is(between(), array{{0.3f, 0.3f}, {-1, 0.3f}}, 1e-6));
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::positive>> positive;
    positive = pm::nearest(a);
    CHECK((positive()(1, 0) > 0 && positive()(1, 0) < 1e-37f && positive()(1, 1) == 2));
    CHECK_FALSE(positive.try_assign(pm::nearest(a * std::nanf(""))).ok());
    pm::tensor<pm::shape<2, 2>> plain;
    plain = pm::nearest(a);
    CHECK((plain() == a));
}
TEST_CASE("nearest: an element of the set stays, however small; what is too large to compute is refused") {
    double const least = 5e-324;  // whose square is 0
    auto const same = [](two const& a, two const& b) { return std::equal(a.begin(), a.end(), b.begin()); };
    two const both{{least, 3 * least}, {3 * least, least}}, turned{{0, least}, {-least, 0}};
    CHECK(same(pm::nearest<set::symmetric>(both), both));
    CHECK(same(pm::nearest<set::toeplitz>(both), both));
    CHECK(same(pm::nearest<set::circulant>(both), both));
    CHECK(same(pm::nearest<set::skew>(turned), turned));
    two const huge{{1.7e308, -1.7e308}, {-1.7e308, 1.7e308}};
    CHECK(same(pm::nearest<set::symmetric>(huge), huge));
    CHECK(same(pm::nearest<set::toeplitz>(huge), huge));
    xt::xtensor_fixed<float, xt::xshape<2, 2>> const large{{3e38f, -3e38f}, {1.5e38f, 3e38f}};
    CHECK_THROWS_WITH(pm::nearest<set::rank_at_most<1>>(large), ContainsSubstring("too large"));
}

TEST_CASE("nearest: of equal numbers at both ends of the range the sum is taken away") {
    using three = xt::xtensor_fixed<double, xt::xshape<3>>;
    for (double const e : {5e-324, 1e-310, 1e-30, 1e30, 1.7e308}) {
        three const y = pm::nearest<set::sum_to_zero>(three{e, e, e});
        for (double const z : y) CHECK(std::abs(z) <= 4e-16 * e);
        CHECK((pm::nearest<set::sum_to_zero>(three{e, -e, 0}) == three{e, -e, 0}));
    }
    CHECK_THROWS_AS(pm::nearest<set::sum_to_zero>(three{1.7e308, -1.7e308, 1.7e308}), pm::error);  // 2.3e308
}
TEST_CASE("nearest: a doubly stochastic matrix that rounding would decide is refused") {
    using two = xt::xtensor_fixed<double, xt::xshape<2, 2>>;
    CHECK(is(pm::nearest<set::doubly_stochastic>(two{{1e6, 0}, {0, 1}}), two{{1, 0}, {0, 1}}, 1e-9));
    for (double const e : {1e17, 1e30, 1.7e308})
        CHECK_THROWS_AS(pm::nearest<set::doubly_stochastic>(two{{e, 0.3 * e}, {0.1 * e, -e}}), pm::error);
}
// What a refused assignment says to write instead, written: for sets that have a nearest element, and that have none.
template <class Stage>
void expect_a_suggestion_that_compiles(two const& a) {
    pm::tensor<pm::shape<2, 2>, pm::chain<Stage>, double> t;
    std::string said;
    try {
        t = a;
    } catch (pm::error const& e) {
        said = e.what();
    }
    CHECK_THAT(said, ContainsSubstring("use project()"));
    using set = typename pm::chain<Stage>::codomain;
    constexpr bool known = pm::detail::nearest_in<set>::known;
    CHECK((said.find("pm::nearest") != std::string::npos) == known);
    if constexpr (known) {
        t = pm::nearest(a);
        CHECK(pm::contains<set>(t().data(), pm::extents{2, {2, 2}}, 1e-6));
    }
}
TEST_CASE("nearest: a refusal suggests it for the sets that have one, and for no other") {
    namespace param = pm::param;
    two const a{{2, 1}, {3, 4}};
    expect_a_suggestion_that_compiles<param::symmetric>(a);
    expect_a_suggestion_that_compiles<param::skew>(a);
    expect_a_suggestion_that_compiles<param::low_rank<1>>(a);
    expect_a_suggestion_that_compiles<param::special_linear>(a);
    expect_a_suggestion_that_compiles<param::cholesky_factor_cov>(a);
}
