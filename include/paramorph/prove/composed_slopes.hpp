// The slopes of functions of one number that several elementwise operations make together of a value that is read more
// than once: x tanh(softplus(x)), x - tanh(x). A node is followed back through elementwise operations of its shape to
// the last value that all of its arguments depend on; on cells of that value's range its slopes are evaluated operation
// by operation, and the cell of the steepest ones is cut until a slope that is taken comes within 5 % of the bound.
//
// Of a continuous function what holds for all slopes in each cell holds for two numbers of different ones: a choice
// counts where what is known of it says that it is continuous, and then, where it is not decided, its slopes are those
// of one branch or the other. Slopes of what may be infinite are not known. Cost: a few dozen evaluations, of functions
// that are such, in the compiler. Source: Moore 1966, "Interval analysis", derivatives of intervals.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/piecewise.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class T, class Known>
class composed_slopes {
    using range = interval<double>;

  public:
    // Of node n; `source` is -1 where it is no such function. continuous: is n, where it is a choice?
    constexpr composed_slopes(piecewise_functions<T, Known> const& functions, node const& n, bool continuous)
        : of_(functions), g(functions.g), shape_(g.shape_of(n.first)) {
        int pending[most_pending]{}, count = 0;
        if (!take(n, continuous, pending, count) || count < 2) return;
        while (count > 1) {
            int last = 0;
            for (int k = 1; k < count; ++k) last = pending[k] > pending[last] ? k : last;
            int const v = pending[last];
            pending[last] = pending[--count];
            if (!take(g.producer_of(v), math::isfinite(at(v).lipschitz), pending, count)) return;
        }
        if (count == 1 && g.shape_of(pending[0]) == shape_) source = pending[0];
    }
    int source = -1;

    // The same function, of numbers within the same bounds?
    constexpr bool is(composed_slopes const& other) const {
        bool same = node_count_ == other.node_count_ && same_range(source, other.source);
        for (int k = 0; same && k < node_count_; ++k) {
            node const &a = *nodes_[k], &b = *other.nodes_[k];
            same = a.operation->id == b.operation->id;
            for (int j = 0; same && j < a.operation->arity; ++j) {
                int const v = a.argument[j], w = b.argument[j];
                same = at(v).depends
                           ? other.at(w).depends && place(v) == other.place(w)
                           : g.is_constant(v) && g.is_constant(w) && g.producer_of(v).number == g.producer_of(w).number;
            }
        }
        return same;
    }
    // Its slopes, for all numbers that the source may be; `room` for cells is used up.
    constexpr trend slopes(int& room) {
        range const all{at(source).range.lo, at(source).range.hi};
        for (double const c : {0.0, far, -far}) cut(c);
        if (room < cut_count_ + 1) return {};
        cell cells[most_cells]{};
        int count = 0;
        auto const add = [&](double from, double to) {
            cells[count++] = {from, to, run({from, to})};
            --room;
        };
        double from = all.lo;
        for (int k = 0; k < cut_count_; ++k) {
            if (!(cuts_[k] > all.lo && cuts_[k] < all.hi)) continue;
            add(from, cuts_[k]);
            if (!cells[count - 1].slope.finite()) return {};
            from = cuts_[k];
        }
        add(from, all.hi);
        for (;;) {
            cell* steepest = cells;
            double found = 0;  // by what it moves at least somewhere
            for (int k = 0; k < count; ++k) {
                range const& s = cells[k].slope;
                if (s.size() > steepest->slope.size()) steepest = cells + k;
                found = math::max(found, s.lo > 0 ? s.lo : s.hi < 0 ? -s.hi : 0);
            }
            double const middle = between(steepest->from, steepest->to);
            if (count == most_cells || room <= 0 || steepest->slope.size() <= 1.05 * found ||
                !(steepest->from < middle && middle < steepest->to))
                break;
            add(middle, steepest->to);
            *steepest = {steepest->from, middle, run({steepest->from, middle})};
        }
        range r = cells[0].slope;
        for (int k = 1; k < count; ++k) r = hull(r, cells[k].slope);
        return {r.lo, r.hi};
    }

