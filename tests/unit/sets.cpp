// Membership in sets, at the edges of each definition: both sides of the tolerance, strict inequalities, shapes, stacks
// of matrices, and numbers that are in no set.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "paramorph/parametrize/sets.hpp"

namespace pm = paramorph;
namespace set = pm::set;

namespace {

template <class Set>
bool in(std::vector<double> const& x, pm::extents const& shape, double tolerance = 1e-9) {
    return pm::contains<Set>(x.data(), shape, tolerance);
}
template <class Set>
bool in_float(std::vector<float> const& x, pm::extents const& shape, double tolerance = 0) {
    return pm::contains<Set>(x.data(), shape, tolerance);
}
constexpr pm::extents three{1, {3}}, square{2, {2, 2}}, wide{2, {2, 3}}, tall{2, {3, 2}};
constexpr double none = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();

// A set without a condition of its own.
struct stochastic_and_ordered {
    using within = set::list<set::simplex, set::ordered>;
};

}  // namespace

TEMPLATE_TEST_CASE("sets: NaN and infinities are in none", "", set::real, set::nonzero, set::nonnegative, set::positive,
                   (set::interval<-2, 2>), set::lower_triangular, set::upper_triangular, set::diagonal, set::symmetric,
                   set::skew, set::positive_semidefinite, set::spd, set::invertible, set::stiefel, set::orthogonal,
                   set::special_orthogonal, set::unit_sphere, set::unit_rows, set::simplex, set::ordered,
                   set::rank_at_most<2>, stochastic_and_ordered) {
    for (double const x : {none, infinite, -infinite})
        for (int at = 0; at < 4; ++at) {
            std::vector<double> a{1, 0, 0, 1};
            a[static_cast<std::size_t>(at)] = x;
            CHECK_FALSE(in<TestType>(a, square));
            CHECK_FALSE(in<TestType>(a, square, infinite));
            if constexpr (requires { TestType::contains(a.data(), square, 1e-9); })
                CHECK_FALSE(TestType::contains(a.data(), square, 1e-9));
            CHECK_FALSE(in<TestType>({x}, {1, {1}}));
        }
    for (double const x : {largest, -largest, 1e200, 5e-324}) in<TestType>({x, x, -x, x}, square);  // gives an answer
}

TEST_CASE("sets: conditions on each element") {
    CHECK(in<set::real>({-largest, 0, largest}, three));
    CHECK(in<set::nonzero>({-1, 5e-324, 2}, three));
    CHECK_FALSE(in<set::nonzero>({-1, -0.0, 2}, three));
    CHECK(in<set::nonnegative>({0, -0.0, 2}, three, 0));
    CHECK(in<set::nonnegative>({0, -1e-9, 2}, three));
    CHECK_FALSE(in<set::nonnegative>({0, -1.1e-9, 2}, three));
    CHECK(in<set::positive>({5e-324, 1, 2}, three));
    CHECK_FALSE(in<set::positive>({0, 1, 2}, three));
    CHECK(in<set::interval<1, 2>>({1, 1.5, 2}, three, 0));
    CHECK(in<set::interval<1, 2>>({1 - 0x1p-30, 1.5, 2 + 0x1p-30}, three));
    CHECK_FALSE(in<set::interval<1, 2>>({1, 1.5, 2.1}, three));
    CHECK_FALSE(in<set::interval<1, 2>>({0.9, 1.5, 2}, three));
    CHECK(in<set::positive>({1}, {}));  // a number
}

TEST_CASE("sets: triangles and symmetry") {
    CHECK(in<set::lower_triangular>({1, 0, 2, 3}, square, 0));
    CHECK_FALSE(in<set::lower_triangular>({1, 1, 0, 3}, square));
    CHECK(in<set::lower_triangular>({1, 0, 0, 2, 3, 0}, wide));
    CHECK(in<set::upper_triangular>({1, 2, 0, 3, 0, 0}, tall));
    CHECK(in<set::upper_triangular>({1, 2, 1e-9, 3}, square));
    CHECK_FALSE(in<set::upper_triangular>({1, 2, 1.1e-9, 3}, square));
    CHECK(in<set::diagonal>({1, 0, 0, 3}, square, 0));
    CHECK_FALSE(in<set::diagonal>({1, 0, 1, 3}, square));
    CHECK_FALSE(in<set::diagonal>({1, 0, 0, 0, 2, 0}, wide));
    CHECK(in<set::symmetric>({1, 2, 2 + 0x1p-30, 3}, square));
    CHECK_FALSE(in<set::symmetric>({1, 2, 2.1, 3}, square));
    CHECK_FALSE(in<set::symmetric>({1, 2, 3, 2, 1, 4}, wide));
    CHECK(in<set::skew>({0, 2, -2, 0}, square, 0));
    CHECK_FALSE(in<set::skew>({1, 2, -2, 0}, square));
    CHECK_FALSE(in<set::skew>({0, 2, 2, 0}, square));
    // A matrix has two axes; of a stack each must be one.
    CHECK_FALSE(in<set::symmetric>({1}, {1, {1}}));
    CHECK_FALSE(in<set::upper_triangular>({1}, {}));
    CHECK(in<set::skew>({0, 2, -2, 0, 0, 3, -3, 0}, {3, {2, 2, 2}}));
    CHECK_FALSE(in<set::skew>({0, 2, -2, 0, 0, 3, 3, 0}, {3, {2, 2, 2}}));
}

