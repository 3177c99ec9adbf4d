// What dense kernels pack: panels that are too large for the stack lie in the workspace, where nothing else lies while
// they are used, and give the same results.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/determinant.hpp"
#include "paramorph/op/inverse.hpp"
#include "paramorph/op/lu.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/op/triangular_solve.hpp"

namespace {

constexpr auto everything = [](auto a, auto b) {
    auto const solved = pm::solve(a, b);
    return std::tuple{pm::inverse(a), solved, pm::triangular_solve(a, b) + solved, std::get<1>(pm::slogdet(a))};
};
template <class T, int N>
using program = test::program_of<std::remove_cvref_t<decltype(everything)>, T, pm::shape<N, N>, pm::shape<N, 3>>;

// The dense steps whose panels lie in the workspace.
template <class P>
int in_workspace() {
    using C = pm::compiled<P>;
    return static_cast<int>(std::count_if(C::memory.panels, C::memory.panels + C::plan.step_count,
                                          [](std::int64_t at) { return at != 0; }));
}
template <class T, int N>
test::arrays arguments() {
    using P = program<T, N>;
    test::arrays a = test::arguments_for(test::simplified<P>(), -1, 1);
    for (std::size_t i = 0; i < N; ++i) a[0][i * N + i] += N;
    return a;
}

}  // namespace

TEST_CASE("panels: small ones lie on the stack") {
    CHECK(in_workspace<program<float, 8>>() == 0);
}

TEST_CASE("panels: large ones lie in the workspace") {
    using P = program<double, 600>;
    CHECK(in_workspace<P>() >= 4);
    CHECK(test::same_on<P>(arguments<double, 600>(), 1e-11));
}

TEST_CASE("panels: nothing that is alive lies where they are") {
    using C = pm::compiled<program<double, 600>>;
    for (int t = 0; t < C::plan.step_count; ++t) {
        if (C::memory.panels[t] == 0) continue;
        pm::ir::node const& n = C::simplified.nodes[C::plan.steps[t].node];
        auto const begin = C::memory.panels[t] - 1,
                   end = begin + 2 * 600 * C::machine.panel_row_bytes(pm::element::f64);
        CHECK(end <= C::memory.bytes);
        auto const apart = [&](int v) {
            pm::ir::location const at = C::memory.of[pm::ir::memory_of(C::simplified, v)];
            std::int64_t const size = std::int64_t(C::simplified.shape_of(v).size()) * 8;
            return at.kind != pm::ir::location::workspace || at.at >= end || at.at + size <= begin;
        };
        for (int k = 0; k < n.operation->arity; ++k) CHECK(apart(n.argument[k]));
        for (int k = 0; k < n.operation->results; ++k)
            if (C::simplified.values[n.first + k].type != pm::element::i32) CHECK(apart(n.first + k));
    }
}
