// What every vector can do: scalars, and vectors of any number of lanes, lane by lane or through memory. The other
// architectures derive from `generic` and define what their instructions do better.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "paramorph/compat/simd/types.hpp"
#include "paramorph/core/cmath.hpp"

namespace paramorph::inline PARAMORPH_ABI::simd::arch {

// A vector of one lane.
struct scalar {
    template <class V>
    static constexpr bool has_lookup = false;
#if defined(__FMA__) || defined(__aarch64__)
    template <class V>
    static constexpr bool fuses = true;
#else
    template <class V>
    static constexpr bool fuses = false;
#endif
    template <class V>
    static constexpr int transposed_rows = 1;

    template <class To, class V>
    [[gnu::always_inline]] static constexpr To bit_cast(V v) {
        return std::bit_cast<To>(v);
    }
    template <int Count, class I>
    [[gnu::always_inline]] static constexpr I shift_right(I v) {
        return I(std::make_unsigned_t<I>(v) >> Count);
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V fma(V a, V b, V c) {
        if constexpr (fuses<V> && std::is_same_v<V, float>)
            return __builtin_fmaf(a, b, c);
        else if constexpr (fuses<V> && std::is_same_v<V, double>)
            return __builtin_fma(a, b, c);
        else
            return a * b + c;
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V fms(V a, V b, V c) {
        return scalar::fma<V>(a, b, -c);
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V fnma(V a, V b, V c) {
        return c - a * b;
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V min(V a, V b) {
        return a < b ? a : b;
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V max(V a, V b) {
        return a > b ? a : b;
    }
    template <class V>
    [[gnu::always_inline]] static V abs(V a) {
        return std::fabs(a);
    }
    template <class V>
    [[gnu::always_inline]] static V sqrt(V a) {
        return std::sqrt(a);
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V where_or_zero(bool m, V v) {
        return m ? v : V(0);
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V select(bool m, V a, V b) {
        return m ? a : b;
    }
    template <class V, class Combine>
    [[gnu::always_inline]] static constexpr V reduce(V v, Combine const&) {
        return v;
    }

    template <class V>
    [[gnu::always_inline]] static V load(V const* p) {
        return *p;
    }
    template <class V>
    [[gnu::always_inline]] static void store(V* p, V v) {
        *p = v;
    }
    template <class V>
    [[gnu::always_inline]] static V load_partial(V const* p, int n) {
        return n > 0 ? *p : V(0);
    }
    template <class V>
    [[gnu::always_inline]] static void store_partial(V* p, V v, int n) {
        if (n > 0) *p = v;
    }

    template <class V>
    [[gnu::always_inline]] static V keep_from(V v, std::ptrdiff_t t) {
        return t <= 0 ? v : V(0);
    }
    template <class V>
    [[gnu::always_inline]] static V keep_before(V v, std::ptrdiff_t t) {
        return t > 0 ? v : V(0);
    }
    template <class V>
    [[gnu::always_inline]] static V choose_from(V low, V high, std::ptrdiff_t t) {
        return t <= 0 ? high : low;
    }
    template <class V>
    [[gnu::always_inline]] static V keep_only(V v, std::ptrdiff_t t) {
        return t == 0 ? v : V(0);
    }

    template <class V>
    [[gnu::always_inline]] static void transpose(V (&)[1]) {}
    template <class V, class Combine>
    [[gnu::always_inline]] static V combine_rows(V (&r)[1], Combine const&) {
        return r[0];
    }
    template <class V>
    [[gnu::always_inline]] static void load_transposed(V (&r)[1], V const* p, std::ptrdiff_t, int) {
        r[0] = *p;
    }
};

// Zeros, then ones (all bits set): reading at width - t gives the mask of the lanes >= t.
template <class T, int N>
struct mask_table {
    using word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    alignas(64) word high[2 * N]{}, low[2 * N]{}, single[2 * N + 2]{};
    constexpr mask_table() {
        for (int i = 0; i < N; ++i) high[N + i] = low[i] = ~word(0);
        single[N] = ~word(0);
    }
};
template <class T, int N>
inline constexpr mask_table<T, N> masks{};

[[gnu::always_inline]] inline constexpr std::ptrdiff_t clamped(std::ptrdiff_t t, std::ptrdiff_t low,
                                                               std::ptrdiff_t high) {
    return t < low ? low : t > high ? high : t;
}

// Vectors of any number of lanes that is a power of two. What comes first is for `lanes`, the rest for every vector.
struct generic {
    template <class V>
    static constexpr bool fuses = scalar::fuses<value_t<V>>;
    template <class V>
    static constexpr bool has_lookup = is_single<V> && fuses<V>;

    template <class To, class V>
    [[gnu::always_inline]] static constexpr To bit_cast(V v) {
        return std::bit_cast<To>(v);
    }
    template <int Count, class I>
    [[gnu::always_inline]] static constexpr I shift_right(I v) {
        return I::made([&](int i) { return scalar::shift_right<Count>(v.of[i]); });
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V fma(V a, V b, V c) {
        return V::made([&](int i) { return scalar::fma(a.of[i], b.of[i], c.of[i]); });
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V fms(V a, V b, V c) {
        return V::made([&](int i) { return scalar::fms(a.of[i], b.of[i], c.of[i]); });
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V fnma(V a, V b, V c) {
        return V::made([&](int i) { return scalar::fma(value_t<V>(-a.of[i]), b.of[i], c.of[i]); });
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V min(V a, V b) {
        return V::made([&](int i) { return scalar::min(a.of[i], b.of[i]); });
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V max(V a, V b) {
        return V::made([&](int i) { return scalar::max(a.of[i], b.of[i]); });
    }
    template <class V>
    [[gnu::always_inline]] static V abs(V a) {
        return V::made([&](int i) { return scalar::abs(a.of[i]); });
    }
    template <class V>
    [[gnu::always_inline]] static V sqrt(V a) {
        return V::made([&](int i) { return scalar::sqrt(a.of[i]); });
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V where_or_zero(mask_t<V> m, V v) {
        return V::made([&](int i) { return scalar::where_or_zero(m.of[i], v.of[i]); });
    }
    template <class V>
    [[gnu::always_inline]] static constexpr V select(mask_t<V> m, V a, V b) {
        return V::made([&](int i) { return m.of[i] ? a.of[i] : b.of[i]; });
    }
    template <class V>
    [[gnu::always_inline]] static constexpr bool any(mask_t<V> m) {
        bool some = false;
        for (bool const b : m.of) some |= b;
        return some;
    }
    template <class V, class... Entry>
    [[gnu::always_inline]] static constexpr integer_t<V> lookup(integer_t<V> index, Entry... entry) {
        std::int32_t const table[]{entry...};
        return integer_t<V>::made([&](int i) { return table[index.of[i] & 7]; });
    }
    template <class V>
    [[gnu::always_inline]] static V load(value_t<V> const* p) {
        return V::made([&](int i) { return p[i]; });
    }
    template <class V>
    [[gnu::always_inline]] static void store(value_t<V>* p, V v) {
        for (int i = 0; i < width<V>; ++i) p[i] = v.of[i];
    }

    template <class V, class Combine>
    [[gnu::always_inline]] static value_t<V> reduce(V v, Combine const& combine) {
        value_t<V> lanes[width<V>];
        arch_t<V>::store(lanes, v);
        for (int half = width<V> / 2; half > 0; half /= 2)
            for (int i = 0; i < half; ++i) lanes[i] = combine(lanes[i], lanes[i + half]);
        return lanes[0];
    }
    template <class V>
    [[gnu::always_inline]] static V load_partial(value_t<V> const* p, int n) {
        value_t<V> lanes[width<V>] = {};
        for (int i = 0; i < width<V>; ++i)
            if (i < n) lanes[i] = p[i];
        return arch_t<V>::template load<V>(lanes);
    }
    template <class V>
    [[gnu::always_inline]] static void store_partial(value_t<V>* p, V v, int n) {
        value_t<V> lanes[width<V>];
        arch_t<V>::store(lanes, v);
        for (int i = 0; i < width<V>; ++i)
            if (i < n) p[i] = lanes[i];
    }

    template <class V>
    [[gnu::always_inline]] static V masked(V v, typename mask_table<value_t<V>, width<V>>::word const* mask) {
        return v & arch_t<V>::template load<V>(reinterpret_cast<value_t<V> const*>(mask));
    }
    template <class V>
    [[gnu::always_inline]] static V keep_from(V v, std::ptrdiff_t t) {
        constexpr int n = width<V>;
        return masked(v, masks<value_t<V>, n>.high + (n - clamped(t, 0, n)));
    }
    template <class V>
    [[gnu::always_inline]] static V keep_before(V v, std::ptrdiff_t t) {
        constexpr int n = width<V>;
        return masked(v, masks<value_t<V>, n>.low + (n - clamped(t, 0, n)));
    }
    template <class V>
    [[gnu::always_inline]] static V choose_from(V low, V high, std::ptrdiff_t t) {
        return arch_t<V>::keep_before(low, t) | arch_t<V>::keep_from(high, t);
    }
    template <class V>
    [[gnu::always_inline]] static V keep_only(V v, std::ptrdiff_t t) {
        constexpr int n = width<V>;
        return masked(v, masks<value_t<V>, n>.single + (n - clamped(t, -1, n)));
    }

    template <class V, int N>
    [[gnu::always_inline]] static void transpose(V (&r)[N]) {
        value_t<V> rows[N][N], columns[N][N];
        for (int i = 0; i < N; ++i) arch_t<V>::store(rows[i], r[i]);
        for (int i = 0; i < N; ++i)
            for (int j = 0; j < N; ++j) columns[j][i] = rows[i][j];
        for (int i = 0; i < N; ++i) r[i] = arch_t<V>::template load<V>(columns[i]);
    }
    template <class V, int N, class Combine>
    [[gnu::always_inline]] static V combine_rows(V (&r)[N], Combine const& combine) {
        arch_t<V>::transpose(r);
        V v = r[0];
        for (int k = 1; k < N; ++k) v = combine(v, r[k]);
        return v;
    }
    template <class V>
    static constexpr int transposed_rows = width<V>;
    template <class V, int N>
    [[gnu::always_inline]] static void load_transposed(V (&r)[N], value_t<V> const* p, std::ptrdiff_t stride, int) {
        for (int k = 0; k < N; ++k) r[k] = arch_t<V>::template load<V>(p + k * stride);
        arch_t<V>::transpose(r);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::simd::arch
