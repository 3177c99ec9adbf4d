// Orthogonal matrices from skew ones, value and gradient: the Cayley map against Eigen's partialPivLu, the exponential
// against its MatrixFunctions. What a gradient costs is measured against the value alone.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <tuple>

#include "../subject.hpp"
#include "../workload.hpp"

namespace benchmark {
namespace {

constexpr double bar_of_eigen = 0.7, bar_of_pytorch = 1.0;

// Square matrices in double, row by row.
struct square {
    int n;
    std::vector<double> at = std::vector<double>(static_cast<std::size_t>(n) * static_cast<std::size_t>(n));

    double& operator()(int i, int j) { return at[static_cast<std::size_t>(i * n + j)]; }
    double operator()(int i, int j) const { return at[static_cast<std::size_t>(i * n + j)]; }
    square transposed() const {
        square t{n};
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j) t(j, i) = (*this)(i, j);
        return t;
    }
    friend square operator*(square const& a, square const& b) {
        square c{a.n};
        for (int i = 0; i < a.n; ++i)
            for (int k = 0; k < a.n; ++k)
                for (int j = 0; j < a.n; ++j) c(i, j) += a(i, k) * b(k, j);
        return c;
    }
};

square skew_of(int n, float const* x, double scale) {
    square a{n};
    for (int i = 0; i < n; ++i)
        for (int j = i + 1; j < n; ++j) {
            a(i, j) = scale * double(x[i * n + j]);
            a(j, i) = -a(i, j);
        }
    return a;
}
square given(int n, float const* g) {
    square c{n};
    std::copy_n(g, n * n, c.at.begin());
    return c;
}
// By elimination without exchanges, which I + a skew matrix allows.
square inverse(square b) {
    square x{b.n};
    for (int k = 0; k < b.n; ++k) x(k, k) = 1;
    for (int k = 0; k < b.n; ++k) {
        double const pivot = 1 / b(k, k);
        for (int j = 0; j < b.n; ++j) b(k, j) *= pivot, x(k, j) *= pivot;
        for (int i = 0; i < b.n; ++i) {
            double const factor = i == k ? 0 : b(i, k);
            for (int j = 0; j < b.n; ++j) b(i, j) -= factor * b(k, j), x(i, j) -= factor * x(k, j);
        }
    }
    return x;
}
// The value, and behind it the gradient with respect to x from the cotangent of the skew matrix.
std::vector<double> answer(square const& value, square const* cotangent, double scale) {
    std::vector<double> all = value.at;
    for (int i = 0; cotangent && i < value.n; ++i)
        for (int j = 0; j < value.n; ++j)
            all.push_back(j > i ? scale * ((*cotangent)(i, j) - (*cotangent)(j, i)) : 0.0);
    return all;
}
std::vector<double> cayley(int n, float const* x, float const* g, double scale) {
    square b = skew_of(n, x, scale);
    for (int i = 0; i < n; ++i) b(i, i) = 1;
    square const m = inverse(std::move(b));
    square value = m;
    for (double& e : value.at) e *= 2;
    for (int i = 0; i < n; ++i) value(i, i) -= 1;
    if (!g) return answer(value, nullptr, scale);
    square cotangent = m.transposed() * given(n, g) * m.transposed();
    for (double& e : cotangent.at) e *= -2;
    return answer(value, &cotangent, scale);
}
// By Taylor's series of a / 16, squared four times; with it goes its derivative along the transposed cotangent, whose
// transpose is the adjoint.
std::vector<double> matrix_exp(int n, float const* x, float const* g, double scale) {
    square const a = skew_of(n, x, scale / 16);
    square power{n}, value{n}, along{n}, slope{n}, direction{n};
    for (int i = 0; i < n; ++i) power(i, i) = value(i, i) = 1;
    if (g) direction = given(n, g).transposed();
    auto const add = [](square& to, square const& from) {
        for (std::size_t i = 0; i < to.at.size(); ++i) to.at[i] += from.at[i];
    };
    auto const times = [&](square const& p, square const& dp, square const& q, square const& dq) {
        square d{n};
        if (g) d = dp * q, add(d, p * dq);
        return std::pair{p * q, d};
    };
    for (double k = 1; k < 14; ++k) {
        std::tie(power, slope) = times(power, slope, a, direction);
        for (double& e : power.at) e /= k;
        for (double& e : slope.at) e /= k;
        add(value, power), add(along, slope);
    }
    for (int k = 0; k < 4; ++k) std::tie(value, along) = times(value, along, value, along);
    square cotangent = along.transposed();
    for (double& e : cotangent.at) e /= 16;
    return answer(value, g ? &cotangent : nullptr, scale);
}

// `answers` gives the value, and the gradient where it is given a cotangent.
template <int Size>
std::vector<workload> both(std::string const& name, kernel value, kernel value_and_gradient, double bar_of_gradient,
                           std::vector<double> (*answers)(int, float const*, float const*, double)) {
    return {{.name = name + ".forward",
             .size = Size,
             .ours = value,
             .variants = {},
             .expected = [=](float const* x, float const*) { return answers(Size, x, nullptr, rotation_scale<Size>); },
             .tolerance = 1e-5,
             .bar = std::nullopt,
             .bars_of_peers = {{"Eigen", bar_of_eigen}, {"PyTorch", bar_of_pytorch}}},
            {.name = name + ".both",
             .size = Size,
             .ours = value_and_gradient,
             .variants = {{"the value alone", value}},
             .expected = [=](float const* x, float const* g) { return answers(Size, x, g, rotation_scale<Size>); },
             .tolerance = 1e-5,
             .bar = bar_of_gradient,
             .bars_of_peers = {{"PyTorch", bar_of_pytorch}},
             .variants_are = "limit"}};
}
template <int Size>
std::vector<workload> of_size() {
    using subject = rotation_subject<Size>;
    auto all = both<Size>(
        "cayley", [](float const* x, float const*, float* y) { subject::cayley_forward(x, y); },
        [](float const* x, float const* g, float* to) { subject::cayley_both(x, g, to, to + Size * Size); }, 3, cayley);
    for (auto& w : both<Size>(
             "matrix_exp", [](float const* x, float const*, float* y) { subject::matrix_exp_forward(x, y); },
             [](float const* x, float const* g, float* to) { subject::matrix_exp_both(x, g, to, to + Size * Size); }, 4,
             matrix_exp))
        all.push_back(std::move(w));
    return all;
}

}  // namespace

std::vector<workload> rotation_workloads() {
    return for_sizes<16, 64, 256>([]<int Size> { return of_size<Size>(); });
}

}  // namespace benchmark
