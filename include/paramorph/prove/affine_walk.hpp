// The walk that refines intervals by an affine relaxation, backward, as CROWN does. Before an operation that is not
// linear, each of its arguments is bounded anew: the argument is a sum of the values before it, these are sums of
// those before them, and so on to the inputs, with two straight lines in place of each function on the way
// (prove/lines.hpp), the lower or the upper one by the sign of what multiplies it. Interval and relaxation both hold,
// so what lies in both is kept.
//
// Rounding. A value that a program of T computes is the exact result on the values that it computed before, and an
// error within `errors`, which the interval walk's own terms give: gamma_n of the sum of the magnitudes, half an ulp,
// the ulps of a function. A coefficient, which is a sum in double itself, is off by at most gamma_N of the sum of the
// magnitudes of its N terms; where it is multiplied by a number of the value's interval, that is one more error for
// each operation, so `errors` holds it, too. A weight that is not known exactly counts as its lower bound, and an
// error. An operation is passed only where all of its arguments and results are finite, no NaN, and at most 2^250; any
// other one counts as its interval. Coefficients beyond 2^250 give no bound.
//
// Cost: for each element that is bounded, twice the multiplications and additions of the operations before it. An
// element that relu passes or stops in all of its interval is not bounded again, nor a function of one number that is
// bounded itself, whose lines have the ends of its interval, nor what a first layer makes of the inputs: an interval of
// a sum that reads each input once has nothing to gain.
//
// Source: Zhang et al. 2018 (prove/lines.hpp); Singh, Gehr, Pueschel, Vechev 2019, "An Abstract Domain for Certifying
// Neural Networks", for rounding; Higham 2002 for sums.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/affine_relations.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class T>
class affine_walk : public affine_relations<T> {
    using base = affine_relations<T>;

  public:
    using base::at, base::g, base::moves, base::places;

    template <int N>
    constexpr affine_walk(graph const& of, range_places const& places, range_rules<T, N> const& rules,
                          affine_fixed<T> const& fixed, affine_memory<T> const& memory)
        : base(of, places, rules, fixed, memory),
          coefficients_(places.moved_elements),
          wanted_(of.value_count),
          curved_(of.value_count),
          exact_(of.value_count),
          cost_(of.size) {
        double cost = 0;
        for (int i = 0; i < g.size; ++i) {
            node const& n = g.nodes[i];
            if (!moves(n.first)) continue;
            bool const exact = this->has_exact_intervals(n, exact_.data);
            for (int r = 0; r < n.operation->results; ++r) {
                curved_.data[n.first + r] = !this->linear(n);
                exact_.data[n.first + r] = exact;
            }
            for (int k = 0; k < range_places::arity_of(n); ++k) {
                for (int r = 0; r < n.operation->results; ++r)
                    curved_.data[n.first + r] = curved_.data[n.first + r] || curved_.data[n.argument[k]];
                int& wanted = wanted_.data[n.argument[k]];
                if (!this->linear(n) && !this->of_sizes(n))
                    wanted = this->template is<op::relu>(n.first) && wanted != all ? kinks : all;
            }
            cost += n.operation->has_flops && n.operation->kind == category::dense ? n.operation->flops(g, n) / 2
                                                                                   : g.shape_of(n.first).size();
            cost_.data[i] = cost;
        }
        for (int k = 0; k < g.output_count; ++k) wanted_.data[g.outputs[k]] = all;
    }

    // How far the walk is: the next node; the next element of its results to refine, -1 before it has intervals.
    int next = 0, element = -1;
    // Do bounds by the relaxation count alone, not what lies in both? Of a walk of both: did intervals change a line,
    // so that a walk by the relaxation alone may find better bounds? (relu with an interval that is cut may take the
    // other slope.)
    bool alone = false, narrowed = false;

    // What no input moves: once; and its lower ends, which coefficients are multiplied by. From node `from` on, until
    // about `elements` have intervals; which node is next.
    template <class F>
    constexpr int run_fixed(F const& leaf, interval<T> const* fixed, double* lower, int from = 0,
                            double elements = math::infinity) {
        int i = from;
        for (double done = 0; i < g.size && done < elements; ++i) {
            node const& n = g.nodes[i];
            if (moves(n.first)) continue;
            this->run(n, leaf);
            for (int r = 0; r < n.operation->results; ++r) {
                int const first = places.start.data[n.first + r], count = g.shape_of(n.first + r).size();
                for (int e = first; e < first + count; ++e) lower[e] = fixed[e].lo;
                done += count;
            }
        }
        return i;
    }
    // Until the end, or until about `budget` multiplications are done; how many were. Intervals alone: `refine` false.
    template <class F>
    constexpr double run_moved(F const& leaf, bool refine, double budget) {
        double spent = 0;
        for (; next < g.size && spent < budget; ++next, element = -1) {
            node const& n = g.nodes[next];
            if (!moves(n.first)) continue;
            if (element < 0) {
                this->run(n, leaf);
                if (this->scan_step > 0) return budget;
                if (!refine) continue;
                this->relate(next);
                element = 0;
                spent += (this->linear(n) ? 20 : 1000) * (cost_.data[next] - (next > 0 ? cost_.data[next - 1] : 0));
            }
            int const count = g.shape_of(n.first).size(), wanted = wanted_.data[n.first];
            if (wanted == none || exact_.data[n.first] || !this->passes(next)) continue;
            for (; element < count; ++element) {
                if (spent >= budget) return spent;
                spent += refined(n.first, element, wanted) ? 2 * cost_.data[next] : 1;
            }
        }
        return spent;
    }

