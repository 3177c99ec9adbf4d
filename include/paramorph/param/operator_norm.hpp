// operator_norm<Iterations, Groups>: w / b(w), any shape: weights [out, in, k...] of a convolution (of a
// linear layer, without k) whose norm, as a map of signals, is 1 at most: b(w) is no less than the norm of the
// convolution itself, whatever the extents of the signal, dilation, stride, and whether it is padded by zeros or
// around. (The norm of the weight as a matrix, which spectral_norm divides by, is neither: it can be too small by the
// root of the number of taps.) Weights of a transposed convolution are those of the convolution whose adjoint it is:
// the same norm.
//
// b by Gram's iteration: the norm of w is the root of that of g(w) = w* w, which is a convolution again, of twice as
// many taps less one:
//
//     g(w)[c, c', d] = sum over o, k of w[o, c, k] w[o, c', k + d]
//     b_t(w) = b_(t-1)(g(w))^(1/2)
//     b_0(g) = the largest sum of the magnitudes of a row, max_c sum_(c', d) |g[c, c', d]|
//
// (w w* where that has fewer channels). It is sound after each iteration, t = Iterations, and tends to the norm: b is
// at most (c m)^(1 / 2^(t + 1)) times the norm, c the channels of g and m the taps of the last one; with t = 2 that
// is 2.5 at most for 16 channels of 3 x 3 taps. Of uniform weights at random, 4 x 3 channels of 5 taps, it was 1.42 of
// the norm at most with t = 1, 1.20 with 2, 1.09 with 3. The norm is that for signals that never end, which no padding
// exceeds. Groups are those of the layer: the largest of their norms.
//
// right_inverse(w) = w. Grade: on_image. Zeros stay zeros; weights of any size are taken. The norm exceeds 1 by
// rounding at most, by which pm::lipschitz is larger than 1: 0.003 for 16 channels of 3 x 3 taps in float, 0.05 for 64.
// The gradient is that of b, and no state is kept. bound(w) is b alone. Errors: a tensor of one axis; groups that do
// not divide. Cost: of one layer's weight, once a step: t convolutions of small images; iteration t takes c^3 2^t as
// many as it has taps, squared. Source: Delattre, Barthelemy, Araujo and Allauzen 2023, "Efficient
// bound of Lipschitz constant for convolutional layers by Gram iteration", theorem 1 and algorithm 3; Prach and Lampert
// 2022, whose bound is that of t = 1.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/abs.hpp"
#include "paramorph/op/convolution.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/parametrize/round_trips.hpp"

namespace paramorph::inline PARAMORPH_ABI::param {

template <int Iterations = 2, int Groups = 1>
struct operator_norm {
    static_assert(Iterations > 0 && Iterations < 8, "operator_norm: at least one iteration, and at most seven");
    static_assert(Groups > 0, "operator_norm: there is at least one group");
    static constexpr auto inverse = grade::on_image;

    static constexpr auto forward(auto w) {
        auto const x = over_largest(w);  // what it is divided by does not matter to the value
        auto const b = bound(x);
        return x / where(b, b, 1.0);
    }
    static constexpr auto right_inverse(auto w) { return w; }

    // How large the norm of a convolution in so many groups may be, rounding included, with filters of these extents.
    static constexpr int groups = Groups;
    static constexpr double norm_of_convolution(extents const& e, double epsilon) {
        if (e.rank < 2 || e.size() == 0 || e.d[0] % Groups != 0) return math::infinity;
        return exceeds_bound<Iterations>(e.d[0] / Groups, e.d[1], e.rank > 2 ? e.d[2] : 1, e.rank > 3 ? e.d[3] : 1,
                                         epsilon / 2);
    }
    // No less than the norm of the convolution with w.
    static constexpr auto bound(auto w) {
        constexpr extents e = extents_of<decltype(w)>;
        if constexpr (e.rank < 2 || e.d[0] % Groups != 0) {
            using wrong = paramorph::detail::mistake<paramorph::detail::sentence(
                "operator_norm: the tensor must be the weight of a linear layer or a convolution, [out, in, k...], "
                "whose "
                "first extent is a multiple of ",
                Groups, " groups: it is ", e)>;
            using said [[maybe_unused]] = wrong::type;
            return sum(w);
        } else
            return largest_of(with_taps(w), std::make_integer_sequence<int, Groups>{});
    }

