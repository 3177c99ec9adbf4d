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
#include "paramorph/parametrize/sets.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Of an assignment, relative to the largest element.
template <class T>
inline constexpr T assignment_tolerance = sizeof(T) == sizeof(float) ? T(1e-4) : T(1e-9);

namespace detail {

// Nothing, or the sentence, where in the array, and by how much.
struct refusal {
    char const* sentence = nullptr;
    int element = -1;
    double difference = -1;

    explicit operator bool() const { return sentence != nullptr; }
    status as_status() const { return {sentence}; }
    void throw_if_refused() const {
        if (!sentence) return;
#ifdef PARAMORPH_EMBED
        fail(sentence);
#else
        bool const differs = difference >= 0;
        char by[64]{}, at[64]{};
        if (differs) std::snprintf(by, sizeof by, "; what it makes of it differs by %.6g", difference);
        if (element >= 0) std::snprintf(at, sizeof at, "%s element %d (row-major)", differs ? " at" : ":", element);
        fail_with(
            {sentence, by, at, ". Nothing was changed",
             differs ? "; assign a value of its set, take the nearest one by pm::nearest, or use project()" : ""});
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

// That a value is no element of the set, by its name and what that demands, where it says so.
template <class Set>
struct no_element {
    static constexpr sentence whole() {
        sentence s("assignment: the value is not an element of the weight's set, the codomain of its chain: ",
                   set_name<Set>());
        if constexpr (requires { Set::demands; }) s.append(", which demands ", Set::demands);
        return s;
    }
    static constexpr std::size_t length = whole().view().size();
    struct characters {
        char text[length + 1];
    };
    static constexpr characters said = [] {
        characters c{};
        for (std::size_t i = 0; i < length; ++i) c.text[i] = whole().view()[i];
        return c;
    }();
};

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
        return {"assignment: the parametrization cannot make this value", where, double(worst)};
    if (!contains<Set>(y, shape, std::max(1.0, double(scale)) * tolerance)) return {no_element<Set>::said.text};
    return {};
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
