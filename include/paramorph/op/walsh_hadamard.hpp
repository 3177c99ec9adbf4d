// walsh_hadamard(x): the sums of the elements along the last axis with the signs of Hadamard's matrix h, of order n, a
// power of two, in Sylvester's order (the number of ones in the binary numbers of i and j decides):
//
//   walsh_hadamard(x)[..., i] = sum over j of h_ij x[..., j],   h_ij = (-1)^popcount(i & j)
//
// Shapes: unchanged, rank 1 to 4. h is symmetric, and h h = n I: twice the transform is n times the argument. Adjoint:
// the transform of the cotangent. Accuracy: log2(n) additions in x's own type for each element, an error of at most
// log2(n) epsilon of the sum of the magnitudes; NaN and infinities reach the whole row. Errors: an extent that is no
// power of two does not compile. Cost: n log2(n) additions a row, no memory but the result. Source: Fino and Algazi
// 1976, "Unified matrix treatment of the fast Walsh-Hadamard transform"; scipy.linalg.hadamard.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

struct walsh_hadamard : dense<walsh_hadamard, 1> {
    static constexpr std::string_view name = "walsh_hadamard";
    using uses = ops<walsh_hadamard>;
    static constexpr double flops(auto const& g, node const& n) {
        extents const s = g.shape_of(n.first);
        return double(s.size()) * (std::bit_width(unsigned(s.from_end(0))) - 1);
    }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const n = x.shape[0].from_end(0), size = x.shape[0].size();
        for (int k = 0; k < size; ++k) x.result[0][k] = x.argument[0][k];
        for (int half = 1; half < n; half *= 2)
            for (int block = 0; block < size; block += 2 * half)
                for (int k = block; k < block + half; ++k) {
                    T const a = x.result[0][k], b = x.result[0][k + half];
                    x.result[0][k] = a + b;
                    x.result[0][k + half] = a - b;
                }
        return true;
    }
    static constexpr void derive(auto& g, node const&, adjoint& a) {
        a.of_argument[0] = push<walsh_hadamard>(g, a.cotangent[0]);
    }
};

}  // namespace op

template <traced X>
constexpr auto walsh_hadamard(X const& x) {
    constexpr extents s = extents_of<X>;
    constexpr bool fits = s.rank > 0 && std::has_single_bit(static_cast<unsigned>(s.from_end(0)));
    if constexpr (fits)
        return apply<op::walsh_hadamard>(x);
    else {
        using wrong = detail::mistake<detail::sentence(
            "walsh_hadamard: the last extent must be a power of two: the tensor is ", s)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
