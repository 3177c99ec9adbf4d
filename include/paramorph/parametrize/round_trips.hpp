// round_trips<P, Shape>(): checks the declared grade of inverse by constant evaluation at sample points.
//
//     static_assert(pm::round_trips<symmetric, pm::shape<4, 4>>());
//
// The samples are reproducible numbers in (-1, 1). on_image: f(r(f(x))) == f(x). right: also f(r(y)) == y for samples y when the codomain
// is all of the real matrices (for others the samples are values of f). bijective: also r(f(x)) == x. Equal means: to 1e-9 of
// the largest element. Cost: three evaluations by the interpreter; meant for shapes of a few dozen elements.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/random.hpp"
#include "paramorph/graph/evaluate.hpp"
#include "paramorph/kernel/compiled.hpp"
#include "paramorph/parametrize/programs.hpp"

namespace paramorph {

namespace detail {

template <class P, class Shape>
struct round_trip {
    using traits = chain_traits<chain_of<P>, Shape, double>;
    static constexpr int count = traits::original_count;
    static constexpr graph const& forward_graph() { return compiled<program::value_of<P, Shape, double>>::simplified; }
    static constexpr graph const& inverse_graph() { return compiled<program::right_inverse_of<P, Shape, double>>::simplified; }

    struct originals {
        double* x[max_outputs]{};
        int size[max_outputs]{};
        constexpr originals() {
            [&]<int... K>(std::integer_sequence<int, K...>) {
                ((size[K] = traits::template original_shape<K>::size, x[K] = new double[static_cast<std::size_t>(size[K])]{}), ...);
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

    static constexpr bool holds(std::uint64_t seed) {
        if constexpr (traits::inverse == grade::none) return false;
        else {
            random numbers{seed};
            originals x, back;
            scratch_array<double> y(Shape::size), again(Shape::size);
            for (int k = 0; k < count; ++k)
                for (int i = 0; i < x.size[k]; ++i) x.x[k][i] = numbers.uniform(-1, 1);
            if (!forward(x, y.data) || !inverse(y.data, back) || !forward(back, again.data) || !close(y.data, again.data, Shape::size)) return false;
            if (traits::inverse == grade::bijective && !x.equals(back)) return false;
            if (traits::inverse >= grade::right && std::is_same_v<typename chain_of<P>::codomain, set::real>) {
                for (int i = 0; i < Shape::size; ++i) y.data[i] = numbers.uniform(-1, 1);
                if (!inverse(y.data, back) || !forward(back, again.data)) return false;
                return close(y.data, again.data, Shape::size);
            }
            return true;
        }
    }
};

}  // namespace detail

template <class P, class Shape>
consteval bool round_trips() {
    static_assert(right_invertible<P, Shape, double>, "round_trips: the parametrization has no right_inverse, so nothing round-trips; add one to every stage");
    return detail::round_trip<P, Shape>::holds(1) && detail::round_trip<P, Shape>::holds(2);
}

}  // namespace paramorph