    // A number that a sum of elements of a value is not below: those that were added since the last call.
    constexpr void add(int v, int i, double times) { coefficients_.data[places.start.data[v] + i] += times; }
    constexpr double lower_bound(int v) {
        sum_ = sum_of_values();
        int const from = g.values[v].producer;
        for (int i = from; i >= 0; --i)
            if (moves(g.nodes[i].first)) pass(i);
        return sum_.lower(2 * places.moved_elements + 8);
    }

  private:
    enum { none, kinks, all };
    scratch_array<double> coefficients_;
    scratch_array<int> wanted_;
    scratch_array<bool> curved_;  // is a value no sum of the inputs?
    scratch_array<bool> exact_;   // are its intervals the ranges of its elements, but for rounding?
    scratch_array<double> cost_;

    sum_of_values sum_;

    constexpr bool refined(int v, int i, int wanted) {
        interval<T>& x = at(v)[i];
        if (!x.finite() || x.lo == x.hi || this->follows_one(g.producer_of(v), i)) return false;
        if (!alone && wanted == kinks && (x.lo >= 0 || x.hi <= 0)) {
            narrowed = narrowed || curved_.data[v];
            return false;
        }
        add(v, i, 1);
        double const low = lower_bound(v);
        add(v, i, -1);
        double const high = -lower_bound(v);
        interval<T> const y{rounded_outwards<T, false>(low), rounded_outwards<T, true>(high)};
        interval<T> const before = x;
        x = alone && y.finite() ? y : both(x, y);
        double const slack = (before.hi - before.lo) * 0x1p-10;
        if (curved_.data[v] && !is_result(v) && (x.lo > y.lo + slack || x.hi < y.hi - slack)) narrowed = true;
        return true;
    }

