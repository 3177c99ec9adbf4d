// Running a program in a test: by the interpreter and by kernels, from arrays of double to arrays of double; and how
// far two arrays are apart. Independent of any test framework, not part of the umbrella. Cost: the interpreter compiles
// nothing and takes longer to run; kernels are compiled once for each program. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "paramorph/core/cmath.hpp"
#include "paramorph/core/random.hpp"
#include "paramorph/kernel/run.hpp"

namespace paramorph::inline PARAMORPH_ABI::testing {

using numbers = std::vector<double>;
using arrays = std::vector<numbers>;

struct outcome {
    arrays outputs;
    paramorph::status status;
};

inline outcome interpret(ir::graph const& g, arrays const& arguments) {
    outcome r;
    std::vector<double const*> in;
    std::vector<double*> out;
    for (auto const& a : arguments) in.push_back(a.data());
    for (int k = 0; k < g.output_count; ++k)
        r.outputs.emplace_back(static_cast<std::size_t>(g.shape_of(g.outputs[k]).size()));
    for (auto& o : r.outputs) out.push_back(o.data());
    r.status = evaluate(g, in.data(), out.data());
    return r;
}

// --- a program's graphs at run time -------------------------------------------------------------------------------

// What of a constant graph is used. The graph has room for thousands of nodes, which would be compiled as data.
template <class P, bool Simplified>
struct used_of {
    static constexpr ir::graph const& g = Simplified ? compiled<P>::simplified : compiled<P>::traced;
    struct parts {
        ir::node nodes[g.size];
        ir::value values[g.value_count];
        int outputs[g.output_count + 1];
    };
    static constexpr parts of = [] {
        parts p{};
        for (int k = 0; k < g.size; ++k) p.nodes[k] = g.nodes[k];
        for (int k = 0; k < g.value_count; ++k) p.values[k] = g.values[k];
        for (int k = 0; k < g.output_count; ++k) p.outputs[k] = g.outputs[k];
        return p;
    }();
    static constexpr int size = g.size, value_count = g.value_count, output_count = g.output_count;
    static constexpr element real = g.real;
};
inline std::unique_ptr<ir::graph> graph_of(ir::node const* nodes, int size, ir::value const* values, int value_count,
                                           int const* outputs, int output_count, element real) {
    auto g = std::make_unique<ir::graph>();
    std::copy_n(nodes, size, g->nodes);
    std::copy_n(values, value_count, g->values);
    std::copy_n(outputs, output_count, g->outputs);
    g->size = size, g->value_count = value_count, g->output_count = output_count, g->real = real;
    return g;
}
template <class P, bool Simplified>
ir::graph const& graph_at_run_time() {
    using u = used_of<P, Simplified>;
    static std::unique_ptr<ir::graph> const g =
        graph_of(u::of.nodes, u::size, u::of.values, u::value_count, u::of.outputs, u::output_count, u::real);
    return *g;
}
// For the interpreter: the program as it was traced, and as it was simplified.
template <class P>
ir::graph const& traced() {
    return graph_at_run_time<P, false>();
}
template <class P>
ir::graph const& simplified() {
    return graph_at_run_time<P, true>();
}

// Runs kernels, whose arguments are of type T. Outputs and workspace hold NaN before.
template <class T>
outcome run_call(status (*run)(void const* const*, void* const*, std::byte*), std::int64_t workspace_bytes,
                 int const* sizes, int outputs, arrays const& arguments) {
    std::vector<std::vector<T>> in, out;
    std::vector<void const*> from;
    std::vector<void*> to;
    for (auto const& a : arguments) in.emplace_back(a.begin(), a.end());
    for (int k = 0; k < outputs; ++k)
        out.emplace_back(static_cast<std::size_t>(sizes[k]), std::numeric_limits<T>::quiet_NaN());
    for (auto const& a : in) from.push_back(a.data());
    for (auto& a : out) to.push_back(a.data());
    std::vector<ir::workspace_block> workspace(ir::workspace_blocks(workspace_bytes) + 1);
    std::memset(static_cast<void*>(workspace.data()), 0xFF, workspace.size() * sizeof(ir::workspace_block));
    outcome r;
    r.status = run(from.data(), to.data(), workspace.front().bytes);
    for (auto const& a : out) r.outputs.emplace_back(a.begin(), a.end());
    return r;
}

// The numbers alone of a program's outputs, so that its graph stays out of the binary.
template <class P>
struct output_sizes {
    static constexpr ir::graph const& g = compiled<P>::simplified;
    static constexpr int count = g.output_count;
    struct numbers_of {
        int of[count + 1]{};
    };
    static constexpr numbers_of value = [] {
        numbers_of n;
        for (int k = 0; k < count; ++k) n.of[k] = g.shape_of(g.outputs[k]).size();
        return n;
    }();
};

// Runs the kernels of program P, whose arguments are real, on vectors V. The first is a function, not a lambda: of that
// the compiler makes two, its body and the function that calls it.
template <class P, class V>
status run_program(void const* const* in, void* const* out, std::byte* workspace) {
    return paramorph::run<P, V>(in, out, workspace);
}
template <class P, class V>
outcome run_kernel(arrays const& arguments) {
    return run_call<typename P::real>(run_program<P, V>, workspace_bytes_of<P>, output_sizes<P>::value.of,
                                      output_sizes<P>::count, arguments);
}

// n reproducible numbers in [low, high).
inline numbers drawn(random& source, int n, double low = -1, double high = 1) {
    numbers x(static_cast<std::size_t>(n));
    for (double& e : x) e = source.uniform(low, high);
    return x;
}

// The largest difference of two arrays, relative to the larger of `least` and the largest finite expected element, and
// the element where it is. A NaN differs from every number, an infinity from all but itself: by infinity.
struct difference {
    double error = 0;
    std::size_t at = 0;
};
inline difference largest_difference(numbers const& found, numbers const& expected, double least = 1) {
    double scale = least;
    for (double const e : expected)
        if (std::isfinite(e)) scale = std::fmax(scale, std::abs(e));
    difference d;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        double const a = found[i], b = expected[i];
        bool const same = a == b || (std::isnan(a) && std::isnan(b));
        double const error = same                                   ? 0
                             : std::isfinite(a) && std::isfinite(b) ? std::abs(a - b) / scale
                                                                    : std::numeric_limits<double>::infinity();
        if (error > d.error) d = {error, i};
    }
    return d;
}

