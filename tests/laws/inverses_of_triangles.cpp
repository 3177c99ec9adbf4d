// The laws of inverses (laws/inverses.cpp) of linear layers with triangular weights, and of some whose rows are moved.
//
// SPDX-License-Identifier: BSL-1.0
#include "../inverses.hpp"

using namespace inverses;

namespace {

TEST_CASE("inverses: linear layers of triangular and definite weights") {
    holds<layer<param::cholesky_factor_cov>>(1e-12);
    holds<layer<param::cholesky_factor_cov, transposed>>(1e-12);
    holds<layer<param::cov_matrix>>(1e-10);
    holds<layer<param::orthogonal<>, param::permuted<1, 2, 0, 1>>>(1e-13);
}

}  // namespace
