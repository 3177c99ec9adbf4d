// Initial values: from a seed, as declared, by a module's own rule, or assigned. Exit status 0 if each is what was
// asked for.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

// [module]
struct scaled {
    pm::nn::linear<4, 4> inner;
    pm::tensor<pm::shape<4>> gain{pm::full(0.1)};  // begins as it is declared
    constexpr auto forward(auto x) const { return inner(x) * gain; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
    void initialize(pm::random& numbers) { inner.weight.initialize(numbers, 0.01); }  // uniform within +-0.01
};
BOOST_HANA_ADAPT_STRUCT(scaled, inner, gain);
// [module]

int main() {
    // [make]
    auto net = pm::make<scaled>(pm::seed{7});
    auto const again = pm::make<scaled>(pm::seed{7});  // the same seed gives the same numbers, on every machine
    net.inner.bias = xt::zeros<float>({4});            // any tensor can be assigned afterwards
    // [make]
    bool small = true;
    for (float w : net.inner.weight()) small = small && std::abs(w) <= 0.01F && w != 0;
    bool const same = net.inner.weight() == again.inner.weight();
    bool const declared = net.gain()(2) == 0.1F && net.inner.bias()(1) == 0;

    // [parametrized]
    using layer = pm::nn::linear<4, 4, pm::weight<pm::param::skew, pm::param::cayley>>;
    layer turn{pm::seed{0}};
    turn.weight = xt::eye<float>(4);  // goes through right_inverse, and is refused where it is no rotation
    // [parametrized]
    float worst = 0;
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j)
            if (auto const d = std::abs(turn.weight()(i, j) - (i == j ? 1.0F : 0.0F)); d > worst || d != d) worst = d;
    std::printf("small: %d, same: %d, as declared: %d, the identity within %g\n", small, same, declared, double(worst));
    return small && same && declared && worst < 1e-6F ? 0 : 1;
}
