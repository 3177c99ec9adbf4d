// Lines (prove/lines.hpp) that hold any function of one number of which pieces can be asked: its values and slopes on
// an interval (prove/slope_math.hpp). The interval is cut into cells, equally long and where the function has kinks; on
// a cell on which f(x) - s x may turn, its extreme lies above where two lines meet, from either end by the extreme
// slopes: within curvature times the square of the cell's length. Where nothing is known of a slope the cell's values
// count. What the function is at an end of a cell counts beside what it is between: where(x == c, 3, 1) is 3 at c
// alone.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/lines.hpp"
#include "paramorph/prove/slope_math.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Lines of a function, and what its values lie within, both without `absolute` of the lines.
struct lines_and_range {
    lines between;
    double lo = -math::infinity, hi = math::infinity;
};

class curve_lines {
  public:
    static constexpr int cells = 16, most_cuts = 6;

    // f(from, to): the piece between two numbers, a number if they are equal. Cuts outside of [l, u] count not.
    template <class F>
    static constexpr lines_and_range of(double l, double u, double const* cuts, int cut_count, F const& f) {
        curve_lines c;
        c.place(l, u, cuts, cut_count);
        if (!c.sample(f)) return {};
        lines_and_range r = c.best();
        r.between.absolute = c.error_;
        return r;
    }

  private:
    static constexpr int most = cells + most_cuts + 1;
    using range = interval<double>;
    double x_[most]{};
    range y_[most]{}, on_cell_[most]{}, slope_[most]{};
    int count_ = 0;
    double error_ = 0, size_x_ = 0, size_y_ = 0;

    constexpr void place(double l, double u, double const* cuts, int cut_count) {
        x_[count_++] = l;
        if (l == u) return;
        double const h = (u - l) / cells;
        double sorted[most_cuts]{};
        int n = 0;
        for (int k = 0; k < cut_count && n < most_cuts; ++k) {
            if (!(cuts[k] > l && cuts[k] < u)) continue;
            int i = n++;
            for (; i > 0 && sorted[i - 1] > cuts[k]; --i) sorted[i] = sorted[i - 1];
            sorted[i] = cuts[k];
        }
        int cut = 0;
        for (int i = 1; i <= cells; ++i) {
            double const next = i == cells ? u : l + i * h;
            for (; cut < n && sorted[cut] <= next; ++cut) add(sorted[cut]);
            add(next);
        }
    }
    constexpr void add(double x) {
        if (x > x_[count_ - 1]) x_[count_++] = x;
    }
    template <class F>
    constexpr bool sample(F const& f) {
        for (int i = 0; i < count_; ++i) {
            auto const at = f(x_[i], x_[i]);
            if (!at.known()) return false;
            y_[i] = at.value;
            error_ = math::max(error_, at.error);
            size_x_ = math::max(size_x_, math::abs(x_[i]));
            size_y_ = math::max(size_y_, at.value.size());
            if (i + 1 == count_) break;
            auto const cell = f(x_[i], x_[i + 1]);
            if (!cell.known()) return false;
            on_cell_[i] = cell.value;
            slope_[i] = cell.slope;
            error_ = math::max(error_, cell.error);
            size_y_ = math::max(size_y_, cell.value.size());
        }
        return true;
    }
    constexpr double middle_of(int i) const { return y_[i].lo / 2 + y_[i].hi / 2; }
    constexpr double secant(int i, int j) const {
        return x_[j] - x_[i] > 0x1p-200 ? (middle_of(j) - middle_of(i)) / (x_[j] - x_[i]) : 0;
    }
    // The steepest and the flattest line from an end to a place: a tangent, or the chord.
    constexpr void tangents(int end, double& least, double& largest) const {
        least = math::infinity;
        largest = -math::infinity;
        for (int i = 0; i < count_; ++i) {
            if (i == end) continue;
            double const s = end < i ? secant(end, i) : secant(i, end);
            least = math::min(least, s);
            largest = math::max(largest, s);
        }
    }
    constexpr lines_and_range best() const {
        if (count_ == 1) return {{true, 0, y_[0].lo, 0, y_[0].hi, 0, 0}, y_[0].lo, y_[0].hi};
        int const last = count_ - 1;
        double slopes[10]{0, secant(0, last)};
        tangents(0, slopes[2], slopes[3]);
        tangents(last, slopes[4], slopes[5]);
        double const middle = x_[0] / 2 + x_[last] / 2;
        int i = 1;
        while (i < last && x_[i] < middle) ++i;
        slopes[6] = secant(i - 1, i < last ? i + 1 : last);
        slopes[7] = secant(i - 1, i);
        slopes[8] = secant(0, i);
        slopes[9] = secant(i < last ? i : i - 1, last);
        lines_and_range all;
        best_lines r{middle};
        for (double const s : slopes) {
            if (!(math::abs(s) < 0x1p250)) continue;
            double const off = 0x1p-46 * (size_y_ + math::abs(s) * size_x_) + 0x1p-1060;
            double least = math::infinity, largest = -math::infinity;
            for (int k = 0; k < last; ++k) {
                least = math::min(least, below(k, s));
                largest = math::max(largest, above(k, s));
            }
            least -= off;
            largest += off;
            if (s == 0) {
                all.lo = least;
                all.hi = largest;
            }
            r.offer(s, least, largest);
        }
        all.between = r.found;
        return all;
    }
    // f(x) - s x on cell k: at least, at most.
    constexpr double below(int k, double s) const {
        return least_of_cell(k, y_[k].lo - s * x_[k], y_[k + 1].lo - s * x_[k + 1], slope_[k].lo - s, slope_[k].hi - s,
                             on_cell_[k].lo - math::max(s * x_[k], s * x_[k + 1]));
    }
    constexpr double above(int k, double s) const {
        return -least_of_cell(k, s * x_[k] - y_[k].hi, s * x_[k + 1] - y_[k + 1].hi, s - slope_[k].hi, s - slope_[k].lo,
                              math::min(s * x_[k], s * x_[k + 1]) - on_cell_[k].hi);
    }
    // Of g, `a` and `b` at the ends, on the cell between them of slopes within [falls, rises], nowhere there below
    // `known`. At a jump the value at an end is none of those between.
    constexpr double least_of_cell(int k, double a, double b, double falls, double rises, double known) const {
        double const ends = math::min(a, b);
        if (falls >= 0 || rises <= 0) return ends;
        double const h = (x_[k + 1] - x_[k]) * (1 + 0x1p-50);
        bool const from_left = falls > -0x1p300, from_right = rises < 0x1p300;
        double const left = from_left ? a + falls * h : known, right = from_right ? b - rises * h : known;
        if (!from_left || !from_right) return math::min(ends, math::max(known, math::max(left, right)));
        if (left >= b || right >= a) return ends;
        // Where the lines from both ends meet.
        double const sum = rises - falls, drop = rises * h * (-falls / sum);
        double const meet = (rises / sum) * a + (-falls / sum) * b - drop * (1 + 0x1p-40);
        return math::min(ends, math::max(known, meet));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
