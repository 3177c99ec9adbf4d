// What is known of functions of each element: sums, products, quotients, choices, and functions of one number.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/exp.hpp"
#include "paramorph/prove/composed_slopes.hpp"
#include "paramorph/prove/element_reads.hpp"
#include "paramorph/prove/row_properties.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Known: at(v), what is known of value v, and together(values, count), how far values move together.
template <class T, class Known>
struct elementwise_properties {
    using facts = value_facts<T>;
    graph const& g;
    property_rules<T> const& rules;
    Known const& known;
    searched_slopes& searched;

    // The facts of a node; its range is that of `rules`, but where these know more.
    constexpr facts of(node const& n) const {
        facts y = by_operation(n);
        take(y, row_properties<T, Known>{g, known}.of(n));
        piecewise_functions<T, Known> const functions{g, rules, known};
        composed_slopes<T, Known> f(functions, n, math::isfinite(y.lipschitz));
        if (f.source < 0 || is_branch(n)) return y;
        facts const together = through(spread_from(n, f.source), searched.find(f, functions, n));
        take(y, together);
        return y;
    }

  private:
    // What is known otherwise, too.
    static constexpr void take(facts& y, facts const& other) {
        y.lipschitz = math::min(y.lipschitz, other.lipschitz);
        y.increasing = y.increasing || other.increasing;
        y.decreasing = y.decreasing || other.decreasing;
        y.convex = y.convex || other.convex;
        y.concave = y.concave || other.concave;
    }
    // Is it read by choices alone? They are searched with it.
    constexpr bool is_branch(node const& n) const {
        bool read = false;
        for (int i = 0; i < g.size; ++i)
            for (int k = 0; k < g.nodes[i].operation->arity; ++k) {
                if (g.nodes[i].argument[k] != n.first) continue;
                if (!is<op::where>(g.nodes[i])) return false;
                read = true;
            }
        for (int k = 0; k < g.output_count; ++k) read = read && g.outputs[k] != n.first;
        return read;
    }
    constexpr facts by_operation(node const& n) const {
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
        piecewise_functions<T, Known> const functions{g, rules, known};
        int x = -1;
        trend const c = functions.of(n, x);
        return x < 0 ? facts::nothing() : through(spread_from(n, x), c);
    }
    template <class Op>
    static constexpr bool is(node const& n) {
        return n.operation->id == id_of<Op>;
    }
    constexpr facts const& argument(node const& n, int k) const { return known.at(n.argument[k]); }
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

    constexpr facts spread_from(node const& n, int x) const {
        facts y = known.at(x);
        double const to = g.shape_of(n.first).size(), from = g.shape_of(x).size();
        if (to != from) y.lipschitz = scaled_bound(y.lipschitz, up_root(to / math::max(from, 1.0) * (1 + 0x1p-50)));
        return y;
    }
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
        return through(spread(n, x), times(itself, by));
    }
    constexpr facts product(node const& n) const {
        facts const a = spread(n, 0), b = spread(n, 1);
        if (n.argument[0] == n.argument[1]) {
            return through(a, {2 * a.range.lo, 2 * a.range.hi, true});
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
        facts const r = through(b, {-most, 0, b.range.lo > 0, b.range.hi < 0});
        if (!a.depends) return through(r, times(itself, a.range));
        return product_of_two(a, r, inverse);
    }
    constexpr facts extremum(node const& n) const {
        facts const a = spread(n, 0), b = spread(n, 1);
        bool const largest = is<op::maximum>(n);
        facts y;
        bool const whole =
            g.shape_of(n.argument[0]) == g.shape_of(n.first) && g.shape_of(n.argument[1]) == g.shape_of(n.first);
        y.lipschitz =
            whole && a.depends && b.depends ? known.together(n.argument, 2) : root_of_squares(a.lipschitz, b.lipschitz);
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
        if (reduced_and_kept<op::sum>(n.argument[1], axis) != e || !(known.at(e).range.lo >= 0)) return false;
        node const& of_e = g.producer_of(e);
        if (!is<op::exp<accurate>>(of_e) && !is<op::exp<fast>>(of_e)) return false;
        int x = of_e.argument[0], along = 0;
        node const& shifted = g.producer_of(x);
        if (is<op::subtract>(shifted) && reduced_and_kept<op::max>(shifted.argument[1], along) == shifted.argument[0] &&
            along == axis)
            x = shifted.argument[0];
        y = facts::nothing();
        y.lipschitz = scaled_bound(known.at(x).lipschitz, 0.5);
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
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
