// A product with a weight of eight-bit integers: y[j] = s[j] t sum_k q[j, k] p[k], where q are the weight's integers
// and s its scale for each row, and p = round(x / t) the row x in eight bits, t = max |x| / 127.
//
// Shapes: x [rows, k] float, q [n, k / 4 rounded up] words of four integers, s [n] -> [rows, n]. An integer is at most
// 127 in magnitude; sums are exact in 32 bits up to k = 2^17. A row of zeros gives zeros. Products with scales are
// ordered so that none underflows before the result does, and none overflows with weights that pm::quantize takes.
// With a fixed scale t, s has one number more, 1 / t, the others are products of both scales, and no pass finds the
// largest element; what lies beyond 127 t, or -128 t, saturates.
// Errors: a row that is not finite fails the program's status. Not differentiable: it is of inference. Cost: one pass
// over x to find its largest element, one to round it; then integer arithmetic, two products an instruction where the
// target has SMLAD. Source: Jacob et al. 2018, "Quantization and training of neural networks for efficient
// integer-arithmetic-only inference"; scales for each channel: Krishnamoorthi 2018, section 3.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifdef __ARM_FEATURE_SIMD32
#include <arm_acle.h>
#endif

#include "paramorph/embed/int8_words.hpp"
#include "paramorph/expr/operation.hpp"
#include "paramorph/kernel/row_product.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// sums[i] += the dot product of `words` words of a and of row i of b; rows are `apart` words apart.
template <int Rows>
[[gnu::always_inline]] inline void add_products(std::int32_t const* a, std::int32_t const* b, int words, int apart,
                                                std::int32_t (&sums)[Rows]) {
#ifdef __ARM_FEATURE_SIMD32
    for (int w = 0; w < words; ++w) {
        auto const x = a[w];
        std::int32_t even, odd;  // two integers of sixteen bits in each
        asm("sxtb16 %0, %1" : "=r"(even) : "r"(x));
        asm("sxtb16 %0, %1, ror #8" : "=r"(odd) : "r"(x));
        kernel::unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
            auto const y = b[i * apart + w];
            std::int32_t y_even, y_odd;
            asm("sxtb16 %0, %1" : "=r"(y_even) : "r"(y));
            asm("sxtb16 %0, %1, ror #8" : "=r"(y_odd) : "r"(y));
            sums[i] = __smlad(even, y_even, sums[i]);
            sums[i] = __smlad(odd, y_odd, sums[i]);
        });
    }
#else
    for (int k = 0; k < 4 * words; ++k) {
        int const x = byte_of(a, k);
        for (int i = 0; i < Rows; ++i) sums[i] += x * byte_of(b + i * apart, k);
    }
#endif
}

// sums[i][j] += the dot product of `words` words of row i of b, and of row j of a, whose words are widened
// (int8_words.hpp). Rows are so many words, and numbers, apart.
template <int ApartA, int ApartB, int Rows, int Columns>
[[gnu::always_inline]] inline void add_products_of_pairs(std::int32_t const* a, std::int32_t const* b, int words,
                                                         std::int32_t (&sums)[Rows][Columns]) {
#ifdef __ARM_FEATURE_SIMD32
    for (std::int32_t const* const end = b + words; b != end; ++b, a += 2) {
        std::int32_t even[Rows], odd[Rows];
        kernel::unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
            auto const y = b[i * ApartB];
            asm("sxtb16 %0, %1" : "=r"(even[i]) : "r"(y));
            asm("sxtb16 %0, %1, ror #8" : "=r"(odd[i]) : "r"(y));
        });
        kernel::unrolled<Columns>([&](auto j) __attribute__((always_inline)) {
            simd::keep_order();  // else the loads of all columns come first, and registers do not last
            auto const x = a[j * ApartA], next = a[j * ApartA + 1];
            kernel::unrolled<Rows>([&](auto i) __attribute__((always_inline)) {
                sums[i][j] = __smlad(odd[i], next, __smlad(even[i], x, sums[i][j]));
            });
        });
    }
#else
    for (int k = 0; k < 4 * words; ++k)
        for (int i = 0; i < Rows; ++i) {
            int const y = byte_of(b + i * ApartB, k);
            for (int j = 0; j < Columns; ++j) sums[i][j] += y * half_of(a + j * ApartA, k);
        }
#endif
}

}  // namespace detail

