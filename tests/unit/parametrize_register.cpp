// Registering, appending and removing parametrizations: values stay, types change and come back, unsafe stages change
// the shape, buffers, what takes no gradient.
//
// SPDX-License-Identifier: BSL-1.0
#include "../parametrized.hpp"
#include "../support.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/view.hpp"
#include "paramorph/optim/sgd.hpp"
#include "paramorph/param/cayley.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/symmetric.hpp"

namespace {

using test::array, test::close, test::doubled, test::parameters;
using plain = pm::nn::linear<3, 3>;
using Catch::Matchers::ContainsSubstring;

struct closed final {
    static constexpr auto forward(auto x) { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); }
    static constexpr auto right_inverse(auto a) { return pm::triu(a); }
};
struct squashed {  // no way back
    static constexpr auto forward(auto x) { return pm::tanh(x); }
};
struct without_last {  // one row fewer
    static constexpr auto forward(auto x) { return pm::slice<0, 0, decltype(x)::shape_type::value.d[0] - 1>(x); }
};
struct in_a_tuple {  // one original, given as a tuple of one
    static constexpr auto forward(auto x) { return x + 1.0; }
    static constexpr auto right_inverse(auto y) { return pm::originals(y - 1.0); }
};
struct statistics {  // a user's own module, with a buffer
    pm::tensor<pm::shape<2, 2>> scale;
    pm::buffer<pm::shape<2, 2>> mean;
    constexpr auto forward(auto x) const { return pm::matmul(x, scale) + mean; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(statistics, scale, mean);

TEST_CASE("unsafe: a stage may change the shape, and a safe one may follow",
          "[behaviour-1][behaviour-2][behaviour-3]") {
    using shorter = pm::tensor<pm::shape<3, 2>, pm::chain<pm::unsafe<without_last>>>;
    static_assert(std::is_same_v<shorter::shape_type, pm::shape<2, 2>>);
    static_assert(std::is_same_v<shorter::traits::original_shape<0>, pm::shape<3, 2>>);
    using followed = pm::tensor<pm::shape<3, 2>, pm::chain<pm::unsafe<without_last>, doubled>>;
    static_assert(std::is_same_v<followed::shape_type, pm::shape<2, 2>>);
    followed t;
    pm::random numbers{pm::seed{1}};
    t.initialize(numbers, 1);
    auto const x = t.original();
    CHECK((t() == array<2, 2>{{2 * x(0, 0), 2 * x(0, 1)}, {2 * x(1, 0), 2 * x(1, 1)}}));

    // On a layer: the original stays, and removing gives the layer back.
    using narrow = pm::parametrize<pm::nn::linear<2, 3, pm::no_bias>, pm::weight<pm::unsafe<without_last>>>;
    pm::nn::linear<2, 3, pm::no_bias> const layer{pm::seed{2}};
    auto const less = pm::register_parametrization<pm::weight<pm::unsafe<without_last>>>(layer, pm::leave_original);
    static_assert(std::is_same_v<decltype(less), narrow const>);
    CHECK((less.weight.original() == layer.weight()));
    CHECK((less(array<2>{1, 0}) == array<2>{layer.weight()(0, 0), layer.weight()(1, 0)}));
    auto const back = pm::remove_parametrizations<"weight">(less, pm::leave_original);
    static_assert(std::is_same_v<decltype(back), pm::nn::linear<2, 3, pm::no_bias> const>);
    CHECK((back.weight() == layer.weight()));
}

TEST_CASE("is_parametrized: of a module, of a tensor; the plain name is no parameter any more", "[behaviour-4]") {
    using layer = pm::parametrize<plain, pm::weight<pm::param::skew>>;
    static_assert(!pm::is_parametrized<plain>() && pm::is_parametrized<layer>());
    static_assert(pm::is_parametrized<"weight", layer>() && !pm::is_parametrized<"bias", layer>());
    using net = pm::nn::sequential<plain, layer>;
    static_assert(pm::is_parametrized<net>() && !pm::is_parametrized<"0", net>());
    static_assert(pm::is_parametrized<"1", net>() && pm::is_parametrized<"1.weight", net>());
    layer m{pm::seed{1}};
    CHECK(pm::is_parametrized(m));
    CHECK_FALSE(pm::is_parametrized<"bias">(m));
    CHECK((parameters(m) == std::vector<std::string>{"parametrizations.weight.original", "bias"}));
}

TEST_CASE("skew is skew, skew and Cayley are orthogonal", "[behaviour-5]") {
    plain const layer{pm::seed{3}};
    auto const skew = pm::register_parametrization<pm::weight<pm::param::skew>>(layer);
    auto const a = skew.weight();
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) CHECK(a(i, j) == -a(j, i));
    auto const turn = pm::register_parametrization<pm::weight<pm::param::cayley>>(skew, pm::leave_original);
    auto const q = turn.weight();
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) {
            double sum = i == j ? -1 : 0;
            for (std::size_t k = 0; k < 3; ++k) sum += double(q(k, i)) * q(k, j);
            CHECK(std::abs(sum) < 1e-6);
        }
    CHECK((turn.weight.original() == skew.weight.original()));
}

