// Of the pass that makes one graph of two programs (prove/difference_pass.hpp): which operations of b stand beside one
// of a, and what the values of both are in the new graph.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/int8_convolution.hpp"
#include "paramorph/op/base.hpp"
#include "paramorph/op/convert.hpp"
#include "paramorph/prove/difference_rules.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Of where(x > 0, c x, d x), a node of graph g: x, c and d; x is -1 where it is another function.
struct two_slopes {
    int x = -1;
    double above = 0, below = 0;

    constexpr two_slopes(graph const& g, node const& n) {
        node const& test = g.producer_of(n.argument[0]);
        bool const greater = test.operation->id == id_of<op::greater> || test.operation->id == id_of<op::greater_equal>;
        int const k = !greater ? -1 : is(g, test.argument[1], 0) ? 0 : is(g, test.argument[0], 0) ? 1 : -1;
        if (k < 0 || g.shape_of(test.argument[k]) != g.shape_of(n.first)) return;
        int const of = test.argument[k];
        if (slope(g, n.argument[1 + k], of, above) && slope(g, n.argument[2 - k], of, below)) x = of;
    }
    constexpr bool same(two_slopes const& other) const { return above == other.above && below == other.below; }

  private:
    static constexpr bool is(graph const& g, int v, double number) {
        return g.is_constant(v) && g.producer_of(v).number == number;
    }
    static constexpr bool slope(graph const& g, int v, int x, double& to) {
        node const& n = g.producer_of(v);
        if (v == x)
            to = 1;
        else if (is(g, v, 0))
            to = 0;
        else if (n.operation->id == id_of<op::negate> && n.argument[0] == x)
            to = -1;
        else if (n.operation->id == id_of<op::multiply> && n.argument[0] == x && g.is_constant(n.argument[1]))
            to = g.producer_of(n.argument[1]).number;
        else if (n.operation->id == id_of<op::multiply> && n.argument[1] == x && g.is_constant(n.argument[0]))
            to = g.producer_of(n.argument[0]).number;
        else
            return false;
        return true;
    }
};
// Of where(x > 0, x, w where(x > 0, 0, x)), a node of graph g, which is what prelu is: x, w and what it is times.
struct parts_of_prelu {
    int x = -1, weight = -1, negative = -1;

    constexpr parts_of_prelu(graph const& g, node const& n) {
        node const &test = g.producer_of(n.argument[0]), &product = g.producer_of(n.argument[2]);
        if (product.operation->id != id_of<op::multiply> || n.argument[1] != test.argument[0]) return;
        for (int k = 0; k < 2; ++k) {
            node const& inner = g.producer_of(product.argument[k]);
            if (inner.operation->id != id_of<op::where>) continue;
            two_slopes const f(g, inner);
            if (f.x != n.argument[1] || f.above != 0 || f.below != 1 || inner.argument[0] != n.argument[0]) continue;
            x = f.x;
            weight = product.argument[1 - k];
            negative = product.argument[k];
        }
    }
};
// Of where(x > high, high, where(x < low, low, x)), a node of graph g, in any order: x within two numbers.
struct bounds_of_clamp {
    int x = -1;
    double low = -math::infinity, high = math::infinity;

    constexpr bounds_of_clamp(graph const& g, node const& n) { find(g, n); }
    constexpr bool is_known() const { return x >= 0 && math::isfinite(low) && math::isfinite(high) && low <= high; }
    constexpr bool same(bounds_of_clamp const& other) const { return low == other.low && high == other.high; }

