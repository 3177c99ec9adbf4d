// What the tests of the pipeline share: a program made from a function on symbols and a list of shapes, run by the
// interpreter and by the kernels; its gradient against central finite differences (after Stan's expect_ad); and
// checkers that walk a schedule and a memory plan. Passes are plain functions, so most of this runs them at run time,
// where nothing has to be compiled.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"
#include "paramorph/core/random.hpp"
#include "paramorph/graph/differentiate.hpp"
#include "paramorph/graph/evaluate.hpp"
#include "paramorph/graph/plan_memory.hpp"
#include "paramorph/graph/schedule.hpp"
#include "paramorph/graph/simplify.hpp"
#include "paramorph/kernel/linear_algebra.hpp"
#include "paramorph/kernel/run.hpp"
#include "paramorph/op/base.hpp"
#include "paramorph/parametrize/stage.hpp"
#include "paramorph/testing/finite_differences.hpp"
#include "paramorph/testing/outcome.hpp"

namespace pm = paramorph;

namespace test {

using pm::testing::arrays, pm::testing::numbers, pm::testing::outcome, pm::testing::simplified, pm::testing::traced;

// Do two arrays, or none of them with an element, hold the same bits?
bool same_bits(auto const& a, auto const& b) {
    auto const bytes = [](auto const& x) { return reinterpret_cast<unsigned char const*>(x.data()); };
    return a.size() == b.size() && std::equal(bytes(a), bytes(a) + a.size() * sizeof(*a.data()), bytes(b));
}

// --- tracing ------------------------------------------------------------------------------------------------------

// An input of int32 labels; a plain pm::shape is an input of real numbers.
template <class Shape>
struct labels {};

namespace detail {

template <class Input, class T>
struct leaf_of {
    using shape_type = Input;
    using type = pm::symbol<Input, T>;
};
template <class Shape, class T>
struct leaf_of<labels<Shape>, T> {
    using shape_type = Shape;
    using type = pm::symbol<Shape, std::int32_t>;
};
template <class Input, class T>
using leaf = typename leaf_of<Input, T>::type;

constexpr bool is_real(pm::ir::graph const& g, int v) {
    return g.values[v].type != pm::element::i32;
}

// The function's results, as outputs.
constexpr void add_outputs(pm::ir::graph& g, auto const& y) {
    if constexpr (pm::detail::is_tuple<std::remove_cvref_t<decltype(y)>>)
        std::apply([&](auto const&... r) { (g.output(r.id), ...); }, y);
    else
        g.output(y.id);
}

template <class T, class... Input>
constexpr void trace_into(pm::ir::graph& g, auto const& f) {
    int position = 0;
    auto const next = [&]<class In>(std::type_identity<In>) {
        using symbol = leaf<In, T>;
        return pm::append_leaf<typename symbol::shape_type, typename symbol::value_type>(g, position++);
    };
    std::tuple<leaf<Input, T>...> const in{next(std::type_identity<Input>{})...};  // braces: from left to right
    add_outputs(g, std::apply(f, in));
}

// Appends the adjoints of all real leaves; one more leaf for each output holds its cotangent.
constexpr void append_adjoints(pm::ir::graph& g, int inputs) {
    int outputs[16]{}, seeds[16]{}, wanted[16]{}, adjoints[16]{}, reals = 0;
    for (int k = 0; k < g.output_count; ++k) {
        outputs[k] = g.outputs[k];
        seeds[k] = g.push(pm::ir::node{&pm::ir::describe<pm::op::leaf>, {}, {{inputs + k}}, 0, nullptr, 0});
        int const producer = g.values[seeds[k]].producer;
        g.values[seeds[k]] = pm::ir::value{g.shape_of(outputs[k]), g.real, producer};
    }
    for (int k = 0; k < inputs; ++k)
        if (is_real(g, k)) wanted[reals++] = k;
    pm::ir::differentiate(g, {outputs, seeds, g.output_count, wanted, adjoints, reals});
    for (int k = 0; k < reals; ++k)
        g.output(adjoints[k] >= 0 ? adjoints[k]
                                  : push_with<pm::op::broadcast_to>(g, pm::op::attributes_of(g.shape_of(wanted[k])),
                                                                    pm::append_constant(g, 0)));
}

template <class Result>
struct operations_of {
    using type = typename Result::operations;
};
template <class... R>
struct operations_of<std::tuple<R...>> {
    using type = pm::join<typename R::operations...>;
};

}  // namespace detail

// The graph of `f` applied to leaves; its results are the outputs.
template <class T, class... Input>
constexpr pm::ir::graph trace(auto const& f) {
    pm::ir::graph g = pm::new_graph<T>();
    detail::trace_into<T, Input...>(g, f);
    return g;
}

// The same with a cotangent for each result as further inputs and the adjoints of the real inputs as further outputs
// (zeros where none arrives).
template <class T, class... Input>
constexpr pm::ir::graph trace_gradient(auto const& f) {
    pm::ir::graph g = pm::ir::simplify_to_differentiate(trace<T, Input...>(f));
    detail::append_adjoints(g, sizeof...(Input));
    return g;
}

// --- running ------------------------------------------------------------------------------------------------------

constexpr int leaf_count(pm::ir::graph const& g) {
    int n = 0;
    while (n < g.size && g.nodes[n].operation->kind == pm::category::leaf) ++n;
    return n;
}

// Reproducible arguments in [low, high); labels are drawn below `classes`.
inline arrays arguments_for(pm::ir::graph const& g, double low, double high, int classes = 3, std::uint64_t seed = 7) {
    pm::random source{seed};
    arrays a;
    for (int k = 0; k < leaf_count(g); ++k) {
        numbers x(static_cast<std::size_t>(g.shape_of(k).size()));
        for (double& e : x) e = detail::is_real(g, k) ? source.uniform(low, high) : source.below(classes);
        a.push_back(std::move(x));
    }
    return a;
}

using pm::testing::interpret;
template <class... Input>
outcome interpret(auto const& f, arrays const& arguments) {
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(trace<double, Input...>(f)));
    return interpret(*g, arguments);
}

