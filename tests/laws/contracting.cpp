// The laws of contracting and almost_orthogonal_lipschitz.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/contracting.hpp"
#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/param/almost_orthogonal_lipschitz.hpp"
#include "paramorph/testing/density_laws.hpp"

namespace pm = paramorph;
using pm::param::contracting;
using pm::testing::arrays, pm::testing::density_laws, pm::testing::numbers;

TEST_CASE("laws: contracting, with its log_abs_det") {
    CHECK(density_laws<contracting<2>, pm::shape<3, 2>>::check() == "");
    CHECK(density_laws<contracting<0.5>, pm::shape<2, 4>>::check() == "");
    CHECK(density_laws<contracting<>, pm::shape<3, 3>>::check() == "");
    CHECK(density_laws<contracting<>, pm::shape<1, 1>>::check() == "");
    CHECK(density_laws<contracting<2>, pm::shape<3, 2>, float>::kernels() == "");
}
TEST_CASE("contracting: numbers of any size make a norm that is not exceeded, and matrices come back up to the bound") {
    using law = density_laws<contracting<2>, pm::shape<2, 2>>;
    pm::random source{pm::seed{7}};
    for (double const scale : {0.0, 1e-300, 1e-30, 1e-8, 1.0, 1e8, 1e30, 1e150, 1e300}) {
        numbers x = pm::testing::drawn(source, 4);
        for (double& e : x) e *= scale;
        auto const y = pm::testing::interpret(law::forward(), {x, numbers(4, 1)});
        INFO(scale << ": " << (y.status.ok() ? "" : y.status.failed));
        CHECK(pm::contains<pm::set::contraction<2>>(y.outputs[0].data(), {2, {2, 2}}, 1e-15));
        if (scale > 1e3) continue;
        REQUIRE(y.status.ok());
        for (double const e : y.outputs[3]) CHECK(std::isfinite(e));
        CHECK(test::apart(law::original_of(y.outputs[0]).outputs[0], x) < 1e-13);
    }
    for (numbers const& w : {numbers{2 - 1e-9, 0, 0, 0}, {0, 1.5, -1.5, 0}, {1, 0.9, 0.9, 1}, {0, 0, 0, 0}})
        CHECK(test::apart(law::at(law::original_of(w).outputs[0]).outputs[0], w) < 1e-15);
    CHECK_FALSE(law::original_of({2.5, 0, 0, 0}).status.ok());
    using tensor = pm::tensor<pm::shape<2, 2>, pm::chain<contracting<>>>;
    using two = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
    tensor w;
    CHECK_FALSE(w.try_assign(two{{3, 0}, {0, 0.5f}}).ok());
    w = pm::nearest(two{{3, 0}, {0, 0.5f}});
    CHECK((std::abs(w()(0, 0) - 1) < 1e-5f && std::abs(w()(1, 1) - 0.5f) < 1e-5f));
    static_assert(pm::subset<pm::set::almost_orthogonal<0.5>, pm::set::contraction<2>> &&
                  pm::subset<pm::set::contraction<1>, pm::set::contraction<2>> &&
                  !pm::subset<pm::set::contraction<2>, pm::set::contraction<1>>);
}
TEST_CASE("almost_orthogonal_lipschitz: its laws; orthogonal columns reach the bound, at any scale") {
    using aol = pm::param::almost_orthogonal_lipschitz;
    using laws = pm::laws<aol, pm::shape<3, 4>>;
    CHECK((laws::codomain() == "" && laws::gradient() == "" && laws::kernels() == ""));
    CHECK((pm::laws<aol, pm::shape<4, 2>>::gradient(2) == "" && pm::laws<aol, pm::shape<1, 1>>::codomain() == ""));
    using law = test::interpreted<aol, pm::shape<2, 2>>;
    for (double const s : {1e-310, 1e-30, 1.0, 1e30, 1e300}) {
        numbers const turned{3 * s, -4 * s, 4 * s, 3 * s}, equal{s, s, s, s};
        CHECK(test::apart(law::value({turned}).outputs[0], {0.6, -0.8, 0.8, 0.6}) < 1e-15);
        CHECK(test::apart(law::value({equal}).outputs[0], {0.5, 0.5, 0.5, 0.5}) < 1e-15);
        CHECK(test::apart(law::value({{s, 0, 0, 0}}).outputs[0], {1, 0, 0, 0}) < 1e-15);
    }
    numbers const slope = law::gradient({numbers(4, 0), numbers(4, 1)}).outputs[0];
    CHECK((law::value({numbers(4, 0)}).outputs[0] == numbers(4, 0) && slope == numbers(4, 0)));
    using tall = test::interpreted<aol, pm::shape<5, 3>>;
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        pm::random source{pm::seed{seed}};
        numbers const y = tall::value({pm::testing::drawn(source, 15, -1e30, 1e30)}).outputs[0];
        CHECK(pm::contains<pm::set::contraction<1>>(y.data(), {2, {5, 3}}, 1e-15));
    }
}
TEST_CASE("almost_orthogonal_lipschitz: a column whose squares would underflow is as long as the others, in float") {
    using matrix = xt::xtensor_fixed<float, xt::xshape<3, 2>>;
    pm::nn::linear<2, 3, pm::weight<pm::param::almost_orthogonal_lipschitz>> layer{pm::seed{0}};
    for (float const s : {1e-10f, 4.5e-23f, 3e-38f, 2e-45f}) {
        layer.weight.original() = matrix{{1, 0}, {0, s}, {0, 0}};
        matrix const w = layer.weight();
        INFO(s);
        CHECK((w(0, 0) == 1 && w(1, 1) <= 1.0000005f && w(1, 1) > 0.999f));
    }
}
