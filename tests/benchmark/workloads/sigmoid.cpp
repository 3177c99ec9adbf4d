// The sigmoid chain: its value, its gradient, and both from one program. And sigmoid alone in the fast precision:
// against Eigen's, and against one by hand for information.
//
// SPDX-License-Identifier: BSL-1.0
#include "../hand_written/sigmoid.hpp"

#include <cmath>

#include "../hand_written/fast_sigmoid.hpp"
#include "../subject.hpp"
#include "../workload.hpp"

namespace benchmark {
namespace {

using hand_written::exponential;
constexpr double bar_of_hand_written = 1.05, bar_of_gradient = 1.10, bar_of_both = 1.10, bar_of_fastad = 0.2,
                 bar_of_eigen = 1.0;
constexpr hand_written::bounded bounds{lower, upper, slope};
constexpr double width = static_cast<double>(upper) - static_cast<double>(lower);
// 4 ulp of sigmoid below one are 2.4e-7; times the width of the bounds, and as much again for slope * x and the sum.
constexpr double tolerance = 2 * 2.4e-7 * width;

template <int Size, exponential Kind, int Unroll>
void forward(float const* x, float const*, float* y) {
    hand_written::sigmoid_forward<bounds, Kind, Unroll>(x, y, Size * Size);
}
template <int Size, exponential Kind, int Unroll, bool FromValue = false>
void gradient(float const* x, float const* g, float* dx) {
    hand_written::sigmoid_gradient<bounds, Kind, Unroll, FromValue>(x, g, dx, Size * Size);
}
template <int Size, exponential Kind, int Unroll, bool FromValue = false>
void both(float const* x, float const* g, float* to) {
    hand_written::sigmoid_both<bounds, Kind, Unroll, FromValue>(x, g, to, to + Size * Size, Size * Size);
}

template <int Size, int Unroll>
void fast(float const* x, float const*, float* y) {
    hand_written::fast_sigmoid<Unroll>(x, y, Size * Size);
}

double sigmoid(float x) {
    return 1 / (1 + std::exp(-static_cast<double>(slope) * static_cast<double>(x)));
}
double value(float x) {
    return static_cast<double>(lower) + width * sigmoid(x);
}
double pulled(float x, float g) {
    double const s = sigmoid(x);
    return static_cast<double>(g) * width * static_cast<double>(slope) * s * (1 - s);
}

template <int Size>
std::vector<workload> of_size() {
    auto constexpr table = exponential::table, polynomial = exponential::polynomial;
    auto const values = [](float const* x, float const*) {
        return by_elements(Size, [x](int i, int j) { return value(x[i * Size + j]); });
    };
    auto const gradients = [](float const* x, float const* g) {
        return by_elements(Size, [x, g](int i, int j) { return pulled(x[i * Size + j], g[i * Size + j]); });
    };
    return {
        {.name = "fast_sigmoid.forward",
         .size = Size,
         .ours = [](float const* x, float const*, float* y) { subject<Size>::fast_sigmoid_forward(x, y); },
         .variants = {{"2^-15, 2 vectors", fast<Size, 2>}, {"2^-15, 4 vectors", fast<Size, 4>}},
         .expected =
             [](float const* x, float const*) {
                 return by_elements(
                     Size, [x](int i, int j) { return 1 / (1 + std::exp(-static_cast<double>(x[i * Size + j]))); });
             },
         .tolerance = 0x1p-15,
         .bar = std::nullopt,
         .bars_of_peers = {{"Eigen", bar_of_eigen}},
         .tolerance_is_relative = true},
        {.name = "sigmoid_chain.forward",
         .size = Size,
         .ours = [](float const* x, float const*, float* y) { subject<Size>::sigmoid_forward(x, y); },
         .variants = {{"table, 2 vectors", forward<Size, table, 2>},
                      {"table, 4 vectors", forward<Size, table, 4>},
                      {"polynomial, 2 vectors", forward<Size, polynomial, 2>}},
         .expected = values,
         .tolerance = tolerance,
         .bar = bar_of_hand_written},
        {.name = "sigmoid_chain.gradient",
         .size = Size,
         .ours = subject<Size>::sigmoid_gradient,
         .variants = {{"table, 2 vectors", gradient<Size, table, 2>},
                      {"table, 4 vectors", gradient<Size, table, 4>},
                      {"polynomial, 2 vectors", gradient<Size, polynomial, 2>},
                      {"from the value, 2 vectors", gradient<Size, table, 2, true>},
                      {"from the value, 4 vectors", gradient<Size, table, 4, true>}},
         .expected = gradients,
         .tolerance = tolerance,
         .bar = bar_of_gradient},
        {.name = "sigmoid_chain.both",
         .size = Size,
         .ours = [](float const* x, float const* g,
                    float* to) { subject<Size>::sigmoid_both(x, g, to, to + Size * Size); },
         .variants = {{"table, 2 vectors", both<Size, table, 2>},
                      {"table, 4 vectors", both<Size, table, 4>},
                      {"polynomial, 2 vectors", both<Size, polynomial, 2>},
                      {"from the value, 2 vectors", both<Size, table, 2, true>},
                      {"from the value, 4 vectors", both<Size, table, 4, true>}},
         .expected =
             [=](float const* x, float const* g) {
                 auto all = values(x, g), second = gradients(x, g);
                 all.insert(all.end(), second.begin(), second.end());
                 return all;
             },
         .tolerance = tolerance,
         .bar = bar_of_both,
         .bars_of_peers = {{"FastAD", bar_of_fastad}}},
    };
}

}  // namespace

std::vector<workload> sigmoid_workloads() {
    return for_sizes<16, 64, 256, 1024>([]<int Size> { return of_size<Size>(); });
}

}  // namespace benchmark
