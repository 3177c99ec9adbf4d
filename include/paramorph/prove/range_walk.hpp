// The walk that takes intervals through a program: the graph that its kernels run, simplified, from the leaves on.
//
// Beside each operation's rule (prove/range_rules.hpp) and softmax (prove/range_softmax.hpp) it knows
//
//   where(x > c, a, b)         c a number: a and b are taken with x cut at c, so that leaky_relu, hardtanh and what
//                              else is made of pieces are as tight as functions of one piece
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/simplify.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/prove/line_rules.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// The rules of an operation that a graph has, or nulls.
template <class T>
struct range_rule {
    operation_id id;
    interval<T> (*element)(interval<T> const*, double const*) = nullptr;
    bool (*fill)(range_operands<T> const&, graph const&, node const&) = nullptr;
    // Of the affine walk: as a function of one number; lines for argument k; where a rule moves numbers, which ones.
    function_piece<T> (*piece)(function_piece<T> const*, double const*) = nullptr;
    detail::lines (*lines)(interval<T> const*, int k) = nullptr;
    bool (*places)(operands<int> const&) = nullptr;
    linear_when linear = linear_when::never;
    int lines_along = -1;   // the one argument that lines follow, whatever else moves; -1: any that moves alone
    bool of_sizes = false;  // what it makes of its arguments is rounding: how large they are is enough
};
template <class T, int N>
struct range_rules {
    range_rule<T> of[N > 0 ? N : 1];
};

template <class T>
class range_walk : public range_softmax<T> {
    using walker = interpreter::walker;

  public:
    using range_softmax<T>::at, range_softmax<T>::g;

    template <int N>
    constexpr range_walk(graph const& of, range_places const& places, range_rules<T, N> const& rules,
                         interval<T>* fixed, interval<T>* moved)
        : range_softmax<T>(of, places, fixed, moved), rules_(rules.of), rule_count_(N) {}

    // The first operation without a rule; null.
    char const* unknown = nullptr;
    int unknown_length = 0;
    bool all_finite = true, no_nan = true;  // every value but those of leaves
    // A scan that is not done after so many steps; where it stops behind each, its node is run again.
    int scan_step = 0;
    bool stops_in_scans = false;

    // Which element of value v stands beside element e of node n.
    constexpr int element_of(node const& n, int v, int e) const {
        extents const &space = g.shape_of(n.first), &own = g.shape_of(v);
        return own == space ? e : walker(space, own, broadcast_access(whole(space.rank), space, own))(e);
    }
    // Is node n known as a function of its arguments; and which piece of one is it of pieces?
    constexpr bool has_pieces(node const& n) const {
        range_rule<T> const* const rule = rule_of(n);
        return rule && rule->piece && !reads_integers(n);
    }
    constexpr function_piece<T> piece_of(node const& n, function_piece<T> const* x) const {
        if (is<op::multiply>(n.first) && n.argument[0] == n.argument[1]) return slope_math<T>::square(x[0]);
        return rule_of(n)->piece(x, numbers_of(n).of);
    }

    // The results of one node, whose arguments are known. leaf(k, to, n): the intervals of leaf k.
    template <class F>
    constexpr void run(node const& n, F const& leaf) {
        if (n.operation->kind == category::leaf) return leaf(n.attribute.v[0], at(n.first), g.shape_of(n.first).size());
        run(n);
        for (int r = 0; r < n.operation->results; ++r)
            for (int k = 0; k < g.shape_of(n.first + r).size(); ++k) {
                interval<T> const& x = at(n.first + r)[k];
                all_finite = all_finite && x.finite();
                no_nan = no_nan && !x.nan;
            }
    }

  protected:
    range_rule<T> const* rules_;
    int rule_count_;

    constexpr range_rule<T> const* rule_of(node const& n) const {
        for (int k = 0; k < rule_count_; ++k)
            if (rules_[k].id == n.operation->id) return rules_ + k;
        return nullptr;
    }
    constexpr void nothing_known(node const& n) {
        for (int r = 0; r < n.operation->results; ++r)
            for (int i = 0; i < g.shape_of(n.first + r).size(); ++i) at(n.first + r)[i] = interval<T>::everything();
        if (unknown) return;
        unknown = n.operation->name.data();
        unknown_length = static_cast<int>(n.operation->name.size());
    }
    template <class Op>
    constexpr bool is(int v) const {
        return range_store<T>::template is<Op>(v);
    }

