// cached: every tensor is computed once, counted by an operation that counts; never stale; nested; of modules that
// share a parametrization by transfer. Training computes a tensor once a step, too.
//
// SPDX-License-Identifier: BSL-1.0
#include <utility>

#include "../support.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/optim/sgd.hpp"
#include "paramorph/param/symmetric.hpp"

namespace {

int computed = 0;  // how often a kernel has run `counted`

// A copy that counts; its derivative is itself.
struct counted_of : pm::op::dense<counted_of, 1> {
    static constexpr std::string_view name = "counted";
    using uses = pm::ops<counted_of>;
    static constexpr pm::extents shape(pm::extents const (&a)[pm::max_arguments], pm::attributes, int) { return a[0]; }
    template <class M, class T>
    static constexpr bool compute(pm::operands<T> const& x) noexcept {
        if (!std::is_constant_evaluated()) ++computed;
        for (int i = 0; i < x.shape[0].size(); ++i) x.result[0][i] = x.argument[0][i];
        return true;
    }
    static constexpr void derive(pm::ir::graph&, pm::ir::node const&, pm::adjoint& a) {
        a.of_argument[0] = a.cotangent[0];
    }
};
struct counted {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return pm::apply<counted_of>(x) * 2.0; }
    static constexpr auto right_inverse(auto y) { return y * 0.5; }
};
struct moving {
    template <class Shape>
    using state = pm::states<pm::state<"count", pm::shape<1>>>;
    static constexpr auto forward(auto w, auto count) { return pm::updated(w + count, count + 1.0); }
};
int since_last() {
    return std::exchange(computed, 0);
}

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;
using layer = pm::nn::linear<3, 3, pm::weight<counted>, pm::no_bias>;
using net = pm::nn::sequential<layer, layer>;
array<3> const x{1, 2, 3};
using Catch::Matchers::ContainsSubstring;

}  // namespace

TEST_CASE("cached: each tensor is computed once, however often the network is called", "[behaviour-28][behaviour-f]") {
    auto const m = pm::make<net>(pm::seed{1});
    since_last();
    auto const y = m(x);
    CHECK(since_last() == 2);  // one for each weight, in the one program of a call
    auto const fast = pm::cached(m);
    CHECK(since_last() == 2);
    for (int n = 0; n < 5; ++n) CHECK((fast(x) == y));
    CHECK(since_last() == 0);
    auto const a = fast.value<"0.weight">(), b = fast.value<"0.weight">();
    CHECK(&a(0, 0) == &b(0, 0));  // the same numbers, not equal ones
    CHECK((a == pm::get<"0.weight">(m)()));
    CHECK(since_last() == 1);  // by the read of m's
    auto const frozen = pm::freeze(m);
    CHECK(since_last() == 2);
    CHECK((frozen(x) == y));
    CHECK(since_last() == 0);
}

TEST_CASE("cached: a batch and a training step compute each tensor once", "[behaviour-f]") {
    auto m = pm::make<net>(pm::seed{1});
    since_last();
    m(xt::xtensor<float, 2>(xt::ones<float>({100, 3})));
    CHECK(since_last() == 2);
    constexpr auto twice = [](auto& n, auto in, auto t) { return pm::mse(n(in), t) + pm::mse(n(t), in); };
    auto step = pm::value_and_grad(twice, m);
    step(x, array<3>{1, 1, 1});
    CHECK(since_last() == 2);
}

TEST_CASE("cached: calls with run-time batches compute each tensor once for each version of the network") {
    auto m = pm::make<net>(pm::seed{1});
    auto other = pm::make<net>(pm::seed{2});
    xt::xtensor<float, 2> const rows = xt::ones<float>({3, 3});
    array<1, 3> const row{{1, 1, 1}};
    since_last();
    auto const is_fresh = [&](auto const& n, int computations) {
        auto const y = n(rows);
        CHECK(since_last() == computations);
        auto const expected = n(row);
        since_last();
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 3; ++j) CHECK(y(i, j) == expected(0, j));
    };
    is_fresh(m, 2);
    is_fresh(m, 0);
    is_fresh(other, 2);  // one network of a type is kept
    is_fresh(m, 2);
    auto copy = m;
    is_fresh(copy, 2);
    is_fresh(copy, 0);
    std::get<0>(copy.layers).weight = array<3, 3>{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
    since_last();
    is_fresh(copy, 2);
    auto& original = std::get<1>(copy.layers).weight.original();
    is_fresh(copy, 2);
    is_fresh(copy, 0);
    original(0, 0) += 1;  // without notice
    is_fresh(copy, 2);
    m = copy;
    is_fresh(m, 2);
    std::swap(m, other);
    since_last();
    is_fresh(m, 2);
    // Nothing is kept of what failed.
    net const empty;
    CHECK_THROWS_AS(empty(rows), pm::error);
    is_fresh(m, 2);
}

