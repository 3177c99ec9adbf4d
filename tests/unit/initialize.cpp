// Initial values: buffers, declared ones, a module's own initialize, also under pm::parametrize; modules of any name.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/scale.hpp"
#include "paramorph/param/symmetric.hpp"

// Names that Boost.Hana has, too.
struct embedding {
    pm::tensor<pm::shape<2>> w;
    constexpr auto forward(auto x) const { return w * x; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(embedding, w);
struct pair {
    embedding first, second;
    constexpr auto forward(auto x) const { return second(first(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(pair, first, second);

namespace {

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;

struct normalized {
    pm::tensor<pm::shape<3>> gain;
    pm::buffer<pm::shape<3>> mean, variance{pm::full(2)};
    pm::nn::linear<3, 3> inner;
    pm::tensor<pm::shape<3>> last{pm::full(1)};
    void initialize(pm::random&) { gain = array<3>{4, 5, 6}; }
    constexpr auto forward(auto x) const { return inner((x - mean) * gain + variance) * last; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct drawn {
    pm::tensor<pm::shape<3>> gain;
    void initialize(pm::random& numbers) { gain.initialize(numbers, 0.5); }
    constexpr auto forward(auto x) const { return x * gain; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct negative {
    pm::tensor<pm::shape<3>> gain;
    void initialize(pm::random&) { gain = array<3>{1, -1, 1}; }
    constexpr auto forward(auto x) const { return x * gain; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// Which generators are copies?
struct takes_any_reference {
    void initialize(auto& numbers) { numbers.next(); }
};
struct takes_anything {
    void initialize(auto&& numbers) { numbers.next(); }
};
struct takes_a_constant {
    void initialize(pm::random const&) {}
};
struct takes_a_copy {
    void initialize(pm::random numbers) { numbers.next(); }
};
template <class M>
inline constexpr bool copies = pm::detail::copies_random<M>;
static_assert(!copies<drawn> && !copies<takes_any_reference> && !copies<takes_anything> && !copies<takes_a_constant>);
static_assert(copies<takes_a_copy>);

}  // namespace
BOOST_HANA_ADAPT_STRUCT(normalized, gain, mean, variance, inner, last);
BOOST_HANA_ADAPT_STRUCT(drawn, gain);
BOOST_HANA_ADAPT_STRUCT(negative, gain);

TEST_CASE("initialize: buffers begin as zeros or as declared, and a module's own initialize comes first") {
    auto const net = pm::make<normalized>(pm::seed{0});
    CHECK((net.gain() == array<3>{4, 5, 6}));
    CHECK((net.mean() == array<3>{0, 0, 0}));
    CHECK((net.variance() == array<3>{2, 2, 2}));
    CHECK((net.last() == array<3>{1, 1, 1}));
    CHECK(net.inner.weight()(0, 0) != 0);  // what it left empty is filled
    CHECK(pm::buffer<pm::shape<2>>{pm::full(1)}.empty());
}

TEST_CASE("initialize: a number that the element type does not hold is named with the type") {
    auto const says = Catch::Matchers::ContainsSubstring("beyond the range of float: 1e+300");
    CHECK_THROWS_WITH(pm::buffer<pm::shape<2>>{pm::full(1e300)}, says);
    pm::tensor<pm::shape<2>> plain;
    pm::random numbers{pm::seed{0}};
    CHECK_THROWS_WITH(plain.initialize_by(numbers, [](pm::random&) { return 1e300; }), says);
    // What is not finite is no initial value, declared or drawn, of a weight or of an original.
    pm::tensor<pm::shape<2>, pm::chain<pm::param::positive>> positive;
    for (double const x : {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()}) {
        auto const draws = [&](pm::random&) { return x; };
        auto const refused = Catch::Matchers::ContainsSubstring("initial values: a number is not finite");
        CHECK_THROWS_WITH(pm::buffer<pm::shape<2>>{pm::full(x)}, refused);
        CHECK_THROWS_WITH(plain.initialize_by(numbers, draws), refused);
        CHECK_THROWS_WITH(positive.initialize_by(numbers, draws), refused);
    }
    pm::buffer<pm::shape<2>, pm::chain<>, double> const wide{pm::full(1e300)};
    CHECK(wide.declares_begin());
}

TEST_CASE("initialize: what a module assigns or declares survives parametrize") {
    using constrained =
        pm::parametrize<normalized, pm::at<"gain", pm::param::positive>, pm::at<"mean", pm::param::positive>,
                        pm::at<"variance", pm::param::positive>, pm::at<"last", pm::param::scale<3>>,
                        pm::at<"inner.weight", pm::param::symmetric>>;
    auto const net = pm::make<constrained>(pm::seed{0});
    auto const near = [](auto const& a, auto const& b) { return xt::allclose(a, b, 1e-6, 1e-6); };
    CHECK(near(pm::get<"gain">(net)(), array<3>{4, 5, 6}));
    CHECK(near(pm::get<"variance">(net)(), array<3>{2, 2, 2}));
    CHECK(near(pm::get<"last">(net)(), array<3>{1, 1, 1}));
    CHECK((pm::get<"mean">(net).original() == array<3>{0, 0, 0}));  // zero is not positive: of the original
    auto const w = pm::get<"inner.weight">(net)();
    CHECK((w(0, 1) == w(1, 0) && w(0, 1) != 0));
    // What is only drawn may be drawn otherwise; what cannot be taken is an error.
    auto const other = pm::make<pm::parametrize<drawn, pm::at<"gain", pm::param::positive>>>(pm::seed{0});
    CHECK(pm::get<"gain">(other)()(0) > 0);
    CHECK_THROWS_AS((pm::make<pm::parametrize<negative, pm::at<"gain", pm::param::positive>>>(pm::seed{0})), pm::error);
}

TEST_CASE("initialize: modules of names that Hana has") {
    auto const net = pm::make<pair>(pm::seed{0});
    array<2> const x{1, 2};
    CHECK((net(x) == array<2>(x * net.first.w() * net.second.w())));
}
