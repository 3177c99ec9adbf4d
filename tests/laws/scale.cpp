// The laws of scale.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/scale.hpp"
#include "../catch.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: scale") {
    CHECK(pm::laws<pm::param::scale<-3>, pm::shape<3, 4>>::check() == "");
}
