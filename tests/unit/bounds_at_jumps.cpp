// Bounds where a function jumps, has a value of its own at one number, or is not a number: conditions, signs, powers of
// what may be negative, boxes that end at the jump, of one number, of two neighbours, and of infinite numbers. The
// program is run at the ends, beside them, and at numbers where floats change their ways.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "../catch.hpp"
#include "paramorph/nn/call.hpp"
#include "paramorph/nn/materialized.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/clamp.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/pow.hpp"
#include "paramorph/op/prod.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/round.hpp"
#include "paramorph/op/sign.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/view.hpp"
#include "paramorph/op/where.hpp"
#include "paramorph/prove/bounds.hpp"

namespace pm = paramorph;

namespace {

using limits = std::numeric_limits<float>;
using generator = std::mt19937_64;
constexpr float endless = limits::infinity();

// Numbers where something changes, their neighbours, and others of their size.
float drawn(generator& r) {
    constexpr float at[]{0,
                         -0.0f,
                         0.5f,
                         -0.5f,
                         1,
                         -1,
                         2,
                         -2,
                         3,
                         limits::denorm_min(),
                         -limits::min(),
                         0.1f,
                         1e20f,
                         7,
                         -1e5f,
                         1e-6f,
                         0x1p23f,
                         limits::max(),
                         -limits::max(),
                         endless,
                         -endless};
    float const x = at[r() % std::size(at)];
    switch (r() % 3) {
        case 0:
            return std::nextafter(x, r() % 2 ? endless : -endless);
        case 1:
            return static_cast<float>(std::uniform_real_distribution<double>(-4, 4)(r));
        default:
            return x;
    }
}

template <class Function>
struct applied {
    static constexpr auto forward(auto x) { return Function{}(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

// How many results lie outside of what is proved, by lines and by intervals alone, or disprove a verdict.
template <class Function>
long outside() {
    constexpr int n = 2;
    applied<Function> const f;
    auto const frozen = pm::freeze(f);
    generator r(11);
    long found = 0, known = 0;
    for (int k = 0; k < 300; ++k) {
        pm::box<pm::shape<n>> box{};
        float low[n], high[n];
        for (int i = 0; i < n; ++i) {
            float const a = drawn(r), b = k % 4 == 0 ? a : k % 4 == 1 ? std::nextafter(a, endless) : drawn(r);
            low[i] = std::min(a, b);
            high[i] = std::max(a, b);
            box.lower[i] = double(low[i]);
            box.upper[i] = double(high[i]);
        }
        auto const lines = pm::bounds(frozen, box);
        auto const intervals = pm::bounds<pm::bounding::intervals>(frozen, box);
        known += lines[0].finite() ? 1 : 0;
        for (int t = 0; t < 40; ++t) {
            xt::xtensor_fixed<float, xt::xshape<n>> x;
            for (int i = 0; i < n; ++i) {
                float const beside[]{low[i], high[i], std::nextafter(low[i], high[i]), std::nextafter(high[i], low[i])};
                x(std::size_t(i)) = t % 2 ? beside[r() % 4] : std::clamp(drawn(r), low[i], high[i]);
            }
            auto const y = frozen(x);
            for (int j = 0; j < lines.size; ++j) {
                double const v = double(y.data()[j]);
                found += lines[j].contains(v) && intervals[j].contains(v) ? 0 : 1;
                found += std::isnan(v) && (lines.no_nan() || intervals.no_nan()) ? 1 : 0;
                found += !std::isfinite(v) && (lines.no_overflow() || intervals.no_overflow()) ? 1 : 0;
            }
        }
    }
    CHECK(known > 0);
    return found;
}
constexpr auto first(auto x) {
    return pm::slice<0, 0, 1>(x);
}
constexpr auto second(auto x) {
    return pm::slice<0, 1, 2>(x);
}

}  // namespace

#define HOLDS(...) CHECK(outside<decltype([](auto x) { return __VA_ARGS__; })>() == 0)

TEST_CASE("bounds at jumps: a condition is one of two numbers, and nothing between them") {
    HOLDS(pm::where(x > 0.5, 1.0, 3.0));
    HOLDS(pm::where(x >= 0.5, 1.0, 3.0));
    HOLDS((x > 1) * 3.0 - 1.0);
    HOLDS(pm::where((x > 1) * (x < 3), x, 7.0));
    HOLDS(pm::where(x < -0.5, 1.0, 3.0 * x));
    HOLDS(pm::where(x * x > 4, x, -x));
}
TEST_CASE("bounds at jumps: a value at one number alone") {
    HOLDS(pm::where(pm::equal(x, 0.5), 3.0, 1.0));
    HOLDS(pm::where(pm::not_equal(x, 2.0), 3.0, 1.0));
    HOLDS(pm::where(x, 3.0, 1.0));
    HOLDS(pm::abs(pm::sign(x)));
    HOLDS(pm::where(pm::equal(pm::round(x), x), 1.0, -2.0));
}
TEST_CASE("bounds at jumps: what is no number fails a condition, and is passed on or dropped as the program does") {
    HOLDS(pm::where(pm::sqrt(x) + 5.0 > 2, 1.0, 3.0));
    HOLDS(pm::clamp(pm::sqrt(x) + 5.0, 5.5, 6.0));
    HOLDS(pm::maximum(pm::sqrt(first(x)) + 5.0, 0.001 * second(x)));
    HOLDS(pm::minimum(0.001 * second(x), pm::sqrt(first(x)) - 5.0));
    HOLDS(pm::unsqueeze<0>(pm::max(pm::concatenate<0>(pm::sqrt(first(x)) + 5.0, 0.001 * second(x)))));
    HOLDS(pm::unsqueeze<0>(pm::min(pm::concatenate<0>(0.001 * second(x), pm::sqrt(first(x)) - 5.0))));
}
TEST_CASE("bounds at jumps: products of all elements") {
    HOLDS(pm::unsqueeze<0>(pm::prod(x)));
    HOLDS(pm::unsqueeze<0>(pm::prod(pm::concatenate<0>(x, 3.0 * x, x - 1.0, x))));
    HOLDS(pm::prod<1>(pm::reshape<pm::shape<1, 4>>(pm::concatenate<0>(pm::abs(x), x * x))));
    applied<decltype([](auto x) { return pm::prod(x); })> const both;
    pm::box<pm::shape<2>> box{};
    box.lower[0] = -2, box.upper[0] = 3, box.lower[1] = -1, box.upper[1] = 4;
    auto const b = pm::bounds(pm::freeze(both), box);
    CHECK((b.within(-8.0001, 12.0001) && b.lower(0) <= -8 && b.upper(0) >= 12 && b.no_nan() && b.no_overflow()));
}
TEST_CASE("bounds at jumps: powers of negative and infinite numbers") {
    HOLDS(pm::pow(x, 20.1));
    HOLDS(pm::pow(x, 0.1));
    HOLDS(pm::pow(x, 7));
    HOLDS(pm::pow(x, 9007199254740992.0));
    HOLDS(pm::pow(x, -0.5));
}
