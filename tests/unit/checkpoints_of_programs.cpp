// What is computed again in a gradient: the states of a scan between two that are saved, the inside of a function. The
// numbers are those of what saves everything, bit for bit; the memory is not.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/kernel/explain.hpp"
#include "paramorph/nn/checkpoint.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/inverse.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/solve.hpp"
#include "paramorph/op/tanh.hpp"

namespace {

struct tanh_cell {
    constexpr auto operator()(auto h, auto x, auto w, auto u) const {
        auto const next = pm::tanh(pm::matmul(w, h) + pm::matmul(u, x));
        return std::tuple{next, pm::sum<0>(next * next)};
    }
};
// With Every = 0 all states are saved, by a cell without checkpoint.
template <int Every>
constexpr auto scanned = [](auto h, auto xs, auto w, auto u) {
    if constexpr (Every == 0)
        return pm::scan(tanh_cell{}, h, xs, w, u);
    else
        return pm::scan(pm::checkpoint<Every>(tanh_cell{}), h, xs, w, u);
};
template <class F, class T, int Steps>
using program_of_steps = test::program_of<F, T, pm::shape<5>, pm::shape<Steps, 3>, pm::shape<5, 5>, pm::shape<5, 3>>;
template <int Every, int Steps, class T = double>
using segmented = program_of_steps<decltype(scanned<Every>), T, Steps>;

void expect_same(test::outcome const& a, test::outcome const& b) {
    REQUIRE((a.status.ok() && b.status.ok()));
    REQUIRE(a.outputs.size() == b.outputs.size());
    for (std::size_t k = 0; k < a.outputs.size(); ++k) {
        INFO("output " << k);
        CHECK(test::same_bits(a.outputs[k], b.outputs[k]));
    }
}
template <int Steps, int... Every>
void expect_segments() {
    using all = segmented<0, Steps>;
    auto const a = test::arguments_for(test::simplified<all>(), -0.7, 0.7);
    auto const expected = test::three_ways<all>(a);
    auto const each = [&]<int E>(std::integral_constant<int, E>) {
        INFO(Steps << " steps, every " << E);
        auto const found = test::three_ways<segmented<E, Steps>>(a);
        for (std::size_t k = 0; k < found.size(); ++k) expect_same(found[k], expected[k]);
    };
    (each(std::integral_constant<int, Every>{}), ...);
}

constexpr auto block = [](auto x, auto w, auto v) {
    auto const inside = pm::tanh(pm::matmul(x, w));
    return x + pm::matmul(inside * pm::exp(inside), v);
};
constexpr auto two_results = [](auto x, auto w) {
    auto const y = pm::tanh(pm::matmul(x, w));
    return std::tuple{pm::sum<0>(y), y * y};
};

// Four blocks, one after the other.
template <bool Again>
constexpr auto deep = [](auto x, auto w, auto v) {
    auto const next = [&](auto h) {
        if constexpr (Again)
            return pm::checkpoint(block, h, w, v);
        else
            return block(h, w, v);
    };
    return pm::sum(next(next(next(next(x)))));
};
template <bool Again>
using deep_program =
    test::program_of<decltype(deep<Again>), float, pm::shape<256, 8>, pm::shape<8, 64>, pm::shape<64, 8>>;

}  // namespace

