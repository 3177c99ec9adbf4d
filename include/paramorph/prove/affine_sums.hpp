// Of the affine walk: memory, sums of many terms, forward (their errors) and backward (their coefficients), and what
// moves elements from one value to another.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/prove/range_walk.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// How a node is passed backward: not at all, by `relation`s, as a product of matrices, as products or a sum whose
// terms the operation's own loop visits.
enum class passing : std::uint8_t {
    not_at_all,
    related,
    product,
    sum_of_products,
    sum,
    mean,
    running,
    bilinear,
    squares,
    shares  // prove/affine_joint.hpp
};

// An element between two planes of two others, at places `first` and `second` of what moves (-1: of none).
struct relation {
    struct side {
        double slope = 0, at = 0, second = 0;
    };
    int first = -1, second = -1;
    side low, high;

    // What a result that is multiplied by a is not below, times a.
    constexpr side const& below(double a) const { return a > 0 ? low : high; }

    // One that is known to lie within an interval, and one that is another element.
    static constexpr relation within(double low, double high) { return {-1, -1, {0, low}, {0, high}}; }
    static constexpr relation copy(int of) { return {of, -1, {1, 0}, {1, 0}}; }
};
// What no input moves: intervals, and their lower ends.
template <class T>
struct affine_fixed {
    interval<T>* ranges;
    double const* lower;
};
// Memory of a walk for all elements that move, and for all nodes.
template <class T>
struct affine_memory {
    interval<T>* ranges;
    relation* relations;
    double* errors;
    passing* how;
};
// A result of a product: its elements that move, and the known ones.
template <class T>
struct row_of_product {
    int moved, moved_step, fixed_step, count;
    interval<T> const* fixed;
    double const* lower;  // their lower ends
};

template <class T>
class affine_sums : public range_walk<T> {
    using base = range_walk<T>;

  public:
    using base::at, base::g, base::moves, base::places;

    template <int N>
    constexpr affine_sums(graph const& of, range_places const& places, range_rules<T, N> const& rules,
                          affine_fixed<T> const& fixed, affine_memory<T> const& memory)
        : base(of, places, rules, fixed.ranges, memory.ranges),
          lower_(fixed.lower),
          relations_(memory.relations),
          errors_(memory.errors),
          how_(memory.how),
          readers_(of.value_count) {
        for (int i = 0; i < g.size; ++i)
            for (int k = 0; k < range_places::arity_of(g.nodes[i]); ++k)
                readers_.data[g.nodes[i].argument[k]] += g.shape_of(g.nodes[i].first).size();
    }
    // Is every element finite, a number, and small enough for coefficients?
    constexpr bool small(int v) const {
        interval<T> const* const x = at(v);
        for (int i = 0, count = g.shape_of(v).size(); i < count; ++i)
            if (!(x[i].lo >= -0x1p250 && x[i].hi <= 0x1p250 && !x[i].nan)) return false;
        return true;
    }

  protected:
    using walker = interpreter::walker;
    double const* lower_;
    relation* relations_;
    double* errors_;
    passing* how_;
    scratch_array<int> readers_;  // of each value: how many terms the coefficient of an element may have

    constexpr passing how(int i) const { return how_[i]; }
    constexpr bool passes(int i) const { return how_[i] != passing::not_at_all; }
    constexpr double rounding_of_coefficients(int v) const { return (readers_.data[v] + 4) * 0x1p-53; }

    constexpr bool linear(node const& n) const {
        category const kind = n.operation->kind;
        if (kind == category::view || kind == category::alias || kind == category::mask) return true;
        range_rule<T> const* const rule = this->rule_of(n);
        bool const second = n.operation->arity > 1 && moves(n.argument[1]);
        switch (rule ? rule->linear : linear_when::never) {
            case linear_when::always:
                return true;
            case linear_when::one_argument_moves:
                return !(moves(n.argument[0]) && second);
            case linear_when::first_argument_moves:
                return !second;
            default:
                return false;
        }
    }
    constexpr bool of_sizes(node const& n) const {
        range_rule<T> const* const rule = this->rule_of(n);
        return rule && rule->of_sizes;
    }
    // Is element e of node n a function, no sum, of one element?
    constexpr bool follows_one(node const& n, int e) const {
        relation const& r = relations_[places.start.data[n.first] + e];
        return n.operation->kind == category::elementwise && !linear(n) && r.first >= 0 && r.second < 0;
    }
    constexpr relation* related(node const& n) { return relations_ + places.start.data[n.first]; }
    constexpr double* errors(node const& n) { return errors_ + places.start.data[n.first]; }