  private:
    static constexpr int most_nodes = 16, most_pending = 3 * most_nodes, most_cuts = 8, most_cells = 64;
    static constexpr double far = 0x1p60;  // beyond, numbers count as infinite ones
    struct piece {
        range value = range::everything(), slope = range::everything(false);
    };
    struct cell {
        double from, to;
        range slope;
    };
    piecewise_functions<T, Known> of_;
    graph const& g;
    extents shape_;
    node const* nodes_[most_nodes]{};  // from the last one back
    property_rule<T> const* rules_[most_nodes]{};
    int node_count_ = 0;
    double cuts_[most_cuts]{};
    int cut_count_ = 0;

    constexpr value_facts<T> const& at(int v) const { return of_.known.at(v); }
    constexpr bool same_range(int v, int w) const {
        return at(v).range.lo == at(w).range.lo && at(v).range.hi == at(w).range.hi;
    }
    // Which node makes value v; -1: it is the source.
    constexpr int place(int v) const {
        int k = node_count_ - 1;
        while (k >= 0 && nodes_[k]->first != v) --k;
        return k;
    }
    constexpr void cut(double c) {
        int k = 0;
        while (k < cut_count_ && cuts_[k] < c) ++k;
        if (cut_count_ == most_cuts || (k < cut_count_ && cuts_[k] == c)) return;
        for (int j = cut_count_++; j > k; --j) cuts_[j] = cuts_[j - 1];
        cuts_[k] = c;
    }
    constexpr bool take(node const& p, bool continuous, int* pending, int& count) {
        bool const jumps = p.operation->id == id_of<op::where> && !continuous;
        if (node_count_ == most_nodes || p.operation->kind != category::elementwise || jumps ||
            g.shape_of(p.first) != shape_)
            return false;
        rules_[node_count_] = &of_.rules.of(p);
        nodes_[node_count_++] = &p;
        operation_id const id = p.operation->id;
        bool const compares =
            id != id_of<op::add> && id != id_of<op::subtract> && id != id_of<op::multiply> && id != id_of<op::divide>;
        for (int k = 0; k < p.operation->arity; ++k) {
            int const v = p.argument[k];
            if (at(v).range.nan) return false;
            if (compares && g.is_constant(v) && math::abs(g.producer_of(v).number) < far) cut(g.producer_of(v).number);
            if (!at(v).depends) continue;
            bool known = false;
            for (int j = 0; j < count; ++j) known = known || pending[j] == v;
            if (!known) pending[count++] = v;
        }
        return true;
    }
    // Within a cell; the middle of the exponents where numbers differ much.
    static constexpr double between(double a, double b) {
        if (!math::isfinite(a) || !math::isfinite(b)) return a;
        double const small = math::min(math::abs(a), math::abs(b)), large = math::max(math::abs(a), math::abs(b));
        if (large <= 4 * math::max(small, 0.25)) return a / 2 + b / 2;
        double const size = math::sqrt(math::max(small, 0.25) * large);
        return a < 0 ? -size : size;
    }

    // What is far away is infinite: nothing overflows in the compiler.
    static constexpr range cut_off(range const& x, double most) {
        return {x.lo < -most ? -math::infinity : math::min(x.lo, most),
                x.hi > most ? math::infinity : math::max(x.hi, -most), x.nan};
    }
    static constexpr range product(range const& a, range const& b) {
        if (!a.finite() || !b.finite()) return range::everything(false);
        if (b.lo == 1 && b.hi == 1) return a;
        range const y = cut_off(a * b, 0x1p250);
        return y.finite() ? y : range::everything(false);
    }
    static constexpr range sum(range const& a, range const& b) {
        return a.finite() && b.finite() ? cut_off(a + b, 0x1p250) : range::everything(false);
    }

