// A module's tensor: assigning and what it refuses, projecting, several originals, copying, the empty tensor.
//
// SPDX-License-Identifier: BSL-1.0
#include "../parametrized.hpp"
#include "../support.hpp"
#include "paramorph/paramorph.hpp"

namespace {

using test::array, test::doubled, test::rank_one, test::shifted;
using square = pm::shape<3, 3>;
using symmetric = pm::tensor<square, pm::chain<pm::param::symmetric>>;

array<3, 3> const valid{{1, 2, 3}, {2, 5, 6}, {3, 6, 9}};

// What assigning says, "" if it is accepted.
std::string refusal(auto& t, auto const& a) {
    try {
        t = a;
    } catch (pm::error const& e) {
        return e.what();
    }
    return "";
}
using Catch::Matchers::ContainsSubstring;

}  // namespace

TEST_CASE("tensor: assigning goes through right_inverse", "[behaviour-14]") {
    symmetric t;
    t = valid;
    CHECK((t() == valid));
    CHECK((t.original() == array<3, 3>{{1, 2, 3}, {0, 5, 6}, {0, 0, 9}}));
    t = 2.0f * valid;  // an expression
    CHECK((t()(2, 1) == 12));
}

TEST_CASE("tensor: right_inverse of every stage, the last stage first", "[behaviour-14]") {
    pm::tensor<pm::shape<2>, pm::chain<doubled, shifted>> t;
    t = array<2>{7, -3};
    CHECK((t.original() == array<2>{3, -2}));  // (y - 1) / 2
    CHECK((t() == array<2>{7, -3}));
}

TEST_CASE("tensor: an assignment that is refused changes nothing", "[behaviour-15]") {
    float const infinity = std::numeric_limits<float>::infinity();
    symmetric t{valid};
    auto const before = t.original();
    array<3, 3> bad = valid;
    bad(1, 0) = 7;
    CHECK_THAT(refusal(t, bad), ContainsSubstring("cannot make this value") && ContainsSubstring("a value of its set, symmetric,") && ContainsSubstring("differs by 5 at") &&
                                    ContainsSubstring("element 3"));
    bad(1, 0) = 3e14F;  // in six digits, however large
    CHECK_THAT(refusal(t, bad), ContainsSubstring("differs by 3e+14 at element 3"));
    bad = valid;
    bad(2, 2) = std::nanf("");
    CHECK_THAT(refusal(t, bad), ContainsSubstring("element 8") && ContainsSubstring("not finite"));
    bad(2, 2) = infinity;
    CHECK_THAT(refusal(t, bad), ContainsSubstring("not finite"));
    CHECK_THAT(refusal(t, xt::xtensor<float, 2>(xt::zeros<float>({3, 4}))), ContainsSubstring("differs from that of the tensor, [3, 3]"));
    CHECK_THAT(refusal(t, xt::xtensor<float, 2>(xt::zeros<float>({9, 1}))), ContainsSubstring("differs from that of the tensor, [3, 3]"));
    CHECK_THAT(refusal(t, xt::xtensor<float, 1>(xt::zeros<float>({9}))), ContainsSubstring("differs from that of the tensor, [3, 3]"));
    CHECK((t.original() == before));
    CHECK(refusal(t, xt::xtensor<float, 2>(valid)).empty());
}

TEST_CASE("tensor: a number beyond the range of its type is told, and not called infinite") {
    pm::tensor<pm::shape<2>> t{array<2>{1, 2}};
    using doubles = xt::xtensor_fixed<double, xt::xshape<2>>;
    auto const beyond = ContainsSubstring("beyond the range of float: element 1 (row-major) is -1e+300");
    CHECK_THAT(refusal(t, doubles{0, -1e300}), beyond);
    // Halfway to the next number that float would have, and just below.
    CHECK_THAT(refusal(t, doubles{0x1.ffffffp127, 0}), ContainsSubstring("element 0 (row-major) is 3.40282e+38"));
    CHECK(refusal(t, doubles{0x1.fffffefffffffp127, 1e-300}).empty());
    CHECK((t() == array<2>{0x1.fffffep127F, 0}));
    CHECK_THAT(refusal(t, doubles{std::nan(""), 1e300}), ContainsSubstring("not finite: element 0"));
    CHECK_THAT(refusal(t, doubles{-std::numeric_limits<double>::infinity(), 0}), ContainsSubstring("not finite"));
    CHECK(t.try_assign(doubles{0, 1e300}).failed ==
          std::string("assignment: an element of the array is beyond the range of float"));
}

