// Of the affine walk: operations that several elements which move enter together, forward (their errors) and backward
// (their coefficients):
//
//   bilinear    a product of two matrices that move: each product of two elements as y0 x + x0 y - x0 y0 at the
//               middles, off by at most the product of the half widths
//   squares     a sum of squares: each one between its chord and its tangent at the middle, which have one slope
//   extremes    max and min along axes: not below the element with the largest lower end, and that one where no other
//               reaches it
//   shares      softmax and log_softmax, of the logits themselves: exp(g), g = x_i - log(sum exp x_j), between chord
//               and tangent; the logarithm is convex, above its tangent plane at the middle, and below the tangent of
//               the logarithm at the sum of the exponentials' chords
//
// Source: Wei et al. 2023, "Convex Bounds on the Softmax Function with Applications to Robustness Verification",
// section 3, for the bounds of the logarithm of the sum.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/affine_sums.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class T>
class affine_joint : public affine_sums<T> {
    using base = affine_sums<T>;

  public:
    using base::affine_sums, base::at, base::g, base::moves, base::places;

  protected:
    using base::related, base::errors, base::rounding_of_coefficients;

    static constexpr double middle_of(interval<T> const& x) { return x.lo / 2 + x.hi / 2; }
    static constexpr double radius_of(interval<T> const& x) { return (x.hi / 2 - x.lo / 2) * (1 + 0x1p-40); }
    constexpr void within(node const& n, int e) {
        interval<T> const& y = at(n.first)[e];
        related(n)[e] = relation::within(y.lo, y.hi);
        errors(n)[e] = 0;
    }

    constexpr passing bilinear(node const& n) {
        op::batch_of_products const batch = this->batch_of(n);
        int const a = n.argument[0], b = n.argument[1];
        for (int e = 0, count = g.shape_of(n.first).size(); e < count; ++e) {
            auto const p = this->product_at(batch, n, e);
            double size = 0, gap = 0, constant = 0;
            for (int k = 0; k < p.count; ++k) {
                interval<T> const &x = at(a)[p.left + k * p.left_step], &y = at(b)[p.right + k * p.right_step];
                size += x.size() * y.size();
                gap += radius_of(x) * radius_of(y);
                constant += middle_of(x) * middle_of(y);
            }
            related(n)[e] = relation::within(-constant, -constant);
            errors(n)[e] = this->error_of_sum(size, p.count, a) +
                           (gap + size * (rounding_of_coefficients(b) + p.count * 0x1p-50)) * (1 + 0x1p-40);
        }
        return passing::bilinear;
    }
    constexpr passing squares(node const& n) {
        int const v = n.argument[0], results = g.shape_of(n.first).size();
        double const terms = double(g.shape_of(v).size()) / results;
        for (int e = 0; e < results; ++e) {
            related(n)[e] = {};
            errors(n)[e] = 0;
        }
        each_reduced(g.shape_of(v), n.operation->reduced(g, n), [&](int f, int e) {
            interval<T> const& x = at(v)[f];
            double const m = middle_of(x), size = x.size();
            related(n)[e].low.at -= m * m;
            related(n)[e].high.at -= x.lo * x.hi;
            errors(n)[e] += size * size;
        });
        for (int e = 0; e < results; ++e) {
            // Of less than that a sum may be a root instead (prove/range_sums.hpp).
            if (!(at(n.first)[e].lo > 0)) {
                within(n, e);
                continue;
            }
            related(n)[e].first = 0;
            errors(n)[e] = this->error_of_sum(errors(n)[e] * (1 + terms * 0x1p-48), terms, v) +
                           2 * errors(n)[e] * (rounding_of_coefficients(v) + terms * 0x1p-50);
        }
        return passing::squares;
    }
    constexpr passing extremes(node const& n, bool largest) {
        int const v = n.argument[0], results = g.shape_of(n.first).size(), axes = n.operation->reduced(g, n);
        // Of min as of the largest of the negatives.
        auto const end = [&](int f) { return largest ? at(v)[f].lo : -at(v)[f].hi; };
        auto const far = [&](int f) { return largest ? at(v)[f].hi : -at(v)[f].lo; };
        scratch_array<int> best(results);
        scratch_array<double> most(results);
        for (int e = 0; e < results; ++e) {
            best.data[e] = -1;
            most.data[e] = -math::infinity;
        }
        each_reduced(g.shape_of(v), axes, [&](int f, int e) {
            if (best.data[e] < 0 || end(f) > end(best.data[e])) best.data[e] = f;
        });
        each_reduced(g.shape_of(v), axes, [&](int f, int e) {
            if (f != best.data[e]) most.data[e] = math::max(most.data[e], far(f));
        });
        for (int e = 0; e < results; ++e) {
            int const f = best.data[e];
            bool const wins = end(f) >= most.data[e];
            double const at_most = wins ? 0 : math::max(most.data[e], far(f)), slope = wins ? 1 : 0;
            int const place = places.start.data[v] + f;
            related(n)[e] = largest ? relation{place, -1, {1, 0}, {slope, at_most}}
                                    : relation{place, -1, {slope, -at_most}, {1, 0}};
            errors(n)[e] = rounding_of_coefficients(v) * at(v)[f].size();
        }
        return passing::related;
    }

