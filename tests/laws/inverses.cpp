// Laws of networks that the type proves invertible: inverse(net)(net(x)) is x, alone and in batches; log_abs_det is the
// logarithm of the determinant of their slopes, which finite differences find; its gradient is theirs.
//
// SPDX-License-Identifier: BSL-1.0
#include "../inverses.hpp"

using namespace inverses;

namespace {

TEST_CASE("inverses: linear layers of orthogonal and invertible weights") {
    holds<layer<param::orthogonal<>>>(1e-13);
    holds<layer<param::invertible>, true>(1e-12);
    holds<layer<param::special_linear>>(1e-12);
    holds<nn::linear<3, 3, pm::no_bias, pm::element_type<double>,
                     pm::weight<param::invertible, param::permuted<0, 2, 0, 1>>>>(1e-12);
}

}  // namespace