  private:
    static constexpr auto with_taps(auto w) {
        constexpr extents e = extents_of<decltype(w)>;
        if constexpr (e.rank == 2)
            return reshape<shape<e.d[0], e.d[1], 1>>(w);
        else
            return w;
    }
    template <int... Group>
    static constexpr auto largest_of(auto w, std::integer_sequence<int, Group...>) {
        constexpr int rows = extents_of<decltype(w)>.d[0] / Groups;
        return largest(bound_of<Iterations, false>(slice<0, Group * rows, (Group + 1) * rows>(w))...);
    }
    static constexpr auto largest(auto b) { return b; }
    static constexpr auto largest(auto b, auto c, auto... rest) { return largest(maximum(b, c), rest...); }

    // The norm over the bound that floats make of it, at most. By sums along rows and columns, the magnitudes of
    // filters have a norm of at most the root of m (o c)^(1/2) times that of the filters; so an image of w* w, sums of
    // N products each, is off by N units times m (o c)^(1/2), relative to its norm, in any order of the sums.
    template <int Left>
    static constexpr double exceeds_bound(double out, double in, double rows, double columns, double unit) {
        double const taps = rows * columns;
        if constexpr (Left == 0)
            return 1 + (in * taps + 16) * unit;
        else {
            double const size = taps * math::sqrt(out * in), off = (math::max(out, in) * taps + 16) * unit * size,
                         least = math::min(out, in);
            if (!(off < 0.5)) return math::infinity;
            double const of_gram = exceeds_bound<Left - 1>(least, least, 2 * rows - 1, 2 * columns - 1, unit);
            return of_gram < math::infinity ? math::sqrt(of_gram / (1 - off)) * (1 + 8 * unit * size) : of_gram;
        }
    }
    static constexpr auto over_largest(auto w) {
        auto const size = detach(max(abs(w)));
        return w / where(size, size, 1.0);
    }
    // Over its largest element, whose squares fit.
    template <int Left, bool IsGram>
    static constexpr auto bound_of(auto w) {
        auto const size = detach(max(abs(w)));
        auto const x = w / where(size, size, 1.0);
        if constexpr (Left == 0)
            return max(row_sums(abs(x))) * size;
        else {
            auto const square = bound_of<Left - 1, true>(gram<IsGram>(x));
            return where(square, sqrt(square), 0.0) * size;
        }
    }
    static constexpr auto row_sums(auto x) {
        constexpr extents e = extents_of<decltype(x)>;
        return sum<1>(reshape<shape<e.d[0], e.size() / e.d[0]>>(x));
    }
    // At all places where filters and images of these extents meet.
    static constexpr attributes with_itself(extents const& e) {
        op::convolution_numbers by;
        for (int k = 4 - e.rank; k < 2; ++k)
            by.size[k] = 2 * e.d[k + e.rank - 2] - 1, by.padding[k] = e.d[k + e.rank - 2] - 1;
        return by.pack(e.rank);
    }
    // w w* of fewer channels: each of w's rows is an image, and a filter.
    template <bool IsGram>
    static constexpr auto gram(auto w) {
        constexpr extents e = extents_of<decltype(w)>;
        if constexpr (!IsGram && e.d[1] < e.d[0]) {
            if constexpr (e.rank == 3)
                return gram<true>(permute<1, 0, 2>(w));
            else
                return gram<true>(permute<1, 0, 2, 3>(w));
        } else {
            return apply<op::convolution, with_itself(e)>(w, w);
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::param
