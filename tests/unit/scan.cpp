// A cell over time: against the same recurrence unrolled in one graph, against finite differences, interpreter against
// kernels; what it keeps in memory; what of the program does not depend on the number of steps.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/kernel/explain.hpp"
#include "paramorph/nn/function_gradient.hpp"
#include "paramorph/nn/scan.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/inverse.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/square.hpp"
#include "paramorph/op/tanh.hpp"

namespace {

// h = tanh(w h + u x); the result is its sum.
struct tanh_cell {
    constexpr auto operator()(auto h, auto x, auto w, auto u) const {
        auto const next = pm::tanh(pm::matmul(w, h) + pm::matmul(u, x));
        return std::tuple{next, pm::sum<0>(next)};
    }
};
// A filter with a pole for each element: state, input and result are elementwise, and it has no parameter.
struct decay_cell {
    constexpr auto operator()(auto h, auto x) const {
        auto const next = h * 0.5 + x;
        return std::tuple{next, next};
    }
};
constexpr auto scanned = [](auto h, auto xs, auto w, auto u) { return pm::scan(tanh_cell{}, h, xs, w, u); };
constexpr auto decayed = [](auto h, auto xs) { return pm::scan(decay_cell{}, h, xs); };

// The same recurrence, every step a part of one graph.
template <class Cell, int Steps>
struct unrolled {
    template <int T>
    static constexpr auto from(auto h, auto xs, auto... p) {
        auto const [next, y] = Cell{}(h, pm::select<0, T>(xs), p...);
        auto const row = pm::unsqueeze<0>(y);
        if constexpr (T + 1 == Steps)
            return std::tuple{next, row};
        else {
            auto const [last, rest] = from<T + 1>(next, xs, p...);
            return std::tuple{last, pm::concatenate<0>(row, rest)};
        }
    }
    constexpr auto operator()(auto h, auto xs, auto... p) const { return from<0>(h, xs, p...); }
};

// Value and gradient by the interpreter, of the scan and of the unrolled recurrence.
template <class Cell, int Steps, class... Input>
void expect_unrolled(auto const& f, double tolerance = 1e-14) {
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace_gradient<double, Input...>(f))),
               u = std::make_unique<pm::ir::graph>(
                   pm::ir::simplify(test::trace_gradient<double, Input...>(unrolled<Cell, Steps>{})));
    auto const a = test::arguments_for(*g, -1, 1);
    auto const x = test::interpret(*g, a), y = test::interpret(*u, a);
    REQUIRE((x.status.ok() && y.status.ok()));
    REQUIRE(x.outputs.size() == y.outputs.size());
    for (std::size_t k = 0; k < x.outputs.size(); ++k) {
        INFO(Steps << " steps, output " << k);
        CHECK(test::close(x.outputs[k], y.outputs[k], tolerance));
    }
}

template <int T, int N, int K>
void expect_as_tanh_unrolled() {
    expect_unrolled<tanh_cell, T, pm::shape<N>, pm::shape<T, K>, pm::shape<N, N>, pm::shape<N, K>>(scanned);
}

}  // namespace

