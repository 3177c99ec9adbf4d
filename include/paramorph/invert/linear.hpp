// A linear layer undone: x = W^-1 (y - b), as its weight's set allows. Of orthogonal matrices the inverse is the
// transpose; of triangular ones it is a triangular_solve; else it is solve, by LU with partial pivoting. log |det W| is
// 0 of what has the determinant 1 or -1, the sum of the logarithms of the diagonal of a triangle, else that of slogdet.
//
// A set says it of exact numbers: orthogonal, special_orthogonal, invertible, positive_determinant, special_linear,
// spd, passive, hurwitz, correlation, cholesky_factor, and what names them in its `within`; square stiefel ones; and
// those whose rows or columns param::permuted puts in another order. A weight that is singular in its rounding (a
// singular value that underflows) fails when it is undone, by pm::error. What is lost is what the weight's condition
// number says: condition times epsilon, relative to x.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/invert/bijection.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/op/determinant.hpp"
#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/op/triangular_solve.hpp"
#include "paramorph/param/permuted.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class Stage>
inline constexpr bool is_permutation = false;
template <int Axis, int... I>
inline constexpr bool is_permutation<param::permuted<Axis, I...>> = true;

// A chain without the permutations at its end.
template <class Kept, class... Rest>
struct before_permutations {
    using type = Kept;
};
template <class... Kept, class S, class... Rest>
struct before_permutations<chain<Kept...>, S, Rest...>
    : std::conditional_t<is_permutation<S> && (is_permutation<Rest> && ...), before_permutations<chain<Kept...>>,
                         before_permutations<chain<Kept..., S>, Rest...>> {};
template <class Chain>
struct matrix_in_order;
template <class... Stages>
struct matrix_in_order<chain<Stages...>> {
    using type = typename before_permutations<chain<>, Stages...>::type;
    static constexpr bool permuted = !std::is_same_v<type, chain<Stages...>>;
};

// What a weight's chain says of its inverse.
template <class Tensor>
struct invertible_weight {
    using chain = typename Tensor::chain_type;
    using in_order = matrix_in_order<chain>;
    using known = typename in_order::type::codomain;
    static constexpr extents s = Tensor::shape_type::value;
    static constexpr bool square = s.rank == 2 && s.d[0] == s.d[1];
    static constexpr bool orthogonal = square && subset<known, set::stiefel>;
    static constexpr bool invertible = orthogonal || (square && subset<known, set::invertible>);
    static constexpr bool of_determinant_one = orthogonal || (square && subset<known, set::special_linear>);
    static constexpr bool lower = !in_order::permuted && subset<known, set::lower_triangular>;
    static constexpr bool upper = !in_order::permuted && subset<known, set::upper_triangular>;
};

template <int In, int Out, class... Options>
struct bijection<nn::linear<In, Out, Options...>> {
    using L = nn::linear<In, Out, Options...>;
    using weight = invertible_weight<decltype(L::weight)>;
    static constexpr open_range image{};

    template <class X, class T>
    static constexpr sentence why_not(sentence const& where) {
        if (In != Out) return sentence(where.view(), " takes ", In, " numbers and gives ", Out);
        if (weight::invertible) return {};
        return sentence(
            "the weight of ", where.view(), " may be singular, for its set is ",
            set_name<typename weight::chain::codomain>(),
            ": parametrize it, as pm::weight<pm::param::orthogonal<>> or pm::weight<pm::param::invertible>");
    }
    static constexpr auto undo(L const& m, auto, auto y) {
        auto const w = m.weight.as_symbol();
        auto const z = without_bias(m, y);
        using Z = decltype(z);
        constexpr int rank = extents_of<Z>.rank;
        if constexpr (weight::orthogonal)
            return matmul(z, w);
        else if constexpr (rank == 1)
            return solved(w, z);
        else if constexpr (rank == 2)
            return transpose(solved(w, transpose(z)));
        else {
            using rows = shape<extents_of<Z>.size() / In, In>;
            return reshape<shape_type_of<Z>>(transpose(solved(w, transpose(reshape<rows>(z)))));
        }
    }
    static constexpr auto log_abs_det(L const& m, auto x) {
        constexpr extents s = extents_of<decltype(x)>;
        constexpr int rows = s.size() / (s.rank <= 1 ? In : s.d[0] * In);  // of a sample
        if constexpr (weight::of_determinant_one)
            return no_log_abs_det(x);
        else if constexpr (weight::lower || weight::upper)
            return double(rows) * sum(log(abs(diagonal(m.weight.as_symbol()))));
        else
            return double(rows) * logabsdet(m.weight.as_symbol());
    }

  private:
    static constexpr auto without_bias(L const& m, auto y) {
        if constexpr (requires { m.bias; })
            return y - m.bias;
        else
            return y;
    }
    static constexpr auto solved(auto w, auto z) {
        if constexpr (weight::lower)
            return triangular_solve(w, z);
        else if constexpr (weight::upper)
            return triangular_solve<triangular{.upper = true}>(w, z);
        else
            return solve(w, z);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
