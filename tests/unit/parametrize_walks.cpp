// Walks and paths: get, names as in PyTorch's state_dict, groups of an optimizer, statuses, writes that the types rule
// out.
//
// SPDX-License-Identifier: BSL-1.0
#if __has_include(<xtensor/views/xview.hpp>)
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xview.hpp>
#endif

#include "../parametrized.hpp"
#include "../support.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/optim/adam.hpp"
#include "paramorph/optim/sgd.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/symmetric.hpp"

namespace {

using test::array, test::doubled;
using names = std::vector<std::string>;

struct scaled {
    pm::nn::linear<2, 2> inner;
    pm::tensor<pm::shape<2>> scale;
    pm::buffer<pm::shape<2>> mean;
    constexpr auto forward(auto x) const { return inner(x) * scale + mean; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(scaled, inner, scale, mean);

namespace {

using net = pm::nn::sequential<pm::nn::linear<2, 2>, scaled>;
using parametrized_net = pm::parametrize<net, pm::at<"0.weight", pm::param::symmetric>, pm::at<"1.scale", doubled>,
                                         pm::at<"1.inner.weight", doubled>>;
constexpr auto squared = [](auto& n, auto x, auto t) { return pm::mse(n(x), t); };
array<2> const x{1, 2}, t{3, 4};

}  // namespace

TEST_CASE("get: tensors and modules by their paths") {
    auto m = pm::make<parametrized_net>(pm::seed{1});
    auto const& constant = m;
    CHECK((&pm::get<"0.weight">(m) == &pm::get<0>(m).weight));
    CHECK((&pm::get<"0">(m) == &pm::get<0>(m)));
    CHECK((&pm::get<"0.weight">(constant) == &pm::get<0>(m).weight));
    pm::get<"1.scale">(m) = array<2>{2, 4};
    CHECK((pm::get<"1.scale">(m).original() == array<2>{1, 2}));
    CHECK((pm::get<"1.inner.bias">(m)().size() == 2));
    static_assert(std::is_const_v<std::remove_reference_t<decltype(pm::get<"1.scale">(constant))>>);
}

TEST_CASE("names are the keys of PyTorch's state_dict", "[behaviour-4]") {
    auto const m = pm::make<parametrized_net>(pm::seed{1});
    names parameters, buffers;
    pm::for_each_parameter(m, [&](std::string const& name, auto const&) { parameters.push_back(name); });
    pm::for_each_buffer(m, [&](std::string const& name, auto const&) { buffers.push_back(name); });
    CHECK(
        (parameters == names{"0.parametrizations.weight.original", "0.bias", "1.inner.parametrizations.weight.original",
                             "1.inner.bias", "1.parametrizations.scale.original"}));
    CHECK((buffers == names{"1.mean"}));
    static_assert(pm::parameter_count<parametrized_net> == 4 + 2 + 4 + 2 + 2);
}

TEST_CASE("a module of one's own, parametrized, computes the same") {
    auto const m = pm::make<net>(pm::seed{2});
    auto const p = pm::register_parametrization<pm::at<"1.scale", doubled>>(m);
    CHECK((p(x) == m(x)));
    auto const both = pm::register_parametrization<pm::at<"1.inner.weight", doubled>>(p);
    CHECK((both(x) == m(x)));
    auto const back = pm::remove_parametrizations<"1.scale">(
        pm::remove_parametrizations<"1.inner.weight">(both, pm::leave_parametrized), pm::leave_parametrized);
    static_assert(std::is_same_v<decltype(back), net const>);
    CHECK((back(x) == m(x)));
}

TEST_CASE("groups: options of their own for the tensors at or below a path") {
    auto m = pm::make<parametrized_net>(pm::seed{3});
    auto const before = m;
    auto step = pm::value_and_grad(squared, m);
    pm::optim::sgd optimizer{m, {.learning_rate = 0.01}};
    optimizer.group<"1">({.learning_rate = 0});
    optimizer.group<"1.inner.bias">({.learning_rate = 0.01, .momentum = 0.5});
    for (int n = 0; n < 3; ++n) optimizer.step(step(x, t).gradient);
    auto const same = [&]<pm::fixed_string Path>() {
        return pm::get<Path>(m).original() == pm::get<Path>(before).original();
    };
    CHECK_FALSE(same.operator()<"0.weight">());
    CHECK_FALSE(same.operator()<"0.bias">());
    CHECK(same.operator()<"1.scale">());
    CHECK(same.operator()<"1.inner.weight">());
    CHECK_FALSE(same.operator()<"1.inner.bias">());
    CHECK((pm::get<"1.mean">(m)() == pm::get<"1.mean">(before)()));

    auto a = before;
    auto step_a = pm::value_and_grad(squared, a);
    pm::optim::adam adam{a, {.learning_rate = 0}};
    adam.group<"0.weight">({.learning_rate = 0.25});
    adam.step(step_a(x, t).gradient);
    CHECK((pm::get<"0.bias">(a)() == pm::get<"0.bias">(before)()));
    // Adam's first step is the learning rate, whatever the gradient.
    auto const moved = pm::get<"0.weight">(a).original()(0, 1) - pm::get<"0.weight">(before).original()(0, 1);
    CHECK(std::abs(std::abs(moved) - 0.25f) < 1e-3f);
    CHECK_THROWS_AS(adam.group<"0">({.beta1 = 2}), pm::error);
}

TEST_CASE("assigning and projecting with a status instead of an exception", "[behaviour-15][behaviour-d]") {
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::symmetric>> w;
    CHECK(w.try_assign(array<2, 2>{{1, 2}, {2, 3}}).ok());
    auto const kept = w();
    pm::status const refused = w.try_assign(array<2, 2>{{1, 2}, {5, 3}});
    REQUIRE_FALSE(refused);
    CHECK(std::string(refused.failed).find("cannot make this value") != std::string::npos);
    CHECK_FALSE(w.try_assign(xt::xtensor<float, 2>(xt::zeros<float>({7, 7}))));
    CHECK_FALSE(w.try_assign(array<2, 2>{{1, std::nanf("")}, {5, 3}}));
    CHECK_FALSE(w.try_project(array<2, 2>{{std::nanf(""), 2}, {5, 3}}));
    CHECK((w() == kept));
    CHECK(w.try_project(array<2, 2>{{1, 7}, {5, 3}}).ok());
    CHECK(w()(1, 0) == 7);
    pm::tensor<pm::shape<2>, pm::chain<pm::param::positive>> p;
    CHECK(std::string(p.try_assign(array<2>{1, -1}).failed).find("positive") != std::string::npos);
    CHECK(p.empty());
}

TEST_CASE("nothing can be written to a value: it is const", "[behaviour-e]") {
    using layer = pm::nn::linear<2, 2, pm::weight<pm::param::symmetric>>;
    using value = decltype(std::declval<layer&>().weight());
    static_assert(std::is_const_v<std::remove_reference_t<value>>);
    static_assert(!std::is_assignable_v<value, array<2, 2>>);
    static_assert(!std::is_assignable_v<decltype(std::declval<value>()(0, 0)), float>);
    static_assert(!std::is_assignable_v<decltype(std::declval<layer&>().bias()), array<2>>);  // of a plain one, too
    layer m{pm::seed{1}};
    auto mine = m.weight();  // a copy is one's own
    mine(0, 0) = 5;
    CHECK(m.weight()(0, 0) != 5);
    CHECK(xt::allclose(m.weight(), xt::transpose(m.weight())));  // and xtensor takes it
    array<2, 2> const sum = m.weight() + 2.0f * m.weight();
    CHECK(sum(1, 1) == 3 * m.weight()(1, 1));
}

TEST_CASE("a view that is not contiguous is refused, and its evaluation taken") {
    pm::nn::linear<2, 2> const layer{pm::seed{1}};
    xt::xtensor<float, 2> const wide{{1, 2, 3}, {4, 5, 6}};
    CHECK_THROWS_AS(layer(xt::view(wide, xt::all(), xt::range(0, 2))), pm::error);
    auto const y = layer(xt::xtensor<float, 2>(xt::view(wide, xt::all(), xt::range(0, 2))));
    CHECK((y(1, 0) == layer(array<2>{4, 5})(0)));
    xt::xtensor<float, 2, xt::layout_type::column_major> const columns = wide;
    CHECK_THROWS_AS((pm::nn::linear<3, 2>{pm::seed{1}}(columns)), pm::error);
}