    // Rows of logits: element j of row i.
    struct logits {
        int x = -1, sums = -1, extent = 1, inner = 1, rows = 1;
        bool is_fast = false, logarithm = false;
        constexpr int element(int i, int j) const { return (i / inner * extent + j) * inner + i % inner; }
    };
    constexpr logits logits_of(node const& n) const {
        logits of;
        int axis = 0;
        of.x = this->softmax_of(n, axis, of.logarithm);
        if (of.x < 0 || !moves(of.x) || !this->small(of.x)) return {};
        int v = n.argument[1];
        while (g.producer_of(v).operation->id != id_of<op::sum>) v = g.producer_of(v).argument[0];
        of.sums = v;
        of.is_fast = this->template is<op::exp<fast>>(g.producer_of(v).argument[0]);
        extents const& s = g.shape_of(of.x);
        of.extent = s.d[axis];
        of.inner = stride_of(s, axis);
        of.rows = s.size() / of.extent;
        return of;
    }
    constexpr passing shares(node const& n, logits const& of) {
        for (int i = 0; i < of.rows; ++i) shares(n, of, i);
        return passing::shares;
    }

    // takes(a, error): is a result's coefficient one that can be passed; add(number): to the sum; c: of n's results,
    // which become 0; to: of all.
    template <class Takes, class Add>
    constexpr void pass_joint(node const& n, passing how, double* c, double* to, Takes const& takes, Add const& add) {
        int const count = g.shape_of(n.first).size();
        relation const* const r = related(n);
        if (how == passing::shares) return pass_shares(n, logits_of(n), c, to, takes, add);
        bool known = true;
        for (int e = 0; e < count && known; ++e) {
            known = c[e] == 0 || takes(c[e], errors(n)[e]);
            if (known && c[e] != 0) add(c[e] * r[e].below(c[e]).at);
        }
        int const v = n.argument[0];
        double* const left = to + places.start.data[v];
        if (known && how == passing::squares)
            each_reduced(g.shape_of(v), n.operation->reduced(g, n), [&](int f, int e) {
                if (r[e].first == 0) left[f] += 2 * c[e] * middle_of(at(v)[f]);
            });
        if (known && how == passing::bilinear) pass_bilinear(n, c, left, to + places.start.data[n.argument[1]]);
        for (int e = 0; e < count; ++e) c[e] = 0;
    }

