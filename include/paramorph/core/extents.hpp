// The extents of a tensor as a value: its rank, 0 (a scalar) to 4, and what it holds along each axis. The type that has
// them is `shape` (core/shape.hpp).
//
// Errors: none. Cost: five numbers. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI {

inline constexpr int max_rank = 4;

struct extents {
    int rank = 0;
    int d[max_rank]{};

    constexpr bool operator==(extents const& o) const {
        return rank == o.rank && d[0] == o.d[0] && d[1] == o.d[1] && d[2] == o.d[2] && d[3] == o.d[3];
    }
    // Unsigned, so that a shape that is refused for its size (see shape) makes no further error.
    constexpr int size() const noexcept {
        return static_cast<int>((rank > 0 ? unsigned(d[0]) : 1u) * (rank > 1 ? unsigned(d[1]) : 1u) *
                                (rank > 2 ? unsigned(d[2]) : 1u) * (rank > 3 ? unsigned(d[3]) : 1u));
    }
    // Counted from the end, as negative axes are: from_end(0) is the last extent; 1 beyond the rank.
    constexpr int from_end(int k) const noexcept { return k < rank ? d[rank - 1 - k] : 1; }
};

}  // namespace paramorph::inline PARAMORPH_ABI
