// orthogonal<map, base>: base q, q = exp(a), (I - a / 2)^-1 (I + a / 2) or H_1 ... H_k, [n, k] -> [n, k]: a matrix with
// orthonormal columns (tall and square, n >= k) or rows (wide). What follows is for tall matrices; a wide one is the
// transpose of one. A tensor of three or four axes, such as the filters of a convolution, is the matrix of its first
// axis and all others, [out, in k]; torch.nn.utils.parametrizations.orthogonal takes a stack of matrices there, the
// last two axes, torch.nn.init.orthogonal_ the same matrix.
//
//   a = tril(x) - tril(x)^T, where tril(x) is padded with zeros to [n, n]
//   matrix_exp    q = exp(a), its first k columns
//   cayley        q = (I - a / 2)^-1 (I + a / 2), its first k columns
//   householder   q = H_1 ... H_k diag(signs), its first k columns; H_i reflects along column i of tril(x, -1) + I
//
// with_base (the default): base q, where base is state, [n, n] and orthogonal: any matrix with orthonormal columns can
// be made, and is near x = 0. The signs of householder are state as well: they are no floating-point parameters that a
// step of an optimizer could move. The gradient is zero in the unused triangle and on the diagonal.
//
// right_inverse(w): the q of the QR factorization of w whose r has a positive diagonal, which is w if its columns are
// orthonormal: `project` takes any matrix, an assignment only such a one. With base it becomes the base, and x zero;
// without_base, x follows by the logarithm, by the inverse Cayley map (both for square matrices only; PyTorch has
// none), or by the reflections. Grade: right.
//
// by_shape (the default, as in PyTorch): matrix_exp for a square matrix, householder else. Without base it projects
// nothing, as a square matrix may be a reflection: name the map where a tall one shall be projected. The tensors of all
// maps have the same names and shapes, and PyTorch's begin with -1 on the diagonal, which are signs of householder,
// too: no checkpoint says which map it belongs to.
//
// Accuracy: |q^T q - I| within 10 n epsilon: of householder always, of matrix_exp up to a norm of a of 1 / (4 epsilon),
// 2.1e6 in float, of cayley up to that norm of a / 2; beyond, rounding a turns q by a radian: an error. householder
// takes numbers of any size. Errors: without base, exp and cayley make rotations: assigning a reflection, or what turns
// by pi, is an error. Cost: matrix_exp some ten products of [n, n] matrices, cayley one inverse, householder 4 n k^2
// operations; one more product with base; cayley of an a / 2 with elements beyond 4 two to four inverses more. Source:
// torch.nn.utils.parametrizations.orthogonal (use_trivialization is with_base); Lezcano-Casado 2019, "Trivializations
// for gradient-based optimization on manifolds".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/inverse.hpp"
#include "paramorph/op/matrix_exp.hpp"
#include "paramorph/op/rotation_log.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/param/filled.hpp"
#include "paramorph/param/reflections.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

// Which map makes a rotation of the original; by_shape: matrix_exp for a square matrix, householder for another one.
enum class orthogonal_map { matrix_exp, cayley, householder, by_shape };
// Whether the original counts from a base, which an assignment sets, or from the identity.
enum class orthogonal_base { with_base, without_base };
inline constexpr auto with_base = orthogonal_base::with_base, without_base = orthogonal_base::without_base;

namespace detail {

template <class Shape, bool HasBase, bool HasSigns, bool IsMatrix = (Shape::rank >= 2)>
struct orthogonal_state {
    using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
        "orthogonal: the tensor must be a matrix, this one is ", Shape::value)>;
    using said = typename wrong::type;
    using type = states<>;
};
template <class Shape, bool HasBase, bool HasSigns>
struct orthogonal_state<Shape, HasBase, HasSigns, true> {
    static constexpr int rows = Shape::value.d[0], columns = Shape::size / rows;
    static constexpr int n = rows > columns ? rows : columns, k = rows + columns - n;
    using base = paramorph::state<"base", shape<n, n>>;
    using signs = paramorph::state<"signs", shape<k>>;
    using type = std::conditional_t<HasBase, std::conditional_t<HasSigns, states<base, signs>, states<base>>,
                                    std::conditional_t<HasSigns, states<signs>, states<>>>;
};

}  // namespace detail

template <orthogonal_map Map = orthogonal_map::by_shape, orthogonal_base Base = with_base>
class orthogonal {
    static constexpr bool has_base = Base == with_base, has_signs = Map == orthogonal_map::householder;

    template <class W>
    static constexpr bool has_inverse() {
        constexpr extents e = extents_of<W>;
        return e.rank >= 2 && (has_base || has_signs || e.d[0] == e.size() / e.d[0]);
    }

  public:
    using codomain = set::stiefel;
    static constexpr auto inverse = grade::right;
    // The logarithm and the inverse Cayley map take no reflections, and half of all matrices project to one.
    static constexpr bool projects = has_base || has_signs;
    // In checkpoints they stand on the original's diagonal, which forward does not read, as in PyTorch.
    static constexpr bool signs_on_diagonal = has_signs;

    template <class Shape>
    using state = typename detail::orthogonal_state<Shape, has_base, has_signs>::type;

