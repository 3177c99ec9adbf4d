// How each value that an input moves depends on the values before it, as the affine walk passes it backward: which
// operations are passed, by what lines and with what error.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/affine_joint.hpp"
#include "paramorph/prove/composed_functions.hpp"
#include "paramorph/prove/plane_rules.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// What is known of the sum without its values that are yet to be passed.
struct sum_of_values {
    double sum = 0, magnitude = 0, error = 0;
    bool finite = true;
    constexpr void add(double x) {
        sum += x;
        magnitude += x < 0 ? -x : x;
    }
    constexpr double lower(int terms) const {
        if (!finite || !(magnitude < 0x1p500) || !(error < 0x1p500)) return -math::infinity;
        return sum - (magnitude * (terms * 0x1p-53) + error) * (1 + 0x1p-20) - 0x1p-780;
    }
};

template <class T>
class affine_relations : public affine_joint<T> {
    using base = affine_joint<T>;

  public:
    using base::affine_joint, base::at, base::g, base::moves, base::places, base::small;

  protected:
    using walker = interpreter::walker;
    using base::related, base::errors, base::rounding_of_coefficients, base::how_, base::within;

    template <class Op>
    constexpr bool is(int v) const {
        return range_store<T>::template is<Op>(v);
    }
    // Are the intervals of a node's results the ranges of its elements, but for rounding? Inputs; products that read
    // each input once for a result; and what is linear in one argument with such intervals, which are marked in
    // `exact`.
    constexpr bool has_exact_intervals(node const& n, bool const* exact) const {
        if (n.operation->kind == category::leaf) return true;
        int moved = -1, arguments = 0;
        for (int k = 0; k < range_places::arity_of(n); ++k)
            if (moves(n.argument[k])) moved = n.argument[k], ++arguments;
        if (arguments != 1 || !this->linear(n)) return false;
        bool const products = is<op::matmul>(n.first) || is<op::convolution>(n.first);
        if (products) return g.producer_of(moved).operation->kind == category::leaf;
        bool const one_element_each = n.operation->kind == category::elementwise ||
                                      n.operation->kind == category::view || n.operation->kind == category::alias;
        return one_element_each && exact[moved];
    }
    // Of node i, whose intervals are known.
    constexpr void relate(int i) {
        node const& n = g.nodes[i];
        how_[i] = passing::not_at_all;
        if (n.operation->results != 1 || n.operation->kind == category::leaf || this->reads_integers(n)) return;
        for (int k = 0; k < n.operation->arity; ++k)
            if (!small(n.argument[k])) return;
        if (!small(n.first)) return;
        how_[i] = relation_of(n);
    }

    // Backward, of running sums: an element is in its own sum and in all behind it.
    constexpr void pass_running(node const& n, double const* c, double* to) const {
        rows_of_sums const rows(g.shape_of(n.argument[0]), n.attribute);
        for (int i = 0; i < rows.count; ++i) {
            double sum = 0;
            for (int k = rows.length - 1; k >= 0; --k) {
                sum += c[rows.place(i, k)];
                to[rows.place(i, k)] += sum;
            }
        }
    }