TEST_CASE("checkpoint: segments of a scan give the numbers of all states saved") {
    expect_segments<1, 1, 2>();
    expect_segments<7, 1, 2, 3, 7, 9>();
    expect_segments<8, 4>();
}
TEST_CASE("checkpoint: segments of a scan, gradient against finite differences") {
    using x = pm::shape<5, 2>;
    test::expect_gradient<pm::shape<3>, x, pm::shape<3, 3>, pm::shape<3, 2>>(scanned<2>, -1, 1);
    constexpr auto without_parameters = [](auto h, auto xs) {
        return pm::scan(pm::checkpoint<3>([](auto s, auto e) {
                            auto const next = s * 0.5 + e * s;
                            return std::tuple{next, next * e};
                        }),
                        h, xs);
    };
    test::expect_gradient<pm::shape<2>, pm::shape<7, 2>>(without_parameters, -1, 1);
    test::expect_agreement<double, pm::shape<2>, pm::shape<7, 2>>(without_parameters);
    constexpr auto outputs_alone = [](auto h, auto xs) {
        return std::get<1>(pm::scan(pm::checkpoint<3>([](auto s, auto e) { return std::tuple{s * e, s}; }), h, xs));
    };
    test::expect_gradient<pm::shape<2>, pm::shape<7, 2>>(outputs_alone, -1, 1);
    test::expect_agreement<float, pm::shape<2>, pm::shape<7, 2>>(outputs_alone);
}
TEST_CASE("checkpoint: a scan of segments keeps the states that begin them, and those of one") {
    constexpr std::int64_t state = 5 * 8, all = pm::workspace_bytes_of<segmented<0, 1000>>,
                           segments = pm::workspace_bytes_of<segmented<32, 1000>>;
    CHECK(all - segments >= (1000 - 32 - 32) * state - 4 * pm::workspace_alignment);
    CHECK(pm::workspace_bytes_of<segmented<32, 1024>> - segments <=
          24 * 8 + pm::workspace_alignment);  // the results' cotangents
    test::pipeline const plan(test::simplified<segmented<3, 7>>());
    CHECK(plan.sound());
    for (pm::target const& t : {pm::targets::scalar, pm::targets::cortex_m4, pm::targets::avx512})
        CHECK(test::pipeline(test::simplified<segmented<3, 7>>(), t).sound());
}
TEST_CASE("checkpoint: a step that fails when it runs again cannot, for it ran before") {
    constexpr auto solves = [](auto h, auto xs) {
        return pm::scan(pm::checkpoint<2>([](auto s, auto x) {
                            auto const y = pm::solve(x, s);
                            return std::tuple{y, y};
                        }),
                        h, xs);
    };
    using h = pm::shape<1, 1>;
    using xs = pm::shape<3, 1, 1>;
    using P = test::program_of<decltype(solves), double, h, xs>;
    for (auto const& r : test::three_ways<P>({{2}, {1, 0, 2}, {1}, {0, 0, 0}})) CHECK(!r.status.ok());
    for (auto const& r : test::three_ways<P>({{2}, {1, 4, 2}, {1}, {0, 0, 0}})) {
        REQUIRE(r.status.ok());
        CHECK(r.outputs[0] == test::numbers{0.25});
    }
}
TEST_CASE("checkpoint: a function's numbers, forward and backward") {
    using x = pm::shape<3, 4>;
    using w = pm::shape<4, 6>;
    using v = pm::shape<6, 4>;
    constexpr auto again = [](auto a, auto b, auto c) { return pm::checkpoint(block, a, b, c); };
    test::expect_gradient<x, w, v>(again, -1, 1);
    test::expect_agreement<double, x, w, v>(again, -1, 1);
    test::expect_agreement<float, x, w, v>(again, -1, 1);
    constexpr auto several = [](auto a, auto b) { return pm::checkpoint(two_results, a, b); };
    test::expect_gradient<x, w>(several, -1, 1);
    test::expect_agreement<double, x, w>(several, -1, 1);
    constexpr auto of_numbers = [](auto a) { return pm::checkpoint([](auto s) { return pm::exp(s) * s; }, a); };
    test::expect_gradient<pm::shape<>>(of_numbers);
    test::expect_gradient<pm::shape<2, 1, 2, 3>>(of_numbers);
    test::expect_agreement<double, pm::shape<2, 1, 2, 3>>(of_numbers);
    CHECK(test::interpret<pm::shape<2>>(of_numbers, {{0, 1}}).outputs[0][1] == std::exp(1.0));
}
TEST_CASE("checkpoint: what lies inside of a function has no memory of its own") {
    constexpr std::int64_t all = pm::workspace_bytes_of<deep_program<false>>,
                           again = pm::workspace_bytes_of<deep_program<true>>;
    INFO(all << " bytes, with checkpoints " << again);
    // tanh(x w) of each block need not be kept.
    CHECK(all - again >= 2 * 256 * 64 * 4);
    auto const a = test::arguments_for(test::simplified<deep_program<false>>(), -0.3, 0.3);
    auto const x = test::run_kernel<deep_program<false>, pm::simd::best<float>>(a),
               y = test::run_kernel<deep_program<true>, pm::simd::best<float>>(a);
    REQUIRE((x.status.ok() && y.status.ok()));
    for (std::size_t k = 0; k < x.outputs.size(); ++k) CHECK(test::close(x.outputs[k], y.outputs[k], 1e-4));
}
TEST_CASE("checkpoint: inside of a checkpoint, and a scan inside of one") {
    constexpr auto nested = [](auto x, auto w) {
        return pm::checkpoint(
            [](auto h, auto m) {
                auto const y = pm::checkpoint([](auto a, auto b) { return pm::tanh(pm::matmul(a, b)); }, h, m);
                auto const [last, all] = pm::scan(pm::checkpoint<2>([](auto s, auto e) {
                                                      auto const next = pm::tanh(s * e);
                                                      return std::tuple{next, next};
                                                  }),
                                                  pm::select<0, 0>(h), y);
                return last;
            },
            x, w);
    };
    test::expect_gradient<pm::shape<3, 3>, pm::shape<3, 3>>(nested, -1, 1);
    test::expect_agreement<double, pm::shape<3, 3>, pm::shape<3, 3>>(nested, -1, 1);
}
