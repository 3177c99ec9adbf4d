// log_abs_det_law<P, Shape>(seed): is what pm::log_abs_det<P> says that of forward? Empty, or a sentence. Shape is that
// of a tensor with P. Independent of any test framework, not part of the umbrella.
//
//     CHECK(pm::testing::log_abs_det_law<pm::param::positive, pm::shape<3>>() == "");
//
// The Jacobian is that of central finite differences in double at reproducible originals in (-1, 1), from the
// original's numbers to the coordinates of the set's chart (pm::in_chart), of which there must be as many; on
// set::sum_to_zero to all elements, by the determinant of J^T J. It must agree to 1e-6, and the gradient of log_abs_det
// with the finite differences of it to 1e-7. Cost: everything is traced at run time and interpreted; next to nothing to
// compile.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "paramorph/graph/evaluate.hpp"
#include "paramorph/parametrize/log_abs_det.hpp"
#include "paramorph/parametrize/programs.hpp"
#include "paramorph/testing/finite_differences.hpp"
#include "paramorph/testing/outcome.hpp"

namespace paramorph::inline PARAMORPH_ABI::testing {

// log |det a| of the n x n matrix, row-major; -infinity where it is singular.
inline double log_abs_determinant(numbers a, std::size_t n) {
    double total = 0;
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t best = k;
        for (std::size_t i = k; i < n; ++i)
            if (std::abs(a[i * n + k]) > std::abs(a[best * n + k])) best = i;
        for (std::size_t j = 0; j < n; ++j) std::swap(a[k * n + j], a[best * n + j]);
        total += std::log(std::abs(a[k * n + k]));
        for (std::size_t i = k + 1; i < n; ++i) {
            double const factor = a[i * n + k] / a[k * n + k];
            for (std::size_t j = k; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
        }
    }
    return total;
}

// The program of P at run time, in T. Argument 0: the original. Outputs: the value, its log_abs_det, and the gradient
// of that. And the program back.
template <class P, class Shape, real T = double>
struct density_programs {
    using traits = chain_traits<chain_of<P>, Shape, T>;
    static_assert(traits::original_count == 1 && traits::state_count == 0,
                  "log_abs_det_law: the parametrization must have one original and no state");
    using original = typename traits::template original_shape<0>;
    using value = typename traits::value_shape;

    static std::unique_ptr<graph> forward() {
        auto g = std::make_unique<graph>(new_graph<T>());
        auto const x = place_leaf<original, T>(*g, 0);
        auto const [y, log_det] = value_and_log_abs_det<P>(x);
        g->output(y.id);
        g->output(log_det.id);
        int const output[]{log_det.id}, seed[]{place_number(*g, 1)}, wanted[]{x.id};
        int slope[1]{-1};
        differentiate(*g, {output, seed, 1, wanted, slope, 1});
        g->output(push_with<op::broadcast_to>(*g, op::attributes_of(original::value),
                                              slope[0] >= 0 ? slope[0] : place_number(*g, 0)));
        return g;
    }
    static std::unique_ptr<graph> back() {
        auto g = std::make_unique<graph>(new_graph<T>());
        auto const y = place_leaf<value, T>(*g, 0);
        g->output(std::get<0>(traits::invert(y)).id);
        return g;
    }
};

template <class P, class Shape>
std::string log_abs_det_law(std::uint64_t seed = 1) {
    using programs = density_programs<P, Shape>;
    using codomain = codomain_of<P>;
    constexpr std::size_t free = programs::original::size, size = programs::value::size;
    auto const g = programs::forward();
    random source{seed};
    numbers x = drawn(source, static_cast<int>(free));
    outcome const found = interpret(*g, {x});
    if (!found.status.ok()) return found.status.failed;
    numbers jacobian(size * free);  // row-major, a row for each element of the value
    for (std::size_t i = 0; i < size; ++i) {
        numbers const row = slopes(x, [&] { return interpret(*g, {x}).outputs[0][i]; });
        for (std::size_t j = 0; j < free; ++j) jacobian[i * free + j] = row[j];
    }
    double expected = 0;
    if constexpr (std::is_same_v<codomain, set::sum_to_zero>) {
        numbers product(free * free);
        for (std::size_t i = 0; i < free; ++i)
            for (std::size_t j = 0; j < free; ++j)
                for (std::size_t k = 0; k < size; ++k)
                    product[i * free + j] += jacobian[k * free + i] * jacobian[k * free + j];
        expected = log_abs_determinant(product, free) / 2;
    } else {
        numbers chart;
        for (std::size_t i = 0; i < size; ++i)
            if (in_chart<codomain>(programs::value::value, static_cast<int>(i)))
                chart.insert(chart.end(), jacobian.begin() + static_cast<std::ptrdiff_t>(i * free),
                             jacobian.begin() + static_cast<std::ptrdiff_t>((i + 1) * free));
        if (chart.size() != free * free)
            return "log_abs_det: the set's chart has " + std::to_string(chart.size() / free) +
                   " coordinates, the original " + std::to_string(free) + " numbers";
        expected = log_abs_determinant(chart, free);
    }
    double const said = found.outputs[1][0];
    if (!(std::abs(said - expected) <= 1e-6))
        return "log_abs_det of " + std::string(paramorph::detail::short_type_name<P>()) + ", seed " +
               std::to_string(seed) + ": it says " + std::to_string(said) + ", the Jacobian of forward has " +
               std::to_string(expected);
    numbers const gradient = slopes(x, [&] { return interpret(*g, {x}).outputs[1][0]; });
    std::string const d = far(found.outputs[2], gradient, 1e-7, programs::original::value);
    return d.empty() ? "" : "the gradient of log_abs_det differs from finite differences " + d;
}

}  // namespace paramorph::inline PARAMORPH_ABI::testing