TEST_CASE("tensor: a refusal by a status says the tensor's shape; nearest says the array's and the set") {
    symmetric t{valid};
    xt::xtensor<float, 2> const other = xt::ones<float>({3, 2});
    std::string const says = "assignment: the array's shape differs from the tensor's, [3, 3]";
    CHECK(t.try_assign(other).failed == says);
    CHECK(t.try_project(other).failed == says);
    CHECK(t.try_assign(pm::nearest(other)).failed == says);
    CHECK_THAT(refusal(t, pm::nearest(other)),
               ContainsSubstring("the array's shape, [3, 2], differs from that of the tensor, [3, 3]"));
    CHECK_THROWS_WITH(pm::nearest<pm::set::symmetric>(other),
                      ContainsSubstring("no element of the set symmetric is nearest") &&
                          ContainsSubstring("the array's shape is [3, 2]"));
    CHECK((t() == valid));
}

TEST_CASE("tensor: what a right_inverse requires is reported in its words", "[behaviour-15]") {
    pm::tensor<pm::shape<2>, pm::chain<pm::param::positive>> t;
    t = array<2>{1, 2};
    auto const before = t.original();
    CHECK_THAT(refusal(t, array<2>{1, 0}),
               ContainsSubstring("positive: every element assigned must be greater than zero"));
    CHECK_THAT(refusal(t, array<2>{1, -3}), ContainsSubstring("positive"));
    CHECK((t.original() == before));
    pm::tensor<pm::shape<2, 2>, pm::chain<pm::param::skew, pm::param::cayley>> q;
    CHECK_THAT(refusal(q, array<2, 2>{{-1, 0}, {0, -1}}), ContainsSubstring("singular"));  // a half turn
    CHECK_THAT(refusal(q, array<2, 2>{{1, 2}, {3, 5}}), ContainsSubstring("cannot make this value"));
    CHECK(q.empty());
    CHECK(refusal(q, array<2, 2>{{0, -1}, {1, 0}}).empty());
}

TEST_CASE("tensor: project keeps what forward makes of it") {
    symmetric t;
    array<3, 3> a = valid;
    a(1, 0) = 7;  // below the diagonal: not kept
    t.project(a);
    CHECK((t() == valid));
    a(0, 0) = std::nanf("");
    CHECK_THROWS_AS(t.project(a), pm::error);
    CHECK((t() == valid));
}

TEST_CASE("tensor: several originals", "[behaviour-26]") {
    pm::tensor<pm::shape<2, 3>, pm::chain<rank_one>> t;
    static_assert(decltype(t)::original_count == 2);
    array<2, 3> const w{{2, 4, 6}, {1, 2, 3}};
    t = w;
    CHECK((t.original<0>().size() == 2));
    CHECK((t.original<1>().size() == 3));
    for (std::size_t i = 0; i < 6; ++i) CHECK(std::abs(t().data()[i] - w.data()[i]) < 1e-5f);
    t.original<1>() = array<3>{1, 0, 0};
    CHECK((t()(0, 1) == 0));
    CHECK_THAT(refusal(t, array<2, 3>{{1, 0, 0}, {0, 1, 0}}), ContainsSubstring("cannot make this value"));
}

TEST_CASE("tensor: a rank-one weight keeps its value, doubled is twice", "[behaviour-27]") {
    pm::tensor<pm::shape<2, 2>, pm::chain<rank_one, doubled>> t;
    t = array<2, 2>{{2, 4}, {1, 2}};
    CHECK(std::abs(t()(0, 1) - 4) < 1e-5f);
    CHECK(std::abs(t.original<0>()(0) * t.original<1>()(0) - 1) < 1e-5f);
}

TEST_CASE("tensor: copies are deep", "[behaviour-32]") {
    symmetric a{valid};
    symmetric b = a;
    b.original()(0, 0) = 100;
    CHECK((a() == valid));
    CHECK((b()(0, 0) == 100));
    a = symmetric{};  // of an empty one
    CHECK(a.empty());
    pm::tensor<pm::shape<40, 40>> large;  // beyond what lives inside the object
    large = xt::xtensor<float, 2>(xt::ones<float>({40, 40}));
    auto const copy = large;
    large.original()(0, 0) = 5;
    CHECK((copy()(0, 0) == 1));
}

TEST_CASE("tensor: using an empty tensor is an error that says what to do") {
    symmetric t;
    CHECK(t.empty());
    CHECK_THROWS_WITH(t(), ContainsSubstring("empty tensor"));
    CHECK_THROWS_WITH(t.original(), ContainsSubstring("pm::make"));
}

TEST_CASE("tensor: a tensor in an expression outside of forward is an error that says what to do") {
    symmetric const t{valid};
    CHECK_THROWS_WITH(pm::exp(t),
                      "a tensor was used in an expression outside of forward(); read its value with tensor() instead");
}

