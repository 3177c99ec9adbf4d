// round_trips<P, Shape>(): checks the declared set and grade of inverse by constant evaluation at sample points.
//
//     static_assert(pm::round_trips<symmetric, pm::shape<4, 4>>());
//
// The samples are reproducible numbers in (-1, 1). f(x) lies in the codomain. on_image: f(r(f(x))) == f(x). right: also
// f(r(y)) == y for samples y when the codomain is all of the real matrices (for others the samples are values of f).
// bijective: also r(f(x)) == x. Equal means: to 1e-9 of the largest element. State is what it begins as, then what
// right_inverse makes of it.
//
// Errors: a law that does not hold is the compiler's error, which says which one, and names the largest error, in
// billionths, and the element (row-major) where it is. `round_trip_of<P, Shape>` is the same as a value. Cost: three
// evaluations by the interpreter; meant for shapes of a few dozen elements. Source: the laws of a retraction, and of
// lenses, Foster et al. 2007, "Combinators for bidirectional tree transformations".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/random.hpp"
#include "paramorph/graph/evaluate.hpp"
#include "paramorph/kernel/compiled.hpp"
#include "paramorph/parametrize/programs.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// What a check of the laws finds.
enum class round_trip {
    holds,
    not_in_codomain,  // f(x) is no element of the codomain
    not_on_image,     // f(r(f(x))) != f(x)
    not_right,        // f(r(y)) != y
    not_bijective,    // r(f(x)) != x
    undefined,        // an operation's requirement failed
};

// The law that is broken first, the largest difference and at which element.
struct round_trip_result {
    round_trip found = round_trip::holds;
    double largest_error = 0;
    int element = 0;
    constexpr operator round_trip() const { return found; }
};

namespace detail {

// Arrays of numbers, one for each of some tensors.
struct number_arrays {
    double* at[max_outputs]{};
    int size[max_outputs]{};
    int count = 0;

    constexpr number_arrays() = default;
    number_arrays(number_arrays const&) = delete;
    number_arrays& operator=(number_arrays const&) = delete;
    constexpr ~number_arrays() {
        for (int k = 0; k < count; ++k) delete[] at[k];
    }
    constexpr void add(int n) {
        size[count] = n;
        at[count++] = new double[static_cast<std::size_t>(n)]{};
    }
    constexpr void draw(random& numbers) {
        for (int k = 0; k < count; ++k)
            for (int i = 0; i < size[k]; ++i) at[k][i] = numbers.uniform(-1, 1);
    }
};

// How far b is from a: nothing to tell where they are equal.
struct distance_of_arrays {
    double largest = 0;
    int element = 0;
    bool equal = true;

    constexpr distance_of_arrays(double const* a, double const* b, int n) {
        double scale = 0;
        for (int i = 0; i < n; ++i) scale = math::isfinite(a[i]) ? math::max(scale, math::abs(a[i])) : scale;
        for (int i = 0; i < n && math::isfinite(largest); ++i) {
            double const d = math::isfinite(a[i]) && math::isfinite(b[i]) ? math::abs(a[i] - b[i])
                                                                          : std::numeric_limits<double>::infinity();
            if (d > largest) largest = d, element = i;
        }
        equal = largest <= 1e-9 * scale;
    }
    constexpr round_trip_result result(round_trip found) const { return {found, largest, element}; }
};

template <class P, class Shape>
struct round_trip_check {
    using traits = chain_traits<chain_of<P>, Shape, double>;
    using codomain = typename chain_of<P>::codomain;
    using value = typename traits::value_shape;
    static constexpr int originals = traits::original_count, state = traits::state_count;
    template <class Program>
    static constexpr graph const& graph_of = compiled<Program>::simplified;

    // The leaves of a tensor: originals, then state.
    struct leaves : number_arrays {
        constexpr leaves() {
            [&]<int... K>(std::integer_sequence<int, K...>) {
                (this->add(traits::template original_shape<K>::size), ...);
            }(std::make_integer_sequence<int, originals>{});
            [&]<int... K>(std::integer_sequence<int, K...>) {
                (this->add(traits::template state_tensor<K>::shape_type::size), ...);
            }(std::make_integer_sequence<int, state>{});
        }
    };
    static constexpr bool forward(leaves const& x, double* y) {
        return evaluate(graph_of<program::value_of<P, Shape, double>>, x.at, &y).ok();
    }
    // The originals of y, given the state of `before`; and what the state becomes.
    static constexpr bool inverse(double const* y, leaves const& before, leaves& x) {
        double const* in[1 + state]{y};
        for (int k = 0; k < state; ++k) in[1 + k] = before.at[originals + k];
        return evaluate(graph_of<program::right_inverse_of<P, Shape, double>>, in, x.at).ok();
    }
    static constexpr bool begin_state(leaves& x) {
        if constexpr (state == 0)
            return true;
        else {
            leaves first;
            bool const ok =
                evaluate(graph_of<program::first_state_of<P, Shape, double>>, x.at, first.at + originals).ok();
            for (int k = originals; k < originals + state; ++k)
                for (int i = 0; i < x.size[k]; ++i) x.at[k][i] = first.at[k][i];
            return ok;
        }
    }

