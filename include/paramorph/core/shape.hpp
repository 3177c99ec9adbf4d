// Shapes. `shape<2, 3>` is a type, what users write; `extents` is the same as a value, what the graph computes with.
// Rank 0 (a scalar) to 4; storage is row-major and contiguous. A tensor has less than 2^31 elements, which int counts;
// bytes are counted in 64 bits.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <initializer_list>

#include "paramorph/core/extents.hpp"
#include "paramorph/core/sentence.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// The stride of axis `axis` of a contiguous row-major tensor.
constexpr int stride_of(extents const& s, int axis) noexcept {
    int stride = 1;
    for (int k = s.rank - 1; k > axis; --k) stride *= s.d[k];
    return stride;
}

// NumPy's rule: aligned at the last axis, equal or 1. {-1} as rank says that two shapes do not broadcast; nothing
// broadcasts with that.
constexpr extents broadcast(extents const& a, extents const& b) {
    if (a == b) return a;
    if (a.rank < 0 || b.rank < 0) return extents{-1, {}};
    extents r;
    r.rank = a.rank > b.rank ? a.rank : b.rank;
    for (int k = 0; k < r.rank; ++k) {
        int const x = a.from_end(k), y = b.from_end(k);
        if (x != y && x != 1 && y != 1) return extents{-1, {}};
        r.d[r.rank - 1 - k] = x == 1 ? y : x;
    }
    return r;
}

namespace detail {
constexpr bool counts_as_int(std::initializer_list<int> extents) {
    std::int64_t elements = 1;
    for (int e : extents) elements = elements <= 0x7fffffff ? elements * (e > 1 ? e : 1) : elements;
    return elements <= 0x7fffffff;
}
}  // namespace detail

template <int... Extents>
struct shape {
    static_assert(sizeof...(Extents) <= max_rank, "shape: at most four axes");
    static_assert(detail::are_positive<"shape: every extent must be positive, shape<rows, columns>", Extents...>());
    static constexpr bool fits = detail::counts_as_int({Extents...});
    static_assert(fits, "shape: a tensor has less than 2^31 elements; the product of these extents is larger");
    static constexpr extents value = [] {
        extents s;
        ((s.rank < max_rank ? void(s.d[s.rank++] = Extents > 0 ? Extents : 1) : void()), ...);
        return s;
    }();
    static constexpr int rank = value.rank;
    static constexpr int size = value.size();
};

namespace detail {
template <int Rank, int A, int B, int C, int D>
constexpr auto to_shape() {
    if constexpr (Rank <= 0)
        return shape<>{};
    else if constexpr (Rank == 1)
        return shape<A>{};
    else if constexpr (Rank == 2)
        return shape<A, B>{};
    else if constexpr (Rank == 3)
        return shape<A, B, C>{};
    else
        return shape<A, B, C, D>{};
}
template <class Rule>
constexpr auto computed_shape() {
    constexpr extents s = Rule::value();
    return to_shape<s.rank, s.d[0], s.d[1], s.d[2], s.d[3]>();
}
}  // namespace detail

// From the value back to the type; the value is what `Rule::value()` gives (g++ 12 does not take `extents` as a
// template argument).
template <class Rule>
using shape_by = decltype(detail::computed_shape<Rule>());

template <class T>
inline constexpr bool is_shape = false;
template <int... E>
inline constexpr bool is_shape<shape<E...>> = true;

}  // namespace paramorph::inline PARAMORPH_ABI
