// linalg::scalar_blocks on vectors: what algorithms of dense linear algebra do to rows and blocks of a matrix whose
// sizes and strides are known at run time only. The product is that of kernel/matmul.hpp: register tiles of the
// target's height at most and two vectors, B in panels as wide as a tile, which are copied to the stack where that
// pays.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/blocks.hpp"
#include "paramorph/kernel/register_tile.hpp"
#include "paramorph/kernel/svd.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

namespace detail {

// A step of Gauss and Jordan, as linalg::scalar_blocks has it, on rows of Vectors vectors, the last of them partial.
template <class V, int Vectors, bool Partial>
void exchange_rows(simd::value_t<V>* a, int stride, int n, int k, simd::value_t<V> reciprocal) noexcept {
    using T = simd::value_t<V>;
    constexpr int width = simd::width<V>;
    int const last = n - (Vectors - 1) * width;
    V const lanes = simd::iota<V>(), factor = simd::splat<V>(reciprocal), zero = simd::splat<V>(0);
    // Column k is set by masks: what is stored by elements cannot be loaded by vectors at once.
    auto const with = [&](V row, int v, V x) __attribute__((always_inline)) {
        return simd::select(lanes == simd::splat<V>(T(k - v * width)), x, row);
    };
    auto const load = [&](T const* p, auto v) __attribute__((always_inline)) {
        return Partial && v == Vectors - 1 ? simd::load_partial<V>(p + v * width, last) : simd::load<V>(p + v * width);
    };
    auto const store = [&](T* p, auto v, V x) __attribute__((always_inline)) {
        if constexpr (Partial && v == Vectors - 1)
            simd::store_partial(p + v * width, x, last);
        else
            simd::store(p + v * width, x);
    };
    V pivot[Vectors];
    unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
        pivot[v] = with(load(a + k * stride, v) * factor, v, factor);
        store(a + k * stride, v, pivot[v]);
    });
    for (int i = 0; i < n; ++i) {
        if (i == k) continue;
        T* const row = a + i * stride;
        V const f = simd::splat<V>(row[k]);
        unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
            store(row, v, simd::fnma(f, pivot[v], with(load(row, v), v, zero)));
        });
    }
}

// A tile of C [Rows, Vectors * width], whose last vector has `last` lanes. B [k, Vectors * width] is padded to that.
template <class V, int Rows, int Vectors, bool TransposeA>
void block_tile(linalg::into how, simd::value_t<V> const* a, std::ptrdiff_t a_stride, simd::value_t<V> const* b,
                std::ptrdiff_t b_stride, simd::value_t<V>* c, std::ptrdiff_t c_stride, int k, int last) noexcept {
    using linalg::into;
    constexpr int width = simd::width<V>;
    V sums[Rows * Vectors];
    set_all(sums, simd::splat<V>(0));
    accumulate<Rows, Vectors, TransposeA, false, false>(sums, a, a_stride, b, b_stride, k);
    V const zero = simd::splat<V>(0);
    auto const write_vector = [&]<int I, bool Partial>() __attribute__((always_inline)) {
        constexpr int row = I / Vectors, v = I % Vectors;
        constexpr bool cut = Partial && v == Vectors - 1;
        auto* const p = c + row * c_stride + v * width;
        V const old = how == into::assign || how == into::negative ? zero
                      : cut                                        ? simd::load_partial<V>(p, last)
                                                                   : simd::load<V>(p);
        V const sum = how == into::subtract || how == into::negative ? old - sums[I] : old + sums[I];
        if constexpr (cut)
            simd::store_partial(p, sum, last);
        else
            simd::store(p, sum);
    };
    [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
        if (last == width)
            (write_vector.template operator()<I, false>(), ...);
        else
            (write_vector.template operator()<I, true>(), ...);
    }(std::make_integer_sequence<int, Rows * Vectors>{});
}

// The tiles of one panel of C: as many of full height (six rows) as there are, then of four, two and one.
template <class V, int Vectors, bool TransposeA>
void block_panel(linalg::into how, simd::value_t<V> const* a, std::ptrdiff_t a_stride, simd::value_t<V> const* b,
                 std::ptrdiff_t b_stride, simd::value_t<V>* c, std::ptrdiff_t c_stride, int m, int k,
                 int last) noexcept {
    int i = 0;
    auto const rows = [&](auto count) __attribute__((always_inline)) {
        block_tile<V, count, Vectors, TransposeA>(how, a + (TransposeA ? i : i * a_stride), a_stride, b, b_stride,
                                                  c + i * c_stride, c_stride, k, last);
        i += count;
    };
    constexpr int full = target_of<V>.vector_tile.rows;
    while (m - i >= full && m - i != 8) rows(std::integral_constant<int, full>{});
    while (m - i >= 4) rows(std::integral_constant<int, 4>{});
    if (m - i >= 2) rows(std::integral_constant<int, 2>{});
    if (m - i >= 1) rows(std::integral_constant<int, 1>{});
}

}  // namespace detail

