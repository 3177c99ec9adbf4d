// Random graphs. A `drawing` grows a graph node by node from a seed; what an operation needs (shapes, attributes, the
// domain of its arguments) is said by its entry in table.hpp. Every value is computed as soon as its node is pushed, so
// that an argument is known to lie in the domain: logarithms are taken of positive numbers, kinks are kept at a
// distance. Usable in constant evaluation. A seed gives the same graph with every compiler: draw one thing a statement,
// because the order in which a call's arguments are evaluated is not fixed.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <concepts>
#include <tuple>

#include "numbers.hpp"
#include "paramorph/core/random.hpp"
#include "paramorph/op/base.hpp"
#include "paramorph/op/reduce.hpp"

namespace random_graphs {

// Where an argument's elements must lie: in [low, high] and `gap` away from zero; or exactly zero, if that is allowed.
struct domain {
    double low = -1e9, high = 1e9, gap = 0;
    bool zero = false;

    constexpr bool holds(double x) const {
        return (x >= low && x <= high && (x >= gap || x <= -gap)) || (zero && x == 0);
    }
};
inline constexpr domain any{};
inline constexpr domain positive{0.2};
inline constexpr domain away_from_zero{-1e9, 1e9, 0.1};
inline constexpr domain zero_or_away{-1e9, 1e9, 0.1, true};

class drawing;
constexpr bool always(drawing const&, pm::ir::node const&) {
    return true;
}

// How to draw one operation. `make` pushes a node of it and answers with its first result, or -1 if that came to
// nothing. `fits` says whether the values of a node are as they must be (no ties, a regular
// matrix). `opaque`: bit r is set where result r depends smoothly on the arguments but the operation has no derivative
// for it, so that finite differences say nothing about the rest of the graph. `no_derivative`: why an operation has
// none. `spelled_out`: how many nodes more its rewrite may push than it replaces.
struct entry {
    pm::ir::descriptor const* operation;
    int (*make)(drawing&, entry const&);
    domain argument[3]{};
    bool (*fits)(drawing const&, pm::ir::node const&) = &always;
    int opaque = 0;
    char const* no_derivative = nullptr;
    int spelled_out = 0;
};

// No element is larger: further operations would only lose digits.
inline constexpr double largest_value = 20;
inline constexpr int largest_size = 256;

struct limits {
    int nodes_low = 5, nodes_high = 60, elements = largest_size;
    bool iterative = true;  // operations that iterate, which constant evaluation is slow at
};

class drawing {
  public:
    pm::ir::graph& g;
    numbers& computed;
    pm::random source;
    limits const limit;
    entry const* table;
    int entries;
    int leaves = 0;
    bool usable[pm::ir::max_values]{};

    constexpr drawing(pm::ir::graph& into, numbers& storage, std::uint64_t seed, limits const& l, entry const* first,
                      int count)
        : g(into), computed(storage), source(seed), limit(l), table(first), entries(count) {
        computed.used = 0;
        constexpr int choices[]{1, 2, 3, 4, 5, 7, 8, 9};
        for (int& e : extent_pool_) e = choices[below(8)];
    }

    // --- chance ---
    constexpr int below(int n) { return source.below(n); }
    constexpr int between(int low, int high) { return low + below(high - low + 1); }
    constexpr bool chance(double p) { return source.uniform(0, 1) < p; }
    constexpr int extent() { return chance(0.1) ? 1 : extent_pool_[below(3)]; }
    constexpr pm::extents shape(int low_rank, int high_rank) {
        pm::extents s{between(low_rank, high_rank), {}};
        for (int k = 0; k < s.rank; ++k) s.d[k] = extent();
        for (int k = 0; s.size() > limit.elements; k = (k + 1) % s.rank) s.d[k] = (s.d[k] + 1) / 2;
        return s;
    }
    constexpr double draw_in(domain const& d) {
        double const low = d.low > -1.5 ? d.low : -1.5, high = d.high < 1.5 ? d.high : 1.5;
        double const gap = d.gap > 0.15 ? d.gap : 0.15;
        for (int tries = 0; tries < 100; ++tries) {
            double const x = source.uniform(low, high);
            if (x >= gap || x <= -gap) return x;
        }
        return high;
    }

