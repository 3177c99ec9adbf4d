// The soundness suite (suite.hpp): convolutions over signals: dilated, in groups, strided; gated.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/convolution.hpp"
#include "paramorph/nn/pooling.hpp"
#include "paramorph/nn/residual.hpp"
#include "suite.hpp"

using namespace pm::nn;

TEST_CASE("soundness: signals, dilated and residual") {
    using net = sequential<conv1d<1, 6, 3, pm::dilation<2>, pm::padding<2>>, pm::nn::tanh,
                           residual<conv1d<6, 6, 3, pm::padding<1>, pm::groups<3>>, leaky_relu<>>,
                           max_pool1d<3, pm::stride<2>>, conv1d<6, 2, 3>>;
    soundness::trial<net, pm::shape<1, 1, 16>>{9}.run("signals", 18);
}
TEST_CASE("soundness: signals, gated") {
    using net =
        sequential<conv1d<2, 8, 3, pm::stride<2>>, glu<1>, conv1d<4, 4, 2, pm::no_bias>, softplus, avg_pool1d<2>>;
    soundness::trial<net, pm::shape<1, 2, 13>>{10}.run("gated signals", 16);
}
