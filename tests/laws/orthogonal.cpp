// orthogonal: its laws, assignment and projection. (Against PyTorch, for every map and shape: tests/parity/ready_made;
// how orthogonal it is: orthogonal_sizes and orthogonal_training.)
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/orthogonal.hpp"
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;
using map = pm::param::orthogonal_map;
template <map M>
using with_base = pm::param::orthogonal<M>;
template <map M>
using without_base = pm::param::orthogonal<M, pm::param::without_base>;
template <int Rows, int Columns, class P>
using tensor = pm::tensor<pm::shape<Rows, Columns>, pm::chain<P>>;

namespace {

xt::xtensor_fixed<float, xt::xshape<3, 3>> const turned{{0.6f, -0.8f, 0}, {0.8f, 0.6f, 0}, {0, 0, 1}};
struct transposed {
    using domain = pm::set::orthogonal;
    using codomain = pm::set::orthogonal;
    static constexpr auto inverse = pm::grade::right;
    static constexpr auto forward(auto q) { return pm::transpose(q); }
    static constexpr auto right_inverse(auto q) { return pm::transpose(q); }
};
struct rotated {
    using domain = pm::set::special_orthogonal;
    static constexpr auto forward(auto q) { return q * 2.0; }
};
float distance(auto const& a, auto const& b) {
    float worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (auto const d = std::abs(a.data()[i] - b.data()[i]); d > worst || d != d) worst = d;
    return worst;
}

}  // namespace

TEST_CASE("orthogonal: laws of householder with a base, wide") {
    CHECK(pm::laws<with_base<map::householder>, pm::shape<3, 5>>::check() == "");
}
TEST_CASE("orthogonal: laws of the Cayley map without a base") {
    CHECK(pm::laws<without_base<map::cayley>, pm::shape<4, 4>>::check() == "");
}

TEST_CASE("orthogonal: the map by the shape is PyTorch's default", "[behaviour-45]") {
    auto const is_same = [](auto w, auto named) {
        pm::random numbers{pm::seed{5}}, same{pm::seed{5}};
        w.initialize(numbers, 1);
        named.initialize(same, 1);
        for (std::size_t i = 0; i < w.original().size(); ++i) w.original().data()[i] = 0.3f + 0.1f * float(i);
        named.original() = w.original();
        return w.state_count == named.state_count && w() == named();
    };
    CHECK(is_same(tensor<3, 3, pm::param::orthogonal<>>{}, tensor<3, 3, with_base<map::matrix_exp>>{}));
    CHECK(is_same(tensor<2, 4, pm::param::orthogonal<>>{}, tensor<2, 4, with_base<map::householder>>{}));
    using tall = without_base<map::by_shape>;
    static_assert(tensor<4, 2, tall>::state_count == 1 && tensor<3, 3, tall>::state_count == 0);
    static_assert(!pm::takes_any<tall> && pm::takes_any<pm::param::orthogonal<>>);
    static_assert(pm::right_invertible<tall, pm::shape<4, 2>> && pm::right_invertible<tall, pm::shape<3, 3>>);
}

TEST_CASE("orthogonal: assigning an orthogonal matrix, projecting another", "[behaviour-46]") {
    tensor<3, 3, with_base<map::matrix_exp>> w;
    w = turned;
    CHECK(distance(w(), turned) < 1e-6f);
    // The q of the QR factorization with a positive diagonal of r: of a triangular matrix, signs.
    xt::xtensor_fixed<float, xt::xshape<3, 3>> const upper{{2, 5, 7}, {0, -3, 4}, {0, 0, 1}};
    CHECK_FALSE(w.try_assign(upper).ok());
    CHECK(distance(w(), turned) < 1e-6f);
    w.project(upper);
    xt::xtensor_fixed<float, xt::xshape<3, 3>> const signs{{1, 0, 0}, {0, -1, 0}, {0, 0, 1}};
    CHECK(distance(w(), signs) < 1e-6f);
}

TEST_CASE("orthogonal: without a base, a square matrix can still be assigned", "[behaviour-47]") {
    static_assert(!pm::right_invertible<without_base<map::matrix_exp>, pm::shape<5, 3>>);
    static_assert(!pm::right_invertible<without_base<map::cayley>, pm::shape<3, 5>>);
    tensor<3, 3, without_base<map::matrix_exp>> w;
    w = turned;
    CHECK(distance(w(), turned) < 1e-5f);
    xt::xtensor_fixed<float, xt::xshape<3, 3>> const reflection{{1, 0, 0}, {0, 1, 0}, {0, 0, -1}};
    CHECK(std::string(w.try_assign(reflection).failed).find("rotation_log") == 0);
    CHECK(distance(w(), turned) < 1e-5f);
}

TEST_CASE("orthogonal: a layer's initial values are projected", "[behaviour-46]") {
    pm::random numbers{pm::seed{3}}, same{pm::seed{3}};
    tensor<3, 5, with_base<map::householder>> begun, assigned;
    begun.initialize(numbers, 1);
    pm::tensor<pm::shape<3, 5>> plain;
    plain.initialize(same, 1);
    assigned.project(plain());
    CHECK((begun() == assigned()));
    for (float const x : begun.original()) CHECK(x == 0);
    // The same in a module that is parametrized after the fact.
    using plain_module = pm::testing::scaled_weight<pm::tensor<pm::shape<3, 5>>>;
    auto const net =
        pm::make<pm::parametrize<plain_module, pm::at<"weight", with_base<map::householder>>>>(pm::seed{3});
    assigned.project(pm::make<plain_module>(pm::seed{3}).weight());
    CHECK((pm::get<"weight">(net)() == assigned()));
    // Half of all matrices have no logarithm; there the original is drawn.
    static_assert(!tensor<3, 3, without_base<map::matrix_exp>>::projects);
    static_assert(tensor<3, 3, without_base<map::householder>>::projects);
    // A chain's last stage decides.
    static_assert(pm::chain<pm::param::skew, with_base<map::cayley>>::projects);
    static_assert(!pm::chain<pm::param::skew, pm::param::cayley>::projects);
}

TEST_CASE("square_orthogonal: meets stages that take orthogonal matrices and rotations") {
    using base = pm::param::square_orthogonal<map::cayley>;
    using rotation = pm::param::square_orthogonal<map::cayley, pm::param::without_base>;
    static_assert(pm::subset<rotation::codomain, transposed::domain>);
    static_assert(!pm::subset<base::codomain, rotated::domain>);
    static_assert(pm::parametrization<pm::chain<rotation, rotated>, pm::shape<3, 3>>);
    pm::tensor<pm::shape<3, 3>, pm::chain<base, transposed>> w;
    w = turned;
    CHECK(distance(w(), turned) < 1e-6f);
    CHECK(pm::contains<pm::set::special_orthogonal>(w().data(), pm::shape<3, 3>::value, 1e-6));
    static_assert(std::is_same_v<decltype(w)::chain_type::codomain, pm::set::orthogonal>);
}