    constexpr void run(node const& n) {
        extents const& space = g.shape_of(n.first);
        int const count = space.size(), columns = space.from_end(0), rows = space.from_end(1);
        interval<T>* const r = at(n.first);
        attributes const& by = n.attribute;
        switch (n.operation->kind) {
            case category::leaf:
                break;
            case category::constant:
                r[0] = interval<T>(n.number);
                break;
            case category::elementwise:
                elementwise(n);
                break;
            case category::view: {
                walker const w(space, g.shape_of(n.argument[0]),
                               view_access(whole(space.rank), n.operation->view(g, n)));
                for (int i = 0; i < count; ++i) r[i] = at(n.argument[0])[w(i)];
                break;
            }
            case category::mask:
                for (int i = 0; i < count; ++i) {
                    int const column = i % columns, row = i / columns % rows;
                    r[i] = by.v[1] * (column - row - by.v[0]) >= 0 ? at(n.argument[0])[i] : interval<T>(0);
                }
                break;
            case category::diagonal:
                for (int i = 0; i < count; ++i) r[i] = interval<T>(i % columns - i / columns == by.v[2] ? 1 : 0);
                break;
            case category::alias:
                for (int i = 0; i < count; ++i) r[i] = at(n.argument[0])[i];
                break;
            case category::reduction:
            case category::dense: {
                range_operands<T> x{};
                x.attribute = by;
                x.all_finite = &all_finite;
                x.no_nan = &no_nan;
                x.scan_step = &scan_step;
                x.stops_in_scans = stops_in_scans;
                for (int k = 0; k < n.operation->arity; ++k) {
                    x.shape[k] = g.shape_of(n.argument[k]);
                    x.argument[k] = at(n.argument[k]);
                }
                for (int k = 0; k < n.operation->results; ++k) {
                    x.result_shape[k] = g.shape_of(n.first + k);
                    x.result[k] = at(n.first + k);
                }
                range_rule<T> const* const rule = rule_of(n);
                if (reads_integers(n) || !rule || !rule->fill || !rule->fill(x, g, n))
                    nothing_known(n);
                else if (is<op::sum>(n.first))
                    this->at_least_the_largest(n);
                else if (is<op::matmul>(n.first))
                    this->between_rows(n);
            }
        }
    }
    constexpr bool reads_integers(node const& n) const {
        for (int k = 0; k < n.operation->arity; ++k)
            if (g.values[n.argument[k]].type == element::i32) return true;
        for (int k = 0; k < n.operation->results; ++k)
            if (g.values[n.first + k].type == element::i32) return true;
        return false;
    }

    constexpr walker reads(node const& n, int k) const {
        extents const &space = g.shape_of(n.first), &from = g.shape_of(n.argument[k]);
        return {space, from, broadcast_access(whole(space.rank), space, from)};
    }
    constexpr void elementwise(node const& n) {
        int const arity = n.operation->arity, count = g.shape_of(n.first).size();
        range_rule<T> const* const rule = rule_of(n);
        if (!rule || !rule->element || reads_integers(n)) return nothing_known(n);
        auto const number = numbers_of(n);
        walker reads[max_arguments];
        for (int k = 0; k < arity; ++k) reads[k] = this->reads(n, k);
        bool const squares = is<op::multiply>(n.first) && n.argument[0] == n.argument[1];
        int const tested = is<op::where>(n.first) ? cut_by(n.argument[0], n).x : -1;
        for (int i = 0; i < count; ++i) {
            interval<T> x[max_arguments]{};
            for (int k = 0; k < arity; ++k) x[k] = at(n.argument[k])[reads[k](i)];
            if (tested >= 0 && x[0].lo != x[0].hi) pieces(n, i, tested, at(tested)[i], x[1], x[2], 6);
            at(n.first)[i] = squares ? square(x[0]) : rule->element(x, number.of);
        }
        if (is<op::subtract>(n.first) || is<op::below_maximum>(n.first)) this->at_most_zero(n);
        if (is<op::divide>(n.first)) this->within_one(n);
        if (is<op::multiply>(n.first)) this->within_length(n);
        if (is<op::add>(n.first)) this->between_both(n);
    }
    struct known_numbers {
        double of[max_arguments]{};
    };
    constexpr known_numbers numbers_of(node const& n) const {
        known_numbers x;
        for (int k = 0; k < n.operation->arity; ++k) x.of[k] = number_of(n, k);
        return x;
    }
    constexpr double number_of(node const& n, int k) const {
        return k < n.operation->arity && g.is_constant(n.argument[k]) ? g.producer_of(n.argument[k]).number : 0;
    }

