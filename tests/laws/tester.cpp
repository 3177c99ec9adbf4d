// The tester is tested: wrong parametrizations must not pass the laws, and the sentence must fit.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

namespace {

using Catch::Matchers::ContainsSubstring;

// tanh with a derivative that forgets the square.
struct careless_tanh : pm::op::elementwise<careless_tanh, 1> {
    static constexpr std::string_view name = "careless_tanh";
    using uses = pm::ops<pm::op::multiply, pm::op::subtract>;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::tanh(x);
    }
    static constexpr void derive(pm::ir::graph& g, pm::ir::node const& n, pm::adjoint& a) {
        a.of_argument[0] =
            push<pm::op::multiply>(g, a.cotangent[0], push<pm::op::subtract>(g, pm::append_constant(g, 1), n.first));
    }
};
// A sum that is another on vectors than on numbers.
struct careless_shift : pm::op::elementwise<careless_shift, 1> {
    static constexpr std::string_view name = "careless_shift";
    using uses = pm::ops<>;
    template <class M, class V>
    static constexpr V value(V x) {
        return std::is_same_v<V, double> ? x : x + V(0.25);
    }
    static constexpr void derive(pm::ir::graph&, pm::ir::node const&, pm::adjoint& a) {
        a.of_argument[0] = a.cotangent[0];
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
struct wrong_right {
    static constexpr auto inverse = pm::grade::right;
    static constexpr auto forward(auto x) { return pm::triu(x); }
    static constexpr auto right_inverse(auto y) { return y; }
};
struct wrong_set {
    using codomain = pm::set::skew;
    static constexpr auto forward(auto x) { return pm::triu(x) - 0.5 * pm::transpose(pm::triu<1>(x)); }
};
struct wrong_kernel {
    static constexpr auto forward(auto x) { return pm::apply<careless_shift>(x); }
};
struct refuses {
    static constexpr auto forward(auto x) { return x * 1.0; }
    static constexpr auto right_inverse(auto y) { return pm::require(y, y > 2, "every element must exceed two"); }
};
struct doubled {
    static constexpr auto inverse = pm::grade::bijective;
    static constexpr auto forward(auto x) { return x * 2.0; }
    static constexpr auto right_inverse(auto y) { return y * 0.5; }
};

template <class P>
using laws = pm::laws<P, pm::shape<3, 3>>;

}  // namespace

TEST_CASE("laws: a wrong derivative is caught") {
    CHECK_FALSE(laws<wrong_gradient>::hold());
    CHECK_THAT(laws<wrong_gradient>::check(),
               ContainsSubstring("laws of wrong_gradient: gradient, seed 1: the gradient of original 0 differs from "
                                 "finite differences by 0.") &&
                   ContainsSubstring(" at [") && ContainsSubstring("correct the derivative"));
}
TEST_CASE("laws: a wrong right_inverse is caught", "[behaviour-a]") {
    CHECK_FALSE(laws<wrong_inverse>::hold());
    CHECK_THAT(
        laws<wrong_inverse>::check(),
        ContainsSubstring("laws of wrong_inverse: round trip, seed 1: forward(right_inverse(y)) differs from y") &&
            ContainsSubstring("correct right_inverse"));
}
TEST_CASE("laws: a grade that promises too much is caught") {
    CHECK_FALSE(laws<wrong_grade>::hold());
    CHECK_THAT(laws<wrong_grade>::check(), ContainsSubstring("right_inverse(forward(x)) differs from x") &&
                                               ContainsSubstring("inverse = pm::grade::right"));
    CHECK_THAT(laws<wrong_right>::check(), ContainsSubstring("forward(right_inverse(y)) differs from y by") &&
                                               ContainsSubstring("inverse = pm::grade::on_image"));
}
TEST_CASE("laws: a wrong codomain is caught") {
    CHECK_FALSE(laws<wrong_set>::hold());
    CHECK_THAT(laws<wrong_set>::check(),
               ContainsSubstring("laws of wrong_set: codomain, seed 1") && ContainsSubstring("no element of `skew`"));
}
TEST_CASE("laws: a kernel that differs from the interpreter is caught") {
    CHECK_FALSE(laws<wrong_kernel>::hold());
    CHECK_THAT(laws<wrong_kernel>::check(),
               ContainsSubstring("the scalar kernel of the value differs from the interpreter by 0.25 at ["));
}
TEST_CASE("laws: what right_inverse refuses of forward's values breaks the round trip") {
    CHECK_THAT(laws<refuses>::check(),
               ContainsSubstring("round trip, seed 1") && ContainsSubstring("every element must exceed two"));
}
TEST_CASE("laws: what is right passes, in float and in double, and at any shape") {
    CHECK(laws<doubled>::hold());
    CHECK(pm::laws<doubled, pm::shape<5>, double>::check(7, 1) == "");
    CHECK(pm::laws<doubled, pm::shape<2, 1, 3>>::check() == "");
}
TEST_CASE("laws: without right_inverse nothing is promised") {
    CHECK(laws<wrong_gradient>::round_trip() == "");
}
