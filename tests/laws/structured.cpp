// The laws of matrices with a structure: toeplitz_matrix, circulant_matrix, block_diagonal, banded, kronecker,
// diagonal_matrix, permutation_equivariant, hadamard_diagonal.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/structured.hpp"
#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/param/hadamard_diagonal.hpp"
#include "paramorph/testing/density_laws.hpp"

namespace pm = paramorph;
using namespace pm::param;
using pm::testing::arrays, pm::testing::density_laws, pm::testing::numbers;

TEST_CASE("laws: kronecker, by kernels") {
    CHECK(pm::laws<kronecker<2, 3>, pm::shape<4, 9>>::check() == "");
}
TEST_CASE("laws: of matrices with a structure") {
    CHECK(density_laws<toeplitz_matrix<3>, pm::shape<3, 4>>::check() == "");
    CHECK(density_laws<toeplitz_matrix<4>, pm::shape<4, 1>>::check() == "");
    CHECK(density_laws<toeplitz_matrix<1>, pm::shape<1, 1>>::check() == "");
    CHECK(density_laws<circulant_matrix, pm::shape<4, 4>>::check() == "");
    CHECK(density_laws<pm::param::block_diagonal<2>, pm::shape<4, 6>>::check() == "");
    CHECK(density_laws<pm::param::block_diagonal<3>, pm::shape<3, 3>>::check() == "");
    CHECK(density_laws<diagonal_matrix, pm::shape<3, 3>>::check() == "");
    CHECK(density_laws<pm::param::permutation_equivariant<3>, pm::shape<6, 3>>::check() == "");
    CHECK(density_laws<pm::param::permutation_equivariant<2>, pm::shape<2, 2>>::check() == "");
    CHECK(density_laws<hadamard_diagonal, pm::shape<8, 8>>::check() == "");
    CHECK(density_laws<hadamard_diagonal, pm::shape<1, 1>>::check() == "");
    CHECK(density_laws<hadamard_diagonal, pm::shape<4, 4>, float>::kernels() == "");
    using band = pm::laws<pm::param::banded<1, 0>, pm::shape<3, 4>>;
    CHECK((band::round_trip() == "" && band::codomain() == "" && band::gradient() == ""));
}
TEST_CASE("structured: by hand") {
    CHECK(test::interpreted<toeplitz_matrix<2>, pm::shape<2, 3>>::value({{1, 2, 3, 4}}).outputs[0] ==
          numbers{2, 3, 4, 1, 2, 3});
    CHECK(test::interpreted<circulant_matrix, pm::shape<3, 3>>::value({{1, 2, 3}}).outputs[0] ==
          numbers{1, 3, 2, 2, 1, 3, 3, 2, 1});
    CHECK(test::interpreted<pm::param::block_diagonal<2>, pm::shape<2, 4>>::value({{1, 2, 3, 4}}).outputs[0] ==
          numbers{1, 2, 0, 0, 0, 0, 3, 4});
    CHECK(
        test::interpreted<pm::param::banded<0, 1>, pm::shape<3, 3>>::value({{1, 2, 3, 4, 5, 6, 7, 8, 9}}).outputs[0] ==
        numbers{1, 2, 0, 0, 5, 6, 0, 0, 9});
    CHECK(test::interpreted<kronecker<1, 2>, pm::shape<2, 4>>::value({{1, 10}, {1, 2, 3, 4}}).outputs[0] ==
          numbers{1, 2, 10, 20, 3, 4, 30, 40});
    CHECK(test::interpreted<diagonal_matrix, pm::shape<2, 2>>::value({{1, 2}}).outputs[0] == numbers{1, 0, 0, 2});
    CHECK(test::interpreted<pm::param::permutation_equivariant<2>, pm::shape<2, 4>>::value({{1, 2, 3, 4}}).outputs[0] ==
          numbers{1, 2, 3, 4, 3, 4, 1, 2});
    CHECK(test::interpreted<hadamard_diagonal, pm::shape<2, 2>>::value({{3, 1}}).outputs[0] == numbers{2, 1, 1, 2});
    // What stands outside is nothing, also where it is not finite.
    double const inf = std::numeric_limits<double>::infinity();
    CHECK(test::interpreted<pm::param::banded<0, 0>, pm::shape<2, 2>>::value({{1, inf, std::nan(""), 2}}).outputs[0] ==
          numbers{1, 0, 0, 2});
    // A Kronecker product comes back at any scale; of another matrix the nearest one is taken.
    using law = test::interpreted<kronecker<2, 2>, pm::shape<4, 4>>;
    for (double const s : {1e-300, 1e-30, 1.0, 1e30, 1e300}) {
        numbers const y{s, 2 * s, 2 * s, 4 * s, 3 * s, 4 * s, 6 * s, 8 * s, 0, 0, -s, -2 * s, 0, 0, -3 * s, -4 * s};
        CHECK(test::apart(law::again(y).outputs[0], y) < 1e-14);
    }
    CHECK(law::again(numbers(16, 0)).outputs[0] == numbers(16, 0));
    numbers identity(16);
    for (std::size_t k = 0; k < 4; ++k) identity[5 * k] = k < 2 ? 3 : 1;
    CHECK(test::apart(law::again(identity).outputs[0], identity) < 1e-15);
    using tensor = pm::tensor<pm::shape<2, 2>, pm::chain<kronecker<2, 1>>>;
    using two = xt::xtensor_fixed<float, xt::xshape<2, 2>>;
    tensor w;
    CHECK_FALSE(w.try_assign(two{{1, 0}, {0, 2}}).ok());
    w.project(two{{1, 0}, {0, 2}});
    CHECK((std::abs(w()(0, 0)) < 1e-6f && std::abs(w()(1, 1) - 2) < 1e-6f));
}
TEST_CASE("structured: nearest") {
    using two = xt::xtensor_fixed<double, xt::xshape<2, 3>>;
    using three = xt::xtensor_fixed<double, xt::xshape<3, 3>>;
    CHECK((pm::nearest<pm::set::toeplitz>(two{{1, 2, 3}, {4, 5, 6}}) == two{{3, 4, 3}, {4, 3, 4}}));
    three const mean = pm::nearest<pm::set::circulant>(three{{1, 2, 3}, {3, 1, 5}, {2, 6, 4}});
    CHECK((mean(0, 0) == 2 && mean(0, 1) == 3 && mean(1, 2) == 3 && mean(2, 0) == 3 && mean(0, 2) == 4 &&
           mean(1, 0) == 4));
    CHECK((pm::nearest<pm::set::banded<0, 0>>(two{{1, 2, 3}, {4, 5, 6}}) == two{{1, 0, 0}, {0, 5, 0}}));
    CHECK((pm::nearest<pm::set::block_diagonal<3>>(three{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}) ==
           three{{1, 0, 0}, {0, 5, 0}, {0, 0, 9}}));
    using four = xt::xtensor_fixed<double, xt::xshape<4, 4>>;
    four const mixed{{1, 2, 3, 4}, {4, 1, 2, 3}, {5, 0, 1, 2}, {0, 3, 6, 5}};
    CHECK((pm::nearest<pm::set::dyadic>(mixed) ==
           four{{2, 3.5, 3.5, 1.5}, {3.5, 2, 1.5, 3.5}, {3.5, 1.5, 2, 3.5}, {1.5, 3.5, 3.5, 2}}));
    CHECK((pm::nearest<pm::set::permutation_equivariant<2>>(mixed) ==
           four{{1, 2, 4, 2}, {5, 3, 1, 3}, {4, 2, 1, 2}, {1, 3, 5, 3}}));
    static_assert(pm::subset<pm::set::dyadic, pm::set::symmetric> &&
                  pm::subset<pm::set::circulant, pm::set::toeplitz> &&
                  pm::subset<pm::set::banded<0, 1>, pm::set::banded<1, 1>> &&
                  !pm::subset<pm::set::banded<1, 1>, pm::set::banded<0, 1>>);
}
