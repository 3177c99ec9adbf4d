// The intervals of the values of a graph, in memory of the caller's: those of values that no input moves (weights, and
// what is made of weights alone) in one array, all others in a second one, so that a proof in steps
// (prove/proved_bounds.hpp) hands on the second one only.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/evaluate.hpp"
#include "paramorph/prove/interval.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Where the elements of each value lie, and whether an input moves them. Inputs are the leaves from `first_input` on,
// below `end`.
struct range_places {
    scratch_array<int> start;
    scratch_array<bool> moved;
    int fixed_elements = 0, moved_elements = 0;

    constexpr range_places(graph const& g, int first_input, int end = max_nodes)
        : start(g.value_count), moved(g.value_count) {
        for (int i = 0; i < g.size; ++i) {
            node const& n = g.nodes[i];
            bool moves =
                n.operation->kind == category::leaf && n.attribute.v[0] >= first_input && n.attribute.v[0] < end;
            for (int k = 0; k < arity_of(n); ++k) moves = moves || moved.data[n.argument[k]];
            for (int r = 0; r < n.operation->results; ++r) {
                int const v = n.first + r;
                int& used = moves ? moved_elements : fixed_elements;
                moved.data[v] = moves;
                start.data[v] = used;
                used += g.shape_of(v).size();
            }
        }
    }
    static constexpr int arity_of(node const& n) {
        bool const none = n.operation->kind == category::leaf || n.operation->kind == category::constant ||
                          n.operation->kind == category::diagonal;
        return none ? 0 : n.operation->arity;
    }
};

template <class T>
class range_store {
  public:
    graph const& g;
    range_places const& places;

    constexpr range_store(graph const& of, range_places const& at, interval<T>* fixed, interval<T>* moved)
        : g(of), places(at), fixed_(fixed), moved_(moved) {}
    constexpr bool moves(int v) const { return places.moved.data[v]; }
    constexpr interval<T>* at(int v) { return (moves(v) ? moved_ : fixed_) + places.start.data[v]; }
    constexpr interval<T> const* at(int v) const { return (moves(v) ? moved_ : fixed_) + places.start.data[v]; }
    template <class Op>
    constexpr bool is(int v) const {
        return g.producer_of(v).operation->id == id_of<Op>;
    }

  private:
    interval<T>*fixed_, *moved_;
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
