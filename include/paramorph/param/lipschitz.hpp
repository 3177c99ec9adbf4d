// lipschitz<C, iterations>: x min(1, C / b(x)), any shape of two axes or more: b is an upper bound of the largest
// singular value of x seen as a matrix [m, n] of its first axis and all others, so that a linear layer with this weight
// is Lipschitz with C, a number, 1 where none is given. What spectral_norm divides by, an estimate by power iteration,
// is a lower one.
//
// b is made by Gram iteration: g = x^T x, or x x^T where that is smaller, is squared `iterations` (6) times, divided by
// its Frobenius norm before each, which is no smaller than its largest eigenvalue. With k = min(m, n), b exceeds the
// largest singular value by a factor of k^(1 / 2^(iterations + 2)) at most: 1.016 for k = 64, less where the others are
// smaller. It is rounded upwards, times 1 + (m n + k^2 + 16) epsilon, which covers the sums of the products (each off
// by n epsilon / 2 of what it sums at most, relative to an eigenvalue of at least 1 / k of the trace), so that no value
// of any original has a larger norm than C, whatever its size. The gradient is that of b, too.
//
// right_inverse(w) = w. Grade: on_image: a weight with b(w) <= C stays as it is. Errors: assigning one with a larger b.
// Cost: iterations + 1 products of k columns. Source: Delattre et al. 2023, "Efficient bound of Lipschitz constant for
// convolutional layers by Gram iteration".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/abs.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/transpose.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <auto C = 1, int Iterations = 6>
struct lipschitz {
    static_assert(double(C) > 0, "lipschitz: the bound must be greater than 0");
    static_assert(Iterations >= 0 && Iterations <= 20, "lipschitz: from 0 to 20 squarings");
    using codomain = set::contraction<C>;
    static constexpr auto inverse = grade::on_image;
    // Of the matrix of the first axis and all others, its rounding included (prove/weight_facts.hpp).
    static constexpr double norm = double(C);

    static constexpr auto forward(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        if constexpr (e.rank < 2)
            return x;  // right_inverse says what is wrong
        else {
            constexpr int rows = e.d[0], columns = e.size() / rows, k = rows < columns ? rows : columns;
            constexpr double rounding = (double(e.size()) + double(k) * k + 16) *
                                        double(std::numeric_limits<typename decltype(x)::value_type>::epsilon());
            // Divided by its largest element, so that nothing overflows; value and gradient do not depend on it.
            auto const largest = or_one(detach(paramorph::norm<infinity>(x)));
            auto const unit = x / largest;
            auto const b = or_one(bound(reshape<shape<rows, columns>>(unit)) * (1 + rounding));
            return where(b <= double(C) / largest, x, unit * (double(C) / b));
        }
    }
    static constexpr auto right_inverse(auto w) {
        constexpr extents e = extents_of<decltype(w)>;
        if constexpr (e.rank < 2) {
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "lipschitz: the tensor must have at least two axes: it is ", e)>;
            using said [[maybe_unused]] = wrong::type;
        }
        return w;
    }

  private:
    static constexpr auto or_one(auto x) { return where(x > 0, x, 1.0); }
    static constexpr auto bound(auto m) {
        constexpr extents e = extents_of<decltype(m)>;
        auto const length = paramorph::norm(m);
        auto const unit = m / or_one(length);
        if constexpr (e.d[0] < e.d[1])
            return length * sqrt(largest_eigenvalue<Iterations>(matmul(unit, transpose(unit))));
        else
            return length * sqrt(largest_eigenvalue<Iterations>(matmul(transpose(unit), unit)));
    }
    // At most; of a symmetric, positive semidefinite matrix.
    template <int Squarings>
    static constexpr auto largest_eigenvalue(auto g) {
        auto const length = paramorph::norm(g);
        if constexpr (Squarings == 0 || extents_of<decltype(g)>.d[0] == 1)
            return length;
        else {
            auto const unit = g / or_one(length);
            return length * sqrt(largest_eigenvalue<Squarings - 1>(matmul(unit, unit)));
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