  private:
    constexpr void find(graph const& g, node const& n) {
        node const& test = g.producer_of(n.argument[0]);
        if (test.operation->id != id_of<op::greater> && test.operation->id != id_of<op::greater_equal>) return;
        int const k = g.is_constant(test.argument[1]) ? 0 : 1, of = test.argument[k];
        if (!g.is_constant(test.argument[1 - k]) || g.is_constant(of) || g.shape_of(of) != g.shape_of(n.first)) return;
        double const at = g.producer_of(test.argument[1 - k]).number;
        for (int upper = 0; upper < 2; ++upper) {
            int const bound = n.argument[(k == 0) == (upper == 1) ? 1 : 2],
                      rest = n.argument[(k == 0) == (upper == 1) ? 2 : 1];
            if (!g.is_constant(bound) || g.producer_of(bound).number != at) continue;
            if (rest == of)
                x = of;
            else if (g.producer_of(rest).operation->id == id_of<op::where>)
                find(g, g.producer_of(rest));
            if (x != of || !(low <= at && at <= high)) x = -1;
            (upper == 1 ? high : low) = at;
            return;
        }
    }
};
// Of x / sqrt(share sum(x^2) + epsilon), a product in graph g: share and how many elements a row has; none where it is
// another product.
struct row_of_one {
    double share = 0, terms = 0;

    constexpr row_of_one(graph const& g, node const& n) {
        for (int k = 0; k < 2; ++k) {
            node const& kept = g.producer_of(n.argument[1 - k]);
            if (kept.operation->id != id_of<op::unsqueeze>) continue;
            node const& r = g.producer_of(kept.argument[0]);
            if (r.operation->id != id_of<op::inverse_deviation>) continue;
            node const& s = g.producer_of(r.argument[0]);
            if (s.operation->id != id_of<op::sum_of_squares> || s.argument[0] != n.argument[k] ||
                s.attribute.v[0] != 1 << kept.attribute.v[0] || !g.is_constant(r.argument[1]) ||
                !g.is_constant(r.argument[2]) || !(g.producer_of(r.argument[2]).number >= 2 * least_epsilon) ||
                !(g.producer_of(r.argument[1]).number > 0))
                continue;
            share = g.producer_of(r.argument[1]).number;
            terms = g.shape_of(n.argument[k]).d[kept.attribute.v[0]];
        }
    }
    constexpr bool same(row_of_one const& other) const { return share == other.share && terms == other.terms; }
};

class difference_pairs {
  public:
    constexpr difference_pairs(graph const& of_a, graph const& of_b, graph& room)
        : a(of_a),
          b(of_b),
          to(room),
          of_a_(of_a.value_count),
          partner_(of_b.value_count),
          own_(of_b.value_count),
          error_(of_b.value_count),
          reciprocal_(of_b.value_count),
          moved_a_(of_a.value_count),
          moved_b_(of_b.value_count),
          paired_(of_a.size) {
        for (int v = 0; v < b.value_count; ++v)
            partner_.data[v] = own_.data[v] = error_.data[v] = reciprocal_.data[v] = -1;
    }
    // Before it runs: what a leaf of either program is in the new graph; inputs are shared. Of a weight in eight bits:
    // where the reciprocal of its argument's fixed scale is, or -1.
    constexpr void leaf_of_a(int v, int is, bool input) {
        of_a_.data[v] = is;
        moved_a_.data[v] = input;
    }
    constexpr void leaf_of_b(int v, int is, int reciprocal) {
        own_.data[v] = is;
        reciprocal_.data[v] = reciprocal;
    }
    constexpr void input_of_b(int v, int of_a, int error = -1) {
        partner_.data[v] = of_a;
        error_.data[v] = error;
        moved_b_.data[v] = true;
    }

  protected:
    graph const &a, &b;
    graph& to;
    scratch_array<int> of_a_;
    // Of a value of b: that of a which it stands beside; its own in the new graph; its error (-1: none).
    scratch_array<int> partner_, own_, error_, reciprocal_;
    scratch_array<bool> moved_a_, moved_b_, paired_;

    static constexpr bool is_leaf(node const& n) { return n.operation->kind == category::leaf; }
    static constexpr bool is_product(node const& n) {
        return n.operation->id == id_of<op::int8_product> || n.operation->id == id_of<op::int8_product_fixed>;
    }
    static constexpr bool is_convolution(node const& n) {
        return n.operation->id == id_of<op::int8_convolution> || n.operation->id == id_of<op::int8_convolution_fixed>;
    }
    static constexpr bool in_eight_bits(node const& n) { return is_product(n) || is_convolution(n); }
    constexpr int zero() { return append_constant(to, 0); }