    constexpr bool is_result(int v) const {
        for (int k = 0; k < g.output_count; ++k)
            if (g.outputs[k] == v) return true;
        return false;
    }
    // Replaces the results of node i in the sum by its arguments.
    constexpr void pass(int i) {
        node const& n = g.nodes[i];
        if (!this->passes(i)) {
            for (int r = 0; r < n.operation->results; ++r) as_intervals(n.first + r);
            return;
        }
        int const first = places.start.data[n.first], count = g.shape_of(n.first).size();
        double* const c = coefficients_.data + first;
        double const* const errors = this->errors_ + first;
        passing const how = this->how(i);
        if (how == passing::related) return pass_related(c, this->relations_ + first, errors, count);
        if (how == passing::product) return pass_products(n, c, errors);
        if (how >= passing::bilinear)
            return this->pass_joint(
                n, how, c, coefficients_.data, [&](double a, double error) { return takes(a, error); },
                [&](double x) { sum_.add(x); });
        for (int e = 0; e < count; ++e)
            if (c[e] != 0) takes(c[e], errors[e]);
        if (sum_.finite) pass_sums(n, how, c);
        for (int e = 0; e < count; ++e) c[e] = 0;
    }
    // Written out, for constant evaluation pays for each call: as `takes`, `below` and `add` have it.
    constexpr void pass_related(double* c, relation const* relations, double const* errors, int count) {
        double* const to = coefficients_.data;
        sum_of_values sum = sum_;
        for (int e = 0; e < count; ++e) {
            double const a = c[e];
            if (a == 0) continue;
            c[e] = 0;
            double const size = a < 0 ? -a : a;
            if (!(size < 0x1p250)) sum.finite = false;
            if (!sum.finite) continue;
            sum.error += size * errors[e];
            relation const& r = relations[e];
            relation::side const& side = a > 0 ? r.low : r.high;
            if (side.at != 0) {
                double const x = a * side.at;
                sum.sum += x;
                sum.magnitude += x < 0 ? -x : x;
            }
            if (side.slope != 0) to[r.first] += a * side.slope;
            if (r.second >= 0) to[r.second] += a * side.second;
        }
        sum_ = sum;
    }
    constexpr void pass_sums(node const& n, passing how, double const* c) {
        bool const second = !moves(n.argument[0]);
        double* const to = coefficients_.data + places.start.data[n.argument[second ? 1 : 0]];
        if (how == passing::sum)
            each_reduced(g.shape_of(n.argument[0]), n.operation->reduced(g, n), [&](int f, int e) { to[f] += c[e]; });
        else if (how == passing::running)
            this->pass_running(n, c, to);
        else if (how == passing::sum_of_products)
            this->each_product(n, [&](int e, int x, int w) { to[x] += c[e] * at(n.argument[1])[w].lo; });
        else {
            auto const by = op::pooling_numbers::from(n.attribute);
            by.each(g.shape_of(n.argument[0]), by.extent, [&](int e, int from, auto const& w, int apart) {
                for (int k = 0; k < w.elements; ++k) to[from + k * apart] += c[e] / w.count;
            });
        }
    }
    constexpr void as_intervals(int v) {
        double* const c = coefficients_.data + places.start.data[v];
        interval<T> const* const x = at(v);
        for (int e = 0, count = g.shape_of(v).size(); e < count; ++e) {
            double const a = c[e];
            if (a == 0) continue;
            c[e] = 0;
            double const end = a > 0 ? x[e].lo : x[e].hi;
            if (!(a < 0x1p250 && a > -0x1p250) || !(end <= 0x1p250 && end >= -0x1p250)) sum_.finite = false;
            if (sum_.finite) sum_.add(a * end);
        }
    }
    // Rows of a product, four at a time where they are multiplied by the same elements.
    constexpr void pass_products(node const& n, double* c, double const* errors) {
        double a[4]{};
        row_of_product<T> r[4]{};
        op::batch_of_products const batch = this->batch_of(n);
        int rows = 0;
        for (int e = 0, count = g.shape_of(n.first).size(); e < count; ++e) {
            if (c[e] == 0) continue;
            a[rows] = c[e];
            c[e] = 0;
            if (!takes(a[rows], errors[e])) continue;
            r[rows] = this->row_of(batch, n, e);
            if (rows > 0 && r[rows].moved != r[0].moved) {
                pass_rows(a, r, rows);
                a[0] = a[rows];
                r[0] = r[rows];
                rows = 0;
            }
            if (++rows < 4) continue;
            pass_rows(a, r, rows);
            rows = 0;
        }
        pass_rows(a, r, rows);
    }
    constexpr void pass_rows(double const* a, row_of_product<T> const* r, int rows) {
        if (rows == 0) return;
        double* to = coefficients_.data + r[0].moved;
        double const a0 = a[0], a1 = rows > 1 ? a[1] : 0, a2 = rows > 2 ? a[2] : 0, a3 = rows > 3 ? a[3] : 0;
        double const *w0 = r[0].lower, *w1 = r[rows > 1 ? 1 : 0].lower, *w2 = r[rows > 2 ? 2 : 0].lower,
                     *w3 = r[rows > 3 ? 3 : 0].lower;
        int const count = r[0].count, moved = r[0].moved_step, fixed = r[0].fixed_step;
        int k = 0;
        // In fours, written out: compilers make vectors of them, and constant evaluation pays for each step.
        for (; moved == 1 && fixed == 1 && k + 4 <= count; k += 4) {
            double const t0 = (a0 * w0[0] + a1 * w1[0]) + (a2 * w2[0] + a3 * w3[0]);
            double const t1 = (a0 * w0[1] + a1 * w1[1]) + (a2 * w2[1] + a3 * w3[1]);
            double const t2 = (a0 * w0[2] + a1 * w1[2]) + (a2 * w2[2] + a3 * w3[2]);
            double const t3 = (a0 * w0[3] + a1 * w1[3]) + (a2 * w2[3] + a3 * w3[3]);
            to[0] += t0;
            to[1] += t1;
            to[2] += t2;
            to[3] += t3;
            to += 4, w0 += 4, w1 += 4, w2 += 4, w3 += 4;
        }
        for (int left = count - k, j = 0; j < left; ++j)
            to[j * moved] += (a0 * w0[j * fixed] + a1 * w1[j * fixed]) + (a2 * w2[j * fixed] + a3 * w3[j * fixed]);
    }
    // A coefficient of a result that is off by `error`: is it finite, as all before it?
    constexpr bool takes(double a, double error) {
        if (!(a < 0x1p250 && a > -0x1p250)) sum_.finite = false;
        sum_.error += sum_.finite ? (a < 0 ? -a : a) * error : 0;
        return sum_.finite;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
