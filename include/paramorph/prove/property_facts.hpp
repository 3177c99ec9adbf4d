// What is known of a value of a traced network as a function of inputs, and how functions of one number, their `trend`
// (expr/operation.hpp), carry it on.
//
// Each fact is a bound or a proof; what is not known is infinite, NaN or false. Where a fact is lost, `lost` says at
// which node of the graph: the first one on the way.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"
#include "paramorph/prove/slopes.hpp"
#include "paramorph/prove/weight_facts.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

enum class property { lipschitz, increasing, decreasing, convex, concave };
inline constexpr int property_count = 5;

template <class T>
struct value_facts {
    bool depends = false;  // on the inputs that are asked for
    // Of all elements together: how far they move, at most, for an input that moves by 1, both by the 2-norm.
    double lipschitz = 0;
    // In each of these inputs' elements: is no element falling, rising; convex, concave in all of them together?
    bool increasing = true, decreasing = true, convex = true, concave = true;
    interval<T> range = interval<T>::everything(false);  // each element, where no operation overflows; NaN: perhaps
    double sum = not_known, column_sum = not_known;      // of each row along the last axis, of each column of a matrix
    double norm = math::infinity;                        // of one that does not depend: of the matrix [first, others]
    double filters = math::infinity;                     // of a tensor: as weight_facts has it
    int filter_groups = 1;
    int lost[property_count]{-1, -1, -1, -1, -1};

    constexpr bool affine() const { return convex && concave; }
    constexpr bool has(property p) const {
        switch (p) {
            case property::lipschitz:
                return math::isfinite(lipschitz);
            case property::increasing:
                return increasing;
            case property::decreasing:
                return decreasing;
            case property::convex:
                return convex;
            case property::concave:
                return concave;
        }
        return false;
    }
    // Other elements than its own have other sums and norms.
    constexpr void forget_matrix() {
        sum = column_sum = not_known;
        norm = filters = math::infinity;
        filter_groups = 1;
    }
    // Where is each fact lost that is not there: where an argument lost it, else at node `here`.
    constexpr void note(value_facts const* arguments, int count, int here) {
        for (int p = 0; p < property_count; ++p) {
            lost[p] = has(static_cast<property>(p)) ? -1 : here;
            for (int k = count - 1; k >= 0 && lost[p] >= 0; --k)
                if (arguments[k].lost[p] >= 0) lost[p] = arguments[k].lost[p];
        }
    }
    // One of which nothing is known, but that it depends.
    static constexpr value_facts nothing() {
        value_facts y;
        y.depends = true;
        y.lipschitz = math::infinity;
        y.increasing = y.decreasing = y.convex = y.concave = false;
        return y;
    }
    // One that is no number for some inputs.
    static constexpr value_facts undefined() {
        value_facts y = nothing();
        y.range.nan = true;
        return y;
    }
};

// c times a bound; infinite where either is, for 0 times that is not known to be 0.
constexpr double scaled_bound(double bound, double c) {
    return math::isfinite(bound) && math::isfinite(c) ? up_product(bound, c) : math::infinity;
}
constexpr double steepest(trend const& c) {
    double const least = math::abs(c.least), most = math::abs(c.most);
    return is_known(least) && is_known(most) ? math::max(least, most) : math::infinity;
}

// f of x, of which the trend is known. The range is the caller's.
template <class T>
constexpr value_facts<T> through(value_facts<T> const& x, trend const& f) {
    value_facts<T> y;
    y.depends = x.depends;
    if (!x.depends) return y;
    bool const rises = f.least >= 0, falls = f.most <= 0;
    y.lipschitz = scaled_bound(x.lipschitz, steepest(f));
    y.increasing = (rises && x.increasing) || (falls && x.decreasing);
    y.decreasing = (rises && x.decreasing) || (falls && x.increasing);
    y.convex = f.convex && (x.affine() || (x.convex && rises) || (x.concave && falls));
    y.concave = f.concave && (x.affine() || (x.concave && rises) || (x.convex && falls));
    return y;
}

// Slopes of a product of a number with a function, and of sums and products of functions.
struct slopes {
    double least, most;
};
constexpr slopes product_of(slopes a, slopes b) {
    double const p[4][2]{{a.least, b.least}, {a.least, b.most}, {a.most, b.least}, {a.most, b.most}};
    slopes r{math::infinity, -math::infinity};
    for (auto const& e : p) {
        r.least = math::min(r.least, down_product(e[0], e[1]));
        r.most = math::max(r.most, up_product(e[0], e[1]));
    }
    return r;
}
constexpr slopes sum_of(slopes a, slopes b) {
    return {sum_bound<double, false>(a.least, b.least), sum_bound<double, true>(a.most, b.most)};
}
constexpr slopes slopes_of(trend const& c) {
    return {c.least, c.most};
}
inline constexpr trend unmoved{0, 0, true, true}, itself{1, 1, true, true};

// f of g.
constexpr trend composed(trend const& f, trend const& g) {
    slopes const s = product_of(slopes_of(f), slopes_of(g));
    bool const straight = g.convex && g.concave;
    return {s.least, s.most, f.convex && (straight || (g.convex && f.least >= 0) || (g.concave && f.most <= 0)),
            f.concave && (straight || (g.concave && f.least >= 0) || (g.convex && f.most <= 0))};
}
constexpr trend added(trend const& a, trend const& b) {
    slopes const s = sum_of(slopes_of(a), slopes_of(b));
    return {s.least, s.most, a.convex && b.convex, a.concave && b.concave};
}
// Times a number that lies within an interval.
template <class T>
constexpr trend times(trend const& a, interval<T> const& w) {
    slopes const s = product_of(slopes_of(a), {w.lo, w.hi});
    bool const up = w.lo >= 0, down = w.hi <= 0, straight = a.convex && a.concave;
    return {s.least, s.most, straight || (up && a.convex) || (down && a.concave),
            straight || (up && a.concave) || (down && a.convex)};
}
// The product of functions with these values: f(x) g(x) - f(y) g(y) is f(x) (g(x) - g(y)) + g(y) (f(x) - f(y)).
template <class T>
constexpr trend multiplied(trend const& a, interval<T> const& of_a, trend const& b, interval<T> const& of_b) {
    slopes const s = sum_of(product_of(slopes_of(b), {of_a.lo, of_a.hi}), product_of(slopes_of(a), {of_b.lo, of_b.hi}));
    return {s.least, s.most};
}

// What an operation states beside its derivative, of those that a graph has.
template <class T>
struct property_rule {
    operation_id id;
    trend (*runs)(double const*) = nullptr;
    interval<T> (*element)(interval<T> const*, double const*) = nullptr;
    interval<double> (*exactly)(interval<double> const*, double const*) = nullptr;
    slope_range (*slopes)(double, double) = nullptr;  // of one number, within two
    bool moves = false;                               // puts elements of its arguments elsewhere, and zeros between
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