    static constexpr round_trip_result find(std::uint64_t seed) {
        constexpr round_trip_result undefined{round_trip::undefined, 0, 0};
        if constexpr (traits::inverse == grade::none)
            return undefined;
        else {
            random numbers{seed};
            leaves x, back;
            scratch_array<double> y(value::size), again(value::size);
            x.draw(numbers);
            if (!begin_state(x) || !forward(x, y.data) || !inverse(y.data, x, back) || !forward(back, again.data))
                return undefined;
            if (!contains<codomain>(y.data, value::value, 1e-9)) return {round_trip::not_in_codomain, 0, 0};
            if (distance_of_arrays const d(y.data, again.data, value::size); !d.equal)
                return d.result(round_trip::not_on_image);
            if (traits::inverse == grade::bijective)
                for (int k = 0; k < originals; ++k)
                    if (distance_of_arrays const d(x.at[k], back.at[k], x.size[k]); !d.equal)
                        return d.result(round_trip::not_bijective);
            if (traits::inverse >= grade::right && std::is_same_v<codomain, set::real>) {
                for (int i = 0; i < value::size; ++i) y.data[i] = numbers.uniform(-1, 1);
                if (!inverse(y.data, x, back) || !forward(back, again.data)) return undefined;
                if (distance_of_arrays const d(y.data, again.data, value::size); !d.equal)
                    return d.result(round_trip::not_right);
            }
            return {};
        }
    }
};

// "0.5" of 500000000 billionths.
constexpr sentence decimal(long long billionths) {
    if (billionths < 0) return sentence("too large to print");
    sentence all(billionths / 1000000000, ".");
    long long rest = billionths % 1000000000;
    do {
        all.append(rest / 100000000);
        rest = rest % 100000000 * 10;
    } while (rest > 0);
    return all;
}
// Says what was found.
template <class P, class Shape, round_trip Found, long long LargestErrorInBillionths, int Element>
struct law {
    template <sentence Wrong, sentence Write>
    static constexpr void refuse_law() {
        using wrong = mistake<sentence("round_trips: ", Wrong.view(), " for ", short_type_name<P>(), " at ",
                                       Shape::value, ": they differ by ", decimal(LargestErrorInBillionths).view(),
                                       " at element ", Element, "; ", Write.view())>;
        using said [[maybe_unused]] = wrong::type;
    }
    static constexpr bool say() {
        if constexpr (Found == round_trip::not_in_codomain) {
            using wrong = mistake<sentence("round_trips: what forward makes is no element of the codomain, ",
                                           short_type_name<codomain_of<P>>(), ", for ", short_type_name<P>(), " at ",
                                           Shape::value, "; correct forward or declare the set")>;
            using said [[maybe_unused]] = wrong::type;
        } else if constexpr (Found == round_trip::not_on_image)
            refuse_law<"forward(right_inverse(y)) is not y, for a y that forward makes,", "correct right_inverse">();
        else if constexpr (Found == round_trip::not_right)
            refuse_law<"forward(right_inverse(y)) is not y for some y",
                       "correct right_inverse, name the codomain, or declare `inverse = pm::grade::on_image`">();
        else if constexpr (Found == round_trip::not_bijective)
            refuse_law<"right_inverse(forward(x)) is not x",
                       "correct right_inverse, or declare `inverse = pm::grade::right`">();
        else if constexpr (Found == round_trip::undefined) {
            using wrong = mistake<sentence(
                "round_trips: what an operation requires does not hold for a sample in (-1, 1) or its value: check ",
                short_type_name<P>(), " on values that its operations take")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return true;
    }
    static constexpr bool checked = say();
};

constexpr long long in_billionths(double x) {
    return x < 1e9 ? static_cast<long long>(x * 1e9 + 0.5) : -1;
}

}  // namespace detail

template <class P, class Shape>
inline constexpr round_trip_result round_trip_of = [] {
    auto const first = detail::round_trip_check<P, Shape>::find(1);
    return first == round_trip::holds ? detail::round_trip_check<P, Shape>::find(2) : first;
}();

template <class P, class Shape>
consteval bool round_trips() {
    constexpr bool invertible = right_invertible<P, Shape, double>;
    if constexpr (!invertible) {
        using wrong = detail::mistake<detail::sentence(
            "round_trips: ", chain_traits<chain_of<P>, Shape, double>::stage_without_right_inverse(),
            " has no right_inverse, so nothing round-trips; add one")>;
        using said [[maybe_unused]] = wrong::type;
        return true;
    } else {
        constexpr round_trip_result r = round_trip_of<P, Shape>;
        return detail::law<P, Shape, r.found, detail::in_billionths(r.largest_error), r.element>::checked;
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
