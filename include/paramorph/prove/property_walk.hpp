// The walk that takes what is known (prove/property_facts.hpp) through the graph of a traced network.
//
//   functions of one number   by their trend (prove/piecewise.hpp: where(x > c, a, b) is one, if a and b meet at c)
//   sums                      Lipschitz bounds add
//   products with weights     matmul, convolutions and their transposes: the weight's norm, of a convolution times the
//                             root of how many taps of a filter meet an element; by the weight's signs the others
//   products of two values    |x| L(y) + |y| L(x), of bounded ones
//   views, copies, windows    an element that is read k times counts k times: the root of the largest k. Parts that are
//                             put together count by how often each element of the value is read that they come from,
//                             those of several values by the root of the sum of squares; max(a, b) beside min(a, b) is
//                             a beside b, so sorting is 1
//   e / sum(e), e = exp(x)    softmax: 1/2, not negative, sums to one
//
// Source: Tsuzuku et al. 2018, "Lipschitz-margin training"; Amos et al. 2017, "Input convex neural networks"; Anil et
// al. 2019, "Sorting out Lipschitz function approximation". Of softmax, the magnitudes of row i of diag(p) - p p^T sum
// to 2 p_i (1 - p_i), at most 1/2.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/exp.hpp"
#include "paramorph/prove/element_reads.hpp"
#include "paramorph/prove/piecewise.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class T>
class property_walk {
    using facts = value_facts<T>;

  public:
    // leaf(k): what is known of leaf k.
    template <class F>
    constexpr property_walk(graph const& of, property_rule<T> const* rules, int rule_count, F const& leaf)
        : g(of), rules_{rules, rule_count}, known_(of.value_count) {
        for (int i = 0; i < g.size; ++i) {
            node const& n = g.nodes[i];
            facts arguments[max_arguments];
            for (int k = 0; k < n.operation->arity; ++k) arguments[k] = at(n.argument[k]);
            for (int r = 0; r < n.operation->results; ++r) {
                facts& y = known_.data[n.first + r];
                bool const real = g.values[n.first + r].type != element::i32;
                if (n.operation->kind == category::leaf)
                    y = leaf(n.attribute.v[0]);
                else if (real && r == 0)
                    y = result_of(n);
                else
                    y = facts::nothing();
                settle(y, n, n.first + r);
                int const chooses = is<op::where>(n) ? 1 : 0;  // a choice is no loss of what is chosen by
                y.note(arguments + chooses, n.operation->arity - chooses, i);
            }
        }
    }
    constexpr facts const& at(int v) const { return known_.data[v]; }

    // How far values move together.
    constexpr double together(int const* values, int count) const {
        joined_parts const parts(g, values, count);
        scratch_array<int> counted(parts.size());
        double squares = 0;
        for (int k = 0; k < parts.size(); ++k) {
            if (counted.data[k]) continue;
            int const from = read_from(g, parts[k]), n = g.shape_of(from).size();
            scratch_array<int> reads(n);
            for (int j = k; j < parts.size(); ++j)
                if (read_from(g, parts[j]) == from) {
                    count_reads(g, parts[j], reads.data);
                    counted.data[j] = 1;
                }
            double const each = at(from).lipschitz;
            squares = up_sum(squares, scaled_bound(scaled_bound(each, each), largest_of(reads.data, n)));
        }
        return up_root(squares);
    }

  private:
    graph const& g;
    property_rules<T> rules_;
    scratch_array<facts> known_;

