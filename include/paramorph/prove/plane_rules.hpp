// Planes that hold a function of two numbers on a box: low(x, y) <= f(x, y) <= high(x, y), f without rounding.
//
//   x y        McCormick's: from x y = y0 x + x0 y - x0 y0 + (x - x0) (y - y0) at two opposite corners, and their mean.
//              All are equally near at the middle; the one whose bound over the box is best is taken, at a tie the mean
//   x / y      of x times 1 / y, which lies between chord and tangent; y does not reach 0
//   max, min   a chord over y - x on the side that bends; on the other one the argument that is ahead at the middle
//   where      what is below both of its arguments, above both, where it is not known which one is taken
//
// Source: McCormick 1976, "Computability of global solutions to factorable nonconvex programs", part 1.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/lines.hpp"
#include "paramorph/prove/range_math.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// of_x x + of_y y + at.
struct plane {
    double of_x = 0, of_y = 0, at = 0;

    static constexpr plane constant(double at) { return {0, 0, at}; }
    constexpr plane negative() const { return {-of_x, -of_y, -at}; }
    // Of -x and -y, as the negative of a function has it.
    constexpr plane mirrored() const { return {of_x, of_y, -at}; }
};
struct planes {
    bool known = false;
    plane low, high;
    double absolute = 0;  // what rounding of the planes themselves may be off by
};

template <class T>
class plane_rules {
    using range = interval<T>;

  public:
    constexpr plane_rules(range const& first, range const& second) : x_(first), y_(second) {}

    constexpr planes product() const {
        return times([](plane const& p) { return p; }, y_.lo, y_.hi);
    }
    constexpr planes quotient() const {
        if (y_.lo <= 0 && y_.hi >= 0) return {};
        interval<double> const by = interval<double>(1) / interval<double>(y_.lo, y_.hi);
        if (!(by.size() < 0x1p250)) return {};
        // 1 / y above and below lines of y: the chord on the side of the bend, the tangent at the middle.
        double const m = y_.lo / 2 + y_.hi / 2, off = by.size() * 0x1p-48;
        plane const tangent{0, -1 / (m * m), 2 / m}, chord{0, -(by.lo * by.hi), by.lo + by.hi};
        plane low = y_.lo > 0 ? tangent : chord, high = y_.lo > 0 ? chord : tangent;
        low.at -= off;
        high.at += off;
        return times(
            [&](plane const& p) {
                plane const& r = p.of_y > 0 ? low : high;
                return plane{p.of_x, p.of_y * r.of_y, p.at + p.of_y * r.at};
            },
            by.lo, by.hi);
    }
    // Of an element that is one of both, it is not known which.
    constexpr planes either() const {
        return {true, smaller(), plane_rules(-x_, -y_).smaller().mirrored(), rounding()};
    }
    constexpr planes maximum() const {
        if (x_.lo >= y_.hi) return {true, {1, 0, 0}, {1, 0, 0}, 0};
        if (y_.lo >= x_.hi) return {true, {0, 1, 0}, {0, 1, 0}, 0};
        return {true, ahead(), plane_rules(-x_, -y_).smaller().mirrored(), rounding()};
    }
    constexpr planes minimum() const {
        planes const p = plane_rules(-x_, -y_).maximum();
        return {true, p.high.mirrored(), p.low.mirrored(), p.absolute};
    }

  private:
    range x_, y_;

    constexpr double rounding() const { return 0x1p-46 * (x_.size() + y_.size()); }
    constexpr double least(plane const& p) const {
        return p.of_x * (p.of_x > 0 ? x_.lo : x_.hi) + p.of_y * (p.of_y > 0 ? y_.lo : y_.hi) + p.at;
    }
    // min(x, y) = x - max(x - y, 0) is not below x - s (x - y - l), the chord of x - y from l < 0 to u > 0.
    constexpr plane smaller() const {
        double const l = x_.lo - y_.hi, u = x_.hi - y_.lo;
        if (u <= 0) return {1, 0, 0};
        if (l >= 0) return {0, 1, 0};
        double const s = u / (u - l);
        return {1 - s, s, s * l};
    }
    constexpr plane ahead() const {
        bool const x = x_.lo / 2 + x_.hi / 2 >= y_.lo / 2 + y_.hi / 2;
        return {x ? 1.0 : 0.0, x ? 0.0 : 1.0, 0};
    }
    // Of x r, r from `low` to `high`; in_y replaces r in a plane by what it is of y, from below.
    template <class F>
    constexpr planes times(F const& in_y, double low, double high) const {
        double const a = x_.lo / 2 + x_.hi / 2, b = low / 2 + high / 2,
                     gap = (x_.hi / 2 - x_.lo / 2) * (high / 2 - low / 2);
        auto const best = [&](plane const& mean, plane const& first, plane const& second) {
            plane kept = in_y(mean);
            for (plane const& p : {in_y(first), in_y(second)}) {
                double const bound = least(kept);
                if (least(p) > bound + 0x1p-40 * math::abs(bound)) kept = p;
            }
            return kept;
        };
        // An upper plane is the negative of a lower one of -x r.
        return {true, best({b, a, -a * b - gap}, {low, x_.lo, -x_.lo * low}, {high, x_.hi, -x_.hi * high}),
                best({-b, -a, a * b - gap}, {-high, -x_.lo, x_.lo * high}, {-low, -x_.hi, x_.hi * low}).negative(),
                0x1p-44 * x_.size() * math::max(math::abs(low), math::abs(high)) + 0x1p-1000};
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
