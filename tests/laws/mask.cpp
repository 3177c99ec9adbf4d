// The laws of mask.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/mask.hpp"
#include "../catch.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: mask") {
    CHECK(pm::laws<pm::param::mask, pm::shape<3, 4>>::check() == "");
}

TEST_CASE("mask: what is masked is zero, has no gradient, and can only be assigned zero") {
    pm::tensor<pm::shape<3>, pm::chain<pm::param::mask>> w;
    w = xt::xtensor_fixed<float, xt::xshape<3>>{1, 2, 3};
    CHECK(w()(1) == 2);
    w.state()(1) = 0;
    CHECK((w()(0) == 1 && w()(1) == 0 && w()(2) == 3));
    CHECK_FALSE(w.try_assign(xt::xtensor_fixed<float, xt::xshape<3>>{1, 2, 3}).ok());
    w = xt::xtensor_fixed<float, xt::xshape<3>>{4, 0, 5};
    CHECK(w()(2) == 5);
    using gradient = pm::program::gradient_of<pm::param::mask, pm::shape<3>>;
    auto const found = pm::testing::run_kernel<gradient, pm::simd::best<float>>({{1, 2, 3}, {1, 0, 1}, {5, 6, 7}});
    CHECK(found.outputs[0] == std::vector<double>{5, 0, 7});
}

TEST_CASE("mask: an element that diverged is pruned to zero, value and gradient, kernel and interpreter") {
    auto const nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
    auto const check = [&]<class T>(T) {
        using value = pm::program::value_of<pm::param::mask, pm::shape<9>, T>;
        using gradient = pm::program::gradient_of<pm::param::mask, pm::shape<9>, T>;
        pm::testing::arrays const x{{nan, inf, -inf, 1, nan, 2, 3, inf, nan}, {0, 0, 0, 1, 0, 1, 1, 0, 0}};
        pm::testing::numbers const kept{0, 0, 0, 1, 0, 2, 3, 0, 0}, passed{0, 0, 0, 7, 0, 7, 7, 0, 0};
        auto with_cotangent = x;
        with_cotangent.push_back({nan, 1, inf, 7, inf, 7, 7, 2, nan});
        CHECK(pm::testing::interpret(pm::testing::simplified<value>(), x).outputs[0] == kept);
        CHECK(pm::testing::run_kernel<value, T>(x).outputs[0] == kept);
        CHECK(pm::testing::run_kernel<value, pm::simd::best<T>>(x).outputs[0] == kept);
        CHECK(pm::testing::interpret(pm::testing::simplified<gradient>(), with_cotangent).outputs[0] == passed);
        CHECK(pm::testing::run_kernel<gradient, T>(with_cotangent).outputs[0] == passed);
        CHECK(pm::testing::run_kernel<gradient, pm::simd::best<T>>(with_cotangent).outputs[0] == passed);
    };
    check(float{});
    check(double{});
}
