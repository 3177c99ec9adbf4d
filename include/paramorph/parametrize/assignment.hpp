// Why an assignment is refused, and the checks that decide it. Errors: pm::error, or a status, which names the
// requirement, or the set, and the element that is farthest off; nothing has changed then. Cost: right_inverse, forward
// of what it makes, and passes that compare; what membership in the set costs. Source: torch.nn.utils.parametrize,
// whose assignments check dtype and shape alone.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <limits>
#ifndef PARAMORPH_EMBED
#include <cstdio>
#endif

#include "paramorph/core/cmath.hpp"
#include "paramorph/core/error.hpp"
#include "paramorph/core/sentence.hpp"
#include "paramorph/core/shape.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/subtract.hpp"
#ifndef PARAMORPH_EMBED
#include "paramorph/parametrize/nearest.hpp"
#endif
#include "paramorph/parametrize/sets.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Of an assignment, relative to the largest element.
template <class T>
inline constexpr T assignment_tolerance = sizeof(T) == sizeof(float) ? T(1e-4) : T(1e-9);

namespace detail {

// Nothing, or the sentence, where in the array, and by how much; the weight's set, where that is another than all
// tensors; a number that does not fit; and does pm::nearest know the set?
struct refusal {
    char const* sentence = nullptr;
    int element = -1;
    double difference = -1;
    char const* set = "";
    double number = 0;
    bool has_nearest = false;

    explicit operator bool() const { return sentence != nullptr; }
    status as_status() const { return {sentence}; }
    void throw_if_refused() const {
        if (!sentence) return;
#ifdef PARAMORPH_EMBED
        fail(sentence);
#else
        bool const differs = difference >= 0, named = *set != '\0';
        char by[64]{}, at[64]{}, is[32]{};
        if (differs) std::snprintf(by, sizeof by, "; what it makes of it differs by %.6g", difference);
        if (element >= 0) std::snprintf(at, sizeof at, "%s element %d (row-major)", differs ? " at" : ":", element);
        if (number != 0) std::snprintf(is, sizeof is, " is %.6g", number);
        fail_with({sentence, by, at, is, ". Nothing was changed",
                   differs ? "; assign a value of its set"
                   : named ? "; the weight's set is "
                           : "",
                   differs && named ? ", " : "", set,
                   has_nearest ? ", take the nearest one by pm::nearest, or use project()"
                   : differs   ? ", or use project()"
                               : ""});
#endif
    }
};

template <class T>
refusal refuse_not_finite(T const* x, int n, char const* what) {
    for (int i = 0; i < n; ++i)
        if (!std::isfinite(x[i])) return {what, i, -1};
    return {};
}

// The largest number that a graph adds to something: what it makes carries the rounding of that size, however small it
// is itself.
constexpr double largest_offset(graph const& g) {
    double largest = 0;
    for (int k = 0; k < g.size; ++k) {
        node const& n = g.nodes[k];
        if (n.operation->id != id_of<op::add> && n.operation->id != id_of<op::subtract>) continue;
        for (int i = 0; i < 2; ++i)
            if (g.is_constant(n.argument[i]))
                largest = math::max(largest, math::abs(g.producer_of(n.argument[i]).number));
    }
    return largest;
}

// A set by its name and what it demands, where it says so; nothing of all tensors.
template <class Set>
constexpr sentence set_in_words() {
    sentence s;
    if constexpr (!std::is_same_v<Set, set::real>) s.append(set_name<Set>());
    if constexpr (requires { Set::demands; }) s.append(", which demands ", Set::demands);
    return s;
}
template <class Set>
inline constexpr auto set_said = text_of<set_in_words<Set>()>;
// Does pm::nearest know the set? A refusal suggests it only then.
#ifdef PARAMORPH_EMBED
template <class Set>
inline constexpr bool has_nearest = false;
#else
template <class Set>
inline constexpr bool has_nearest = nearest_in<Set>::known;
#endif
// That a value is no element of the set.
template <class Set>
inline constexpr auto no_element =
    text_of<sentence("assignment: the value is not an element of the weight's set, the codomain of its chain: ",
                     set_in_words<Set>().view())>;
// That an array has another shape than the tensor, where nothing is known of the array but that.
template <class Shape>
inline constexpr auto other_shape =
    text_of<sentence("assignment: the array's shape differs from the tensor's, ", Shape::value)>;
// What is said of a number that is not finite as a T, but may be as it was given.
template <class T>
inline constexpr auto out_of_range =
    text_of<sentence("assignment: an element of the array is beyond the range of ", name_of_element<T>)>;
template <class T>
refusal not_finite_as(refusal r, double given) {
    if (std::isfinite(given)) r.sentence = out_of_range<T>.text, r.number = given;
    return r;
}

// Is `made` another value than y, or y no element of the set? `offset` is the chain's largest_offset.
template <class Set, class T>
refusal refuse_other_value(T const* made, T const* y, extents const& shape, double offset,
                           double tolerance = double(assignment_tolerance<T>)) {
    T scale = 0, worst = 0;
    int where = 0;
    for (int i = 0; i < shape.size(); ++i) {
        T const difference = std::abs(made[i] - y[i]);
        scale = std::max(scale, std::abs(y[i]));
        if (difference <= worst) continue;
        worst = difference, where = i;
        if (std::isnan(worst)) break;
    }
    using limits = std::numeric_limits<T>;
    double const rounding = 32 * double(limits::epsilon()) * offset + 8 * double(limits::denorm_min());
    if (!(double(worst) <= double(scale) * tolerance + rounding))
        return {"assignment: the parametrization cannot make this value",
                where,
                double(worst),
                set_said<Set>.text,
                0,
                has_nearest<Set>};
    if (!contains<Set>(y, shape, std::max(1.0, double(scale)) * tolerance)) return {no_element<Set>.text};
    return {};
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