    static constexpr auto forward(auto x, auto... state) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank < 2)
            return x;  // orthogonal_state says what is wrong
        else if constexpr (e.rank > 2)
            return reshape<shape_type_of<decltype(x)>>(forward(as_matrix(x), state...));
        else if constexpr (has_base)
            return as<decltype(x)>(matmul(std::get<0>(std::tuple{state...}), columns(tall(x), state...)));
        else
            return as<decltype(x)>(columns(tall(x), state...));
    }

    template <class W, class... State>
        requires(has_inverse<W>())
    static constexpr auto right_inverse(W w, State...) {
        auto const m = as_matrix(w);
        auto const t = tall(m);
        constexpr int n = extents_of<decltype(t)>.d[0], k = extents_of<decltype(t)>.d[1];
        if constexpr (has_base) {
            // Reflections complete the columns to a basis.
            auto [q, r] = qr(pad<1, 0, n - k>(t));
            auto const base = q * detail::signs_of(diagonal(r));
            if constexpr (has_signs)
                return updated(detail::filled_like(w, 0), base, detail::filled_like(slice<0, 0, k>(diagonal(r)), -1));
            else
                return updated(detail::filled_like(w, 0), base);
        } else if constexpr (has_signs) {
            auto [reflections, signs] = detail::reflections_of(t);
            return updated(as_in<W>(as<decltype(m)>(reflections)), signs);
        } else {
            auto [q, r] = qr(t);
            auto const rotation = q * detail::signs_of(diagonal(r));
            if constexpr (Map == orthogonal_map::matrix_exp)
                return as_in<W>(as<decltype(m)>(tril<-1>(rotation_log(rotation))));
            else
                return as_in<W>(
                    as<decltype(m)>(tril<-1>(2.0 * solve(rotation + identity<n>(), rotation - identity<n>()))));
        }
    }
    // The base begins as I, the signs as what makes householder of zeros I.
    template <class X, class... Noise>
    static constexpr auto initial_state(X, Noise... noise) {
        return std::tuple{begin(noise)...};
    }

  private:
    // The matrix of the first axis and all others, and back.
    static constexpr auto as_matrix(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank == 2)
            return x;
        else
            return reshape<shape<e.d[0], e.size() / e.d[0]>>(x);
    }
    template <class W>
    static constexpr auto as_in(auto x) {
        if constexpr (extents_of<W>.rank == 2)
            return x;
        else
            return reshape<shape_type_of<W>>(x);
    }
    static constexpr auto tall(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.d[0] < e.d[1])
            return transpose(x);
        else
            return x;
    }
    template <class X>
    static constexpr auto as(auto q) {
        constexpr extents e = extents_of<X>;
        if constexpr (e.d[0] < e.d[1])
            return transpose(q);
        else
            return q;
    }
    static constexpr auto begin(auto noise) {
        constexpr extents e = extents_of<decltype(noise)>;
        if constexpr (e.rank == 2)
            return detail::filled_like(noise, 0) + identity<e.d[0]>();
        else
            return detail::filled_like(noise, -1);
    }
    // [n, k], from x [n, k].
    static constexpr auto columns(auto x, auto... state) {
        constexpr int n = extents_of<decltype(x)>.d[0], k = extents_of<decltype(x)>.d[1];
        if constexpr (has_signs) {
            return detail::reflected(x) * std::get<sizeof...(state) - 1>(std::tuple{state...});
        } else {
            auto const lower = pad<1, 0, n - k>(tril(x));
            auto const a = lower - transpose(lower);
            if constexpr (Map == orthogonal_map::matrix_exp)
                return slice<1, 0, k>(matrix_exp<matrix_kind::skew>(a));
            else {
                constexpr auto eye = identity<n>();
                return slice<1, 0, k>(2.0 * cayley_inverse(eye - a * 0.5) - eye);
            }
        }
    }
};

template <orthogonal_base Base>
class orthogonal<orthogonal_map::by_shape, Base> {
    static constexpr orthogonal_map map_for(extents e) {
        bool const is_square = e.rank >= 2 && e.d[0] == e.size() / e.d[0];
        return is_square ? orthogonal_map::matrix_exp : orthogonal_map::householder;
    }
    template <class X>
    using with_map = orthogonal<map_for(extents_of<X>), Base>;

  public:
    using codomain = set::stiefel;
    static constexpr auto inverse = grade::right;
    static constexpr bool projects = Base == with_base;
    static constexpr bool signs_on_diagonal = true;

    template <class Shape>
    using state = typename orthogonal<map_for(Shape::value), Base>::template state<Shape>;

    static constexpr auto forward(auto x, auto... state) { return with_map<decltype(x)>::forward(x, state...); }

    template <class W, class... State>
        requires requires(W w, State... state) { with_map<W>::right_inverse(w, state...); }
    static constexpr auto right_inverse(W w, State... state) {
        return with_map<W>::right_inverse(w, state...);
    }
    template <class X, class... Noise>
    static constexpr auto initial_state(X x, Noise... noise) {
        return with_map<X>::initial_state(x, noise...);
    }
};

// square_orthogonal<map, base>: as orthogonal, [n, n] -> [n, n]: square matrices only, whose set says more: orthogonal,
// and special_orthogonal where no base and no signs can make a reflection. For a stage whose domain asks for it:
// `chain<square_orthogonal<>, P>`.
template <orthogonal_map Map = orthogonal_map::matrix_exp, orthogonal_base Base = with_base>
struct square_orthogonal : orthogonal<Map, Base> {
    using codomain = std::conditional_t<Map != orthogonal_map::householder && Base == without_base,
                                        set::special_orthogonal, set::orthogonal>;
    static constexpr auto forward(auto x, auto... state) {
        if constexpr (extents_of<decltype(x)>.rank >= 2)
            (void)paramorph::detail::is_square<"square_orthogonal (orthogonal takes any shape)", decltype(x)>();
        return orthogonal<Map, Base>::forward(x, state...);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
