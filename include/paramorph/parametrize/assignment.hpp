// Why an assignment is refused, and the checks that decide it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#ifndef PARAMORPH_EMBED
#include <string>
#endif

#include "paramorph/core/error.hpp"
#include "paramorph/core/shape.hpp"
#include "paramorph/parametrize/sets.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Of an assignment, relative to the largest element, or to 1 if that is larger.
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
    template <class = void>  // what it needs of <string> is compiled where it is called
    void throw_if_refused() const {
        if (!sentence) return;
#ifdef PARAMORPH_EMBED
        fail(sentence);
#else
        std::string text = sentence;
        if (difference >= 0) text += "; the nearest it makes differs by " + std::to_string(difference);
        if (element >= 0)
            text += (difference >= 0 ? " at element " : ": element ") + std::to_string(element) + " (row-major)";
        throw error(text + ". Nothing was changed" +
                    (difference >= 0 ? "; assign a value of its set, or use project()" : ""));
#endif
    }
};

template <class T>
refusal refuse_not_finite(T const* x, int n, char const* what) {
    for (int i = 0; i < n; ++i)
        if (!std::isfinite(x[i])) return {what, i, -1};
    return {};
}

// Is `made` another value than y, or y no element of the set?
template <class Set, class T>
refusal refuse_other_value(T const* made, T const* y, extents const& shape) {
    T scale = 1, worst = 0;
    int where = 0;
    for (int i = 0; i < shape.size(); ++i) {
        T const difference = std::abs(made[i] - y[i]);
        scale = std::max(scale, std::abs(y[i]));
        if (difference <= worst) continue;
        worst = difference, where = i;
        if (std::isnan(worst)) break;
    }
    T const tolerance = scale * assignment_tolerance<T>;
    if (!(worst <= tolerance)) return {"assignment: the parametrization cannot make this value", where, double(worst)};
    if (!contains<Set>(y, shape, double(tolerance)))
        return {"assignment: the value is not an element of the weight's set, the codomain of its chain"};
    return {};
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