  private:
    constexpr passing running(node const& n) {
        int const v = n.argument[0];
        rows_of_sums const rows(g.shape_of(v), n.attribute);
        for (int i = 0; i < rows.count; ++i) {
            double size = 0;
            for (int k = 0; k < rows.length; ++k) {
                int const e = rows.place(i, k);
                size += at(v)[e].size();
                errors(n)[e] = this->error_of_sum(size, k + 1, v);
            }
        }
        return passing::running;
    }
    constexpr passing relation_of(node const& n) {
        switch (n.operation->kind) {
            case category::elementwise:
                return elementwise(n);
            case category::view: {
                walker const w(g.shape_of(n.first), g.shape_of(n.argument[0]),
                               view_access(whole(g.shape_of(n.first).rank), n.operation->view(g, n)));
                return this->copies(n, [&](int e) { return w(e); });
            }
            case category::alias:
                return this->copies(n, [](int e) { return e; });
            case category::mask: {
                int const columns = g.shape_of(n.first).from_end(0), rows = g.shape_of(n.first).from_end(1);
                attributes const& by = n.attribute;
                return this->copies(
                    n, [&](int e) { return by.v[1] * (e % columns - e / columns % rows - by.v[0]) >= 0 ? e : -1; });
            }
            case category::reduction:
                if (this->linear(n)) return this->sum(n);
                if (is<op::sum_of_squares>(n.first)) return this->squares(n);
                if (is<op::max>(n.first) || is<op::min>(n.first)) return this->extremes(n, is<op::max>(n.first));
                return passing::not_at_all;
            case category::dense:
                if (is<op::matmul>(n.first) && moves(n.argument[0]) && moves(n.argument[1])) return this->bilinear(n);
                return is<op::cumsum>(n.first) ? running(n) : this->dense(n);
            default:
                return passing::not_at_all;
        }
    }
    constexpr passing elementwise(node const& n) {
        if (range_rule<T> const* const rule = this->rule_of(n); rule && rule->lines_along >= 0) return along(n, *rule);
        if (!this->has_pieces(n)) return passing::not_at_all;
        int k = -1, moved = 0;
        for (int j = n.operation->arity - 1; j >= 0; --j)
            if (moves(n.argument[j])) {
                k = j;
                ++moved;
            }
        if (is<op::straight_through>(n.first))
            return moves(n.argument[0]) ? this->copies(n, this->reads(n, 0)) : passing::not_at_all;
        if (auto const of = this->logits_of(n); of.x >= 0) return this->shares(n, of);
        if (is<op::where>(n.first) && this->decided(n)) return chosen(n);
        bool const adds = is<op::add>(n.first), subtracts = is<op::subtract>(n.first) || is<op::below_maximum>(n.first);
        if (moved == 2 && (adds || subtracts)) return between_planes(n);
        composed_function<T, affine_relations> function(*this, n);
        if (function.source < 0) return between_planes(n);
        range_rule<T> const& rule = *this->rule_of(n);
        bool const square = is<op::multiply>(n.first) && n.argument[0] == n.argument[1];
        int const arity = n.operation->arity, count = g.shape_of(n.first).size();
        walker reads[max_arguments];
        for (int j = 0; j < arity; ++j) reads[j] = this->reads(n, j);
        for (int e = 0; e < count; ++e) {
            interval<T> x[max_arguments]{};
            for (int j = 0; j < arity; ++j) x[j] = at(n.argument[j])[reads[j](e)];
            int const f = function.source == n.argument[k] ? reads[k](e) : e;
            interval<T> const of = at(function.source)[f];
            lines l = square ? lines_of_square(of.lo, of.hi) : moved == 1 ? rule.lines(x, k) : lines{};
            if (square) l.relative = unit_of<T>, l.absolute += least_of<T>;
            if (!l.known) {
                lines_and_range const r = function.lines_of(e, of);
                l = r.between;
                if (l.known) {
                    interval<T>& y = at(n.first)[e];
                    y = both(y, widened<T>(r.lo, r.hi, {0, l.absolute}, false));
                }
            }
            between_lines(n, e, l, function.source, f);
        }
        return passing::related;
    }
    // Of a rule that follows one argument, whatever else moves.
    constexpr passing along(node const& n, range_rule<T> const& rule) {
        int const k = rule.lines_along, v = n.argument[k];
        if (!moves(v)) return passing::not_at_all;
        for (int e = 0, count = g.shape_of(n.first).size(); e < count; ++e) {
            interval<T> x[max_arguments]{};
            for (int j = 0; j < n.operation->arity; ++j)
                x[j] = at(n.argument[j])[this->element_of(n, n.argument[j], e)];
            between_lines(n, e, rule.lines(x, k), v, this->element_of(n, v, e));
        }
        return passing::related;
    }
    // Element e of node n between lines of element f of value v, or within its interval.
    constexpr void between_lines(node const& n, int e, lines const& l, int v, int f) {
        double const slope = math::max(math::abs(l.low_slope), math::abs(l.high_slope));
        if (!l.known || !(slope < 0x1p250)) return within(n, e);
        related(n)[e] = {places.start.data[v] + f, -1, {l.low_slope, l.low_at}, {l.high_slope, l.high_at}};
        errors(n)[e] =
            (l.relative * at(n.first)[e].size() + l.absolute + rounding_of_coefficients(v) * slope * at(v)[f].size()) *
            (1 + 0x1p-40);
    }
    // Results between planes of their last two arguments.
    constexpr passing between_planes(node const& n) {
        int const last = n.operation->arity - 1, first = last - 1;
        if (first < 0) return passing::not_at_all;
        walker const x_at = this->reads(n, first), y_at = this->reads(n, last);
        for (int e = 0, count = g.shape_of(n.first).size(); e < count; ++e) {
            int const f[2]{x_at(e), y_at(e)};
            planes const p = planes_of(n, {at(n.argument[first])[f[0]], at(n.argument[last])[f[1]]});
            double off = (rounds(n) ? at(n.first)[e].size() * unit_of<T> + least_of<T> : 0) + p.absolute;
            if (!p.known) {
                within(n, e);
                continue;
            }
            relation r = relation::within(p.low.at, p.high.at);
            for (int k = 0; k < 2; ++k) {
                int const v = n.argument[first + k];
                double const low = k == 0 ? p.low.of_x : p.low.of_y, high = k == 0 ? p.high.of_x : p.high.of_y;
                interval<T> const& x = at(v)[f[k]];
                off += rounding_of_coefficients(v) * math::max(math::abs(low), math::abs(high)) * x.size();
                if (!moves(v)) {
                    r.low.at += low * (low > 0 ? x.lo : x.hi);
                    r.high.at += high * (high > 0 ? x.hi : x.lo);
                    continue;
                }
                (k == 0 ? r.first : r.second) = places.start.data[v] + f[k];
                (k == 0 ? r.low.slope : r.low.second) = low;
                (k == 0 ? r.high.slope : r.high.second) = high;
            }
            double const slope = math::max(math::max(math::abs(r.low.slope), math::abs(r.high.slope)),
                                           math::max(math::abs(r.low.second), math::abs(r.high.second)));
            if (!(slope < 0x1p250)) {
                within(n, e);
                continue;
            }
            related(n)[e] = r;
            errors(n)[e] = off * (1 + 0x1p-40);
        }
        return passing::related;
    }
    constexpr bool rounds(node const& n) const {
        return !is<op::where>(n.first) && !is<op::maximum>(n.first) && !is<op::minimum>(n.first);
    }
    constexpr planes planes_of(node const& n, plane_rules<T> const& of) const {
        int const v = n.first;
        if (is<op::add>(v)) return {true, {1, 1, 0}, {1, 1, 0}};
        if (is<op::subtract>(v) || is<op::below_maximum>(v)) return {true, {1, -1, 0}, {1, -1, 0}};
        if (is<op::multiply>(v)) return of.product();
        if (is<op::divide>(v)) return of.quotient();
        if (is<op::maximum>(v)) return of.maximum();
        if (is<op::minimum>(v)) return of.minimum();
        return is<op::where>(v) ? of.either() : planes{};
    }
    // where, of conditions that are known: elements of its second or third argument.
    constexpr bool decided(node const& n) const {
        interval<T> const* const c = at(n.argument[0]);
        for (int i = 0, count = g.shape_of(n.argument[0]).size(); i < count; ++i)
            if (c[i].nan || (c[i].lo <= 0 && c[i].hi >= 0 && c[i].lo != c[i].hi)) return false;
        return true;
    }
    constexpr passing chosen(node const& n) {
        for (int e = 0, count = g.shape_of(n.first).size(); e < count; ++e) {
            interval<T> const& c = at(n.argument[0])[this->element_of(n, n.argument[0], e)];
            int const v = n.argument[c.lo == 0 && c.hi == 0 ? 2 : 1], f = this->element_of(n, v, e);
            interval<T> const& y = at(v)[f];
            related(n)[e] = moves(v) ? relation::copy(places.start.data[v] + f) : relation::within(y.lo, y.hi);
            errors(n)[e] = rounding_of_coefficients(v) * y.size();
        }
        return passing::related;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
