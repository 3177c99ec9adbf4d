// What operations make together, of which interval arithmetic knows each alone: those of a softmax, and a gate's.
//
//   x - max(x)                   is at most 0, exp of it at most 1, and the sum of those over the axis at least 1
//   e / sum(e), e not negative   lies within [0, 1]; where e is exp(x - m), m the same along the axis, it lies within
//                                the softmax of the ends: 1 / (1 + sum over j of exp(x_j - x_i)), with x_i at one end
//                                and all others at the other one, widened by what float makes of it
//   x r                          with r = 1 / sqrt(share sum(x^2) + epsilon), lies within the root of 1 / share, which
//                                is a row's length: what layer_norm, rms_norm and group_norm divide
//   p v, p a softmax             each element lies within those of v's column: what attention answers
//   (1 - z) a + z b              of z within [0, 1] lies between a and b, but for rounding: the state of a GRU
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/compare.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/prove/range_rules.hpp"
#include "paramorph/prove/range_store.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class T>
class range_softmax : public range_store<T> {
  public:
    using range_store<T>::range_store, range_store<T>::at, range_store<T>::g;

  private:
    static constexpr double unit = sizeof(T) == sizeof(float) ? 0x1p-24 : 0x1p-53;
    template <class Op>
    constexpr bool is(int v) const {
        return range_store<T>::template is<Op>(v);
    }
    // Of where(x == 0, 1, x), which divides: x.
    constexpr int unguarded(int v) const {
        node const& n = g.producer_of(v);
        if (n.operation->id != id_of<op::where> || !g.is_constant(n.argument[1])) return v;
        node const& test = g.producer_of(n.argument[0]);
        bool const guards = g.producer_of(n.argument[1]).number == 1 && test.operation->id == id_of<op::equal> &&
                            test.argument[0] == n.argument[2] && g.is_constant(test.argument[1]) &&
                            g.producer_of(test.argument[1]).number == 0;
        return guards ? n.argument[2] : v;
    }
    // The value that a reduction along one axis, kept as an axis of extent 1, is made of; -1.
    template <class Op>
    constexpr int reduced_and_kept(int v, int& axis) const {
        v = unguarded(v);
        while (is<op::detach>(v)) v = g.producer_of(v).argument[0];
        node const& kept = g.producer_of(v);
        if (kept.operation->id != id_of<op::unsqueeze>) return -1;
        axis = kept.attribute.v[0];
        int from = kept.argument[0];
        while (is<op::detach>(from)) from = g.producer_of(from).argument[0];
        node const& reduced = g.producer_of(from);
        return reduced.operation->id == id_of<Op> && reduced.attribute.v[0] == 1 << axis ? reduced.argument[0] : -1;
    }
    // Is v x - max(x) along an axis, finite?
    constexpr bool is_below_maximum(int v, int& axis) const {
        node const& n = g.producer_of(v);
        return (n.operation->id == id_of<op::subtract> || n.operation->id == id_of<op::below_maximum>) &&
               reduced_and_kept<op::max>(n.argument[1], axis) == n.argument[0];
    }

