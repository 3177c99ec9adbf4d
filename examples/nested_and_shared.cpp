// Originals that are parametrized themselves, the same parametrization on another module, and what a chain may be
// appended to; each keeps the weight's value.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

struct rank_one {
    static constexpr auto forward(auto x, auto y) { return pm::outer(x, y); }
    static constexpr auto right_inverse(auto z) {
        auto [u, s, vh] = pm::svd(z);
        auto const root = pm::sqrt(pm::select<0, 0>(s));
        return pm::originals(pm::select<1, 0>(u) * root, pm::select<0, 0>(vh) * root);
    }
};
struct doubled {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return x * 2.0; }
    static constexpr auto right_inverse(auto y) { return y * 0.5; }
};

float distance(auto const& a, auto const& b) {
    float worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (auto const d = std::abs(a.data()[i] - b.data()[i]); d > worst || d != d) worst = d;
    return worst;
}
bool expect(bool holds, char const* what) {
    std::printf("%s: %s\n", what, holds ? "yes" : "NO");
    return holds;
}

int main() {
    bool good = true;

    // Nested: the weight is an outer product, and its second factor is positive.
    using outer = pm::nn::linear<3, 2, pm::weight<rank_one>>;
    using nested = pm::parametrize<outer, pm::at<"weight.original1", pm::param::positive>>;
    using spelled = pm::nested<rank_one, pm::chain<>, pm::chain<pm::param::positive>>;  // the stage by itself
    static_assert(std::is_same_v<nested, pm::nn::linear<3, 2, pm::weight<spelled>>>);
    auto net = pm::make<nested>(pm::seed{1});
    pm::for_each_parameter(net, [](auto const& name, auto const&) { std::printf("parameter %s\n", name.c_str()); });
    auto const w = net.weight();
    good = expect(w(0, 0) * w(0, 1) > 0 && w(0, 1) * w(0, 2) > 0, "the entries of a row share their sign") && good;
    auto const outer_again = pm::remove_parametrizations<"weight.original1">(net, pm::leave_parametrized);
    static_assert(std::is_same_v<decltype(outer_again), outer const>);
    good = expect(distance(outer_again.weight(), w) < 1e-6f, "removing the inner one keeps the weight") && good;

    // Appended: the chain gets a stage, the originals change, the value does not.
    auto const longer = pm::register_parametrization<pm::weight<doubled>>(outer_again);
    good = expect(distance(longer.weight(), w) < 1e-5f, "appending a stage keeps the weight") && good;

    // Shared by transfer: equal at first, independent afterwards.
    pm::nn::linear<3, 2> const fresh{pm::seed{2}};
    auto twin = pm::transfer_parametrizations<"weight">(longer, fresh);
    good = expect(distance(twin.weight(), longer.weight()) == 0, "a transferred parametrization has the same weight") &&
           expect(distance(twin.bias(), fresh.bias()) == 0, "what was not transferred stays") && good;
    twin.weight.original<0>()(0) += 1;
    good = expect(distance(twin.weight(), longer.weight()) > 0, "the two are independent") && good;

    // Cached for a scope: each tensor is computed once, and a network that is written meanwhile is noticed.
    xt::xtensor_fixed<float, xt::xshape<3>> const x{1, 2, 3};
    auto const fast = pm::cached(twin);
    bool noticed = false;
    good = expect(distance(fast(x), twin(x)) < 1e-6f, "a cached network gives the same") && good;
    twin.weight.original<0>()(0) -= 1;
    try {
        fast(x);
    } catch (pm::error const&) {
        noticed = true;
    }
    good = expect(noticed, "a cached network is never stale") && good;
    return good ? 0 : 1;
}
