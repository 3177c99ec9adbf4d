// What the types say of every ready-made parametrization, for parametrizations.py: a line each of name, header,
// domain, set, grade, originals, shape and state, separated by tabs. Names are the code itself, as users write it.
// Shapes are those of a small example, with letters for numbers.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <paramorph/param/almost_orthogonal.hpp>
#include <paramorph/param/almost_orthogonal_lipschitz.hpp>
#include <paramorph/param/ball.hpp>
#include <paramorph/param/cayley.hpp>
#include <paramorph/param/cholesky_factor_corr.hpp>
#include <paramorph/param/cholesky_factor_cov.hpp>
#include <paramorph/param/codebook.hpp>
#include <paramorph/param/contracting.hpp>
#include <paramorph/param/corr_matrix.hpp>
#include <paramorph/param/cov_matrix.hpp>
#include <paramorph/param/doubly_stochastic.hpp>
#include <paramorph/param/exponential.hpp>
#include <paramorph/param/fake_quantize.hpp>
#include <paramorph/param/fixed_rank.hpp>
#include <paramorph/param/grassmannian.hpp>
#include <paramorph/param/hadamard_diagonal.hpp>
#include <paramorph/param/ilr_simplex.hpp>
#include <paramorph/param/interval.hpp>
#include <paramorph/param/lipschitz.hpp>
#include <paramorph/param/lora.hpp>
#include <paramorph/param/low_rank.hpp>
#include <paramorph/param/lower.hpp>
#include <paramorph/param/mask.hpp>
#include <paramorph/param/offset_multiplier.hpp>
#include <paramorph/param/operator_norm.hpp>
#include <paramorph/param/ordered.hpp>
#include <paramorph/param/orthogonal.hpp>
#include <paramorph/param/packed.hpp>
#include <paramorph/param/passive.hpp>
#include <paramorph/param/permuted.hpp>
#include <paramorph/param/positive.hpp>
#include <paramorph/param/positive_determinant.hpp>
#include <paramorph/param/positive_ordered.hpp>
#include <paramorph/param/positive_semidefinite.hpp>
#include <paramorph/param/product.hpp>
#include <paramorph/param/pruned.hpp>
#include <paramorph/param/scale.hpp>
#include <paramorph/param/sdp_lipschitz.hpp>
#include <paramorph/param/simplex.hpp>
#include <paramorph/param/skew.hpp>
#include <paramorph/param/spectral_norm.hpp>
#include <paramorph/param/sphere.hpp>
#include <paramorph/param/stable.hpp>
#include <paramorph/param/stochastic.hpp>
#include <paramorph/param/structured.hpp>
#include <paramorph/param/sum_to_zero.hpp>
#include <paramorph/param/symmetric.hpp>
#include <paramorph/param/ternary.hpp>
#include <paramorph/param/triangular.hpp>
#include <paramorph/param/unit_norm.hpp>
#include <paramorph/param/upper.hpp>
#include <paramorph/param/weight_norm.hpp>
#include <string>

namespace pm = paramorph;

namespace {

constexpr int m = 11, n = 7;

std::string letters(int size) {
    switch (size) {
        case m:
            return "m";
        case n:
            return "n";
        case m - 1:
            return "m - 1";
        case n - 1:
            return "n - 1";
        case n*(n + 1) / 2:
            return "n (n + 1) / 2";
        case m + n - 1:
            return "m + n - 1";
        case 2 * m:
            return "2 m";
        case 2 * n:
            return "2 n";
        case n*(n - 1) / 2:
            return "n (n - 1) / 2";
        default:
            return std::to_string(size);
    }
}
std::string text(pm::extents const& shape) {
    std::string all = "[";
    for (int k = 0; k < shape.rank; ++k) all += (k > 0 ? ", " : "") + letters(shape.d[k]);
    return all + "]";
}
char const* text(pm::grade g) {
    switch (g) {
        case pm::grade::none:
            return "none";
        case pm::grade::on_image:
            return "on_image";
        case pm::grade::right:
            return "right";
        default:
            return "bijective";
    }
}

// Of P on tensors of the shape; `name` is how a user writes it, `header` its file.
template <class P, class Shape>
void row(std::string const& name, std::string const& header) {
    using traits = pm::chain_traits<pm::chain<P>, Shape>;
    std::string originals, states;
    [&]<int... K>(std::integer_sequence<int, K...>) {
        ((originals += (K > 0 ? ", " : "") + text(traits::template original_shape<K>::value)), ...);
    }(std::make_integer_sequence<int, traits::original_count>{});
    [&]<class... State>(pm::states<State...>) {
        ((states += (states.empty() ? "" : ", ") + std::string(State::name) + " " + text(State::shape_type::value)),
         ...);
    }(typename traits::state_list{});
    std::string const set(pm::set_name<pm::codomain_of<P>>());
    std::string const domain(std::is_same_v<pm::domain_of<P>, pm::set::real> ? "any"
                                                                             : pm::set_name<pm::domain_of<P>>());
    std::printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", name.c_str(), header.c_str(), domain.c_str(), set.c_str(),
                text(traits::inverse), originals.c_str(), text(Shape::value).c_str(), states.c_str());
}

}  // namespace

using namespace paramorph;
using namespace paramorph::param;

// Of a parametrization as it is written after the two lines above.
#define ROW(Shape, Header, ...) row<__VA_ARGS__, Shape>(#__VA_ARGS__, Header)

