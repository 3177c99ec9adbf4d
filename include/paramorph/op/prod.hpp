// prod<axes...>(x), prod(x): the product along some axes, or of all elements; an axis may be negative (counted from the
// end); the axes disappear.
//
// Adjoint: the cotangent times the product of the other elements, by its definition and not as prod / x: where one
// element is zero or infinite, the others still have their own gradients (x = (0, 2, 3): 6, 0, 0; x = (inf, 2, 3): 6,
// inf, inf), and it is right to n epsilon where the product itself does not fit but the gradient does (1e-30, 1e-30 in
// float: 1e-30, 1e-30). A product of a zero and an infinity, or with a NaN, is NaN. The value is multiplied up in the
// type of x, in an order that depends on the vector width, and again with a scale where that left the range, so that it
// is right wherever it fits (torch.prod: 1e30, 1e30, 1e-30, 1e-30 is infinite); it has fewer digits where a partial
// product is subnormal (below 1.2e-38 in float) and the product is above 1e-30. Cost: the value none of its own
// (op/reduce.hpp) but for products that are multiplied again; the adjoint two passes, one element after the other, and
// slower ones with a scale for those products whose partial products leave the range or are zero.
// Source: torch.prod.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/scaled_product.hpp"
#include "paramorph/op/length.hpp"
#include "paramorph/op/reduce.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

namespace detail {

// What is multiplied: the product of what is finite and not zero, its sign, and how many others there are.
struct product_factors {
    scaled_product finite;
    int zeros = 0, infinities = 0, unknown = 0;
    bool negative = false;
    constexpr void by(double x) noexcept {
        negative = negative != math::signbit(x);
        if (math::isnan(x))
            ++unknown;
        else if (x == 0)
            ++zeros;
        else if (!math::isfinite(x))
            ++infinities;
        else
            finite.by(math::abs(x));
    }
    template <class T>
    constexpr T without(T x) const noexcept {
        double const own = static_cast<double>(x);
        bool const is_nan = math::isnan(own), is_zero = own == 0, is_infinite = !is_nan && !math::isfinite(own);
        bool const zero = zeros > is_zero, infinite = infinities > is_infinite;
        if (unknown > is_nan || (zero && infinite)) return std::numeric_limits<T>::quiet_NaN();
        T const others = zero                               ? T(0)
                         : infinite                         ? std::numeric_limits<T>::infinity()
                         : is_nan || is_zero || is_infinite ? finite.times(T(1))
                                                            : finite.over(static_cast<T>(math::abs(own)));
        return negative != math::signbit(own) ? -others : others;
    }
};

}  // namespace detail

// Arguments: x, the cotangent of its product; attribute: the axes, as prod's. Result: the cotangent of x.
struct product_of_others : dense<product_of_others, 2> {
    static constexpr std::string_view name = "product_of_others";
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) { return a[0]; }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const axes = sum::mask(x.shape[0], x.attribute);
        int size[max_rank]{}, stride[max_rank]{}, kept[max_rank]{}, along[max_rank]{};
        for (int k = max_rank - 1, step = 1; k >= 0; step *= size[k--]) {
            size[k] = x.shape[0].from_end(max_rank - 1 - k);
            stride[k] = step;
            kept[k] = axes >> k & 1 ? 1 : size[k];
            along[k] = axes >> k & 1 ? size[k] : 1;
        }
        T const* cotangent = x.argument[1];
        each(kept, stride, [&](int from) {
            T const* const a = x.argument[0] + from;
            T* const to = x.result[0] + from;
            T const c = *cotangent++;
            if (!in_range(a, c, to, along, stride)) with_scale(a, c, to, along, stride);
        });
        return true;
    }

  private:
    // Calls f with the place of every element, the last axis innermost.
    static constexpr void each(int const (&n)[max_rank], int const (&stride)[max_rank], auto const& f) noexcept {
        for (int i = 0; i < n[0]; ++i)
            for (int j = 0; j < n[1]; ++j)
                for (int k = 0; k < n[2]; ++k) {
                    int const row = i * stride[0] + j * stride[1] + k * stride[2];
                    for (int l = 0; l < n[3]; ++l) f(row + l * stride[3]);
                }
    }

    // c times the product over each element, where no partial product loses a digit to the ends of the range.
    template <class T>
    static constexpr bool in_range(T const* a, T c, T* to, int const (&n)[max_rank],
                                   int const (&stride)[max_rank]) noexcept {
        if (std::is_constant_evaluated()) return false;  // which refuses an overflow
        constexpr T most = sizeof(T) == 4 ? T(0x1p126) : T(0x1p1022), least = 1 / most;
        T product = c, largest = absolute(c), smallest = largest;
        each(n, stride, [&](int i) {
            product *= a[i];
            T const size = absolute(product);
            largest = size > largest || size != size ? size : largest;
            smallest = size < smallest ? size : smallest;
        });
        if (!(largest <= most && smallest >= least)) return false;
        each(n, stride, [&](int i) { to[i] = product / a[i]; });
        return true;
    }
    template <class T>
    static constexpr T absolute(T x) noexcept {
        return x < 0 ? -x : x;
    }

    template <class T>
    static constexpr void with_scale(T const* a, T c, T* to, int const (&n)[max_rank],
                                     int const (&stride)[max_rank]) noexcept {
        detail::product_factors all;
        all.by(static_cast<double>(c));
        each(n, stride, [&](int i) { all.by(static_cast<double>(a[i])); });
        each(n, stride, [&](int i) { to[i] = all.without(a[i]); });
    }
};

struct prod : axis_reduction<prod> {
    static constexpr std::string_view name = "prod";
    static constexpr double start = 1;
    using uses = ops<product_of_others>;
    template <class M, class V>
    static constexpr V combine(V a, V b) {
        return a * b;
    }
    // A product within these bounds stays, and so does the zero of an element; any other is multiplied with a scale.
    template <class T>
    static constexpr T low = detail::squares_range<T>::low;
    template <class T>
    static constexpr T high = detail::squares_range<T>::high;
    static constexpr bool absorbs_zero = true;
    template <class T>
    static constexpr bool is_settled(T product) {
        T const size = product < 0 ? -product : product;
        return size >= low<T> && size <= high<T>;
    }
    template <class M, class T, class Each>
    static constexpr T settle(Each const& each) {
        detail::product_factors all;
        each([&](T x) { all.by(static_cast<double>(x)); });
        return all.without(T(1));
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push_with<product_of_others>(g, n.attribute, n.argument[0], a.cotangent[0]);
    }
};

}  // namespace op

template <int... Axes, traced X>
constexpr auto prod(X const& x) {
    return detail::reduced<op::prod, Axes...>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
