// box<Shape>: inputs of a shape, each element within its bounds; what pm::bounds and its kin are asked about.
//
//     pm::box<pm::shape<2>>::of(-1, 1)               every element from -1 to 1
//     pm::box<pm::shape<64>>::around(x, 0.01)        at most 0.01 from an input
//
// Errors: a lower bound above its upper one, or NaN (an empty box would prove everything), where the box is used: the
// compiler's in a constant, else pm::error. An array of another size than the shape: the compiler's; of a container,
// pm::error. Cost: two numbers for each element. Source: IEEE 1788-2015, interval vectors.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <string>

#include "paramorph/core/error.hpp"
#include "paramorph/core/limits.hpp"
#include "paramorph/core/sentence.hpp"
#include "paramorph/prove/interval.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace refused {
[[noreturn]] inline void a_box_is_empty_its_lower_bound_lies_above_its_upper_one_or_is_nan() {
    say("bounds: a box is empty: a lower bound lies above its upper one, or is NaN");
}
}  // namespace refused

namespace detail {

[[noreturn]] inline void refuse_box_at_run_time(int element, double low, double high) {
#ifdef __cpp_exceptions
    fail(("bounds: the box is empty: element " + std::to_string(element) + " is at least " + std::to_string(low) +
          " and at most " + std::to_string(high) + "; give the lower bound first, and no NaN")
             .c_str());
#else
    static_cast<void>(element), static_cast<void>(low), static_cast<void>(high);
    fail("bounds: a box is empty");
#endif
}
constexpr void require_order(int element, double low, double high) {
    if (low <= high) return;
    if (std::is_constant_evaluated()) refused::a_box_is_empty_its_lower_bound_lies_above_its_upper_one_or_is_nan();
    refuse_box_at_run_time(element, low, high);
}
}  // namespace detail

// Inputs of a shape, each element within its bounds, both of them included.
template <class Shape>
struct box {
    using shape_type = Shape;
    double lower[Shape::size == 0 ? 1 : Shape::size], upper[Shape::size == 0 ? 1 : Shape::size];

    // Every element from `low` to `high`.
    static constexpr box of(double low, double high) {
        box b{};
        for (int i = 0; i < Shape::size; ++i) {
            b.lower[i] = low;
            b.upper[i] = high;
        }
        return b;
    }
    // At most `radius` from an input, an array or a container of the shape's size.
    template <class X>
    static constexpr box around(X const& x, double radius) {
        box b{};
        auto const* const from = first_of(x);
        if (from == nullptr) return b;
        for (int i = 0; i < Shape::size; ++i) {
            b.lower[i] = detail::next_double(double(from[i]) - radius, false);
            b.upper[i] = detail::next_double(double(from[i]) + radius, true);
        }
        return b;
    }

  private:
    template <std::size_t N>
    static constexpr bool has_size() {
        if constexpr (N != Shape::size) {
            using wrong = detail::mistake<detail::sentence(
                "box: around: the input has another number of elements than the box's shape: ", N, " instead of ",
                Shape::size, "; give an array of the shape's elements, row by row")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return N == Shape::size;
    }
    template <class X, std::size_t N>
    static constexpr X const* first_of(X const (&x)[N]) {
        if constexpr (has_size<N>()) return x;
        return nullptr;
    }
    template <class X, std::size_t N>
    static constexpr X const* first_of(std::array<X, N> const& x) {
        if constexpr (has_size<N>()) return x.data();
        return nullptr;
    }
    static constexpr auto const* first_of(auto const& x) {
        if (static_cast<int>(x.size()) != Shape::size)
            fail("box: around: the input has another number of elements than the box's shape");
        return x.data();
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI
