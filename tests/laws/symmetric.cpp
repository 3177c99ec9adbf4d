// The laws of symmetric.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: symmetric") {
    CHECK(pm::laws<pm::param::symmetric, pm::shape<9, 9>>::check() == "");
}

TEST_CASE("symmetric: a zero is as PyTorch's but for its sign, which is the original's; nothing below counts") {
    using matrix = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::symmetric>> w{matrix{{-0.0F, -0.0F}, {0.0F, 1.0F}}};
    auto const zeros = w();
    CHECK((zeros == matrix{{0, 0}, {0, 1}}));
    CHECK((std::signbit(zeros(0, 0)) && std::signbit(zeros(0, 1)) && std::signbit(zeros(1, 0))));
    w.original() = matrix{{1, 2}, {std::nanf(""), 3}};
    CHECK((w() == matrix{{1, 2}, {2, 3}}));
}
