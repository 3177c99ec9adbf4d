// The laws of lora.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/lora.hpp"
#include "../catch.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: lora") {
    CHECK(pm::laws<pm::param::lora<2, 4>, pm::shape<5, 4>>::check() == "");
}

TEST_CASE("lora: the assigned value is the base, and the correction begins at nothing") {
    using tensor = pm::tensor<pm::shape<3, 3>, pm::chain<pm::param::lora<1>>>;
    tensor w;
    xt::xtensor_fixed<float, xt::xshape<3, 3>> const a{{3, 0, 0}, {0, 2, 0}, {0, 0, 1}};
    w = a;
    CHECK((w() == a && w.state() == a));
    // Along the largest singular vector.
    CHECK(std::abs(std::abs(w.original<0>()(0, 0)) - 1) < 1e-6f);
    CHECK(w.original<1>()(0, 0) == 0);
    w.original<1>()(1, 0) = 1;
    CHECK(std::abs(std::abs(w()(1, 0)) - 1) < 1e-6f);
    CHECK((w.state() == a));
}

TEST_CASE("lora: whatever the base holds, a weight can be assigned; one of zeros can be trained") {
    using tensor = pm::tensor<pm::shape<3, 2>, pm::chain<pm::param::lora<1>>>;
    using array = xt::xtensor_fixed<float, xt::xshape<3, 2>>;
    array const good{{1, 2}, {3, 4}, {5, 6}};
    for (float const e : {std::numeric_limits<float>::infinity(), std::nanf("")}) {
        tensor w;
        w = good;
        w.state().fill(e);
        w = good;
        CHECK((w() == good));
        CHECK((w.state() == good));
        CHECK((w.original<1>() == xt::xtensor_fixed<float, xt::xshape<3, 1>>{{0}, {0}, {0}}));
        CHECK_FALSE(std::signbit(w.original<1>()(0, 0)));
    }
    tensor zero;
    zero = array{{0, 0}, {0, 0}, {0, 0}};
    auto const& a = zero.original<0>();
    CHECK(std::abs(a(0, 0) * a(0, 0) + a(0, 1) * a(0, 1) - 1) < 1e-6f);  // b has a gradient
}
