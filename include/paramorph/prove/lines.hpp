// Two straight lines that hold a function on an interval: low_slope x + low_at <= f(x) <= high_slope x + high_at for
// each x of [l, u], f the function without rounding. Several slopes are tried, the one whose line is nearest at the
// middle is taken; whatever the slope, its height is that of the largest, or smallest, f(x) - slope x, so that a slope
// need not be accurate.
//
//   in pieces         relu, abs, clamp, maximum, minimum: at ends and kinks; of relu the adaptive choice of CROWN
//   tanh, sigmoid     at the ends and where the slope is the line's: chords and tangents, those from an end included
//   other functions   at 17 points, and what a second derivative of at most M adds between two: M h^2 / 8
//
// Source: Zhang, Weng, Chen, Hsieh, Daniel 2018, "Efficient Neural Network Robustness Certification with General
// Activation Functions" (CROWN), tables 2 and 3.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/constexpr_math.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

struct lines {
    bool known = false;
    double low_slope = 0, low_at = 0, high_slope = 0, high_at = 0;
    // What a program's result may be off by: `relative` times its largest magnitude, and `absolute`.
    double relative = 0, absolute = 0;

    static constexpr lines exact(double slope, double at = 0) { return {true, slope, at, slope, at, 0, 0}; }
};

// The lines that are nearest to a function in the middle of an interval, of those offered.
struct best_lines {
    double middle;
    lines found{true};
    double low = -math::infinity, high = math::infinity;

    // Of slope s, with f(x) - s x at least and at most so much.
    constexpr void offer(double s, double least, double most) {
        if (s * middle + least > low) {
            low = s * middle + least;
            found.low_slope = s;
            found.low_at = least;
        }
        if (s * middle + most < high) {
            high = s * middle + most;
            found.high_slope = s;
            found.high_at = most;
        }
    }
};

// Points of a function, and by how much it may leave the straight lines between them.
struct points_of_function {
    static constexpr int most = 20;
    double x[most]{}, y[most]{}, slack = 0;
    int count = 0;

    constexpr void add(double at, double value) {
        x[count] = at;
        y[count++] = value;
    }
    constexpr double slope(int i, int j) const { return x[j] > x[i] ? (y[j] - y[i]) / (x[j] - x[i]) : 0; }
    // The lines of the best of some slopes; more(slope, least, most) takes other extrema of f(x) - slope x in.
    template <int N, class F>
    constexpr lines best(double const (&slopes)[N], F const& more) const {
        double const middle = x[0] / 2 + x[count - 1] / 2;
        double size_x = 0, size_y = 0;
        for (int i = 0; i < count; ++i) {
            size_x = math::max(size_x, math::abs(x[i]));
            size_y = math::max(size_y, math::abs(y[i]));
        }
        best_lines r{middle};
        for (double const s : slopes) {
            double least = math::infinity, largest = -math::infinity;
            for (int i = 0; i < count; ++i) {
                double const d = y[i] - s * x[i];
                least = d < least ? d : least;
                largest = d > largest ? d : largest;
            }
            more(s, least, largest);
            double const off = slack + 0x1p-48 * (size_y + math::abs(s) * size_x) + 0x1p-1060;
            least -= off;
            largest += off;
            r.offer(s, least, largest);
        }
        return r.found;
    }
    template <int N>
    constexpr lines best(double const (&slopes)[N]) const {
        return best(slopes, [](double, double&, double&) {});
    }
};