TEST_CASE("sets: definite and invertible matrices") {
    CHECK(in<set::spd>({2, 1, 1, 2}, square, 0));
    CHECK(in<set::spd>({1e-300, 0, 0, 1e-300}, square, 0));
    CHECK_FALSE(in<set::spd>({1, 2, 2, 1}, square));  // eigenvalues 3, -1
    CHECK_FALSE(in<set::spd>({2, 1, 0, 2}, square));
    CHECK(in<set::positive_semidefinite>({1, 1, 1, 1}, square, 0));
    CHECK_FALSE(in<set::spd>({1, 1, 1, 1}, square));
    CHECK_FALSE(in<set::spd>({1, 1, 1, 1}, square, 1));  // strict, whatever the tolerance
    CHECK(in<set::positive_semidefinite>({0, 0, 0, 0}, square, 0));
    CHECK_FALSE(in<set::spd>({0, 0, 0, 0}, square));
    CHECK(in<set::positive_semidefinite>({1, 2, 2, 1}, square, 1.001));  // the tolerance is on the eigenvalue -1
    CHECK_FALSE(in<set::positive_semidefinite>({1, 2, 2, 1}, square, 0.999));
    CHECK_FALSE(in<set::positive_semidefinite>({-1, 0, 0, 1}, square));
    CHECK(in<set::positive_semidefinite>({-1e-10, 0, 0, 1}, square));
    CHECK_FALSE(in<set::positive_semidefinite>({-1e-10, 0, 0, 0}, square));
    CHECK(in<set::invertible>({0, 1, 1, 0}, square, 0));
    CHECK(in<set::invertible>({1e-200, 0, 0, 2e-200}, square));
    CHECK_FALSE(in<set::invertible>({1, 2, 2, 4}, square));
    CHECK_FALSE(in<set::invertible>({1, 2, 3, 2, 4, 7}, wide));
    // Singular up to rounding: in float, this is; in double it is not.
    CHECK_FALSE(in_float<set::invertible>({1, 1, 1, 1 + 0x1p-23f}, square));
    CHECK(in<set::invertible>({1, 1, 1, 1 + 0x1p-23}, square));
    CHECK(in_float<set::positive_semidefinite>({1, 1 + 0x1p-23f, 1 + 0x1p-23f, 1}, square));
    CHECK_FALSE(in<set::positive_semidefinite>({1, 1 + 0x1p-23, 1 + 0x1p-23, 1}, square, 0));
}

TEST_CASE("sets: rank") {
    CHECK(in<set::rank_at_most<0>>({0, 0, 0, 0}, square, 0));
    CHECK_FALSE(in<set::rank_at_most<0>>({0, 0, 1, 0}, square));
    CHECK(in<set::rank_at_most<1>>({1, 2, 3, 2, 4, 6}, wide, 0));
    CHECK(in<set::rank_at_most<1>>({1, 2, 2, 4, 3, 6}, tall, 0));
    CHECK_FALSE(in<set::rank_at_most<1>>({1, 2, 3, 2, 4, 7}, wide));
    CHECK(in<set::rank_at_most<1>>({1, 0, 0, 0, 1e-9, 0}, wide));  // the tolerance is on the singular value
    CHECK_FALSE(in<set::rank_at_most<1>>({1, 0, 0, 0, 2e-9, 0}, wide));
    CHECK(in<set::rank_at_most<2>>({1, 2, 3, 2, 4, 7}, wide));
    CHECK(in<set::rank_at_most<7>>({1, 2, 3, 2, 4, 7}, wide));
}

