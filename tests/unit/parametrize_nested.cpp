// Several originals, and originals that are parametrized themselves: values, gradients, names, removal.
//
// SPDX-License-Identifier: BSL-1.0
#include "../parametrized.hpp"
#include "../support.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/outer.hpp"
#include "paramorph/optim/sgd.hpp"
#include "paramorph/param/cayley.hpp"
#include "paramorph/param/mask.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/spectral_norm.hpp"
#include "paramorph/param/symmetric.hpp"

namespace {

using test::array, test::close, test::doubled, test::parameters, test::rank_one, test::shifted;

struct outer_without_way_back {
    template <class Shape>
    using original_shapes = pm::shapes<pm::shape<3>, pm::shape<2>>;
    static constexpr auto forward(auto x, auto y) { return pm::outer(x, y); }
};

struct without_way_back {
    static constexpr auto forward(auto x) { return x + 1.0; }
};

using names = std::vector<std::string>;
constexpr auto squared = [](auto& net, auto x, auto t) { return pm::mse(net(x), t); };

}  // namespace

TEST_CASE("several originals: original0 and original1, and a weight of rank one", "[behaviour-26]") {
    using layer = pm::nn::linear<3, 2, pm::weight<rank_one>>;
    layer const m{pm::seed{1}};
    CHECK((parameters(m) == names{"parametrizations.weight.original0", "parametrizations.weight.original1", "bias"}));
    auto const w = m.weight();
    for (std::size_t j = 1; j < 3; ++j) CHECK(std::abs(w(0, 0) * w(1, j) - w(0, j) * w(1, 0)) < 1e-6f);
}

TEST_CASE("rank one: kept, doubled, trained, removed", "[behaviour-27][behaviour-8]") {
    pm::nn::linear<3, 2> layer{pm::seed{2}};
    layer.weight = array<2, 3>{{2, 4, 6}, {1, 2, 3}};
    auto const one = pm::register_parametrization<pm::weight<rank_one>>(layer);
    CHECK(close(one.weight(), layer.weight()));
    auto twice = pm::register_parametrization<pm::weight<doubled>>(one, pm::leave_original);
    CHECK(close(twice.weight(), array<2, 3>(2.0f * layer.weight())));
    using model = decltype(twice);
    static_assert(pm::detail::counts<model>.originals == 3);
    auto const kept = pm::register_parametrization<pm::weight<doubled>>(one);
    CHECK(close(kept.weight(), layer.weight()));

    auto step = pm::value_and_grad(squared, twice);
    pm::optim::sgd optimizer{twice, {.learning_rate = 0.001}};
    auto const x0 = twice.weight.original<0>();
    auto const x1 = twice.weight.original<1>();
    array<3> const in{1, -1, 2};
    array<2> const t{3, 4};
    auto const& [value, gradient] = step(in, t);
    float const before = value;
    for (int k = 0; k < 3; ++k) {
        float most = 0;
        for (int i = 0; i < gradient.size(k); ++i) most = std::max(most, std::abs(gradient.data(k)[i]));
        CHECK(most > 0);
    }
    optimizer.step(gradient);
    CHECK_FALSE((twice.weight.original<0>() == x0));
    CHECK_FALSE((twice.weight.original<1>() == x1));
    CHECK(step(in, t).value < before);

    auto const plain = pm::remove_parametrizations<"weight">(twice, pm::leave_parametrized);
    static_assert(std::is_same_v<decltype(plain), pm::nn::linear<3, 2> const>);
    static_assert(pm::detail::counts<pm::nn::linear<3, 2>>.originals == 2);
    CHECK((plain.weight() == twice.weight()));
}

TEST_CASE("several originals without a way back name their shapes", "[behaviour-26]") {
    using layer = pm::nn::linear<2, 3, pm::weight<outer_without_way_back>>;
    static_assert(!decltype(layer::weight)::assignable && decltype(layer::weight)::original_count == 2);
    layer const m{pm::seed{1}};
    CHECK(m.weight()(2, 1) == m.weight.original<0>()(2) * m.weight.original<1>()(1));
}

TEST_CASE("nested: an original is parametrized itself, and that can be removed", "[behaviour-11]") {
    pm::nn::linear<3, 3> const layer{pm::seed{3}};
    auto const outside = pm::register_parametrization<pm::weight<shifted>>(layer);
    auto inside = pm::register_parametrization<pm::at<"weight.original", doubled>>(outside);
    using model = decltype(inside);
    CHECK((parameters(inside) == names{"parametrizations.weight.parametrizations.original.original", "bias"}));
    CHECK(close(inside.weight(), layer.weight()));
    CHECK(close(inside.weight.original(), array<3, 3>((layer.weight() - 1.0f) * 0.5f)));
    static_assert(pm::parameter_count<model> == 12);
    inside.weight = array<3, 3>{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};  // the outer way back, then the inner one
    CHECK((inside.weight.original() == array<3, 3>{{0, .5f, 1}, {1.5f, 2, 2.5f}, {3, 3.5f, 4}}));

    auto const value = pm::remove_parametrizations<"weight.original">(inside, pm::leave_parametrized);
    static_assert(std::is_same_v<decltype(value.weight), decltype(outside.weight)>);
    CHECK((value.weight() == inside.weight()));
    CHECK((value.weight.original() == array<3, 3>{{0, 1, 2}, {3, 4, 5}, {6, 7, 8}}));
    auto const original = pm::remove_parametrizations<"weight.original">(inside, pm::leave_original);
    CHECK((original.weight.original() == inside.weight.original()));
    auto const none = pm::remove_parametrizations<"weight">(inside, pm::leave_parametrized);
    static_assert(std::is_same_v<decltype(none), pm::nn::linear<3, 3> const>);
    CHECK((none.weight() == inside.weight()));
}