    template <class Op>
    static constexpr bool is(node const& n) {
        return n.operation->id == id_of<Op>;
    }
    constexpr facts const& argument(node const& n, int k) const { return at(n.argument[k]); }
    // What does not depend does not move; it has a norm.
    constexpr void settle(facts& y, node const& n, int v) const {
        if (n.operation->kind == category::leaf) return;
        y.depends = false;
        for (int k = 0; k < n.operation->arity; ++k) y.depends = y.depends || argument(n, k).depends;
        if (!y.depends) {
            y.lipschitz = 0;
            y.increasing = y.decreasing = y.convex = y.concave = true;
            double const size = y.range.size() * (1 + 0x1p-50);
            y.norm = math::min(y.norm, up_product(size, up_root(g.shape_of(v).size())));
        }
    }
    // The root of how often an argument that is smaller is read.
    constexpr double repeated(node const& n, int k) const {
        double const to = g.shape_of(n.first).size(), from = g.shape_of(n.argument[k]).size();
        return to == from ? 1 : up_root(to / math::max(from, 1.0) * (1 + 0x1p-50));
    }
    constexpr facts spread(node const& n, int k) const {
        facts x = argument(n, k);
        x.lipschitz = scaled_bound(x.lipschitz, repeated(n, k));
        return x;
    }

    constexpr facts result_of(node const& n) const {
        switch (n.operation->kind) {
            case category::constant: {
                facts y;
                y.range = interval<T>(n.number);
                return y;
            }
            case category::elementwise: {
                facts y = elementwise(n);
                y.range = both(y.range, rules_.range_of(g, n, *this));
                return y;
            }
            case category::view:
            case category::alias:
                return read(n);
            case category::mask: {
                facts y = argument(n, 0);
                y.range = hull(y.range, interval<T>(0));
                y.sum = y.column_sum = not_known;
                y.norm = math::infinity;
                return y;
            }
            case category::diagonal: {
                facts y;
                y.range = {0, 1};
                y.norm = 1;
                return y;
            }
            default:
                return dense(n);
        }
    }

    constexpr facts read(node const& n) const {
        facts y = argument(n, 0);
        extents const &from = g.shape_of(n.argument[0]), &to = g.shape_of(n.first);
        if (y.depends) y.lipschitz = scaled_bound(y.lipschitz, up_root(most_reads_of(n)));
        facts const x = y;
        y.sum = y.column_sum = not_known;
        if (n.operation->kind == category::alias) {
            if (from.from_end(0) == to.from_end(0)) y.sum = x.sum;
            if (from.rank < 1 || to.rank < 1 || from.d[0] != to.d[0]) y.norm = math::infinity;
            return y;
        }
        view_map const by = n.operation->view(g, n);
        bool const matrix = from.rank == 2 && to.rank == 2 && !by.strided;
        if (matrix && by.axis[0] == 1 && by.axis[1] == 0 && from.size() == to.size()) {
            y.sum = x.column_sum;
            y.column_sum = x.sum;
        } else if (from.rank > 0 && !by.strided && by.axis[from.rank - 1] == to.rank - 1 &&
                   from.from_end(0) == to.from_end(0))
            y.sum = x.sum;
        // A part of a matrix, or its transpose, has no larger norm.
        bool const part = matrix && by.axis[0] + by.axis[1] == 1 && by.axis[0] * by.axis[1] == 0;
        if (!part || to.size() > from.size()) y.norm = math::infinity;
        return y;
    }
    constexpr int most_reads_of(node const& n) const {
        if (n.operation->kind == category::alias) return 1;
        int const elements = g.shape_of(n.argument[0]).size();
        scratch_array<int> reads(elements);
        extents const &from = g.shape_of(n.argument[0]), &to = g.shape_of(n.first);
        interpreter::walker const w(to, from, view_place(whole(to.rank), n.operation->view(g, n)));
        for (int i = 0; i < to.size(); ++i) ++reads.data[w(i)];
        return largest_of(reads.data, elements);
    }

    // --- functions of each element ---------------------------------------------------------------------------------