namespace op {

// Results: the product, and the row in eight bits. Fixed: at a scale that no call finds.
template <bool Fixed>
struct int8_product_by : dense<int8_product_by<Fixed>, 3, 2> {
    static constexpr std::string_view name = Fixed ? "int8_product at a fixed scale" : "int8_product";
    static constexpr char const* requirement = "int8: a value is not finite";
    using takes_labels = void;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int result) {
        if (result == 1) return {1, {detail_words(a[0])}};
        extents s = a[0];
        s.d[s.rank - 1] = a[1].d[0];
        return s;
    }
    static constexpr int integer_result = 1;
    static constexpr bool row_product(auto const& g, node const& n, bool) {
        extents const& s = g.shape_of(n.first);
        return s.size() == s.from_end(0);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const depth = x.shape[0].from_end(0), outputs = x.shape[1].d[0], words = x.shape[1].d[1];
        T* to = x.result[0];
        for (T const* row = x.argument[0]; row != x.argument[0] + x.shape[0].size(); row += depth) {
            T const scale = rounded<T>(row, depth, x.integer_result[1], x.argument[2] + outputs);
            if (scale < 0) return false;
            for (int j = 0; j < outputs; ++j) {
                std::int32_t sum = 0;
                for (int k = 0; k < depth; ++k)
                    sum += paramorph::detail::byte_of(x.integer_result[1], k) *
                           paramorph::detail::byte_of(x.integer[1] + j * words, k);
                *to++ = x.argument[2][j] * static_cast<T>(sum) * scale;
            }
        }
        return true;
    }

    // A row in eight bits: its scale, or 1 where that is in the others; -1 where a number is not finite.
    template <class T>
    [[gnu::always_inline]] static constexpr T rounded(T const* x, int n, std::int32_t* words, T const* reciprocal) {
        if constexpr (Fixed)
            return paramorph::detail::pack_saturated(n, *reciprocal, words,
                                                     [&](int k) __attribute__((always_inline)) { return x[k]; })
                       ? T(1)
                       : T(-1);
        else
            return paramorph::detail::round_to_words(x, n, words);
    }

  private:
    static constexpr int detail_words(extents const& row) { return paramorph::detail::words_of(row.from_end(0)); }
};
using int8_product = int8_product_by<false>;
using int8_product_fixed = int8_product_by<true>;

}  // namespace op

namespace kernel {

template <bool Fixed, class C, int Node, class V>
struct row_of<op::int8_product_by<Fixed>, C, Node, V> {
    using T = simd::value_t<V>;
    using call = dense_node<C, Node>;
    static constexpr int depth = call::shape(0).from_end(0), words = call::shape(1).d[1];
    static constexpr int together = simd::width<V> > 1 ? simd::width<V> : 4;
    std::int32_t const* matrix;
    std::int32_t* row;
    T const* scales;
    T scale;

    [[gnu::always_inline]] explicit row_of(frame const& f)
        : matrix(address<C, call::call.argument[1], std::int32_t>(f)),
          row(address<C, call::call.first + 1, std::int32_t>(f)),
          scales(address<C, call::call.argument[2], T>(f)),
          scale(op::int8_product_by<Fixed>::template rounded<T>(address<C, call::call.argument[0], T>(f), depth, row,
                                                                scales + call::shape(1).d[0])) {}
    [[gnu::always_inline]] bool holds() const { return !(scale < 0); }
    template <int Parts, int Count, int Apart, int Room>
    [[gnu::always_inline]] void compute(index j, T (&sums)[Parts][Room]) const {
        if constexpr (Count > 1)
            unrolled<Parts>([&](auto p) __attribute__((always_inline)) { rows<Count, 1>(j + p * Apart, sums[p]); });
        else {
            T computed[Parts];
            rows<Parts, Apart>(j, computed);
            unrolled<Parts>([&](auto p) __attribute__((always_inline)) { sums[p][0] = computed[p]; });
        }
    }

  private:
    // Rows j, j + Apart, ...
    template <int Count, int Apart>
    [[gnu::always_inline]] void rows(index j, T* sums) const {
        std::int32_t totals[Count] = {};
        paramorph::detail::add_products(row, matrix + j * words, words, Apart * words, totals);
        unrolled<Count>([&](auto i) __attribute__((always_inline)) {
            sums[i] = scales[j + i * Apart] * static_cast<T>(totals[i]);
            if constexpr (!Fixed) sums[i] *= scale;
        });
    }
};

}  // namespace kernel

}  // namespace paramorph::inline PARAMORPH_ABI
