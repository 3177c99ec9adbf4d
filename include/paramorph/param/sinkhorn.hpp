// sinkhorn(x): the doubly stochastic matrix y_ij = exp(x_ij + u_i + v_j), whose rows and columns sum to one, and the
// sum of the logarithms of its elements. There is one for every square matrix; it is the nearest to x in the sense that
// it maximises sum of y_ij (x_ij - log y_ij).
//
// Method: rows are normalised in logarithms, so that nothing is divided by an exponential that underflowed; columns by
// Sinkhorn's sweeps as long as each takes the error to a tenth, and by Newton's steps otherwise, so that matrices near
// to a permutation take no more of them. x is taken from 2^-k x on, by doubling, each beginning where the one before
// ended. The last steps multiply y itself, which loses nothing to the size of x.
//
// Shapes: [n, n] -> [n, n] and []. Accuracy: each row and column of y sums to one within 2 (n + 8) epsilon; what is
// tried at the end, so that no other y is ever a result. Elements keep their size down to the least number, whatever
// else stands in their row; of the n epsilon of a row that belong to no other block of y the share is not determined.
// Adjoint: y_ij (c_ij - a_i - b_j), where a and b make rows and columns of it sum to zero; of the sum of logarithms 1 -
// n y. Errors: the program's status, for an x that is not finite, or whose numbers are so far apart (0.01 / epsilon)
// that rounding decides. Cost: n^2 exponentials a sweep, n^3 operations a Newton step and a gradient, both of the order
// of ten. Source: Sinkhorn 1964; Peyre and Cuturi 2019, "Computational optimal transport", sections 4.2 to 4.5.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/core/balance_columns.hpp"
#include "paramorph/expr/operation.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Arguments: y, a cotangent of it. Results: the cotangent of x, scratch [n + 1, n].
struct sinkhorn_adjoint : dense<sinkhorn_adjoint, 2, 2> {
    static constexpr std::string_view name = "sinkhorn_adjoint";
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.first).d[0];
        return 6 * order * order * order;
    }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result == 0 ? a[0] : extents{2, {a[0].d[0] + 1, a[0].d[1]}};
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const n = x.shape[0].d[0];
        T const *const y = x.argument[0], *const c = x.argument[1];
        T *const to = x.result[0], *const w = x.result[1], *const b = w + n * n;
        // What the columns of y_ij (c_ij - mean_i) sum to; each is a sum of differences, which are small where they
        // must be: where one element of a row holds almost all of it.
        for (int j = 0; j < n; ++j) b[j] = 0;
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                T sum = 0;
                for (int k = 0; k < n; ++k) sum += y[i * n + k] * (c[i * n + j] - c[i * n + k]);
                b[j] += y[i * n + j] * sum;
            }
        paramorph::linalg::balance_columns(y, w, b, n);
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) {
                T sum = 0;
                T const at = c[i * n + j] - b[j];
                for (int k = 0; k < n; ++k) sum += y[i * n + k] * (at - (c[i * n + k] - b[k]));
                to[i * n + j] = y[i * n + j] * sum;
            }
        return true;
    }
};

