// The soundness suite (suite.hpp): activations in pieces, residual and parallel layers, sorting.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/group_sort.hpp"
#include "paramorph/nn/parallel.hpp"
#include "paramorph/nn/prelu.hpp"
#include "paramorph/nn/residual.hpp"
#include "suite.hpp"

using namespace pm::nn;

TEST_CASE("soundness: activations in pieces and residual layers") {
    using net = sequential<residual<linear<10, 10>, leaky_relu<>>, linear<10, 10>, hardtanh<>, linear<10, 10>, relu6,
                           linear<10, 8>, hardsigmoid, linear<8, 8>, hardswish, linear<8, 4>>;
    soundness::trial<net, pm::shape<1, 10>>{3}.run("pieces", 18);
}
TEST_CASE("soundness: elu, mish, prelu, sorted groups, parallel layers") {
    using net = sequential<linear<8, 12>, elu<>,
                           parallel<-1, sequential<linear<12, 6>, mish>, sequential<linear<12, 6>, prelu<>>>,
                           linear<12, 12>, group_sort<>, linear<12, 8>, log_softmax<>>;
    soundness::trial<net, pm::shape<1, 8>>{4}.run("elu, mish, sorted", 18);
}