TEST_CASE("tensor: a plain tensor is its own original") {
    pm::tensor<pm::shape<2>> t;
    t = array<2>{1, 2};
    CHECK((&t() == &t.original()));
    static_assert(!decltype(t)::parametrized && decltype(t)::assignable);
}

TEST_CASE("tensor: double") {
    pm::tensor<pm::shape<2>, pm::chain<pm::param::positive>, double> t;
    xt::xtensor_fixed<double, xt::xshape<2>> const a{1e-6, 30};
    t = a;
    CHECK(std::abs(t()(0) / 1e-6 - 1) < 1e-9);
    CHECK(std::abs(t.original()(1) - (30 + std::log(1 - std::exp(-30.0)))) < 1e-13);
}

namespace {

struct halved_beside_one {  // what it makes carries the rounding of 1
    static constexpr auto forward(auto x) { return 2.0 * pm::sigmoid(x) - 1.0; }
    static constexpr auto right_inverse(auto y) { return pm::log((1.0 + y) / (1.0 - y)); }
};
struct of_any_sign {  // takes every value, and makes none of what it took where that is negative
    static constexpr auto forward(auto x) { return pm::require(x, x > 0, "of_any_sign: the original is not positive"); }
    static constexpr auto right_inverse(auto y) { return y; }
};
struct to_the_tenth {
    static constexpr auto forward(auto x) { return pm::exp(x); }
    static constexpr auto right_inverse(auto y) { return y; }
};

}  // namespace

TEST_CASE("tensor: small values are judged as large ones are") {
    for (float const e : {1e-37f, 1e-30f, 1e-5f, 4e-5f, 1.0f, 1e5f, 1e30f}) {
        symmetric t;
        array<3, 3> const good{{e, 2 * e, 0}, {2 * e, e, 0}, {0, 0, e}}, bad{{e, e, 0}, {-e, e, 0}, {0, 0, e}};
        CHECK(t.try_assign(good).ok());
        CHECK((t() == good));
        CHECK_FALSE(t.try_assign(bad).ok());
        CHECK((t() == good));
        pm::tensor<square, pm::chain<pm::param::skew>> skew;
        CHECK_FALSE(skew.try_assign(good).ok());
        pm::tensor<square, pm::chain<pm::param::lower_triangular>> lower;
        CHECK_FALSE(lower.try_assign(good).ok());
        pm::tensor<square, pm::chain<pm::param::low_rank<1>>> rank;
        CHECK_FALSE(rank.try_assign(good).ok());
        pm::tensor<square, pm::chain<pm::param::weight_norm<>>> any;
        if (e > 1e-15f && e < 1e15f) CHECK(any.try_assign(bad).ok());
        pm::nn::linear<3, 3> plain{pm::seed{1}};
        plain.weight = bad;
        CHECK_THROWS_AS(pm::register_parametrization<pm::weight<pm::param::symmetric>>(plain, pm::keep), pm::error);
    }
    symmetric zero;
    CHECK(zero.try_assign(array<3, 3>(xt::zeros<float>({3, 3}))).ok());
}

TEST_CASE("tensor: small values of a chain that adds a number are taken as far as it can make them") {
    pm::tensor<pm::shape<3>, pm::chain<halved_beside_one>> t;
    CHECK(t.try_assign(array<3>{1e-6f, -2e-6f, 3e-6f}).ok());
    pm::tensor<pm::shape<3>, pm::chain<pm::param::interval<-1, 1>>> w;
    CHECK(w.try_assign(array<3>{1e-6f, -2e-6f, 3e-6f}).ok());
    pm::tensor<pm::shape<3>, pm::chain<pm::param::positive>> p;
    CHECK(p.try_assign(array<3>{1e-30f, 2e-30f, 3e-35f}).ok());
    CHECK(std::abs(p()(1) / 2e-30f - 1) < 1e-4f);
}

TEST_CASE("tensor: a projection that could not be read is refused and changes nothing") {
    pm::tensor<pm::shape<2>, pm::chain<of_any_sign>> t;
    t = array<2>{1, 2};
    pm::status const s = t.try_project(array<2>{1, -2});
    CHECK(s.failed == std::string("of_any_sign: the original is not positive"));
    CHECK((t() == array<2>{1, 2}));
    pm::tensor<pm::shape<2>, pm::chain<to_the_tenth>> large;
    large.project(array<2>{1, 2});
    auto const before = large();
    CHECK_THROWS_WITH(large.project(array<2>{1, 1000}), ContainsSubstring("not finite"));
    CHECK((large() == before));
}