    // --- values to apply an operation to ---
    constexpr int leaf(pm::extents const& s, domain const& d = any) {
        int const v = append_leaf(s, g.real);
        if (v < 0) return -1;
        for (int i = 0; i < s.size(); ++i) computed.of(v)[i] = draw_in(d);
        usable[v] = true;
        return v;
    }
    constexpr int labels(int rows, int classes) {
        int const v = append_leaf({1, {rows}}, pm::element::i32);
        for (int i = 0; v >= 0 && i < rows; ++i) {
            computed.labels_of(v)[i] = below(classes);
            computed.of(v)[i] = computed.labels_of(v)[i];
        }
        return v;
    }
    constexpr int number(double x) {
        pm::ir::node n{};
        n.operation = &pm::ir::describe<pm::op::constant>;
        n.number = x;
        return push(n);
    }
    constexpr bool fits(int v, domain const& d) const {
        if (!usable[v]) return false;
        for (int i = 0; i < g.shape_of(v).size(); ++i)
            if (!d.holds(computed.of(v)[i])) return false;
        return true;
    }
    // A usable real value whose shape satisfies `suits`, often a late one; -1 if there is none.
    template <std::predicate<pm::extents const&> Suits>
    constexpr int find(Suits const& suits, domain const& d = any) {
        int const count = g.value_count, recent = count < 8 ? count : 8;
        if (count == 0) return -1;
        int const from = chance(0.6) ? count - 1 - below(recent) : below(count);
        for (int k = 0; k < count; ++k) {
            int const v = (from + count - k) % count;
            if (usable[v] && suits(g.shape_of(v)) && fits(v, d)) return v;
        }
        return -1;
    }
    // The same, or a new leaf.
    constexpr int some(int low_rank, int high_rank, domain const& d = any) {
        int const v =
            chance(0.1) ? -1 : find([&](pm::extents const& s) { return s.rank >= low_rank && s.rank <= high_rank; });
        return v < 0 ? leaf(shape(low_rank, high_rank), d) : mended(v, d);
    }
    // A matrix with these extents; 0 stands for any.
    constexpr int matrix(int rows, int columns) {
        auto const agrees = [&](pm::extents const& s) {
            return s.rank == 2 && (rows == 0 || s.d[0] == rows) && (columns == 0 || s.d[1] == columns);
        };
        int const v = find(agrees);
        if (v >= 0 && !chance(0.2)) return v;
        return leaf({2, {rows ? rows : extent(), columns ? columns : extent()}});
    }
    // v, or what can be made of it so that its elements lie in the domain.
    constexpr int mended(int v, domain const& d) {
        if (v < 0 || fits(v, d)) return v;
        if (chance(0.7)) {
            int const square = push<pm::op::multiply>({}, v, v);
            int const shifted = push<pm::op::add>({}, square, number(0.5));
            if (shifted >= 0 && fits(shifted, d)) return shifted;
        }
        return leaf(g.shape_of(v), d);
    }
    // A value that broadcasts with one of shape s.
    constexpr int partner(pm::extents const& s, domain const& d) {
        if (chance(0.15)) {
            constexpr double often[]{0, 1, -1, 2, 0.5};
            double const x = chance(0.6) ? often[below(5)] : draw_in(d);
            if (d.holds(x)) return number(x);
        }
        bool const grows = chance(0.3);
        int const v = chance(0.1) ? -1 : find([&](pm::extents const& o) {
            pm::extents const r = pm::broadcast(s, o);
            return grows ? r.rank >= 0 && r.size() <= limit.elements : r == s;
        });
        if (v >= 0) return mended(v, d);
        pm::extents o{between(0, s.rank), {}};
        for (int k = 0; k < o.rank; ++k) o.d[k] = chance(0.3) ? 1 : s.d[k + s.rank - o.rank];
        return leaf(o, d);
    }