TEST_CASE("sets: unit lengths and angles") {
    double const c = std::cos(0.3), s = std::sin(0.3);
    CHECK(in<set::unit_sphere>({0.6, 0, -0.8}, three));
    CHECK(in<set::unit_sphere>({0.5, 0.5, 0.5, 0.5}, square, 0));
    CHECK_FALSE(in<set::unit_sphere>({0.6, 0.1, 0.8}, three));
    CHECK(in<set::unit_sphere>({1 + 0x1p-30, 0, 0}, three));
    CHECK_FALSE(in<set::unit_sphere>({0, 0, 0}, three));
    CHECK(in<set::unit_rows>({1, 0, 0.6, 0.8}, square));
    CHECK_FALSE(in<set::unit_rows>({1, 0.6, 0, 0.8}, square));
    CHECK_FALSE(in<set::unit_rows>({0.5, 0.5, 0.5, 0.5}, square));
    CHECK(in<set::orthogonal>({c, s, s, -c}, square));
    CHECK_FALSE(in<set::special_orthogonal>({c, s, s, -c}, square));
    CHECK(in<set::special_orthogonal>({c, -s, s, c}, square));
    CHECK(in<set::special_orthogonal>({0, 1, 0, 0, 0, 1, 1, 0, 0}, {2, {3, 3}}, 0));  // an even permutation
    CHECK_FALSE(in<set::special_orthogonal>({0, 1, 0, 1, 0, 0, 0, 0, 1}, {2, {3, 3}}, 0));
    CHECK_FALSE(in<set::orthogonal>({c, s, s, c}, square));
    CHECK_FALSE(in<set::orthogonal>({1, 0, 0, 0, 1, 0}, wide));
    CHECK(in<set::stiefel>({1, 0, 0, 0, 0.6, 0.8}, wide));
    CHECK(in<set::stiefel>({1, 0, 0, 0.6, 0, 0.8}, tall));
    CHECK_FALSE(in<set::stiefel>({1, 0, 0, 1, 1, 0}, tall));
    CHECK(in_float<set::orthogonal>({0.6f, 0.8f, 0.8f, -0.6f}, square, 1e-6));
    CHECK_FALSE(in_float<set::orthogonal>({0.6f, 0.8f, 0.8f, -0.6f}, square, 1e-12));
}

TEST_CASE("sets: vectors along the last axis") {
    CHECK(in<set::simplex>({0.25, 0.25, 0.5}, three, 0));
    CHECK(in<set::simplex>({0.25, 0.75, 1, 0}, square, 0));
    CHECK_FALSE(in<set::simplex>({0.25, 1, 0.75, 0}, square));
    CHECK(in<set::simplex>({-1e-10, 1, 0}, three));
    CHECK_FALSE(in<set::simplex>({-0.1, 1.1, 0}, three));
    CHECK_FALSE(in<set::simplex>({0.5, 0.4, 0}, three));
    CHECK_FALSE(in<set::simplex>({1}, {}));  // no axis
    CHECK(in<set::ordered>({-1, 2, 3}, three));
    CHECK(in<set::ordered>({2, 3, 0, 1}, square));
    CHECK_FALSE(in<set::ordered>({1, 2, 2}, three));
    CHECK_FALSE(in<set::ordered>({1, 2, 2}, three, 1));  // strict, whatever the tolerance
    CHECK(in<set::ordered>({7}, {1, {1}}));
}

TEST_CASE("sets: one without a condition of its own asks those it is within") {
    CHECK(in<stochastic_and_ordered>({0.1, 0.2, 0.7}, three));
    CHECK_FALSE(in<stochastic_and_ordered>({0.2, 0.1, 0.7}, three));
    CHECK_FALSE(in<stochastic_and_ordered>({0.1, 0.2, 0.3}, three));
}

