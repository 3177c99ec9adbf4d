// The pass that makes one graph of two: the values of program a, and for each operation that program b has, too, the
// error e of its result, b - a, as a function of the errors of its arguments and of the differences of the weights. So
// an error has the size of what makes it, not that of the values. The result is the error of b's result, negated: a -
// b. Intervals and lines go through the graph as through any other one (prove/affine_walk.hpp).
//
// Operations are paired from the inputs on: the same operation and attributes, arguments that are paired, or that no
// input moves. A product or convolution in eight bits is paired with the one of numbers: its argument is off by the
// rounding of the row, its weight is the integers times their scales. What has no partner, or no rule, is in the graph
// as b has it, and the error is a difference of values.
//
//   x + y, x - y, views, sums, running sums   errors do the same
//   x y, matmul, convolution                  E(x) b(y) + a(x) E(y)
//   x / y                                     (E(x) - a(x / y) E(y)) / b(y)
//   f(x)                                      difference_of<f>: E(x) times a slope of f; of clamp, elu, prelu and
//                                             where(x > 0, c x, d x) by prove/difference_slopes.hpp
//   max(x, y), min(x, y)                      max(x, y) is y + relu(x - y)
//   x / sqrt(mean(x^2) + epsilon)             as a product, by E of the sum of squares, sum((a(x) + b(x)) E(x));
//                                             neither is longer than the root of how many elements a row has
//
// To each the rounding of both programs is added (prove/difference_rules.hpp).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/difference_operations.hpp"
#include "paramorph/prove/difference_pairs.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Of programs without scans, or scans that have no rule.
struct no_scans {
    static constexpr bool copy(auto&, node const&) { return false; }
    static constexpr bool follow(auto&, node const&) { return false; }
};

// Scans: what is done with the programs' scans (prove/difference_scan.hpp).
template <class Scans = no_scans>
class difference_pass : public difference_pairs {
  public:
    using difference_pairs::difference_pairs;

    // Puts both programs in the graph.
    constexpr void follow_all() {
        for (int i = 0; i < a.size; ++i)
            if (!Scans::copy(*this, a.nodes[i])) copy(a.nodes[i]);
        for (int i = 0; i < b.size; ++i)
            if (!Scans::follow(*this, b.nodes[i])) follow(b.nodes[i]);
    }
    // The result: a - b, or b - a where it is turned.
    constexpr void run(bool turned) {
        follow_all();
        auto const [x, e] = result(0, 0);
        to.output(turned ? e : push<op::negate>(to, e));
    }
    // An output of a, and the error of one of b.
    struct value_and_error {
        int value, error;
    };
    constexpr value_and_error result(int of_a, int of_b) {
        int const y = b.outputs[of_b], x = a.outputs[of_a], at = of_a_.data[x];
        if (!moved_b_.data[y] || partner_.data[y] != x) return {at, push<op::subtract>(to, value_of_b(y), at)};
        return {at, of_shape(error_.data[y] < 0 ? zero() : error_.data[y], a.shape_of(x))};
    }

  private:
    friend Scans;

