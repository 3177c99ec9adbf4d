// The layers of a network undone, from the last to the first: traced, and on arrays. Layers that give all numbers are
// undone together, in one program; before one whose image has an end, its numbers are looked at; a residual layer is
// undone by iteration.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "paramorph/core/cmath.hpp"
#include "paramorph/invert/runs.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// The inverse of layers First to Last - 1, traced.
template <class List, int First, int Last>
constexpr auto undo_traced(auto const& net, auto y) {
    if constexpr (First == Last)
        return y;
    else {
        using P = typename List::template at<Last - 1>;
        auto const& layer = P::of(net);
        if constexpr (P::iterates) {
            using wrong = mistake<sentence(
                "inverse: ", P::where().view(),
                " is undone by iteration, on arrays only: call pm::inverse(net) outside of the traced function")>;
            using said [[maybe_unused]] = wrong::type;
            return y;
        } else
            return undo_traced<List, First, Last - 1>(
                net, as_operand(bijection<typename P::layer>::undo(layer, typename P::input{}, y)));
    }
}

// As functions of a network for arrays, see invert/runs.hpp.
template <class List, int First, int Last>
struct undo_layers {
    using inputs = shapes<typename List::template at<Last - 1>::output>;
    static constexpr int results = List::template at<First>::input::size;
    constexpr auto operator()(auto const& net, auto y) const { return undo_traced<List, First, Last>(net, y); }
};
template <int First, int Last>
struct undo_family {
    template <class M, class T, class X>
    using of = undo_layers<layers_of<M, T, X>, First, Last>;
};
// A step of the iteration: y - f(x).
template <class P>
struct residual_step {
    using inputs = shapes<typename P::input, typename P::input>;
    static constexpr int results = P::input::size;
    constexpr auto operator()(auto const& net, auto y, auto x) const {
        return y - as_operand(bijection<typename P::layer>::branch(P::of(net), x));
    }
};
template <int At>
struct step_family {
    template <class M, class T, class X>
    using of = residual_step<typename layers_of<M, T, X>::template at<At>>;
};

template <class M, class Runs>
class layers_undone {
    using T = typename Runs::element;
    using List = layers_of<M, T, typename Runs::shape_of_input>;
    using numbers = std::vector<T>;
    template <int K>
    using placed = typename List::template at<K>;

    // Elements of a result, of one sample where there are rows.
    template <class Shape>
    static constexpr auto elements = std::size_t(Shape::size / Runs::samples_in_shape);
    // A layer whose numbers are looked at before it is undone; else layers are undone in one program.
    template <int K>
    static constexpr bool stands_apart = placed<K>::iterates || placed<K>::bounded;
    template <int Last>
    static constexpr int begin_of_part() {
        return []<int... K>(std::integer_sequence<int, K...>) {
            bool const apart[]{stands_apart<K>...};
            int first = Last - 1;
            if (!placed<Last - 1>::iterates)
                while (first > 0 && !apart[first - 1]) --first;
            return first;
        }(std::make_integer_sequence<int, List::size>{});
    }

    template <int K>
    static void require_in_image(T const* y, std::size_t count) {
        constexpr open_range image = bijection<typename placed<K>::layer>::image;
        for (std::size_t i = 0; i < count; ++i)
            if (!(y[i] > image.low && y[i] < image.high)) refuse<K>(i, y[i]);
    }
    template <int K>
    [[noreturn]] static void refuse(std::size_t element, T y) {
        using P = placed<K>;
        constexpr open_range image = bijection<typename P::layer>::image;
        constexpr bool below = image.low > -math::infinity, above = image.high < math::infinity;
        constexpr sentence gives = below && above
                                       ? sentence("between ", image.low, " and ", image.high, ", without the ends")
                                   : below ? sentence("greater than ", image.low)
                                           : sentence("finite");
        std::string const where(sentence(P::where()).view());
        throw error("inverse: " + where + " gives no such number: element " + place_in<typename P::output>(element) +
                    " of its result is " + std::string(sentence(y).view()) + ", and must be " +
                    std::string(gives.view()));
    }

    // x <- y - f(x), from x = y on.
    template <int K>
    static void iterate(auto const& values, std::size_t rows, numbers const& y, T* x) {
        using P = placed<K>;
        constexpr double rate = bijection<typename P::layer>::template rate<typename P::input>;
        constexpr std::size_t samples_of_whole = P::input::rank >= 2 ? std::size_t(P::input::value.d[0]) : 1;
        std::size_t const samples = Runs::samples_in_shape > 1 ? rows : samples_of_whole, n = y.size() / samples;
        constexpr double epsilon = std::numeric_limits<T>::epsilon(), left = rate / (1 - rate);
        // After so many steps what is left of the first one is within epsilon of it.
        double const most = rate > 0 ? 2 + std::ceil(std::log(epsilon * (1 - rate)) / std::log(rate)) : 2;
        numbers now = y, next(y.size());
        for (double k = 0; k < most; ++k) {
            Runs::template run<step_family<K>>(values, rows, next.data(), y.data(), now.data());
            bool done = true;
            for (std::size_t s = 0; s < samples; ++s) {
                double moved = 0, length = 0;
                for (std::size_t i = s * n; i < (s + 1) * n; ++i) {
                    moved = std::hypot(moved, double(next[i]) - double(now[i]));
                    length = std::hypot(length, double(next[i]));
                }
                if (!(length < math::infinity))
                    throw error("inverse: the iteration that undoes " + std::string(sentence(P::where()).view()) +
                                " leaves the finite numbers: the elements of sample " + std::to_string(s) +
                                " of its result are too large");
                done = done && left * moved <= epsilon * length;
            }
            now.swap(next);
            if (done) break;
        }
        std::copy(now.begin(), now.end(), x);
    }

    template <int Last>
    static void undo(auto const& values, std::size_t rows, numbers const& y, T* result) {
        constexpr int first = begin_of_part<Last>();
        require_in_image<Last - 1>(y.data(), y.size());
        numbers between(first == 0 ? 0 : rows * elements<typename placed<first>::input>);
        T* const to = first == 0 ? result : between.data();
        if constexpr (placed<Last - 1>::iterates)
            iterate<Last - 1>(values, rows, y, to);
        else
            Runs::template run<undo_family<first, Last>>(values, rows, to, y.data());
        if constexpr (first > 0) undo<first>(values, rows, between, result);
    }

  public:
    // Of arrays as a whole `rows` is 1.
    static void run(auto const& values, std::size_t rows, T const* y, T* x) {
        using output = typename placed<List::size - 1>::output;
        undo<List::size>(values, rows, numbers(y, y + rows * elements<output>), x);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