TEST_CASE("nested: one of several originals, two stages on it, then a training step", "[behaviour-11]") {
    using layer = pm::nn::linear<2, 3, pm::weight<outer_without_way_back>>;
    using inner = pm::parametrize<layer, pm::at<"weight.original1", pm::param::positive>>;
    using both = pm::parametrize<inner, pm::at<"weight.original1", doubled>>;
    both m{pm::seed{4}};
    CHECK((parameters(m) == names{"parametrizations.weight.original0",
                                  "parametrizations.weight.parametrizations.original1.original", "bias"}));
    auto const softplus = [](float x) { return std::log1p(std::exp(x)); };
    CHECK(std::abs(m.weight()(2, 1) - m.weight.original<0>()(2) * 2 * softplus(m.weight.original<1>()(1))) < 1e-6f);
    auto step = pm::value_and_grad(squared, m);
    pm::optim::sgd optimizer{m, {.learning_rate = 0.01}};
    array<2> const x{1, 2};
    array<3> const t{1, -1, 2};
    float const before = step(x, t).value;
    optimizer.step(step(x, t).gradient);
    CHECK(step(x, t).value < before);
    auto const removed = pm::remove_parametrizations<"weight.original1">(m, pm::leave_parametrized);
    static_assert(std::is_same_v<decltype(removed), layer const>);
    CHECK(close(removed.weight(), m.weight()));
    CHECK((removed.weight.original<0>() == m.weight.original<0>()));
}

TEST_CASE("nested: a chain under an original makes what the stage above it takes") {
    // By itself cayley takes no original, which can be any matrix.
    using rotation = pm::parametrize<pm::nn::linear<3, 3>, pm::weight<pm::param::cayley>,
                                     pm::at<"weight.original", pm::param::skew>>;
    static_assert(decltype(rotation::weight)::traits::inverse == pm::grade::right);
    auto m = pm::make<rotation>(pm::seed{5});
    auto const w = m.weight();
    CHECK(pm::contains<pm::set::special_orthogonal>(w.data(), pm::shape<3, 3>::value, 1e-6));
    array<3, 3> const turn{{0.6f, -0.8f, 0}, {0.8f, 0.6f, 0}, {0, 0, 1}};
    m.weight = turn;
    CHECK(close(m.weight(), turn));
    // unsafe<stage> takes what comes: it is no rotation then.
    pm::nn::linear<3, 3, pm::weight<pm::unsafe<pm::param::cayley>>> any{pm::seed{5}};
    CHECK_FALSE(pm::contains<pm::set::orthogonal>(any.weight().data(), pm::shape<3, 3>::value, 1e-3));
}

TEST_CASE("nested: the state of the stage above begins as without a chain under its original") {
    using masked = pm::nn::linear<2, 2, pm::weight<pm::param::mask>>;
    auto const m = pm::make<pm::parametrize<masked, pm::at<"weight.original", doubled>>>(pm::seed{5});
    CHECK((m.weight.state() == array<2, 2>{{1, 1}, {1, 1}}));
    using normal = pm::nn::linear<2, 2, pm::weight<pm::param::spectral_norm<>>>;
    auto const n = pm::make<pm::parametrize<normal, pm::at<"weight.original", pm::param::skew>>>(pm::seed{5});
    CHECK(std::abs(std::abs(n.weight()(0, 1)) - 1) < 1e-5f);
}

TEST_CASE("nested: where a chain under an original has no right_inverse, the weight has none") {
    using one = pm::nn::linear<3, 3, pm::weight<pm::nested<doubled, pm::chain<without_way_back>>>>;
    static_assert(!decltype(one::weight)::assignable && decltype(one::weight)::original_count == 1);
    one const m{pm::seed{6}};
    CHECK(close(m.weight(), array<3, 3>(2.0f * (m.weight.original() + 1.0f))));
    // The shapes of several originals are those that right_inverse of the stage above gives.
    using two = pm::nn::linear<3, 2, pm::weight<pm::nested<rank_one, pm::chain<>, pm::chain<without_way_back>>>>;
    static_assert(!decltype(two::weight)::assignable && decltype(two::weight)::original_count == 2);
    two const n{pm::seed{6}};
    CHECK((parameters(n) == names{"parametrizations.weight.original0",
                                  "parametrizations.weight.parametrizations.original1.original", "bias"}));
    CHECK(std::abs(n.weight()(1, 2) - n.weight.original<0>()(1) * (n.weight.original<1>()(2) + 1)) < 1e-6f);
}
