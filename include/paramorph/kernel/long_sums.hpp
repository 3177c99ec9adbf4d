// Long sums: what a reduction combines in one accumulator is a block of at most 64 vectors; blocks are combined pairwise,
// as the digits of a counter carry (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 4.2). So
// the error grows with the logarithm of the number of elements, for every width of a vector. A shorter sum, whose length
// is known when it is compiled, knows nothing of this.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstddef>

#include "paramorph/graph/rows.hpp"
#include "paramorph/kernel/unrolled.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// What one accumulator takes at most where a sum is longer than longest_chain (graph/rows.hpp).
inline constexpr int longest_block = 64;

// Levels of blocks that so many elements can fill.
constexpr int levels_of(long long elements) noexcept {
    return std::bit_width(static_cast<unsigned long long>(elements / longest_block)) + 1;
}

// Blocks that were combined: level l holds 2^l of them where bit l of the count is set.
template <class V, int Levels>
struct pairwise {
    V of[Levels];
    std::size_t count = 0;

    template <class Combine>
    void add(V v, Combine const& combine) noexcept {
        int level = 0;
        for (std::size_t n = count++; n & 1; n >>= 1) v = combine(of[level++], v);
        of[level] = v;
    }
    // All of them, and v.
    template <class Combine>
    V with(V v, Combine const& combine) const noexcept {
        for (int level = 0; level < Levels; ++level)
            if (count >> level & 1) v = combine(of[level], v);
        return v;
    }
};

// Of a few numbers of one row: the neighbours are combined, then their results.
template <int First, int Last, class V, class Combine>
[[gnu::always_inline]] inline V combined(V const* of, Combine const& combine) {
    if constexpr (Last - First == 1)
        return of[First];
    else
        return combine(combined<First, First + (Last - First) / 2>(of, combine),
                       combined<First + (Last - First) / 2, Last>(of, combine));
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
