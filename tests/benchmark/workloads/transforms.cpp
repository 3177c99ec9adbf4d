// Constraints with their densities, against Stan Math and PyTorch's distributions (transforms.hpp); and geotorch's sets
// of matrices, value and gradient, against the same formulas in PyTorch.
//
// SPDX-License-Identifier: BSL-1.0
#include "../transforms.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <paramorph/nn/function_gradient.hpp>
#include <paramorph/op/multiply.hpp>
#include <paramorph/op/reduce.hpp>
#include <paramorph/param/almost_orthogonal.hpp>
#include <paramorph/param/corr_matrix.hpp>
#include <paramorph/param/cov_matrix.hpp>
#include <paramorph/param/fixed_rank.hpp>
#include <paramorph/param/ilr_simplex.hpp>
#include <paramorph/param/ordered.hpp>
#include <paramorph/param/positive_semidefinite.hpp>
#include <paramorph/parametrize/log_abs_det.hpp>

#include "../workload.hpp"

namespace benchmark {
namespace {

namespace pm = paramorph;

constexpr double bar_of_stan = 1 / 3.0, bar_of_distributions = 0.1, bar_of_geotorch = 1.0;

// --- densities ----------------------------------------------------------------------------------------------------

template <class P, int Free, int... Extents>
void density_gradient(float const* x, float const* g, float* to) {
    static xt::xtensor_fixed<double, xt::xshape<Free>> y;
    static xt::xtensor_fixed<double, xt::xshape<Extents...>> c;
    for (int i = 0; i < Free; ++i) y.data()[i] = free_scale * double(x[i]);
    std::copy_n(g, (Extents * ...), c.data());
    auto const result = pm::value_and_grad([](auto free, auto weights) {
        auto const [value, log_det] = pm::value_and_log_abs_det<P>(free);
        return pm::sum(weights * value) + log_det;
    })(y, c);
    auto const& gradient = std::get<0>(result.gradient);
    std::copy_n(gradient.data(), Free, to);
}

// By central differences of `density`, which is a plain loop over y and c.
template <class Density>
std::vector<double> slopes(int free, int weights, float const* x, float const* g, Density density) {
    std::vector<double> y(static_cast<std::size_t>(free)), all;
    std::vector<double> const c(g, g + weights);
    std::transform(x, x + free, y.begin(), [](float e) { return free_scale * double(e); });
    double const h = 1e-5;
    for (double& e : y) {
        double const at = e;
        e = at + h;
        double const above = density(y, c);
        e = at - h;
        all.push_back((above - density(y, c)) / (2 * h));
        e = at;
    }
    return all;
}

// The isometric log-ratio: y in the basis of Helmert, then softmax; to the surface.
double simplex_density(std::vector<double> const& y, std::vector<double> const& c) {
    std::size_t const n = c.size();
    std::vector<double> z(n);
    double below = 0;
    for (std::size_t i = n - 1; i > 0; --i) {  // z_i of y_(i - 1), which pulls down those before it
        double const w = y[i - 1] / std::sqrt(double(i) * double(i + 1));
        z[i] += below - w * double(i);
        below += w;
    }
    z[0] += below;
    double const most = *std::max_element(z.begin(), z.end());
    double total = 0, density = 0;
    for (double const e : z) total += std::exp(e - most);
    double const log_total = std::log(total) + most;
    for (std::size_t i = 0; i < n; ++i) density += c[i] * std::exp(z[i] - log_total) + z[i] - log_total;
    return density;
}
double ordered_density(std::vector<double> const& y, std::vector<double> const& c) {
    double value = y[0], density = c[0] * value;
    for (std::size_t i = 1; i < y.size(); ++i) {
        value += std::exp(y[i]);
        density += c[i] * value + y[i];
    }
    return density;
}
// sum(c * (l l^T)) of a lower triangle in rows one behind the other.
double of_product(std::vector<double> const& l, std::vector<double> const& c, std::size_t n) {
    std::vector<double> product(n), full(n * n);
    for (std::size_t i = 0, at = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j) full[i * n + j] = l[at++];
    double total = 0;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double const dot = std::inner_product(&full[i * n], &full[i * n] + j + 1, &full[j * n], 0.0);
            total += (i == j ? c[i * n + i] : c[i * n + j] + c[j * n + i]) * dot;
        }
    return total;
}
template <std::size_t N>
double covariance_density(std::vector<double> y, std::vector<double> const& c) {
    double density = double(N) * std::log(2.0);
    for (std::size_t k = 0, at = 0; k < N; at += ++k + 1) {
        density += double(N - k + 1) * y[at];
        y[at] = std::exp(y[at]);
    }
    return density + of_product(y, c, N);
}
template <std::size_t N>
double correlation_density(std::vector<double> const& y, std::vector<double> const& c) {
    std::vector<double> l;
    double density = 0;
    for (std::size_t i = 0, at = 0; i < N; ++i) {
        double rest = 1;
        for (std::size_t j = 0; j < i; ++j, ++at) {
            double const z = std::tanh(y[at]);
            l.push_back(z * std::sqrt(rest));
            rest *= 1 - z * z;
            density += double(N - j) / 2 * std::log1p(-z * z);
        }
        l.push_back(std::sqrt(rest));
    }
    return density + of_product(l, c, N);
}

template <int Size>
std::vector<workload> densities() {
    constexpr std::size_t n = Size;
    auto const of = [](char const* name, kernel run, auto expected) {
        return workload{.name = std::string(name) + ".density",
                        .size = Size,
                        .ours = run,
                        .variants = {},
                        .expected = expected,
                        .tolerance = 2e-5,
                        .bar = std::nullopt,
                        .bars_of_peers = {{"Stan", bar_of_stan}, {"PyTorch", bar_of_distributions}}};
    };
    return {
        of("simplex", density_gradient<pm::param::ilr_simplex, free_of_simplex(Size), Size>,
           [](float const* x, float const* g) { return slopes(free_of_simplex(Size), Size, x, g, simplex_density); }),
        of("ordered", density_gradient<pm::param::ordered, free_of_ordered(Size), Size>,
           [](float const* x, float const* g) { return slopes(free_of_ordered(Size), Size, x, g, ordered_density); }),
        of("cov_matrix", density_gradient<pm::param::cov_matrix, free_of_covariances(Size), Size, Size>,
           [](float const* x, float const* g) {
               return slopes(free_of_covariances(Size), Size * Size, x, g, covariance_density<n>);
           }),
        of("corr_matrix", density_gradient<pm::param::corr_matrix, free_of_correlations(Size), Size, Size>,
           [](float const* x, float const* g) {
               return slopes(free_of_correlations(Size), Size * Size, x, g, correlation_density<n>);
           })};
}

// --- sets of matrices ---------------------------------------------------------------------------------------------

using almost = pm::param::almost_orthogonal<0.5>;

template <class P, int Size>
inline constexpr int rank_of_set = Size;
template <int Rank, int Size>
inline constexpr int rank_of_set<pm::param::fixed_rank<Rank>, Size> = Rank;

// The numbers have deviation 4 before, and vectors of Size of them a length of 2 or so after.
template <int Size>
inline constexpr float set_scale = Size == 16   ? 1 / 8.0f
                                   : Size == 64 ? 1 / 16.0f
                                                : 1 / 32.0f;

// What forward takes of a set with signs as state: ones.
template <class P, class Element, int Size>
decltype(auto) with_signs(auto const& f, auto const&... x) {
    if constexpr (requires { typename P::template state<pm::shape<Size, Size>>; }) {
        static xt::xtensor_fixed<Element, xt::xshape<rank_of_set<P, Size>>> const signs = [] {
            std::remove_const_t<decltype(signs)> ones;
            ones.fill(1);
            return ones;
        }();
        return f(x..., signs);
    } else
        return f(x...);
}
template <class Element, int Size>
auto const& scaled_by_size(float const* x) {
    static xt::xtensor_fixed<Element, xt::xshape<Size, Size>> y;
    std::transform(x, x + Size * Size, y.data(), [](float e) { return Element(set_scale<Size>) * Element(e); });
    return y;
}
template <class P, class Element, int Size>
auto value_of_set(float const* x, float const*) {
    return with_signs<P, Element, Size>(
        pm::function([](auto free, auto... signs) { return P::forward(free, signs...); }),
        scaled_by_size<Element, Size>(x));
}
// The gradient of sum(c * p(x)) with respect to x, which needs the value.
template <class P, class Element, int Size>
auto gradient_of_set(float const* x, float const* g) {
    static xt::xtensor_fixed<Element, xt::xshape<Size, Size>> c;
    std::copy_n(g, Size * Size, c.data());
    return std::get<0>(with_signs<P, Element, Size>(pm::value_and_grad([](auto free, auto weights, auto... signs) {
                                                        return pm::sum(weights * P::forward(free, signs...));
                                                    }),
                                                    scaled_by_size<Element, Size>(x), c)
                           .gradient);
}
// F, called as f<Element>(x, g): in float what is measured, in double what is expected. The same types in double: what they give is
// held by their laws.
template <int Size, class F>
workload of_a_set(std::string name, F) {
    return {.name = std::move(name),
            .size = Size,
            .ours =
                [](float const* x, float const* g, float* to) {
                    auto const y = F{}.template operator()<float>(x, g);
                    std::copy_n(y.data(), Size * Size, to);
                },
            .variants = {},
            .expected =
                [](float const* x, float const* g) {
                    auto const y = F{}.template operator()<double>(x, g);
                    return std::vector<double>(y.data(), y.data() + Size * Size);
                },
            .tolerance = 1e-4,
            .bar = std::nullopt,
            .bars_of_peers = {{"PyTorch", bar_of_geotorch}}};
}
template <class P, int Size>
std::vector<workload> set_of_matrices(std::string const& name) {
    return {of_a_set<Size>(
                name + ".forward",
                []<class Element>(float const* x, float const* g) { return value_of_set<P, Element, Size>(x, g); }),
            of_a_set<Size>(name + ".gradient", []<class Element>(float const* x, float const* g) {
                return gradient_of_set<P, Element, Size>(x, g);
            })};
}
template <int Size>
std::vector<workload> sets() {
    auto all = set_of_matrices<pm::param::positive_definite, Size>("positive_definite");
    for (auto& w : set_of_matrices<pm::param::fixed_rank<Size / 4>, Size>("fixed_rank")) all.push_back(std::move(w));
    for (auto& w : set_of_matrices<almost, Size>("almost_orthogonal")) all.push_back(std::move(w));
    return all;
}

}  // namespace

std::vector<workload> transform_workloads() {
    auto all = densities<64>();
    for (auto& w : for_sizes<16, 64, 256>([]<int Size> { return sets<Size>(); })) all.push_back(std::move(w));
    return all;
}

}  // namespace benchmark
