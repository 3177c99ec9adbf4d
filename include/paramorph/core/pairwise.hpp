// Sums of many terms: what is combined one after the other is a block of at most 64; blocks are combined pairwise, as
// the digits of a counter carry (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 4.2). So
// the error grows with the logarithm of the number of terms.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstddef>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// What is combined in one go where a sum is longer than longest_chain; a shorter one is not cut.
inline constexpr int longest_block = 64, longest_chain = 96;

// Levels of blocks that so many terms can fill.
constexpr int levels_of(long long terms) noexcept {
    return std::bit_width(static_cast<unsigned long long>(terms / longest_block)) + 1;
}

// Blocks that were combined: level l holds 2^l of them where bit l of the count is set.
template <class V, int Levels>
struct pairwise {
    V of[Levels];
    std::size_t count;

    constexpr void begin() noexcept { count = 0; }
    template <class Combine>
    constexpr void add(V v, Combine const& combine) noexcept {
        int level = 0;
        for (std::size_t n = count++; n & 1; n >>= 1) v = combine(of[level++], v);
        of[level] = v;
    }
    // All of them, and v.
    template <class Combine>
    constexpr V with(V v, Combine const& combine) const noexcept {
        for (int level = 0; level < Levels; ++level)
            if (count >> level & 1) v = combine(of[level], v);
        return v;
    }
};

// One term after the other.
template <class T, class Combine>
struct long_sum {
    Combine combine;
    T start, sum = start;
    int chain = 0;
    pairwise<T, 32> blocks{};

    constexpr void add(T x) noexcept {
        sum = combine(sum, x);
        if (++chain < longest_block) return;
        blocks.add(sum, combine);
        sum = start;
        chain = 0;
    }
    constexpr T total() const noexcept { return blocks.with(sum, combine); }
};

// A sum, and what rounding it left out (Knuth, "Seminumerical Algorithms", section 4.2.2), which stays below half a
// unit of its last place: for sums of which every prefix is wanted, or whose terms come in any order. The sum of n
// terms is right within a unit, and does not fall when a term is not negative.
template <class T>
struct compensated_sum {
    T sum{}, rest{};

    constexpr void add(T x) noexcept {
        T const next = sum + x, taken = next - sum, left = rest + ((sum - (next - taken)) + (x - taken));
        bool const finite = left == left;  // infinity - infinity is not
        sum = finite ? next + left : next;
        rest = finite ? left - (sum - next) : T(0);
    }
};

// Adds to a sum; `rest`, if there is one, is what rounding left out of it so far.
template <class T>
constexpr void add_to(T& sum, T* rest, T x) noexcept {
    if (rest == nullptr) {
        sum += x;
        return;
    }
    compensated_sum<T> both{sum, *rest};
    both.add(x);
    sum = both.sum;
    *rest = both.rest;
}
// The same of n neighbours.
template <class T>
constexpr void add_to_row(T* sums, T* rests, T const* x, int n) noexcept {
    if (rests == nullptr)
        for (int i = 0; i < n; ++i) sums[i] += x[i];
    else
        for (int i = 0; i < n; ++i) add_to(sums[i], rests + i, x[i]);
}

}  // namespace paramorph::inline PARAMORPH_ABI
