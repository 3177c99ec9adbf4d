// The symmetric parametrization: its value, its gradient, and how its value stands to a copy of the matrix.
//
// SPDX-License-Identifier: BSL-1.0
#include "../hand_written/symmetric.hpp"

#include <cstring>

#include "../subject.hpp"
#include "../workload.hpp"

namespace benchmark {
namespace {

constexpr double bar_of_hand_written = 1.10, bar_of_copy_beyond_caches = 2.8;

template <void (*Run)(float const*, float*)>
void of_matrix(float const* x, float const*, float* y) {
    Run(x, y);
}
template <void (*Run)(float const*, float*)>
void of_cotangent(float const*, float const* g, float* dx) {
    Run(g, dx);
}

template <int Size>
void copy_by_library(float const* x, float const*, float* to) {
    std::memcpy(to, x, sizeof(float) * Size * Size);
}
template <int Size>
void copy_by_vectors(float const* x, float const*, float* to) {
    for (int i = 0; i < Size * Size; i += 32)
        for (int k = 0; k < 32; k += 8) _mm256_storeu_ps(to + i + k, _mm256_loadu_ps(x + i + k));
}

template <int Size>
std::vector<workload> of_size() {
    using namespace hand_written;
    kernel const ours = [](float const* x, float const*, float* y) { subject<Size>::symmetric_forward(x, y); };
    auto const values = [](float const* x, float const*) {
        return by_elements(
            Size, [x](int i, int j) { return static_cast<double>(i <= j ? x[i * Size + j] : x[j * Size + i]); });
    };
    auto const gradients = [](float const*, float const* g) {
        return by_elements(Size, [g](int i, int j) {
            float const both = g[i * Size + j] + g[j * Size + i];
            return i < j ? static_cast<double>(both) : i == j ? static_cast<double>(g[i * Size + j]) : 0.0;
        });
    };
    return {
        {.name = "symmetric.forward",
         .size = Size,
         .ours = ours,
         .variants = {{"tiles", of_matrix<tiles<symmetric_forward, Size>>},
                      {"bands", of_matrix<bands<symmetric_forward, Size>>},
                      {"blocks of 32", of_matrix<blocks<symmetric_forward, Size, 32>>},
                      {"blocks of 64", of_matrix<blocks<symmetric_forward, Size, 64>>},
                      {"blocks of 128", of_matrix<blocks<symmetric_forward, Size, 128>>}},
         .expected = values,
         .tolerance = 0,
         .bar = bar_of_hand_written},
        {.name = "symmetric.gradient",
         .size = Size,
         .ours = subject<Size>::symmetric_gradient,
         .variants = {{"tiles", of_cotangent<tiles<symmetric_gradient, Size>>},
                      {"bands", of_cotangent<bands<symmetric_gradient, Size>>},
                      {"blocks of 32", of_cotangent<blocks<symmetric_gradient, Size, 32>>},
                      {"blocks of 64", of_cotangent<blocks<symmetric_gradient, Size, 64>>},
                      {"blocks of 128", of_cotangent<blocks<symmetric_gradient, Size, 128>>}},
         .expected = gradients,
         .tolerance = 0,
         .bar = bar_of_hand_written},
        {.name = "symmetric.forward_over_copy",
         .size = Size,
         .ours = ours,
         .variants = {{"memcpy", copy_by_library<Size>}, {"copy by vectors", copy_by_vectors<Size>}},
         .expected = values,
         .tolerance = 0,
         .bar = Size == 1024 ? std::optional(bar_of_copy_beyond_caches) : std::nullopt,
         .variants_are = "limit"},
    };
}

}  // namespace

std::vector<workload> symmetric_workloads() {
    return for_sizes<16, 64, 256, 1024>([]<int Size> { return of_size<Size>(); });
}

}  // namespace benchmark