// 0, 1, ..., n - 1.
inline numbers counted(int n) {
    numbers x;
    for (int i = 0; i < n; ++i) x.push_back(i);
    return x;
}
// The only output of f on 0, 1, 2, ...
template <class Input>
numbers of_counted(auto const& f) {
    return interpret<Input>(f, {counted(Input::size)}).outputs[0];
}

// What the caller of a program's kernels must know: which arguments are real, how many elements each output has, how
// many bytes the workspace.
struct call {
    std::vector<bool> real;
    std::vector<std::size_t> sizes;
    std::size_t workspace;
    pm::status (*run)(void const* const*, void* const*, std::byte*);
};

// Outputs and workspace hold NaN before, and no element beyond an output is written.
template <class T>
outcome run_call(call const& c, arrays const& arguments) {
    constexpr std::size_t guard = 16;
    std::vector<std::vector<T>> reals;
    std::vector<std::vector<std::int32_t>> integers;
    std::vector<void const*> in;
    std::vector<void*> out;
    reals.reserve(arguments.size() + c.sizes.size());
    integers.reserve(arguments.size());
    for (std::size_t k = 0; k < arguments.size(); ++k) {
        if (k >= c.real.size() || c.real[k])
            in.push_back(reals.emplace_back(arguments[k].begin(), arguments[k].end()).data());
        else
            in.push_back(integers.emplace_back(arguments[k].begin(), arguments[k].end()).data());
    }
    for (std::size_t const n : c.sizes) out.push_back(reals.emplace_back(n + guard, T(-12345)).data());
    struct alignas(pm::workspace_alignment) block {
        unsigned char bytes[pm::workspace_alignment];
    };
    std::vector<block> workspace(c.workspace / sizeof(block) + 2);
    std::memset(workspace.data(), 0xFF, workspace.size() * sizeof(block));
    outcome r;
    r.status = c.run(in.data(), out.data(), reinterpret_cast<std::byte*>(workspace.data()));
    for (unsigned char b : workspace.back().bytes) REQUIRE(b == 0xFF);
    for (std::size_t k = 0; k < c.sizes.size(); ++k) {
        T const* const y = static_cast<T const*>(out[k]);
        r.outputs.emplace_back(y, y + c.sizes[k]);
        for (std::size_t i = 0; i < guard; ++i) REQUIRE(y[c.sizes[k] + i] == T(-12345));
    }
    return r;
}

