// Simplification: same values, fewer nodes. Each rule on a small graph; it never adds nodes, and doing it twice changes
// nothing.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/sigmoid.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/op/where.hpp"

using square = pm::shape<4, 4>;
using wide = pm::shape<2, 6>;

namespace {

template <class... Input>
std::unique_ptr<pm::ir::graph> simplified(auto const& f) {
    return std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace<float, Input...>(f)));
}
// Nodes beside the leaves.
int computed(pm::ir::graph const& g) {
    return g.size - test::leaf_count(g);
}

// Is the only output the first argument itself?
template <class Input>
bool vanishes(auto const& f) {
    auto const g = simplified<Input>(f);
    return computed(*g) == 0 && g->outputs[0] == 0;
}

}  // namespace

TEST_CASE("simplify: neutral elements vanish") {
    CHECK(vanishes<square>([](auto x) { return x + 0; }));
    CHECK(vanishes<square>([](auto x) { return 0 + x; }));
    CHECK(vanishes<square>([](auto x) { return x - 0; }));
    CHECK(vanishes<square>([](auto x) { return x * 1; }));
    CHECK(vanishes<square>([](auto x) { return 1 * x; }));
    CHECK(vanishes<square>([](auto x) { return x / 1; }));
    CHECK(vanishes<square>([](auto x) { return ((x + 0) * 1 - 0) / 1; }));
}

TEST_CASE("simplify: what may change a value stays") {
    CHECK_FALSE(vanishes<square>([](auto x) { return x * 0; }));  // x may not be finite
    CHECK_FALSE(vanishes<square>([](auto x) { return 0 - x; }));
    CHECK_FALSE(vanishes<square>([](auto x) { return 1 / x; }));
    CHECK_FALSE(vanishes<pm::shape<1, 4>>(
        [](auto x) { return x + pm::broadcast_to<square>(pm::reshape<pm::shape<4, 1>>(x) * 0); }));
    // The neutral element is applied to a tensor that is broadcast: its shape would be lost.
    auto const g = simplified<pm::shape<4>, square>([](auto x, auto y) { return pm::broadcast_to<square>(x) + 0 * y; });
    CHECK(g->shape_of(g->outputs[0]) == pm::extents{2, {4, 4}});
}

TEST_CASE("simplify: numbers are folded") {
    auto const g = simplified<square>([](auto x) {
        pm::symbol<pm::shape<>, float> const two{x.traced, pm::append_constant(*x.traced, 2)};
        return x * (pm::exp(two * 0.0) + two / 4);
    });
    CHECK(computed(*g) == 2);
    CHECK(g->nodes[1].number == 1.5);
}

TEST_CASE("simplify: a number meets those of the operations before it") {
    auto const operations = [](auto const& f) {
        auto const g = simplified<pm::shape<4>>(f);
        int n = 0;
        for (int i = 0; i < g->size; ++i) n += g->nodes[i].operation->kind == pm::category::elementwise ? 1 : 0;
        return n;
    };
    CHECK(operations([](auto x) { return 3 * (2 * x); }) == 1);
    CHECK(operations([](auto x) { return 3 * (pm::exp(x) * ((2 * x) * x)); }) == 4);
    CHECK(operations([](auto x) { return 3 * pm::permute<1, 0>(pm::reshape<pm::shape<2, 2>>(2 * x)); }) == 1);
    CHECK(operations([](auto x) { return pm::sigmoid(5 * x) * -2.5; }) == 1);
    CHECK(operations([](auto x) { return 7 * pm::exp(x) - 7; }) == 3);
    CHECK(operations([](auto x) { return 1000 * pm::sigmoid(5 * x); }) ==
          2);                                                            // its kernel has no room for so large a one
    CHECK(operations([](auto x) { return 1e-30 * (1e-30 * x); }) == 2);  // their product is no float
    // What another reads stays as it is.
    CHECK(operations([](auto x) {
              auto const y = 2 * x;
              return 3 * y + pm::exp(y);
          }) == 4);
}