    // Of results that are elements of argument k, or zero (-1).
    template <class F>
    constexpr passing copies(node const& n, F const& from, int k = 0) {
        int const v = n.argument[k], start = places.start.data[v];
        for (int e = 0, count = g.shape_of(n.first).size(); e < count; ++e) {
            int const f = from(e);
            related(n)[e] = f < 0 ? relation{} : relation::copy(start + f);
            errors(n)[e] = f < 0 ? 0 : rounding_of_coefficients(v) * at(v)[f].size();
        }
        return passing::related;
    }
    // n terms whose magnitudes add up to `size`: rounding of the program's sum, and of the coefficients.
    constexpr double error_of_sum(double size, double n, int v) const {
        double const relative = (n + 2) * unit_of<T> / (1 - (n + 2) * unit_of<T>);
        return (size * (relative + rounding_of_coefficients(v)) + (n + 2) * least_of<T>)*(1 + 0x1p-20);
    }
    constexpr passing sum(node const& n) {
        int const v = n.argument[0], results = g.shape_of(n.first).size();
        double* const to = errors(n);
        for (int e = 0; e < results; ++e) to[e] = 0;
        each_reduced(g.shape_of(v), n.operation->reduced(g, n), [&](int f, int e) { to[e] += at(v)[f].size(); });
        for (int e = 0; e < results; ++e) to[e] = error_of_sum(to[e], double(g.shape_of(v).size()) / results, v);
        return passing::sum;
    }
    constexpr passing dense(node const& n) {
        range_rule<T> const* const rule = this->rule_of(n);
        int const moved = moves(n.argument[0]) ? 0 : 1, v = n.argument[moved];
        int const count = g.shape_of(n.first).size();
        if (!rule) return passing::not_at_all;
        if (this->template is<op::require>(n.first)) return copies(n, [](int e) { return e; });
        if (this->template is<op::take_at_max>(n.first)) return pooled(n);
        if (!linear(n)) return passing::not_at_all;
        if (rule->places) return moved_places(n, *rule);
        if (this->template is<op::matmul>(n.first)) {
            op::batch_of_products const batch = batch_of(n);
            for (int e = 0; e < count; ++e) {
                row_of_product<T> const r = row_of(batch, n, e);
                interval<T> const *const x = at(v) + (r.moved - places.start.data[v]), *const w = r.fixed;
                double size = 0, unknown = 0;
                for (int k = 0, p = 0, q = 0; k < r.count; ++k, p += r.moved_step, q += r.fixed_step) {
                    double const s = x[p].size();
                    size += s * w[q].size();
                    unknown += s * (w[q].hi - w[q].lo);
                }
                errors(n)[e] = error_of_sum(size, r.count, v) + unknown * (1 + 0x1p-20);
            }
            return passing::product;
        }
        if (this->template is<op::window_mean>(n.first)) return mean(n);
        double* const to = errors(n);
        scratch_array<double> unknown(count), terms(count);
        for (int e = 0; e < count; ++e) to[e] = 0;
        each_product(n, [&](int e, int x, int w) {
            double const s = at(n.argument[0])[x].size();
            to[e] += s * at(n.argument[1])[w].size();
            unknown.data[e] += s * (at(n.argument[1])[w].hi - at(n.argument[1])[w].lo);
            terms.data[e] += 1;
        });
        for (int e = 0; e < count; ++e) to[e] = error_of_sum(to[e], terms.data[e], v) + unknown.data[e] * (1 + 0x1p-20);
        return passing::sum_of_products;
    }
    // The rule moves numbers: it moves their places.
    constexpr passing moved_places(node const& n, range_rule<T> const& rule) {
        operands<int> x{};
        scratch_array<int> to(g.shape_of(n.first).size());
        int total = 0;
        for (int k = 0; k < n.operation->arity; ++k) total += g.shape_of(n.argument[k]).size();
        scratch_array<int> from(total);
        x.attribute = n.attribute;
        for (int k = 0, used = 0; k < n.operation->arity; ++k) {
            x.shape[k] = g.shape_of(n.argument[k]);
            x.argument[k] = from.data + used;
            for (int e = 0, count = x.shape[k].size(); e < count; ++e, ++used) from.data[used] = used + 1;
        }
        x.result[0] = to.data;
        if (!rule.places(x)) return passing::not_at_all;
        for (int e = 0, count = g.shape_of(n.first).size(); e < count; ++e) {
            int f = to.data[e] - 1, k = 0;  // -1: zero
            while (f >= 0 && f >= g.shape_of(n.argument[k]).size()) f -= g.shape_of(n.argument[k++]).size();
            relation& r = related(n)[e];
            r = {};
            errors(n)[e] = 0;
            if (f < 0) continue;
            int const v = n.argument[k];
            interval<T> const& y = at(v)[f];
            if (moves(v)) {
                r = relation::copy(places.start.data[v] + f);
                errors(n)[e] = rounding_of_coefficients(v) * y.size();
            } else {
                r.low.at = y.lo;
                r.high.at = y.hi;
            }
        }
        return passing::related;
    }
    // The largest of a window: not below the element with the largest lower end, and that one where no other reaches
    // it.
    constexpr passing pooled(node const& n) {
        if (n.argument[0] != n.argument[1]) return passing::not_at_all;
        int const v = n.argument[0];
        auto const by = op::pooling_numbers::from(n.attribute);
        by.each(g.shape_of(v), by.extent, [&](int to, int from, auto const& w, int apart) {
            int best = from;
            for (int k = 1; k < w.elements; ++k)
                if (at(v)[from + k * apart].lo > at(v)[best].lo) best = from + k * apart;
            double most = -math::infinity;
            for (int k = 0; k < w.elements; ++k)
                if (from + k * apart != best) most = math::max(most, at(v)[from + k * apart].hi);
            bool const wins = at(v)[best].lo >= most;
            double const high = wins ? 0 : math::max(most, at(v)[best].hi);
            related(n)[to] = {places.start.data[v] + best, -1, {1, 0}, {wins ? 1.0 : 0.0, high}};
            errors(n)[to] = rounding_of_coefficients(v) * at(v)[best].size();
        });
        return passing::related;
    }
    constexpr passing mean(node const& n) {
        int const v = n.argument[0];
        auto const by = op::pooling_numbers::from(n.attribute);
        by.each(g.shape_of(v), by.extent, [&](int to, int from, auto const& w, int apart) {
            double size = 0;
            for (int k = 0; k < w.elements; ++k) size += at(v)[from + k * apart].size();
            // A kernel may multiply by the reciprocal: four roundings at most, and that of 1 / count here.
            errors(n)[to] = (error_of_sum(size, w.elements + 8, v) + size * 0x1p-50) / w.count + 4 * least_of<T>;
        });
        return passing::mean;
    }

