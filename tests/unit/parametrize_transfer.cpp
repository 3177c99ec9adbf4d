// Transferring parametrizations between modules, and carrying all numbers of a network over by their names.
//
// SPDX-License-Identifier: BSL-1.0
#include <map>

#include "../parametrized.hpp"
#include "../support.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/symmetric.hpp"

namespace {

using test::array, test::rank_one;

struct doubled {  // without a right_inverse
    static constexpr auto forward(auto x) { return x * 2.0; }
};
struct counting {
    template <class Shape>
    using state = pm::states<pm::state<"count", pm::shape<1>>, pm::state<"last", Shape>>;
    static constexpr auto forward(auto x, auto count, auto) { return pm::updated(x + count, count + 1.0, x); }
};
struct own {  // a user's own module
    pm::tensor<pm::shape<3>> scale;
    constexpr auto forward(auto x) const { return x * scale; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

using plain = pm::nn::linear<3, 3>;
using source_layer = pm::nn::linear<3, 3, pm::weight<pm::param::symmetric>, pm::bias<pm::param::positive>>;
using numbers_by_name = std::map<std::string, std::vector<float>>;

// All numbers of a network by their names, and back.
numbers_by_name numbers_of(auto const& m) {
    numbers_by_name all;
    auto const note = [&](std::string const& name, auto const& x) { all[name].assign(x.begin(), x.end()); };
    pm::for_each_parameter(m, note);
    pm::for_each_buffer(m, note);
    return all;
}
void load(auto& m, numbers_by_name const& all) {
    auto const one = [&](std::string const& name, auto& x) {
        std::copy(all.at(name).begin(), all.at(name).end(), x.begin());
    };
    pm::for_each_parameter(m, one);
    pm::for_each_buffer(m, one);
}

}  // namespace
BOOST_HANA_ADAPT_STRUCT(own, scale);

TEST_CASE("transfer: equal values and originals, the source unchanged, independent afterwards", "[behaviour-33]") {
    source_layer const from{pm::seed{1}};
    plain const to{pm::seed{2}};
    auto moved = pm::transfer_parametrizations(from, to);
    static_assert(std::is_same_v<decltype(moved), source_layer>);
    CHECK((moved.weight() == from.weight()));
    CHECK((moved.weight.original() == from.weight.original()));
    CHECK((moved.bias() == from.bias()));
    auto const before = from.weight();
    moved.weight.original()(0, 0) = 100;
    CHECK((from.weight() == before));
    CHECK(moved.weight()(0, 0) == 100);
    static_assert(!pm::is_parametrized<plain>());

    // Chains of several stages without right_inverse, and their state.
    pm::nn::linear<3, 3, pm::weight<counting, doubled>> stateful{pm::seed{3}};
    pm::training(stateful)(array<3>{1, 2, 3});
    auto const also = pm::transfer_parametrizations(stateful, to);
    CHECK((also.weight() == stateful.weight()));
    CHECK(also.weight.state<0, 0>()(0) == 1);
    CHECK((also.weight.state<0, 1>() == stateful.weight.original()));
    CHECK((also.bias() == to.bias()));
}

TEST_CASE("transfer: a missing tensor is created", "[behaviour-33]") {
    source_layer const from{pm::seed{1}};
    pm::nn::linear<3, 3, pm::no_bias> const to{pm::seed{2}};
    auto const moved = pm::transfer_parametrizations(from, to);
    static_assert(std::is_same_v<decltype(moved), source_layer const>);
    CHECK((moved.bias() == from.bias()));
    CHECK((moved(array<3>{1, 2, 3}) == from(array<3>{1, 2, 3})));
}

TEST_CASE("transfer: of one tensor, of several originals, with right_inverse", "[behaviour-34]") {
    source_layer const from{pm::seed{1}};
    plain const to{pm::seed{2}};
    auto one = pm::transfer_parametrizations<"weight">(from, to);
    static_assert(pm::is_parametrized<"weight", decltype(one)>() && !pm::is_parametrized<"bias", decltype(one)>());
    CHECK((one.weight() == from.weight()));
    CHECK((one.bias() == to.bias()));
    one.weight = array<3, 3>{{1, 2, 3}, {2, 4, 5}, {3, 5, 6}};  // right_inverse came along
    CHECK(one.weight.original()(1, 0) == 0);
    CHECK_THROWS_AS((one.weight = array<3, 3>{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}), pm::error);

    pm::nn::linear<3, 3, pm::weight<rank_one>> const narrow{pm::seed{3}};
    auto const both = pm::transfer_parametrizations(narrow, to);
    CHECK((both.weight.original<0>() == narrow.weight.original<0>()));
    CHECK((both.weight.original<1>() == narrow.weight.original<1>()));
    CHECK((both.weight() == narrow.weight()));
    CHECK((both.bias() == to.bias()));
}

TEST_CASE("transfer: between networks and modules of one's own", "[behaviour-33]") {
    using net = pm::nn::sequential<plain, own>;
    auto const from =
        pm::make<pm::parametrize<net, pm::at<"0.weight", doubled>, pm::at<"1.scale", pm::param::positive>>>(
            pm::seed{4});
    auto const to = pm::make<net>(pm::seed{5});
    auto const moved = pm::transfer_parametrizations(from, to);
    static_assert(std::is_same_v<decltype(moved), decltype(from)>);
    CHECK((pm::get<"0.weight">(moved)() == pm::get<"0.weight">(from)()));
    CHECK((pm::get<"1.scale">(moved)() == pm::get<"1.scale">(from)()));
    CHECK((pm::get<"0.bias">(moved)() == pm::get<"0.bias">(to)()));
}

TEST_CASE("all numbers by name: weights and state come back", "[behaviour-13]") {
    using net = pm::nn::sequential<pm::nn::linear<3, 3, pm::weight<counting, doubled>>, pm::nn::relu,
                                   pm::parametrize<own, pm::at<"scale", pm::param::positive>>,
                                   pm::nn::linear<3, 2, pm::weight<rank_one>>>;
    auto trained = pm::make<net>(pm::seed{6});
    array<3> const x{1, 2, 3};
    pm::training(trained)(x);
    pm::training(trained)(x);
    auto const saved = numbers_of(trained);
    std::vector<std::string> names;
    for (auto const& [name, unused] : saved) names.push_back(name);
    CHECK((names ==
           std::vector<std::string>{"0.bias", "0.parametrizations.weight.0.count", "0.parametrizations.weight.0.last",
                                    "0.parametrizations.weight.original", "2.parametrizations.scale.original", "3.bias",
                                    "3.parametrizations.weight.original0", "3.parametrizations.weight.original1"}));
    auto loaded = pm::make<net>(pm::seed{7});
    CHECK_FALSE((loaded(x) == trained(x)));
    load(loaded, saved);
    CHECK((loaded(x) == trained(x)));
    CHECK((pm::training(loaded)(x) == pm::training(trained)(x)));
    CHECK((numbers_of(loaded) == numbers_of(trained)));
}

TEST_CASE("copies are deep: several tensors and several stages", "[behaviour-32]") {
    source_layer a{pm::seed{1}};
    source_layer const b = a;
    auto const weight = a.weight();
    a.weight.original()(0, 1) += 1;
    a.bias.original()(0) += 1;
    CHECK((b.weight() == weight));
    CHECK_FALSE((a.weight() == weight));
    CHECK_FALSE((a.bias() == b.bias()));
    pm::nn::linear<3, 3, pm::weight<counting, doubled>> c{pm::seed{1}};
    auto d = c;
    CHECK((c.weight() == d.weight()));
    pm::training(d)(array<3>{1, 2, 3});
    CHECK(c.weight.state<0, 0>()(0) == 0);
    CHECK_FALSE((c.weight() == d.weight()));
}
