// What is known of functions of rows that several operations make, beside what is known of each of them:
//
//   log(c + sum(exp(x)))    with a number c >= 0, and logsumexp: slopes p >= 0 whose sum is at most 1, so at most 1
//                           in length; convex, as the logarithm of a sum of exponentials is, and increasing in each
//                           number
//   log_softmax             I - 1 p^T, the sum of p being 1, is a projection, as long as the other one, 1 p^T: at most
//                           the root of how many numbers a row has
//   x - mean(x)             a projection, too: 1. What each row has in common is taken away, but for the rounding of
//                           1 / n
//   x / sqrt(s |x|^2 + e)   r I - s r^3 x x^T, r = (s |x|^2 + e)^(-1/2): between e r^3 and r, at most 1 / sqrt(e)
//   cumsum                  the inverse of a matrix of differences d, and d^T d has the eigenvalues
//                           4 sin((2 k - 1) pi / (4 n + 2))^2, k = 1 ... n
//
// Source: Szyld 2006, "The many proofs of an identity on the norm of oblique projections"; the others are this
// library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/deviation.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/prove/property_facts.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Of running sums of so many numbers.
constexpr double norm_of_running_sums(double terms) {
    return 0.5 / math::sin(3.141592653589793 / (4 * terms + 2)) * (1 + 0x1p-40);
}

// Known: at(v), what is known of value v.
template <class T, class Known>
struct row_properties {
    using facts = value_facts<T>;
    graph const& g;
    Known const& known;

    // Of a node; nothing of what is no such function.
    constexpr facts of(node const& n) const {
        if (is<op::log>(n) || is<op::log1p>(n)) return of_exponentials(exponents(n.argument[0]));
        if (is<op::add>(n)) return of_exponentials(logsumexp(n));
        facts y = facts::nothing();
        if (is<op::subtract>(n)) y.lipschitz = math::min(log_softmax(n), centred(n));
        if (is<op::over_deviation>(n)) y.lipschitz = over_deviation(n);
        return y;
    }