TEST_CASE("cached: nested scopes compute nothing again", "[behaviour-28]") {
    auto const m = pm::make<net>(pm::seed{1});
    auto const outer = pm::cached(m);
    since_last();
    auto const inner = pm::cached(outer);
    auto const innermost = pm::cached(inner);
    CHECK((innermost(x) == outer(x)));
    auto const of_frozen = pm::cached(pm::freeze(m));
    CHECK(since_last() == 2);  // by freeze
    CHECK((of_frozen(x) == outer(x)));
    CHECK(since_last() == 0);
}

TEST_CASE("cached: refuses to be stale", "[behaviour-g]") {
    auto m = pm::make<net>(pm::seed{1});
    auto const refuses = [&](auto write) {
        auto const fast = pm::cached(m);
        auto const nested = pm::cached(fast);
        CHECK_FALSE(fast.stale());
        write();
        CHECK(fast.stale());
        CHECK_THROWS_WITH(fast(x), ContainsSubstring("cached: the network was written since"));
        CHECK_THROWS_AS(fast.value<"0.weight">(), pm::error);
        CHECK_THROWS_AS(nested(x), pm::error);
        CHECK((pm::cached(m)(x) == m(x)));
    };
    refuses([&] { pm::get<0>(m).weight = array<3, 3>{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}; });
    refuses([&] { pm::get<0>(m).weight.project(array<3, 3>{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}); });
    refuses([&] { pm::get<1>(m).weight.original()(0, 0) = 5; });
    refuses([&] { m = pm::make<net>(pm::seed{2}); });
    refuses([&] {
        constexpr auto loss = [](auto& n, auto in, auto t) { return pm::mse(n(in), t); };
        auto step = pm::value_and_grad(loss, m);
        pm::optim::sgd optimizer{m, {.learning_rate = 0.01}};
        optimizer.step(step(x, x).gradient);
    });
    // A refused assignment writes nothing.
    auto const fast = pm::cached(m);
    CHECK_FALSE(pm::get<0>(m).weight.try_assign(array<3, 3>{{std::nanf(""), 2, 3}, {4, 5, 6}, {7, 8, 9}}));
    CHECK_FALSE(fast.stale());
    // Frozen is a value, and stays.
    auto const frozen = pm::freeze(m);
    auto const y = frozen(x);
    pm::get<0>(m).weight.original()(0, 0) = 50;
    CHECK((frozen(x) == y));
}

TEST_CASE("cached: state that training moves makes it stale", "[behaviour-g]") {
    pm::nn::linear<3, 3, pm::weight<moving>> m{pm::seed{1}};
    auto const fast = pm::cached(m);
    m(x);
    CHECK_FALSE(fast.stale());
    pm::training(m)(x);
    CHECK(fast.stale());
    CHECK_FALSE((pm::cached(m)(x) == array<3>{0, 0, 0}));
}

TEST_CASE("cached: modules that share a parametrization by transfer have values of their own", "[behaviour-29]") {
    layer const from{pm::seed{1}};
    pm::nn::linear<3, 3, pm::no_bias> const plain{pm::seed{2}};
    auto to = pm::transfer_parametrizations(from, plain);
    auto const a = pm::cached(from);
    to.weight.original()(0, 0) = 7;
    auto const b = pm::cached(to);
    CHECK((a.value<"weight">() == from.weight()));
    CHECK((b.value<"weight">() == to.weight()));
    CHECK(&a.value<"weight">()(0, 0) != &b.value<"weight">()(0, 0));
    CHECK_FALSE((a(x) == b(x)));
}
