// The vector unit: one vocabulary for `xsimd::batch<T>` and for plain `float` and `double`.
//
// Every kernel is a template on a vector type V that is either a batch or a scalar, so the same code runs with and
// without a SIMD target. A function here is the one of the vector's architecture (compat/simd/: types.hpp says which;
// generic.hpp, sse2.hpp, avx2.hpp, avx512.hpp, neon.hpp). Call them by their full names, as in `simd::load`: an
// unqualified call with a batch would also find functions of xsimd, whose `store` wants alignment.
// Each of those headers is empty for other targets. simd_tiles.hpp (not included here) has those on squares of vectors,
// and masks by lane.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd/avx2.hpp"
#include "paramorph/compat/simd/avx512.hpp"
#include "paramorph/compat/simd/generic.hpp"
#include "paramorph/compat/simd/neon.hpp"
#include "paramorph/compat/simd/sse2.hpp"
#include "paramorph/compat/simd/types.hpp"
#include "paramorph/core/storage.hpp"

namespace paramorph::inline PARAMORPH_ABI::simd {

// All lanes equal to x.
template <class V>
[[gnu::always_inline]] inline constexpr V splat(value_t<V> x) {
    return V(x);
}

// 0, 1, 2, ...
template <class V>
[[gnu::always_inline]] inline V iota() {
    using T = value_t<V>;
    return []<int... I>(std::integer_sequence<int, I...>) {
        static constexpr T lanes[] = {T(I)...};
        return arch_t<V>::template load<V>(lanes);
    }(std::make_integer_sequence<int, width<V>>{});
}

// Reinterprets the bits: `bit_cast<integer_t<V>>(v)`.
template <class To, class V>
[[gnu::always_inline]] inline constexpr To bit_cast(V v) {
    return arch_t<V>::template bit_cast<To>(v);
}

// Shifts zeros in from the left, lane by lane.
template <int Count, class I>
[[gnu::always_inline]] inline constexpr I shift_right(I v) {
    return arch_t<I>::template shift_right<Count>(v);
}

// Does `fma` round once?
template <class V>
inline constexpr bool fuses = arch_t<V>::template fuses<V>;

// a * b + c, rounded once where the target has a fused instruction.
template <class V>
[[gnu::always_inline]] inline constexpr V fma(V a, V b, V c) {
    return arch_t<V>::fma(a, b, c);
}

// a * b - c, rounded once where the target has a fused instruction.
template <class V>
[[gnu::always_inline]] inline constexpr V fms(V a, V b, V c) {
    return arch_t<V>::fms(a, b, c);
}

// c - a * b, rounded once where the target has a fused instruction.
template <class V>
[[gnu::always_inline]] inline constexpr V fnma(V a, V b, V c) {
    return arch_t<V>::fnma(a, b, c);
}

// The smaller; b when either is not a number (x86; other targets may give the other one).
template <class V>
[[gnu::always_inline]] inline constexpr V min(V a, V b) {
    return arch_t<V>::min(a, b);
}

// The larger; b when either is not a number (x86; other targets may give the other one).
template <class V>
[[gnu::always_inline]] inline constexpr V max(V a, V b) {
    return arch_t<V>::max(a, b);
}

// The absolute value: clears the sign, also of zero and of what is not a number.
template <class V>
[[gnu::always_inline]] inline V abs(V a) {
    return arch_t<V>::abs(a);
}

// The square root, correctly rounded.
template <class V>
[[gnu::always_inline]] inline V sqrt(V a) {
    return arch_t<V>::sqrt(a);
}

// v where the mask holds, 0 elsewhere.
template <class V>
[[gnu::always_inline]] inline constexpr V where_or_zero(mask_t<V> m, V v) {
    return arch_t<V>::template where_or_zero<V>(m, v);
}

// a where the mask holds, b elsewhere.
template <class V>
[[gnu::always_inline]] inline constexpr V select(mask_t<V> m, V a, V b) {
    return arch_t<V>::template select<V>(m, a, b);
}

// Does the mask hold in some lane?
[[gnu::always_inline]] inline constexpr bool any(bool m) {
    return m;
}
#if defined(PARAMORPH_GENERIC_SIMD)
template <class T, int N>
[[gnu::always_inline]] inline constexpr bool any(lanes_mask<T, N> m) {
    return arch::generic::any<lanes<T, N>>(m);
}
#elif defined(PARAMORPH_XSIMD)
template <class T, class A>
[[gnu::always_inline]] inline bool any(xsimd::batch_bool<T, A> m) {
    using V = xsimd::batch<T, A>;
    return arch_t<V>::template any<V>(m);
}
#endif

// Is some lane of one of them not in [low, high], or not a number? 0 < low; constants.
template <class V, class... More>
[[gnu::always_inline]] inline bool any_outside(value_t<V> low, value_t<V> high, V v, More... more) {
    if constexpr (requires { arch_t<V>::any_outside(low, high, v, more...); })
        return arch_t<V>::any_outside(low, high, v, more...);
    else {  // within the bounds, a number is what it is limited to; != of AVX-512 is false for what is not a number
        auto const inside = [&](V x) __attribute__((always_inline)) {
            return simd::min(simd::max(x, splat<V>(low)), splat<V>(high)) == x;
        };
        return simd::any(!(inside(v) && ... && inside(more)));
    }
}

// Folds the lanes pairwise: halves of the register are combined until one lane is left.
template <class V, class Combine>
[[gnu::always_inline]] inline value_t<V> reduce(V v, Combine const& combine) {
    return arch_t<V>::reduce(v, combine);
}

// The sum of the lanes, added pairwise.
template <class V>
[[gnu::always_inline]] inline value_t<V> reduce_add(V v) {
    return arch_t<V>::reduce(v, [](auto a, auto b) __attribute__((always_inline)) { return a + b; });
}

// The largest lane.
template <class V>
[[gnu::always_inline]] inline value_t<V> reduce_max(V v) {
    return arch_t<V>::reduce(v, [](auto a, auto b) __attribute__((always_inline)) { return simd::max(a, b); });
}

// Has this vector a fast lookup? Only where `fma` rounds once: what uses it reduces its arguments by that.
template <class V>
inline constexpr bool has_lookup = arch_t<V>::template has_lookup<V>;

// The one of eight entries that the lowest three bits of each lane name.
template <class V, class... Entry>
    requires(sizeof...(Entry) == 8 && has_lookup<V>)
[[gnu::always_inline]] inline integer_t<V> lookup(integer_t<V> index, Entry... entry) {
    return arch_t<V>::template lookup<V>(index, entry...);
}

// Reads width<V> elements, of any alignment.
template <class V>
[[gnu::always_inline]] inline V load(value_t<V> const* p) {
    return arch_t<V>::template load<V>(p);
}

// The same of elements that are stored in 16 bits or eight.
template <class V, narrow S>
[[gnu::always_inline]] inline V load(S const* p) {
    value_t<V> lanes[width<V>];
    for (int l = 0; l < width<V>; ++l) lanes[l] = value_t<V>(p[l]);
    return simd::load<V>(lanes);
}

// v, in a register: g++ reads what several instructions take from memory again for each of them, where they can.
template <class V>
[[gnu::always_inline]] inline V in_register(V v) {
    if constexpr (requires { arch_t<V>::in_register(v); })
        return arch_t<V>::in_register(v);
    else
        return v;
}

// sum + a b, as `fma`, in the register of the sum: g++ puts it into that of a factor where it likes, and where all
// registers are taken, sums then go to memory and back.
template <class V>
[[gnu::always_inline]] inline V add_product(V sum, V a, V b) {
    if constexpr (requires { arch_t<V>::add_product(sum, a, b); })
        return arch_t<V>::add_product(sum, a, b);
    else
        return simd::fma(a, b, sum);
}

// Writes width<V> elements, of any alignment.
template <class V>
[[gnu::always_inline]] inline void store(value_t<V>* p, V v) {
    arch_t<V>::store(p, v);
}

// Reads n elements, 0 <= n <= width<V>; the remaining lanes are zero. Memory at p + n and beyond is not touched.
template <class V>
[[gnu::always_inline]] inline V load_partial(value_t<V> const* p, int n) {
    return arch_t<V>::template load_partial<V>(p, n);
}

// The same of elements that are stored in 16 bits or eight.
template <class V, narrow S>
[[gnu::always_inline]] inline V load_partial(S const* p, int n) {
    value_t<V> lanes[width<V>];
    for (int l = 0; l < width<V>; ++l) lanes[l] = l < n ? value_t<V>(p[l]) : value_t<V>(0);
    return simd::load<V>(lanes);
}

// Writes the first n lanes, 0 <= n <= width<V>. Memory at p + n and beyond is not touched.
template <class V>
[[gnu::always_inline]] inline void store_partial(value_t<V>* p, V v, int n) {
    arch_t<V>::store_partial(p, v, n);
}

// Memory accesses before and after it are not exchanged by the compiler. Two stores to one cache line retire together
// when they are neighbours, and g++'s scheduler would move others between them (a symmetric matrix of 256: 1.2 times
// slower).
[[gnu::always_inline]] inline void keep_order() {
    asm volatile("" ::: "memory");
}

// Sets one of several pointers that lie side by side. g++ would make a vector of neighbours and store that; who reads
// one of them back then waits until the vector unit has done what came before (a step of a GRU of 32: 7 %).
template <class To, class From>
[[gnu::always_inline]] inline void set_alone(To*& to, From* from) {
    to = from;
    keep_order();
}

// At the end of a function that loads and stores at distances from one address: keeps its stores. Where a store's
// stride is twice a load's, g++ 12 at -O1 writes the store's address as a difference, of which it no longer knows what
// it points to; the function then counts as one without effects, and calls of it are left out.
[[gnu::always_inline]] inline void keep_stores() {
#ifndef __clang__
    asm volatile("" ::: "memory");
#endif
}

}  // namespace paramorph::inline PARAMORPH_ABI::simd
