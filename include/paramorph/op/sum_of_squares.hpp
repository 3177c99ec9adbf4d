// Sums of squares that neither overflow nor underflow, and the range of numbers where squares lose no digit. What is
// made of such a sum is in op/length.hpp.
//
// The sum of squares is the plain one while it lies in the range where no digit is lost to a square that is too small
// or too large (in float 2^-100 to 3.4e38): that costs a comparison for each sum. Outside it is computed again from
// numbers scaled by a power of two, and what the result then holds is minus the root: a sum of squares is never
// negative. A root that is subnormal or does not fit stands there set aside, times 2^100 or 2^-100, where no other root
// is: none is between 2^-50 and 2^63. (In double 2^-900, 2^700, 2^-450, 2^511.) Adjoint: 2 c x. Cost: one product and
// one addition an element, in the loop that uses it, and a comparison for each sum; one pass more where it is computed
// again. The gradient two products. Source: Blue 1978, "A portable Fortran program to find the Euclidean norm of a
// vector".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>
#include <type_traits>

#include "paramorph/core/pairwise.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/reduce.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {

namespace detail {
// The element type of a vector, or of one number.
template <class V>
struct lane {
    using type = typename V::value_type;
};
template <class V>
    requires std::is_floating_point_v<V>
struct lane<V> {
    using type = V;
};
template <class T>
struct squares_range {
    static constexpr T low = sizeof(T) == 4 ? T(0x1p-100) : T(0x1p-900), high = std::numeric_limits<T>::max();
    // Of one number.
    static constexpr T smallest = sizeof(T) == 4 ? T(0x1p-50) : T(0x1p-450),
                       largest = sizeof(T) == 4 ? T(0x1p63) : T(0x1p511);
    // The reciprocal of what is smaller does not fit.
    static constexpr T smallest_length = sizeof(T) == 4 ? T(0x1p-127) : T(0x1p-1023);
    // Roots that are set aside: what is above `small_aside` and not `large_aside` is one, below 1 of a subnormal.
    static constexpr T aside = sizeof(T) == 4 ? T(0x1p100) : T(0x1p700), small_aside = smallest * 2,
                       large_aside = largest / 8;
};
}  // namespace detail

struct sum_of_squares : axis_reduction<sum_of_squares> {
    static constexpr std::string_view name = "sum_of_squares";
    static constexpr double start = 0;
    using uses = ops<broadcast_to, unsqueeze, multiply>;
    template <class M, class V>
    static constexpr V combine(V a, V b) {
        return a + b;
    }
    // What is combined, from an element.
    template <class M, class V>
    static constexpr V enter(V x) {
        return x * x;
    }
    // What was combined, and one more element.
    template <class M, class V>
    static constexpr V accumulate(V sum, V x) {
        return M::fma(x, x, sum);
    }
    // Within these bounds it stays; a function of it may have a value_of_settled that is right within them only.
    template <class T>
    static constexpr T low = detail::squares_range<T>::low;
    template <class T>
    static constexpr T high = detail::squares_range<T>::high;
    template <class T>
    static constexpr bool is_settled(T total) {
        return total >= low<T> && total <= high<T>;
    }
    // The result where it does not; `each(f)` calls f with every element.
    template <class M, class T, class Each>
    static constexpr T settle(Each const& each) {
        T largest = 0;
        each([&](T x) {
            T const size = x < 0 ? -x : x;
            if (size > largest || size != size) largest = largest != largest ? largest : size;
        });
        if (!(largest > 0 && largest <= std::numeric_limits<T>::max())) return largest;
        T scale = 1;
        while (largest * scale >= 2) scale /= 2;
        while (largest * scale < 1 && scale < std::numeric_limits<T>::max() / 4) scale *= 2;
        auto const plus = [](T a, T b) { return a + b; };
        long_sum<T, decltype(plus)> sum{plus, T(0)};
        each([&](T x) { sum.add(x * scale * (x * scale)); });
        T const root = static_cast<T>(M::sqrt(sum.total())), aside = detail::squares_range<T>::aside;
        if (scale > 1 && root < std::numeric_limits<T>::min() * scale) return -(root * aside / scale);
        return root <= std::numeric_limits<T>::max() * (scale < 1 ? scale : T(1)) ? -(root / scale)
                                                                                  : -(root / aside / scale);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        int const twice = push<multiply>(g, a.cotangent[0], append_constant(g, 2));
        a.of_argument[0] = push<multiply>(g, spread(g, twice, n), n.argument[0]);
    }
    // That are combined to one result.
    static constexpr int terms(extents const& s, attributes axes) {
        int product = 1;
        for (int k = 0; k < s.rank; ++k)
            if (axes.v[0] >> k & 1) product *= s.d[k];
        return product;
    }
};

// The same of one element: a loop does not reduce along axes of extent 1.
struct square_of_one : elementwise<square_of_one, 1> {
    static constexpr std::string_view name = "square_of_one";
    static constexpr int cost = 5;
    using uses = ops<multiply>;
    template <class M, class V>
    static constexpr V value(V x) {
        using range = detail::squares_range<typename detail::lane<V>::type>;
        V const size = M::abs(x), square = size * M::where(size < V(range::largest), size, V(1));
        V const large = M::where(size < V(range::largest), square, V(0) - size);
        constexpr auto normal = std::numeric_limits<typename detail::lane<V>::type>::min();
        V const small = M::where(size < V(normal), V(0) - size * V(range::aside), V(0) - size);
        return M::where(size < V(range::smallest), small, large);
    }
    static constexpr void derive(auto& g, node const& n, adjoint& a) {
        a.of_argument[0] = push<multiply>(g, push<multiply>(g, a.cotangent[0], append_constant(g, 2)), n.argument[0]);
    }
};

}  // namespace op

namespace detail {

template <int... Axes, traced X>
constexpr auto sum_of_squares(X const& x) {
    if constexpr (op::sum_of_squares::terms(extents_of<X>, {{axes_mask<Axes...>(extents_of<X>.rank)}}) == 1)
        return reduced<op::sum, Axes...>(apply_elementwise<op::square_of_one>(x));
    else
        return reduced<op::sum_of_squares, Axes...>(x);
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
