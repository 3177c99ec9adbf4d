// grassmannian<map>: base q, as orthogonal<map>, of k (n - k) numbers, [n, k] -> [n, k]: frames of the k-dimensional
// subspaces, n > k, of the columns (of the rows where the matrix is wide). x is read below its first k rows only: these
// numbers turn the subspace, and none turns the frame within it, so that an optimizer of a function of the subspace
// meets no direction in which nothing changes. State, maps (the default is householder) and accuracy are those of
// orthogonal.
//
// right_inverse(w): w becomes the base, x zero: any frame can be made, and `project` takes any matrix. Grade: right.
// Errors: a square matrix does not compile, whose columns span everything; assigning columns that are not orthonormal.
// Cost: that of orthogonal. Source: geotorch.Grassmannian; Edelman, Arias and Smith 1998, "The geometry of algorithms
// with orthogonality constraints".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/param/orthogonal.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <orthogonal_map Map = orthogonal_map::householder>
struct grassmannian {
    using codomain = set::stiefel;
    static constexpr auto inverse = grade::right;
    static constexpr bool projects = true;
    template <class Shape>
    using state = typename orthogonal<Map>::template state<Shape>;
    static constexpr auto forward(auto x, auto... state) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank != 2 || e.d[0] == e.d[1])
            return x;  // right_inverse says what is wrong
        else {
            constexpr int k = e.d[0] < e.d[1] ? e.d[0] : e.d[1], axis = e.d[0] < e.d[1] ? 1 : 0;
            return orthogonal<Map>::forward(pad<axis, k, 0>(slice<axis, k, e.d[axis]>(x)), state...);
        }
    }
    static constexpr auto right_inverse(auto w, auto... state) {
        constexpr extents e = extents_of<decltype(w)>;
        if constexpr (e.rank != 2 || e.d[0] == e.d[1]) {
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "grassmannian: the tensor must be a matrix that is not square, it is ", e,
                ": the columns of a square one span everything")>;
            using said [[maybe_unused]] = wrong::type;
            return updated(w, state...);
        } else
            return orthogonal<Map>::right_inverse(w, state...);
    }
    template <class X, class... Noise>
    static constexpr auto initial_state(X x, Noise... noise) {
        return orthogonal<Map>::initial_state(x, noise...);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
