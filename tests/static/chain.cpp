// Chains: flat whatever the nesting, the grade of inverse composes, sets meet or the chain is refused, and a wrong
// right_inverse does not round-trip.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/op/compare.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/param/cayley.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/skew.hpp"
#include "paramorph/param/symmetric.hpp"

namespace pm = paramorph;

namespace {

using square = pm::shape<3, 3>;

struct doubled {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return x * 2.0; }
    static constexpr auto right_inverse(auto y) { return y * 0.5; }
};
struct undeclared {  // has a right_inverse and claims nothing
    static constexpr auto forward(auto x) { return pm::triu(x); }
    static constexpr auto right_inverse(auto y) { return y; }
};
struct one_way {
    static constexpr auto forward(auto x) { return pm::tanh(x); }
};

// Wrong in four ways.
struct wrong_inverse {
    static constexpr auto forward(auto x) { return x * 2.0; }
    static constexpr auto right_inverse(auto y) { return y; }
};
struct one_wrong_element {
    static constexpr auto forward(auto x) { return x * 1.0; }
    static constexpr auto right_inverse(auto y) {
        return y + pm::pad<0, 1, 1>(pm::pad<1, 2, 0>(pm::slice<1, 2, 3>(pm::slice<0, 1, 2>(y)) * 0.0 + 0.25));
    }
};
struct wrong_set {
    using codomain = pm::set::skew;
    static constexpr auto forward(auto x) { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); }
    static constexpr auto right_inverse(auto y) { return pm::triu(y); }
};
struct wrong_right {
    static constexpr auto inverse = pm::grade::right;
    static constexpr auto forward(auto x) { return pm::triu(x); }
    static constexpr auto right_inverse(auto y) { return y; }
};
struct wrong_bijective {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return pm::triu(x); }
    static constexpr auto right_inverse(auto y) { return pm::triu(y); }
};
struct refuses {
    static constexpr auto forward(auto x) { return x * 1.0; }
    static constexpr auto right_inverse(auto y) { return pm::require(y, y > 2, "every element must exceed two"); }
};

// Flat.
using rotation = pm::chain<pm::param::skew, pm::param::cayley>;
static_assert(std::is_same_v<pm::chain_of<pm::chain<doubled>, pm::chain<>, doubled>, pm::chain<doubled, doubled>>);
static_assert(std::is_same_v<pm::chain_of<doubled, rotation, doubled>,
                             pm::chain<doubled, pm::param::skew, pm::param::cayley, doubled>>);
static_assert(std::is_same_v<pm::chain_of<rotation>, rotation>);
static_assert(std::is_same_v<pm::chain_of<>, pm::chain<>>);
static_assert(std::is_same_v<decltype(pm::param::skew{} | pm::param::cayley{}), rotation>);
static_assert(std::is_same_v<decltype(pm::param::skew{} | pm::param::cayley{} | pm::chain<doubled>{}),
                             pm::chain_of<rotation, doubled>>);
static_assert(
    std::is_same_v<decltype(doubled{} | (pm::param::skew{} | pm::param::cayley{})), pm::chain_of<doubled, rotation>>);
static_assert(pm::chain_of<rotation, doubled>::size == 3);

// The grade is the worst of the stages'.
static_assert(pm::inverse_grade<pm::chain<>, square> == pm::grade::bijective);
static_assert(pm::inverse_grade<doubled, square> == pm::grade::bijective);
static_assert(pm::inverse_grade<undeclared, square> == pm::grade::on_image);
static_assert(pm::inverse_grade<one_way, square> == pm::grade::none);
static_assert(pm::inverse_grade<pm::chain<doubled, pm::param::skew>, square> == pm::grade::right);
static_assert(pm::inverse_grade<rotation, square> == pm::grade::right);
static_assert(pm::inverse_grade<pm::chain<doubled, undeclared>, square> == pm::grade::on_image);
static_assert(pm::inverse_grade<pm::chain<undeclared, one_way, doubled>, square> == pm::grade::none);

// Can it be assigned?
static_assert(pm::right_invertible<rotation, square>);
static_assert(pm::right_invertible<pm::param::positive, pm::shape<5>>);
static_assert(!pm::right_invertible<one_way, square>);
static_assert(!pm::right_invertible<pm::chain<doubled, one_way>, square>);
static_assert(pm::parametrization<one_way, square> && pm::parametrization<rotation, square, double>);

// Round trips, and what is no round trip.
static_assert(pm::round_trips<doubled, pm::shape<2, 5>>());
static_assert(pm::round_trips<undeclared, square>());
static_assert(pm::round_trips<rotation, square>());
static_assert(pm::round_trips<pm::chain_of<doubled, rotation>, square>());
static_assert(pm::round_trips<pm::chain<doubled, pm::param::positive>, pm::shape<4>>());
static_assert(pm::round_trip_of<wrong_inverse, square> == pm::round_trip::not_on_image);
static_assert(pm::round_trip_of<wrong_inverse, square>.largest_error > 0.1);  // of numbers up to 1
static_assert(pm::round_trip_of<one_wrong_element, square>.element == 5);
static_assert(pm::round_trip_of<wrong_set, square> == pm::round_trip::not_in_codomain);
static_assert(pm::round_trip_of<wrong_right, square> == pm::round_trip::not_right);
static_assert(pm::round_trip_of<wrong_bijective, square> == pm::round_trip::not_bijective);
static_assert(pm::round_trip_of<refuses, square> == pm::round_trip::undefined);
static_assert(pm::round_trip_of<pm::chain<doubled, wrong_inverse>, square> == pm::round_trip::not_on_image);

// Sets.
struct rotations {
    using within = pm::set::list<pm::set::orthogonal>;
};
struct signed_permutations {
    using within = pm::set::list<pm::set::symmetric, rotations>;
};
static_assert(pm::subset<pm::set::skew, pm::set::real> && pm::subset<pm::set::real, pm::set::real>);
static_assert(!pm::subset<pm::set::real, pm::set::skew> && !pm::subset<pm::set::symmetric, pm::set::skew>);
static_assert(pm::subset<rotations, pm::set::orthogonal> && !pm::subset<pm::set::orthogonal, rotations>);
static_assert(pm::subset<signed_permutations, pm::set::orthogonal> &&
              pm::subset<signed_permutations, pm::set::symmetric>);
static_assert(pm::subset<pm::set::rank_at_most<1>, pm::set::rank_at_most<1>>);
static_assert(std::is_same_v<rotation::codomain, pm::set::special_orthogonal>);
static_assert(std::is_same_v<pm::chain<>::codomain, pm::set::real>);
static_assert(std::is_same_v<pm::chain_of<rotation, doubled>::codomain, pm::set::real>,
              "a stage that declares nothing makes a real matrix");

}  // namespace
