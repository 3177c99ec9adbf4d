// Products of a matrix with a matrix and with a vector, against Eigen's.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>

#include "../subject.hpp"
#include "../workload.hpp"

namespace benchmark {
namespace {

constexpr double bar_of_eigen = 1.0;

// The columns of b, of which there are `columns`, lie `columns` apart.
std::vector<double> product(int size, int columns, float const* a, float const* b) {
    std::vector<double> all, row(static_cast<std::size_t>(columns));
    for (int i = 0; i < size; ++i) {
        std::ranges::fill(row, 0.0);
        for (int k = 0; k < size; ++k)
            for (int j = 0; j < columns; ++j)
                row[static_cast<std::size_t>(j)] +=
                    static_cast<double>(a[i * size + k]) * static_cast<double>(b[k * columns + j]);
        all.insert(all.end(), row.begin(), row.end());
    }
    return all;
}

template <int Size>
workload matmul() {
    return {.name = "matmul",
            .size = Size,
            .ours = product_subject<Size>::matmul,
            .variants = {},
            .expected = [](float const* a, float const* b) { return product(Size, Size, a, b); },
            .tolerance = 1e-6 * Size,
            .bar = std::nullopt,
            .bars_of_peers = {{"Eigen", bar_of_eigen}}};
}
// Of long vectors it is memory that is measured: no bar.
template <int Size>
std::vector<std::pair<std::string, double>> bars_of_vectors() {
    if constexpr (Size > 64) return {};
    return {{"Eigen", bar_of_eigen}};
}
template <int Size>
workload matrix_vector() {
    return {.name = "matrix_vector",
            .size = Size,
            .ours = product_subject<Size>::matrix_vector,
            .variants = {},
            .expected = [](float const* a, float const* x) { return product(Size, 1, a, x); },
            .tolerance = 1e-6 * Size,
            .bar = std::nullopt,
            .bars_of_peers = bars_of_vectors<Size>()};
}

}  // namespace

std::vector<workload> product_workloads() {
    return {matmul<16>(),        matmul<64>(),         matmul<256>(),        matmul<512>(),
            matrix_vector<64>(), matrix_vector<256>(), matrix_vector<1024>()};
}

}  // namespace benchmark
