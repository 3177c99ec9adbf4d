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
