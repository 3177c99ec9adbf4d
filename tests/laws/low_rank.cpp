// The laws of low_rank.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/low_rank.hpp"
#include "../catch.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: low_rank") {
    CHECK(pm::laws<pm::param::low_rank<2>, pm::shape<5, 4>>::check() == "");
}

TEST_CASE("low_rank: a matrix of another rank is refused, and projected to the nearest") {
    using tensor = pm::tensor<pm::shape<3, 3>, pm::chain<pm::param::low_rank<1>>>;
    tensor w;
    xt::xtensor_fixed<float, xt::xshape<3, 3>> const diagonal{{3, 0, 0}, {0, 2, 0}, {0, 0, 1}};
    CHECK_FALSE(w.try_assign(diagonal).ok());
    w.project(diagonal);
    CHECK((std::abs(w()(0, 0) - 3) < 1e-5f && std::abs(w()(1, 1)) < 1e-5f && std::abs(w()(2, 2)) < 1e-5f));
    // A layer's initial values are projected, too: they are as large as a plain layer's, not their products.
    pm::random numbers{pm::seed{1}}, same{pm::seed{1}};
    tensor begun;
    begun.initialize(numbers, 1);
    pm::tensor<pm::shape<3, 3>> plain;
    plain.initialize(same, 1);
    w.project(plain());
    CHECK((begun() == w()));
}
