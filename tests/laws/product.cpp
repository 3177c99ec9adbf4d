// The laws of products of sets.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/product.hpp"

#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/param/almost_orthogonal_lipschitz.hpp"
#include "paramorph/param/ball.hpp"
#include "paramorph/param/cov_matrix.hpp"
#include "paramorph/param/ilr_simplex.hpp"
#include "paramorph/param/ordered.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/scale.hpp"
#include "paramorph/param/simplex.hpp"
#include "paramorph/param/sphere.hpp"
#include "paramorph/param/sum_to_zero.hpp"
#include "paramorph/param/symmetric.hpp"
#include "paramorph/parametrize/nearest.hpp"
#include "paramorph/parametrize/tensor.hpp"
#include "paramorph/testing/density_laws.hpp"

namespace pm = paramorph;
namespace set = pm::set;
using namespace pm::param;
using pm::rows, pm::testing::density_laws, pm::testing::numbers;

TEST_CASE("laws: product, of rows in two sets") {
    using law = pm::laws<product<rows<0, 2, sphere<>>, rows<2, 4, simplex>>, pm::shape<4, 3>>;
    CHECK(law::check() == "");
}
TEST_CASE("log_abs_det: of a product it is the sum of its parts', each in the chart of its set") {
    using simplices = product<rows<0, 2, ilr_simplex>, rows<2, 3, ilr_simplex>>;
    CHECK(density_laws<simplices, pm::shape<3, 4>>::check() == "");
    using mixed = product<rows<0, 2, ilr_simplex>, rows<2, 3, sum_to_zero>, rows<3, 5, positive>>;
    CHECK(density_laws<mixed, pm::shape<5, 3>>::check() == "");
    CHECK(density_laws<product<rows<0, 3, ilr_simplex>, rows<3, 5, positive>>, pm::shape<5>>::check() == "");
    CHECK(density_laws<product<rows<0, 2, cov_matrix>, rows<2, 4, positive>>, pm::shape<4, 2>>::check() == "");
    CHECK(density_laws<pm::chain<product<rows<0, 2, positive>, rows<2, 3>>, pm::unsafe<positive>>,
                       pm::shape<3, 2>>::check() == "");
    CHECK(density_laws<simplices, pm::shape<3, 4>, float>::kernels() == "");
    using law = density_laws<simplices, pm::shape<3, 3>>;
    CHECK(std::abs(law::at(numbers(6)).outputs[1][0] + 3 * 2.7465307216702745) < 1e-13);
}
TEST_CASE("product: its set, part by part") {
    using both = set::product<rows<0, 1, set::simplex>, rows<1, 3, set::symmetric>>;
    pm::extents const shape{2, {3, 2}};
    double const x[]{0.25, 0.75, 1, 7, 7, 2}, unequal[]{0.25, 0.75, 1, 7, 6, 2}, sums[]{0.5, 0.75, 1, 7, 7, 2};
    CHECK((pm::contains<both>(x, shape, 1e-15) && !pm::contains<both>(unequal, shape, 1e-3) &&
           !pm::contains<both>(sums, shape, 1e-3)));
    // Other rows than the parts have.
    CHECK(!pm::contains<both>(x, {2, {2, 3}}, 1e-3));
    CHECK(!pm::contains<both>(x, {2, {2, 2}}, 1e-3));
    CHECK(!pm::contains<both>(x, {}, 1e-3));
    static_assert(pm::subset<set::product<rows<0, 2, set::spd>, rows<2, 3, set::simplex>>,
                             set::product<rows<0, 2, set::symmetric>, rows<2, 3, set::interval<0, 1>>>>);
    static_assert(!pm::subset<both, set::product<rows<0, 2, set::simplex>, rows<2, 3, set::symmetric>>>);
    static_assert(pm::subset<set::product<rows<0, 2, set::simplex>, rows<2, 3, set::positive>>, set::nonnegative>);
    static_assert(!pm::subset<both, set::nonnegative> && !pm::subset<both, set::symmetric> &&
                  pm::subset<both, set::real>);
    static_assert(
        std::is_same_v<pm::codomain_of<product<rows<0, 1, simplex>, rows<1, 3, pm::chain<symmetric>>>>, both>);
}
TEST_CASE("product: within what its parts are within, whichever rows are parts") {
    using matrices = set::product<rows<0, 2, set::row_stochastic>, rows<2, 4, set::doubly_stochastic>>;
    using vectors = set::product<rows<0, 2, set::simplex>, rows<2, 4, set::simplex>>;
    static_assert(pm::subset<matrices, set::simplex> && pm::subset<matrices, set::row_stochastic> &&
                  pm::subset<matrices, set::ball<1>> && pm::subset<matrices, set::interval<0, 2>>);
    // [4] can be two simplices of two numbers each.
    double const two[]{0.5, 0.5, 0.25, 0.75};
    CHECK((pm::contains<vectors>(two, {1, {4}}, 0.0) && !pm::contains<set::simplex>(two, {1, {4}}, 0.0)));
    static_assert(!pm::subset<vectors, set::simplex>);
    static_assert(!pm::subset<matrices, set::column_stochastic> && !pm::subset<matrices, set::doubly_stochastic> &&
                  !pm::subset<matrices, set::invertible>);
    static_assert(pm::subset<matrices, vectors> && !pm::subset<vectors, matrices>);
    // One part of many rows, and its rows as parts.
    using whole = set::product<rows<0, 4, set::row_stochastic>>;
    using split = set::product<rows<0, 1, set::row_stochastic>, rows<1, 3, set::simplex>, rows<3, 4, set::simplex>>;
    static_assert(pm::subset<whole, split> && pm::subset<split, set::product<rows<0, 4, set::simplex>>> &&
                  pm::subset<whole, set::row_stochastic>);
    static_assert(!pm::subset<set::product<rows<0, 4, set::simplex>>, vectors>);
    static_assert(!pm::subset<whole, set::product<rows<0, 5, set::simplex>>> &&
                  !pm::subset<set::simplex, set::product<rows<0, 4, set::simplex>>>);
    using stiefel = set::product<rows<0, 4, set::stiefel>>;
    static_assert(pm::subset<stiefel, set::product<rows<0, 2, set::ball<1>>, rows<2, 4, set::interval<-1, 1>>>> &&
                  !pm::subset<stiefel, set::product<rows<0, 2, set::stiefel>, rows<2, 4, set::stiefel>>> &&
                  pm::subset<stiefel, set::stiefel>);
    using signs = set::product<rows<0, 1, set::positive>, rows<1, 4, set::simplex>>;
    static_assert(pm::subset<signs, set::product<rows<0, 3, set::nonnegative>, rows<3, 4, set::interval<-1, 1>>>> &&
                  !pm::subset<signs, set::product<rows<0, 3, set::positive>, rows<3, 4, set::real>>>);
    // Products within products.
    using inner = set::product<rows<0, 1, set::spd>, rows<1, 2, set::positive>>;
    using nested = set::product<rows<0, 2, inner>, rows<2, 4, set::skew>>;
    using flat = set::product<rows<0, 1, set::spd>, rows<1, 2, set::positive>, rows<2, 4, set::skew>>;
    static_assert(pm::subset<nested, flat> && pm::subset<flat, nested> &&
                  pm::subset<nested, set::product<rows<0, 2, set::real>, rows<2, 4, set::skew>>>);
}
TEST_CASE("product: the nearest element is that of each part, and a weight takes it") {
    using both = product<rows<0, 1, simplex>, rows<1, 3, symmetric>>;
    using matrix = xt::xtensor_fixed<double, xt::xshape<3, 2>>;
    matrix const a{{0.75, 1.25}, {1, 3}, {5, 2}}, near{{0.25, 0.75}, {1, 4}, {4, 2}};
    CHECK((pm::nearest<pm::codomain_of<both>>(a) == near));
    pm::tensor<pm::shape<3, 2>, pm::chain<both>, double> w;
    CHECK_FALSE(w.try_assign(a).ok());
    w = pm::nearest(a);
    CHECK((xt::allclose(w(), near, 1e-15) && w.original<0>().size() == 2 && w.original<1>().size() == 4));
    w.original<1>()(0, 1) = 9;
    CHECK((w()(2, 0) == 9 && std::abs(w()(0, 0) - 0.25) < 1e-15));
    static_assert(!pm::detail::nearest_in<set::product<rows<0, 1, set::simplex>, rows<1, 3, set::spd>>>::known);
}
TEST_CASE("product: its grade is the least of its parts'") {
    using pm::grade, pm::inverse_grade;
    static_assert(inverse_grade<product<rows<0, 1, ilr_simplex>, rows<1, 3>>, pm::shape<3, 2>> == grade::bijective);
    static_assert(inverse_grade<product<rows<0, 1, ilr_simplex>, rows<1, 3, sphere<>>>, pm::shape<3, 2>> ==
                  grade::right);
    static_assert(inverse_grade<product<rows<0, 2, symmetric, scale<2>>, rows<2, 3>>, pm::shape<3, 2>> ==
                  grade::on_image);
    static_assert(inverse_grade<product<rows<0, 1>, rows<1, 3, almost_orthogonal_lipschitz>>, pm::shape<3, 2>> ==
                  grade::none);
}
TEST_CASE("product: the name of its set") {
    CHECK(pm::set_name<set::product<rows<0, 1, set::simplex>, rows<1, 3, set::ball<2>>>>() ==
          "product<rows<0, 1, simplex>, rows<1, 3, ball<2>>>");
}
TEST_CASE("log_abs_det: of gates of a recurrent weight, and of filters") {
    using gates = product<rows<0, 2, ordered>, rows<2, 4, positive>, rows<4, 6>, rows<6, 8, ball<1>>>;
    CHECK(density_laws<gates, pm::shape<8, 2>>::check() == "");
    using filters = product<rows<0, 1, ordered>, rows<1, 2, ilr_simplex>>;
    CHECK(density_laws<filters, pm::shape<2, 2, 2, 3>>::check() == "");
}