  protected:
    constexpr void at_most_zero(node const& n) {
        int axis = 0;
        if (!is_below_maximum(n.first, axis)) return;
        for (int i = 0; i < g.shape_of(n.first).size(); ++i) {
            interval<T>& y = at(n.first)[i];
            y = {math::min(y.lo, 0.0), math::min(y.hi, 0.0), y.nan};
        }
    }
    // p v, p a softmax along the last axis of finite logits: of weights that sum to one, but for rounding.
    constexpr void between_rows(node const& n) {
        int const p = n.argument[0], v = n.argument[1];
        int axis = 0;
        bool logarithm = false;
        int const x = n.attribute.v[0] ? -1 : softmax_of(g.producer_of(p), axis, logarithm);
        if (x < 0 || logarithm || axis != g.shape_of(p).rank - 1) return;
        op::batch_of_products const b(g.shape_of(p), g.shape_of(v), n.attribute);
        known_of<T> const logits(at(x), g.shape_of(x).size()), rows(at(v), g.shape_of(v).size());
        if (!logits.finite || logits.nan || !rows.finite || rows.nan) return;
        interval<T> all = at(x)[0];
        for (int e = 1; e < g.shape_of(x).size(); ++e) all = hull(all, at(x)[e]);
        bool const is_fast = is<op::exp<fast>>(g.producer_of(p).argument[0]);
        double const off = error_of_softmax(all.hi - all.lo, b.inner, is_fast) +
                           b.inner * (least_of_softmax(b.inner, is_fast) + 4 * unit);
        if (!(off < 0.01)) return;
        int const step = n.attribute.v[1] ? 1 : b.columns, next = n.attribute.v[1] ? b.inner : 1;
        for (int e = 0; e < g.shape_of(n.first).size(); ++e) {
            int const matrix = e / (b.rows * b.columns);
            interval<T> const* const column =
                at(v) + matrix / b.middle * b.right[0] + matrix % b.middle * b.right[1] + e % b.columns * next;
            interval<T> y = column[0];
            for (int k = 1; k < b.inner; ++k) y = hull(y, column[k * step]);
            double const more =
                y.size() * off * (1 + 0x1p-10) + 2 * b.inner * double(std::numeric_limits<T>::denorm_min());
            at(n.first)[e] = both(at(n.first)[e], interval<T>{rounded_outwards<T, false>(y.lo - more),
                                                              rounded_outwards<T, true>(y.hi + more)});
        }
    }
    // (1 - z) a + z b, of z within [0, 1], lies between a and b, but for four roundings: a gate of a recurrent layer.
    constexpr void between_both(node const& n) {
        for (int k = 0; k < 4; ++k) {
            node const &x = g.producer_of(n.argument[k % 2]), &y = g.producer_of(n.argument[1 - k % 2]);
            if (x.operation->id != id_of<op::multiply> || y.operation->id != id_of<op::multiply>) return;
            node const& rest = g.producer_of(x.argument[k / 2]);
            if (rest.operation->id != id_of<op::subtract> || !g.is_constant(rest.argument[0]) ||
                g.producer_of(rest.argument[0]).number != 1)
                continue;
            int const z = rest.argument[1], i = y.argument[0] == z ? 0 : 1, a = x.argument[1 - k / 2],
                      b = y.argument[1 - i];
            extents const& s = g.shape_of(n.first);
            if (y.argument[i] != z || g.shape_of(z) != s || g.shape_of(a) != s || g.shape_of(b) != s) continue;
            for (int e = 0; e < s.size(); ++e) {
                interval<T> const &t = at(z)[e], both_of = hull(at(a)[e], at(b)[e]);
                if (!(t.lo >= 0 && t.hi <= 1) || t.nan || both_of.nan || !both_of.finite()) continue;
                double const off =
                    (both_of.size() * (4 * unit) + 4 * double(std::numeric_limits<T>::denorm_min())) * (1 + 0x1p-10);
                at(n.first)[e] = both(at(n.first)[e], interval<T>{rounded_outwards<T, false>(both_of.lo - off),
                                                                  rounded_outwards<T, true>(both_of.hi + off)});
            }
            return;
        }
    }
    // x r, where r is the inverse deviation of rows of x.
    constexpr void within_length(node const& n) {
        for (int k = 0; k < 2; ++k) {
            int const x = n.argument[k];
            node const& kept = g.producer_of(n.argument[1 - k]);
            if (kept.operation->id != id_of<op::unsqueeze>) continue;
            node const& r = g.producer_of(kept.argument[0]);
            if (r.operation->id != id_of<op::inverse_deviation>) continue;
            node const& s = g.producer_of(r.argument[0]);
            if (s.operation->id != id_of<op::sum_of_squares> || s.argument[0] != x ||
                s.attribute.v[0] != 1 << kept.attribute.v[0] || !(at(r.argument[2])[0].lo >= least_epsilon))
                continue;
            extents const& of = g.shape_of(x);
            double const share = at(r.argument[1])[0].lo, terms = of.d[kept.attribute.v[0]],
                         most = share > 0 ? (1 + (terms + 64) * 2 * unit) / math::sqrt(share) : math::infinity;
            for (int e = 0; e < of.size(); ++e)
                at(n.first)[e] =
                    clipped(at(n.first)[e], rounded_outwards<T, false>(-most), rounded_outwards<T, true>(most));
        }
    }
    constexpr bool is_exp(int v) const { return is<op::exp<accurate>>(v) || is<op::exp<fast>>(v); }
    // The sum of exp(x - max(x)) along the axis: one of them is 1.
    constexpr void at_least_the_largest(node const& n) {
        int const e = n.argument[0];
        int axis = 0;
        if (!is_exp(e) || !is_below_maximum(g.producer_of(e).argument[0], axis) || n.attribute.v[0] != 1 << axis)
            return;
        int const below = g.producer_of(e).argument[0], x = g.producer_of(below).argument[0];
        known_of<T> const known(at(x), g.shape_of(x).size());
        if (!known.finite || known.nan) return;
        interval<T> const one =
            is<op::exp<fast>>(e) ? range_math<T, true>::exp(interval<T>(0)) : range_math<T>::exp(interval<T>(0));
        for (int i = 0; i < g.shape_of(n.first).size(); ++i) {
            interval<T>& y = at(n.first)[i];
            y = {math::max(y.lo, one.lo), math::max(y.hi, one.lo), y.nan};
        }
    }
    constexpr void within_one(node const& n) {
        int axis = 0;
        int const e = n.argument[0], count = g.shape_of(e).size();
        if (reduced_and_kept<op::sum>(n.argument[1], axis) != e) return;
        for (int i = 0; i < count; ++i)
            if (!(at(e)[i].lo >= 0)) return;
        for (int i = 0; i < count; ++i) at(n.first)[i] = clipped(at(n.first)[i], 0, 1);
        bool logarithm = false;
        int const x = softmax_of(n, axis, logarithm);
        if (x >= 0) softmax(n, x, axis, is<op::exp<fast>>(e));
    }
    // The value of the same shape that node n is the softmax of along an axis, or its logarithm; -1.
    constexpr int softmax_of(node const& n, int& axis, bool& logarithm) const {
        logarithm = n.operation->id == id_of<op::subtract>;
        if (!logarithm && n.operation->id != id_of<op::divide>) return -1;
        int e = n.argument[0], kept = 0, below = 0;
        if (logarithm) {
            if (!is<op::unsqueeze>(n.argument[1])) return -1;
            node const& root = g.producer_of(g.producer_of(n.argument[1]).argument[0]);
            if (root.operation->id != id_of<op::log>) return -1;
            node const& sum = g.producer_of(root.argument[0]);
            kept = g.producer_of(n.argument[1]).attribute.v[0];
            if (sum.operation->id != id_of<op::sum> || sum.attribute.v[0] != 1 << kept) return -1;
            e = sum.argument[0];
        } else if (reduced_and_kept<op::sum>(n.argument[1], kept) != e)
            return -1;
        if (!is_exp(e)) return -1;
        below = g.producer_of(e).argument[0];
        if (!is_below_maximum(below, axis) || axis != kept || (logarithm && n.argument[0] != below)) return -1;
        int const x = g.producer_of(below).argument[0];
        return g.shape_of(x) == g.shape_of(n.first) ? x : -1;
    }
    // The relative error of a share, whose logits lie within `range` of one another: of each exponential its own error,
    // and that of its argument, which may be off by half an ulp; of the sum and of the quotient.
    static constexpr double error_of_softmax(double range, int extent, bool is_fast) {
        error_of_function const of_exp = is_fast ? fast_error : four_ulp<T>;
        double const one = of_exp.relative + 2 * unit * range, terms = extent + 2;
        return 2.1 * one + 2 * terms * unit + 0x1p-40;
    }
    static constexpr double least_of_softmax(int extent, bool is_fast) {
        return (extent + 4) * (is_fast ? fast_error : four_ulp<T>).absolute;
    }
    // What its logarithm, x - max - log(sum), may be off by: the sum lies within 1 and `extent`.
    static constexpr double error_of_log_softmax(double range, int extent, bool is_fast) {
        double const log_of_sum = math::log(double(extent)) + 1;
        return (error_of_softmax(range, extent, is_fast) + least_of_softmax(extent, is_fast) +
                four_ulp<T>.relative * log_of_sum + four_ulp<T>.absolute + 4 * unit * (range + log_of_sum)) *
               1.1;
    }
    // Along the axis, of finite x.
    constexpr void softmax(node const& n, int x, int axis, bool is_fast) {
        extents const& s = g.shape_of(x);
        int const inner = stride_of(s, axis), extent = s.d[axis], outer = s.size() / (inner * extent);
        for (int o = 0; o < outer; ++o)
            for (int k = 0; k < inner; ++k) {
                interval<T> const* const row = at(x) + o * extent * inner + k;
                double least = math::infinity, most = -math::infinity;
                bool known = true;
                for (int j = 0; j < extent; ++j) {
                    least = math::min(least, row[j * inner].lo);
                    most = math::max(most, row[j * inner].hi);
                    known = known && row[j * inner].finite() && !row[j * inner].nan;
                }
                double const relative = error_of_softmax(known ? most - least : 1e9, extent, is_fast),
                             absolute = least_of_softmax(extent, is_fast);
                if (!known || !(relative < 0.01)) continue;
                for (int i = 0; i < extent; ++i) {
                    double up = 1, down = 1;  // sums of exponentials over those of x_i
                    for (int j = 0; j < extent; ++j) {
                        if (j == i) continue;
                        up += math::exp(math::min(row[j * inner].hi - row[i * inner].lo, 700.0));
                        down += math::exp(math::max(math::min(row[j * inner].lo - row[i * inner].hi, 700.0), -700.0));
                    }
                    interval<T>& y = at(n.first)[(o * extent + i) * inner + k];
                    // Where an exponent was cut, the quotient is 0 in T, or as good as.
                    double const low = up > 1e300 ? 0 : 1 / up * (1 - relative) - absolute,
                                 high = 1 / down * (1 + relative) + absolute;
                    y = both(y, clipped(interval<T>{rounded_outwards<T, false>(low), rounded_outwards<T, true>(high)},
                                        0, 1));
                    y.nan = false;
                }
            }
    }
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