  private:
    template <class Op>
    static constexpr bool is(node const& n) {
        return n.operation->id == id_of<Op>;
    }
    static constexpr bool is_exp(node const& n) { return is<op::exp<accurate>>(n) || is<op::exp<fast>>(n); }
    constexpr node const& made(int v) const { return g.producer_of(v); }
    constexpr int attached(int v) const {
        while (is<op::detach>(made(v))) v = made(v).argument[0];
        return v;
    }
    // What stands below axes of extent 1.
    constexpr int below_kept(int v) const {
        while (is<op::detach>(made(v)) || is<op::unsqueeze>(made(v))) v = made(v).argument[0];
        return v;
    }
    // What is put along one axis, which is found; -1.
    constexpr int along(int v, int& axis) const {
        node const& kept = made(attached(v));
        if (!is<op::unsqueeze>(kept)) return -1;
        axis = kept.attribute.v[0];
        return attached(kept.argument[0]);
    }
    // What is reduced along this axis; -1.
    template <class Op>
    constexpr int reduced(int v, int axis) const {
        return is<Op>(made(v)) && made(v).attribute.v[0] == 1 << axis ? made(v).argument[0] : -1;
    }
    constexpr facts of_exponentials(int x) const {
        return x < 0 ? facts::nothing() : through(known.at(x), {0, 1, true, false});
    }
    // x, where v is a number that is not negative and sums of exp(x); -1.
    constexpr int exponents(int v) const {
        for (;;) {
            node const& n = made(v);
            if (is_exp(n)) return n.argument[0];
            if (is<op::sum>(n))
                v = n.argument[0];
            else if (is<op::add>(n)) {
                int const k = g.is_constant(n.argument[0]) ? 1 : 0;
                if (!g.is_constant(n.argument[1 - k]) || !(made(n.argument[1 - k]).number >= 0) ||
                    g.shape_of(n.argument[k]) != g.shape_of(n.first))
                    return -1;
                v = n.argument[k];
            } else
                return -1;
        }
    }
    // x of where(sum(exp(below_maximum(x, m))) == 0, m, log(that sum)) + m, m = max(x).
    constexpr int logsumexp(node const& n) const {
        int const m = n.argument[1];
        node const &choice = made(n.argument[0]), &largest = made(attached(m));
        if (!is<op::where>(choice) || choice.argument[1] != m || !is<op::max>(largest)) return -1;
        node const &test = made(choice.argument[0]), &logarithm = made(choice.argument[2]);
        if (!is<op::log>(logarithm) || !is<op::equal>(test) || test.argument[0] != logarithm.argument[0] ||
            !g.is_constant(test.argument[1]) || made(test.argument[1]).number != 0)
            return -1;
        node const& total = made(logarithm.argument[0]);
        if (!is<op::sum>(total) || total.attribute.v[0] != largest.attribute.v[0] || !is_exp(made(total.argument[0])))
            return -1;
        node const& shifted = made(made(total.argument[0]).argument[0]);
        int const x = largest.argument[0];
        return is<op::below_maximum>(shifted) && shifted.argument[0] == x &&
                       below_kept(shifted.argument[1]) == largest.first
                   ? x
                   : -1;
    }
    constexpr double log_softmax(node const& n) const {
        int x = n.argument[0], axis = 0;
        int const logarithm = along(n.argument[1], axis);
        if (logarithm < 0 || !is<op::log>(made(logarithm))) return math::infinity;
        int const e = reduced<op::sum>(made(logarithm).argument[0], axis);
        if (e < 0 || !is_exp(made(e)) || made(e).argument[0] != x) return math::infinity;
        node const& shifted = made(x);
        if (is<op::subtract>(shifted) && g.shape_of(shifted.argument[0]) == g.shape_of(x)) {
            int other = 0;
            int const largest = along(shifted.argument[1], other);
            if (largest >= 0 && other == axis && reduced<op::max>(largest, axis) == shifted.argument[0])
                x = shifted.argument[0];
        }
        return scaled_bound(known.at(x).lipschitz, up_root(g.shape_of(n.first).d[axis]));
    }
    constexpr double centred(node const& n) const {
        int x = n.argument[0], axis = 0;
        int const mean = along(n.argument[1], axis);
        if (mean < 0 || !is<op::multiply>(made(mean)) || !g.is_constant(made(mean).argument[1]) ||
            reduced<op::sum>(made(mean).argument[0], axis) != x)
            return math::infinity;
        double const terms = g.shape_of(x).d[axis];
        interval<T> const& share = known.at(made(mean).argument[1]).range;
        double const off = math::max(math::abs(1 - share.lo * terms), math::abs(1 - share.hi * terms)) + 0x1p-50;
        if (!(off < 0.5)) return math::infinity;
        double common = 0;  // to what it moves that each row has in common
        for (;;) {
            node const& from = made(x);
            if (!is<op::subtract>(from) || g.shape_of(from.argument[0]) != g.shape_of(x)) break;
            int const w = from.argument[1];
            if (g.shape_of(w).rank != g.shape_of(x).rank || g.shape_of(w).d[axis] != 1) break;
            double const each = up_root(double(g.shape_of(x).size()));  // of what is read so often, at most
            common = up_sum(common, scaled_bound(scaled_bound(known.at(w).lipschitz, each), off));
            x = from.argument[0];
        }
        return up_sum(known.at(x).lipschitz, common);
    }
    constexpr double over_deviation(node const& n) const {
        int axis = 0;
        int const r = along(n.argument[1], axis);
        if (r < 0 || !is<op::inverse_deviation>(made(r)) ||
            reduced<op::sum_of_squares>(made(r).argument[0], axis) != n.argument[0])
            return math::infinity;
        interval<T> const &share = known.at(made(r).argument[1]).range, &epsilon = known.at(made(r).argument[2]).range;
        if (!(share.lo >= 0 && epsilon.lo > 0) || known.at(made(r).argument[2]).depends ||
            known.at(made(r).argument[1]).depends)
            return math::infinity;
        interval<double> const most = interval<double>(1) / interval<double>(root_bound<double, false>(epsilon.lo));
        return scaled_bound(known.at(n.argument[0]).lipschitz, most.hi);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