namespace {

// At these arguments no product of the expression, as it is written, leaves the range of float.
template <class F>
void expect_in_range(F const&, double x, double y, double expected) {
    using P = test::value_program_of<F, float, pm::shape<3>, pm::shape<3>>;
    test::arrays const arguments{{x, x, x}, {y, y, y}};
    for (auto const& result :
         {test::interpret(test::traced<P>(), arguments).outputs[0], test::run_kernel<P, float>(arguments).outputs[0],
          test::run_kernel<P, pm::simd::best<float>>(arguments).outputs[0]})
        for (double const r : result) {
            INFO("at " << x << ", " << y << ": " << r << " for " << expected);
            CHECK(std::abs(r / expected - 1) < 1e-6);
        }
}

}  // namespace

TEST_CASE("simplify: numbers meet only where no product leaves the range of float") {
    expect_in_range([](auto x, auto y) { return ((x * 1e30) * y) * 1e8; }, 10, 1e-30, 1e9);
    expect_in_range([](auto x, auto y) { return ((x * 1e-30) * y) * 1e-8; }, 0.1, 1e30, 1e-9);
    expect_in_range([](auto x, auto y) { return ((x * 2) * y) * 3; }, 1e38, 1e-20, 6e18);
    expect_in_range([](auto x, auto y) { return ((x * 0.5) * y) * 3; }, 3e38, 1e-20, 4.5e18);
    expect_in_range([](auto x, auto y) { return ((x * 0.5) * y) * 1.5; }, 3e38, 1e-20, 2.25e18);
    expect_in_range([](auto x, auto y) { return ((x * y) * 3) * y; }, 1e-20, 1e20, 3e20);
    expect_in_range([](auto x, auto y) { return (((x * 0.5) * y) * x) * 3; }, 1e-19, 3e38, 4.5);
    expect_in_range([](auto x, auto y) { return pm::sigmoid(x * 1e-30) * y; }, 1e30, 1, 0.7310585786300049);
    // Side by side they meet, and nothing on the way is lost.
    expect_in_range([](auto x, auto y) { return (x * 1e30) * 1e-30 + 0 * y; }, 1e20, 1, 1e20);
}

TEST_CASE("simplify: numbers of ordinary size meet across factors") {
    auto const products = [](auto const& f) {
        auto const g = simplified<pm::shape<4>, pm::shape<4>>(f);
        return static_cast<int>(std::count_if(g->nodes, g->nodes + g->size, [](auto const& n) {
            return n.operation == &pm::ir::describe<pm::op::multiply>;
        }));
    };
    CHECK(products([](auto x, auto y) { return ((x * 4) * y) * 0.8; }) == 2);
    CHECK(products([](auto x, auto y) { return ((x * 0.8) * y) * 4; }) == 2);
    CHECK(products([](auto x, auto y) { return ((x * 0.5) * y) * 2; }) == 1);
    CHECK(products([](auto x, auto y) { return (((x * 3) * y) * y) * 2; }) == 3);
    CHECK(products([](auto x, auto y) { return (((x * 0.5) * y) * y) * 0.5; }) == 3);
    // With two factors between, a product on the way could grow beyond the range.
    CHECK(products([](auto x, auto y) { return (((x * 0.5) * y) * y) * 3; }) == 4);
    CHECK(products([](auto x, auto y) { return ((x * 100) * y) * 0.01; }) == 3);
}

TEST_CASE("simplify: the order of commuting arguments does not tell nodes apart") {
    auto const g = simplified<square, square>([](auto x, auto y) { return (x * y - y * x) / (x + y) * (y + x); });
    CHECK(computed(*g) == 5);
    CHECK(computed(*simplified<square, square>([](auto x, auto y) { return (x - y) * (y - x); })) == 3);
}

TEST_CASE("simplify: transposes cancel and compose") {
    CHECK(vanishes<square>([](auto x) { return pm::transpose(pm::transpose(x)); }));
    CHECK(vanishes<pm::shape<2, 3, 4>>([](auto x) { return pm::permute<1, 2, 0>(pm::permute<2, 0, 1>(x)); }));
    auto const g = simplified<pm::shape<2, 3, 4>>([](auto x) { return pm::permute<2, 0, 1>(pm::permute<2, 0, 1>(x)); });
    CHECK(computed(*g) == 1);
    CHECK(g->nodes[1].attribute == pm::attributes{{1, 2, 0, 3}});
}

