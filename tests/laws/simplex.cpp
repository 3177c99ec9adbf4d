// The laws of simplex, and what it refuses.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/simplex.hpp"
#include "../catch.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: simplex") {
    CHECK(pm::laws<pm::param::simplex, pm::shape<5, 9>>::check() == "");
}
TEST_CASE("simplex: a zero is refused") {
    pm::tensor<pm::shape<2>, pm::chain<pm::param::simplex>> w;
    CHECK(w.try_assign(xt::xtensor_fixed<float, xt::xshape<2>>{0, 1}).failed ==
          std::string("simplex: every number assigned must be greater than zero"));
}