// Of max(min(x, high), low), low <= high, either may be infinite.
constexpr lines lines_of_clamp(double l, double u, double low, double high) {
    if (l >= low && u <= high) return lines::exact(1);
    if (u <= low) return lines::exact(0, low);
    if (l >= high) return lines::exact(0, high);
    points_of_function p;
    p.add(l, l < low ? low : l);
    if (l < low) p.add(low, low);
    if (u > high) p.add(high, high);
    p.add(u, u > high ? high : u);
    int const last = p.count - 1;
    return p.best({0, 1, p.slope(0, last), p.slope(0, last - 1), p.slope(1, last)});
}
constexpr lines lines_of_abs(double l, double u) {
    if (l >= 0) return lines::exact(1);
    if (u <= 0) return lines::exact(-1);
    points_of_function p;
    p.add(l, -l);
    p.add(0, 0);
    p.add(u, u);
    return p.best({-1, 1, 0, p.slope(0, 2)});
}
// Every tangent of the square lies below it, and so does what is slightly lower.
constexpr lines lines_of_square(double l, double u) {
    double const middle = l / 2 + u / 2, size = math::max(math::abs(l), math::abs(u)), off = 0x1p-48 * size * size;
    double const slope = l + u;
    return {true, 2 * middle, -middle * middle - off, slope, -(l * u) + off + 0x1p-1060, 0, 0x1p-1060};
}

// f has a second derivative of at most `curvature`.
template <class F>
constexpr lines lines_of_curve(double l, double u, double curvature, F const& f) {
    constexpr int cells = 16;
    points_of_function p;
    double const h = (u - l) / cells;
    for (int i = 0; i <= cells; ++i) {
        double const x = i == cells ? u : l + i * h;
        p.add(x, f(x));
    }
    p.slack = curvature * h * h / 8 * (1 + 0x1p-10);
    return p.best({0, p.slope(0, cells), p.slope(cells / 2 - 1, cells / 2 + 1), p.slope(0, 1),
                   p.slope(cells - 1, cells), p.slope(0, cells / 2), p.slope(cells / 2, cells)});
}

// The slope at the place where a line through (l, tanh l), l < 0, touches tanh at the right of 0; of the chord, where
// that lies beyond u.
constexpr double slope_from_left(double l, double u) {
    double const from = math::tanh(l);
    double a = 0, b = u, t = math::tanh(u);
    if ((1 - t * t) * (u - l) > t - from) return (t - from) / (u - l);
    for (int k = 0; k < 12; ++k) {
        double const d = a / 2 + b / 2;
        t = math::tanh(d);
        ((1 - t * t) * (d - l) > t - from ? a : b) = d;
    }
    t = math::tanh(a / 2 + b / 2);
    return 1 - t * t;
}
constexpr lines lines_of_tanh(double l, double u) {
    if (u - l > 0x1p60) return {true, 0, -1, 0, 1, 0, 0};
    points_of_function p;
    p.add(l, math::tanh(l));
    p.add(u, math::tanh(u));
    double const m = math::tanh(l / 2 + u / 2);
    // The slope of tanh is s at -x and x, where tanh is -r and r, r^2 = 1 - s: a minimum and a maximum of tanh - s x.
    auto const more = [&](double s, double& least, double& largest) {
        if (!(s > 0 && s < 1)) return;
        if (s < 0x1p-40) {
            least = math::min(least, l < 0 ? -1.0 : least);
            largest = math::max(largest, u > 0 ? 1.0 : largest);
            return;
        }
        double const r = math::sqrt(1 - s), x = math::log1p(2 * r / (1 - r)) / 2, most = r - s * x;
        double const margin = 0x1p-40 * (1 + x);  // its place is known to far less
        double const off = 0x1p-48 * (r + s * x);
        if (l <= -x + margin && -x - margin <= u) least = math::min(least, -most - off);
        if (l <= x + margin && x - margin <= u) largest = math::max(largest, most + off);
    };
    bool const crosses = l < 0 && u > 0;
    return p.best(
        {p.slope(0, 1), 1 - m * m, crosses ? slope_from_left(l, u) : 0, crosses ? slope_from_left(-u, -l) : 0}, more);
}
// sigmoid(x) is (1 + tanh(x / 2)) / 2.
constexpr lines lines_of_sigmoid(double l, double u) {
    lines const t = lines_of_tanh(l / 2, u / 2);
    constexpr double off = 0x1p-52;
    return {true, t.low_slope / 4, t.low_at / 2 + 0.5 - off, t.high_slope / 4, t.high_at / 2 + 0.5 + off, 0, 0};
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