    // --- pushing ---
    template <class Op, std::same_as<int>... V>
    constexpr int push(pm::attributes at, V... argument) {
        if (((argument < 0) || ...)) return -1;
        return push(pm::ir::node{&pm::ir::describe<Op>, {argument...}, at, 0, nullptr, 0});
    }
    // The first result, or -1 if the node's values cannot be used.
    constexpr int push(pm::ir::node const& n) {
        pm::ir::descriptor const& op = *n.operation;
        int const before = g.size;
        for (int r = 0; r < op.results; ++r) {
            pm::extents const s = op.infer(g, n, r).shape;
            if (s.rank < 0 || s.size() > limit.elements) return -1;
        }
        if (computed.used + op.results * limit.elements > computed.capacity) return -1;
        int const first = g.push(n);
        if (g.size == before) return usable[first] ? first : -1;
        bool good = true;
        for (int r = 0; r < op.results; ++r) good = computed.place(first + r, g.shape_of(first + r).size()) && good;
        pm::ir::node const& pushed = g.nodes[g.size - 1];
        good = good && computed.run(g, pushed);
        for (int r = 0; good && r < op.results; ++r)
            if (is_real(first + r)) good = bounded(first + r);
        for (int e = 0; good && e < entries; ++e)
            if (table[e].operation->id == op.id) good = table[e].fits(*this, pushed);
        for (int r = 0; good && r < op.results; ++r) usable[first + r] = is_real(first + r);
        return good ? first : -1;
    }

    constexpr bool is_real(int v) const { return g.values[v].type != pm::element::i32; }
    // Element i of argument `k` of a node, counted as the result's elements are.
    constexpr double meets(pm::ir::node const& n, int k, int i) const {
        int const v = n.argument[k];
        return computed.of(v)[numbers::broadcast_index(g.shape_of(n.first), g.shape_of(v), i)];
    }

    // --- the whole graph ---
    // Grows the graph to its size and names its outputs: what nothing reads, and sometimes more.
    constexpr void grow() {
        int const high = limit.nodes_high * 3 / 2;  // some will not be needed
        int const nodes = between(limit.nodes_low, chance(0.5) ? high : (high + 1) / 2);
        for (int k = between(1, 2); k > 0; --k) leaf(shape(0, 4));
        if (chance(0.6)) leaf(shape(2, 2));
        for (int tries = 0; g.size < nodes && tries < 4 * nodes; ++tries) {
            entry const& e = table[below(entries)];
            e.make(*this, e);
        }
        bool read[pm::ir::max_values]{};
        for (int i = 0; i < g.size; ++i)
            if (usable[g.nodes[i].first])
                for (int k = 0; k < g.nodes[i].operation->arity; ++k) read[g.nodes[i].argument[k]] = true;
        int outputs = 0;
        for (int v = g.value_count - 1; v >= 0 && outputs < 12; --v)
            if (usable[v] && !read[v] && g.producer_of(v).operation->arity > 0) g.output(v), ++outputs;
        if (outputs == 0 || chance(0.2))
            if (int const v = find([](pm::extents const&) { return true; }); v >= 0) g.output(v);
    }

  private:
    int extent_pool_[3]{};

    constexpr int append_leaf(pm::extents const& s, pm::element type) {
        if (computed.used + s.size() > computed.capacity) return -1;
        int const v = push_with<pm::op::leaf>(g, pm::attributes{{leaves++}});
        g.values[v] = pm::ir::value{s, type, g.values[v].producer};
        computed.place(v, s.size());
        return v;
    }
    constexpr bool bounded(int v) const {
        for (int i = 0; i < g.shape_of(v).size(); ++i)
            if (!(pm::math::abs(computed.of(v)[i]) <= largest_value)) return false;
        return true;
    }
};

}  // namespace random_graphs