namespace detail {

// Numbers alone, so that the graph itself stays out of the program.
template <class P>
struct interface {
    static constexpr pm::ir::graph const& g = pm::compiled<P>::simplified;
    static constexpr int inputs = leaf_count(g), outputs = g.output_count;
    struct numbers_of {
        bool real[inputs + 1]{};
        std::size_t size[outputs + 1]{};
    };
    static constexpr numbers_of value = [] {
        numbers_of n;
        for (int k = 0; k < inputs; ++k) n.real[k] = is_real(g, k);
        for (int k = 0; k < outputs; ++k) n.size[k] = static_cast<std::size_t>(g.shape_of(g.outputs[k]).size());
        return n;
    }();
};

// One for all programs: what it is made of is compiled once.
inline call made_call(bool const* real, int inputs, std::size_t const* sizes, int outputs, std::int64_t workspace,
                      pm::status (*run)(void const* const*, void* const*, std::byte*)) {
    return {std::vector<bool>(real, real + inputs), std::vector<std::size_t>(sizes, sizes + outputs),
            static_cast<std::size_t>(workspace), run};
}

// A function, not a lambda: of that the compiler makes two, its body and the function that calls it.
template <class P, class V>
pm::status run_program(void const* const* in, void* const* out, std::byte* workspace) {
    return pm::run<P, V>(in, out, workspace);
}

}  // namespace detail

// Runs the kernels of program P on vectors V.
template <class P, class V>
outcome run_kernel(arrays const& arguments) {
    using of = detail::interface<P>;
    return run_call<typename P::real>(detail::made_call(of::value.real, of::inputs, of::value.size, of::outputs,
                                                        pm::workspace_bytes_of<P>, detail::run_program<P, V>),
                                      arguments);
}

// --- comparing ----------------------------------------------------------------------------------------------------

// Equal to `tolerance` of the larger of 1 and the array's largest finite element; NaN equals NaN, infinities must be
// the same.
inline bool close(numbers const& a, numbers const& b, double tolerance) {
    if (a.size() != b.size()) return false;
    double scale = 1;
    for (double x : b) scale = std::isfinite(x) ? std::max(scale, std::abs(x)) : scale;
    for (std::size_t i = 0; i < a.size(); ++i) {
        bool const same =
            a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])) || std::abs(a[i] - b[i]) <= tolerance * scale;
        if (!same) {
            UNSCOPED_INFO("element " << i << ": " << a[i] << " against " << b[i]);
            return false;
        }
    }
    return true;
}

// The results and the gradient of F, as a program.
template <class F, class T, class... Input>
struct program_of {
    using real = T;
    using operations = pm::join<pm::base_operations, pm::ops<pm::op::broadcast_to>,
                                typename detail::operations_of<decltype(F{}(detail::leaf<Input, T>{}...))>::type>;
    static constexpr pm::ir::graph build() { return trace_gradient<T, Input...>(F{}); }
};
// The results alone.
template <class F, class T, class... Input>
struct value_program_of {
    using real = T;
    using operations = typename program_of<F, T, Input...>::operations;
    static constexpr pm::ir::graph build() { return trace<T, Input...>(F{}); }
};