TEST_CASE("scan: by its definition") {
    // 1, then 0.5 h + x for x = 1, 2, 3.
    auto const r = test::interpret<pm::shape<1>, pm::shape<3, 1>>(decayed, {{1}, {1, 2, 3}}).outputs;
    CHECK(r[0] == test::numbers{4.375});
    CHECK(r[1] == test::numbers{1.5, 2.75, 4.375});
}
TEST_CASE("scan: as the same recurrence unrolled, value and gradient") {
    expect_as_tanh_unrolled<1, 3, 2>();
    expect_as_tanh_unrolled<2, 3, 2>();
    expect_as_tanh_unrolled<7, 3, 2>();
    expect_as_tanh_unrolled<40, 4, 1>();
    expect_unrolled<decay_cell, 7, pm::shape<5>, pm::shape<7, 5>>(decayed);
}
TEST_CASE("scan: gradient against finite differences") {
    test::expect_gradient<pm::shape<3>, pm::shape<1, 2>, pm::shape<3, 3>, pm::shape<3, 2>>(scanned, -1, 1);
    test::expect_gradient<pm::shape<3>, pm::shape<2, 2>, pm::shape<3, 3>, pm::shape<3, 2>>(scanned, -1, 1);
    test::expect_gradient<pm::shape<3>, pm::shape<7, 2>, pm::shape<3, 3>, pm::shape<3, 2>>(scanned, -1, 1);
    test::expect_gradient<pm::shape<2>, pm::shape<100, 1>, pm::shape<2, 2>, pm::shape<2, 1>>(scanned, -1, 1);
}
// The cell is compiled once for all numbers of steps.
template <int... T>
void expect_kernels_of_steps() {
    (test::expect_agreement<double, pm::shape<9>, pm::shape<T, 3>, pm::shape<9, 9>, pm::shape<9, 3>>(scanned, -0.5,
                                                                                                     0.5),
     ...);
}
TEST_CASE("scan: interpreter and kernels") {
    expect_kernels_of_steps<1, 2, 7, 100>();
    test::expect_agreement<float, pm::shape<17>, pm::shape<7, 1>, pm::shape<17, 17>, pm::shape<17, 1>>(scanned, -0.5,
                                                                                                       0.5);
    test::expect_agreement<float, pm::shape<3, 5>, pm::shape<100, 3, 5>>(decayed);
}
TEST_CASE("scan: kernels as the unrolled recurrence") {
    using unrolled_7 = unrolled<tanh_cell, 7>;
    using S =
        test::program_of<decltype(scanned), double, pm::shape<9>, pm::shape<7, 3>, pm::shape<9, 9>, pm::shape<9, 3>>;
    using U = test::program_of<unrolled_7, double, pm::shape<9>, pm::shape<7, 3>, pm::shape<9, 9>, pm::shape<9, 3>>;
    auto const a = test::arguments_for(test::simplified<S>(), -1, 1);
    auto const x = test::run_kernel<S, pm::simd::best<double>>(a), y = test::run_kernel<U, pm::simd::best<double>>(a);
    REQUIRE((x.status.ok() && y.status.ok()));
    for (std::size_t k = 0; k < x.outputs.size(); ++k) CHECK(test::close(x.outputs[k], y.outputs[k], 1e-14));
}
TEST_CASE("scan: state, inputs and results of any shape") {
    constexpr auto of_numbers = [](auto h, auto xs) {
        return pm::scan(
            [](auto s, auto x) {
                auto const next = pm::tanh(s * x + 0.25);
                return std::tuple{next, s};  // the result is the state before
            },
            h, xs);
    };
    test::expect_gradient<pm::shape<>, pm::shape<4>>(of_numbers);
    test::expect_agreement<double, pm::shape<>, pm::shape<4>>(of_numbers);
    constexpr auto of_batches = [](auto h, auto xs, auto w) {
        return pm::scan(
            [](auto s, auto x, auto m) {
                auto const next = pm::tanh(pm::matmul(s, m) + x);
                return std::pair{next, pm::unsqueeze<2>(next * x)};
            },
            h, xs, w);
    };
    test::expect_gradient<pm::shape<2, 3>, pm::shape<3, 2, 3>, pm::shape<3, 3>>(of_batches, -1, 1);
    test::expect_agreement<float, pm::shape<2, 3>, pm::shape<3, 2, 3>, pm::shape<3, 3>>(of_batches, -1, 1);
    auto const r = test::interpret<pm::shape<>, pm::shape<4>>(of_numbers, {{2}, {0, 0, 0, 0}}).outputs;
    CHECK((r[1][0] == 2 && r[1][1] == std::tanh(0.25)));
}
TEST_CASE("scan: what is not asked for, and what nothing reaches") {
    constexpr auto last_alone = [](auto h, auto xs) { return std::get<0>(pm::scan(decay_cell{}, h, xs)); };
    constexpr auto outputs_alone = [](auto h, auto xs) { return std::get<1>(pm::scan(decay_cell{}, h, xs)); };
    test::expect_gradient<pm::shape<2>, pm::shape<5, 2>>(last_alone);
    test::expect_gradient<pm::shape<2>, pm::shape<5, 2>>(outputs_alone);
    test::expect_agreement<double, pm::shape<2>, pm::shape<5, 2>>(last_alone);
    test::expect_agreement<double, pm::shape<2>, pm::shape<6, 2>>(outputs_alone);
    // The state is not read, a parameter is not, the input is not.
    constexpr auto forgets = [](auto h, auto xs, auto w, auto v) {
        return pm::scan([](auto, auto x, auto a, auto) { return std::tuple{x * a, x}; }, h, xs, w, v);
    };
    test::expect_gradient<pm::shape<2>, pm::shape<3, 2>, pm::shape<2>, pm::shape<3>>(forgets);
    test::expect_agreement<double, pm::shape<2>, pm::shape<3, 2>, pm::shape<2>, pm::shape<3>>(forgets);
    constexpr auto deaf = [](auto h, auto xs, auto w) {
        return pm::scan([](auto s, auto, auto a) { return std::tuple{s * a, s}; }, h, xs, w);
    };
    test::expect_gradient<pm::shape<2>, pm::shape<3, 2>, pm::shape<>>(deaf);
    test::expect_agreement<double, pm::shape<2>, pm::shape<3, 2>, pm::shape<>>(deaf);
}
TEST_CASE("scan: an infinite slope of a result that nothing reads does not come back") {
    constexpr auto last_alone = [](auto h, auto xs) {
        return std::get<0>(pm::scan([](auto s, auto x) { return std::tuple{s * x, pm::sqrt(s * 0.0)}; }, h, xs));
    };
    using P = test::program_of<decltype(last_alone), double, pm::shape<1>, pm::shape<2, 1>>;
    for (auto const& r : test::three_ways<P>({{2}, {3, 5}, {1}})) {
        REQUIRE(r.status.ok());
        CHECK((r.outputs[1] == test::numbers{15} && r.outputs[2] == test::numbers{10, 6}));
    }
}
TEST_CASE("scan: infinities and NaN go their way") {
    using P = test::program_of<decltype(decayed), float, pm::shape<2>, pm::shape<3, 2>>;
    double const inf = std::numeric_limits<double>::infinity();
    for (auto const& r : test::three_ways<P>({{1, 1}, {1, 2, inf, 3, 1, std::nan("")}, {1, 0}, {0, 0, 1, 1, 0, 0}})) {
        REQUIRE(r.status.ok());
        CHECK((r.outputs[0][0] == inf && std::isnan(r.outputs[0][1])));
        CHECK(test::close(r.outputs[1], {1.5, 2.5, inf, 4.25, inf, std::nan("")}, 0));
        CHECK(r.outputs[2] == test::numbers{0.125 + 0.25, 0.25});
    }
}
TEST_CASE("scan: more parameters than a node has arguments") {
    constexpr auto of_six = [](auto h, auto xs, auto a, auto b, auto c, auto d, auto e, auto f) {
        return pm::scan([](auto s, auto x, auto p, auto q, auto r, auto t, auto u,
                           auto v) { return std::tuple{pm::tanh(s * p + x * q + r), s * t + u * v}; },
                        h, xs, a, b, c, d, e, f);
    };
    test::expect_gradient<pm::shape<2>, pm::shape<3, 2>, pm::shape<2>, pm::shape<1>, pm::shape<>, pm::shape<2>,
                          pm::shape<1>, pm::shape<2>>(of_six);
    test::expect_agreement<double, pm::shape<2>, pm::shape<3, 2>, pm::shape<2>, pm::shape<1>, pm::shape<>, pm::shape<2>,
                           pm::shape<1>, pm::shape<2>>(of_six);
}
TEST_CASE("scan: parameters of any size") {
    constexpr auto of_large = [](auto h, auto xs, auto a, auto b) {
        return pm::scan([](auto s, auto x, auto p, auto q) { return std::tuple{s * pm::sum(p) + q * x, s}; }, h, xs, a,
                        b);
    };
    using P = test::program_of<decltype(of_large), float, pm::shape<>, pm::shape<2>, pm::shape<70000>, pm::shape<>>;
    test::arrays a{{2}, {3, 5}, test::numbers(70000), {0.5}, {1}, {0, 0}};
    a[2][69999] = 1;
    auto const r = test::run_kernel<P, pm::simd::best<float>>(a);
    REQUIRE(r.status.ok());
    CHECK((r.outputs[0] == test::numbers{6} && r.outputs[5] == test::numbers{8}));  // 2 + 1.5 + 2.5; 3 + 5
    CHECK((r.outputs[4].front() == 2 + 3.5 && r.outputs[4].back() == 2 + 3.5));
}
TEST_CASE("scan: a scan in the cell of a scan") {
    constexpr auto nested = [](auto h, auto xs, auto w) {
        return pm::scan(
            [](auto s, auto x, auto m) {
                auto const [last, ys] = pm::scan(
                    [](auto c, auto e, auto p) {
                        auto const next = pm::tanh(c * p + e);
                        return std::tuple{next, next * c};
                    },
                    s, x, m);
                return std::tuple{last, pm::sum(ys)};
            },
            h, xs, w);
    };
    test::expect_gradient<pm::shape<2>, pm::shape<3, 4, 2>, pm::shape<2>>(nested);
    test::expect_agreement<double, pm::shape<2>, pm::shape<3, 4, 2>, pm::shape<2>>(nested);
}
TEST_CASE("scan: two of one cell, and one of the other's results") {
    constexpr auto two = [](auto h, auto xs, auto w) {
        constexpr auto cell = [](auto s, auto x, auto p) {
            auto const next = pm::tanh(s * p + x);
            return std::tuple{next, next};
        };
        auto const [first, ys] = pm::scan(cell, h, xs, w);
        auto const [second, zs] = pm::scan(cell, first, ys, w * 2);
        return std::tuple{second, zs};
    };
    test::expect_gradient<pm::shape<2>, pm::shape<3, 2>, pm::shape<2>>(two);
    test::expect_agreement<double, pm::shape<2>, pm::shape<3, 2>, pm::shape<2>>(two);
}
TEST_CASE("scan: an operation of the cell that fails fails the program") {
    constexpr auto solves = [](auto xs) {
        auto const [last, ys] = pm::scan([](auto s, auto x) { return std::tuple{s, pm::solve(x, s)}; },
                                         pm::broadcast_to<pm::shape<1, 1>>(pm::sum(xs) * 0), xs);
        return ys;
    };
    test::expect_failure<pm::shape<3, 1, 1>>(solves, {1, 0, 2}, "solve: the matrix is singular or not finite");
    CHECK(test::interpret<pm::shape<3, 1, 1>>(solves, {{1, 3, 2}}).status.ok());
}
TEST_CASE("scan: a sentence of the cell's own is what is said, of its gradient too") {
    constexpr auto asks = [](auto xs) {
        auto const [last, ys] = pm::scan(
            [](auto s, auto x) {
                auto const next = s + pm::sqrt(pm::require(x, x > 0, "filter: an input must be greater than zero"));
                return std::tuple{next, next};
            },
            pm::broadcast_to<pm::shape<1>>(pm::sum(xs) * 0), xs);
        return pm::sum(ys);
    };
    test::expect_failure<pm::shape<3, 1>>(asks, {1, 0, 2}, "filter: an input must be greater than zero");
    using P = test::program_of<std::remove_cvref_t<decltype(asks)>, float, pm::shape<3, 1>>;
    auto const value_and_gradient =
        test::run_kernel<P, pm::simd::best<float>>(test::arguments_for(test::simplified<P>(), -2, -1));
    CHECK(value_and_gradient.status.failed == std::string("filter: an input must be greater than zero"));
}
TEST_CASE("scan: evaluated while compiling") {
    static constexpr pm::ir::graph g = pm::ir::simplify(test::trace<double, pm::shape<1>, pm::shape<3, 1>>(decayed));
    constexpr double last = [] {
        double const h[]{1}, xs[]{1, 2, 3};
        double const* const from[]{h, xs};
        double y[1]{}, ys[3]{};
        double* const to[]{y, ys};
        return pm::ir::evaluate(g, from, to).ok() ? y[0] : 0.0;
    }();
    static_assert(last == 4.375);
    CHECK(last == 4.375);
}