    constexpr void follow(node const& n) {
        if (is_leaf(n)) return;
        bool moves = false;
        for (int k = 0; k < range_places::arity_of(n); ++k) moves = moves || moved_b_.data[n.argument[k]];
        for (int r = 0; r < n.operation->results; ++r) moved_b_.data[n.first + r] = moves;
        if (!moves) return on_its_own(n);
        node m{};
        int const i = partner_of(n, m);
        if (i < 0) return on_its_own(n);
        paired_.data[i] = true;
        int e = -1;
        bool const known = error_of(n, m, e);
        if (!known) on_its_own(n);
        for (int r = 0; r < m.operation->results; ++r) {
            int const v = n.first + r;
            partner_.data[v] = m.first + r;
            error_.data[v] = known ? e : push<op::subtract>(to, own_.data[v], of_a_.data[m.first + r]);
        }
    }
    // A node of a, and what stands beside it.
    struct pair_of_nodes {
        difference_pass& pass;
        node const &n, &m;
        constexpr int a(int k) const { return pass.of_a_.data[m.argument[k]]; }
        constexpr int b(int k) const { return pass.value_of_b(n.argument[k]); }
        // b - a, of a weight, too; -1: zero.
        constexpr int e(int k) const {
            if (pass.moved_b_.data[n.argument[k]]) return pass.error_.data[n.argument[k]];
            return a(k) == b(k) ? -1 : push<op::subtract>(pass.to, b(k), a(k));
        }
        constexpr int result() const { return pass.of_a_.data[m.first]; }
        constexpr extents const& shape() const { return pass.to.shape_of(result()); }
        constexpr int e_or_zero(int k) const { return e(k) < 0 ? pass.zero() : e(k); }
        // Of the argument's own shape.
        constexpr int full(int k) const { return pass.of_shape(e_or_zero(k), pass.to.shape_of(a(k))); }
    };
    constexpr int of_shape(int v, extents const& s) {
        return to.shape_of(v) == s ? v : push_with<op::broadcast_to>(to, op::attributes_of(s), v);
    }
    constexpr int sum(int x, int y) { return x < 0 ? y : y < 0 ? x : push<op::add>(to, x, y); }
    // e, and what both round.
    constexpr int rounded(pair_of_nodes const& p, int e, int how = op::rounding_of_two::half_ulp) {
        return sum(e, push_with<op::rounding_of_two>(to, attributes{{how}}, p.result(), e < 0 ? zero() : e));
    }
    // relu(x + e) - relu(x)
    constexpr int kink(int x, int e) { return e < 0 ? -1 : push<op::difference_of<op::relu>>(to, x, e); }

    // E(x) b(y) + a(x) E(y), for a product or a convolution; x in eight bits is off by its rounding, too.
    template <class Op>
    constexpr int of_products(pair_of_nodes const& p) {
        int x = p.e(0);
        int const y = p.e(1);
        if (in_eight_bits(p.n)) {
            int const e = p.e_or_zero(0), fixed = reciprocal_.data[p.n.argument[1]];
            x = sum(x, fixed < 0 ? push<op::rounding_to_eight_bits>(to, p.a(0), e)
                                 : push<op::rounding_to_fixed_eight_bits>(to, p.a(0), e, fixed));
        }
        int const both = sum(x < 0 ? -1 : push_with<Op>(to, p.m.attribute, x, p.b(1)),
                             y < 0 ? -1 : push_with<Op>(to, p.m.attribute, p.a(0), y));
        int const of_x = x < 0 ? zero() : x, of_y = y < 0 ? zero() : y;
        attributes const& at = p.m.attribute;
        return sum(both, in_eight_bits(p.n)
                             ? push_with<op::rounding_of_products<Op, true>>(to, at, p.a(0), of_x, p.a(1), of_y)
                             : push_with<op::rounding_of_products<Op, false>>(to, at, p.a(0), of_x, p.a(1), of_y));
    }

