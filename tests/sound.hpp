// What the tests of bounds share: random networks at any magnitude, boxes, and a search that tries to leave the bounds
// by the kernels themselves: at corners, at random inputs, and by moves of one input at a time towards an end.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include "catch.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/prove/bounds.hpp"

namespace pm = paramorph;

namespace sound {

using generator = std::mt19937_64;

inline double uniform(generator& r, double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(r);
}
// Numbers of a network: normal ones times a scale for each tensor.
inline void randomize(generator& r, auto& net, double decades) {
    pm::for_each_parameter(net, [&](std::string const&, auto& p) {
        using T = typename std::remove_cvref_t<decltype(p)>::value_type;
        double const scale = std::pow(10.0, uniform(r, -decades, decades));
        std::normal_distribution<double> normal;
        for (auto& x : p) x = T(normal(r) * scale);
    });
}
// A center and a radius for each input, at one magnitude or at several.
template <class Shape, class T>
pm::box<Shape> random_box(generator& r, double decades) {
    pm::box<Shape> b{};
    bool const mixed = r() % 4 == 0;
    double scale = std::pow(10.0, uniform(r, -decades, decades));
    double const relative = std::pow(10.0, uniform(r, -7, 0.5));
    for (int i = 0; i < Shape::size; ++i) {
        if (mixed) scale = std::pow(10.0, uniform(r, -decades, decades));
        double const center = uniform(r, -1, 1) * scale, radius = r() % 16 == 0 ? 0 : relative * scale;
        b.lower[i] = double(T(center - radius));
        b.upper[i] = double(T(center + radius));
    }
    return b;
}
// Numbers of T in their order: that many steps from zero.
template <class T>
std::int64_t steps_from_zero(T x) {
    using bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    std::int64_t const b = std::bit_cast<bits>(std::abs(x));
    return std::signbit(x) ? -b : b;
}
template <class T>
T from_steps(std::int64_t n) {
    using bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    T const size = std::bit_cast<T>(static_cast<bits>(n < 0 ? -n : n));
    return n < 0 ? -size : size;
}
// A number of T within [low, high]: an end, the middle, one of equally spaced, or one of all that T has there.
template <class T>
T number_within(generator& r, T low, T high) {
    switch (r() % 8) {
        case 0:
            return low;
        case 1:
            return high;
        case 2:
            return std::min(high, std::max(low, T(0)));
        case 3:
        case 4:
        case 5:
            return std::min(high, std::max(low, T(low + uniform(r, 0, 1) * (double(high) - double(low)))));
        default: {
            std::int64_t const a = steps_from_zero(low), b = steps_from_zero(high);
            return from_steps<T>(std::uniform_int_distribution<std::int64_t>(a, b)(r));
        }
    }
}

// How far the search came, and where it was outside.
struct found {
    long points = 0, outside = 0, networks = 0, infinite = 0;
    double least_reach = 1;  // of the widths, what inputs really reach: the smallest and the sum over networks
    double reach = 0;
    long wide = 0;
};

// Searches inputs of a box whose results are outside of the bounds. call(x) gives an array of results.
template <class T, class Input>
void search(generator& r, Input& x, auto const& box, auto const& bounds, auto const& call, int tries, found& out) {
    int const n = static_cast<int>(x.size()), results = bounds.size;
    std::vector<T> low(static_cast<std::size_t>(n)), high(low);
    for (int i = 0; i < n; ++i) {
        auto const k = static_cast<std::size_t>(i);
        low[k] = T(box.lower[i]);
        if (double(low[k]) < box.lower[i]) low[k] = std::nextafter(low[k], std::numeric_limits<T>::infinity());
        high[k] = T(box.upper[i]);
        if (double(high[k]) > box.upper[i]) high[k] = std::nextafter(high[k], -std::numeric_limits<T>::infinity());
    }
    double least = std::numeric_limits<double>::infinity(), most = -least;
    int const watched = static_cast<int>(r() % static_cast<unsigned>(results));
    auto const evaluate = [&] {
        auto const y = call(x);
        ++out.points;
        for (int k = 0; k < results; ++k) {
            double const v = double(y.data()[k]);
            if (bounds[k].contains(v)) continue;
            ++out.outside;
            if (out.outside < 5) {
                CAPTURE(k, v, bounds[k].lo, bounds[k].hi, bounds[k].nan);
                CHECK(bounds[k].contains(v));
            }
        }
        double const v = double(y.data()[watched]);
        if (v < least) least = v;
        if (v > most) most = v;
        return v;
    };
    for (int t = 0; t < tries; ++t) {
        int const how = t % 3;
        for (int i = 0; i < n; ++i) {
            auto const k = static_cast<std::size_t>(i);
            x.data()[i] = how == 0 ? (r() % 2 ? low[k] : high[k]) : number_within(r, low[k], high[k]);
        }
        double best = evaluate();
        if (t % 8 != 0) continue;
        // Up or down, one input after the other.
        double const direction = t % 16 == 0 ? 1 : -1;
        for (int i = 0; i < n; ++i) {
            auto const k = static_cast<std::size_t>(i);
            T const before = x.data()[i];
            T kept = before;
            for (T const other : {low[k], high[k], number_within(r, low[k], high[k])}) {
                x.data()[i] = other;
                double const v = evaluate();
                if (v * direction > best * direction) {
                    best = v;
                    kept = other;
                }
            }
            x.data()[i] = kept;
        }
    }
    ++out.networks;
    auto const& b = bounds[watched];
    if (!b.finite()) {
        ++out.infinite;
    } else if (b.hi > b.lo && most >= least) {
        double const part = (most - least) / (b.hi - b.lo);
        out.least_reach = std::min(out.least_reach, part);
        out.reach += part;
        ++out.wide;
    }
}

}  // namespace sound