TEST_CASE("simplify: reshapes cancel and compose") {
    CHECK(vanishes<wide>([](auto x) { return pm::reshape<wide>(x); }));
    CHECK(vanishes<wide>([](auto x) { return pm::reshape<wide>(pm::reshape<pm::shape<12>>(x)); }));
    CHECK(computed(*simplified<wide>(
              [](auto x) { return pm::reshape<pm::shape<3, 4>>(pm::reshape<pm::shape<12>>(x)); })) == 1);
}

TEST_CASE("simplify: triangles of one side merge into the stricter one") {
    auto const upper = simplified<square>([](auto x) { return pm::triu<-1>(pm::triu<2>(x)); });
    CHECK(computed(*upper) == 1);
    CHECK(upper->nodes[1].attribute == pm::attributes{{2, 1}});
    auto const lower = simplified<square>([](auto x) { return pm::tril<1>(pm::tril<-1>(x)); });
    CHECK(computed(*lower) == 1);
    CHECK(lower->nodes[1].attribute == pm::attributes{{-1, -1}});
    CHECK(computed(*simplified<square>([](auto x) { return pm::triu(pm::tril(x)); })) == 2);
}

TEST_CASE("simplify: a transposed argument of matmul becomes an attribute") {
    auto const g =
        simplified<square, square>([](auto a, auto b) { return pm::matmul(pm::transpose(a), pm::transpose(b)); });
    CHECK(computed(*g) == 1);
    CHECK(g->nodes[2].attribute == pm::attributes{{1, 1}});
}

TEST_CASE("simplify: before differentiation a number stays beside the sigmoid that derivatives read") {
    auto const products = [](pm::ir::graph const& g) {
        return std::count_if(g.nodes, g.nodes + g.size,
                             [](auto const& n) { return n.operation == &pm::ir::describe<pm::op::multiply>; });
    };
    auto const f = [](auto x) { return pm::sigmoid(x * 0.5) * 4 * 2 - 1; };
    auto const traced = std::make_unique<pm::ir::graph>(test::trace<float, square>(f));
    CHECK(products(*traced) == 3);
    CHECK(products(*std::make_unique<pm::ir::graph>(pm::ir::simplify_to_differentiate(*traced))) == 1);
    CHECK(products(*simplified<square>(f)) == 0);
}

TEST_CASE("simplify: before differentiation numbers stay on their sides of a factor") {
    // The slope in x is ((c / 4) y) / 2, and 2^126 where c is 2^127 and y is 4. Were x multiplied by 1/8 at once, c y
    // would be infinite.
    constexpr auto f = [](auto x, auto y) { return ((x * 0.5) * y) * 0.25; };
    CHECK(computed(*simplified<square, square>(f)) == 3);  // a number and two products
    using P = test::program_of<decltype(f), float, pm::shape<1>, pm::shape<1>>;
    CHECK(test::run_kernel<P, float>({{0x1p-3}, {4}, {0x1p127}}).outputs[1] == test::numbers{0x1p126});
}

TEST_CASE("simplify: numbers meet in long chains at a cost that grows with their length") {
    // Nodes that are made on the way, before those that no output needs are dropped.
    auto const made = [](int stages) {
        auto const g = std::make_unique<pm::ir::graph>(pm::new_graph<float>());
        auto x = pm::append_leaf<square, float>(*g, 0);
        pm::append_leaf<square, float>(*g, 1);
        for (int k = 0; k < stages; ++k) x = {x.traced, (pm::exp(x * (0.5 + k)) * 0.25).id};
        int const output[]{x.id}, seed[]{1}, wanted[]{0};
        int adjoint[1]{};
        pm::ir::differentiate(*g, {output, seed, 1, wanted, adjoint, 1});
        g->output(adjoint[0]);
        return pm::ir::compact<pm::ir::rewriting::all>(*g).size;
    };
    CHECK(made(128) < 2.1 * made(64));
}