  protected:
    // f(result, argument 0's element, argument 1's element) for each product that a convolution adds.
    template <class F>
    constexpr void each_product(node const& n, F const& f) const {
        bool const forward = this->template is<op::convolution>(n.first);
        extents const &a = g.shape_of(n.argument[0]), &b = g.shape_of(n.argument[1]);
        op::convolving const c =
            forward ? op::convolution::loops(a, b, n.attribute) : op::convolution_to_images::loops(a, b, n.attribute);
        c.each_run([&](int image, int filter, int result, int count) {
            for (int e = 0; e < count; ++e) {
                int const in_image = image + e * c.columns_apart(), in_result = result + e;
                f(forward ? in_result : in_image, forward ? in_image : in_result, filter);
            }
        });
    }
    // Where the elements stand that are multiplied and added to result e, in both arguments.
    struct products {
        int left, left_step, right, right_step, count;
    };
    constexpr op::batch_of_products batch_of(node const& n) const {
        return {g.shape_of(n.argument[0]), g.shape_of(n.argument[1]), n.attribute};
    }
    static constexpr products product_at(op::batch_of_products const& p, node const& n, int e) {
        int const j = e % p.columns, i = e / p.columns % p.rows, m = e / (p.columns * p.rows) % p.middle,
                  o = e / (p.columns * p.rows * p.middle);
        bool const ta = n.attribute.v[0] != 0, tb = n.attribute.v[1] != 0;
        return {o * p.left[0] + m * p.left[1] + i * (ta ? 1 : p.inner), ta ? p.rows : 1,
                o * p.right[0] + m * p.right[1] + j * (tb ? p.inner : 1), tb ? 1 : p.columns, p.inner};
    }
    constexpr row_of_product<T> row_of(op::batch_of_products const& batch, node const& n, int e) const {
        products const p = product_at(batch, n, e);
        int const first = places.start.data[n.argument[0]] + p.left,
                  second = places.start.data[n.argument[1]] + p.right;
        if (moves(n.argument[0]))
            return {first, p.left_step, p.right_step, p.count, at(n.argument[1]) + p.right, lower_ + second};
        return {second, p.right_step, p.left_step, p.count, at(n.argument[0]) + p.left, lower_ + first};
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
