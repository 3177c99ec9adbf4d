// Functions of one number that elementwise operations make, one or several: where(x > 0, x, 0.1 x), x
// tanh(softplus(x)), sin(x) / x. A node is followed back through the elementwise operations of its shape to the last
// value that all of its arguments depend on, and evaluated on intervals of it (prove/slope_math.hpp), so that its lines
// know that all of its arguments come from one number.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/curve_lines.hpp"
#include "paramorph/prove/range_walk.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Walk: a walk whose intervals of all values before the node are known.
template <class T, class Walk>
class composed_function {
    using piece = function_piece<T>;

  public:
    // Of node n; `source` is -1 where there is no such value, or an operation has no rule.
    constexpr composed_function(Walk const& of, node const& n) : walk_(of), g(of.g), n_(n) {
        int pending[most_pending]{}, count = 0;
        if (!take(n, pending, count)) return;
        while (count > 1) {
            int last = 0;
            for (int k = 1; k < count; ++k) last = pending[k] > pending[last] ? k : last;
            int const v = pending[last];
            pending[last] = pending[--count];
            if (!may_be_passed(v) || !take(g.producer_of(v), pending, count)) return;
        }
        if (count == 1 && (node_count_ == 1 || g.shape_of(pending[0]) == g.shape_of(n.first))) source = pending[0];
    }
    int source = -1;

    // Of element e, of the source's element within x.
    constexpr lines_and_range lines_of(int e, interval<T> const& x) {
        for (int k = 0; k < node_count_; ++k) {
            node const& p = *nodes_[k];
            for (int j = 0; j < p.operation->arity; ++j) {
                if (walk_.moves(p.argument[j])) continue;
                interval<T> const& y = walk_.at(p.argument[j])[walk_.element_of(n_, p.argument[j], e)];
                fixed_[k][j] = piece{{y.lo, y.hi, y.nan}, {0, 0}, 0};
                if (y.lo == y.hi) cut(y.lo);
            }
        }
        cut(0);
        return curve_lines::of(x.lo, x.hi, cuts_, cut_count_, [&](double from, double to) { return run(from, to); });
    }

  private:
    static constexpr int most_nodes = 16, most_pending = 3 * most_nodes;
    Walk const& walk_;
    graph const& g;
    node const& n_;
    node const* nodes_[most_nodes]{};  // from the last one back
    int node_count_ = 0;
    piece fixed_[most_nodes][max_arguments]{};
    double cuts_[curve_lines::most_cuts]{};
    int cut_count_ = 0;

    constexpr void cut(double at) {
        for (int k = 0; k < cut_count_; ++k)
            if (cuts_[k] == at) return;
        if (cut_count_ < curve_lines::most_cuts) cuts_[cut_count_++] = at;
    }
    constexpr bool may_be_passed(int v) const { return walk_.small(v) && g.shape_of(v) == g.shape_of(n_.first); }
    constexpr bool take(node const& p, int* pending, int& count) {
        if (node_count_ == most_nodes || p.operation->kind != category::elementwise || !walk_.has_pieces(p))
            return false;
        nodes_[node_count_++] = &p;
        for (int j = 0; j < p.operation->arity; ++j) {
            int const v = p.argument[j];
            if (!walk_.moves(v)) continue;
            if (!walk_.small(v)) return false;
            bool known = false;
            for (int k = 0; k < count; ++k) known = known || pending[k] == v;
            if (!known) pending[count++] = v;
        }
        return true;
    }
    constexpr piece run(double from, double to) const {
        piece y[most_nodes];
        for (int k = node_count_ - 1; k >= 0; --k) {
            node const& p = *nodes_[k];
            piece x[max_arguments];
            for (int j = 0; j < p.operation->arity; ++j) {
                int const v = p.argument[j];
                if (!walk_.moves(v))
                    x[j] = fixed_[k][j];
                else if (v == source)
                    x[j] = piece::argument(from, to);
                else
                    for (int i = k + 1; i < node_count_; ++i)
                        if (nodes_[i]->first == v) x[j] = y[i];
            }
            y[k] = walk_.piece_of(p, x);
        }
        return y[0];
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
