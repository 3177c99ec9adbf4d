// The kernels of a streaming program's operations (nn/streaming_operations.hpp): outputs of one frame in lanes, or
// frames in lanes. Cost: 2 operations for each term of a sum. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/dense.hpp"
#include "paramorph/kernel/dot_tile.hpp"
#include "paramorph/nn/streaming_operations.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace kernel {

namespace detail {

// Outputs [0, Outputs) of `Vectors` vectors of frames, the last of which has `last` of them.
template <class V, int Outputs, int Vectors, int Taps, int Channels>
[[gnu::always_inline]] inline void frames_in_lanes(simd::value_t<V> const* x, std::ptrdiff_t channel,
                                                   std::ptrdiff_t tap, simd::value_t<V> const* w, int all_outputs,
                                                   simd::value_t<V>* y, std::ptrdiff_t output, int last) noexcept {
    constexpr int width = simd::width<V>;
    V sum[Outputs * Vectors];
    unrolled<Outputs * Vectors>([&](auto i) __attribute__((always_inline)) { sum[i] = simd::splat<V>(0); });
    for (int k = 0; k < Taps; ++k) {
        auto const* from = x + k * tap;
        for (int c = 0; c < Channels; ++c, from += channel, w += all_outputs) {
            V in[Vectors];
            unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
                in[v] = v + 1 < Vectors || last == width ? simd::load<V>(from + v * width)
                                                         : simd::load_partial<V>(from + v * width, last);
            });
            unrolled<Outputs>([&](auto o) __attribute__((always_inline)) {
                V const factor = simd::splat<V>(w[o]);
                unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
                    V& s = sum[o * Vectors + v];
                    s = simd::fma(factor, in[v], s);
                });
            });
        }
    }
    unrolled<Outputs>([&](auto o) __attribute__((always_inline)) {
        unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
            auto* const to = y + o * output + v * width;
            v + 1 < Vectors || last == width ? simd::store(to, sum[o * Vectors + v])
                                             : simd::store_partial(to, sum[o * Vectors + v], last);
        });
    });
}
// One frame, the outputs in lanes.
template <class V, int Vectors, int Taps, int Channels>
[[gnu::always_inline]] inline void outputs_in_lanes(simd::value_t<V> const* x, std::ptrdiff_t channel,
                                                    std::ptrdiff_t tap, simd::value_t<V> const* w, int all_outputs,
                                                    simd::value_t<V>* y, int last, auto const*... bias) noexcept {
    constexpr int width = simd::width<V>;
    auto const vector = [last](auto v, auto const* p) __attribute__((always_inline)) {
        return v + 1 < Vectors || last == width ? simd::load<V>(p + v * width)
                                                : simd::load_partial<V>(p + v * width, last);
    };
    V sum[Vectors];
    unrolled<Vectors>([&](auto v)
                          __attribute__((always_inline)) { sum[v] = (simd::splat<V>(0), ..., vector(v, bias)); });
    for (int k = 0; k < Taps; ++k) {
        auto const* from = x + k * tap;
        for (int c = 0; c < Channels; ++c, from += channel, w += all_outputs) {
            V const factor = simd::splat<V>(*from);
            unrolled<Vectors>([&](auto v)
                                  __attribute__((always_inline)) { sum[v] = simd::fma(factor, vector(v, w), sum[v]); });
        }
    }
    unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
        v + 1 < Vectors || last == width ? simd::store(y + v * width, sum[v])
                                         : simd::store_partial(y + v * width, sum[v], last);
    });
}

// Outputs side by side: as many as there are, or a divisor, so that as many sums as a target has chains go on at once.
constexpr int outputs_together(int outputs) {
    if (outputs <= 4) return outputs;
    for (int n : {4, 5, 3, 6})
        if (outputs % n == 0) return n;
    return 4;
}