    // The error of a result whose arguments' errors are known; is there a rule?
    constexpr bool error_of(node const& n, node const& m, int& e) {
        pair_of_nodes const p{*this, n, m};
        operation_id const id = m.operation->id;
        if (m.operation->results != 1) return false;
        category const kind = m.operation->kind;
        if (kind == category::view || kind == category::alias || kind == category::mask) {
            e = p.e(0) < 0 ? -1 : again(m, [&](int) { return p.e(0); });
            return true;
        }
        if (kind == category::elementwise) return error_of_elementwise(p, e);
        if (id == id_of<op::matmul>) {
            e = of_products<op::matmul>(p);
        } else if (id == id_of<op::convolution>) {
            e = of_products<op::convolution>(p);
        } else if (id == id_of<op::sum> || id == id_of<op::reduce_to>) {
            int const x = p.full(0);
            e = again(m, [&](int) { return x; });
            e = sum(e, id == id_of<op::sum>
                           ? push_with<op::rounding_of_sum<op::sum>>(to, m.attribute, p.a(0), x)
                           : push_with<op::rounding_of_sum<op::reduce_to>>(to, m.attribute, p.a(0), x));
        } else if (id == id_of<op::window_mean>) {
            int const x = p.full(0);
            e = sum(again(m, [&](int) { return x; }), push_with<op::rounding_of_mean>(to, m.attribute, p.a(0), x));
        } else if (id == id_of<op::cumsum>) {
            int const x = p.full(0);
            e = sum(again(m, [&](int) { return x; }),
                    push_with<op::rounding_of_running_sum>(to, m.attribute, p.a(0), x));
        } else if (id == id_of<op::take_at_max>) {
            if (m.argument[0] != m.argument[1]) return false;
            e = p.e(0) < 0 ? -1 : push_with<op::difference_of_largest>(to, m.attribute, p.full(0));
        } else if (id == id_of<op::max> || id == id_of<op::min>) {
            e = p.e(0) < 0 ? -1 : push_with<op::difference_of_extrema>(to, m.attribute, p.full(0));
        } else if (id == id_of<op::require>) {
            e = p.e(0);
        } else if (moves_elements(m)) {
            e = again(m, [&](int k) { return p.full(k); });
        } else
            return false;
        return true;
    }
    static constexpr bool moves_elements(node const& m) {
        return m.operation->id == id_of<op::pad> || m.operation->id == id_of<op::spread> ||
               m.operation->family == operation_family::concatenate || m.operation->family == operation_family::gather;
    }
    constexpr bool error_of_elementwise(pair_of_nodes const& p, int& e) {
        operation_id const id = p.m.operation->id;
        if (function_in_difference const f = function_with_rule(id, functions_of_one{}); f.of) {
            e = p.e(0);
            if (e >= 0) e = to.push(node{f.of, {p.a(0), e}, {}, 0, nullptr, 0});
            if (f.rounds >= 0) e = rounded(p, e, f.rounds);
        } else if (id == id_of<op::add>) {
            e = rounded(p, sum(p.e(0), p.e(1)));
        } else if (id == id_of<op::subtract>) {
            int const x = p.e(0), y = p.e(1);
            e = rounded(p, y < 0 ? x : x < 0 ? push<op::negate>(to, y) : push<op::subtract>(to, x, y));
        } else if (id == id_of<op::negate>) {
            e = p.e(0) < 0 ? -1 : push<op::negate>(to, p.e(0));
        } else if (id == id_of<op::detach>) {
            e = p.e(0);
        } else if (id == id_of<op::multiply>) {
            int const x = p.e(0), y = p.e(1);
            e = rounded(
                p, sum(x < 0 ? -1 : push<op::multiply>(to, x, p.b(1)), y < 0 ? -1 : push<op::multiply>(to, p.a(0), y)));
            if (row_of_one const row(a, p.m), other(b, p.n); row.terms > 0 && row.same(other))
                e = push<op::between_rows_of_one>(to, p.result(), e, number(row.share), number(row.terms));
        } else if (id == id_of<op::divide>) {
            int const x = p.e(0), y = p.e(1);
            int const less = y < 0 ? -1 : push<op::negate>(to, push<op::multiply>(to, p.result(), y));
            int const above = sum(x, less);
            // A quotient is not the exact one that the rule takes: half an ulp of it, times E(y) / b(y).
            e = rounded(p, above < 0 ? -1 : push<op::divide>(to, above, p.b(1)));
            if (y >= 0) {
                int const off = push_with<op::rounding_of_two>(to, attributes{{0}}, p.result(), zero());
                e = sum(e, push<op::divide>(to, push<op::multiply>(to, off, y), p.b(1)));
            }
        } else if (id == id_of<op::maximum> || id == id_of<op::minimum>) {
            bool const largest = id == id_of<op::maximum>;
            int const x = p.e(0), y = p.e(1);
            int const apart = x < 0 && y < 0 ? -1
                              : y < 0        ? x
                              : x < 0        ? push<op::negate>(to, y)
                                             : push<op::subtract>(to, x, y);
            int const turn = kink(push<op::subtract>(to, p.a(0), p.a(1)), apart);
            if (largest)
                e = sum(y, turn);
            else
                e = turn < 0 ? x : sum(x, push<op::negate>(to, turn));
        } else if (id == id_of<op::clamp>) {
            if (!same_number(p, 1) || !same_number(p, 2) || !(number_of(p, 1) <= number_of(p, 2))) return false;
            e = times_slope<slopes_of_clamp>(p.a(0), p.e(0), p.a(1), p.a(2));
        } else if (id == id_of<op::elu>) {
            if (!same_number(p, 1)) return false;
            e = times_slope<slopes_of_elu>(p.a(0), p.e(0), p.a(1), zero());
            e = rounded(p, rounded(p, e, op::rounding_of_two::four_ulp));
        } else if (id == id_of<op::where>) {
            if (bounds_of_clamp const f(a, p.m), other(b, p.n); f.is_known() && f.same(other)) {
                if (partner_.data[other.x] != f.x) return false;
                e = times_slope<slopes_of_clamp>(of_a_.data[f.x], error_.data[other.x], number(f.low), number(f.high));
                if (e >= 0) e = of_shape(e, p.shape());
                return true;
            }
            if (of_prelu(p, e)) return true;
            two_slopes const f(a, p.m), other(b, p.n);
            if (f.x < 0 || !f.same(other) || partner_.data[other.x] != f.x) return false;
            e = rounded(
                p, times_slope<slopes_of_two>(of_a_.data[f.x], error_.data[other.x], number(f.above), number(f.below)));
        } else if (id == id_of<op::inverse_deviation>) {
            if (!of_deviation(p, e)) return false;
        } else
            return false;
        if (e >= 0) e = of_shape(e, p.shape());
        return true;
    }
    constexpr int number(double x) { return append_constant(to, x); }
    constexpr bool same_number(pair_of_nodes const& p, int k) const {
        int const v = p.m.argument[k], w = p.n.argument[k];
        return a.is_constant(v) && b.is_constant(w) && a.producer_of(v).number == b.producer_of(w).number;
    }
    constexpr double number_of(pair_of_nodes const& p, int k) const { return a.producer_of(p.m.argument[k]).number; }
    template <class Slopes>
    constexpr int times_slope(int x, int e, int p, int q) {
        return e < 0 ? -1 : push<op::error_times_slope<Slopes>>(to, x, e, p, q);
    }
    // Of w min(x, 0) + max(x, 0): w_b E(x) + (1 - w_b) E(relu(x)) + min(x, 0) E(w).
    constexpr bool of_prelu(pair_of_nodes const& p, int& e) {
        parts_of_prelu const f(a, p.m), other(b, p.n);
        if (f.x < 0 || other.x < 0 || partner_.data[other.x] != f.x || moved_a_.data[f.weight] ||
            moved_b_.data[other.weight])
            return false;
        int const of_x = error_.data[other.x], turn = kink(of_a_.data[f.x], of_x), w = of_a_.data[f.weight],
                  v = value_of_b(other.weight);
        e = of_x < 0 ? -1
                     : push<op::add>(to, push<op::multiply>(to, of_x, v),
                                     push<op::multiply>(to, turn, push<op::subtract>(to, number(1), v)));
        if (w != v) e = sum(e, push<op::multiply>(to, of_a_.data[f.negative], push<op::subtract>(to, v, w)));
        e = rounded(p, e);
        if (e >= 0) e = of_shape(e, p.shape());
        return true;
    }
    // Of a sum of squares of what stands beside one another.
    constexpr bool of_deviation(pair_of_nodes const& p, int& e) {
        node const &of_a = a.producer_of(p.m.argument[0]), &of_b = b.producer_of(p.n.argument[0]);
        int const x = of_a.argument[0], y = of_b.argument[0];
        bool const squares = of_a.operation->id == id_of<op::sum_of_squares> &&
                             of_b.operation->id == id_of<op::sum_of_squares> && of_a.attribute == of_b.attribute;
        if (!squares || !moved_b_.data[y] || partner_.data[y] != x || !same_number(p, 1) || !same_number(p, 2) ||
            !(number_of(p, 2) >= 2 * least_epsilon))
            return false;
        int const at = of_a_.data[x], of_x = error_.data[y] < 0 ? -1 : of_shape(error_.data[y], to.shape_of(at)),
                  exact = of_x < 0
                              ? -1
                              : push_with<op::sum>(to, of_a.attribute,
                                                   push<op::multiply>(to, of_x, push<op::add>(to, at, value_of_b(y))));
        int const of_sum =
            sum(exact, push_with<op::rounding_of_squares>(to, of_a.attribute, at, of_x < 0 ? zero() : of_x));
        e = rounded(p, push<op::difference_of_deviation>(to, p.a(0), of_sum, p.a(1), p.a(2)),
                    op::rounding_of_two::deviation);
        return true;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
