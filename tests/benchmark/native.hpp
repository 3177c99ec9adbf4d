// What a library of workloads for another instruction set exports, and the bars of the comparison.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "workload.hpp"

// Our side of a workload; null if there is none of this label.
extern "C" benchmark::kernel native_workload(char const* label);

namespace benchmark {

// Time with AVX-512 over time with AVX2, at most. Where arithmetic takes the time, 1 / 1.3: products and elementary
// functions of a matrix that fits in the second cache. Elsewhere no slower, beside the noise of two equal builds.
inline double bar_of_native(workload const& w) {
    constexpr std::array<std::string_view, 4> arithmetic{"matmul", "sigmoid_chain.", "mixed_chain.", "fast_sigmoid."};
    bool const computes = std::ranges::any_of(arithmetic, [&](auto name) { return w.name.starts_with(name); });
    return computes && w.size >= 64 && w.size <= 256 ? 1 / 1.3 : 1.05;
}

}  // namespace benchmark
