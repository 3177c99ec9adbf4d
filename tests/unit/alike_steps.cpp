// Alike steps: which units of a schedule are one function, from how many on, what keeps them apart; and their numbers.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/graph/alike_steps.hpp"
#include "paramorph/kernel/explain.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/transpose.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using matrix = pm::shape<6, 9>;
using row = pm::shape<9>;

// `layer` so many times, one after the other.
template <int Count>
constexpr auto times(auto x, auto const& layer) {
    if constexpr (Count == 0)
        return x;
    else
        return times<Count - 1>(layer(x), layer);
}
// A loop, and a dense step.
constexpr auto layer = [](auto x) { return pm::cumsum<0>(pm::tanh(x)); };
// Loops that run together by rows, and a dense step.
constexpr auto of_rows = [](auto x) { return pm::cumsum<0>(x / pm::unsqueeze<1>(pm::norm<2, 1>(x))); };

template <int Count>
constexpr auto layers = [](auto x) { return times<Count>(x, layer); };
template <int Count>
constexpr auto layers_of_rows = [](auto x) { return times<Count>(x, of_rows); };

// Copies to outputs, in order; and with the first two exchanged, whose distances from one another differ.
constexpr auto copies = [](auto... x) { return std::tuple{x...}; };
constexpr auto exchanged = [](auto x, auto y, auto... z) { return std::tuple{y, x, z...}; };

struct found {
    test::pipeline p;
    pm::ir::alike_steps alike = pm::ir::find_alike_steps(*p.simple, *p.plan, *p.rows);

    // So many functions there are for steps that are shared, and so many units call them.
    int functions() const {
        int n = 0;
        for (int t = 0; t < p.plan->step_count; ++t) n += alike.shared(t) && alike.function_of(t) == t ? 1 : 0;
        return n;
    }
    int callers() const {
        int n = 0;
        for (int t = 0; t < p.plan->step_count; t = p.rows->of[t].last + 1) n += alike.shared(t) ? 1 : 0;
        return n;
    }
};
template <class... Input>
found find(auto const& f) {
    return {test::pipeline(test::trace<float, Input...>(f))};
}

}  // namespace

TEST_CASE("alike steps: eight of a kind are one function, seven are not") {
    found const eight = find<matrix>(layers<8>), seven = find<matrix>(layers<7>);
    CHECK(seven.p.plan->step_count == 14);
    CHECK(seven.callers() == 0);
    CHECK(eight.callers() == 16);
    CHECK(eight.functions() == 2);
    CHECK(eight.alike.function_of(15) == eight.alike.function_of(1));
    CHECK(eight.alike.count(*eight.p.plan, *eight.p.rows, 15) == 8);
}

TEST_CASE("alike steps: loops that run together are a unit") {
    found const eight = find<matrix>(layers_of_rows<8>);
    REQUIRE(eight.p.rows->of[0].last > 0);
    CHECK(eight.functions() == 2);
    CHECK(eight.callers() == 16);
    for (int t = 0; t <= eight.p.rows->of[0].last; ++t) CHECK(eight.alike.function_of(t) == 0);
}

TEST_CASE("alike steps: what is no address keeps units apart") {
    constexpr auto functions = [](auto const& last) {
        return find<matrix, matrix>([&](auto x, auto y) { return last(times<8>(x, layer), y); }).functions();
    };
    constexpr auto again = [](auto x, auto) { return layer(x); };
    CHECK(functions(again) == 2);
    // A number, an operation, a second value beside the first, an axis, a shape, a way of reading.
    CHECK(functions([](auto x, auto) { return pm::cumsum<0>(pm::tanh(x * 2.0)); }) == 3);
    CHECK(functions([](auto x, auto) { return pm::cumsum<0>(pm::abs(x)); }) == 3);
    CHECK(functions([](auto x, auto) { return times<2>(x, [](auto a) { return pm::cumsum<0>(a * a); }); }) == 3);
    CHECK(functions([](auto x, auto y) { return pm::cumsum<0>(pm::cumsum<0>(x * x) * y); }) == 4);
    CHECK(functions([](auto x, auto) { return pm::cumsum<1>(pm::tanh(x)); }) == 3);
    CHECK(functions([](auto x, auto) { return pm::cumsum<0>(pm::tanh(pm::slice<0, 0, 5>(x))); }) == 4);
    CHECK(functions([](auto x, auto) { return pm::cumsum<0>(pm::tanh(pm::transpose(x))); }) == 4);
}

TEST_CASE("alike steps: copies to outputs are alike wherever the outputs are") {
    using column = pm::shape<9, 1>;
    auto const of = [](auto const& f) {
        return find<column, column, column, column, column, column, column, column>(f);
    };
    CHECK(of(copies).functions() == 1);
    CHECK(of(copies).callers() == 8);
    CHECK(of(exchanged).functions() == 1);
}

namespace {

template <class... Input>
void expect_same(auto const& f) {
    using P = test::value_program_of<std::remove_cvref_t<decltype(f)>, float, Input...>;
    CHECK(pm::compiled<P>::alike.shared(0));
    test::expect_same_on<P>(test::arguments_for(test::simplified<P>(), -2, 2), 1e-5);
}

}  // namespace

TEST_CASE("alike steps: one function computes what the interpreter says, wherever operands and outputs are") {
    expect_same<matrix>(layers<8>);
    expect_same<matrix>(layers_of_rows<8>);
    expect_same<row, row, row, row, row, row, row, row>(copies);
}

TEST_CASE("alike steps: explain says how many are one function") {
    using P = test::value_program_of<std::remove_cvref_t<decltype(layers_of_rows<8>)>, float, matrix>;
    auto const text = pm::explain<P>(pm::targets::avx2);
    CHECK_THAT(text, ContainsSubstring("rows at a time; one function for 8 alike:"));
    CHECK_THAT(text, ContainsSubstring("cumsum: reads value"));
    CHECK_THAT(text, ContainsSubstring("[6, 9]; one function for 8 alike"));
}
