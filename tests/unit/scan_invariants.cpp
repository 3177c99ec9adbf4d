// What a step of a scan computes of parameters alone is computed once, before the scan: read from explain; values and
// gradients are those of the cell as it is written.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/kernel/explain.hpp"
#include "paramorph/nn/function_gradient.hpp"
#include "paramorph/nn/scan.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/inverse.hpp"
#include "paramorph/op/lu.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/tanh.hpp"

namespace {

template <class F, class... Input>
std::string explained(F const&) {
    return pm::explain<test::value_program_of<F, float, Input...>>(pm::targets::avx2);
}
bool has(std::string const& text, char const* what) {
    return text.find(what) != std::string::npos;
}

using vector = pm::shape<3>;
using rows = pm::shape<5, 3>;
using matrix = pm::shape<3, 3>;

constexpr auto step_of = [](auto h, auto x, auto m) {
    auto const next = pm::tanh(pm::matmul(m, h) + x);
    return std::tuple{next, next};
};
constexpr auto inside = [](auto h, auto xs, auto w) {
    return pm::scan([](auto s, auto x, auto p) { return step_of(s, x, pm::inverse(p * 0.5)); }, h, xs, w);
};
constexpr auto before = [](auto h, auto xs, auto w) { return pm::scan(step_of, h, xs, pm::inverse(w * 0.5)); };

// Views, what is larger than what it is computed of, and what depends on the state or the input.
constexpr auto stays = [](auto h, auto xs, auto w) {
    return pm::scan(
        [](auto s, auto x, auto p) {
            auto const products = pm::unsqueeze<1>(p) * p;
            return std::tuple{pm::tanh(pm::matmul(products, s)) + x, pm::transpose(pm::unsqueeze<0>(p)) * s};
        },
        h, xs, w);
};
// A row times the transpose of a matrix, which is written in the step or before it; one that is read besides.
constexpr auto product_with = [](auto h, auto x, auto m) {
    auto const next = pm::tanh(pm::matmul(h, m) + x);
    return std::tuple{next, next};
};
constexpr auto transposed_inside = [](auto h, auto xs, auto w) {
    return pm::scan([](auto s, auto x, auto p) { return product_with(s, x, pm::transpose(p)); }, h, xs, w);
};
constexpr auto transposed_before = [](auto h, auto xs, auto w) {
    return pm::scan(product_with, h, xs, pm::transpose(w));
};
constexpr auto transposed_and_read = [](auto h, auto xs, auto w) {
    return pm::scan(
        [](auto s, auto x, auto p) {
            auto const m = pm::transpose(p);
            return std::tuple{pm::tanh(pm::matmul(s, m) + x), m + pm::sum(x)};
        },
        h, xs, w);
};
// Several, one of which the step reads through a view; a parameter that is read besides, and one that is not.
constexpr auto several = [](auto h, auto xs, auto a, auto b, auto c, auto d) {
    return pm::scan(
        [](auto s, auto x, auto p, auto q, auto r, auto) {
            auto const gain = pm::tanh(q) * 2.0;
            return std::tuple{pm::tanh(pm::matmul(pm::transpose(pm::triu(p)), s)) * gain + x * r,
                              pm::sum(pm::matmul(p, p) * 0.5) + pm::sum(s * r)};
        },
        h, xs, a, b, c, d);
};
constexpr auto factors = [](auto h, auto xs, auto w) {
    return pm::scan(
        [](auto s, auto x, auto p) {
            auto const [order, l, u] = pm::lu(p);
            return std::tuple{pm::tanh(pm::matmul(l, s)) + pm::matmul(u, x), u};
        },
        h, xs, w);
};
constexpr auto nested = [](auto h, auto xs, auto w) {
    return pm::scan(
        [](auto s, auto x, auto m) {
            auto const [last, ys] = pm::scan(
                [](auto c, auto e, auto p) {
                    auto const next = pm::tanh(c * pm::exp(p) + e);
                    return std::tuple{next, next * c};
                },
                s, x, m);
            return std::tuple{last, pm::sum(ys)};
        },
        h, xs, w);
};
constexpr auto result_alone = [](auto h, auto xs, auto w) {
    return pm::scan([](auto s, auto x, auto p) { return std::tuple{s + x, pm::tanh(p)}; }, h, xs, w);
};
constexpr auto in_segments = [](auto h, auto xs, auto w) {
    return pm::scan(pm::checkpoint<2>([](auto s, auto x, auto p) { return step_of(s, x, pm::inverse(p * 0.5)); }), h,
                    xs, w);
};
constexpr auto positive = [](auto w) {
    auto const [last, ys] =
        pm::scan([](auto s, auto x,
                    auto p) { return std::tuple{s * pm::require(p, p > 0, "the gain must be positive") + x, s}; },
                 w * 0.0, pm::broadcast_to<pm::shape<2, 3>>(w), w);
    return last;
};

// Gates of a row times a matrix, which are parts of one product: with what is added to each, and to the sum of both.
template <int N>
struct gates_cell {
    constexpr auto operator()(auto h, auto x, auto w, auto bias) const {
        auto const all = pm::matmul(h, w) + bias;
        auto const r = pm::tanh(pm::slice<-1, 0, N>(x) + pm::slice<-1, 0, N>(all));
        auto const next = pm::tanh(pm::slice<-1, N, 2 * N>(x) + r * pm::slice<-1, N, 2 * N>(all)) + h * 0.5;
        return std::tuple{next, next};
    }
};
// A part of a product that is read twice, and one that nothing is added to; the result is not the state.
template <int N>
struct twice_cell {
    constexpr auto operator()(auto h, auto x, auto w, auto bias) const {
        auto const all = pm::matmul(h, w);
        auto const a = pm::slice<-1, 0, N>(all);
        auto const next = pm::tanh((a + pm::slice<-1, 0, N>(bias)) * (a + pm::slice<-1, 0, N>(x)));
        return std::tuple{next, next + pm::slice<-1, N, 2 * N>(all)};
    }
};
template <class Cell>
constexpr auto scanned = [](auto h, auto xs, auto w, auto bias) { return pm::scan(Cell{}, h, xs, w, bias); };
template <template <int> class Cell, int N>
constexpr bool completes_its_product() {
    using step =
        pm::program::scan_step<Cell<N>, float, pm::shape<N>, pm::shape<2 * N>, pm::shape<N, 2 * N>, pm::shape<2 * N>>;
    return pm::compiled<pm::program::step_of_scan<step>>::products.at[0] == 1;
}
template <template <int> class Cell, int Steps, int... N>
void expect_gates() {
    (test::expect_agreement<float, pm::shape<N>, pm::shape<Steps, 2 * N>, pm::shape<N, 2 * N>, pm::shape<2 * N>>(
         scanned<Cell<N>>, -0.3, 0.3),
     ...);
}

}  // namespace