// --- what depends on the number of steps, and what does not -------------------------------------------------------

namespace {

constexpr auto last_of = [](auto h, auto xs, auto w) {
    auto const [last, ys] = pm::scan(
        [](auto s, auto x, auto m) {
            auto const next = pm::tanh(pm::matmul(m, s) + x);
            return std::tuple{next, next};
        },
        h, xs, w);
    return last;
};
// A weight of which something is computed: an inverse.
constexpr auto loss_of = [](auto h, auto xs, auto w) { return pm::sum(pm::square(last_of(h, xs, pm::inverse(w)))); };

template <class F, int T>
using value_of = test::value_program_of<F, float, pm::shape<4>, pm::shape<T, 4>, pm::shape<4, 4>>;
template <class F, int T>
using gradient_of = test::program_of<F, float, pm::shape<4>, pm::shape<T, 4>, pm::shape<4, 4>>;

int times(std::string const& text, std::string const& word) {
    int n = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("scan: memory without a gradient does not grow with the steps") {
    using last = decltype(last_of);
    CHECK(pm::workspace_bytes_of<value_of<last, 1000>> == pm::workspace_bytes_of<value_of<last, 2>>);
    // With one, the states, and of many steps what adds the parameter's gradient by blocks.
    constexpr auto more =
        pm::workspace_bytes_of<gradient_of<last, 1000>> - pm::workspace_bytes_of<gradient_of<last, 8>>;
    CHECK(more <= 992 * 4 * 4 + 2 * 4 * 4 * 4 + pm::workspace_alignment);
    CHECK(more > 0);
    test::pipeline const plan(test::simplified<gradient_of<last, 8>>());
    CHECK(plan.sound());
    for (pm::target const& t : {pm::targets::scalar, pm::targets::cortex_m4, pm::targets::avx512})
        CHECK(test::pipeline(test::simplified<gradient_of<last, 8>>(), t).sound());
}
TEST_CASE("scan: what is computed of a parameter is computed once, and its gradient") {
    for (std::string const& text :
         {pm::explain<gradient_of<decltype(loss_of), 2>>(), pm::explain<gradient_of<decltype(loss_of), 1000>>()}) {
        INFO(text);
        CHECK(times(text, "  inverse:") == 1);
        CHECK(times(text, "  scan:") == 1);
        CHECK(times(text, "  scan_adjoint:") == 1);
        CHECK(times(text, "  matmul:") == 2);  // -y^T c y^T
    }
}
TEST_CASE("scan: the program of 1000 steps is as long as that of 2") {
    using two = pm::compiled<gradient_of<decltype(loss_of), 2>>;
    using thousand = pm::compiled<gradient_of<decltype(loss_of), 1000>>;
    CHECK(thousand::simplified.size == two::simplified.size);
    CHECK(thousand::plan.step_count == two::plan.step_count);
    CHECK(thousand::plan.code_size == two::plan.code_size);
}
TEST_CASE("scan: the plan for another machine has that machine's memory for the cell") {
    std::string const here = pm::explain<value_of<decltype(last_of), 8>>(pm::targets::host),
                      there = pm::explain<value_of<decltype(last_of), 8>>(pm::targets::cortex_m4);
    CHECK(here == pm::explain<value_of<decltype(last_of), 8>>());
    CHECK(there.find("of workspace for itself") != std::string::npos);
    CHECK(there.find("for Cortex-M4") != std::string::npos);
}
