// The soundness suite (suite.hpp): dense layers.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/nn/activations.hpp"
#include "suite.hpp"

using namespace pm::nn;

TEST_CASE("soundness: dense layers with relu and tanh") {
    using net = sequential<linear<12, 20>, relu, linear<20, 16>, pm::nn::tanh, linear<16, 5>>;
    soundness::trial<net, pm::shape<1, 12>>{1}.run("relu and tanh", 20);
}
TEST_CASE("soundness: dense layers with smooth activations and softmax") {
    using net = sequential<linear<8, 16>, sigmoid, linear<16, 12>, softplus, linear<12, 12>, gelu, linear<12, 8>, silu,
                           linear<8, 5>, softmax<>>;
    soundness::trial<net, pm::shape<1, 8>>{2}.run("smooth", 20);
}
