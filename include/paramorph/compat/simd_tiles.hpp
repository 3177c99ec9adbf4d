// What tiles of a matrix need beyond single vectors: masks by lane, squares transposed in registers, and squares loaded
// transposed.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd.hpp"

namespace paramorph::inline PARAMORPH_ABI::simd {

// Lanes at and after t, zero before; any t.
template <class V>
[[gnu::always_inline]] inline V keep_from(V v, std::ptrdiff_t t) {
    return arch_t<V>::keep_from(v, t);
}
// Lanes before t, zero at and after it; any t.
template <class V>
[[gnu::always_inline]] inline V keep_before(V v, std::ptrdiff_t t) {
    return arch_t<V>::keep_before(v, t);
}
// Lanes at and after t from `high`, those before t from `low`; any t.
template <class V>
[[gnu::always_inline]] inline V choose_from(V low, V high, std::ptrdiff_t t) {
    return arch_t<V>::choose_from(low, high, t);
}
// Lane t, zero elsewhere; any t.
template <class V>
[[gnu::always_inline]] inline V keep_only(V v, std::ptrdiff_t t) {
    return arch_t<V>::keep_only(v, t);
}

// The first half of the lanes from p, the second one from q.
template <class V>
[[gnu::always_inline]] inline V load_halves(value_t<V> const* p, value_t<V> const* q) {
    if constexpr (requires { arch_t<V>::template load_halves<V>(p, q); })
        return arch_t<V>::template load_halves<V>(p, q);
    else {
        constexpr int half = width<V> / 2;
        value_t<V> lanes[width<V>];
        for (int l = 0; l < width<V>; ++l) lanes[l] = l < half ? p[l] : q[l - half];
        return simd::load<V>(lanes);
    }
}

// The first half of the lanes to p, the second one to q.
template <class V>
[[gnu::always_inline]] inline void store_halves(value_t<V>* p, value_t<V>* q, V v) {
    if constexpr (requires { arch_t<V>::store_halves(p, q, v); })
        arch_t<V>::store_halves(p, q, v);
    else {
        constexpr int half = width<V> / 2;
        value_t<V> lanes[width<V>];
        simd::store(lanes, v);
        for (int l = 0; l < width<V>; ++l) (l < half ? p[l] : q[l - half]) = lanes[l];
    }
}

// Transposes a square of width<V> rows, in registers where the architecture is known, else through memory.
template <class V, int N>
[[gnu::always_inline]] inline void transpose(V (&r)[N]) {
    static_assert(N == width<V>, "transpose takes a square: as many rows as the vector type has lanes");
    arch_t<V>::transpose(r);
}

// One lane for each row of a square: its lanes combined. What it takes is left in any state.
template <class V, int N, class Combine>
[[gnu::always_inline]] inline V combine_rows(V (&r)[N], Combine const& combine) {
    static_assert(N == width<V>, "combine_rows takes a square: as many rows as the vector type has lanes");
    return arch_t<V>::combine_rows(r, combine);
}

// A square read transposed comes in groups of rows, so that few registers are needed: row k of group h is column
// h * transposed_rows<V> + k of the width<V> rows at p, `stride` apart.
template <class V>
inline constexpr int transposed_rows = arch_t<V>::template transposed_rows<V>;
template <class V, int N>
[[gnu::always_inline]] inline void load_transposed(V (&r)[N], value_t<V> const* p, std::ptrdiff_t stride, int group) {
    static_assert(N == transposed_rows<V>, "load_transposed gives a group of transposed_rows<V> rows");
    arch_t<V>::load_transposed(r, p, stride, group);
}

}  // namespace paramorph::inline PARAMORPH_ABI::simd
