// How each value that an input moves depends on the values before it, as the affine walk passes it backward: which
// operations are passed, by what lines and with what error.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/affine_sums.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class T>
class affine_relations : public affine_sums<T> {
    using base = affine_sums<T>;

  public:
    using base::affine_sums, base::at, base::g, base::moves, base::places;

  protected:
    using walker = interpreter::walker;
    using base::related, base::errors, base::rounding_of_coefficients, base::how_, base::small;

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

  private:
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
                return this->linear(n) ? this->sum(n) : passing::not_at_all;
            case category::dense:
                return this->dense(n);
            default:
                return passing::not_at_all;
        }
    }
    constexpr passing elementwise(node const& n) {
        range_rule<T> const* const rule = this->rule_of(n);
        int const arity = n.operation->arity, count = g.shape_of(n.first).size();
        int k = -1, moved = 0;
        for (int j = arity - 1; j >= 0; --j)
            if (moves(n.argument[j])) {
                k = j;
                ++moved;
            }
        if (rule && rule->lines_along >= 0 && moves(n.argument[rule->lines_along])) {
            k = rule->lines_along;
            moved = 1;
        }
        if (!rule || moved > 2 || (moved == 2 && arity > 2) || (moved == 1 && !rule->lines)) return passing::not_at_all;
        bool const adds = this->template is<op::add>(n.first), subtracts = this->template is<op::subtract>(n.first),
                   multiplies = this->template is<op::multiply>(n.first);
        if (moved == 2 && !adds && !subtracts && !multiplies) return passing::not_at_all;
        walker const reads[]{this->reads(n, 0), this->reads(n, arity > 1 ? 1 : 0), this->reads(n, arity > 2 ? 2 : 0)};
        bool const square = multiplies && n.argument[0] == n.argument[1];
        for (int e = 0; e < count; ++e) {
            interval<T> x[max_arguments]{};
            int from[max_arguments]{};
            for (int j = 0; j < arity; ++j) x[j] = at(n.argument[j])[from[j] = reads[j](e)];
            relation r{places.start.data[n.argument[k]] + from[k], -1};
            double const size = at(n.first)[e].size();
            double off = 0;
            if (moved == 2 && !square) {
                double const a = x[0].lo / 2 + x[0].hi / 2, b = x[1].lo / 2 + x[1].hi / 2;
                r.second = places.start.data[n.argument[1]] + from[1];
                r.low_slope = r.high_slope = multiplies ? b : 1;
                r.second_slope = multiplies ? a : subtracts ? -1 : 1;
                r.low_at = r.high_at = multiplies ? -a * b : 0;
                // x y = b x + a y - a b + (x - a) (y - b)
                double const distance = multiplies ? math::max(x[0].hi - a, a - x[0].lo) *
                                                         math::max(x[1].hi - b, b - x[1].lo) * (1 + 0x1p-40)
                                                   : 0;
                off = distance + math::abs(a * b) * 0x1p-52 + size * unit_of<T> + least_of<T> +
                      rounding_of_coefficients(n.argument[1]) * math::abs(r.second_slope) * x[1].size();
            } else {
                lines l = square ? lines_of_square(x[0].lo, x[0].hi) : rule->lines(x, k);
                if (!l.known) return passing::not_at_all;
                if (square) l.relative = unit_of<T>;
                r.low_slope = l.low_slope;
                r.low_at = l.low_at;
                r.high_slope = l.high_slope;
                r.high_at = l.high_at;
                off = l.relative * size + l.absolute + (square ? least_of<T> : 0);
            }
            double const slope = math::max(math::abs(r.low_slope), math::abs(r.high_slope));
            if (!(slope < 0x1p250)) return passing::not_at_all;
            related(n)[e] = r;
            errors(n)[e] = (off + rounding_of_coefficients(n.argument[k]) * slope * x[k].size()) * (1 + 0x1p-40);
        }
        return passing::related;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