  private:
    constexpr void pass_bilinear(node const& n, double const* c, double* left, double* right) const {
        op::batch_of_products const batch = this->batch_of(n);
        interval<T> const *const x = at(n.argument[0]), *const y = at(n.argument[1]);
        for (int e = 0, count = g.shape_of(n.first).size(); e < count; ++e) {
            if (c[e] == 0) continue;
            auto const p = this->product_at(batch, n, e);
            for (int k = 0; k < p.count; ++k) {
                int const i = p.left + k * p.left_step, j = p.right + k * p.right_step;
                left[i] += c[e] * middle_of(y[j]);
                right[j] += c[e] * middle_of(x[i]);
            }
        }
    }
    constexpr void shares(node const& n, logits const& of, int row) {
        interval<T> const* const x = at(of.x);
        double most = -math::infinity, at_middle = -math::infinity, size = 0, least = math::infinity, lowest = least;
        for (int j = 0; j < of.extent; ++j) {
            interval<T> const& e = x[of.element(row, j)];
            most = math::max(most, e.hi);
            least = math::min(least, e.lo);
            lowest = lowest == math::infinity ? e.lo : math::max(lowest, e.lo);
            at_middle = math::max(at_middle, middle_of(e));
            size = math::max(size, e.size());
        }
        double const rounds = this->error_of_softmax(most - least, of.extent, of.is_fast);
        if (!(size < 1e3) || !(rounds < 0.01)) {
            for (int j = 0; j < of.extent; ++j) within(n, of.element(row, j));
            return;
        }
        // Sums of exponentials: at the middles; of the chords at the middles; of the lower ends' share in these.
        auto const chord = [&](interval<T> const& e) {
            double const high = math::exp(e.hi - most), low = math::exp(math::max(e.lo - most, -740.0));
            return e.hi - e.lo > 1e-6 ? (high - low) / (e.hi - e.lo) : high;
        };
        double sum = 0, chords = 0, ends = 0;
        for (int j = 0; j < of.extent; ++j) {
            interval<T> const& e = x[of.element(row, j)];
            double const low = math::exp(math::max(e.lo - most, -740.0));
            sum += math::exp(math::max(middle_of(e) - at_middle, -740.0));
            chords += low + chord(e) * radius_of(e);
            ends += low - chord(e) * e.lo;
        }
        double const log_sum = at_middle + math::log(sum), off = (0x1p-36 + of.extent * 0x1p-46) * (1 + size);
        relation& of_row = relations_of(of.sums)[row];
        of_row.low.at = log_sum - off;
        of_row.high.at = most + math::log(chords) + ends / chords - 1 + off;
        double weight = 0;
        for (int j = 0; j < of.extent; ++j) {
            interval<T> const& e = x[of.element(row, j)];
            relation& r = related(n)[of.element(row, j)];
            r.low.second = math::exp(math::max(middle_of(e) - log_sum, -740.0));
            r.high.second = chord(e) / chords;
            of_row.low.at -= r.low.second * middle_of(e);
            weight += math::max(r.low.second, r.high.second) * e.size();
        }
        weight += math::max(math::abs(of_row.low.at), math::abs(of_row.high.at));
        double const highest_sum = most + math::log(double(of.extent));
        for (int j = 0; j < of.extent; ++j) {
            int const e = of.element(row, j);
            interval<T> const& y = at(n.first)[e];
            relation& r = related(n)[e];
            r.first = places.start.data[of.x] + e;
            r.second = -1;
            r.low.slope = r.high.slope = 1;
            r.low.at = r.high.at = 0;
            double own = this->error_of_log_softmax(most - least, of.extent, of.is_fast);
            if (!of.logarithm) {
                // What g lies within, by its terms and by the share's interval.
                double low = x[e].lo - highest_sum, high = math::min(x[e].hi - lowest, 0.0);
                if (y.lo > 1e-30) low = math::max(low, math::log(y.lo));
                if (y.hi > 1e-30) high = math::min(high, math::log(y.hi));
                between_exp(low - 0x1p-36 * (1 + size), high + 0x1p-36 * (1 + size), r);
                own = rounds * y.size() + this->least_of_softmax(of.extent, of.is_fast);
            }
            double const slope = math::max(r.low.slope, r.high.slope),
                         rounding = rounding_of_coefficients(of.x) + (of.extent + 8) * 0x1p-52;
            errors(n)[e] = (own + slope * rounding * (x[e].size() + weight)) * (1 + 0x1p-40);
        }
    }
    constexpr relation* relations_of(int v) { return this->relations_ + places.start.data[v]; }
    // exp between l and u, a number near 0 at most, its chord above, the tangent at the middle below.
    static constexpr void between_exp(double l, double u, relation& r) {
        double const low = math::exp(math::max(l, -740.0)), high = math::exp(u), m = math::max(l / 2 + u / 2, -700.0),
                     middle = math::exp(m);
        r.low.slope = middle;
        r.low.at = middle * (1 - m) - 0x1p-40 * middle * (1 + math::abs(m));
        r.high.slope = u - l > 1e-6 ? (high - low) / (u - l) : high;
        r.high.at = low - r.high.slope * l + 0x1p-40 * (high + r.high.slope * math::abs(l));
    }
    template <class Takes, class Add>
    constexpr void pass_shares(node const& n, logits const& of, double* c, double* to, Takes const& takes,
                               Add const& add) {
        for (int i = 0; i < of.rows; ++i) {
            double of_sum = 0;
            bool known = true;
            for (int j = 0; j < of.extent; ++j) {
                int const e = of.element(i, j);
                double const a = c[e];
                c[e] = 0;
                if (a == 0 || !known) continue;
                known = takes(a, errors(n)[e]);
                if (!known) continue;
                relation const& r = related(n)[e];
                add(a * r.below(a).at);
                if (r.first < 0) continue;
                double const slope = a * r.below(a).slope;
                to[r.first] += slope;
                of_sum -= slope;
            }
            if (of_sum == 0 || !known) continue;
            relation const& of_row = relations_of(of.sums)[i];
            add(of_sum * of_row.below(of_sum).at);
            for (int j = 0; j < of.extent; ++j) {
                relation const& r = related(n)[of.element(i, j)];
                to[places.start.data[of.x] + of.element(i, j)] += of_sum * r.below(of_sum).second;
            }
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
