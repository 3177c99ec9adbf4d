// toeplitz<rows>(d): the matrix whose diagonals are constant, from its diagonals; circulant(c): the square one whose
// columns are the first one, c, turned on by one each. Over the last axis.
//
//   toeplitz<rows>(d)[..., i, j] = d[..., j - i + rows - 1]       the first element is the lowest diagonal
//   circulant(c)[..., i, j]      = c[..., (i - j) mod n]
//
// Shapes: [..., n] -> [..., rows, n - rows + 1], 1 <= rows <= n; [..., n] -> [..., n, n]; rank 1 to 3. With zeros
// around it the vector of diagonals makes a banded matrix: toeplitz<4>(pad<-1, 2, 2>(d)) of three diagonals is
// tridiagonal. Adjoint: the sums of the cotangent's diagonals. Errors: another rank, rows that the diagonals cannot
// make are the compiler's. Cost: toeplitz is a view (op/window.hpp, op/flip.hpp) and copies nothing; circulant first
// writes its column twice, one after the other, of which it is a view. matmul reads a copy. Source:
// scipy.linalg.toeplitz(column, row), whose d is row reversed and column; scipy.linalg.circulant.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/flip.hpp"
#include "paramorph/op/window.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <int Rows, traced X>
constexpr auto toeplitz(X const& d) {
    constexpr extents s = extents_of<X>;
    if constexpr (s.rank < 1 || s.rank >= max_rank) {
        using wrong = detail::mistake<detail::sentence(
            "toeplitz: the argument must be a vector of diagonals (rank 1 to 3), and it is ", s)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(d);
    } else if constexpr (Rows < 1 || Rows > s.from_end(0)) {
        using wrong = detail::mistake<detail::sentence(
            "toeplitz: a matrix of m rows and n columns has m + n - 1 diagonals: ", Rows, " rows of ", s.from_end(0),
            " diagonals; write 1 to ", s.from_end(0), " rows")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(d);
    } else
        return flip<-2>(window<s.from_end(0) - Rows + 1>(d));
}

template <traced X>
constexpr auto circulant(X const& c) {
    constexpr extents s = extents_of<X>;
    if constexpr (s.rank < 1 || s.rank >= max_rank) {
        using wrong = detail::mistake<detail::sentence(
            "circulant: the argument must be the first column (rank 1 to 3), and it is ", s)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(c);
    } else if constexpr (s.from_end(0) == 1)
        return unsqueeze<-1>(c);
    else {
        // Row i is read backwards from element n - 1 + i on.
        constexpr int n = s.from_end(0);
        return flip<-1>(window<n>(concatenate<-1>(slice<-1, 1, n>(c), c)));
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
