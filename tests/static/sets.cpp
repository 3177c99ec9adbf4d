// Sets: which contains which, a user's own set and family, membership in constant evaluation.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/parametrize/sets.hpp"

namespace pm = paramorph;
namespace set = pm::set;

namespace {

using pm::subset;

// Inclusion, directly and through other sets.
static_assert(subset<set::positive, set::nonnegative> && subset<set::positive, set::nonzero>);
static_assert(subset<set::diagonal, set::lower_triangular> && subset<set::diagonal, set::symmetric>);
static_assert(subset<set::spd, set::positive_semidefinite> && subset<set::spd, set::symmetric>);
static_assert(subset<set::spd, set::invertible> && subset<set::spd, set::real>);
static_assert(subset<set::special_orthogonal, set::orthogonal> && subset<set::special_orthogonal, set::stiefel>);
static_assert(subset<set::orthogonal, set::unit_rows> && subset<set::special_orthogonal, set::invertible>);
static_assert(subset<set::simplex, set::nonnegative> && subset<set::simplex, set::interval<0, 1>>);
static_assert(subset<set::unit_sphere, set::interval<-1, 1>> && subset<set::orthogonal, set::interval<-2, 1>>);
static_assert(subset<set::real, set::real> && subset<set::ordered, set::ordered>);

// What is not included.
static_assert(!subset<set::real, set::nonzero> && !subset<set::nonnegative, set::positive>);
static_assert(!subset<set::nonnegative, set::nonzero> && !subset<set::nonzero, set::nonnegative>);
static_assert(!subset<set::symmetric, set::skew> && !subset<set::skew, set::symmetric>);
static_assert(!subset<set::lower_triangular, set::upper_triangular> && !subset<set::symmetric, set::diagonal>);
static_assert(!subset<set::positive_semidefinite, set::spd> && !subset<set::invertible, set::spd>);
static_assert(!subset<set::positive_semidefinite, set::positive>, "its elements may be negative");
static_assert(!subset<set::stiefel, set::orthogonal> && !subset<set::orthogonal, set::special_orthogonal>);
static_assert(!subset<set::stiefel, set::unit_rows>, "a tall one has columns of length 1");
static_assert(!subset<set::unit_rows, set::unit_sphere> && !subset<set::simplex, set::positive>);

// Families.
static_assert(subset<set::interval<1, 2>, set::interval<0, 3>> && subset<set::interval<1, 2>, set::interval<1, 2>>);
static_assert(!subset<set::interval<0, 3>, set::interval<1, 2>> && !subset<set::interval<0, 3>, set::interval<1, 4>>);
static_assert(subset<set::interval<1, 2>, set::positive> && subset<set::interval<1, 2>, set::nonzero>);
static_assert(subset<set::interval<0, 2>, set::nonnegative> && !subset<set::interval<0, 2>, set::positive>);
static_assert(!subset<set::interval<0, 2>, set::nonzero> && subset<set::interval<-2, -1>, set::nonzero>);
static_assert(!subset<set::interval<-2, -1>, set::nonnegative> && subset<set::interval<-2, -1>, set::real>);
static_assert(!subset<set::interval<0, 1>, set::simplex> && !subset<set::positive, set::interval<0, 1000>>);
static_assert(subset<set::rank_at_most<1>, set::rank_at_most<2>>);
static_assert(!subset<set::rank_at_most<2>, set::rank_at_most<1>> && subset<set::rank_at_most<2>, set::real>);
#if defined(__cpp_nontype_template_args) && __cpp_nontype_template_args >= 201911L
static_assert(subset<set::interval<0.25, 0.5>, set::interval<0, 1>> && subset<set::interval<0.25, 0.5>, set::positive>);
static_assert(!subset<set::interval<0, 1>, set::interval<0.25, 0.5>>);
static_assert(subset<set::interval<0.0, 1.0>, set::interval<0, 1>> &&
              subset<set::interval<0, 1>, set::interval<0.0, 1.0>>);
#endif

// Lengths, singular values and elements: rows are no longer than the largest singular value, elements no larger.
static_assert(subset<set::sphere<2>, set::ball<2>> && subset<set::ball<1>, set::ball<2>>);
static_assert(!subset<set::ball<2>, set::ball<1>> && !subset<set::ball<2>, set::sphere<2>>);
static_assert(subset<set::ball<2>, set::interval<-2, 2>> && subset<set::sphere<2>, set::at_least<-2>>);
static_assert(!subset<set::ball<2>, set::interval<-1, 2>> && !subset<set::interval<-1, 1>, set::ball<1>>);
static_assert(subset<set::stiefel, set::contraction<1>> && subset<set::stiefel, set::ball<1>>);
static_assert(!subset<set::contraction<1>, set::stiefel> && !subset<set::ball<1>, set::contraction<1>>);
static_assert(subset<set::contraction<1>, set::ball<1>> && subset<set::contraction<2>, set::interval<-2, 3>>);
static_assert(!subset<set::contraction<2>, set::contraction<1>> && !subset<set::contraction<2>, set::ball<1>>);
static_assert(subset<set::special_orthogonal, set::almost_orthogonal<0>> &&
              subset<set::orthogonal, set::contraction<3>>);
static_assert(!subset<set::stiefel, set::almost_orthogonal<0>>, "the matrices of a stack, one by one, need not be");
static_assert(subset<set::almost_orthogonal<1>, set::contraction<2>> &&
              !subset<set::almost_orthogonal<1>, set::contraction<1>> &&
              subset<set::almost_orthogonal<1>, set::ball<2>>);
static_assert(!subset<set::unit_sphere, set::ball<1>> && !subset<set::unit_sphere, set::sphere<1>>,
              "a number alone has no rows");
static_assert(subset<set::unit_sphere, set::interval<-1, 1>> && subset<set::simplex, set::ball<1>>);
static_assert(subset<set::doubly_stochastic, set::contraction<1>> && !subset<set::row_stochastic, set::contraction<1>>);
static_assert(subset<set::cholesky_factor, set::positive_determinant> &&
              subset<set::correlation_factor, set::invertible>);
static_assert(subset<set::diagonal, set::banded<0, 1>> && !subset<set::banded<0, 0>, set::diagonal>, "not square");
static_assert(subset<set::of_rank<2>, set::rank_at_most<3>> && !subset<set::of_rank<2>, set::of_rank<3>>);
static_assert(subset<set::positive_semidefinite_of_rank<2>, set::positive_semidefinite_rank_at_most<3>> &&
              subset<set::positive_semidefinite_of_rank<2>, set::rank_at_most<2>>);
static_assert(subset<set::two_values<-1>, set::values_at_most<2>> &&
                  !subset<set::two_values<0>, set::values_at_most<2>>,
              "along an axis each slice has a scale of its own");
static_assert(subset<set::three_values<-1>, set::values_at_most<3>> &&
              !subset<set::three_values<-1>, set::values_at_most<2>>);

// A user's own sets: one that is what its `within` say, one with a condition of its own, and a family.
struct rotations {
    using within = set::list<set::orthogonal>;
};
struct signed_permutations {
    using within = set::list<set::symmetric, rotations>;
};
struct even {
    using within = set::list<set::interval<2, 8>>;
    static constexpr std::string_view name = "even numbers";
    template <class T>
    static constexpr bool contains(T const* x, pm::extents const& shape, double) {
        for (int i = 0; i < shape.size(); ++i)
            if (static_cast<int>(x[i]) % 2 != 0) return false;
        return true;
    }
};
template <int N>
struct at_most;
template <class Set>
constexpr int limit = 0;
template <int N>
constexpr int limit<at_most<N>> = N;
template <int N>
struct at_most {
    using within = set::list<set::real>;
    template <class B>
    static constexpr bool inside = N <= limit<B>;
};
static_assert(subset<signed_permutations, set::stiefel> && subset<signed_permutations, set::symmetric>);
static_assert(!subset<signed_permutations, set::skew> && !subset<set::orthogonal, rotations>);
static_assert(subset<even, set::positive> && subset<even, set::interval<0, 10>> && !subset<even, set::interval<3, 9>>);
static_assert(subset<at_most<1>, at_most<2>> && !subset<at_most<2>, at_most<1>> && !subset<at_most<1>, even>);

// Names.
static_assert(pm::set_name<set::spd>() == "spd" && pm::set_name<even>() == "even numbers");
static_assert(pm::set_name<rotations>() == "rotations" && pm::set_name<at_most<3>>() == "at_most<3>");
static_assert(pm::set_name<set::interval<-1, 1>>() == "interval<-1, 1>");
static_assert(pm::set_name<set::rank_at_most<2>>() == "rank_at_most<2>");

// Membership in constant evaluation.
template <class Set, class T, int N>
constexpr bool holds(T const (&x)[N], pm::extents const& shape, double tolerance = 1e-12) {
    return pm::contains<Set>(x, shape, tolerance);
}
constexpr pm::extents square{2, {2, 2}};
constexpr double turn[]{0.6, -0.8, 0.8, 0.6}, mirror[]{0.6, 0.8, 0.8, -0.6}, ones[]{1, 1, 1, 1};
static_assert(holds<set::special_orthogonal>(turn, square) && holds<rotations>(turn, square));
static_assert(holds<set::orthogonal>(mirror, square) && !holds<set::special_orthogonal>(mirror, square));
static_assert(holds<signed_permutations>(mirror, square) && !holds<signed_permutations>(turn, square));
static_assert(holds<set::rank_at_most<1>>(ones, square) && !holds<set::rank_at_most<1>>(turn, square));
static_assert(holds<set::positive_semidefinite>(ones, square) && !holds<set::spd>(ones, square));
static_assert(!holds<set::invertible>(ones, square) && holds<set::invertible>(turn, square));
constexpr float few[]{2, 4, 6}, odd[]{2, 4, 5}, many[]{2, 4, 600};
static_assert(holds<even>(few, {1, {3}}) && !holds<even>(odd, {1, {3}}));
static_assert(holds<even>(many, {1, {3}}), "a set that says what it contains is not asked for more");
static_assert(holds<set::ordered>(few, {1, {3}}) && holds<set::ordered>(few, {2, {3, 1}}));
constexpr double signs[]{2, -2, -2, 2}, gaps[]{2, 0, -2, 0}, third[]{2, 1, -2, 0};
static_assert(holds<set::two_values<-1>>(signs, square) && !holds<set::two_values<-1>>(gaps, square));
static_assert(holds<set::three_values<-1>>(gaps, square) && !holds<set::three_values<-1>>(third, square));
static_assert(holds<set::values_of_scale<0, true>>(gaps, square) &&
              !holds<set::values_of_scale<0, false>>(gaps, square));
static_assert(holds<set::positive_semidefinite_of_rank<1>>(ones, square));
static_assert(!holds<set::positive_semidefinite_of_rank<2>>(ones, square));

// The coordinates of a chart: of rows of a simplex all but the last, of a symmetric matrix a triangle, else all.
static_assert(pm::in_chart<set::simplex>(square, 2) && !pm::in_chart<set::simplex>(square, 3));
static_assert(pm::in_chart<set::symmetric>(square, 1) != pm::in_chart<set::symmetric>(square, 2));
static_assert(pm::in_chart<set::real>(square, 3));

}  // namespace