    // Where the value x is cut by a comparison with a number c: what it is where that holds, and where it does not.
    struct cut {
        int x = -1;
        interval<T> holds, fails;
    };
    // Of a condition in the space of node n. Both pieces keep c itself; NaN fails.
    constexpr cut cut_by(int condition, node const& n) const {
        node const& test = g.producer_of(condition);
        bool const strict = test.operation->id == id_of<op::greater>;
        if (!strict && test.operation->id != id_of<op::greater_equal>) return {};
        int const k = g.is_constant(test.argument[1]) ? 0 : g.is_constant(test.argument[0]) ? 1 : -1;
        if (k < 0) return {};
        int const x = test.argument[k];
        if (g.shape_of(x) != g.shape_of(n.first) || g.is_constant(x)) return {};
        interval<T> const c(number_of(test, 1 - k)), up{c.lo, math::infinity}, down{-math::infinity, c.hi, true};
        if (k == 0) return {x, up, down};
        return {x, {-math::infinity, c.hi}, {c.lo, math::infinity, true}};
    }
    // where(x > c, a, b), element i, of x within `all`: a and b where the condition holds, and where it does not.
    constexpr bool pieces(node const& n, int i, int x, interval<T> const& all, interval<T>& a, interval<T>& b,
                          int depth) const {
        cut const by = cut_by(n.argument[0], n);
        if (by.x != x) return false;
        interval<T> const above{math::max(all.lo, by.holds.lo), math::min(all.hi, by.holds.hi)},
            below{math::max(all.lo, by.fails.lo), math::min(all.hi, by.fails.hi), all.nan};
        if (!(above.lo <= above.hi) || !(below.lo <= below.hi)) return false;
        a = with(n.argument[1], n, i, x, above, depth);
        b = with(n.argument[2], n, i, x, below, depth);
        return true;
    }
    // Element i of value v, read in the space of node n, where value x lies within `range`.
    constexpr interval<T> with(int v, node const& n, int i, int x, interval<T> const& range, int depth) const {
        if (v == x) return range;
        extents const &space = g.shape_of(n.first), &own = g.shape_of(v);
        node const& p = g.producer_of(v);
        range_rule<T> const* const rule = rule_of(p);
        if (depth > 0 && own == space && p.operation->kind == category::elementwise && rule && rule->element &&
            !reads_integers(p)) {
            interval<T> y[max_arguments];
            for (int k = 0; k < p.operation->arity; ++k) y[k] = with(p.argument[k], n, i, x, range, depth - 1);
            if (p.operation->id == id_of<op::where>) pieces(p, i, x, range, y[1], y[2], depth - 1);
            bool const squares = p.operation->id == id_of<op::multiply> && p.argument[0] == p.argument[1];
            return squares ? square(y[0]) : rule->element(y, numbers_of(p).of);
        }
        return at(v)[element_of(n, v, i)];
    }
};

// The rules of the operations that a graph has.
template <class Op>
constexpr bool has_operation(graph const& g) {
    for (int i = 0; i < g.size; ++i)
        if (g.nodes[i].operation->id == id_of<Op>) return true;
    return false;
}
template <class T, class P, class Op>
constexpr range_rule<T> rule_for() {
    range_rule<T> r{id_of<Op>};
    if constexpr (has_operation<Op>(P::simplified)) {
        r.linear = is_linear<Op>;
        r.of_sizes = requires { Op::of_sizes; };
        if constexpr (Op::kind == category::elementwise) {
            if constexpr (requires { Op::lines_along; })
                r.element = &elementwise_range<Op, T>, r.lines = &lines_of<Op, T>, r.lines_along = Op::lines_along;
            else if constexpr (runs_as_written<Op>)
                r.element = &elementwise_range<Op, T>, r.piece = &elementwise_piece<Op, T>, r.lines = &lines_of<Op, T>;
        } else if constexpr (Op::kind == category::reduction || Op::kind == category::dense)
            r.fill = &fill_range<Op, T>;
        if constexpr (moves_numbers<Op>) r.places = &Op::template compute<range_math<T>, int>;
    }
    return r;
}
template <class T, class P, class... Op>
constexpr auto rules_for(ops<Op...>) {
    return range_rules<T, static_cast<int>(sizeof...(Op))>{{rule_for<T, P, Op>()...}};
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