// Results: y, the sum of the logarithms of its elements, scratch [n + 3, n].
struct sinkhorn : dense<sinkhorn, 1, 3> {
    static constexpr std::string_view name = "sinkhorn";
    static constexpr char const* requirement =
        "sinkhorn: the matrix is not finite, or its numbers are so far apart that rounding decides which matrix is "
        "doubly stochastic";
    using uses = ops<sinkhorn_adjoint, add, subtract, multiply, constant>;
    static constexpr double flops(auto const& g, node const& n) {
        double const order = g.shape_of(n.first).d[0];
        return 20 * order * order * order;
    }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        return result == 0 ? a[0] : result == 1 ? extents{} : extents{2, {a[0].d[0] + 3, a[0].d[1]}};
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        constexpr T epsilon = std::numeric_limits<T>::epsilon();
        int const n = x.shape[0].d[0];
        T const* const from = x.argument[0];
        T low = from[0], high = from[0];
        for (int k = 0; k < n * n; ++k) {
            if (!(from[k] - from[k] == 0)) return false;
            low = from[k] < low ? from[k] : low, high = from[k] > high ? from[k] : high;
        }
        if (!(high / 2 - low / 2 <= T(0.005) / epsilon)) return false;
        state<T> s{
            from, x.result[0], x.result[2], x.result[2] + n * n, x.result[2] + n * n + n, x.result[2] + n * n + 2 * n,
            n};
        for (int j = 0; j < n; ++j) s.v[j] = 0;
        T factor = 1;
        while ((high - low) * factor > 8) factor /= 2;
        for (;; factor *= 2) {
            approach<M>(s, factor, factor < 1 ? T(0.01) : 0);
            if (factor >= 1) break;
            for (int j = 0; j < n; ++j) s.v[j] *= 2;
        }
        x.result[1][0] = sum_of_logarithms<M>(s);
        return polish<M>(s);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const y = n.first, order = g.shape_of(y).d[0];
        int of_y = -1, of_sum = -1;
        if (a.cotangent[0] >= 0) of_y = push<sinkhorn_adjoint>(g, y, a.cotangent[0]);
        if (a.cotangent[1] >= 0)
            of_sum = push<multiply>(
                g, a.cotangent[1],
                push<subtract>(g, append_constant(g, 1), push<multiply>(g, y, append_constant(g, double(order)))));
        a.of_argument[0] = of_y < 0 ? of_sum : of_sum < 0 ? of_y : push<add>(g, of_y, of_sum);
    }

  private:
    template <class T>
    struct state {
        T const* x;
        T *y, *w, *v, *step, *before;
        int n;
    };
    // y from x and v: the softmax of each row of factor x + v.
    template <class M, class T>
    static constexpr void make(state<T> const& s, T factor) noexcept {
        for (int i = 0; i < s.n; ++i) {
            T const* const x = s.x + i * s.n;
            T* const y = s.y + i * s.n;
            T most = factor * x[0] + s.v[0], sum = 0;
            for (int j = 1; j < s.n; ++j)
                if (T const e = factor * x[j] + s.v[j]; e > most) most = e;
            for (int j = 0; j < s.n; ++j) sum += y[j] = static_cast<T>(M::exp(factor * x[j] + s.v[j] - most));
            for (int j = 0; j < s.n; ++j) y[j] /= sum;
        }
    }
    // The columns' sums less one, negative, in `step`; and the largest of them. From a column and from the row of its
    // largest element, which sums to one, that element is left out, so that what is small is exact; what is within the
    // rounding of the rest is 0.
    template <class T>
    static constexpr T find_errors(state<T> const& s) noexcept {
        constexpr T epsilon = std::numeric_limits<T>::epsilon();
        T worst = 0;
        for (int j = 0; j < s.n; ++j) {
            int top = 0;
            for (int i = 1; i < s.n; ++i)
                if (s.y[i * s.n + j] > s.y[top * s.n + j]) top = i;
            T of_column = 0, of_row = 0;
            for (int k = 0; k < s.n; ++k) {
                if (k != top) of_column += s.y[k * s.n + j];
                if (k != j) of_row += s.y[top * s.n + k];
            }
            T const error = of_row - of_column, size = error < 0 ? -error : error,
                    rounding = (2 + T(s.n) / 8) * epsilon * (of_row + of_column);
            s.step[j] = size > rounding ? error : 0;
            if (size > rounding && size > worst) worst = size;
        }
        return worst;
    }
    // In `step`, from the columns' errors, by which v changes: one of Sinkhorn's sweeps, or one of Newton's steps.
    template <class M, class T>
    static constexpr void find_step(state<T> const& s, bool sweep) noexcept {
        if (sweep) {
            for (int j = 0; j < s.n; ++j) {
                T const sum = 1 - s.step[j];
                s.step[j] = sum > T(0.5) && sum < 2 ? -static_cast<T>(M::log1p(-s.step[j]))
                            : sum > 0               ? -static_cast<T>(M::log(sum))
                                                    : T(1);
            }
            return;
        }
        paramorph::linalg::balance_columns(s.y, s.w, s.step, s.n);
        T longest = 0;
        for (int j = 0; j < s.n; ++j) {
            T const size = s.step[j] < 0 ? -s.step[j] : s.step[j];
            longest = size > longest ? size : longest;
        }
        for (int j = 0; j < s.n && longest > 2; ++j) s.step[j] *= 2 / longest;
    }
    // v for factor x, until the columns' errors are at most `enough`.
    template <class M, class T>
    static constexpr void approach(state<T> const& s, T factor, T enough) noexcept {
        T last = 4;
        int sweeps = 1;  // to make before the next of Newton's steps
        make<M>(s, factor);
        T error = find_errors(s);
        for (int round = 0; round < 200 && error > enough; ++round) {
            bool const sweep = sweeps > 0 || error <= last * T(0.1);
            for (int j = 0; j < s.n; ++j) s.before[j] = s.v[j];
            find_step<M>(s, sweep);
            for (int j = 0; j < s.n; ++j) s.v[j] += s.step[j];
            make<M>(s, factor);
            last = error;
            error = find_errors(s);
            sweeps = sweeps > 0 ? sweeps - 1 : 0;
            if (!sweep && !(error < 4 * last)) {  // too far from where Newton's steps lead on
                for (int j = 0; j < s.n; ++j) s.v[j] = s.before[j];
                make<M>(s, factor);
                T const again = find_errors(s);
                if (round > 100 || error < 64 * T(s.n) * std::numeric_limits<T>::epsilon()) return;
                error = again;
                sweeps = 3;
            }
        }
    }
    template <class M, class T>
    static constexpr T sum_of_logarithms(state<T> const& s) noexcept {
        T total = 0;
        for (int i = 0; i < s.n; ++i) {
            T most = s.x[i * s.n] + s.v[0], sum = 0, of_row = 0;
            for (int j = 1; j < s.n; ++j)
                if (T const e = s.x[i * s.n + j] + s.v[j]; e > most) most = e;
            for (int j = 0; j < s.n; ++j) {
                T const below = s.x[i * s.n + j] + s.v[j] - most;
                sum += static_cast<T>(M::exp(below));
                of_row += below;
            }
            total += of_row - T(s.n) * static_cast<T>(M::log(sum));
        }
        return total;
    }
    // y itself, until its columns sum to one within the rounding of their sums; whether they do.
    template <class M, class T>
    static constexpr bool polish(state<T> const& s) noexcept {
        T error = find_errors(s), last = 2 * error + 1;
        for (int round = 0, sweeps = 0; round < 200 && error > 0; ++round) {
            if (sweeps == 0 && !(error < last * T(0.9))) {
                if (sums_to_one(s)) return true;
                sweeps = 4;
            }
            find_step<M>(s, sweeps > 0);
            sweeps = sweeps > 0 ? sweeps - 1 : 0;
            for (int i = 0; i < s.n; ++i) {
                T* const y = s.y + i * s.n;
                T sum = 0;
                for (int j = 0; j < s.n; ++j) sum += y[j] *= static_cast<T>(M::exp(s.step[j]));
                for (int j = 0; j < s.n; ++j) y[j] /= sum;
            }
            last = error;
            error = find_errors(s);
        }
        return sums_to_one(s);
    }
    template <class T>
    static constexpr bool sums_to_one(state<T> const& s) noexcept {
        T const allowed = T(s.n + 8) * std::numeric_limits<T>::epsilon();
        for (int j = 0; j < s.n; ++j) {
            T sum = 0;
            for (int i = 0; i < s.n; ++i) sum += s.y[i * s.n + j];
            if (!(sum <= 1 + allowed && sum >= 1 - allowed)) return false;
        }
        return true;
    }
};

}  // namespace op

namespace param::detail {

// y and the sum of the logarithms of its elements.
template <traced X>
constexpr auto sinkhorn(X const& x) {
    return apply<op::sinkhorn, attributes{}, 2>(x);
}

}  // namespace param::detail

}  // namespace paramorph::inline PARAMORPH_ABI
