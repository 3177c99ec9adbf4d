// A convolution along one axis with filters of eight-bit integers: y[o, i] = s[o] t sum over c, k of q[o, c, k] p[c, i
// stride + k dilation - padding], where q are the filters' integers and s a scale for each output, and p = round(x / t)
// the sequence x in eight bits, t = max |x| / 127.
//
// Shapes: x [1, channels, l] float; filters [o, taps words], each tap's channels in words of four integers; s [o] ->
// [1, o, l']. The sequence is rounded once a call, into frames of words with frames of zeros around them, so that a tap
// is a product of words; those of frames are widened to sixteen bits, once for all outputs. Results of two outputs and
// three frames are computed together: a word is loaded and widened for several of them. An integer is at most 127 in
// magnitude; sums are exact in 32 bits up to 2^17 terms. Errors: a sequence that is not finite fails the program's
// status. Not differentiable. Cost: one multiplication of integers for each term, by words of four, and one pass that
// rounds the sequence. Sources: embed/int8_product.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/int8_product.hpp"
#include "paramorph/op/convolution.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// Attributes: those of the convolution. Results: the convolution, and the sequence in eight bits. Fixed: see
// embed/int8_product.hpp.
template <bool Fixed>
struct int8_convolution_by : dense<int8_convolution_by<Fixed>, 3, 2> {
    static constexpr std::string_view name = Fixed ? "int8_convolution at a fixed scale" : "int8_convolution";
    static constexpr char const* requirement = int8_product::requirement;
    static constexpr bool in_planes = true;
    using takes_labels = void;

    // Numbers of a sequence and its filters.
    struct sizes {
        convolution_numbers by;
        int channels, columns, words, taps, results, frames;
        constexpr sizes(extents const& x, extents const& filters, attributes at)
            : by(convolution_numbers::from(at, 3)),
              channels(x.d[1]),
              columns(x.d[2]),
              words(paramorph::detail::words_of(channels)),
              taps(filters.d[1] / words),
              results(by.size[1]),
              frames(
                  std::max((results - 1) * by.stride[1] + (taps - 1) * by.dilation[1] + 1, columns + by.padding[1])) {}
    };
    // Is it one that can run in eight bits? Of one channel nothing would be saved: a word holds four.
    static constexpr bool takes(auto const& g, node const& n) {
        extents const& x = g.shape_of(n.argument[0]);
        return x.rank == 3 && x.d[0] == 1 && x.d[1] > 1 && convolution_numbers::from(n.attribute, 3).groups == 1;
    }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        sizes const s(a[0], a[1], at);
        return result == 1 ? extents{2, {s.frames, 2 * s.words}} : extents{3, {1, a[1].d[0], s.results}};
    }
    static constexpr int integer_result = 1;
    static constexpr bool row_product(auto const&, node const&, bool) { return true; }

    // The sequence as frames of words; its scale, or 1 where that is in the others; -1 where a number is not finite.
    template <class T>
    static constexpr T round(T const* x, sizes const& s, std::int32_t* frames, T const* reciprocal) {
        T scale = 1;
        if constexpr (!Fixed) scale = paramorph::detail::scale_of_words(x, s.channels * s.columns);
        for (int t = 0; t < s.frames; ++t) {
            int const from = t - s.by.padding[1];
            bool const inside = from >= 0 && from < s.columns;
            std::int32_t* const pairs = frames + t * 2 * s.words;
            int const channels = inside ? s.channels : 0;
            auto const number = [column = x + (inside ? from : 0), apart = s.columns](int c) {
                return column[c * apart];
            };
            if constexpr (Fixed) {
                if (!paramorph::detail::pack_saturated<true>(channels, *reciprocal, pairs, number)) scale = -1;
            } else
                paramorph::detail::pack_scaled<true>(channels, scale, pairs, number);
            for (int w = inside ? 2 * s.words : 0; w < 2 * s.words; ++w) pairs[w] = 0;
        }
        return scale;
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        sizes const s(x.shape[0], x.shape[1], x.attribute);
        std::int32_t* const frames = x.integer_result[1];
        T const scale = round(x.argument[0], s, frames, x.argument[2] + x.shape[1].d[0]);
        if (scale < 0) return false;
        T* to = x.result[0];
        for (int o = 0; o < x.shape[1].d[0]; ++o)
            for (int i = 0; i < s.results; ++i) {
                std::int32_t sum = 0;
                for (int k = 0; k < s.taps; ++k)
                    for (int c = 0; c < 4 * s.words; ++c)
                        sum += paramorph::detail::half_of(
                                   frames + (i * s.by.stride[1] + k * s.by.dilation[1]) * 2 * s.words, c) *
                               paramorph::detail::byte_of(x.integer[1] + (o * s.taps + k) * s.words, c);
                *to++ = x.argument[2][o] * static_cast<T>(sum) * scale;
            }
        return true;
    }
};
using int8_convolution = int8_convolution_by<false>;
using int8_convolution_fixed = int8_convolution_by<true>;

}  // namespace op

