// The rules of bounds one by one against the kernels, where nothing hides a defect: single functions at points and in
// narrow intervals, single sums at points. (Whole networks: sound_bounds.cpp.)
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>

#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/prove.hpp"

namespace pm = paramorph;

namespace {

using generator = std::mt19937_64;
using M = pm::range_math<float>;
using range = pm::interval<float>;

template <class Function>
struct applied {
    static constexpr auto forward(auto x) { return Function{}(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// Any float, or one near zero.
float drawn(generator& r, int how) {
    if (how == 0) return std::bit_cast<float>(static_cast<std::uint32_t>(r()));
    std::uniform_real_distribution<double> near(-12, 12);
    return static_cast<float>(how == 1 ? near(r) : near(r) / 10);
}
template <class Function>
long outside(auto const& rule) {
    generator r(7);
    applied<Function> const f;
    long found = 0;
    for (int k = 0; k < 3000; ++k) {
        xt::xtensor_fixed<float, xt::xshape<64>> x;
        for (float& e : x) e = drawn(r, k % 3);
        auto const y = f(x);
        auto const [low, high] = std::minmax(x(0), x(1));
        bool const is_interval = k % 3 != 0;
        range const all = is_interval ? rule(range{double(low), double(high)}) : range::everything();
        for (std::size_t i = 0; i < 64; ++i) {
            if (std::isnan(x(i))) continue;
            found += rule(range{double(x(i)), double(x(i))}).contains(y(i)) ? 0 : 1;
            found += x(i) >= low && x(i) <= high && !all.contains(y(i)) ? 1 : 0;
        }
    }
    return found;
}
template <int N>
long sums_outside() {
    generator r(7);
    std::normal_distribution<double> normal;
    long found = 0;
    for (unsigned k = 0; k < 400; ++k) {
        auto net = pm::make<pm::nn::linear<N, 3>>(pm::seed{k});
        double const scale = std::pow(10.0, double(k % 41) - 20);
        pm::for_each_tensor(net, [&](auto& t) {
            for (float& e : t.original()) e = static_cast<float>(normal(r) * scale);
        });
        auto const frozen = pm::freeze(net);
        xt::xtensor_fixed<float, xt::xshape<N>> x;
        for (float& e : x) e = static_cast<float>(normal(r) * (k % 2 != 0 ? 1e-20 : 1));
        auto const b = pm::bounds(frozen, pm::box<pm::shape<N>>{[&] {
                                      pm::box<pm::shape<N>> at{};
                                      for (int i = 0; i < N; ++i) at.lower[i] = at.upper[i] = double(x.data()[i]);
                                      return at;
                                  }()});
        auto const y = frozen(x);
        for (int j = 0; j < 3; ++j) found += b[j].contains(y.data()[j]) ? 0 : 1;
    }
    return found;
}

}  // namespace

#define CHECK_FUNCTION(name) \
    CHECK(outside<decltype([](auto x) { return pm::name(x); })>([](range const& x) { return M::name(x); }) == 0)
TEST_CASE("bounds are sharp and hold: functions at points and in narrow intervals") {
    CHECK_FUNCTION(exp);
    CHECK_FUNCTION(log);
    CHECK_FUNCTION(sqrt);
    CHECK_FUNCTION(tanh);
    CHECK_FUNCTION(sigmoid);
    CHECK_FUNCTION(silu);
    CHECK_FUNCTION(gelu);
    CHECK_FUNCTION(sin);
}
TEST_CASE("bounds are sharp and hold: sums at points") {
    CHECK(sums_outside<5>() == 0);
    CHECK(sums_outside<64>() == 0);
    CHECK(sums_outside<300>() == 0);
}
