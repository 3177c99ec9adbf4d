// density_laws<P, Shape>: does a parametrization with a log_abs_det keep what it declares? Shape is that of a tensor
// with P, which has no state; numbers of several originals stand one after the other. Independent of any test
// framework, not part of the umbrella.
//
//     CHECK(pm::testing::density_laws<pm::param::positive, pm::shape<3>>::check() == "");   // empty, or a sentence
//
// Samples are originals in (-1, 1), in double. As of pm::laws (testing/laws.hpp): the round trip of its grade, its
// codomain, and its gradient. Then log_abs_det: the Jacobian is that of central finite differences, from the numbers of
// the original to the coordinates of the set's chart (pm::in_chart), of which there must be as many; on
// sets measured by length to all elements, by the determinant of J^T J. It must agree to 1e-6, and the gradient of
// log_abs_det with finite differences of it to 1e-7. Errors: a parametrization of several originals, or with state, is
// the compiler's; a law that does not hold is the sentence that check gives. Cost: all this is traced at run time and
// interpreted, next to nothing to compile; `kernels<T>()` compiles one program of value, log_abs_det and both
// gradients, and compares it with the interpreter. Source: torch.distributions' tests of transforms compare
// log_abs_det_jacobian with a Jacobian likewise.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "paramorph/core/cmath.hpp"
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

// Arguments: the originals, a cotangent of the value. Outputs: the value, its log_abs_det, the gradients of that, and
// the cotangents of the originals.
template <class P, class Shape, paramorph::real T = double>
struct density_program {
    using real = T;
    using traits = chain_traits<chain_of<P>, Shape, T>;
    static_assert(traits::state_count == 0, "density_laws: the parametrization must have no state");
    static constexpr int count = traits::original_count;
    using positions = std::make_integer_sequence<int, count>;
    using value = typename traits::value_shape;
    using traced = decltype([]<int... K>(std::integer_sequence<int, K...>) {
        return value_and_log_abs_det<P>(symbol<typename traits::template original_shape<K>, T>{}...);
    }(positions{}));
    using operations = join<base_operations, typename std::tuple_element_t<0, traced>::operations,
                            typename std::tuple_element_t<1, traced>::operations>;
    // The shapes of the originals, and of the numbers of all.
    static constexpr auto shapes = []<int... K>(std::integer_sequence<int, K...>) {
        return std::array<extents, sizeof...(K)>{traits::template original_shape<K>::value...};
    }(positions{});
    static constexpr extents original = [] {
        if (count == 1) return shapes[0];
        extents all{1, {0}};
        for (extents const& s : shapes) all.d[0] += s.size();
        return all;
    }();

    static constexpr void place(ir::graph& g) {
        [&]<int... K>(std::integer_sequence<int, K...>) {
            std::tuple const x{append_leaf<typename traits::template original_shape<K>, T>(g, K)...};
            auto const c = append_leaf<value, T>(g, count);
            auto const both = value_and_log_abs_det<P>(std::get<K>(x)...);
            int const outputs[]{std::get<0>(both).id, std::get<1>(both).id}, of[]{std::get<K>(x).id...};
            g.output(outputs[0]);
            g.output(outputs[1]);
            paramorph::detail::output_gradients(g, outputs[1], append_constant(g, 1), of, count);
            paramorph::detail::output_gradients(g, outputs[0], c.id, of, count);
        }(positions{});
    }
    static constexpr ir::graph build() {
        ir::graph g = new_graph<T>();
        place(g);
        return g;
    }
};

template <class P, class Shape, paramorph::real T = double>
struct density_laws {
    using program = density_program<P, Shape, T>;
    using codomain = codomain_of<P>;
    static constexpr std::size_t free = program::original.size(), size = program::value::size;
    static constexpr extents shape = program::value::value;

    // The programs at run time: see density_program; and from a value to the original.
    static ir::graph const& forward() {
        static std::unique_ptr<ir::graph> const g = traced([](ir::graph& to) { program::place(to); });
        return *g;
    }
    static ir::graph const& back() {
        static std::unique_ptr<ir::graph> const g = traced([](ir::graph& to) {
            std::apply([&](auto... x) { (to.output(x.id), ...); },
                       program::traits::invert(append_leaf<typename program::value, T>(to, 0)));
        });
        return *g;
    }
    // At an original, with a cotangent of ones.
    static outcome at(numbers const& x) { return at(x, numbers(size, 1)); }
    static outcome at(numbers const& x, numbers const& cotangent) {
        outcome r = interpret(forward(), arguments(x, cotangent));
        joined(r.outputs, 2);
        joined(r.outputs, 3);
        return r;
    }
    static outcome original_of(numbers const& y) {
        outcome r = interpret(back(), {y});
        joined(r.outputs, 0);
        return r;
    }

