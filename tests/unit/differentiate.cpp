// Reverse mode: the pass itself on small graphs. Each operation's own derivative is tested with the operation.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/divide.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/negate.hpp"
#include "paramorph/op/sign.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/triangle.hpp"

using row = pm::shape<3>;
using square = pm::shape<3, 3>;

namespace {

// tanh with the derivative of something else: the tester must see it.
struct wrong_tanh : pm::op::elementwise<wrong_tanh, 1> {
    static constexpr std::string_view name = "wrong_tanh";
    using uses = pm::ops<pm::op::multiply>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::tanh(x);
    }
    static constexpr void derive(pm::ir::graph& g, pm::ir::node const& n, pm::adjoint& a) {
        a.of_argument[0] = push<pm::op::multiply>(g, a.cotangent[0], n.first);
    }
};

// Operations without derive: its gradient is zero, or it has none.
template <bool Flat>
struct half_up : pm::op::elementwise<half_up<Flat>, 1> {
    static constexpr std::string_view name = "half_up";
    static constexpr bool flat = Flat;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::where(x < V(0), V(0), V(1));
    }
};

// Adjoints of all arguments for a cotangent of ones, by the interpreter.
template <class... Input>
test::arrays gradient_at(auto const& f, test::arrays arguments) {
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace_gradient<double, Input...>(f)));
    std::size_t const inputs = arguments.size();
    for (int k = static_cast<int>(inputs); k < test::leaf_count(*g); ++k)
        arguments.emplace_back(static_cast<std::size_t>(g->shape_of(k).size()), 1.0);
    auto r = test::interpret(*g, arguments);
    std::size_t const results = static_cast<std::size_t>(test::leaf_count(*g)) - inputs;
    r.outputs.erase(r.outputs.begin(), r.outputs.begin() + static_cast<std::ptrdiff_t>(results));
    return r.outputs;
}

}  // namespace

TEST_CASE("differentiate: a value used several times sums its cotangents") {
    auto const d = gradient_at<row>([](auto x) { return x * x + x + x; }, {{1, 2, -3}});
    CHECK(d[0] == test::numbers{4, 6, -4});
}

TEST_CASE("differentiate: cotangents of broadcast arguments are summed to their shapes") {
    auto const d = gradient_at<row, pm::shape<3, 1>, pm::shape<>>([](auto r, auto c, auto s) { return r * c + s; },
                                                                  {{1, 2, 3}, {1, 10, 100}, {5}});
    REQUIRE(d.size() == 3);
    CHECK(d[0] == test::numbers{111, 111, 111});
    CHECK(d[1] == test::numbers{6, 6, 6});
    CHECK(d[2] == test::numbers{9});
}

TEST_CASE("differentiate: only what a wanted value reaches is derived") {
    auto const g = std::make_unique<pm::ir::graph>(pm::new_graph<double>());
    auto const x = pm::append_leaf<row, double>(*g, 0), y = pm::append_leaf<row, double>(*g, 1),
               seed = pm::append_leaf<row, double>(*g, 2);
    auto const z = x * pm::exp(y);
    int const before = g->size;
    int outputs[]{z.id}, seeds[]{seed.id}, wanted[]{x.id}, adjoints[1];
    pm::ir::differentiate(*g, {outputs, seeds, 1, wanted, adjoints, 1});
    // multiply pushes both products; exp is not derived.
    CHECK(g->size <= before + 2);
    CHECK(adjoints[0] >= 0);
}

TEST_CASE("differentiate: where nothing reaches an argument there is no adjoint") {
    auto const g = std::make_unique<pm::ir::graph>(pm::new_graph<double>());
    auto const x = pm::append_leaf<row, double>(*g, 0), y = pm::append_leaf<row, double>(*g, 1),
               seed = pm::append_leaf<row, double>(*g, 2);
    auto const z = pm::sign(x) * y;
    int outputs[]{z.id}, seeds[]{seed.id}, wanted[]{x.id, y.id}, adjoints[2];
    pm::ir::differentiate(*g, {outputs, seeds, 1, wanted, adjoints, 2});
    CHECK(adjoints[0] == -1);
    CHECK(adjoints[1] >= 0);
}

TEST_CASE("differentiate: an argument that is itself an output has its cotangent") {
    auto const d = gradient_at<row>([](auto x) { return std::tuple{x, x * 2.0}; }, {{1, 2, 3}});
    CHECK(d[0] == test::numbers{3, 3, 3});
}

TEST_CASE("differentiate: several outputs, and one output twice") {
    test::expect_gradient<square, square>([](auto a, auto b) {
        auto const y = pm::tanh(pm::matmul(a, b));
        return std::tuple{y, pm::sum<0>(y), y, pm::transpose(a) * b};
    });
}

TEST_CASE("differentiate: a long chain keeps its gradient") {
    test::expect_gradient<square>([](auto x) {
        auto y = pm::tanh(x);
        auto const loop = [&]<int... K>(std::integer_sequence<int, K...>) {
            ((y = decltype(y){y.traced, pm::tanh(pm::triu(y) + pm::transpose(y) * 0.5).id}, (void)K), ...);
        };
        loop(std::make_integer_sequence<int, 12>{});
        return y;
    });
}

TEST_CASE("differentiate: the gradient of a gradient") {
    auto const f = [](auto x) { return pm::tanh(x) * pm::exp(x); };
    auto const first = std::make_unique<pm::ir::graph>(test::trace_gradient<double, row>(f));
    // d/dx of the gradient with the cotangent held fixed.
    int const seed = pm::append_leaf<row, double>(*first, 2).id;
    int outputs[]{first->outputs[1]}, seeds[]{seed}, wanted[]{0}, adjoints[1];
    pm::ir::differentiate(*first, {outputs, seeds, 1, wanted, adjoints, 1});
    first->output(adjoints[0]);
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(*first));
    test::arrays a{{0.3, -0.7, 1.1}, {1, 1, 1}, {1, 1, 1}};
    auto const second = test::interpret(*g, a).outputs.back();
    for (std::size_t i = 0; i < 3; ++i) {
        double const h = 1e-4, x = a[0][i];
        auto const slope = [](double v) { return std::exp(v) * (std::tanh(v) + 1 - std::tanh(v) * std::tanh(v)); };
        CHECK(std::abs(second[i] - (slope(x + h) - slope(x - h)) / (2 * h)) < 1e-6);
    }
}

TEST_CASE("differentiate: the tester sees a wrong derivative") {
    CHECK(test::gradient_is_right<row>([](auto x) { return pm::tanh(x); }, {{0.5, -1, 2}}));
    CHECK_FALSE(test::gradient_is_right<row>([](auto x) { return pm::apply<wrong_tanh>(x); }, {{0.5, -1, 2}}));
}

TEST_CASE("differentiate: an operation without derive is refused where a gradient would flow, unless it is flat") {
    auto const with_flat = [](auto x, auto y) { return pm::apply_elementwise<half_up<true>>(x) * y; };
    auto const d = gradient_at<row, row>(with_flat, {{1, -2, 3}, {4, 5, 6}});
    CHECK(d[0] == test::numbers{0, 0, 0});
    CHECK(d[1] == test::numbers{1, 0, 1});
    auto const without = [](auto x) { return pm::apply_elementwise<half_up<false>>(x); };
    CHECK_THROWS_AS((gradient_at<row>(without, {{1, -2, 3}})), char const*);
    auto const detached = [](auto x) { return pm::apply_elementwise<half_up<false>>(pm::sign(x)) * x; };
    CHECK(gradient_at<row>(detached, {{1, -2, 3}})[0] == test::numbers{1, 0, 1});
}
