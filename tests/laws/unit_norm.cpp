// The laws of unit_norm, which refuses a row of zeros.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/unit_norm.hpp"
#include "../catch.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: unit_norm") {
    CHECK(pm::laws<pm::param::unit_norm, pm::shape<5, 9>>::check() == "");
}
TEST_CASE("unit_norm: a row of zeros is refused") {
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::unit_norm>> w;
    auto const said = w.try_assign(xt::xtensor_fixed<float, xt::xshape<2, 2>>{{0, 0}, {0, 1}});
    CHECK(std::string(said.failed).find("unit_norm: a row of the original is zero") == 0);
    CHECK(w.empty());
}
