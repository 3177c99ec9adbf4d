// Modules that are templates: widths, activations and whole layers are template parameters, and the members are listed
// within the struct. Exit status 0 if what is built of them has the parameters that it should, and computes.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

// [block]
template <int Width, int Inner, class Activation, class... Options>
struct block {
    using expand = pm::nn::linear<Width, Inner, Options...>;  // a type with a comma needs a name
    using contract = pm::nn::linear<Inner, Width, Options...>;
    BOOST_HANA_DEFINE_STRUCT(block, (expand, up), (contract, down));

    constexpr auto forward(auto x) const { return x + down(Activation::forward(up(x))); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

using plain = pm::nn::sequential<block<4, 16, pm::nn::gelu>, block<4, 8, pm::nn::tanh, pm::no_bias>>;
using bounded = block<4, 4, pm::nn::relu, pm::weight<pm::param::spectral_norm<>>>;
static_assert(pm::parameter_count<plain> == (4 * 16 + 16 + 16 * 4 + 4) + (4 * 8 + 8 * 4));
// [block]

int main() {
    auto const net = pm::make<plain>(pm::seed{0});
    auto const small = pm::make<bounded>(pm::seed{1});
    xt::xtensor_fixed<float, xt::xshape<4>> const x{1, -1, 0.5F, 2};
    auto const y = net(x), z = small(x);
    // Each weight of `bounded` has the spectral norm 1, so its branch is at most as long as x and its biases are.
    float branch = 0, longest = 0;
    for (std::size_t k = 0; k < 4; ++k) {
        branch += (z(k) - x(k)) * (z(k) - x(k));
        longest += x(k) * x(k);
    }
    std::printf("%g; the bounded branch has length %g of %g\n", double(y(0)), double(std::sqrt(branch)),
                double(std::sqrt(longest)));
    return std::isfinite(y(0)) && std::sqrt(branch) < std::sqrt(longest) + 2 ? 0 : 1;
}