    static std::string check(std::uint64_t seed = 1, int samples = 3) {
        for (int k = 0; k < samples; ++k)
            for (auto law : {&round_trip, &gradient, &log_abs_det})
                if (std::string const broken = law(seed + static_cast<std::uint64_t>(k)); !broken.empty())
                    return "density_laws of " + std::string(paramorph::detail::short_type_name<P>()) + ", seed " +
                           std::to_string(seed + static_cast<std::uint64_t>(k)) + ": " + broken;
        return "";
    }

    static std::string round_trip(std::uint64_t seed) {
        numbers const x = sample(seed);
        outcome const y = at(x);
        if (!y.status.ok()) return y.status.failed;
        if (!contains<codomain>(y.outputs[0].data(), shape, 1e-12)) return "the value is no element of the codomain";
        if constexpr (program::traits::inverse != grade::none) {
            outcome const again = original_of(y.outputs[0]);
            if (!again.status.ok()) return again.status.failed;
            if (auto const d = far(at(again.outputs[0]).outputs[0], y.outputs[0], 1e-12, shape, 0); !d.empty())
                return "forward(right_inverse(y)) differs from y " + d;
            if (program::traits::inverse == grade::bijective)
                if (auto const d = far(again.outputs[0], x, 1e-12, program::original, 0); !d.empty())
                    return "right_inverse(forward(x)) differs from x " + d;
        }
        return "";
    }
    static std::string gradient(std::uint64_t seed) {
        numbers x = sample(seed);
        random source{seed + 1000};
        numbers const c = drawn(source, static_cast<int>(size));
        numbers const found = at(x, c).outputs[3], expected = slopes(x, [&] {
                                                       numbers const y = at(x).outputs[0];
                                                       double total = 0;
                                                       for (std::size_t i = 0; i < size; ++i) total += c[i] * y[i];
                                                       return total;
                                                   });
        auto const d = far(found, expected, 1e-7, program::original);
        return d.empty() ? "" : "the gradient of the value differs from finite differences " + d;
    }
    static std::string log_abs_det(std::uint64_t seed) {
        numbers x = sample(seed);
        outcome const found = at(x);
        numbers jacobian;  // row-major, a row for each coordinate
        for (std::size_t i = 0; i < size; ++i)
            if (in_chart<codomain>(shape, static_cast<int>(i))) {
                numbers const row = slopes(x, [&] { return at(x).outputs[0][i]; });
                jacobian.insert(jacobian.end(), row.begin(), row.end());
            }
        double expected = 0;
        if constexpr (requires { codomain::by_length; }) {
            numbers product(free * free);
            for (std::size_t i = 0; i < free; ++i)
                for (std::size_t j = 0; j < free; ++j)
                    for (std::size_t k = 0; k < jacobian.size() / free; ++k)
                        product[i * free + j] += jacobian[k * free + i] * jacobian[k * free + j];
            expected = log_abs_determinant(product, free) / 2;
        } else if (jacobian.size() != free * free)
            return "the set's chart has " + std::to_string(jacobian.size() / free) + " coordinates, the original " +
                   std::to_string(free) + " numbers";
        else
            expected = log_abs_determinant(jacobian, free);
        if (double const said = found.outputs[1][0]; !(std::abs(said - expected) <= 1e-6))
            return "log_abs_det says " + std::to_string(said) + ", the Jacobian of forward has " +
                   std::to_string(expected);
        numbers const slope = slopes(x, [&] { return at(x).outputs[1][0]; });
        auto const d = far(found.outputs[2], slope, 1e-7, program::original);
        return d.empty() ? "" : "the gradient of log_abs_det differs from finite differences " + d;
    }
    // The kernels on scalars and vectors of T against the interpreter, at a sample.
    static std::string kernels(std::uint64_t seed = 1) {
        random source{seed};
        numbers const x = drawn(source, static_cast<int>(free)), c = drawn(source, static_cast<int>(size));
        return disagreement<program>("value, log_abs_det and gradients", arguments(x, c),
                                     sizeof(T) == 4 ? 1e-5 : 1e-12);
    }
    // The value by kernels on vectors.
    static numbers by_kernel(numbers const& x) {
        return run_kernel<program, paramorph::simd::best<T>>(arguments(x, numbers(size, 1))).outputs[0];
    }

  private:
    static arrays arguments(numbers const& x, numbers const& cotangent) {
        arrays all;
        auto from = x.begin();
        for (extents const& s : program::shapes) {
            all.emplace_back(from, from + s.size());
            from += s.size();
        }
        all.push_back(cotangent);
        return all;
    }
    // The arrays of all originals, from this one on, become one.
    static void joined(arrays& a, std::size_t first) {
        for (int k = 1; k < program::count; ++k) {
            a[first].insert(a[first].end(), a[first + 1].begin(), a[first + 1].end());
            a.erase(a.begin() + static_cast<std::ptrdiff_t>(first) + 1);
        }
    }
    static numbers sample(std::uint64_t seed) {
        random source{seed};
        return drawn(source, static_cast<int>(free));
    }
    static std::unique_ptr<ir::graph> traced(auto const& f) {
        auto g = std::make_unique<ir::graph>(new_graph<T>());
        f(*g);
        return g;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::testing
