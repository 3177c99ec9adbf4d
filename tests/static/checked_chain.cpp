// A chain of four stages with every check on: sets that meet, what forward and right_inverse give, the grade, the laws.
// What it costs to compile is a bar of tests/benchmark/compile_cost.py.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
struct doubled {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return x * 2.0; }
    static constexpr auto right_inverse(auto y) { return y * 0.5; }
};
struct reflected {
    using domain = pm::set::special_orthogonal;
    using codomain = pm::set::special_orthogonal;
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return -x; }
    static constexpr auto right_inverse(auto y) { return -y; }
};
using square = pm::shape<4, 4>;
using steps = pm::chain<doubled, pm::param::skew, pm::param::cayley, reflected>;
static_assert(pm::parametrization<steps, square> && pm::right_invertible<steps, square>);
static_assert(pm::inverse_grade<steps, square> == pm::grade::right);
static_assert(pm::subset<pm::chain<pm::param::skew, pm::param::cayley>::codomain, pm::set::stiefel>);
static_assert(pm::tensor<square, steps>::assignable);
static_assert(pm::round_trips<steps, square>());
