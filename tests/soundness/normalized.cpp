// The soundness suite (suite.hpp): normalization of rows; attention.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>

#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/attention.hpp"
#include "paramorph/nn/normalization.hpp"
#include "paramorph/nn/residual.hpp"
#include "suite.hpp"

using namespace pm::nn;

TEST_CASE("soundness: normalization of rows") {
    using net = sequential<linear<8, 12>, layer_norm<pm::shape<12>>, relu, linear<12, 10>, rms_norm<pm::shape<10>>,
                           linear<10, 4>>;
    soundness::trial<net, pm::shape<1, 8>>{11}.run("normalized", 14);
}
TEST_CASE("soundness: attention") {
    using net = sequential<residual<multihead_attention<8, 2>>, layer_norm<pm::shape<8>>,
                           residual<linear<8, 8>, gelu, linear<8, 8>>>;
    soundness::trial<net, pm::shape<1, 3, 8>>{12}.run("attention", 10);
}
// What attention answers lies between the values that it weighs, however far scores are apart.
TEST_CASE("soundness: attention takes means") {
    auto const net = pm::freeze(pm::make<multihead_attention<4, 2>>(pm::seed{1}));
    for (double const size : {1.0, 8.0})
        CHECK(pm::bounds(net, pm::box<pm::shape<1, 3, 4>>::of(-size, size)).largest() < 5 * size);
}
TEST_CASE("soundness: causal attention") {
    soundness::trial<multihead_attention<4, 1, pm::causal_mask>, pm::shape<1, 4, 4>>{13}.run("causal attention", 10);
}
