// Weight normalisation of rows: its value, and the gradient with respect to the matrix and to the lengths of its rows.
//
// SPDX-License-Identifier: BSL-1.0
#include "../hand_written/weight_norm.hpp"

#include <cmath>

#include "../subject.hpp"
#include "../workload.hpp"

namespace benchmark {
namespace {

constexpr double bar = 1.10;

// The lengths lie behind the matrix, their gradient behind the matrix's.
template <int Size, void (*Run)(float const*, float const*, float*)>
void forward(float const* x, float const*, float* y) {
    Run(x, x + Size * Size, y);
}
template <int Size, void (*Run)(float const*, float const*, float const*, float*, float*)>
void gradient(float const* x, float const* c, float* to) {
    Run(x, x + Size * Size, c, to, to + Size * Size);
}

double dot(float const* a, float const* b, int size) {
    double sum = 0;
    for (int j = 0; j < size; ++j) sum += static_cast<double>(a[j]) * static_cast<double>(b[j]);
    return sum;
}
std::vector<double> values(int size, float const* v, float const* g) {
    std::vector<double> factor;
    for (int i = 0; i < size; ++i)
        factor.push_back(static_cast<double>(g[i]) / std::sqrt(dot(v + i * size, v + i * size, size)));
    return by_elements(
        size, [&](int i, int j) { return factor[static_cast<std::size_t>(i)] * static_cast<double>(v[i * size + j]); });
}
std::vector<double> gradients(int size, float const* v, float const* g, float const* c) {
    std::vector<double> of_matrix, of_lengths;
    for (int i = 0; i < size; ++i) {
        float const *const row = v + i * size, *const cotangent = c + i * size;
        double const squares = dot(row, row, size), products = dot(row, cotangent, size), norm = std::sqrt(squares);
        for (int j = 0; j < size; ++j)
            of_matrix.push_back(static_cast<double>(g[i]) / norm *
                                (static_cast<double>(cotangent[j]) - static_cast<double>(row[j]) * products / squares));
        of_lengths.push_back(products / norm);
    }
    of_matrix.insert(of_matrix.end(), of_lengths.begin(), of_lengths.end());
    return of_matrix;
}

// From 64 on no slower than the faster of the two.
template <int Size>
std::vector<std::pair<std::string, double>> bars_of_peers() {
    if constexpr (Size < 64) return {{"Eigen", bar}};
    return {{"Eigen", 1.0}, {"PyTorch", 1.0}};
}

template <int Size>
std::vector<workload> of_size() {
    using namespace hand_written;
    return {
        {.name = "weight_norm.forward",
         .size = Size,
         .ours = forward<Size, subject<Size>::weight_norm_forward>,
         .variants = {{"rows", forward<Size, weight_norm_forward_by_rows<Size, 4>>},
                      {"8 rows, 4 summed", forward<Size, weight_norm_forward<Size, 8, 4, 2>>},
                      {"8 rows, 8 summed", forward<Size, weight_norm_forward<Size, 8, 8, 1>>},
                      {"16 rows, 4 summed", forward<Size, weight_norm_forward<Size, 16, 4, 2>>},
                      {"16 rows, 8 summed", forward<Size, weight_norm_forward<Size, 16, 8, 1>>}},
         .expected = [](float const* x, float const*) { return values(Size, x, x + Size * Size); },
         .tolerance = 1e-5,
         .bar = bar,
         .bars_of_peers = bars_of_peers<Size>()},
        {.name = "weight_norm.gradient",
         .size = Size,
         .ours = gradient<Size, subject<Size>::weight_norm_gradient>,
         .variants = {{"rows", gradient<Size, weight_norm_gradient_by_rows<Size, 4>>},
                      {"8 rows, 4 summed", gradient<Size, weight_norm_gradient<Size, 8, 4, 2>>},
                      {"8 rows, 8 summed", gradient<Size, weight_norm_gradient<Size, 8, 8, 1>>},
                      {"16 rows, 4 summed", gradient<Size, weight_norm_gradient<Size, 16, 4, 2>>},
                      {"16 rows, 8 summed", gradient<Size, weight_norm_gradient<Size, 16, 8, 1>>}},
         .expected = [](float const* x, float const* c) { return gradients(Size, x, x + Size * Size, c); },
         .tolerance = 1e-5,
         .bar = bar,
         .bars_of_peers = bars_of_peers<Size>()},
    };
}

}  // namespace

std::vector<workload> weight_norm_workloads() {
    return for_sizes<16, 64, 256, 1024>([]<int Size> { return of_size<Size>(); });
}

}  // namespace benchmark