template <class V>
struct vector_blocks : detail::vector_rows<V> {
    using T = simd::value_t<V>;
    static constexpr int width = simd::width<V>;

    static T dot(T const* x, T const* y, int n) noexcept {
        V total = simd::splat<V>(0);
        int i = 0;
        for (; i + width <= n; i += width) total = simd::fma(simd::load<V>(x + i), simd::load<V>(y + i), total);
        if (i < n) total = simd::fma(simd::load_partial<V>(x + i, n - i), simd::load_partial<V>(y + i, n - i), total);
        return simd::reduce_add(total);
    }
    static void add(T* x, T factor, T const* y, int n) noexcept {
        V const f = simd::splat<V>(factor);
        int i = 0;
        for (; i + width <= n; i += width) simd::store(x + i, simd::fma(f, simd::load<V>(y + i), simd::load<V>(x + i)));
        if (i < n)
            simd::store_partial(
                x + i, simd::fma(f, simd::load_partial<V>(y + i, n - i), simd::load_partial<V>(x + i, n - i)), n - i);
    }
    static void scale(T* x, T factor, int n) noexcept {
        V const f = simd::splat<V>(factor);
        int i = 0;
        for (; i + width <= n; i += width) simd::store(x + i, f * simd::load<V>(x + i));
        if (i < n) simd::store_partial(x + i, f * simd::load_partial<V>(x + i, n - i), n - i);
    }

    static void gauss_jordan_step(T* a, int stride, int n, int k, T reciprocal) noexcept {
        constexpr int vectors = 16 / width < 1 ? 1 : 16 / width;
        if (n == vectors * width)
            detail::exchange_rows<V, vectors, false>(a, stride, n, k, reciprocal);
        else if constexpr (width == 1)
            linalg::scalar_blocks<T>::gauss_jordan_step(a, stride, n, k, reciprocal);
        else if (n <= width)
            detail::exchange_rows<V, 1, true>(a, stride, n, k, reciprocal);
        else if (vectors == 2 || n <= 2 * width)
            detail::exchange_rows<V, 2, true>(a, stride, n, k, reciprocal);
        else if constexpr (vectors > 2) {
            if (n <= 3 * width)
                detail::exchange_rows<V, 3, true>(a, stride, n, k, reciprocal);
            else if (n <= 4 * width)
                detail::exchange_rows<V, 4, true>(a, stride, n, k, reciprocal);
            else
                linalg::scalar_blocks<T>::gauss_jordan_step(a, stride, n, k, reciprocal);
        }
    }

    template <linalg::into How, bool TransposeA = false>
    static void multiply(T const* a, int a_stride, T const* b, int b_stride, T* c, int c_stride, int m, int n,
                         int k) noexcept {
        using linalg::into;
        constexpr int panel = 2 * width, depth = target_of<V>.panel_bytes / int(panel * sizeof(T)),
                      few = 2 * target_of<V>.vector_tile.rows;
        alignas(64) T buffer[depth * panel];
        for (int first = 0; first < k; first += depth) {
            into const how = first == 0 ? How : How == into::assign || How == into::add ? into::add : into::subtract;
            int const deep = std::min(depth, k - first);
            T const* const left = a + (TransposeA ? std::ptrdiff_t(first) * a_stride : first);
            for (int j = 0; j < n; j += panel) {
                int const columns = std::min(panel, n - j), vectors = (columns + width - 1) / width;
                int const last = columns - (vectors - 1) * width;
                T const* from = b + std::ptrdiff_t(first) * b_stride + j;
                std::ptrdiff_t stride = b_stride;
                if (last != width || m > few) {
                    for (int l = 0; l < deep; ++l) {
                        T const* const row = from + l * stride;
                        if (vectors == 2) simd::store(buffer + l * panel, simd::load<V>(row));
                        T const* const end = row + (vectors - 1) * width;
                        simd::store(buffer + l * panel + (vectors - 1) * width,
                                    last == width ? simd::load<V>(end) : simd::load_partial<V>(end, last));
                    }
                    from = buffer, stride = panel;
                }
                if (vectors == 2)
                    detail::block_panel<V, 2, TransposeA>(how, left, a_stride, from, stride, c + j, c_stride, m, deep,
                                                          last);
                else
                    detail::block_panel<V, 1, TransposeA>(how, left, a_stride, from, stride, c + j, c_stride, m, deep,
                                                          last);
            }
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
