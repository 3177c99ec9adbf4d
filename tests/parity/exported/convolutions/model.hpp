// PyTorch's SmallConvolutions as a type, written by export_torch.py. Its numbers are in model.safetensors:
//
//     model net;
//     pm::load(net, "model.safetensors");  // paramorph/io.hpp
//
// dropout: Dropout(p=0.2) is its input, as in eval()
#pragma once

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

namespace convolutions {

struct SmallConvolutions {
    pm::nn::conv2d<1, 3, 3, pm::padding<1>> conv1;
    pm::nn::batch_norm<3> bn;
    pm::nn::conv2d<3, 3, 3, pm::stride<2>, pm::groups<3>, pm::no_bias> conv2;
    pm::nn::relu relu;
    pm::nn::linear<12, 2> fc;
    constexpr auto forward(auto x) const {
        auto const bn_y = bn(conv1(x));
        auto const relu_y = relu(bn_y);
        auto const relu_1 = pm::relu(conv2(relu_y));
        auto const getitem = pm::slice<3, 0, 2>(pm::slice<2, 0, 2>(pm::nn::avg_pool2d<2>::forward(relu_y)));
        auto const add = relu_1 + getitem;
        return fc(pm::nn::flatten<>::forward(add));
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace convolutions

BOOST_HANA_ADAPT_STRUCT(convolutions::SmallConvolutions, conv1, bn, conv2, relu, fc);

namespace convolutions {

using model = SmallConvolutions;

}  // namespace convolutions
