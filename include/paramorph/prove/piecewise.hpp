// The trend of functions of one number that several elementwise operations make together: sums, products with numbers
// and with bounded functions, operations with a trend, one after the other; and pieces, where(x > c, a, b), where a and
// b are such functions of x that meet at c, as far as double tells (2^-45 of their size): leaky_relu, hardtanh,
// hardsigmoid, hardswish, prelu with a bounded weight. Pieces that do not meet have no trend.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/prove/property_facts.hpp"
#include "paramorph/prove/range_rules.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// The rules of the operations of a graph; the first one is that of none.
template <class T>
struct property_rules {
    property_rule<T> const* rules;
    int count;

    constexpr property_rule<T> const& of(node const& n) const {
        for (int k = 1; k < count; ++k)
            if (rules[k].id == n.operation->id) return rules[k];
        return rules[0];
    }
    // The numbers among the arguments of an elementwise operation.
    static constexpr void numbers_of(graph const& g, node const& n, double* to) {
        for (int k = 0; k < n.operation->arity; ++k)
            to[k] = g.is_constant(n.argument[k]) ? g.producer_of(n.argument[k]).number : 0;
    }
    template <class Known>
    constexpr interval<T> range_of(graph const& g, node const& n, Known const& known) const {
        property_rule<T> const& rule = of(n);
        if (!rule.element) return interval<T>::everything(false);
        if (n.operation->id == id_of<op::multiply> && n.argument[0] == n.argument[1])
            return square(known.at(n.argument[0]).range);
        interval<T> x[max_arguments];
        double number[max_arguments]{};
        for (int k = 0; k < n.operation->arity; ++k) x[k] = known.at(n.argument[k]).range;
        numbers_of(g, n, number);
        interval<T> y = rule.element(x, number);
        y.nan = false;
        return y;
    }
    // May node n be no number where its arguments are finite ones, as a root of what is negative? A quotient's rule has
    // its own condition.
    template <class Known>
    constexpr bool leaves_domain(graph const& g, node const& n, Known const& known) const {
        property_rule<T> const& rule = of(n);
        if (!rule.element || n.operation->id == id_of<op::divide>) return false;
        constexpr double most = 0x1p100;  // whose powers fit where the compiler evaluates them
        interval<T> x[max_arguments];
        double number[max_arguments]{};
        bool depends = false;
        for (int k = 0; k < n.operation->arity; ++k) {
            auto const& argument = known.at(n.argument[k]);
            x[k] = {math::max(argument.range.lo, -most), math::min(argument.range.hi, most)};
            depends = depends || argument.depends;
        }
        numbers_of(g, n, number);
        return depends && rule.element(x, number).nan;
    }
};

// Known: at(v), what is known of value v.
template <class T, class Known>
struct piecewise_functions {
    graph const& g;
    property_rules<T> const& rules;
    Known const& known;

    // The trend of node n in a value x, which is found: its only argument that depends, or the one it is cut by.
    constexpr trend of(node const& n, int& x) const {
        if (n.operation->id == id_of<op::where>) {
            cut const by = cut_of(n);
            x = by.x;
            return x < 0 ? trend{} : pieces(n, by, deepest);
        }
        if (!rules.of(n).runs || !numbers_behind(n)) return {};
        x = n.argument[0];
        return own(n);
    }
    // Of where(x > c, a, b): x, c, and which branch is the upper one.
    struct cut {
        int x = -1, above = 1;
        double at = 0;
    };

    constexpr bool numbers_behind(node const& n) const {
        for (int k = 1; k < n.operation->arity; ++k)
            if (!g.is_constant(n.argument[k])) return false;
        return true;
    }
    constexpr trend own(node const& n) const {
        double number[max_arguments]{};
        rules.numbers_of(g, n, number);
        return rules.of(n).runs(number);
    }
    constexpr cut cut_of(node const& n) const {
        node const& test = g.producer_of(n.argument[0]);
        if (test.operation->id != id_of<op::greater> && test.operation->id != id_of<op::greater_equal>) return {};
        int const k = g.is_constant(test.argument[1]) ? 0 : g.is_constant(test.argument[0]) ? 1 : -1;
        if (k < 0 || g.shape_of(test.argument[k]) != g.shape_of(n.first) || g.is_constant(test.argument[k])) return {};
        return {test.argument[k], k == 0 ? 1 : 2, g.producer_of(test.argument[1 - k]).number};
    }

  private:
    static constexpr int deepest = 12;

    constexpr trend pieces(node const& n, cut const& by, int depth) const {
        int const upper = n.argument[by.above], lower = n.argument[3 - by.above];
        trend const above = of_value(upper, by.x, depth), below = of_value(lower, by.x, depth);
        if (!meet(value_at(upper, by.x, by.at, depth), value_at(lower, by.x, by.at, depth))) return {};
        return {math::min(above.least, below.least), math::max(above.most, below.most),
                above.convex && below.convex && below.most <= above.least,
                above.concave && below.concave && below.least >= above.most};
    }
    static constexpr bool meet(interval<double> const& a, interval<double> const& b) {
        if (!a.finite() || !b.finite()) return false;
        double const size = math::max(a.size(), b.size()), apart = math::max(a.hi - b.lo, b.hi - a.lo);
        return apart <= size * 0x1p-45 + 0x1p-900;
    }
    // Value v as a function of value x, of one shape.
    constexpr trend of_value(int v, int x, int depth) const {
        if (v == x) return itself;
        if (!known.at(v).depends) return unmoved;
        node const& n = g.producer_of(v);
        if (depth == 0 || n.operation->kind != category::elementwise) return {};
        auto const argument = [&](int k) { return of_value(n.argument[k], x, depth - 1); };
        auto const range = [&](int k) -> interval<T> const& { return known.at(n.argument[k]).range; };
        operation_id const id = n.operation->id;
        if (id == id_of<op::add>) return added(argument(0), argument(1));
        if (id == id_of<op::subtract>) return added(argument(0), composed({-1, -1, true, true}, argument(1)));
        if (id == id_of<op::multiply>) {
            if (n.argument[0] == n.argument[1]) return composed({2 * range(0).lo, 2 * range(0).hi, true}, argument(0));
            for (int k = 0; k < 2; ++k)
                if (!known.at(n.argument[k]).depends) return times(argument(1 - k), range(k));
            return multiplied(argument(0), range(0), argument(1), range(1));
        }
        if (id == id_of<op::divide> && !known.at(n.argument[1]).depends)
            return times(argument(0), interval<T>(1) / range(1));
        if (id == id_of<op::where>) {
            cut const by = cut_of(n);
            return by.x == x ? pieces(n, by, depth - 1) : trend{};
        }
        return rules.of(n).runs && numbers_behind(n) ? composed(own(n), argument(0)) : trend{};
    }
    // Its value where x is c.
    constexpr interval<double> value_at(int v, int x, double c, int depth) const {
        if (v == x) return interval<double>(c);
        if (g.is_constant(v)) return interval<double>(g.producer_of(v).number);
        if (!known.at(v).depends) return {known.at(v).range.lo, known.at(v).range.hi};
        node const& n = g.producer_of(v);
        property_rule<T> const& rule = rules.of(n);
        if (depth == 0 || !rule.exactly) return interval<double>::everything();
        interval<double> y[max_arguments];
        double number[max_arguments]{};
        for (int k = 0; k < n.operation->arity; ++k) y[k] = value_at(n.argument[k], x, c, depth - 1);
        rules.numbers_of(g, n, number);
        return rule.exactly(y, number);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