    constexpr facts elementwise(node const& n) const {
        if (is<op::add>(n)) return sum_of(n, spread(n, 0), spread(n, 1));
        if (is<op::subtract>(n)) return sum_of(n, spread(n, 0), through(spread(n, 1), {-1, -1, true, true}));
        if (is<op::multiply>(n)) return product(n);
        if (is<op::divide>(n)) return quotient(n);
        if (is<op::maximum>(n) || is<op::minimum>(n)) return extremum(n);
        if (is<op::where>(n) && !argument(n, 0).depends) {  // always the same choice
            facts y = sum_of(n, spread(n, 1), spread(n, 2));
            y.lipschitz = root_of_squares(spread(n, 1).lipschitz, spread(n, 2).lipschitz);
            y.sum = not_known;
            return y;
        }
        piecewise_functions<T, property_walk> const functions{g, rules_, *this};
        int x = -1;
        trend const c = functions.of(n, x);
        return x < 0 ? facts::nothing() : without_range(through(spread_from(n, x), c));
    }
    constexpr facts spread_from(node const& n, int x) const {
        facts y = at(x);
        double const to = g.shape_of(n.first).size(), from = g.shape_of(x).size();
        if (to != from) y.lipschitz = scaled_bound(y.lipschitz, up_root(to / math::max(from, 1.0) * (1 + 0x1p-50)));
        return y;
    }
    static constexpr facts without_range(facts y) {
        y.range = interval<T>::everything(false);
        return y;
    }
    static constexpr bool both_known(double a, double b) { return is_known(a) && is_known(b); }
    static constexpr double root_of_squares(double a, double b) {
        return up_root(up_sum(scaled_bound(a, a), scaled_bound(b, b)));
    }
    constexpr facts sum_of(node const& n, facts const& a, facts const& b) const {
        facts y;
        y.lipschitz = up_sum(a.lipschitz, b.lipschitz);
        y.increasing = a.increasing && b.increasing;
        y.decreasing = a.decreasing && b.decreasing;
        y.convex = a.convex && b.convex;
        y.concave = a.concave && b.concave;
        if (g.shape_of(n.argument[0]) == g.shape_of(n.argument[1]) && !is<op::subtract>(n))
            y.sum = both_known(a.sum, b.sum) ? a.sum + b.sum : not_known;
        return y;
    }
    constexpr facts times_number(node const& n, int x, interval<T> const& by) const {
        return without_range(through(spread(n, x), times(itself, by)));
    }
    constexpr facts product(node const& n) const {
        facts const a = spread(n, 0), b = spread(n, 1);
        if (n.argument[0] == n.argument[1]) {
            return without_range(through(a, {2 * a.range.lo, 2 * a.range.hi, true}));
        }
        if (!a.depends || !b.depends) {
            int const fixed = a.depends ? 1 : 0;
            facts const &x = fixed == 1 ? a : b, &w = fixed == 1 ? b : a;
            facts y = times_number(n, 1 - fixed, w.range);
            if (g.is_constant(n.argument[fixed])) {
                double const c = g.producer_of(n.argument[fixed]).number;
                y.sum = is_known(x.sum) ? x.sum * c : not_known;
                y.norm = scaled_bound(x.norm, math::abs(c));
            }
            return y;
        }
        return product_of_two(a, b, b.range);
    }
    static constexpr facts product_of_two(facts const& a, facts const& b, interval<T> const& of_b) {
        facts y;
        y.lipschitz = up_sum(scaled_bound(b.lipschitz, a.range.size()), scaled_bound(a.lipschitz, of_b.size()));
        bool const a_up = a.range.lo >= 0, a_down = a.range.hi <= 0, b_up = of_b.lo >= 0, b_down = of_b.hi <= 0;
        // The derivative is a' b + a b'.
        y.increasing = ((b_up && a.increasing) || (b_down && a.decreasing)) &&
                       ((a_up && b.increasing) || (a_down && b.decreasing));
        y.decreasing = ((b_up && a.decreasing) || (b_down && a.increasing)) &&
                       ((a_up && b.decreasing) || (a_down && b.increasing));
        y.convex = y.concave = false;
        return y;
    }
    constexpr facts quotient(node const& n) const {
        facts y;
        if (softmax(n, y)) return y;
        facts const a = spread(n, 0), b = spread(n, 1);
        interval<T> const inverse = interval<T>(1) / b.range;
        if (!b.depends) return times_number(n, 0, inverse);
        if (!inverse.finite() || (b.range.lo <= 0 && b.range.hi >= 0)) return facts::nothing();
        double const most = up_product(inverse.size(), inverse.size());  // of the slope of 1 / b
        facts const r = without_range(through(b, {-most, 0, b.range.lo > 0, b.range.hi < 0}));
        if (!a.depends) return without_range(through(r, times(itself, a.range)));
        return product_of_two(a, r, inverse);
    }
    constexpr facts extremum(node const& n) const {
        facts const a = spread(n, 0), b = spread(n, 1);
        bool const largest = is<op::maximum>(n);
        facts y;
        bool const whole =
            g.shape_of(n.argument[0]) == g.shape_of(n.first) && g.shape_of(n.argument[1]) == g.shape_of(n.first);
        y.lipschitz =
            whole && a.depends && b.depends ? together(n.argument, 2) : root_of_squares(a.lipschitz, b.lipschitz);
        y.increasing = a.increasing && b.increasing;
        y.decreasing = a.decreasing && b.decreasing;
        y.convex = largest && a.convex && b.convex;
        y.concave = !largest && a.concave && b.concave;
        return y;
    }
    // e / sum(e) along an axis, e = exp(x) or exp(x - max(x)).
    constexpr bool softmax(node const& n, facts& y) const {
        int axis = 0;
        int const e = n.argument[0];
        if (reduced_and_kept<op::sum>(n.argument[1], axis) != e || !(at(e).range.lo >= 0)) return false;
        node const& of_e = g.producer_of(e);
        if (!is<op::exp<accurate>>(of_e) && !is<op::exp<fast>>(of_e)) return false;
        int x = of_e.argument[0], along = 0;
        node const& shifted = g.producer_of(x);
        if (is<op::subtract>(shifted) && reduced_and_kept<op::max>(shifted.argument[1], along) == shifted.argument[0] &&
            along == axis)
            x = shifted.argument[0];
        y = facts::nothing();
        y.lipschitz = scaled_bound(at(x).lipschitz, 0.5);
        y.range = {0, 1};
        if (axis == g.shape_of(n.first).rank - 1) y.sum = 1;
        return true;
    }
    template <class Op>
    constexpr int reduced_and_kept(int v, int& axis) const {
        while (is<op::detach>(g.producer_of(v))) v = g.producer_of(v).argument[0];
        node const& kept = g.producer_of(v);
        if (!is<op::unsqueeze>(kept)) return -1;
        axis = kept.attribute.v[0];
        int from = kept.argument[0];
        while (is<op::detach>(g.producer_of(from))) from = g.producer_of(from).argument[0];
        node const& reduced = g.producer_of(from);
        return is<Op>(reduced) && reduced.attribute.v[0] == 1 << axis ? reduced.argument[0] : -1;
    }