// The convolution of a group: x is where the first tap of the first frame is.
template <class V, int Taps, int Channels, int Outputs>
[[gnu::always_inline]] inline void convolve_frame(simd::value_t<V> const* x, std::ptrdiff_t channel, std::ptrdiff_t tap,
                                                  simd::value_t<V> const* w, int all_outputs, simd::value_t<V>* y,
                                                  auto const*... bias) noexcept {
    constexpr int width = simd::width<V>, sums = target_of<V>.chains, most = sums * width;
    int o = 0;
    for (; o + most <= Outputs; o += most)
        outputs_in_lanes<V, sums, Taps, Channels>(x, channel, tap, w + o, all_outputs, y + o, width, (bias + o)...);
    if constexpr (constexpr int rest = Outputs % most; rest != 0)
        outputs_in_lanes<V, (rest + width - 1) / width, Taps, Channels>(x, channel, tap, w + o, all_outputs, y + o,
                                                                        (rest - 1) % width + 1, (bias + o)...);
}
template <class V, int Taps, int Channels, int Outputs, int Frames>
void convolve_frames(simd::value_t<V> const* x, std::ptrdiff_t channel, std::ptrdiff_t tap, simd::value_t<V> const* w,
                     int all_outputs, simd::value_t<V>* y) noexcept {
    constexpr int width = simd::width<V>;
    if constexpr (Frames == 1)
        convolve_frame<V, Taps, Channels, Outputs>(x, channel, tap, w, all_outputs, y);
    else {
        constexpr int together = outputs_together(Outputs), chains = together >= 4 ? 2 : target_of<V>.chains / together,
                      vectors = (Frames + width - 1) / width, across = vectors < chains ? vectors : chains;
        auto const column = [&]<int Across>(std::integral_constant<int, Across>, int t,
                                            int last) __attribute__((always_inline)) {
            int o = 0;
            for (; o + together <= Outputs; o += together)
                frames_in_lanes<V, together, Across, Taps, Channels>(x + t, channel, tap, w + o, all_outputs,
                                                                     y + std::ptrdiff_t(o) * Frames + t, Frames, last);
            if constexpr (constexpr int rest = Outputs % together; rest != 0)
                frames_in_lanes<V, rest, Across, Taps, Channels>(x + t, channel, tap, w + o, all_outputs,
                                                                 y + std::ptrdiff_t(o) * Frames + t, Frames, last);
        };
        int t = 0;
        for (; t + across * width <= Frames; t += across * width)
            column(std::integral_constant<int, across>{}, t, width);
        if constexpr (constexpr int rest = Frames % (across * width); rest != 0)
            column(std::integral_constant<int, (rest + width - 1) / width>{}, t, (rest - 1) % width + 1);
    }
}

// All groups of all images. `first` is where the first tap of the first frame is, rows are `row` apart.
template <class Node, class V, int Groups>
void convolve_all(simd::value_t<V> const* first, std::ptrdiff_t row, std::ptrdiff_t tap, simd::value_t<V> const* w,
                  simd::value_t<V>* y) noexcept {
    constexpr extents x = Node::shape(0), filters = Node::shape(1);
    constexpr int taps = filters.d[0], channels = filters.d[1], outputs = filters.d[2], frames = x.d[2];
    for (int n = 0; n < x.d[0]; ++n)
        for (int g = 0; g < Groups; ++g)
            convolve_frames<V, taps, channels, outputs / Groups, frames>(
                first + (std::ptrdiff_t(n) * Groups + g) * channels * row, row, tap, w + g * (outputs / Groups),
                outputs, y + (std::ptrdiff_t(n) * outputs + g * (outputs / Groups)) * frames);
}

}  // namespace detail

template <>
struct dense_kernel<op::frame_convolution> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        using T = simd::value_t<V>;
        constexpr extents images = Node::shape(0), filters = Node::shape(1), all = Node::shape(2);
        constexpr int frames = images.d[2], rows = images.d[0] * images.d[1], length = all.d[1] / 2,
                      dilation = Node::attribute.v[0], back = (filters.d[0] - 1) * dilation;
        T* const ring = const_cast<T*>(x.argument[2]);
        int const at = op::frame_convolution::enter(x.argument[0], ring, const_cast<std::int32_t*>(x.integer[3]), rows,
                                                    frames, length);
        detail::convolve_all<Node, V, Node::attribute.v[1]>(ring + (at >= back ? at - back : at - back + length),
                                                            2 * length, dilation, x.argument[1], x.result[0]);
        return true;
    }
};

template <>
struct dense_kernel<op::frame_mixture> {
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
        detail::convolve_all<Node, V, Node::attribute.v[1]>(x.argument[0], Node::shape(0).d[2], 0, x.argument[1],
                                                            x.result[0]);
        return true;
    }
};

template <bool HasBias>
struct dense_kernel<op::frame_product<HasBias>> {
    // With vectors, one frame's is part of what runs it: what came before stays in registers.
    template <class Node>
    static constexpr bool here =
        Node::shape(0).size() == Node::shape(1).d[0] && kernel::target_of<simd::best<float>>.lanes(element::f32) > 1;
    template <class Node, class V>
    [[gnu::always_inline]] static bool run(operands<simd::value_t<V>> const& x) noexcept {
        if constexpr (HasBias)
            rows<Node, V>(x, x.argument[2]);
        else
            rows<Node, V>(x);
        return true;
    }

  private:
    template <class Node, class V>
    [[gnu::always_inline]] static void rows(operands<simd::value_t<V>> const& x, auto const*... bias) noexcept {
        constexpr int channels = Node::shape(1).d[0], outputs = Node::shape(1).d[1],
                      rows = Node::shape(0).size() / channels;
        for (int r = 0; r < rows; ++r)
            if constexpr (outputs == 1 && channels >= simd::width<V> && simd::width<V> > 1)
                x.result[0][r] =
                    (detail::dot_in_lanes<V, channels>(x.argument[0] + std::ptrdiff_t(r) * channels, x.argument[1]) +
                     ... + *bias);
            else
                detail::convolve_frame<V, 1, channels, outputs>(x.argument[0] + std::ptrdiff_t(r) * channels, 1, 0,
                                                                x.argument[1], outputs,
                                                                x.result[0] + std::ptrdiff_t(r) * outputs, bias...);
    }
};

}  // namespace kernel

}  // namespace paramorph::inline PARAMORPH_ABI
