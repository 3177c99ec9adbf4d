// The soundness suite (suite.hpp): convolutions over images, pooling, normalization of channels.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/batch_norm.hpp"
#include "paramorph/nn/conv_transpose.hpp"
#include "paramorph/nn/convolution.hpp"
#include "paramorph/nn/flatten.hpp"
#include "paramorph/nn/normalization.hpp"
#include "paramorph/nn/pooling.hpp"
#include "suite.hpp"

using namespace pm::nn;

TEST_CASE("soundness: images, maxima, batch normalization") {
    using net = sequential<conv2d<1, 4, 3, pm::padding<1>>, batch_norm<4>, relu, max_pool2d<2>,
                           conv2d<4, 4, 3, pm::stride<2>, pm::padding<1>>, pm::nn::tanh, flatten<>, linear<16, 3>>;
    soundness::trial<net, pm::shape<1, 1, 8, 8>>{7}.run("images", 16);
}
TEST_CASE("soundness: images, means, normalization of groups, transposed convolutions") {
    using net = sequential<conv2d<2, 4, 3>, group_norm<2, 4>, silu, avg_pool2d<2>, conv_transpose2d<4, 2, 2>, gelu>;
    soundness::trial<net, pm::shape<1, 2, 6, 6>>{8}.run("groups of channels", 14);
}
