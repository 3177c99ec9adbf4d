// Where a body's results go: what its stores write, and what its reductions have combined so far.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/pairwise.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

using index = std::ptrdiff_t;

// Where a loop's stores write; `fresh`: nothing was combined there yet at this outer index.
template <class T, int Stores>
struct store_targets {
    static constexpr bool in_strips = false;
    static constexpr index column = 0;
    T* at[Stores];
    bool fresh[Stores];
};
// The same where what is reduced along rows or planes is combined in a strip of memory that begins at a column.
template <class T, int Stores>
struct strip_targets : store_targets<T, Stores> {
    static constexpr bool in_strips = true;
    index column;
};
// What reductions combine along the columns: a few vectors side by side for each.
template <class V, int Stores, int Together>
struct column_sums {
    static constexpr bool fresh = false;
    V of[Stores][Together];
};
// The same of sums that are long.
template <class V, int Stores, int Together, int Levels>
struct long_column_sums : column_sums<V, Stores, Together> {
    pairwise<V, Levels> blocks[Stores];
    index chain = 0;  // at most so many are in one accumulator
};
// Beside that, what a settled body measures.
template <class Sums, class V, int Count>
struct measuring : Sums {
    V measured[Count];
};
// Before anything was combined.
template <class V, int Stores, int Together>
struct fresh_sums : column_sums<V, Stores, Together> {
    static constexpr bool fresh = true;
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