// "0.0012" and "[1, 2]", for messages.
inline std::string text_of(double x) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", x);
    return text;
}
inline std::string place_in(extents const& shape, std::size_t at) {
    std::string text = "[";
    for (int k = 0; k < shape.rank; ++k)
        text += (k > 0 ? ", " : "") + std::to_string(static_cast<int>(at) / stride_of(shape, k) % shape.d[k]);
    return text + "]";
}

// "by 0.3 at [1, 2] (tolerance 1e-05)"; empty where the arrays are within the tolerance.
inline std::string far(numbers const& found, numbers const& expected, double tolerance, extents const& shape,
                       double least = 1) {
    difference const d = largest_difference(found, expected, least);
    if (d.error <= tolerance) return "";
    return "by " + text_of(d.error) + " at " + place_in(shape, d.at) + " (tolerance " + text_of(tolerance) + ")";
}

// Where a kernel of program P differs from the interpreter, as a sentence; `what` is what P computes.
template <class T>
std::string disagreement(ir::graph const& g, outcome (*run_scalar)(arrays const&), outcome (*run_simd)(arrays const&),
                         std::string const& what, arrays arguments, double tolerance) {
    for (auto& a : arguments)
        for (double& e : a) e = static_cast<double>(static_cast<T>(e));
    outcome const expected = interpret(g, arguments);
    if (!expected.status.ok()) return expected.status.failed;
    for (bool const simd : {false, true}) {
        outcome const found = (simd ? run_simd : run_scalar)(arguments);
        std::string const kernel = simd ? "the SIMD kernel" : "the scalar kernel";
        if (!found.status.ok()) return kernel + " of " + what + " fails: " + found.status.failed;
        for (std::size_t k = 0; k < found.outputs.size(); ++k)
            if (auto const d = far(found.outputs[k], expected.outputs[k], tolerance, g.shape_of(g.outputs[k]));
                !d.empty())
                return kernel + " of " + what + " differs from the interpreter " + d +
                       "; value and `compute` of an operation must be the same on vectors";
    }
    return "";
}
template <class P>
std::string disagreement(std::string const& what, arrays const& arguments, double tolerance) {
    using T = typename P::real;
    return disagreement<T>(simplified<P>(), run_kernel<P, T>, run_kernel<P, paramorph::simd::best<T>>, what, arguments,
                           tolerance);
}

}  // namespace paramorph::inline PARAMORPH_ABI::testing
