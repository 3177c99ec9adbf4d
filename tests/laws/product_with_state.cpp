// The laws of products whose parts have state, or several originals.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/param/almost_orthogonal_lipschitz.hpp"
#include "paramorph/param/codebook.hpp"
#include "paramorph/param/mask.hpp"
#include "paramorph/param/orthogonal.hpp"
#include "paramorph/param/product.hpp"
#include "paramorph/param/scale.hpp"
#include "paramorph/param/simplex.hpp"
#include "paramorph/param/spectral_norm.hpp"
#include "paramorph/param/weight_norm.hpp"
#include "paramorph/parametrize/tensor.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;
namespace set = pm::set;
using namespace pm::param;
using pm::rows;

namespace {

using frames = product<rows<0, 3, orthogonal<>>, rows<3, 5, simplex>>;
using several = product<rows<0, 2, weight_norm<>>, rows<2, 4, mask, scale<2>>, rows<4, 5>>;
using estimated = product<rows<0, 2, mask>, rows<2, 5, spectral_norm<>>>;
template <class P>
using weight_of = pm::tensor<pm::shape<5, 3>, pm::chain<P>, double>;
using matrix = xt::xtensor_fixed<double, xt::xshape<5, 3>>;

matrix numbers() {
    matrix a;
    for (int i = 0; i < 15; ++i) a.data()[i] = 0.3 + (i * 7 % 11) / 10.0;
    return a;
}

}  // namespace

TEST_CASE("laws: product, a part of which has state") {
    CHECK(pm::laws<frames, pm::shape<5, 3>>::check() == "");
}
TEST_CASE("laws: product, whose parts have two originals, and state of a later stage") {
    CHECK(pm::laws<several, pm::shape<5, 3>>::check() == "");
}
TEST_CASE("product: originals and state are those of the parts, in their order and by their names") {
    using traits = pm::chain_traits<pm::chain<several>, pm::shape<5, 3>>;
    static_assert(traits::original_count == 4 && traits::state_count == 1 && traits::numbered_originals);
    static_assert(std::is_same_v<traits::original_shape<0>, pm::shape<2, 1>> &&
                  std::is_same_v<traits::original_shape<2>, pm::shape<2, 3>> &&
                  std::is_same_v<traits::original_shape<3>, pm::shape<1, 3>>);
    static_assert(traits::state_tensor<0>::name == "1.0.mask");
    using both = pm::chain_traits<pm::chain<estimated>, pm::shape<5, 3>>;
    static_assert(both::state_count == 3 && both::state_tensor<0>::name == "0.mask" &&
                  both::state_tensor<2>::name == "1._v");
    pm::nn::linear<3, 5, pm::weight<estimated>> layer{pm::seed{1}};
    std::string last;
    pm::for_each_buffer(layer, [&](auto const& name, auto const&) { last = name; });
    CHECK(last == "parametrizations.weight.0.1._v");
}
TEST_CASE("product: the state of a part moves, begins and stays as in a tensor of its own") {
    weight_of<estimated> whole;
    pm::tensor<pm::shape<3, 3>, pm::chain<spectral_norm<>>, double> alone;
    matrix const a = numbers();
    whole.project(a);
    xt::xtensor_fixed<double, xt::xshape<3, 3>> last;
    std::copy_n(a.data() + 6, 9, last.data());
    alone.project(last);
    matrix const w = whole();
    CHECK(std::equal(w.data() + 6, w.data() + 15, alone().data(),
                     [](double x, double y) { return std::abs(x - y) < 1e-9; }));
    CHECK(w(1, 2) == a(1, 2));
    // A mask that was written survives an assignment; what power iteration found begins anew.
    whole.state<0, 0>()(1, 2) = 0;
    matrix other = a;
    for (double& e : other) e = 2 - e;
    other(1, 2) = 0;
    auto const before = whole.state<0, 1>();
    whole.project(other);
    CHECK((whole()(1, 2) == 0 && whole()(1, 1) == other(1, 1) && whole.state<0, 0>()(1, 2) == 0));
    CHECK((whole.state<0, 1>() != before));
}
TEST_CASE("product: an orthogonal part is assigned, and refuses what is none") {
    weight_of<frames> w;
    matrix a{{0, 1, 0}, {1, 0, 0}, {0, 0, 1}, {0.25, 0.25, 0.5}, {0.125, 0.25, 0.625}};
    w = a;
    CHECK(xt::allclose(w(), a, 1e-14, 1e-15));
    w.original<0>()(1, 0) += 0.5;
    w.original<1>()(1, 0) += 0.5;
    matrix const moved = w();
    CHECK((pm::contains<pm::codomain_of<frames>>(moved.data(), {2, {5, 3}}, 1e-14) && moved(0, 0) != 0));
    a(0, 0) = 0.5;
    CHECK_FALSE(w.try_assign(a).ok());
    CHECK((w() == moved));
}
TEST_CASE("product: parts that are products, and what a codebook shares") {
    using inner = product<rows<0, 1, codebook<2>>, rows<1, 3, mask>>;
    using outer = product<rows<0, 3, inner>, rows<3, 5, codebook<3>>>;
    weight_of<outer> w;
    matrix const a{{1, 2, 1}, {3, 4, 5}, {6, 7, 8}, {-1, 0, 9}, {9, 9, 0}};
    w = a;
    CHECK((w() == a));
    static_assert(pm::inverse_grade<outer, pm::shape<5, 3>> == pm::grade::on_image);
    static_assert(
        pm::subset<pm::codomain_of<outer>, set::product<rows<0, 1, set::values_at_most<2>>, rows<1, 5, set::real>>>);
    CHECK(w.original<0>().size() == 2);
    CHECK(w.original<2>().size() == 3);
}
TEST_CASE("product: beside state, a part without right_inverse leaves the product without one") {
    using never = product<rows<0, 2, almost_orthogonal_lipschitz>, rows<2, 5, mask>>;
    static_assert(pm::inverse_grade<never, pm::shape<5, 3>> == pm::grade::none);
    pm::nn::linear<3, 5, pm::weight<never>> layer{pm::seed{1}};
    auto const w = layer.weight();
    CHECK((pm::contains<pm::codomain_of<never>>(w.data(), {2, {5, 3}}, 1e-6) && w(4, 2) != 0));
}
