// Spectral norm in training, with one step of power iteration: its value with the vectors that the step gives, and its
// gradient, to which they are constants.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include "../subject.hpp"
#include "../workload.hpp"

namespace benchmark {
namespace {

// No slower than the faster of the two.
std::vector<std::pair<std::string, double>> const bars{{"Eigen", 1.0}, {"PyTorch", 1.0}};

// u lies behind the matrix, v behind the cotangent; what they become, behind the value.
template <int Size>
void forward(float const* x, float const* g, float* to) {
    float* const next_u = to + Size * Size;
    spectral_norm_subject<Size>::forward(x, x + Size * Size, g + Size * Size, to, next_u, next_u + Size);
}
template <int Size>
void gradient(float const* x, float const* g, float* to) {
    spectral_norm_subject<Size>::gradient(x, x + Size * Size, g + Size * Size, g, to);
}

struct estimate {
    std::vector<double> u, v;
    double sigma;
};
double divide_by_norm(std::vector<double>& x) {
    double squares = 0;
    for (double const e : x) squares += e * e;
    for (double& e : x) e /= std::sqrt(squares);
    return std::sqrt(squares);
}
estimate step(int size, float const* w, float const* v) {
    auto const n = static_cast<std::size_t>(size);
    estimate e{std::vector<double>(n), std::vector<double>(n), 0};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) e.u[i] += static_cast<double>(w[i * n + j]) * static_cast<double>(v[j]);
    divide_by_norm(e.u);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) e.v[j] += static_cast<double>(w[i * n + j]) * e.u[i];
    e.sigma = divide_by_norm(e.v);
    return e;
}
std::vector<double> values(int size, float const* w, float const* v) {
    estimate const e = step(size, w, v);
    auto all = by_elements(size, [&](int i, int j) { return static_cast<double>(w[i * size + j]) / e.sigma; });
    all.insert(all.end(), e.u.begin(), e.u.end());
    all.insert(all.end(), e.v.begin(), e.v.end());
    return all;
}
std::vector<double> gradients(int size, float const* w, float const* v, float const* c) {
    estimate const e = step(size, w, v);
    double product = 0;
    for (int k = 0; k < size * size; ++k) product += static_cast<double>(c[k]) * static_cast<double>(w[k]);
    return by_elements(size, [&](int i, int j) {
        double const along = e.u[static_cast<std::size_t>(i)] * e.v[static_cast<std::size_t>(j)];
        return static_cast<double>(c[i * size + j]) / e.sigma - product / (e.sigma * e.sigma) * along;
    });
}

template <int Size>
std::vector<workload> of_size() {
    return {
        {.name = "spectral_norm.forward",
         .size = Size,
         .ours = forward<Size>,
         .variants = {},
         .expected = [](float const* x, float const* g) { return values(Size, x, g + Size * Size); },
         .tolerance = 1e-5,
         .bar = std::nullopt,
         .bars_of_peers = bars},
        {.name = "spectral_norm.gradient",
         .size = Size,
         .ours = gradient<Size>,
         .variants = {},
         .expected = [](float const* x, float const* g) { return gradients(Size, x, g + Size * Size, g); },
         .tolerance = 1e-5,
         .bar = std::nullopt,
         .bars_of_peers = bars},
    };
}

}  // namespace

std::vector<workload> spectral_norm_workloads() {
    return for_sizes<64, 256, 1024>([]<int Size> { return of_size<Size>(); });
}

}  // namespace benchmark