namespace kernel {

template <bool Fixed, class C, int Node, class V>
struct row_of<op::int8_convolution_by<Fixed>, C, Node, V> {
    using T = simd::value_t<V>;
    using call = dense_node<C, Node>;
    using operation = op::int8_convolution_by<Fixed>;
    static constexpr typename operation::sizes sizes{call::shape(0), call::shape(1), call::attribute};
    static constexpr int outputs = call::shape(1).d[0], words = sizes.words, filter = sizes.taps * words,
                         frames_apart = sizes.by.stride[1] * 2 * words, together = std::min(2, outputs),
                         columns = std::min(3, sizes.results);
    // Taps whose frames follow one another are one product.
    static constexpr bool adjoining = sizes.by.dilation[1] == 1;
    std::int32_t const* filters;
    std::int32_t* frames;
    T const* scales;
    T scale;

    [[gnu::always_inline]] explicit row_of(frame const& f)
        : filters(address<C, call::call.argument[1], std::int32_t>(f)),
          frames(address<C, call::call.first + 1, std::int32_t>(f)),
          scales(address<C, call::call.argument[2], T>(f)),
          scale(operation::round(address<C, call::call.argument[0], T>(f), sizes, frames, scales + outputs)) {}
    [[gnu::always_inline]] bool holds() const { return !(scale < 0); }

    template <class F>
    [[gnu::always_inline]] void for_each_tile(F const& f) const {
        index i = 0;
        for (; i + columns <= sizes.results; i += columns) results<columns>(f, i);
        if constexpr (constexpr int rest = sizes.results % columns; rest != 0) results<rest>(f, i);
    }

  private:
    // Results [i, i + Columns) of all outputs.
    template <int Columns>
    [[gnu::always_inline]] void results(auto const& f, index i) const {
        std::int32_t const* const x = frames + i * frames_apart;
        index o = 0;
        for (; o + together <= outputs; o += together) tile<together, Columns>(f, x, o, i);
        if constexpr (constexpr int rest = outputs % together; rest != 0) tile<rest, Columns>(f, x, o, i);
    }
    template <int Count, int Columns>
    [[gnu::always_inline]] void tile(auto const& f, std::int32_t const* x, index o, index i) const {
        std::int32_t totals[Count][Columns] = {};
        std::int32_t const* const w = filters + o * filter;
        if constexpr (adjoining)
            paramorph::detail::add_products_of_pairs<frames_apart, filter>(x, w, filter, totals);
        else
            for (int k = 0; k < sizes.taps; ++k)
                paramorph::detail::add_products_of_pairs<frames_apart, filter>(x + k * sizes.by.dilation[1] * 2 * words,
                                                                               w + k * words, words, totals);
        T sums[Count][Columns];
        unrolled<Count>([&](auto r) __attribute__((always_inline)) {
            unrolled<Columns>([&](auto j) __attribute__((always_inline)) {
                sums[r][j] = scales[o + r] * static_cast<T>(totals[r][j]);
                if constexpr (!Fixed) sums[r][j] *= scale;
            });
        });
        f(o, 0, i, sums);
    }
};

}  // namespace kernel

}  // namespace paramorph::inline PARAMORPH_ABI
