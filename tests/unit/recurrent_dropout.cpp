// Dropout between the layers of rnn, gru and lstm: where it acts, by a stack that is put together by hand, and where
// not; its state.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/nn/recurrent.hpp"
#include "paramorph/nn/value_and_grad.hpp"
#include "paramorph/param/orthogonal.hpp"

namespace pm = paramorph;

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;

// What lstm<3, 4, pm::num_layers<3>, pm::dropout<0.5>> is.
struct stack_of_lstm {
    pm::nn::lstm<3, 4> first;
    pm::nn::lstm<4, 4> second, third;
    pm::nn::dropout<0.5> drop;
    constexpr auto forward(auto x) const {
        auto const [y, h, c] = first(x);
        auto const [z, h1, c1] = second(drop(y));
        auto const [r, h2, c2] = third(drop(z));
        return std::tuple{r, pm::concatenate<0>(h, h1, h2), pm::concatenate<0>(c, c1, c2)};
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(stack_of_lstm, first, second, third, drop);

namespace {

array<5, 2, 3> inputs() {
    array<5, 2, 3> x;
    pm::random numbers{pm::seed{5}};
    for (float& v : x) v = static_cast<float>(numbers.uniform(-1, 1));
    return x;
}
std::vector<std::string> names_of(auto& net) {
    std::vector<std::string> all;
    pm::for_each_named_tensor(net, [&](std::string const& name, auto const&) { all.push_back(name); });
    return all;
}
// Every tensor of `from`, in order, into that of `to`.
void copy_tensors(auto const& from, auto& to) {
    std::vector<std::vector<float>> all;
    pm::for_each_tensor(from, [&](auto const& t) {
        auto const v = t();
        all.emplace_back(v.begin(), v.end());
    });
    std::size_t k = 0;
    pm::for_each_tensor(to, [&](auto& t) {
        auto v = t();
        REQUIRE(v.size() == all[k].size());
        std::copy(all[k].begin(), all[k].end(), v.begin());
        t = v;
        ++k;
    });
    CHECK(k == all.size());
}

constexpr auto total = [](auto& n, auto x) {
    auto const [y, h, c] = n(x);
    return pm::sum(y * y) + pm::sum(h) + pm::sum(c);
};

}  // namespace

TEST_CASE("recurrent dropout: of the results of all layers but the last") {
    using layer = pm::nn::lstm<3, 4, pm::num_layers<3>, pm::dropout<0.5>>;
    auto net = pm::make<layer>(pm::seed{1});
    CHECK(names_of(net).size() == 13);
    CHECK(names_of(net).back() == "dropout.state");
    CHECK(pm::parameter_count<layer> == pm::parameter_count<pm::nn::lstm<3, 4, pm::num_layers<3>>>);
    auto by_hand = pm::make<stack_of_lstm>(pm::seed{2});
    copy_tensors(net, by_hand);
    for (int step = 0; step < 2; ++step) {
        auto const [y, h, c] = pm::training(net)(inputs());
        auto const [r, of_h, of_c] = pm::training(by_hand)(inputs());
        CHECK((y == r && h == of_h && c == of_c));
        CHECK(net.dropout.state() == by_hand.drop.state());
    }
    auto [value, gradient] = pm::value_and_grad(total, net)(inputs());
    auto [expected, of_stack] = pm::value_and_grad(total, by_hand)(inputs());
    CHECK(value == expected);
    auto const close = [](std::vector<float> const& a, std::vector<float> const& b) {
        REQUIRE(a.size() == b.size());
        for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == Approx(b[i]).margin(1e-6));
    };
    close(gradient.flat(), of_stack.flat());
}

TEST_CASE("recurrent dropout: none in inference, and none of one layer") {
    using plain = pm::nn::gru<3, 4, pm::num_layers<2>, pm::bidirectional>;
    using dropping = pm::nn::gru<3, 4, pm::num_layers<2>, pm::bidirectional, pm::dropout<0.5>>;
    auto const without = pm::make<plain>(pm::seed{1});
    auto const net = pm::make<dropping>(pm::seed{1});
    auto const [y, h] = without(inputs());
    auto const [z, of_h] = net(inputs());
    CHECK((y == z && h == of_h));
    auto trained = net;
    CHECK((std::get<0>(pm::training(trained)(inputs())) != z));
    CHECK((trained.dropout.state() != net.dropout.state()));
    // With a probability of 1 the second layer reads zeros.
    using only_second = pm::nn::gru<3, 4, pm::num_layers<2>, pm::dropout<1.0>>;
    auto zeros = pm::make<only_second>(pm::seed{1});
    auto const from_x = pm::training(zeros)(inputs());
    auto other = inputs();
    other *= 2;
    CHECK((std::get<0>(from_x) == std::get<0>(pm::training(zeros)(other))));
    CHECK((std::get<0>(from_x) != std::get<0>(zeros(inputs()))));

    using one = pm::nn::rnn<3, 4, pm::dropout<0.5>>;
    auto single = pm::make<one>(pm::seed{1});
    CHECK(names_of(single).size() == 4);
    CHECK((std::get<0>(pm::training(single)(inputs())) == std::get<0>(single(inputs()))));
}

TEST_CASE("recurrent dropout: beside a parametrized weight, and frozen") {
    using layer = pm::parametrize<pm::nn::rnn<3, 4, pm::num_layers<2>, pm::dropout<0.25>>,
                                  pm::at<"weight_hh_l1", pm::param::orthogonal<>>>;
    auto net = pm::make<layer>(pm::seed{3});
    auto const y = std::get<0>(net(inputs()));
    CHECK((std::get<0>(pm::training(net)(inputs())) != y));
    auto const frozen = std::get<0>(pm::freeze(net)(inputs()));
    for (std::size_t i = 0; i < y.size(); ++i) CHECK(std::abs(frozen.data()[i] - y.data()[i]) < 1e-6f);
}
