// Sums whose every prefix is wanted, or whose terms come in any order: cumsum, and the gradient of take. Long ones are
// exact to a unit in the last place. And the gradient of a scan's parameters, a term each step.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <memory>

#include "../catch.hpp"
#include "paramorph/core/pairwise.hpp"
#include "paramorph/nn/function_gradient.hpp"
#include "paramorph/nn/scan.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/take.hpp"

namespace pm = paramorph;

namespace {

template <class T, std::size_t... E>
using array = xt::xtensor_fixed<T, xt::xshape<E...>>;
template <class A>
std::unique_ptr<A> filled(auto const& number) {
    auto a = std::make_unique<A>();
    for (std::size_t i = 0; i < a->size(); ++i) a->data()[i] = static_cast<typename A::value_type>(number(i));
    return a;
}
constexpr std::size_t many = 1 << 20;
constexpr double unit = 0x1p-23;
constexpr float infinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("running sums: cumsum of 2^20 numbers is right within a unit, and never falls") {
    auto const sums = pm::function([](auto x) { return pm::cumsum<0>(x); });
    using row = array<float, many>;
    // Of tenths, and of numbers of which most are too small to be seen one by one.
    for (auto const& number :
         {+[](std::size_t) { return 0.1; }, +[](std::size_t i) { return i % 1000 ? 1e-5 : 1.0; }}) {
        auto const x = filled<row>(number);
        row const y = sums(*x);
        double exact = 0, worst = 0;
        bool falls = false;
        for (std::size_t i = 0; i < many; ++i) {
            exact += double((*x)(i));
            double const error = std::abs(double(y(i)) / exact - 1);
            if (error > worst || error != error) worst = error;
            falls = falls || (i > 0 && y(i) < y(i - 1));
        }
        CHECK(worst <= unit);
        CHECK(!falls);
    }
}

TEST_CASE("running sums: cumsum from the end, over other axes, of both signs") {
    constexpr std::size_t n = 5000, columns = 19;
    auto const down = pm::value_and_grad([](auto x, auto c) { return pm::sum(pm::cumsum<0>(x) * c); });
    auto const along = pm::function([](auto x) { return pm::cumsum<1>(x); });
    auto const mixed = [](std::size_t i) { return i % 3 ? 0.1 : -0.07; };
    auto const x = filled<array<float, n, columns>>(mixed);
    auto const rows = filled<array<float, 6, n>>(mixed);
    auto const gradient = std::get<0>(down(*x, *x).gradient);
    array<float, 6, n> const y = along(*rows);
    double worst = 0;
    for (std::size_t j = 0; j < columns; ++j)
        for (double k = n, sum = 0, size = 0; k-- > 0;) {
            double const term = double((*x)(static_cast<std::size_t>(k), j));
            sum += term, size += std::abs(term);
            double const error = std::abs(double(gradient(static_cast<std::size_t>(k), j)) - sum) / size;
            if (error > worst || error != error) worst = error;
        }
    for (std::size_t i = 0; i < 6; ++i) {
        double sum = 0, size = 0;
        for (std::size_t k = 0; k < n; ++k) {
            sum += double((*rows)(i, k)), size += std::abs(double((*rows)(i, k)));
            double const error = std::abs(double(y(i, k)) - sum) / size;
            if (error > worst || error != error) worst = error;
        }
    }
    CHECK(worst <= unit);
}

TEST_CASE("running sums: infinities and NaN reach every later element of a long axis") {
    auto const sums = pm::function([](auto x) { return pm::cumsum<0>(x); });
    auto x = filled<array<float, 200>>([](std::size_t) { return 1; });
    (*x)(50) = infinity;
    (*x)(150) = -infinity;
    array<float, 200> const y = sums(*x);
    CHECK((y(49) == 50 && y(50) == infinity && y(149) == infinity && std::isnan(y(150)) && std::isnan(y(199))));
}

TEST_CASE("running sums: the gradient of rows that are taken 2^20 times") {
    auto const step =
        pm::value_and_grad([](auto table, auto places, auto c) { return pm::sum(pm::take<2>(table, places) * c); });
    auto const places = filled<array<std::int32_t, many>>([](std::size_t i) { return i % 3; });
    auto const c = filled<array<float, many, 2>>([](std::size_t i) { return i % 2 ? 0.1 : i % 5 ? 0.3 : 1e3; });
    array<float, 3, 2> table;
    table.fill(1);
    auto const gradient = std::get<0>(step(table, *places, *c).gradient);
    double exact[3][2]{};
    for (std::size_t i = 0; i < many; ++i)
        for (std::size_t k = 0; k < 2; ++k) exact[i % 3][k] += double((*c)(i, k));
    for (std::size_t row = 0; row < 2; ++row)
        for (std::size_t k = 0; k < 2; ++k) CHECK(std::abs(double(gradient(row, k)) / exact[row][k] - 1) <= unit);
    CHECK((gradient(2, 0) == 0 && gradient(2, 1) == 0));
}

TEST_CASE("running sums: the gradient of a scan's parameter, of 2^17 steps, is right within a block's rounding") {
    constexpr std::size_t steps = 1 << 17;
    auto const step = pm::value_and_grad([](auto h, auto xs, auto p) {
        auto const cell = [](auto h, auto x, auto p) { return std::tuple{0.5 * h, x * p}; };
        return pm::sum(std::get<1>(pm::scan(cell, h, xs, p)));
    });
    for (auto const& number :
         {+[](std::size_t) { return 0.1; }, +[](std::size_t i) { return i % 1000 ? 1e-5 : 1.0; }}) {
        auto const xs = filled<array<float, steps, 2>>([&](std::size_t i) { return number(i / 2); });
        double exact = 0;
        for (std::size_t i = 0; i < steps; ++i) exact += double((*xs)(i, 0));
        auto const result = step(array<float, 2>{0, 0}, *xs, array<float, 2>{1, 2});
        auto const& of_parameter = std::get<2>(result.gradient);
        INFO(of_parameter(0) << ", " << exact);
        CHECK(std::abs(double(of_parameter(0)) / exact - 1) <= 64 * unit);
        CHECK(of_parameter(1) == of_parameter(0));
    }
}