TEST_CASE("removing restores value and type", "[behaviour-6]") {
    plain const layer{pm::seed{3}};
    auto const twice = pm::register_parametrization<pm::weight<doubled>>(layer);
    CHECK((twice.weight() == layer.weight()));
    auto const original = pm::remove_parametrizations<"weight">(twice, pm::leave_original);
    auto const value = pm::remove_parametrizations<"weight">(twice, pm::leave_parametrized);
    CHECK((pm::remove_parametrizations<"weight">(twice).weight() == value.weight()));  // as in PyTorch
    static_assert(std::is_same_v<decltype(original), plain const> && std::is_same_v<decltype(value), plain const>);
    CHECK((value.weight() == layer.weight()));
    CHECK((value.bias() == layer.bias()));
    CHECK(close(original.weight(), array<3, 3>(layer.weight() * 0.5f)));
    CHECK((twice.weight() == layer.weight()));  // what was given stays as it is
}

TEST_CASE("two tensors: one parametrization goes, the other stays; training goes on", "[behaviour-7][behaviour-9]") {
    using both = pm::parametrize<plain, pm::weight<pm::param::symmetric>, pm::bias<pm::param::positive>>;
    static_assert(pm::detail::counts<both>.originals == 2);
    both const m{pm::seed{4}};
    auto one = pm::remove_parametrizations<"weight">(m, pm::leave_parametrized);
    static_assert(pm::is_parametrized<"bias", decltype(one)>() && !pm::is_parametrized<"weight", decltype(one)>());
    auto other = pm::remove_parametrizations<"bias">(m, pm::leave_parametrized);
    static_assert(pm::is_parametrized<"weight", decltype(other)>() && !pm::is_parametrized<"bias", decltype(other)>());
    auto none = pm::remove_parametrizations<"bias">(one, pm::leave_parametrized);
    static_assert(std::is_same_v<decltype(none), plain>);
    array<3> const x{1, -2, 3};
    CHECK(close(m(x), one(x)));
    CHECK(close(m(x), other(x)));
    CHECK(close(m(x), none(x)));

    constexpr auto loss = [](auto& net, auto in, auto t) { return pm::mse(net(in), t); };
    auto step = pm::value_and_grad(loss, none);
    pm::optim::sgd optimizer{none, {.learning_rate = 0.01}};
    float const before = step(x, array<3>{1, 1, 1}).value;
    optimizer.step(step(x, array<3>{1, 1, 1}).gradient);
    CHECK(step(x, array<3>{1, 1, 1}).value < before);
    CHECK_FALSE((none.weight()(0, 1) == none.weight()(1, 0)));
}

TEST_CASE("removing leaves a trainable tensor, again and again", "[behaviour-10]") {
    plain layer{pm::seed{5}};
    auto const value = layer.weight();
    for (int n = 0; n < 3; ++n) {
        auto const on = pm::register_parametrization<pm::weight<doubled, doubled>>(layer);
        layer = pm::remove_parametrizations<"weight">(on, pm::leave_parametrized);
        CHECK((layer.weight() == value));
        CHECK(layer.weight.requires_gradient());
    }
    static_assert(pm::parameter_count<plain> == 12);
}

TEST_CASE("buffers: parametrized without becoming trainable; removal keeps the value", "[behaviour-12]") {
    auto m = pm::make<statistics>(pm::seed{6});
    static_assert(pm::parameter_count<statistics> == 4);
    auto const p = pm::register_parametrization<pm::at<"mean", pm::param::symmetric>>(m);
    static_assert(pm::is_parametrized<"mean", std::remove_const_t<decltype(p)>>());
    static_assert(pm::parameter_count<std::remove_const_t<decltype(p)>> == 4);
    CHECK((parameters(p) == std::vector<std::string>{"scale"}));
    std::vector<std::string> buffers;
    pm::for_each_buffer(p, [&](std::string const& name, auto const&) { buffers.push_back(name); });
    CHECK((buffers == std::vector<std::string>{"parametrizations.mean.original"}));
    auto const value = pm::get<"mean">(p)();
    CHECK(value(0, 1) == value(1, 0));
    auto const back = pm::remove_parametrizations<"mean">(p, pm::leave_parametrized);
    static_assert(std::is_same_v<decltype(back), statistics const>);
    CHECK((back.mean() == value));
    CHECK((back.scale() == m.scale()));
    CHECK((p(array<2>{0, 0}) == back(array<2>{0, 0})));
}