TEST_CASE("simplify: a sum of what is padded side by side is put together") {
    using row = pm::shape<2, 3>;
    auto const of = [](auto const& f, int names) {
        auto const traced = std::make_unique<pm::ir::graph>(test::trace<double, row, row, row>(f));
        auto g = std::make_unique<pm::ir::graph>(pm::ir::simplify(*traced));
        CHECK(computed(*g) == names);
        auto const a = test::arguments_for(*traced, -2, 2);
        CHECK(test::interpret(*g, a).outputs == test::interpret(*traced, a).outputs);
        return g;
    };
    auto const all =
        of([](auto a, auto b, auto c) { return (pm::pad<1, 6, 0>(a) + pm::pad<1, 3, 3>(b)) + pm::pad<1, 0, 6>(c); }, 1);
    CHECK(all->producer_of(all->outputs[0]).operation == &pm::ir::describe<pm::op::concatenate<3>>);
    // In any order, also where the first two are no neighbours, and in steps from both sides.
    of([](auto a, auto b, auto c) { return pm::pad<1, 0, 6>(a) + pm::pad<1, 6, 0>(b) + pm::pad<1, 3, 3>(c); }, 1);
    of([](auto a, auto b, auto c) { return pm::pad<0, 2, 2>(a) + (pm::pad<0, 0, 4>(b) + pm::pad<0, 4, 0>(c)); }, 1);
    // Five of them, in fours.
    of(
        [](auto a, auto b, auto c) {
            return pm::pad<1, 0, 12>(a) + pm::pad<1, 3, 9>(b) + pm::pad<1, 6, 6>(c) + pm::pad<1, 9, 3>(a) +
                   pm::pad<1, 12, 0>(b);
        },
        2);
    // What is zero around them stays, and so does another term.
    of([](auto a, auto b, auto) { return pm::pad<1, 1, 5>(a) + pm::pad<1, 4, 2>(b); }, 2);
    of([](auto a, auto b, auto c) { return pm::pad<0, 0, 2>(a) + pm::concatenate<0>(c, c) + pm::pad<0, 2, 0>(b); }, 3);
    // A gap, an overlap, another axis, and one that is read elsewhere, too.
    of([](auto a, auto b, auto) { return pm::pad<1, 0, 5>(a) + pm::pad<1, 5, 0>(b); }, 3);
    of([](auto a, auto b, auto) { return pm::pad<1, 0, 2>(a) + pm::pad<1, 2, 0>(b); }, 3);
    of([](auto a, auto b, auto) { return pm::pad<1, 0, 3>(a) + pm::concatenate<1>(b, b); }, 3);
    of(
        [](auto a, auto b, auto) {
            return pm::pad<0, 0, 2>(pm::reshape<pm::shape<2, 3>>(a)) +
                   pm::reshape<pm::shape<4, 3>>(pm::pad<1, 3, 0>(b));
        },
        4);
    of(
        [](auto a, auto b, auto) {
            auto const padded = pm::pad<1, 0, 3>(a);
            return std::tuple{padded + pm::pad<1, 3, 0>(b), padded * 2.0};
        },
        5);
}

TEST_CASE("simplify: what no output needs is dropped, arguments are not") {
    auto const g = simplified<square, square>([](auto x, auto y) {
        pm::exp(x);
        pm::log(y);
        return y * 2;
    });
    CHECK(test::leaf_count(*g) == 2);
    CHECK(computed(*g) == 2);
}

TEST_CASE("simplify: never adds nodes, is idempotent, and keeps every value") {
    auto const f = [](auto x, auto y) {
        auto const a = pm::transpose(pm::triu<1>(x * 1.0)) + (y - 0) / 2;
        return std::tuple{pm::matmul(a, pm::transpose(y)), pm::where(a > 0, a, -a) + pm::log(pm::exp(y)),
                          pm::reshape<pm::shape<16>>(pm::reshape<square>(a))};
    };
    auto const raw = std::make_unique<pm::ir::graph>(test::trace_gradient<double, square, square>(f));
    auto const once = std::make_unique<pm::ir::graph>(pm::ir::simplify(*raw)),
               twice = std::make_unique<pm::ir::graph>(pm::ir::simplify(*once));
    CHECK(once->size <= raw->size);
    CHECK(twice->size == once->size);
    auto const arguments = test::arguments_for(*once, -2, 2);
    auto const before = test::interpret(*raw, arguments), after = test::interpret(*once, arguments);
    REQUIRE(before.outputs.size() == after.outputs.size());
    for (std::size_t k = 0; k < before.outputs.size(); ++k)
        CHECK(test::close(after.outputs[k], before.outputs[k], 1e-14));
}
