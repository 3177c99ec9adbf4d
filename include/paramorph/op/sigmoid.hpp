// sigmoid: 1 / (1 + exp(-x)), elementwise, relative accuracy in both tails; 0 and 1 at the infinities. h sigmoid(k x)
// for numbers h and k is one operation: the kernel takes them into its constants, where both lie between 2^-64 and 2^64
// (h: 2^7); a number beyond is multiplied as it is written. Accuracy: within 4 ulp in kernels, 2 in the interpreter,
// over the whole domain; `sigmoid<pm::fast>(x)` has the relative error of kernel/math/fast.hpp. Adjoint: c (y - y^2),
// from the result y. Cost: as 10 additions an element (fast: 8), in the loop that uses it; the gradient three
// operations. Source: torch.sigmoid.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

// y - y^2, the derivative at the result y.
constexpr int sigmoid_slope(auto& g, int y) {
    return push<subtract>(g, y, push<multiply>(g, y, y));
}

// height * sigmoid(factor * x), where factor and height are numbers.
template <precision P = accurate>
struct scaled_sigmoid : elementwise_with_numbers<scaled_sigmoid<P>, 2> {
    static constexpr std::string_view name = P == fast ? "fast scaled_sigmoid" : "scaled_sigmoid";
    static constexpr int cost = P == fast ? 8 : 10;
    using uses = ops<multiply, subtract, scaled_sigmoid>;
    template <class M, class V>
    static constexpr V value(V x, double factor, double height) {
        return in_precision<M, P>::sigmoid(x, factor, height);
    }
    static constexpr double magnitude(double const* x) { return x[2]; }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        double const factor = g.producer_of(n.argument[1]).number, height = g.producer_of(n.argument[2]).number,
                     gain = factor * height;
        // A small height may have taken the result below the normal numbers: the sigmoid is computed again.
        int const y = height == 1 ? n.first
                      : math::abs(height) >= 0x1p-4
                          ? push<multiply>(g, n.first, append_constant(g, 1 / height))
                          : push<scaled_sigmoid>(g, n.argument[0], n.argument[1], append_constant(g, 1));
        // The slope is at most 1 / 4. A gain that is no larger than 1, nor far below, may come before it, off the path
        // from y to the result; any other one after it: nothing overflows where c (y - y^2) gain does not.
        bool const first = math::abs(gain) <= 1 && math::abs(gain) >= 0x1p-4;
        int const c = a.cotangent[0], number = append_constant(g, gain), slope = sigmoid_slope(g, y);
        a.of_argument[0] = first ? push<multiply>(g, push<multiply>(g, c, number), slope)
                                 : push<multiply>(g, push<multiply>(g, c, slope), number);
    }
    static constexpr int scaled(auto& g, node const& n, double by) {
        return of_height(g, n.argument[0], n.argument[1], g.producer_of(n.argument[2]).number * by);
    }
    // -1 for a height beyond the bounds within which the kernel's numerator is normal, and a result below its range
    // zero.
    static constexpr int of_height(auto& g, int x, int factor, double height) {
        double const size = math::abs(height);
        if (!(size >= 0x1p-64 && size <= 0x1p7)) return -1;
        return push<scaled_sigmoid>(g, x, factor, append_constant(g, height));
    }
};

template <precision P = accurate>
struct sigmoid : elementwise<sigmoid<P>, 1> {
    static constexpr std::string_view name = P == fast ? "fast sigmoid" : "sigmoid";
    static constexpr trend runs(double const*) { return {.least = 0, .most = 0.25}; }
    static constexpr int cost = P == fast ? 8 : 10;
    using uses = ops<multiply, subtract, scaled_sigmoid<P>>;
    template <class M, class V>
    static constexpr V value(V x) {
        return in_precision<M, P>::sigmoid(x);
    }
    static constexpr double magnitude(double const*) { return 1; }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<multiply>(g, a.cotangent[0], sigmoid_slope(g, n.first));
    }
    static constexpr int rewrite(auto& g, node const& n) {
        node const x = g.producer_of(n.argument[0]);
        if (x.operation->id != id_of<multiply> || g.readers[n.argument[0]] > 1) return -1;
        for (int k = 0; k < 2; ++k)
            if (g.is_constant(x.argument[k]) && fits(math::abs(g.producer_of(x.argument[k]).number)))
                return push<scaled_sigmoid<P>>(g, x.argument[1 - k], x.argument[k], append_constant(g, 1));
        return -1;
    }
    static constexpr int scaled(auto& g, node const& n, double height) {
        return scaled_sigmoid<P>::of_height(g, n.argument[0], append_constant(g, 1), height);
    }
    // Within these the kernel's constants, which hold the factor and its reciprocal, are normal numbers.
    static constexpr bool fits(double factor) { return factor >= 0x1p-64 && factor <= 0x1p64; }
};

}  // namespace op

template <precision P = accurate, traced X>
constexpr auto sigmoid(X const& x) {
    return apply_elementwise<op::sigmoid<P>>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
