// The tester is tested: wrong parametrizations must not pass the laws.
//
// SPDX-License-Identifier: BSL-1.0
#include "laws.hpp"

namespace {

// tanh with a derivative that forgets the square.
struct careless_tanh : pm::op::elementwise<careless_tanh, 1> {
    static constexpr std::string_view name = "careless_tanh";
    using uses = pm::ops<pm::op::multiply, pm::op::subtract>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::tanh(x);
    }
    static constexpr void derive(pm::graph& g, pm::node const& n, pm::adjoint& a) {
        a.of_argument[0] =
            g.push<pm::op::multiply>(a.cotangent[0], g.push<pm::op::subtract>(pm::place_number(g, 1), n.first));
    }
};
struct wrong_gradient {
    static constexpr auto forward(auto x) { return pm::apply<careless_tanh>(x); }
};
struct wrong_inverse {
    static constexpr auto forward(auto x) { return x * 2.0; }
    static constexpr auto right_inverse(auto y) { return y; }
};
struct wrong_grade {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); }
    static constexpr auto right_inverse(auto y) { return pm::triu(y); }
    using codomain = pm::set::symmetric;
};
struct wrong_set {
    using codomain = pm::set::skew;
    static constexpr auto forward(auto x) { return pm::triu(x) - pm::transpose(pm::triu<1>(x)); }
};

}  // namespace

using square = pm::shape<3, 3>;

TEST_CASE("laws: a wrong derivative is caught") {
    CHECK_FALSE(laws::gradient_is_right<wrong_gradient, square>());
}
TEST_CASE("laws: a wrong right_inverse is caught") {
    CHECK_FALSE(laws::round_trips<wrong_inverse, square>());
}
TEST_CASE("laws: a grade that promises too much is caught") {
    CHECK_FALSE(laws::round_trips<wrong_grade, square>());
}
TEST_CASE("laws: a wrong codomain is caught") {
    CHECK_FALSE(laws::lands_in_codomain<wrong_set, square>());
}
TEST_CASE("laws: what has no right_inverse does not round-trip") {
    CHECK_FALSE(laws::round_trips<wrong_gradient, square>());
}