    // The same node in the new graph, whose arguments are argument(k) there; its first result.
    template <class F>
    constexpr int again(node n, F const& argument) {
        if (n.operation->id == id_of<op::convert>) return argument(0);
        int const arity = range_places::arity_of(n);
        for (int k = 0; k < arity; ++k) n.argument[k] = argument(k);
        return to.push(n);
    }
    constexpr void copy(node const& n) {
        if (is_leaf(n)) return;
        int const first = again(n, [&](int k) { return of_a_.data[n.argument[k]]; });
        bool moves = false;
        for (int k = 0; k < range_places::arity_of(n); ++k) moves = moves || moved_a_.data[n.argument[k]];
        for (int r = 0; r < n.operation->results; ++r) {
            of_a_.data[n.first + r] = first + r;
            moved_a_.data[n.first + r] = moves;
        }
    }
    // As b has it.
    constexpr void on_its_own(node const& n) {
        bool integers = false;
        int moved = 0;
        for (int k = range_places::arity_of(n) - 1; k >= 0; --k) {
            integers = integers || b.values[n.argument[k]].type == element::i32 || own_or_partner(n.argument[k]) < 0;
            if (moved_b_.data[n.argument[k]]) moved = n.argument[k];
        }
        for (int r = 0; r < n.operation->results; ++r)
            integers = integers || b.values[n.first + r].type == element::i32;
        if (integers) {
            for (int r = 0; r < n.operation->results; ++r)
                own_.data[n.first + r] = push_with<op::unmatched>(to, op::attributes_of(b.shape_of(n.first + r)),
                                                                  moved_b_.data[n.first] ? value_of_b(moved) : zero());
            return;
        }
        int const first = again(n, [&](int k) { return value_of_b(n.argument[k]); });
        for (int r = 0; r < n.operation->results; ++r) own_.data[n.first + r] = first + r;
    }
    constexpr int own_or_partner(int v) const { return own_.data[v] >= 0 ? own_.data[v] : partner_.data[v]; }
    constexpr int value_of_b(int v) {
        int& own = own_.data[v];
        if (own >= 0) return own;
        int const of_a = of_a_.data[partner_.data[v]];
        return own = error_.data[v] < 0 ? of_a : push<op::add>(to, of_a, error_.data[v]);
    }

    // The node of a that n stands beside, as m, its arguments in the order of n's; -1 where there is none.
    constexpr int partner_of(node const& n, node& m) const {
        for (int i = 0; i < a.size; ++i) {
            if (paired_.data[i] || is_leaf(a.nodes[i]) || !moved_a_.data[a.nodes[i].first]) continue;
            m = a.nodes[i];
            if (stand_beside(m, n)) return i;
            if (!m.operation->commutes) continue;
            m.argument[0] = a.nodes[i].argument[1];
            m.argument[1] = a.nodes[i].argument[0];
            if (stand_beside(m, n)) return i;
        }
        return -1;
    }
    constexpr bool stand_beside(node const& m, node const& n) const {
        if (is_product(n)) {
            if (m.operation->id != id_of<op::matmul> || m.attribute.v[0] != 0 || m.attribute.v[1] != 1) return false;
        } else if (is_convolution(n)) {
            if (m.operation->id != id_of<op::convolution> || !(m.attribute == n.attribute)) return false;
        } else if (m.operation->id != n.operation->id || !(m.attribute == n.attribute))
            return false;
        if (a.shape_of(m.first) != b.shape_of(n.first)) return false;
        for (int k = 0; k < range_places::arity_of(m); ++k) {
            int const v = m.argument[k], w = n.argument[k];
            if (moved_a_.data[v] != moved_b_.data[w]) return false;
            if (moved_a_.data[v] ? partner_.data[w] != v
                                 : own_.data[w] < 0 || to.shape_of(own_.data[w]) != to.shape_of(of_a_.data[v]))
                return false;
        }
        return true;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