// Do interpreter, scalar kernel and SIMD kernel agree on these arguments? The interpreter is asked for the program as
// it was traced, and as it was simplified.
using runs_kernel = outcome (*)(arrays const&);
template <class T>
bool same_on(pm::ir::graph const& simplified, pm::ir::graph const& traced, runs_kernel run_scalar,
             runs_kernel run_vectors, arrays arguments, double tolerance) {
    for (auto& a : arguments)
        for (double& x : a) x = static_cast<T>(x);
    outcome const reference = interpret(simplified, arguments), as_built = interpret(traced, arguments);
    outcome const scalar = run_scalar(arguments), vectors = run_vectors(arguments);
    bool same = reference.status.ok() && as_built.status.ok() && scalar.status.ok() && vectors.status.ok();
    for (std::size_t k = 0; same && k < reference.outputs.size(); ++k) {
        for (outcome const* kernel : {&scalar, &vectors}) {
            bool const close_to = close(kernel->outputs[k], reference.outputs[k], tolerance);
            if (!close_to)
                UNSCOPED_INFO("output " << k << (kernel == &scalar ? " of the scalar kernel" : " of the SIMD kernel")
                                        << " against the interpreter");
            bool const as_traced = close(kernel->outputs[k], as_built.outputs[k], tolerance);
            if (close_to && !as_traced) UNSCOPED_INFO("output " << k << " of a kernel against the program as traced");
            same = same && close_to && as_traced;
        }
    }
    return same;
}
template <class P>
bool same_on(arrays const& arguments, double tolerance) {
    using T = typename P::real;
    return same_on<T>(simplified<P>(), traced<P>(), run_kernel<P, T>, run_kernel<P, pm::simd::best<T>>, arguments,
                      tolerance);
}
template <class T>
std::vector<outcome> three_ways(pm::ir::graph const& simplified, runs_kernel run_scalar, runs_kernel run_vectors,
                                arrays arguments) {
    for (auto& a : arguments)
        for (double& x : a) x = static_cast<T>(x);
    return {interpret(simplified, arguments), run_scalar(arguments), run_vectors(arguments)};
}
// What the interpreter, the scalar kernel and the SIMD kernel of P give, for arguments as P's type holds them: for
// edges, where numbers are expected and not that the three agree.
template <class P>
std::vector<outcome> three_ways(arrays arguments) {
    using T = typename P::real;
    return three_ways<T>(simplified<P>(), run_kernel<P, T>, run_kernel<P, pm::simd::best<T>>, std::move(arguments));
}
template <class P>
void expect_same_on(arrays const& arguments, double tolerance) {
    CHECK(same_on<P>(arguments, tolerance));
}
template <class T>
inline constexpr double kernel_tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-13;

template <class T, class... Input, class F>
void expect_agreement(F const&, double low = -2, double high = 2) {
    using P = program_of<F, T, Input...>;
    expect_same_on<P>(arguments_for(simplified<P>(), low, high), kernel_tolerance<T>);
}

// Interpreter and kernels refuse this argument, by this sentence.
template <class Shape>
void expect_failure(auto const& f, numbers const& a, std::string const& sentence) {
    outcome const r = interpret<Shape>(f, {a});
    REQUIRE_FALSE(r.status.ok());
    CHECK(r.status.failed == sentence);
    using P = value_program_of<std::remove_cvref_t<decltype(f)>, float, Shape>;
    CHECK_FALSE(run_kernel<P, pm::simd::best<float>>({a}).status.ok());
    CHECK_FALSE(run_kernel<P, float>({a}).status.ok());
}

// --- gradients ----------------------------------------------------------------------------------------------------

