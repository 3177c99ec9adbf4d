// What matrices made of singular values and vectors are made of, w = u diag(s) v^T, and of eigenvalues, w = u diag(s)
// u^T: one original x in the shape of the weight, as geotorch has it. With k singular values
//
//   u [m, k]   k reflections, from x strictly below its diagonal, first k columns (param/reflections.hpp)
//   v [n, k]   the same, from x strictly above its diagonal, first k rows
//   s [k]      a function of the first k of x's diagonal, times signs, which are state: what reflections alone cannot
//              make, as no continuous map can
//
// That is k (m + n - k) numbers, as many as matrices of rank k have dimensions; the rest of x is not read and has no
// gradient. Of eigenvalues, u and s alone: k n - k (k - 1) / 2 numbers.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>

#include "paramorph/op/eigh.hpp"
#include "paramorph/op/flip.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/svd.hpp"
#include "paramorph/op/transpose.hpp"
#include "paramorph/param/filled.hpp"
#include "paramorph/param/matrix_shapes.hpp"
#include "paramorph/param/reflections.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param::detail {

// The first k of the diagonal of x.
template <int K, traced X>
constexpr auto leading_diagonal(X const& x) {
    return slice<0, 0, K>(diagonal(x));
}
template <int K, traced X, traced S>
constexpr auto with_singular_values(X const& x, S const& s) {
    return matmul(reflected(slice<1, 0, K>(x)) * s, transpose(reflected(transpose(slice<0, 0, K>(x)))));
}
template <int K, traced X, traced S>
constexpr auto with_eigenvalues(X const& x, S const& s) {
    auto const u = reflected(slice<1, 0, K>(x));
    auto const w = tril(matmul(u * s, transpose(u)));
    return w + transpose(tril<-1>(w));  // symmetric to the bit
}

// w's k largest singular values, descending, and with f(s, sign), which answers with the numbers of the diagonal, the
// original and the signs that make w. `sign` is that of u's and v's determinants together, where they are square.
template <int K, traced W, class F>
constexpr auto from_singular_values(W const& w, F f) {
    constexpr extents e = extents_of<W>;
    auto [u, s, vh] = svd(w);
    auto [left, left_signs] = reflections_of(slice<1, 0, K>(u));
    auto [right, right_signs] = reflections_of(transpose(slice<0, 0, K>(vh)));
    auto const signs = left_signs * right_signs;
    auto const numbers = f(slice<0, 0, K>(s), signs);
    return updated(pad<1, 0, e.d[1] - K>(left) + pad<0, 0, e.d[0] - K>(transpose(right)) +
                       pad<0, 0, e.d[0] - K>(pad<1, 0, e.d[1] - K>(from_diagonal(numbers))),
                   signs);
}
// The same of the k largest eigenvalues of the symmetric part of w.
template <int K, traced W, class F>
constexpr auto from_eigenvalues(W const& w, F f) {
    constexpr int n = extents_of<W>.d[0];
    auto [s, v] = eigh(w * 0.5 + transpose(w) * 0.5);
    auto const u = slice<1, 0, K>(flip<1>(v));
    auto const reflections = std::get<0>(reflections_of(u));
    return pad<1, 0, n - K>(reflections) +
           pad<0, 0, n - K>(pad<1, 0, n - K>(from_diagonal(f(slice<0, 0, K>(flip<0>(s))))));
}

// The state of those that have signs: one for each of K singular values, or of all where K is 0. They begin as ones.
template <class Shape, int K>
using signs_state = states<paramorph::state<"signs", shape<(K > 0              ? K
                                                            : Shape::rank == 2 ? shorter_side(Shape::value)
                                                                               : 1)>>>;
constexpr auto ones(auto noise) {
    return filled_like(noise, 1);
}

}  // namespace paramorph::inline PARAMORPH_ABI::param::detail
