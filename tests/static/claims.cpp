// What every ready-made parametrization declares, tried by the compiler: its set and its grade of inverse.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/paramorph.hpp"

namespace {

using namespace paramorph::param;
using paramorph::chain, paramorph::parametrization, paramorph::right_invertible, paramorph::round_trips,
    paramorph::shape;

static_assert(round_trips<almost_orthogonal<0.5>, shape<2, 3>>());
static_assert(round_trips<ball<2>, shape<2, 3>>());
static_assert(round_trips<banded<1, 0>, shape<3, 4>>());
static_assert(round_trips<binary<>, shape<2, 4>>());
static_assert(round_trips<block_diagonal<2>, shape<4, 6>>());
static_assert(round_trips<chain<skew, cayley>, shape<3, 3>>());
static_assert(round_trips<cholesky_factor_corr, shape<3, 3>>());
static_assert(round_trips<cholesky_factor_cov, shape<2, 2>>());
static_assert(round_trips<circulant_matrix, shape<3, 3>>());
static_assert(round_trips<codebook<3>, shape<2, 3>>());
static_assert(round_trips<column_stochastic, shape<3, 2>>());
static_assert(round_trips<contracting<2>, shape<3, 2>>());
static_assert(round_trips<corr_matrix, shape<3, 3>>());
static_assert(round_trips<cov_matrix, shape<2, 2>>());
static_assert(round_trips<diagonal_matrix, shape<3, 3>>());
static_assert(round_trips<doubly_stochastic, shape<3, 3>>());
static_assert(round_trips<exponential, shape<3>>());
static_assert(round_trips<fake_quantize<4>, shape<2, 3>>());
static_assert(round_trips<fixed_rank<1>, shape<2, 3>>());
static_assert(round_trips<grassmannian<>, shape<3, 2>>());
static_assert(round_trips<hadamard_diagonal, shape<4, 4>>());
static_assert(round_trips<hurwitz, shape<2, 2>>());
static_assert(round_trips<ilr_simplex, shape<2, 3>>());
static_assert(round_trips<interval<-1, 2>, shape<3>>());
static_assert(round_trips<interval<per_element, per_element>, shape<3>>());
static_assert(round_trips<invertible, shape<2, 2>>());
static_assert(round_trips<kronecker<2, 1>, shape<4, 3>>());
static_assert(round_trips<learned_fake_quantize<4, 0>, shape<2, 3>>());
static_assert(round_trips<lipschitz<2>, shape<2, 3>>());
static_assert(round_trips<lora<1>, shape<2, 3>>());
static_assert(round_trips<low_rank<1>, shape<2, 3>>());
static_assert(round_trips<lower<-1>, shape<3>>());
static_assert(round_trips<lower<per_element>, shape<3>>());
static_assert(round_trips<lower_triangular, shape<3, 2>>());
static_assert(round_trips<mask, shape<2, 3>>());
static_assert(round_trips<offset_multiplier<1, 3>, shape<3>>());
static_assert(round_trips<offset_multiplier<per_element, per_element>, shape<3>>());
static_assert(round_trips<operator_norm<>, shape<2, 2, 2>>());
static_assert(round_trips<ordered, shape<2, 3>>());
static_assert(round_trips<orthogonal<>, shape<3, 2>>());
static_assert(round_trips<packed<lower_triangular>, shape<3, 3>>());
static_assert(round_trips<packed<skew>, shape<3, 3>>());
static_assert(round_trips<packed<symmetric>, shape<3, 3>>());
static_assert(round_trips<passive, shape<2, 2>>());
static_assert(round_trips<permutation_equivariant<2>, shape<4, 6>>());
static_assert(round_trips<permuted<0, 2, 0, 1>, shape<3, 2>>());
static_assert(round_trips<positive, shape<3>>());
static_assert(round_trips<positive_definite, shape<2, 2>>());
static_assert(round_trips<positive_ordered, shape<3>>());
static_assert(round_trips<positive_semidefinite<1>, shape<2, 2>>());
static_assert(round_trips<positive_semidefinite<>, shape<2, 2>>());
static_assert(round_trips<positive_semidefinite_fixed_rank<1>, shape<2, 2>>());
static_assert(
    round_trips<product<paramorph::rows<0, 1, ilr_simplex>, paramorph::rows<1, 3, sphere<2>>>, shape<3, 2>>());
static_assert(round_trips<product<paramorph::rows<0, 1, mask>, paramorph::rows<1, 3, weight_norm<>>>, shape<3, 2>>());
static_assert(round_trips<pruned<2, 4>, shape<2, 4>>());
static_assert(round_trips<row_stochastic, shape<2, 3>>());
static_assert(round_trips<scale<2>, shape<3>>());
static_assert(round_trips<simplex, shape<2, 3>>());
static_assert(round_trips<skew, shape<3, 3>>());
static_assert(round_trips<special_linear, shape<2, 2>>());
static_assert(round_trips<spectral_norm<>, shape<2, 3>>());
static_assert(round_trips<sphere<2>, shape<2, 3>>());
static_assert(round_trips<square_orthogonal<orthogonal_map::cayley, without_base>, shape<2, 2>>());
static_assert(round_trips<stable, shape<2, 2>>());
static_assert(round_trips<sum_to_zero, shape<3>>());
static_assert(round_trips<sum_to_zero_matrix, shape<3, 4>>());
static_assert(round_trips<symmetric, shape<3, 3>>());
static_assert(round_trips<ternary<0>, shape<2, 4>>());
static_assert(round_trips<toeplitz_matrix<3>, shape<3, 2>>());
static_assert(round_trips<unit_norm, shape<2, 3>>());
static_assert(round_trips<upper<2>, shape<3>>());
static_assert(round_trips<upper<per_element>, shape<3>>());
static_assert(round_trips<upper_triangular, shape<3, 2>>());
static_assert(round_trips<weight_norm<>, shape<2, 3>>());

// Those that are used behind another stage, or have no right inverse at some shape.
static_assert(parametrization<almost_orthogonal_lipschitz, shape<3, 4>>);
static_assert(parametrization<cayley, shape<3, 3>>);
static_assert(parametrization<low_rank<2>, shape<3, 4>>);
static_assert(parametrization<sdp_lipschitz, shape<3, 4>>);
static_assert(parametrization<orthogonal<orthogonal_map::cayley, without_base>, shape<3, 2>>);
static_assert(!right_invertible<orthogonal<orthogonal_map::cayley, without_base>, shape<3, 2>>);

// What stages declare.
static_assert(paramorph::has_right_inverse<symmetric, shape<3, 3>>);
static_assert(!paramorph::has_right_inverse<almost_orthogonal_lipschitz, shape<3, 4>>);
static_assert(paramorph::stage_grade<symmetric, shape<3, 3>>() == paramorph::grade::right);
static_assert(std::is_same_v<paramorph::state_of<symmetric, shape<3, 3>>, paramorph::states<>>);
static_assert(std::is_same_v<positive_semidefinite<any_rank>, positive_semidefinite<>>);

// A user's own that reads one triangle, packed.
struct strictly_lower {
    using codomain = paramorph::set::lower_triangular;
    static constexpr auto forward(auto x) { return paramorph::tril<-1>(x); }
    static constexpr auto right_inverse(auto a) { return paramorph::tril<-1>(a); }
};

}  // namespace

template <>
inline constexpr triangle paramorph::param::free_triangle<strictly_lower>{-1, -1};
static_assert(round_trips<packed<strictly_lower>, shape<3, 3>>());