    // --- sums, products, copies --------------------------------------------------------------------------------------

    // Of `terms` numbers each.
    static constexpr interval<T> total(interval<T> const& each, double terms) {
        if (!each.finite()) return {each.lo >= 0 ? 0 : -math::infinity, each.hi <= 0 ? 0 : math::infinity};
        summed_range<T> s;
        s.lo = each.lo * terms;
        s.hi = each.hi * terms;
        s.size = each.size() * terms;
        s.terms = static_cast<int>(terms);
        s.below = each.lo < 0;
        s.above = each.hi > 0;
        interval<T> const all = s.total(false);
        return all.finite() ? all : total({each.lo >= 0 ? 0 : -math::infinity, each.hi <= 0 ? 0 : math::infinity}, 1);
    }
    constexpr facts by_weight(node const& n, int x, int w, double norm, double terms) const {
        facts y = without_range(through(argument(n, x), times(itself, argument(n, w).range)));
        y.lipschitz = scaled_bound(argument(n, x).lipschitz, norm);
        y.range = total(argument(n, x).range * argument(n, w).range, terms);
        return y;
    }
    constexpr facts matrix_product(node const& n) const {
        op::batch_of_products const p(g.shape_of(n.argument[0]), g.shape_of(n.argument[1]), n.attribute);
        facts const &a = argument(n, 0), &b = argument(n, 1);
        if (a.depends && b.depends) return facts::nothing();
        int const x = a.depends ? 0 : 1;
        facts const& w = argument(n, 1 - x);
        double const batches = double(p.outer) * p.middle, inner = p.inner,
                     own = double(g.shape_of(n.argument[x]).size()) / (inner * (x == 0 ? p.rows : p.columns));
        double const norm = scaled_bound(w.norm, up_root(math::max(batches / math::max(own, 1.0), 1.0)));
        facts y = by_weight(n, x, 1 - x, norm, inner);
        double const rows = n.attribute.v[1] ? b.column_sum : b.sum;
        if (x == 0 && g.shape_of(n.argument[1]).rank == 2 && n.attribute.v[0] == 0 && both_known(a.sum, rows))
            y.sum = a.sum * rows;
        return y;
    }
    constexpr facts convolved(node const& n) const {
        extents const& filters = g.shape_of(n.argument[1]);
        if (!argument(n, 0).depends || argument(n, 1).depends) return facts::nothing();
        auto const by = op::convolution_numbers::from(n.attribute, filters.rank);
        double const norm = scaled_bound(argument(n, 1).norm, up_root(most_taps(by, filters)));
        facts y = by_weight(n, 0, 1, norm, double(filters.size()));
        y.range = hull(y.range, interval<T>(0));
        return y;
    }
    constexpr facts reduced(node const& n) const {
        facts y = argument(n, 0);
        y.sum = y.column_sum = not_known;
        double const terms =
            double(g.shape_of(n.argument[0]).size()) / math::max(1.0, double(g.shape_of(n.first).size()));
        if (is<op::sum>(n)) {
            y.lipschitz = scaled_bound(y.lipschitz, up_root(terms * (1 + 0x1p-50)));
            y.range = total(y.range, terms);
            return y;
        }
        if (is<op::max>(n)) y.concave = false;
        if (is<op::min>(n)) y.convex = false;
        return is<op::max>(n) || is<op::min>(n) ? y : facts::nothing();
    }
    constexpr facts dense(node const& n) const {
        for (int k = 0; k < n.operation->arity; ++k)
            if (g.values[n.argument[k]].type == element::i32) return facts::nothing();
        if (n.operation->kind == category::reduction) return reduced(n);
        if (is<op::matmul>(n)) return matrix_product(n);
        if (is<op::convolution>(n) || is<op::convolution_to_images>(n)) return convolved(n);
        facts y = argument(n, 0);
        y.sum = y.column_sum = not_known;
        y.norm = math::infinity;
        if (is<op::require>(n)) return y;
        if (is<op::length>(n)) {
            y = without_range(through(y, {-1, 1, true}));
            y.range = {0, math::infinity};
            return y;
        }
        if (is<op::take_at_max>(n) && n.argument[0] == n.argument[1]) {
            y.lipschitz = scaled_bound(y.lipschitz, up_root(most_windows(g, n, false)));
            y.concave = false;
            return y;
        }
        if (is<op::window_mean>(n)) {
            y.lipschitz = scaled_bound(y.lipschitz, up_root(most_windows(g, n, true)));
            y.range = hull(y.range, interval<T>(0));
            return y;
        }
        if (!rules_.of(n).moves) return facts::nothing();
        y.range = hull(y.range, interval<T>(0));
        if (n.operation->arity == 1) {
            y.lipschitz = scaled_bound(y.lipschitz, up_root(most_copies(g, n)));
            return y;
        }
        y.range = argument(n, 0).range;
        for (int k = 1; k < n.operation->arity; ++k) {
            facts const& a = argument(n, k);
            y.range = hull(y.range, a.range);
            y.increasing = y.increasing && a.increasing;
            y.decreasing = y.decreasing && a.decreasing;
            y.convex = y.convex && a.convex;
            y.concave = y.concave && a.concave;
        }
        y.lipschitz = together(n.argument, n.operation->arity);
        return y;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
