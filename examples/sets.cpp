// Sets of tensors: what is within what, which the compiler decides, and which sets a given matrix is an element of,
// which a table shows. Exit status 0 if it is right.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <string_view>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
namespace set = pm::set;

// Inclusion, from what the sets say of each other.
static_assert(pm::subset<set::special_orthogonal, set::orthogonal> && pm::subset<set::orthogonal, set::stiefel>);
static_assert(pm::subset<set::orthogonal, set::invertible> && !pm::subset<set::invertible, set::orthogonal>);
static_assert(pm::subset<set::spd, set::positive_semidefinite> && pm::subset<set::spd, set::passive>);
static_assert(pm::subset<set::correlation, set::spd> && pm::subset<set::correlation_factor, set::cholesky_factor>);
static_assert(pm::subset<set::positive_ordered, set::ordered> && pm::subset<set::positive_ordered, set::positive>);
static_assert(pm::subset<set::doubly_stochastic, set::row_stochastic> &&
              pm::subset<set::doubly_stochastic, set::column_stochastic> &&
              pm::subset<set::row_stochastic, set::simplex> && !pm::subset<set::simplex, set::row_stochastic>);
static_assert(pm::subset<set::circulant, set::toeplitz> && pm::subset<set::special_linear, set::positive_determinant>);
static_assert(pm::subset<set::sum_to_zero_matrix, set::sum_to_zero> && pm::subset<set::dyadic, set::symmetric>);
// Families, by their numbers.
static_assert(pm::subset<set::sphere<1>, set::ball<2>> && !pm::subset<set::ball<2>, set::ball<1>>);
static_assert(pm::subset<set::interval<0, 1>, set::at_least<0>> && pm::subset<set::interval<0, 1>, set::at_most<3>>);
static_assert(pm::subset<set::of_rank<2>, set::rank_at_most<3>>);
static_assert(pm::subset<set::banded<0, 1>, set::banded<1, 1>>);
static_assert(pm::subset<set::almost_orthogonal<1>, set::contraction<2>>);
static_assert(pm::subset<set::positive_semidefinite_of_rank<1>, set::positive_semidefinite_rank_at_most<2>>);
static_assert(pm::subset<set::two_values<0>, set::three_values<0>>);

// A set of one's own: what it is within; an element of all of those is one of it.
struct even_permutations {
    using within = set::list<set::special_orthogonal, set::doubly_stochastic>;
};
static_assert(pm::subset<even_permutations, set::stiefel> && pm::subset<even_permutations, set::column_stochastic>);
// Membership is asked of the elements in row-major order, up to a tolerance; the compiler answers as well.
constexpr double cycle[]{0, 1, 0, 0, 0, 1, 1, 0, 0}, swap[]{0, 1, 0, 1, 0, 0, 0, 0, 1};
static_assert(pm::contains<even_permutations>(cycle, pm::shape<3, 3>::value, 0));
static_assert(!pm::contains<even_permutations>(swap, pm::shape<3, 3>::value, 0));

// The elements that tell elements of a set apart, its chart: a symmetric matrix is its upper triangle, a vector that
// sums to one all but its last number. Densities are over them.
static_assert(pm::in_chart<set::symmetric>(pm::shape<2, 2>::value, 1) !=
              pm::in_chart<set::symmetric>(pm::shape<2, 2>::value, 2));
static_assert(pm::in_chart<set::simplex>(pm::shape<3>::value, 1) &&
              !pm::in_chart<set::simplex>(pm::shape<3>::value, 2));

constexpr char const* matrices = "identity, a turn, (2 1; 1 2), (0 3; 0 0), (1 1; 1 1)";
constexpr double of[5][4]{{1, 0, 0, 1}, {0, -1, 1, 0}, {2, 1, 1, 2}, {0, 3, 0, 0}, {1, 1, 1, 1}};

bool good = true;
template <class Set>
void show(std::string_view expected) {
    std::printf("%-34s", std::string(pm::set_name<Set>()).c_str());
    for (std::size_t k = 0; k < expected.size(); ++k) {
        bool const element = pm::contains<Set>(of[k], pm::shape<2, 2>::value, 1e-12);
        std::printf(" %s", element ? "x" : ".");
        good = good && element == (expected[k] == 'x');
    }
    std::printf("\n");
}

int main() {
    std::printf("%s\n", matrices);
    show<set::nonzero>("..x.x");
    show<set::nonnegative>("x.xxx");
    show<set::interval<-1, 1>>("xx..x");
    show<set::symmetric>("x.x.x");
    show<set::lower_triangular>("x....");
    show<set::upper_triangular>("x..x.");
    show<set::diagonal>("x....");
    show<set::skew>(".x...");
    show<set::invertible>("xxx..");
    show<set::spd>("x.x..");
    show<set::positive_semidefinite>("x.x.x");
    show<set::rank_at_most<1>>("...xx");
    show<set::unit_rows>("xx...");
    show<set::unit_sphere>(".....");
    show<set::special_orthogonal>("xx...");
    show<set::special_linear>("xx...");
    show<set::contraction<2>>("xx..x");
    show<set::passive>("x.x..");
    show<set::stable>("...x.");
    show<set::hurwitz>(".....");
    show<set::correlation>("x....");
    show<set::correlation_factor>("x....");
    show<set::doubly_stochastic>("x....");
    show<set::toeplitz>("xxxxx");
    show<set::circulant>("x.x.x");
    show<set::block_diagonal<2>>("x....");
    show<set::permutation_equivariant<2>>("x.x.x");
    show<set::pruned<1, 2>>("xx.x.");
    show<set::values_at_most<2>>("x.xxx");
    show<set::two_values<-1>>("....x");
    show<set::three_values<-1>>("xx.xx");
    return good ? 0 : 1;
}