// Does the gradient that `differentiate` gives equal central finite differences of sum(cotangent * result), in double?
template <class... Input>
bool gradient_is_right(auto const& f, arrays arguments, double tolerance = 1e-7) {
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(trace_gradient<double, Input...>(f)));
    auto const value = std::make_unique<pm::ir::graph>(pm::ir::simplify(trace<double, Input...>(f)));
    std::size_t const inputs = sizeof...(Input), results = static_cast<std::size_t>(value->output_count);
    arguments.resize(inputs);
    arrays const cotangents = arguments_for(*g, -1, 1, 3, 11);
    arrays all = arguments;
    all.insert(all.end(), cotangents.begin() + static_cast<std::ptrdiff_t>(inputs), cotangents.end());
    outcome const exact = interpret(*g, all);
    if (!exact.status.ok()) return false;
    auto const weighted = [&] {
        outcome const y = interpret(*value, arguments);
        double total = 0;
        for (std::size_t k = 0; k < results; ++k)
            for (std::size_t i = 0; i < y.outputs[k].size(); ++i) total += y.outputs[k][i] * all[inputs + k][i];
        return total;
    };
    std::size_t at = results;
    for (std::size_t k = 0; k < inputs; ++k) {
        if (!detail::is_real(*g, static_cast<int>(k))) continue;
        numbers const differences = pm::testing::slopes(arguments[k], weighted);
        UNSCOPED_INFO("gradient of argument " << k);
        if (!close(exact.outputs[at++], differences, tolerance)) return false;
    }
    return true;
}
template <class... Input>
void expect_gradient(auto const& f, double low = -2, double high = 2, double tolerance = 1e-7) {
    auto const g = std::make_unique<pm::ir::graph>(trace<double, Input...>(f));
    CHECK(gradient_is_right<Input...>(f, arguments_for(*g, low, high), tolerance));
}

// --- walking a schedule -------------------------------------------------------------------------------------------

// Runs a schedule on ownership instead of numbers: every element of the workspace and of the outputs knows the value
// that was last written there. False if a step reads what was not written before, or what is overwritten before or
// while it is read, or writes an argument. What is a part of a larger tensor may be read after that was written.
struct schedule_checker {
    pm::ir::graph const& g;
    pm::ir::schedule const& s;
    pm::ir::row_groups const& rows;
    pm::ir::memory_plan const& m;
    pm::target const& machine = pm::targets::host;
    std::vector<int> owner = std::vector<int>(static_cast<std::size_t>(m.bytes), -1);
    std::vector<std::vector<int>> output_owner = [this] {
        std::vector<std::vector<int>> o;
        for (int k = 0; k < g.output_count; ++k) o.emplace_back(static_cast<std::size_t>(bytes_at(g.outputs[k])), -1);
        return o;
    }();
    char const* failed = nullptr;