int main() {
    using matrix = shape<m, n>;
    using square = shape<n, n>;
    using large = shape<2 * m, 2 * n>;
    using sparse = shape<m, 8>;
    using dyadic = shape<8, 8>;
    using quarters = shape<4, n>;
    using short_rows = shape<m, 3>;
    ROW(matrix, "orthogonal", orthogonal<orthogonal_map::by_shape>);
    ROW(matrix, "orthogonal", orthogonal<orthogonal_map::householder>);
    ROW(matrix, "orthogonal", orthogonal<orthogonal_map::cayley>);
    ROW(matrix, "orthogonal", orthogonal<orthogonal_map::matrix_exp>);
    ROW(matrix, "orthogonal", orthogonal<orthogonal_map::householder, without_base>);
    ROW(square, "orthogonal", orthogonal<orthogonal_map::cayley, without_base>);
    ROW(square, "orthogonal", orthogonal<orthogonal_map::matrix_exp, without_base>);
    ROW(square, "orthogonal", square_orthogonal<orthogonal_map::householder>);
    ROW(square, "orthogonal", square_orthogonal<orthogonal_map::cayley, without_base>);
    ROW(matrix, "spectral_norm", spectral_norm<>);
    ROW(matrix, "operator_norm", operator_norm<>);
    ROW(matrix, "weight_norm", weight_norm<>);
    ROW(matrix, "unit_norm", unit_norm);
    ROW(square, "symmetric", symmetric);
    ROW(square, "skew", skew);
    ROW(square, "cayley", cayley);
    ROW(matrix, "triangular", upper_triangular);
    ROW(matrix, "triangular", lower_triangular);
    ROW(square, "packed", packed<symmetric>);
    ROW(square, "packed", packed<skew>);
    ROW(matrix, "positive", positive);
    ROW(matrix, "exponential", exponential);
    ROW(matrix, "interval", interval<-1, 2>);
    ROW(matrix, "interval", interval<per_element, per_element>);
    ROW(matrix, "lower", lower<-1>);
    ROW(matrix, "lower", lower<per_element>);
    ROW(matrix, "upper", upper<2>);
    ROW(matrix, "upper", upper<per_element>);
    ROW(matrix, "offset_multiplier", offset_multiplier<1, 3>);
    ROW(matrix, "offset_multiplier", offset_multiplier<per_element, per_element>);
    ROW(matrix, "scale", scale<3>);
    ROW(matrix, "ordered", ordered);
    ROW(matrix, "positive_ordered", positive_ordered);
    ROW(matrix, "sum_to_zero", sum_to_zero);
    ROW(matrix, "sum_to_zero", sum_to_zero_matrix);
    ROW(matrix, "simplex", simplex);
    ROW(matrix, "ilr_simplex", ilr_simplex);
    ROW(matrix, "stochastic", row_stochastic);
    ROW(matrix, "stochastic", column_stochastic);
    ROW(square, "doubly_stochastic", doubly_stochastic);
    ROW(square, "cholesky_factor_cov", cholesky_factor_cov);
    ROW(square, "cov_matrix", cov_matrix);
    ROW(square, "cholesky_factor_corr", cholesky_factor_corr);
    ROW(square, "corr_matrix", corr_matrix);
    ROW(matrix, "sphere", sphere<2>);
    ROW(matrix, "ball", ball<2>);
    ROW(matrix, "grassmannian", grassmannian<>);
    ROW(matrix, "almost_orthogonal", almost_orthogonal<1>);
    ROW(square, "positive_determinant", invertible);
    ROW(square, "positive_determinant", special_linear);
    ROW(matrix, "contracting", contracting<>);
    ROW(matrix, "almost_orthogonal_lipschitz", almost_orthogonal_lipschitz);
    ROW(matrix, "sdp_lipschitz", sdp_lipschitz);
    ROW(matrix, "lipschitz", lipschitz<>);
    ROW(square, "stable", stable);
    ROW(square, "stable", hurwitz);
    ROW(square, "passive", passive);
    ROW(matrix, "fixed_rank", fixed_rank<3>);
    ROW(square, "positive_semidefinite", positive_definite);
    ROW(square, "positive_semidefinite", positive_semidefinite<>);
    ROW(square, "positive_semidefinite", positive_semidefinite<3>);
    ROW(square, "positive_semidefinite", positive_semidefinite_fixed_rank<3>);
    ROW(matrix, "structured", toeplitz_matrix<m>);
    ROW(square, "structured", circulant_matrix);
    ROW(dyadic, "hadamard_diagonal", hadamard_diagonal);
    ROW(square, "structured", diagonal_matrix);
    ROW(large, "structured", block_diagonal<2>);
    ROW(large, "structured", permutation_equivariant<2>);
    ROW(matrix, "structured", banded<1, 1>);
    ROW(large, "structured", kronecker<m, n>);
    ROW(quarters, "product", product<rows<0, 1, sphere<>>, rows<1, 4, simplex>>);
    ROW(quarters, "product", product<rows<0, 1, mask>, rows<1, 4, weight_norm<>>>);
    ROW(matrix, "mask", mask);
    ROW(sparse, "pruned", pruned<2, 4>);
    ROW(matrix, "fake_quantize", fake_quantize<8>);
    ROW(matrix, "fake_quantize", fake_quantize<4, 0>);
    ROW(matrix, "fake_quantize", learned_fake_quantize<8>);
    ROW(matrix, "codebook", codebook<16>);
    ROW(matrix, "ternary", ternary<>);
    ROW(matrix, "ternary", binary<>);
    ROW(short_rows, "permuted", permuted<1, 2, 0, 1>);
    ROW(matrix, "low_rank", low_rank<3>);
    ROW(matrix, "lora", lora<3>);
}
