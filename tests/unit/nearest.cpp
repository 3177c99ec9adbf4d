// pm::nearest: the nearest element of every set that has one: no sample of the set is nearer, and where a formula is
// known it is that; what it refuses; and assigned to a weight, of which `project` makes something else.
//
// SPDX-License-Identifier: BSL-1.0
#include "../parametrized.hpp"
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

// The nearest one is an element of the set, is its own nearest one, and no element of the set made by P is nearer.
template <class Set, class P>
void expect_nearest(double scale = 1) {
    pm::random numbers{pm::seed{3}};
    for (int sample = 0; sample < 20; ++sample) {
        matrix a;
        for (double& e : a) e = scale * numbers.uniform(-1, 1);
        auto const best = pm::nearest<Set>(a);
        CHECK(pm::contains<Set>(best.data(), pm::shape<3, 3>::value, 1e-9));
        CHECK(is(pm::nearest<Set>(best), best, 1e-12 * scale));
        double const least = distance(a, best);
        bool nearer = false;
        pm::tensor<pm::shape<3, 3>, pm::chain<P>, double> other;
        for (int k = 0; k < 200; ++k) {
            // Near the best one, too.
            if (k % 2 == 0 || !other.try_project(best + scale * std::pow(0.1, k % 8) * a).ok())
                other.initialize(numbers, 2);
            nearer = nearer || distance(a, other()) < least - 1e-9 * scale;
        }
        CHECK_FALSE(nearer);
    }
}

}  // namespace

TEST_CASE("nearest: no element of the set is nearer") {
    expect_nearest<set::symmetric, pm::param::symmetric>();
    expect_nearest<set::skew, pm::param::skew>();
    expect_nearest<set::lower_triangular, pm::param::lower_triangular>();
    expect_nearest<set::upper_triangular, pm::param::upper_triangular>();
    expect_nearest<set::unit_rows, pm::param::unit_norm>();
    expect_nearest<set::orthogonal, pm::param::square_orthogonal<>>();
    expect_nearest<set::special_orthogonal,
                   pm::param::square_orthogonal<pm::param::orthogonal_map::cayley, pm::param::without_base>>();
    expect_nearest<set::simplex, pm::param::simplex>();
    expect_nearest<set::simplex, pm::param::simplex>(1e3);
    expect_nearest<set::interval<-1, 2>, pm::param::interval<-1, 2>>(3);
    expect_nearest<set::positive, pm::param::positive>();
    expect_nearest<set::rank_at_most<2>, pm::param::low_rank<2>>();
}

TEST_CASE("nearest: by hand") {
    two const a{{1, 3}, {-1, 2}};
    CHECK(is(pm::nearest<set::symmetric>(a), two{{1, 1}, {1, 2}}));
    CHECK(is(pm::nearest<set::skew>(a), two{{0, 2}, {-2, 0}}));
    CHECK(is(pm::nearest<set::stiefel>(a), two{{0.6, 0.8}, {-0.8, 0.6}}));
    CHECK(is(pm::nearest<set::simplex>(two{{1, 3}, {2, 2}}), two{{0, 1}, {0.5, 0.5}}));
    CHECK(is(pm::nearest<set::simplex>(two{{1e30, 0}, {-5, -5.5}}), two{{1, 0}, {0.75, 0.25}}));
    CHECK(is(pm::nearest<set::diagonal>(a), two{{1, 0}, {0, 2}}));
    CHECK(is(pm::nearest<set::nonnegative>(a), two{{1, 3}, {0, 2}}));
    CHECK(is(pm::nearest<set::real>(a), a));
    CHECK(is(pm::nearest<set::positive_semidefinite>(two{{0, 2}, {2, 0}}), two{{1, 1}, {1, 1}}));
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
    auto const clipped = pm::nearest<set::interval<-1, 0.3>>(ends);
    CHECK((clipped(0) == -1 && double(clipped(1)) < 0.3 && clipped(1) > 0.2999999f));
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
