// `formulas double NAME ROWS COLUMNS`: what formulas.py has a formula for, by the interpreter in double; the protocol
// is that of ready_made.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/almost_orthogonal.hpp>
#include <paramorph/param/almost_orthogonal_lipschitz.hpp>
#include <paramorph/param/ball.hpp>
#include <paramorph/param/doubly_stochastic.hpp>
#include <paramorph/param/fixed_rank.hpp>
#include <paramorph/param/hadamard_diagonal.hpp>
#include <paramorph/param/operator_norm.hpp>
#include <paramorph/param/passive.hpp>
#include <paramorph/param/positive_determinant.hpp>
#include <paramorph/param/positive_semidefinite.hpp>
#include <paramorph/param/sphere.hpp>

#include "ready_made.hpp"

namespace {

namespace pm = paramorph;
namespace param = pm::param;

template <class P, int... Extents>
bool serve_one(bool asked) {
    if (asked) ready_made::serve<double, P, pm::shape<Extents...>>();
    return asked;
}

}  // namespace

int main(int count, char** words) {
    if (count != 5) return 2;
    std::string_view const name = words[2];
    int const rows = std::atoi(words[3]), columns = std::atoi(words[4]);
    auto const is = [&](char const* called, int m, int n) { return name == called && rows == m && columns == n; };
    bool const known =
        serve_one<param::fixed_rank<2>, 4, 3>(is("fixed_rank", 4, 3)) ||
        serve_one<param::fixed_rank<2>, 2, 3>(is("fixed_rank", 2, 3)) ||
        serve_one<param::almost_orthogonal<0.5>, 3, 3>(is("almost_orthogonal", 3, 3)) ||
        serve_one<param::almost_orthogonal<0.5>, 1, 3>(is("almost_orthogonal", 1, 3)) ||
        serve_one<param::invertible, 3, 3>(is("invertible", 3, 3)) ||
        serve_one<param::special_linear, 3, 3>(is("special_linear", 3, 3)) ||
        serve_one<param::positive_definite, 3, 3>(is("positive_definite", 3, 3)) ||
        serve_one<param::positive_semidefinite<2>, 4, 4>(is("positive_semidefinite", 4, 4)) ||
        serve_one<param::positive_semidefinite_fixed_rank<1>, 3, 3>(is("fixed_rank_semidefinite", 3, 3)) ||
        serve_one<param::sphere<3>, 2, 3>(is("sphere", 2, 3)) || serve_one<param::ball<3>, 2, 3>(is("ball", 2, 3)) ||
        serve_one<param::passive, 3, 3>(is("passive", 3, 3)) ||
        serve_one<param::doubly_stochastic, 3, 3>(is("doubly_stochastic", 3, 3)) ||
        serve_one<param::doubly_stochastic, 2, 2>(is("doubly_stochastic", 2, 2)) ||
        serve_one<param::sum_to_zero_matrix, 3, 4>(is("sum_to_zero_matrix", 3, 4)) ||
        serve_one<param::hadamard_diagonal, 4, 4>(is("hadamard_diagonal", 4, 4)) ||
        serve_one<param::almost_orthogonal_lipschitz, 3, 2>(is("almost_orthogonal_lipschitz", 3, 2)) ||
        serve_one<param::almost_orthogonal_lipschitz, 2, 3>(is("almost_orthogonal_lipschitz", 2, 3)) ||
        serve_one<param::operator_norm<>, 3, 2>(is("operator_norm", 3, 2));
    return known ? 0 : 2;
}
