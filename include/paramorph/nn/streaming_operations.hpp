// The operations of a streaming program (nn/streaming.hpp). Every number that they make is computed in an order of its
// own, which does not depend on how many frames there are: so blocks of any length give the same bits.
//
//   alone<Op>           an elementwise operation whose result is rounded before it is used: no multiply-add is made of
//                       it and its neighbour
//   apart<Op>           a reduction as a step of its own
//   frame_convolution   y[o, t] = sum over k, c of w[k, c, o] x[c, t - (size - 1 - k) dilation], in this order; what
//                       stands before the block is in a ring
//   frame_product       y[t, o] = sum over c of x[t, c] w[c, o], in this order; a single output's is one of as many
//   sums
//                       as there are lanes
//
// Cost: 2 operations for each term of a sum, one pass over the block; each frame is written into a ring twice. Source:
// this library's; Paine et al. 2016, "Fast WaveNet generation algorithm".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/compat/simd_rounded.hpp"
#include "paramorph/kernel/dense.hpp"
#include "paramorph/kernel/dot_tile.hpp"
#include "paramorph/op/convolution.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

template <class Op>
struct alone;
template <class Op>
using alone_base = std::conditional_t<(Op::numbers > 0), elementwise_with_numbers<alone<Op>, Op::numbers>,
                                      elementwise<alone<Op>, Op::arity>>;
template <class Op>
struct alone : alone_base<Op> {
    static constexpr std::string_view name = Op::name;
    static constexpr int cost = Op::cost;
    using uses = ops<>;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        return Op::shape(a, at, result);
    }
    template <class M, class V, class... X>
    [[gnu::always_inline]] static constexpr V value(V x, X... more) {
        return simd::rounded(Op::template value<M>(x, more...));
    }
};

template <class Op>
struct apart : dense<apart<Op>, 1> {
    static constexpr std::string_view name = Op::name;
    static constexpr double flops(auto const& g, node const& n) { return g.shape_of(n.argument[0]).size(); }
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        return Op::shape(a, at, result);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        return Op::template compute<M>(x);
    }
};

// Arguments: x [n, channels, frames]; w [size, channels / groups, outputs]; a ring [n channels, 2 length], which holds
// each of the last `length` frames twice, `length` apart, so that as many stand in a row from anywhere; where in the
// ring the next frame goes. Ring and place are moved by the operation. Attributes: dilation, groups.
struct frame_convolution : dense<frame_convolution, 4> {
    static constexpr std::string_view name = "frame_convolution";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) {
        extents s = a[0];
        s.d[1] = a[1].d[2];
        return s;
    }
    static constexpr double flops(auto const& g, node const& n) {
        extents const& w = g.shape_of(n.argument[1]);
        return 2.0 * g.shape_of(n.first).size() * w.d[0] * w.d[1];
    }
    // The last `length` frames, with the new ones: the place of the first new one.
    template <class T>
    static int enter(T const* x, T* ring, std::int32_t* place, int rows, int frames, int length) noexcept {
        int const at = *place, first = std::min(frames, length - at);
        for (int r = 0; r < rows; ++r, x += frames, ring += 2 * length) {
            std::copy(x, x + first, ring + at);
            std::copy(x, x + first, ring + at + length);
            std::copy(x + first, x + frames, ring);
            std::copy(x + first, x + frames, ring + length);
        }
        *place = at + frames < length ? at + frames : at + frames - length;
        return at;
    }
    // An interpreter has no state that moves.
    template <class M, class T>
    static constexpr bool compute(operands<T> const&) noexcept {
        return false;
    }
};

// Of a kernel of one frame: arguments x, w [1, channels / groups, outputs]. Attribute 1: groups.
struct frame_mixture : dense<frame_mixture, 2> {
    static constexpr std::string_view name = "frame_mixture";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes at, int result) {
        return frame_convolution::shape(a, at, result);
    }
    static constexpr double flops(auto const& g, node const& n) { return frame_convolution::flops(g, n); }
    template <class M, class T>
    static constexpr bool compute(operands<T> const&) noexcept {
        return false;
    }
};

// Arguments: x [..., channels], w [channels, outputs]; with a bias [outputs], too, at which the sums begin, or which is
// added to a single output's.
template <bool HasBias>
struct frame_product : dense<frame_product<HasBias>, HasBias ? 3 : 2> {
    static constexpr std::string_view name = HasBias ? "frame_product with bias" : "frame_product";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) {
        extents s = a[0];
        s.d[s.rank - 1] = a[1].d[1];
        return s;
    }
    static constexpr double flops(auto const& g, node const& n) {
        return 2.0 * g.shape_of(n.first).size() * g.shape_of(n.argument[1]).d[0];
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const&) noexcept {
        return false;
    }
};

}  // namespace op

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
    unrolled<Vectors>([&](auto v) __attribute__((always_inline)) { sum[v] = (simd::splat<V>(0), ..., vector(v, bias)); });
    for (int k = 0; k < Taps; ++k) {
        auto const* from = x + k * tap;
        for (int c = 0; c < Channels; ++c, from += channel, w += all_outputs) {
            V const factor = simd::splat<V>(*from);
            unrolled<Vectors>([&](auto v) __attribute__((always_inline)) {
                sum[v] = simd::fma(factor, vector(v, w), sum[v]);
            });
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
template <class V, int Taps, int Channels, int Outputs, int Frames>
void convolve_frames(simd::value_t<V> const* x, std::ptrdiff_t channel, std::ptrdiff_t tap, simd::value_t<V> const* w,
                     int all_outputs, simd::value_t<V>* y, auto const*... bias) noexcept {
    constexpr int width = simd::width<V>;
    static_assert(Frames == 1 || sizeof...(bias) == 0);
    if constexpr (Frames == 1) {
        constexpr int most = 8 * width;
        int o = 0;
        for (; o + most <= Outputs; o += most)
            outputs_in_lanes<V, 8, Taps, Channels>(x, channel, tap, w + o, all_outputs, y + o, width, (bias + o)...);
        if constexpr (constexpr int rest = Outputs % most; rest != 0)
            outputs_in_lanes<V, (rest + width - 1) / width, Taps, Channels>(x, channel, tap, w + o, all_outputs, y + o,
                                                                            (rest - 1) % width + 1, (bias + o)...);
    } else {
        constexpr int together = outputs_together(Outputs), chains = together >= 4 ? 2 : 8 / together,
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
    template <class Node, class V>
    static bool run(operands<simd::value_t<V>> const& x) noexcept {
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
                    (detail::dot_in_lanes<V, channels>(x.argument[0] + std::ptrdiff_t(r) * channels, x.argument[1]) + ... + *bias);
            else
                detail::convolve_frames<V, 1, channels, outputs, 1>(x.argument[0] + std::ptrdiff_t(r) * channels, 1, 0,
                                                                    x.argument[1], outputs,
                                                                    x.result[0] + std::ptrdiff_t(r) * outputs, bias...);
    }
};

}  // namespace kernel

}  // namespace paramorph::inline PARAMORPH_ABI
