// Parametrizing a layer that has its numbers already: what becomes of them, by the three ways to ask for it; what is
// known of a stage and of a chain as types; and the way back. Exit status 0 if the numbers are right.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using matrix = xt::xtensor_fixed<float, xt::xshape<3, 3>>;
using square = pm::shape<3, 3>;
using plain = pm::nn::linear<3, 3>;

struct squashed {  // nobody has written how to undo it
    static constexpr auto forward(auto x) { return pm::tanh(x); }
};

// What is known of stages.
static_assert(pm::has_right_inverse<pm::param::symmetric, square, float> &&
              !pm::has_right_inverse<squashed, square, float>);
static_assert(std::is_same_v<pm::domain_of<pm::param::cayley>, pm::set::skew>);
static_assert(std::is_same_v<pm::codomain_of<pm::param::cayley>, pm::set::special_orthogonal>);
static_assert(pm::stage_grade<pm::param::symmetric, square, float>() == pm::grade::right);
static_assert(pm::takes_any<pm::param::orthogonal<>> && !pm::takes_any<pm::param::positive>);
// Chains of chains are flat; a stage that takes less than everything comes first only where one asks for it.
using rotations = pm::chain_of<pm::param::skew, pm::chain<pm::param::cayley>>;
static_assert(std::is_same_v<rotations, pm::chain<pm::param::skew, pm::param::cayley>>);
using unchecked = pm::chain_of<pm::unsafe<pm::param::cayley>>;
static_assert(rotations::size == 2 && unchecked::size == 1);

// What the compiler finds when it tries what a stage promises: here a negative number does not come back.
struct magnitude {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return pm::abs(x); }
    static constexpr auto right_inverse(auto y) { return y; }
};
static_assert(pm::round_trip_of<pm::param::symmetric, square> == pm::round_trip::holds);
static_assert(pm::round_trip_of<magnitude, square> == pm::round_trip::not_bijective);
static_assert(pm::round_trip_of<magnitude, square>.largest_error > 0.5);
// Stages with numbers that are no originals: their state, by name and shape.
static_assert(std::is_same_v<pm::state_of<pm::param::lora<1>, square>, pm::states<pm::state<"base", square>>>);

bool good = true;
void expect(bool holds, char const* what) {
    std::printf("%s: %s\n", what, holds ? "yes" : "NO");
    good = good && holds;
}
bool mirrored(matrix const& w) {
    return w(0, 1) == w(1, 0) && w(0, 2) == w(2, 0) && w(1, 2) == w(2, 1);
}

// The bias may be parametrized, too; and a module of one's own may have more functions than forward.
struct scorer {
    pm::nn::linear<3, 1, pm::bias<pm::param::positive>> last;
    constexpr auto forward(auto x) const { return last(x); }
    constexpr auto without_bias(auto x) const { return last(x) - last.bias; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(scorer, last);

int main() {
    plain layer{pm::seed{0}};
    layer.weight = matrix{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};

    // As PyTorch does: the original becomes right_inverse of the weight, which may change the weight.
    auto const registered = pm::register_parametrization<pm::weight<pm::param::symmetric>>(layer);
    expect(mirrored(registered.weight()) && registered.weight()(2, 0) == 3, "registered, the upper triangle counts");
    // Strictly: the weight stays, or it is refused.
    bool refused = false;
    try {
        pm::register_parametrization<pm::weight<pm::param::symmetric>>(layer, pm::keep);
    } catch (pm::error const& e) {
        refused = true;
        std::printf("  %s\n", e.what());
    }
    expect(refused, "kept, a weight that is not symmetric is refused");
    // The original takes the weight's numbers as they are.
    auto const left = pm::register_parametrization<pm::weight<squashed>>(layer, pm::leave_original);
    expect(left.weight.original()(2, 2) == 9 && std::abs(left.weight()(0, 0) - std::tanh(1.0f)) < 1e-6f,
           "left, the original is what the weight was");
    // Where only some weights can be made, the stage says which one comes near.
    auto const projected = pm::register_parametrization<pm::weight<pm::param::symmetric>>(layer, pm::project);
    expect(mirrored(projected.weight()), "projected, the weight is of the set");

    // And back: with the weight's value, or with the original's.
    plain const as_it_was = pm::remove_parametrizations<"weight">(registered, pm::leave_parametrized);
    plain const original = pm::remove_parametrizations<"weight">(registered, pm::leave_original);
    expect(as_it_was.weight()(2, 0) == 3 && original.weight()(2, 0) == 0, "removed, the value or the original stays");

    // A value that differs by less than this part of the largest element is taken for one of the set.
    auto again = registered;
    matrix near = registered.weight();  // its largest element is 9
    near(1, 0) += 0.5f * pm::assignment_tolerance<float> * 9;
    bool const taken = again.weight.try_assign(near).ok();
    near(1, 0) += pm::assignment_tolerance<float> * 9;
    expect(taken && !again.weight.try_assign(near).ok(), "within the tolerance it is assigned, beyond refused");
    // Another function of a module that was parametrized after the fact: through the module as it was declared.
    auto const score = pm::make<scorer>(pm::seed{1});
    auto const over = pm::register_parametrization<pm::at<"last.weight", pm::param::scale<2>>>(score);
    auto const less = pm::function(
        [](auto& n, auto x) { return pm::as_declared(n, [&](auto& own) { return own.without_bias(x); }); }, over);
    xt::xtensor_fixed<float, xt::xshape<3>> const x{1, 2, 3};
    float const apart = over(x)(0) - less(x)(0), bias = score.last.bias()(0);
    expect(bias > 0 && std::abs(apart - bias) < 1e-6f, "a function beside forward is called");

    // Every tensor by its path.
    pm::for_each_named_tensor(registered, [](auto const& path, auto const& tensor) {
        std::printf("  %s: %zu numbers\n", path.c_str(), tensor().size());
    });
    return good ? 0 : 1;
}
