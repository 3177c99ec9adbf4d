// PyTorch's Sequential as a type, written by export_torch.py. Its numbers are in model.safetensors:
//
//     model net;
//     pm::load(net, "model.safetensors");  // paramorph/io.hpp
#pragma once

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

namespace chains {

struct Skew {
    static constexpr auto forward(auto x) {
        auto const triu = pm::triu<1>(x);
        return triu - pm::transpose(triu);
    }
};

struct Cayley {
    template <class>
    using state = pm::states<pm::state<"eye", pm::shape<4, 4>>>;
    static constexpr auto forward(auto a, auto eye) {
        auto const linalg_inv = pm::inverse(eye + a);
        return pm::matmul(linalg_inv, eye - a);
    }
};

struct Scaled {
    static constexpr auto forward(auto x) {
        return 0.5 * pm::tanh(x);
    }
};

using model =
    pm::nn::sequential<
        pm::nn::linear<3, 4, pm::bias<pm::nn::softplus>>, pm::nn::tanh,
        pm::nn::linear<4, 4, pm::weight<Skew, Cayley>>, pm::nn::leaky_relu<0.1>,
        pm::nn::linear<4, 2, pm::weight<Scaled>, pm::no_bias>>;

}  // namespace chains
