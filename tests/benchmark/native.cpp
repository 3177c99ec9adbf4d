// The workloads again, in a library for this machine's own instruction set: `./x bench --native` loads it beside those
// for AVX2.
//
// SPDX-License-Identifier: BSL-1.0
#include "native.hpp"

extern "C" [[gnu::visibility("default")]] benchmark::kernel native_workload(char const* label) {
    static auto const all = benchmark::all_workloads();
    for (auto const& w : all)
        if (w.label() == label) return w.ours;
    return nullptr;
}
