// What the benchmark measures: workloads, each with paramorph's side, hand-written references and the right answer. The
// families are in workloads/<name>.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace benchmark {

// `to` has room for two matrices; behind each of the matrices x and g lie `size` numbers more.
using kernel = void (*)(float const* x, float const* g, float* to);

struct variant {
    std::string name;
    kernel run;
};

struct workload {
    std::string name;
    int size;
    kernel ours;
    // The fastest is the reference. None: the workload is measured against other libraries only.
    std::vector<variant> variants;
    // Everything that `to` receives, in double.
    std::function<std::vector<double>(float const* x, float const* g)> expected;
    double tolerance;           // absolute, or of the right answer
    std::optional<double> bar;  // against the variants
    // A library's name and the bar against it; other libraries are for information.
    std::vector<std::pair<std::string, double>> bars_of_peers = {};
    bool tolerance_is_relative = false;
    // What the variants are. A `limit` does less on purpose, as the machine sets it; what it gives is not checked.
    std::string variants_are = "hand-written";
    bool has_limits() const { return variants_are == "limit"; }

    std::optional<double> bar_of(std::string_view library) const {
        for (auto const& [of, bar] : bars_of_peers)
            if (of == library) return bar;
        return std::nullopt;
    }
    std::string label() const { return name + " " + std::to_string(size); }
};

std::vector<workload> sigmoid_workloads();
std::vector<workload> symmetric_workloads();
std::vector<workload> weight_norm_workloads();
std::vector<workload> mixed_workloads();
std::vector<workload> product_workloads();
std::vector<workload> rotation_workloads();
std::vector<workload> spectral_norm_workloads();
std::vector<workload> network_workloads();
// Of `bench` only.
std::vector<workload> thread_workloads();
std::vector<workload> transform_workloads();

inline std::vector<workload> all_workloads() {
    std::vector<workload> all;
    for (auto const family : {sigmoid_workloads, symmetric_workloads, weight_norm_workloads, mixed_workloads,
                              product_workloads, rotation_workloads, spectral_norm_workloads, network_workloads})
        for (auto& w : family()) all.push_back(std::move(w));
    return all;
}

// The workloads that `Of<Size>()` gives for each size, as one list.
template <int... Sizes, class F>
std::vector<workload> for_sizes(F of_size) {
    std::vector<workload> all;
    (
        [&] {
            for (auto& w : of_size.template operator()<Sizes>()) all.push_back(std::move(w));
        }(),
        ...);
    return all;
}

// f(i, j) for every element of a square matrix.
template <class F>
std::vector<double> by_elements(int size, F f) {
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(size) * static_cast<std::size_t>(size) * 2);
    for (int i = 0; i < size; ++i)
        for (int j = 0; j < size; ++j) values.push_back(f(i, j));
    return values;
}

}  // namespace benchmark
