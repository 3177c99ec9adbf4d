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

// Layers at points, where an interval is what rounding makes and nothing else.
template <class Net, class Shape, class T = float>
long layers_outside(int networks = 200) {
    generator r(11);
    std::normal_distribution<double> normal;
    long found = 0, narrow = 0;
    for (int k = 0; k < networks; ++k) {
        auto net = pm::make<Net>(pm::seed{static_cast<unsigned>(k)});
        double const scale = std::pow(10.0, double(k % 5) - 2);
        pm::for_each_tensor(net, [&](auto& t) {
            for (auto& e : t.original()) e = T(normal(r) * scale);
        });
        auto const frozen = pm::freeze(net);
        auto x = pm::make_container<Shape, T>();
        pm::box<Shape> at{};
        for (std::size_t i = 0; i < std::size_t(Shape::size); ++i) {
            x.data()[i] = T(normal(r));
            at.lower[i] = at.upper[i] = double(x.data()[i]);
        }
        auto const b = pm::bounds(frozen, at);
        auto const y = frozen(x);
        for (int j = 0; j < b.size; ++j) {
            found += b[j].contains(double(y.data()[j])) ? 0 : 1;
            narrow += b[j].width() <= 1e-2 * (scale + std::abs(double(y.data()[j]))) ? 1 : 0;
        }
    }
    CHECK(narrow > networks);
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
TEST_CASE("bounds are sharp and hold: convolutions, pooling, softmax and double at points") {
    using namespace pm::nn;
    CHECK(layers_outside<conv2d<2, 3, 3, pm::padding<1>>, pm::shape<1, 2, 5, 5>>() == 0);
    CHECK(layers_outside<sequential<conv1d<2, 4, 3, pm::stride<2>>, avg_pool1d<3>>, pm::shape<1, 2, 13>>() == 0);
    CHECK(layers_outside<sequential<linear<9, 9>, softmax<>>, pm::shape<9>>() == 0);
    CHECK(layers_outside<sequential<linear<9, 7, pm::element_type<double>>, pm::nn::tanh>, pm::shape<9>, double>() ==
          0);
}
