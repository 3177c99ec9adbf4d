// Calls paramorph's side of every workload once, between marks that callgrind writes its counts at; with an argument it
// only prints its compiler and the version. Run by instructions.py.
//
// SPDX-License-Identifier: BSL-1.0
#include <valgrind/callgrind.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "data.hpp"
#include "workload.hpp"

int main(int argc, char**) {
    if (argc > 1) {
        std::puts(COMPILER);
        return 0;
    }
    using namespace benchmark;
    auto workloads = all_workloads();
    std::ranges::stable_sort(workloads, {}, &workload::size);
    std::optional<data> inputs;
    for (auto const& w : workloads) {
        if (w.has_limits()) continue;  // the same program once more
        if (!inputs || inputs->size() != w.size) inputs.emplace(w.size, data::fill::quick);
        auto const label = w.label();
        CALLGRIND_ZERO_STATS;
        w.ours(inputs->x(0), inputs->g(0), inputs->to());
        CALLGRIND_DUMP_STATS_AT(label.c_str());
    }
}
