// hadamard_diagonal: h diag(x) h / n, h Hadamard's matrix (op/walsh_hadamard.hpp), [n] -> [n, n], n a power of two: the
// matrices y_ij = c_(i xor j), which are symmetric, commute, and have the eigenvalues x.
//
// right_inverse: the transform of the first column, whatever the rest is. Grade: bijective. log_abs_det: to the first
// column, -n log(n) / 2. Accuracy: log2(n) epsilon of the sum of the magnitudes; elements that are equal by definition
// are equal to the bit. Errors: an order that is no power of two; assigning another matrix. Cost: 2 n^2 log2(n)
// additions. Source: Pichler 1970, "Some aspects of a theory of correlation with respect to Walsh harmonic analysis".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>

#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/transpose.hpp"
#include "paramorph/op/walsh_hadamard.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

struct hadamard_diagonal {
    using codomain = set::dyadic;
    static constexpr auto inverse = grade::bijective;
    static constexpr bool projects = true;
    static constexpr auto forward(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank == 1 && is_power_of_two(e.d[0]))
            return walsh_hadamard(transpose(walsh_hadamard(from_diagonal(x)))) * (1.0 / e.d[0]);
        else
            return x;  // right_inverse says what is wrong
    }
    static constexpr auto right_inverse(auto y) {
        constexpr extents e = extents_of<decltype(y)>;
        if constexpr (e.rank == 2 && e.d[0] == e.d[1] && is_power_of_two(e.d[0]))
            return walsh_hadamard(reshape<shape<e.d[0]>>(slice<1, 0, 1>(y)));
        else {
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "hadamard_diagonal: the tensor must be a square matrix whose order is a power of two: it is ", e)>;
            using said [[maybe_unused]] = wrong::type;
            return y;
        }
    }
    static constexpr auto log_abs_det(auto x) {
        constexpr int n = extents_of<decltype(x)>.d[0];
        return paramorph::detail::no_log_abs_det(x) - 0.5 * n * math::log(double(n));
    }

  private:
    static constexpr bool is_power_of_two(int n) { return std::has_single_bit(static_cast<unsigned>(n)); }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