    // The slopes of the whole where the source lies within x.
    constexpr range run(range const& x) const {
        piece y[most_nodes];
        for (int k = node_count_ - 1; k >= 0; --k) {
            node const& p = *nodes_[k];
            piece of_argument[max_arguments];
            for (int j = 0; j < p.operation->arity; ++j) {
                int const v = p.argument[j];
                interval<T> const& r = at(v).range;
                if (!at(v).depends)
                    of_argument[j] = {cut_off({r.lo, r.hi}, 0x1p100), {0, 0}};
                else if (v == source)
                    of_argument[j] = {cut_off(x, 0x1p100), {1, 1}};
                else
                    of_argument[j] = y[place(v)];
            }
            y[k] = of_node(p, *rules_[k], of_argument, x);
        }
        return y[0].slope;
    }
    constexpr piece of_node(node const& p, property_rule<T> const& rule, piece const* a, range const& x) const {
        if (p.operation->id == id_of<op::where>) {
            auto const by = of_.cut_of(p);
            if (by.x == source && x.lo >= by.at) return a[by.above];
            if (by.x == source && x.hi <= by.at) return a[3 - by.above];
            return {hull(a[1].value, a[2].value), hull(a[1].slope, a[2].slope)};
        }
        if (!rule.exactly) return {};
        range value[max_arguments];
        double number[max_arguments]{};
        for (int j = 0; j < p.operation->arity; ++j) value[j] = a[j].value;
        of_.rules.numbers_of(g, p, number);
        bool const twice = p.operation->id == id_of<op::multiply> && p.argument[0] == p.argument[1];
        range const y = cut_off(twice ? square(value[0]) : rule.exactly(value, number), 0x1p100);
        if (y.nan) return {};
        return {y, slope_of(p, rule, a, y)};
    }
    constexpr range slope_of(node const& p, property_rule<T> const& rule, piece const* a, range const& y) const {
        operation_id const id = p.operation->id;
        auto const moves = [&](int k) { return at(p.argument[k]).depends; };
        if (id == id_of<op::add>) return sum(a[0].slope, a[1].slope);
        if (id == id_of<op::subtract>) return sum(a[0].slope, -a[1].slope);
        if (id == id_of<op::multiply>) {
            range const left = moves(0) ? product(a[1].value, a[0].slope) : range(0),
                        right = moves(1) ? product(a[0].value, a[1].slope) : range(0);
            return sum(left, right);
        }
        if (id == id_of<op::divide>) {
            range const& by = a[1].value;
            if (!by.finite() || (by.lo <= 0 && by.hi >= 0)) return range::everything(false);
            range const of_divisor = moves(1) ? product(y, a[1].slope) : range(0);
            return product(sum(a[0].slope, -of_divisor), range(1) / by);
        }
        if (id == id_of<op::maximum> || id == id_of<op::minimum>) {
            int const larger = id == id_of<op::maximum> ? 0 : 1;
            if (a[0].value.lo >= a[1].value.hi) return a[larger].slope;
            if (a[1].value.lo >= a[0].value.hi) return a[1 - larger].slope;
            return hull(a[0].slope, a[1].slope);
        }
        if (!of_.numbers_behind(p)) return range::everything(false);
        range const& x = a[0].value;
        if (id == id_of<op::clamp>) {
            if (x.hi <= a[1].value.lo || x.lo >= a[2].value.hi) return {0, 0};
            if (x.lo >= a[1].value.hi && x.hi <= a[2].value.lo) return a[0].slope;
        }
        trend const all = rule.runs ? of_.own(p) : trend{};
        range own{all.least, all.most};
        if (rule.slopes && x.finite()) {
            slope_range const s = rule.slopes(x.lo, x.hi);
            own = both(own, range{s.least, s.most});
        }
        return product(own, a[0].slope);
    }
};

// Those that are searched already: activations of one kind are searched once. There is room for as many cells as the
// compilers' limits of a constant evaluation allow.
struct searched_slopes {
    static constexpr int most = 8;
    node const* of[most]{};
    trend slopes[most]{};
    int count = 0, room = 100;

    template <class T, class Known>
    constexpr trend find(composed_slopes<T, Known>& f, piecewise_functions<T, Known> const& functions, node const& n) {
        for (int k = 0; k < count; ++k)
            if (of[k]->operation->id == n.operation->id && f.is(composed_slopes<T, Known>(functions, *of[k], true)))
                return slopes[k];
        if (count == most) return {};
        of[count] = &n;
        return slopes[count++] = f.slopes(room);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
