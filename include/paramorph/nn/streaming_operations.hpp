// The operations of a streaming program (nn/streaming.hpp). Every number that they make is computed in an order of its
// own, which does not depend on how many frames there are: so blocks of any length give the same bits.
//
//   alone<Op>           an elementwise operation whose result is rounded before it is used: no multiply-add is made of
//                       it and its neighbour
//   apart<Op>           a reduction as a step of its own
//   frame_convolution   y[o, t] = sum over k, c of w[k, c, o] x[c, t - (size - 1 - k) dilation], in this order; what
//                       stands before the block is in a ring
//   frame_product       y[t, o] = sum over c of x[t, c] w[c, o], in this order; a single output's is one of as many
//                       sums as there are lanes
//
// Cost: 2 operations for each term of a sum, one pass over the block; each frame is written into a ring twice. Source:
// this library's; Paine et al. 2016, "Fast WaveNet generation algorithm".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>

#include "paramorph/compat/simd_rounded.hpp"
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
    // The last `length` frames, with the new ones: the place of the first new one. One function for all layers of a
    // type of numbers.
    template <class T>
    [[gnu::noinline]] static int enter(T const* x, T* ring, std::int32_t* place, int rows, int frames,
                                       int length) noexcept {
        int const at = *place, first = std::min(frames, length - at);
        *place = at + frames < length ? at + frames : at + frames - length;
        if (frames == 1) {
            for (int r = 0; r < rows; ++r, ring += 2 * length) ring[at] = ring[at + length] = x[r];
            return at;
        }
        for (int r = 0; r < rows; ++r, x += frames, ring += 2 * length) {
            std::copy(x, x + first, ring + at);
            std::copy(x, x + first, ring + at + length);
            std::copy(x + first, x + frames, ring);
            std::copy(x + first, x + frames, ring + length);
        }
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

}  // namespace paramorph::inline PARAMORPH_ABI
