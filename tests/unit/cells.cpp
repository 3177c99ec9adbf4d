// Claims over boxes that are cut into cells: what is proved of them by the compiler and at run time, what is left out,
// and what is said where a claim does not hold.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>
#include <limits>

#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/prove.hpp"

namespace pm = paramorph;

namespace {

using plane = pm::shape<2>;
constexpr double infinity = std::numeric_limits<double>::infinity();

// (w x0)^2 + (w x1)^2 by products, whose bounds over a large box are wide.
struct bowl {
    using input_shape = plane;
    pm::nn::linear<2, 2, pm::no_bias> scaled;
    constexpr auto forward(auto x) const {
        auto const z = scaled(x);
        return pm::slice<0, 0, 1>(z) * pm::slice<0, 0, 1>(z) + pm::slice<0, 1, 2>(z) * pm::slice<0, 1, 2>(z);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(bowl, scaled);

namespace {

inline constexpr pm::network_values<bowl> numbers{{1, 0, 0, 1}};
constexpr pm::frozen<numbers> net;
using network = decltype(net);
constexpr auto square = pm::box<plane>::of(-1, 1);
constexpr pm::box<plane> wide{{-1, -2}, {1, 2}};
constexpr pm::box_outside<plane> ring{square, pm::box<plane>::of(-0.25, 0.25)};
constexpr pm::box_outside<plane> nothing{square, pm::box<plane>::of(-2, 2)};
using slope = pm::nn::linear<2, 1>;
inline constexpr pm::network_values<slope> up{{1, 1, 0}}, down{{-1, -1, 0}}, side{{1, -1, 0}};
constexpr pm::frozen<up> upwards;
constexpr pm::frozen<down> downwards;
constexpr pm::frozen<side> sideways;
constexpr pm::box_outside<plane> column{square, {{-0.25, -1}, {0.25, 1}}}, row{square, {{-1, -0.25}, {1, 0.25}}};
constexpr auto endless = pm::box<plane>::of(-infinity, infinity);

}  // namespace

static_assert(pm::claim::within<square, -2.1, 2.1>::holds<network>);
static_assert(pm::proved<pm::claim::within<wide, -4.1, 5.1>, network>);
static_assert(!pm::claim::within<square, -2.1, 1.9, 3>::holds<network>);
// At least 0.0625 outside of the middle, which whole cells do not show.
static_assert(!pm::claim::within<ring, 0.06, 2.1>::holds<network>);
static_assert(pm::proved<pm::claim::within<ring, 0.06, 2.1, 10>, network>);
static_assert(!pm::claim::within<ring, 0.07, 2.1, 6>::holds<network>);
// What proves nothing: ends that are not finite, or NaN.
static_assert(!pm::claim::within<square, -infinity, 3>::holds<network>);
static_assert(!pm::claim::within<square, -3, std::numeric_limits<double>::quiet_NaN(), 1>::holds<network>);
// Broken in one corner alone: no cell is forgotten.
static_assert(!pm::claim::within<square, -2.1, 1.9, 6>::holds<decltype(upwards)> &&
              !pm::claim::within<square, -2.1, 1.9, 6>::holds<decltype(downwards)> &&
              !pm::claim::within<square, -2.1, 1.9, 6>::holds<decltype(sideways)>);
static_assert(pm::claim::within<square, -2.1, 2.1, 6>::holds<decltype(sideways)>);
// Holes that are as large as the box along one axis.
static_assert(pm::claim::within<column, 0.06, 2.1, 8>::holds<network> &&
              pm::claim::within<row, 0.06, 2.1, 8>::holds<network>);
// Nothing is left of the box; a box without end is not halved.
static_assert(!pm::claim::within<nothing, -9, 9>::holds<network> &&
              pm::claim::within<nothing, -9, 9>::report<network>.cells == 0);
static_assert(!pm::claim::within<endless, -9, 9, 5>::holds<network>);

TEST_CASE("cells cover the box: the same at run time as by the compiler", "[cells]") {
    using claimed = pm::claim::within<ring, 0.06, 2.1, 10>;
    auto const& by_compiler = claimed::report<network>;
    auto const found = pm::within_cells(net, ring, 0.06, 2.1, 10);
    CHECK(found.proved);
    CHECK(found.cells == by_compiler.cells);
    CHECK(found.margin == by_compiler.margin);
    CHECK(found.margin >= 0);
    CHECK(found.margin == claimed::margin<network>);
    CHECK(claimed::check(net).margin == found.margin);
    for (int i = 0; i < 2; ++i) CHECK(found.least.lower[i] == by_compiler.least.lower[i]);
    // Of what freeze gives.
    auto live = pm::make<bowl>(pm::seed{0});
    live.scaled.weight = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{1, 0}, {0, 1}};
    CHECK(pm::within_cells(pm::freeze(live), ring, 0.06, 2.1, 10).cells == found.cells);
}

TEST_CASE("a claim that does not hold is not proved at any depth, and the worst cell is named", "[cells]") {
    auto const found = pm::within_cells(net, ring, 0.07, 2.1, 12);
    CHECK_FALSE(found.proved);
    CHECK(found.margin < 0);
    // The least value, 0.0625, is at the sides of the hole.
    double const middle[]{(found.least.lower[0] + found.least.upper[0]) / 2,
                          (found.least.lower[1] + found.least.upper[1]) / 2};
    CHECK(middle[0] * middle[0] + middle[1] * middle[1] < 0.11);
    CHECK_FALSE(pm::within_cells(net, square, -infinity, infinity, 4).proved);
    CHECK_FALSE(pm::within_cells(upwards, square, -2.1, 1.9, 6).proved);
    CHECK_FALSE(pm::within_cells(downwards, square, -2.1, 1.9, 6).proved);
    CHECK_FALSE(pm::within_cells(sideways, square, -2.1, 1.9, 6).proved);
    CHECK(pm::within_cells(sideways, square, -2.1, 2.1, 6).proved);
    CHECK_FALSE(pm::within_cells(net, nothing, -9, 9, 3).proved);
    CHECK_FALSE(pm::within_cells(net, endless, -9, 9, 3).proved);
    // An empty box, and one in a hole, are refused as pm::bounds does.
    pm::box_outside<plane> const empty{{{1, 0}, {0, 1}}, pm::box<plane>::of(-2, 2)};
    CHECK_THROWS_AS(pm::within_cells(net, empty, -9, 9, 3), pm::error);
    CHECK_THROWS_AS(pm::within_cells(net, pm::box<plane>{{1, 0}, {0, 1}}, -9, 9, 3), pm::error);
}

TEST_CASE("cells of the smallest numbers stay within the box", "[cells]") {
    // Half of the smallest number is zero, or the number itself.
    constexpr double least = std::numeric_limits<double>::denorm_min();
    for (auto const& [low, high] :
         {std::pair{least, least}, {least, 3 * least}, {-least, -least}, {-3 * least, least}}) {
        auto const found = pm::within_cells(net, pm::box<plane>::of(low, high), 1, 2, 5);
        CHECK_FALSE(found.proved);
        for (int i = 0; i < 2; ++i) CHECK((found.least.lower[i] >= low && found.least.upper[i] <= high));
    }
}

TEST_CASE("what is claimed and why it is not proved is a sentence", "[cells]") {
    using claimed = pm::claim::within<ring, 0.06, 2.1, 10>;
    CHECK(claimed::statement().view() ==
          "every result lies within [0.06, 2.1] for inputs of [-1, 1] x [-1, 1] outside of [-0.25, 0.25] x [-0.25, "
          "0.25]");
    CHECK(pm::why_not<claimed, network>.empty());
    CHECK(pm::why_not<pm::claim::within<nothing, -9, 9>, network> ==
          "within: [-9, 9] is not proved for inputs of [-1, 1] x [-1, 1]: the hole leaves nothing of them");
    using wrong = pm::claim::within<square, -3, 1.5>;
    CHECK(pm::why_not<wrong, network>.starts_with(
        "within: [-3, 1.5] is not proved for inputs of [-1, 1] x [-1, 1]: element 0 may lie within ["));
}
