// round_trips<P, Shape>(): checks the declared grade of inverse by constant evaluation at sample points.
//
//     static_assert(pm::round_trips<symmetric, pm::shape<4, 4>>());
//
// The samples are reproducible numbers in (-1, 1). on_image: f(r(f(x))) == f(x). right: also f(r(y)) == y for samples y
// when the codomain is all of the real matrices (for others the samples are values of f). bijective: also r(f(x)) == x.
// Equal means: to 1e-9 of the largest element, or of 1 if that is larger. Cost: three evaluations by the interpreter;
// meant for shapes of a few dozen elements. A law that does not hold is a compile error that says which;
// `round_trip_of<P, Shape>` is the same as a value.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/random.hpp"
#include "paramorph/graph/evaluate.hpp"
#include "paramorph/kernel/compiled.hpp"
#include "paramorph/parametrize/programs.hpp"

namespace paramorph {

// What a check of the laws finds.
enum class round_trip {
    holds,
    not_on_image,   // f(r(f(x))) != f(x)
    not_right,      // f(r(y)) != y
    not_bijective,  // r(f(x)) != x
    undefined,      // an operation's requirement failed
};

namespace detail {

template <class P, class Shape>
struct round_trip_check {
    using traits = chain_traits<chain_of<P>, Shape, double>;
    static constexpr int count = traits::original_count;
    static constexpr graph const& forward_graph() { return compiled<program::value_of<P, Shape, double>>::simplified; }
    static constexpr graph const& inverse_graph() {
        return compiled<program::right_inverse_of<P, Shape, double>>::simplified;
    }

    struct originals {
        double* x[max_outputs]{};
        int size[max_outputs]{};
        constexpr originals() {
            [&]<int... K>(std::integer_sequence<int, K...>) {
                ((size[K] = traits::template original_shape<K>::size,
                  x[K] = new double[static_cast<std::size_t>(size[K])]{}),
                 ...);
            }(std::make_integer_sequence<int, count>{});
        }
        originals(originals const&) = delete;
        originals& operator=(originals const&) = delete;
        constexpr ~originals() {
            for (int k = 0; k < count; ++k) delete[] x[k];
        }
        constexpr bool equals(originals const& o) const {
            for (int k = 0; k < count; ++k)
                if (!close(x[k], o.x[k], size[k])) return false;
            return true;
        }
    };
    static constexpr bool close(double const* a, double const* b, int n) {
        double scale = 1;
        for (int i = 0; i < n; ++i) scale = math::isfinite(a[i]) ? math::max(scale, math::abs(a[i])) : scale;
        for (int i = 0; i < n; ++i)
            if (!math::isfinite(a[i]) || !math::isfinite(b[i]) || math::abs(a[i] - b[i]) > 1e-9 * scale) return false;
        return true;
    }
    static constexpr bool forward(originals const& x, double* y) { return evaluate(forward_graph(), x.x, &y).ok(); }
    static constexpr bool inverse(double const* y, originals& x) { return evaluate(inverse_graph(), &y, x.x).ok(); }

    static constexpr round_trip find(std::uint64_t seed) {
        if constexpr (traits::inverse == grade::none)
            return round_trip::undefined;
        else {
            random numbers{seed};
            originals x, back;
            scratch_array<double> y(Shape::size), again(Shape::size);
            for (int k = 0; k < count; ++k)
                for (int i = 0; i < x.size[k]; ++i) x.x[k][i] = numbers.uniform(-1, 1);
            if (!forward(x, y.data) || !inverse(y.data, back) || !forward(back, again.data))
                return round_trip::undefined;
            if (!close(y.data, again.data, Shape::size)) return round_trip::not_on_image;
            if (traits::inverse == grade::bijective && !x.equals(back)) return round_trip::not_bijective;
            if (traits::inverse >= grade::right && std::is_same_v<typename chain_of<P>::codomain, set::real>) {
                for (int i = 0; i < Shape::size; ++i) y.data[i] = numbers.uniform(-1, 1);
                if (!inverse(y.data, back) || !forward(back, again.data)) return round_trip::undefined;
                if (!close(y.data, again.data, Shape::size)) return round_trip::not_right;
            }
            return round_trip::holds;
        }
    }
};

}  // namespace detail

template <class P, class Shape>
inline constexpr round_trip round_trip_of = [] {
    auto const first = detail::round_trip_check<P, Shape>::find(1);
    return first == round_trip::holds ? detail::round_trip_check<P, Shape>::find(2) : first;
}();

template <class P, class Shape>
consteval bool round_trips() {
    constexpr bool invertible = right_invertible<P, Shape, double>;
    static_assert(
        invertible,
        "round_trips: the parametrization has no right_inverse, so nothing round-trips; add one to every stage");
    if constexpr (invertible) {
        constexpr round_trip found = round_trip_of<P, Shape>;
        static_assert(
            found != round_trip::not_on_image,
            "round_trips: forward(right_inverse(y)) is not y, for a y that forward makes; correct right_inverse");
        static_assert(found != round_trip::not_right,
                      "round_trips: forward(right_inverse(y)) is not y for some y; correct right_inverse, name the "
                      "codomain, or declare `inverse = pm::grade::on_image`");
        static_assert(found != round_trip::not_bijective,
                      "round_trips: right_inverse(forward(x)) is not x; correct right_inverse, or declare `inverse = "
                      "pm::grade::right`");
        static_assert(found != round_trip::undefined,
                      "round_trips: what an operation requires does not hold for a sample in (-1, 1) or its value");
    }
    return true;
}

}  // namespace paramorph
