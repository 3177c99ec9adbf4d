// The laws of interval, and what it refuses.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/interval.hpp"
#include "../catch.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: interval") {
    CHECK(pm::laws<pm::param::interval<-1, 2>, pm::shape<3, 4>>::check() == "");
}

TEST_CASE("interval: its ends are refused") {
    pm::tensor<pm::shape<2>, pm::chain<pm::param::interval<-1, 2>>> w;
    w = xt::xtensor_fixed<float, xt::xshape<2>>{-0.999f, 1.999f};
    CHECK(std::abs(w()(1) - 1.999f) < 1e-6f);
    CHECK(w.try_assign(xt::xtensor_fixed<float, xt::xshape<2>>{-1, 0}).failed ==
          std::string("interval: every element assigned must exceed the lower end"));
    CHECK(w.try_assign(xt::xtensor_fixed<float, xt::xshape<2>>{0, 2}).failed ==
          std::string("interval: every element assigned must be less than the upper end"));
}