    void fail(char const* what, int v) {
        if (failed) return;
        failed = what;
        UNSCOPED_INFO(what << ": value " << v << " (" << g.producer_of(v).operation->name << ")");
    }
    int bytes_at(int v) const { return g.shape_of(v).size() * pm::bytes_of(g.values[v].type); }
    // Calls f with the owner of each byte of a value that is no argument.
    void each_byte(int v, auto const& f) {
        pm::ir::location const at = m.of[v];
        if (at.kind == pm::ir::location::nowhere) return fail("read or written without a place", v);
        if (at.kind == pm::ir::location::argument) return;
        std::vector<int>& owners =
            at.kind == pm::ir::location::output ? output_owner[static_cast<std::size_t>(at.at)] : owner;
        pm::ir::subview const place = s.subview_of(v);
        int const size = pm::bytes_of(g.values[v].type), run = place.within < 0 ? g.shape_of(v).size() : place.at.run,
                  begin = (at.kind == pm::ir::location::workspace ? at.at : 0) + at.offset * size;
        for (int i = 0; i < g.shape_of(v).size(); ++i)
            for (int b = 0; b < size; ++b) {
                int const byte = begin + (i / run * place.at.full + i % run) * size + b;
                if (byte >= static_cast<int>(owners.size())) return fail("outside the memory", v);
                f(owners[static_cast<std::size_t>(byte)]);
            }
    }
    void read(int from) {
        int const v = pm::ir::memory_of(g, from);
        each_byte(v, [&](int by) {
            int whole = v;
            while (whole >= 0 && whole != by) whole = s.subview_of(whole).within;
            if (whole < 0) fail("read before it is written, or after its memory was reused", v);
        });
    }
    void write(int v) {
        if (m.of[v].kind == pm::ir::location::argument) fail("an argument is written", v);
        if (m.of[v].kind == pm::ir::location::workspace && m.of[v].at % pm::workspace_alignment != 0)
            fail("misaligned", v);
        each_byte(v, [&](int& by) { by = v; });
    }
    void reads_of(pm::ir::step const& p) {
        if (p.node >= 0) {
            pm::ir::node const& n = g.nodes[p.node];
            for (int k = 0; k < n.operation->arity; ++k) read(n.argument[k]);
        } else
            for (pm::ir::body const& b : p.bodies)
                for (int i = b.first; i < b.last; ++i)
                    if (s.code[i].kind == pm::ir::instruction::load) read(s.code[i].source);
    }
    // What a dense step has for itself it writes, too.
    void own_workspace(int t) {
        pm::ir::descriptor const& op = *g.nodes[s.steps[t].node].operation;
        if (!op.has_workspace || m.panels[t] == 0) return;
        std::int64_t const begin = m.panels[t] - 1, end = begin + op.workspace(machine);
        if (end > m.bytes) return fail("its own workspace lies outside the memory", g.nodes[s.steps[t].node].first);
        std::fill(owner.begin() + begin, owner.begin() + end, -2);
    }
    bool holds() {
        for (int t = 0; t < s.step_count && !failed; ++t) {
            pm::ir::step const& p = s.steps[t];
            reads_of(p);
            if (p.node >= 0) {
                for (int r = 0; r < g.nodes[p.node].operation->results; ++r) {
                    int const v = g.nodes[p.node].first + r;
                    bool const optional = g.nodes[p.node].operation->optional_results >> r & 1;
                    if (!optional || m.of[v].kind != pm::ir::location::nowhere) write(v);
                }
                own_workspace(t);
            } else
                for (int k = 0; k < p.store_count; ++k) {
                    pm::ir::destination const to = s.stores[p.first_store + k];
                    if (to.kind == pm::ir::destination::memory)
                        write(to.at);
                    else
                        for (int& by : output_owner[static_cast<std::size_t>(to.at)])
                            by = pm::ir::memory_of(g, g.outputs[to.at]);
                }
            if (t == rows.of[t].last)  // still there after the step, and all that run together with it, have written
                for (int u = rows.of[t].first; u <= t; ++u) reads_of(s.steps[u]);
        }
        for (int k = 0; k < g.output_count; ++k)
            for (int by : output_owner[static_cast<std::size_t>(k)])
                if (by != pm::ir::memory_of(g, g.outputs[k])) fail("an output is not written", g.outputs[k]);
        return !failed;
    }
};

// All passes of one graph, on the heap: graphs and schedules are large.
struct pipeline {
    pm::target machine;
    std::unique_ptr<pm::ir::graph> simple;
    std::unique_ptr<pm::ir::storage_assignment> placed;
    std::unique_ptr<pm::ir::schedule> plan;
    std::unique_ptr<pm::ir::row_groups> rows;
    std::unique_ptr<pm::ir::memory_plan> memory;

    explicit pipeline(pm::ir::graph const& g, pm::target const& planned_for = pm::targets::host)
        : machine(planned_for),
          simple(std::make_unique<pm::ir::graph>(pm::ir::simplify(g))),
          placed(std::make_unique<pm::ir::storage_assignment>(pm::ir::assign_storage(*simple, machine))),
          plan(std::make_unique<pm::ir::schedule>(pm::ir::make_schedule(*simple, *placed))),
          rows(std::make_unique<pm::ir::row_groups>(pm::ir::group_rows(*simple, *plan, machine))),
          memory(std::make_unique<pm::ir::memory_plan>(pm::ir::plan_memory(*simple, *plan, *rows, machine))) {}

    bool sound() const { return schedule_checker{*simple, *plan, *rows, *memory, machine}.holds(); }
    int count(std::string_view name) const {
        int n = 0;
        for (int i = 0; i < simple->size; ++i) n += simple->nodes[i].operation->name == name ? 1 : 0;
        return n;
    }
};

template <class... Input>
pipeline passes(auto const& f) {
    return pipeline(trace<float, Input...>(f));
}
template <class... Input>
pipeline gradient_passes(auto const& f) {
    return pipeline(trace_gradient<float, Input...>(f));
}

}  // namespace test