TEST_CASE("scan invariants: the program is that of a scan given what was computed before it") {
    auto const text = explained<decltype(inside), vector, rows, matrix>(inside);
    CHECK(text == explained<decltype(before), vector, rows, matrix>(before));
    CHECK(has(text, "  inverse: reads value"));
    CHECK(has(text, "  scan: reads argument 0 [3], argument 1 [5, 3], value"));
    auto const gradient = [](auto const& f) {
        using F = std::remove_cvref_t<decltype(f)>;
        return pm::explain<test::program_of<F, float, vector, rows, matrix>>(pm::targets::avx2);
    };
    CHECK(gradient(inside) == gradient(before));
    CHECK(has(gradient(in_segments), "  inverse: reads value"));
}
TEST_CASE("scan invariants: what would save nothing stays in the step") {
    auto const text = explained<decltype(stays), vector, rows, vector>(stays);
    CHECK(has(text, "1 kernel, "));
    CHECK(has(text, "  scan: reads argument 0 [3], argument 1 [5, 3], argument 2 [3]"));
}
TEST_CASE("scan invariants: a small matrix that rows are multiplied with is transposed once") {
    auto const text = explained<decltype(transposed_inside), vector, rows, matrix>(transposed_inside);
    if (pm::targets::host.lanes(pm::element::f32) > 1) {
        CHECK(text == explained<decltype(transposed_before), vector, rows, matrix>(transposed_before));
        CHECK(has(text, "  scan: reads argument 0 [3], argument 1 [5, 3], value"));
    } else
        CHECK(has(text, "1 kernel, "));
    CHECK(has(explained<decltype(transposed_and_read), vector, rows, matrix>(transposed_and_read), "1 kernel, "));
    using large = pm::shape<160>;  // beyond the first-level cache
    CHECK(has(explained<decltype(transposed_inside), large, pm::shape<5, 160>, pm::shape<160, 160>>(transposed_inside),
              "1 kernel, "));
    CHECK(pm::targets::avx2.keeps_transposed(pm::element::f32, 96 * 32));
    CHECK(pm::targets::avx2.keeps_transposed(pm::element::f64, 64 * 128));
    CHECK_FALSE(pm::targets::avx2.keeps_transposed(pm::element::f64, 64 * 128 + 1));
    CHECK_FALSE(pm::targets::cortex_m4.keeps_transposed(pm::element::f32, 1));
}
TEST_CASE("scan invariants: several, and a parameter besides") {
    auto const text = explained<decltype(several), vector, rows, matrix, vector, pm::shape<>, pm::shape<7>>(several);
    CHECK(has(text, "mask; reads argument 2 [3, 3]"));
    CHECK(has(text, "tanh, multiply; reads argument 3 [3]"));
    CHECK(has(text, "  matmul: reads argument 2 [3, 3]"));
    CHECK_FALSE(has(text, "argument 5"));
    CHECK(has(explained<decltype(factors), vector, rows, matrix>(factors), "  lu: reads argument 2 [3, 3]"));
}
TEST_CASE("scan invariants: out of two scans, one in the cell of the other") {
    auto const text = explained<decltype(nested), vector, pm::shape<4, 5, 3>, vector>(nested);
    CHECK(has(text, "exp; reads argument 2 [3]"));
}
TEST_CASE("scan invariants: gradients against finite differences") {
    test::expect_gradient<vector, rows, matrix>(inside, 0.5, 2);
    test::expect_gradient<vector, rows, matrix>(in_segments, 0.5, 2);
    test::expect_gradient<vector, rows, vector>(stays, -1, 1);
    test::expect_gradient<vector, rows, matrix, vector, pm::shape<>, pm::shape<7>>(several, -1, 1);
    test::expect_gradient<vector, rows, matrix>(factors, 0.5, 2);
    test::expect_gradient<vector, rows, matrix>(transposed_inside, -1, 1);
    test::expect_gradient<vector, pm::shape<4, 5, 3>, vector>(nested, -1, 1);
    test::expect_gradient<vector, rows, vector>(result_alone, -1, 1);
}
TEST_CASE("scan invariants: interpreter and kernels") {
    test::expect_agreement<double, vector, rows, matrix>(inside, 0.5, 2);
    test::expect_agreement<float, vector, rows, matrix, vector, pm::shape<>, pm::shape<7>>(several);
    test::expect_agreement<double, vector, pm::shape<4, 5, 3>, vector>(nested);
    test::expect_agreement<float, vector, rows, vector>(result_alone);
    test::expect_agreement<float, pm::shape<37>, pm::shape<3, 37>, pm::shape<37, 37>>(transposed_inside);
}
TEST_CASE("scan: a row times a matrix is completed in the loop that reads it") {
    constexpr bool vectors = pm::simd::width<pm::simd::best<float>> > 1;
    CHECK(completes_its_product<gates_cell, 9>() == vectors);
    CHECK(completes_its_product<twice_cell, 9>() == vectors);
    expect_gates<gates_cell, 3, 2, 9, 16, 50>();
    expect_gates<twice_cell, 1, 9>();
}
TEST_CASE("scan invariants: what fails says its own sentence") {
    test::expect_failure<vector>(positive, {1, -1, 2}, "the gain must be positive");
    CHECK(test::interpret<vector>(positive, {{1, 3, 2}}).status.ok());
}