TEST_CASE("a tuple of one original: original0, and no original1", "[behaviour-23]") {
    using layer = pm::parametrize<plain, pm::weight<in_a_tuple>>;
    static_assert(decltype(layer::weight)::original_count == 1);
    static_assert(decltype(layer::weight)::traits::numbered_originals);
    layer m{pm::seed{1}};
    CHECK((parameters(m) == std::vector<std::string>{"parametrizations.weight.original0", "bias"}));
    m.weight = array<3, 3>{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
    CHECK(m.weight.original<0>()(0, 0) == 0);
    CHECK(m.weight()(2, 2) == 9);
}

TEST_CASE("appending a stage keeps the value, or refuses and changes nothing", "[behaviour-c]") {
    plain const layer{pm::seed{7}};
    auto once = pm::register_parametrization<pm::weight<doubled>>(layer);
    auto const twice = pm::register_parametrization<pm::weight<pm::param::symmetric>>(once);
    static_assert(decltype(twice.weight)::chain_type::size == 2);
    CHECK((twice.weight.original() == pm::remove_parametrizations<"weight">(twice, pm::leave_original).weight()));
    auto const thrice = pm::register_parametrization<pm::weight<doubled>>(twice);
    CHECK((thrice.weight() == twice.weight()));
    // Of grade right, but the value is not symmetric.
    CHECK_THROWS_WITH(pm::register_parametrization<pm::weight<pm::param::symmetric>>(layer, pm::keep),
                      ContainsSubstring("cannot make this value"));
    CHECK((pm::register_parametrization<pm::weight<doubled>>(layer, pm::keep).weight() == layer.weight()));
    CHECK((pm::register_parametrization<pm::weight<doubled>>(layer, pm::project).weight() == layer.weight()));
    // On the image only.
    CHECK_THROWS_WITH(pm::register_parametrization<pm::weight<pm::param::positive>>(layer),
                      ContainsSubstring("positive"));
}

TEST_CASE("registering without a right_inverse: the original is the weight itself, as in PyTorch") {
    plain const layer{pm::seed{7}};
    auto const left = pm::register_parametrization<pm::weight<squashed>>(layer);
    static_assert(!decltype(left.weight)::assignable);
    CHECK((left.weight.original() == layer.weight()));
    CHECK(std::abs(left.weight()(1, 1) - std::tanh(layer.weight()(1, 1))) < 1e-6f);
    CHECK((pm::register_parametrization<pm::weight<squashed>>(layer, pm::leave_original).weight() == left.weight()));
    // Appended, the originals stay; several stages come one after the other.
    auto const after =
        pm::register_parametrization<pm::weight<squashed>>(pm::register_parametrization<pm::weight<doubled>>(layer));
    CHECK(close(after.weight.original(), array<3, 3>(layer.weight() * 0.5f)));
    auto const both = pm::register_parametrization<pm::weight<doubled, squashed>>(layer);
    static_assert(std::is_same_v<decltype(both), decltype(after)>);
    CHECK((both.weight.original() == after.weight.original()));
    CHECK((both.weight() == after.weight()));
}

TEST_CASE("a stage that nobody may derive from is a stage") {
    plain const layer{pm::seed{7}};
    auto const once = pm::register_parametrization<pm::weight<closed>>(layer);
    CHECK((once.weight() == pm::register_parametrization<pm::weight<pm::param::symmetric>>(layer).weight()));
}

TEST_CASE("registering several parametrizations at once is one after the other") {
    pm::nn::sequential<pm::nn::linear<3, 3>, pm::nn::linear<3, 3>> const net{pm::seed{7}};
    using pm::param::symmetric;
    auto const both = pm::register_parametrization<pm::at<"0.weight", symmetric>, pm::at<"1.weight", doubled>>(net);
    auto const first = pm::register_parametrization<pm::at<"0.weight", symmetric>>(net);
    auto const second = pm::register_parametrization<pm::at<"1.weight", doubled>>(first);
    static_assert(std::is_same_v<decltype(both), decltype(second)>);
    CHECK((pm::get<"0.weight">(both)() == pm::get<"0.weight">(second)()));
    CHECK((pm::get<"1.weight">(both)() == pm::get<"1.weight">(net)()));
    // Of one tensor: a chain. Where one is refused, all are.
    plain const layer{pm::seed{7}};
    auto const chain = pm::register_parametrization<pm::weight<doubled>, pm::weight<squashed>>(layer);
    static_assert(decltype(chain.weight)::chain_type::size == 2);
    CHECK_THROWS_WITH((pm::register_parametrization<pm::weight<doubled>, pm::weight<symmetric>>(layer, pm::keep)),
                      ContainsSubstring("cannot make this value"));
}

TEST_CASE("registering: PyTorch's first example", "[register-symmetric]") {
    // The original becomes right_inverse of the plain weight, to the last bit, and the weight symmetric.
    pm::nn::linear<5, 5> const layer{pm::seed{0}};
    auto m = pm::register_parametrization<pm::weight<pm::param::symmetric>>(layer);
    auto const w = m.weight();
    for (std::size_t i = 0; i < 5; ++i)
        for (std::size_t j = 0; j < 5; ++j) {
            CHECK(m.weight.original()(i, j) == (i <= j ? layer.weight()(i, j) : 0));
            CHECK(w(i, j) == layer.weight()(std::min(i, j), std::max(i, j)));
        }
    CHECK((m.bias() == layer.bias()));
    auto a = layer.weight();
    a = array<5, 5>(a + xt::transpose(a));
    m.weight = a;
    CHECK((m.weight() == a));
    // On a path, on a network, and appended to another stage.
    pm::nn::sequential<pm::nn::linear<5, 5>> net;
    pm::get<"0">(net) = layer;
    auto const at = pm::register_parametrization<pm::at<"0.weight", pm::param::symmetric>>(net);
    CHECK((pm::get<"0.weight">(at)() == w));
    auto const appended = pm::register_parametrization<pm::weight<pm::param::symmetric>>(
        pm::register_parametrization<pm::weight<doubled>>(layer));
    CHECK((appended.weight() == w));
    // Rank one of a weight of full rank.
    pm::nn::linear<4, 4> const full{pm::seed{1}};
    auto const one = pm::register_parametrization<pm::weight<test::rank_one>>(full);
    auto const r = one.weight();
    for (std::size_t i = 1; i < 4; ++i)
        for (std::size_t j = 1; j < 4; ++j) CHECK(std::abs(r(0, 0) * r(i, j) - r(0, j) * r(i, 0)) < 1e-6f);
    CHECK_THROWS_WITH(pm::register_parametrization<pm::weight<test::rank_one>>(full, pm::keep),
                      ContainsSubstring("cannot make this value"));
}

TEST_CASE("the type before parametrization", "[behaviour-31]") {
    using later = pm::parametrize<plain, pm::weight<doubled>, pm::bias<doubled>>;
    static_assert(std::is_same_v<pm::unparametrized<later>, plain>);
    static_assert(std::is_same_v<pm::unparametrized<plain>, plain>);
    using own = pm::parametrize<statistics, pm::at<"mean", doubled>>;
    static_assert(std::is_same_v<pm::unparametrized<own>, statistics>);
    using net = pm::nn::sequential<plain, later>;
    static_assert(std::is_same_v<pm::unparametrized<net>, pm::nn::sequential<plain, plain>>);
    static_assert(std::is_same_v<pm::parametrize<net, pm::at<"0.weight", doubled>, pm::at<"0.bias", doubled>>,
                                 pm::nn::sequential<later, later>>);
}

TEST_CASE("a tensor without gradient gives originals without", "[behaviour-35]") {
    static_assert(!pm::buffer<pm::shape<2>, pm::chain<doubled>>::trained);
    plain layer{pm::seed{8}};
    layer.weight.requires_gradient(false);
    auto m = pm::register_parametrization<pm::weight<doubled>>(layer);
    CHECK_FALSE(m.weight.requires_gradient());
    CHECK(m.bias.requires_gradient());
    auto const left = pm::register_parametrization<pm::weight<doubled>>(layer, pm::leave_original);
    CHECK_FALSE(left.weight.requires_gradient());
    auto const back = pm::remove_parametrizations<"weight">(m, pm::leave_parametrized);
    CHECK_FALSE(back.weight.requires_gradient());

    constexpr auto loss = [](auto& net, auto in, auto t) { return pm::mse(net(in), t); };
    auto step = pm::value_and_grad(loss, m);
    pm::optim::sgd optimizer{m, {.learning_rate = 0.1}};
    auto const w = m.weight();
    auto const b = m.bias();
    optimizer.step(step(array<3>{1, 2, 3}, array<3>{9, 9, 9}).gradient);
    CHECK((m.weight() == w));
    CHECK_FALSE((m.bias() == b));
    m.weight.requires_gradient(true);
    optimizer.step(step(array<3>{1, 2, 3}, array<3>{9, 9, 9}).gradient);
    CHECK_FALSE((m.weight() == w));
}
