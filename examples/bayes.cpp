// A Bayesian model, sampled by Hamiltonian Monte Carlo: shares of four kinds, of which some were counted, and the
// correlations of three variables, of which two were measured. Densities are written of the shares and the correlation
// matrix themselves; pm::value_and_log_abs_det corrects them for the free numbers in which the sampler moves, and
// pm::value_and_grad is all that it needs. Nothing else is used but a loop.
//
// The posterior means are known: of the shares, a Dirichlet distribution's; of the measured correlation, an integral
// over one number, since a correlation of the LKJ distribution is distributed as (1 - r^2)^(eta - 2 + k / 2)
// (Lewandowski, Kurowicka and Joe 2009); of the others 0. The sampler's must be within 3 standard errors of them.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <paramorph/nn/function_gradient.hpp>
#include <paramorph/nn/log_abs_det.hpp>
#include <paramorph/op/determinant.hpp>
#include <paramorph/param/corr_matrix.hpp>
#include <paramorph/param/ilr_simplex.hpp>

namespace pm = paramorph;
using three = xt::xtensor_fixed<double, xt::xshape<3>>;
using four = xt::xtensor_fixed<double, xt::xshape<4>>;

// 17 were counted; the prior is Dirichlet(2, 2, 2, 2).
four const counts{8, 5, 3, 1};
constexpr double prior = 2;
// Of 12 pairs of standardized measurements the sums of x^2, x y and y^2.
constexpr double pairs = 12, sxx = 13, sxy = 8, syy = 11;

// log p(shares, correlations | counts, measurements), but for a constant, as a function of free numbers.
auto const posterior = pm::value_and_grad([](auto t, auto y, auto counted) {
    auto const [shares, of_shares] = pm::value_and_log_abs_det<pm::param::ilr_simplex>(t);
    auto const [r, of_r] = pm::value_and_log_abs_det<pm::param::corr_matrix>(y);
    auto const measured = pm::sum(pm::slice<1, 0, 1>(pm::slice<0, 1, 2>(r)));  // the correlation r_10
    auto const rest = 1.0 - measured * measured;
    return pm::sum((counted + (prior - 1)) * pm::log(shares)) + of_shares +                // Dirichlet and multinomial
           pm::logabsdet(r) + of_r -                                                       // LKJ with eta = 2
           (pairs / 2) * pm::log(rest) - (sxx - 2 * sxy * measured + syy) / (2.0 * rest);  // two normal variables
});

struct state {
    three t, y;
};

// The mean of the measured correlation, by Simpson's rule: eta = 2 and k = 3 give (1 - r^2)^1.5.
double known_correlation() {
    double total = 0, weighted = 0;
    constexpr int n = 20000;
    for (int i = 1; i < n; ++i) {
        double const r = -1 + 2.0 * i / n, rest = 1 - r * r, weight = i % 2 ? 4 : 2;
        double const p = weight * std::exp((1.5 - pairs / 2) * std::log(rest) - (sxx - 2 * sxy * r + syy) / (2 * rest));
        total += p, weighted += p * r;
    }
    return weighted / total;
}

// What is asked for: four shares, three correlations.
std::array<double, 7> quantities(state const& at) {
    static auto const shares_of = pm::function([](auto t) { return pm::param::ilr_simplex::forward(t); });
    static auto const correlations_of = pm::function([](auto y) { return pm::param::corr_matrix::forward(y); });
    auto const p = shares_of(at.t);
    auto const r = correlations_of(at.y);
    return {p(0), p(1), p(2), p(3), r(1, 0), r(2, 0), r(2, 1)};
}

int main() {
    pm::random numbers{pm::seed{2024}};
    auto const normal = [&] {
        double const radius = std::sqrt(-2 * std::log(1 - numbers.uniform(0, 1)));
        return radius * std::cos(6.283185307179586 * numbers.uniform(0, 1));
    };
    constexpr int batches = 40, draws = 500, warm_up = 500;
    constexpr double step = 0.25;
    state at{{0, 0, 0}, {0, 0, 0}};
    std::array<std::array<double, batches>, 7> means{};
    int accepted = 0;
    for (int draw = -warm_up; draw < batches * draws; ++draw) {
        state momentum, next = at;
        for (auto* m : {&momentum.t, &momentum.y})
            for (double& e : *m) e = normal();
        auto here = posterior(at.t, at.y, counts);
        auto const energy = [](double log_density, state const& m) {
            double squares = 0;
            for (auto const* part : {&m.t, &m.y})
                for (double const e : *part) squares += e * e;
            return squares / 2 - log_density;
        };
        double const before = energy(here.value, momentum);
        double after = before;
        try {
            // Leapfrog, of a random length so that no orbit closes.
            for (int k = 5 + numbers.below(6); k > 0; --k) {
                momentum.t += step / 2 * std::get<0>(here.gradient);
                momentum.y += step / 2 * std::get<1>(here.gradient);
                next.t += step * momentum.t;
                next.y += step * momentum.y;
                here = posterior(next.t, next.y, counts);
                momentum.t += step / 2 * std::get<0>(here.gradient);
                momentum.y += step / 2 * std::get<1>(here.gradient);
            }
            after = energy(here.value, momentum);
        } catch (pm::error const&) {
            after = std::numeric_limits<double>::infinity();  // a matrix that is singular after rounding: no density
        }
        if (numbers.uniform(0, 1) < std::exp(before - after)) at = next, accepted += draw >= 0;
        if (draw < 0) continue;
        auto const found = quantities(at);
        for (std::size_t q = 0; q < 7; ++q) means[q][static_cast<std::size_t>(draw / draws)] += found[q] / draws;
    }
    double const total = 17 + 4 * prior;
    std::array<double, 7> const known{
        (8 + prior) / total, (5 + prior) / total, (3 + prior) / total, (1 + prior) / total, known_correlation(), 0, 0};
    bool right = true;
    std::printf("accepted %.0f %%\n", 100.0 * accepted / (batches * draws));
    for (std::size_t q = 0; q < 7; ++q) {
        // Batches are long enough to be nearly independent; their spread is that of the mean.
        double mean = 0, spread = 0;
        for (double const m : means[q]) mean += m / batches;
        for (double const m : means[q]) spread += (m - mean) * (m - mean);
        double const error = std::sqrt(spread / (batches - 1) / batches);
        std::printf("%s %.4f +- %.4f, known %.4f\n", q < 4 ? "share      " : "correlation", mean, error, known[q]);
        right = right && std::abs(mean - known[q]) <= 3 * error && error < 0.004;
    }
    return right ? 0 : 1;
}