TEST_CASE("sets: small numbers are judged as large ones are") {
    for (double const e : {1e-300, 1e-30, 1e-5, 0.5}) {
        CHECK_FALSE(in<set::symmetric>({e, e, -e, e}, square, 1e-4));
        CHECK_FALSE(in<set::skew>({e, e, e, e}, square, 1e-4));
        CHECK_FALSE(in<set::lower_triangular>({e, e, e, e}, square, 1e-4));
        CHECK_FALSE(in<set::upper_triangular>({e, e, e, e}, square, 1e-4));
        CHECK_FALSE(in<set::diagonal>({e, e, 0, e}, square, 1e-4));
        CHECK_FALSE(in<set::nonnegative>({e, -e / 2, e}, three, 1e-4));
        CHECK_FALSE(in<set::positive_semidefinite>({e, 0, 0, -e / 2}, square, 1e-4));
        CHECK_FALSE(in<set::rank_at_most<1>>({e, 0, 0, e}, square, 1e-4));
        double const slack = 0.5e-4 * e;
        CHECK(in<set::symmetric>({e, e, e + slack, e}, square, 1e-4));
        CHECK(in<set::skew>({0, e, slack - e, 0}, square, 1e-4));
        CHECK(in<set::lower_triangular>({e, slack, e, e}, square, 1e-4));
        CHECK(in<set::nonnegative>({e, -slack, e}, three, 1e-4));
        CHECK(in<set::rank_at_most<1>>({e, 0, 0, slack}, square, 1e-4));
        // Of a stack, each matrix by itself.
        CHECK_FALSE(in<set::symmetric>({1, 2, 2, 1, e * 1e-9, e * 1e-9, 0, 0}, pm::extents{3, {2, 2, 2}}, 1e-4));
    }
    CHECK_FALSE(in<set::interval<0, 1>>({1.1}, pm::extents{1, {1}}, 1e-4));
    CHECK(in<set::symmetric>({0, 0, 0, 0}, square, 1e-4));
    CHECK_FALSE(in<set::simplex>({0.1, 0.1, 0.1}, three, 1e-4));
}

TEST_CASE("sets: a tensor without elements is judged by the definition") {
    double const* const none = nullptr;
    pm::extents const no_rows{2, {0, 3}}, empty_rows{2, {3, 0}}, empty{1, {0}}, square{2, {0, 0}}, stack{3, {0, 2, 2}};
    // No row, so each row is of the set.
    CHECK((pm::contains<set::simplex>(none, no_rows, 0) && pm::contains<set::unit_rows>(none, no_rows, 0) &&
           pm::contains<set::row_stochastic>(none, no_rows, 0)));
    // Rows of no numbers, whose sum and length are 0.
    for (auto const& s : {empty_rows, empty}) {
        CHECK((!pm::contains<set::simplex>(none, s, 1e-3) && !pm::contains<set::sphere<2>>(none, s, 1e-3)));
        CHECK((pm::contains<set::sum_to_zero>(none, s, 0) && pm::contains<set::ball<2>>(none, s, 0) &&
               pm::contains<set::ordered>(none, s, 0) && pm::contains<set::positive>(none, s, 0)));
    }
    CHECK((pm::contains<set::column_stochastic>(none, empty_rows, 0) &&
           !pm::contains<set::column_stochastic>(none, no_rows, 1e-3)));
    CHECK((pm::contains<set::rank_at_most<1>>(none, no_rows, 0) && !pm::contains<set::of_rank<1>>(none, no_rows, 0)));
    CHECK((pm::contains<set::stable>(none, square, 0) && pm::contains<set::orthogonal>(none, square, 0) &&
           pm::contains<set::doubly_stochastic>(none, square, 0)));
    CHECK((pm::contains<set::of_rank<1>>(none, stack, 0) && pm::contains<set::spd>(none, stack, 0) &&
           pm::contains<set::column_stochastic>(none, stack, 0)));
}
TEST_CASE("sets: eigenvalues of matrices of any size, and of products that would overflow") {
    pm::extents const two{2, {2, 2}};
    auto const in = [&]<class Set>(Set, double a, double b, double c, double d) {
        double const x[]{a, b, c, d};
        return pm::contains<Set>(x, two, 0);
    };
    set::stable const stable;
    CHECK((in(stable, 0, 1e308, 0, 0) && in(stable, 0, 5, 0, 0) && in(stable, 0.5, 1e80, 0, 0.25) &&
           in(stable, 0.9, 5, 0, 1e-200)));
    CHECK((!in(stable, 0, 1e308, 1e-307, 0) && !in(stable, 1e308, 1e308, 1e308, 1e308) && !in(stable, 1, 1e200, 0, 0)));
    CHECK((!in(stable, 1, 1, 0, 1) && !in(stable, 0, -1, 1, 0) && in(stable, 1 - 1e-9, 1, 0, 1 - 1e-9) &&
           in(stable, 1e-310, 0, 0, -1e-310)));
    set::hurwitz const hurwitz;
    CHECK((in(hurwitz, -1e308, 1e308, -1e308, -1e308) && in(hurwitz, -1e-310, 0, 0, -1e-310)));
    CHECK((!in(hurwitz, 1e308, 0, 0, -1) && !in(hurwitz, 0, 1e308, -1e308, 0)));
    constexpr double coupled[]{0, 1e308, 0, 0};
    static_assert(pm::contains<set::stable>(coupled, pm::extents{2, {2, 2}}, 0));
}
