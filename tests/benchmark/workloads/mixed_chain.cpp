// The mixed chain of twelve stages: its value and its gradient.
//
// SPDX-License-Identifier: BSL-1.0
#include "../hand_written/mixed_chain.hpp"

#include <cmath>

#include "../subject.hpp"
#include "../workload.hpp"

namespace benchmark {
namespace {

using hand_written::exponential;
constexpr double bar = 1.10;

template <int Size, exponential Kind, int Block>
void forward(float const* x, float const*, float* y) {
    hand_written::mixed_chain_forward<mixed, Size, Kind, Block>(x, y);
}
template <int Size, exponential Kind, int Block>
void gradient(float const* x, float const* g, float* dx) {
    hand_written::mixed_chain_gradient<mixed, Size, Kind, Block>(x, g, dx);
}

// What the element at row i, column j becomes, which then is at row j, column i; and the derivative with respect to
// what enters the third stage.
struct element {
    double value, slope;
};
element element_of(float const* x, int size, int i, int j) {
    auto const [scale, mirror, above, shift, below, last] = mixed;
    double const weight = j > i ? static_cast<double>(above) : 1.0;
    double const factor = static_cast<double>(last) * (j > i ? 1 - static_cast<double>(below) : 1.0);
    double const entering =
        static_cast<double>(scale) *
        (static_cast<double>(x[i * size + j]) + static_cast<double>(mirror) * static_cast<double>(x[j * size + i]));
    double const bounded = std::tanh(entering);
    double const squashed = 1 / (1 + std::exp(-(weight * bounded + static_cast<double>(shift))));
    double const raised = std::exp(2 * squashed - 1);
    return {factor * (raised * raised + raised),
            factor * (2 * raised + 1) * raised * 2 * squashed * (1 - squashed) * weight * (1 - bounded * bounded)};
}

template <int Size>
std::vector<workload> of_size() {
    auto constexpr table = exponential::table, polynomial = exponential::polynomial;
    return {
        {.name = "mixed_chain.forward",
         .size = Size,
         .ours = [](float const* x, float const*, float* y) { mixed_subject<Size>::forward(x, y); },
         .variants = {{"table", forward<Size, table, Size>},
                      {"table, blocks of 64", forward<Size, table, 64>},
                      {"polynomial", forward<Size, polynomial, Size>}},
         .expected =
             [](float const* x, float const*) {
                 return by_elements(Size, [x](int i, int j) { return element_of(x, Size, j, i).value; });
             },
         .tolerance = 5e-6,
         .bar = bar},
        {.name = "mixed_chain.gradient",
         .size = Size,
         .ours = mixed_subject<Size>::gradient,
         .variants = {{"table", gradient<Size, table, Size>},
                      {"table, blocks of 64", gradient<Size, table, 64>},
                      {"polynomial", gradient<Size, polynomial, Size>}},
         .expected =
             [](float const* x, float const* g) {
                 auto const entering = by_elements(Size, [x, g](int i, int j) {
                     return static_cast<double>(g[j * Size + i]) * element_of(x, Size, i, j).slope;
                 });
                 auto const at = [&](int i, int j) { return entering[static_cast<std::size_t>(i * Size + j)]; };
                 return by_elements(Size, [&](int i, int j) {
                     return static_cast<double>(mixed.scale) *
                            (at(i, j) + static_cast<double>(mixed.mirror) * at(j, i));
                 });
             },
         .tolerance = 5e-6,
         .bar = bar},
    };
}

}  // namespace

std::vector<workload> mixed_workloads() {
    return for_sizes<64, 256>([]<int Size> { return of_size<Size>(); });
}

}  // namespace benchmark
