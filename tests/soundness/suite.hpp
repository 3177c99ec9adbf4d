// The soundness suite: networks at random, of every kind of layer, with numbers from 1e-20 to 1e20, and inputs of boxes
// that try to leave the bounds which pm::bounds proves: at random, at corners, and where the signs of an output's
// slopes point. Nothing may lie outside. 20 types of networks are compiled; their weights, magnitudes and boxes are
// drawn when it runs, 10 networks of each type. Inputs run by batches, so that ten million of them take seconds.
//
// PARAMORPH_SOUNDNESS=n takes n times as many inputs. A program prints what it tried.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/prove.hpp"

namespace pm = paramorph;

namespace soundness {

constexpr int networks_of_a_type = 10, batch = 256;
constexpr long inputs_of_a_network = 50'000;

// Fast numbers: xorshift64*, Vigna 2016.
class generator {
  public:
    explicit generator(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) { next(); }
    std::uint64_t next() {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return state_ * 0x2545F4914F6CDD1Du;
    }
    double uniform(double low, double high) { return low + (high - low) * (double(next() >> 11) * 0x1p-53); }
    double normal() {
        double s = -6;
        for (int i = 0; i < 12; ++i) s += uniform(0, 1);
        return s;
    }
    double magnitude(double decades) { return std::pow(10.0, uniform(-decades, decades)); }
    bool one_of(unsigned n) { return next() % n == 0; }

  private:
    std::uint64_t state_;
};

// What a program tried, over all of its networks.
struct tally {
    long networks = 0, inputs = 0, outside = 0, infinite = 0, known = 0;
    double reached = 0;  // of the width of an output's bounds, what inputs reach, summed over the networks

    void report(char const* name) const {
        std::printf(
            "%s: %ld networks, %ld inputs, %ld outside; %ld with an infinite bound; of the others' widths %.3f is "
            "reached\n",
            name, networks, inputs, outside, infinite, known > 0 ? reached / double(known) : 0);
        CHECK(outside == 0);
        CHECK(networks == networks_of_a_type);
        CHECK(known > 0);
    }
};

inline long factor() {
    char const* const text = std::getenv("PARAMORPH_SOUNDNESS");
    long const n = text ? std::atol(text) : 1;
    return n > 0 ? n : 1;
}

// As many inputs of a shape, whose first extent is 1, as run at once.
template <class T, class Shape, std::size_t... Axis>
auto batch_of(std::index_sequence<Axis...>)
    -> xt::xtensor_fixed<T, xt::xshape<batch, std::size_t(Shape::value.d[Axis + 1])...>>;

template <class Net, class Shape, class T = float>
class trial {
    using batch_type = decltype(batch_of<T, Shape>(std::make_index_sequence<std::size_t(Shape::rank - 1)>{}));
    static constexpr int size = Shape::size;

  public:
    explicit trial(std::uint64_t seed) : r_(seed), inputs_(std::make_unique<batch_type>()), x_(*inputs_) {}

    // Of magnitudes of 1e-decades to 1e decades, at most.
    void run(char const* name, double decades) {
        for (int k = 0; k < networks_of_a_type; ++k) {
            double const of_this = k % 5 == 4 ? decades : k % 5 == 3 ? decades / 10 : decades / 40;
            auto net = pm::make<Net>(pm::seed{static_cast<unsigned>(r_.next())});
            bool const by_gain = k % 2 == 0 && of_this < decades;
            double const gain = std::exp(r_.uniform(-0.7, 1.2));
            pm::for_each_parameter(net, [&](std::string const&, auto& p) {
                // As layers begin, times a gain; or of one magnitude for each tensor.
                double const scale = r_.magnitude(of_this);
                for (auto& e : p) e = by_gain ? T(double(e) * gain) : T(r_.normal() * scale);
            });
            pm::for_each_buffer(net, [&](std::string const& key, auto& p) {
                bool const variance = key.find("var") != std::string::npos;
                for (auto& e : p)
                    if constexpr (std::is_floating_point_v<std::remove_cvref_t<decltype(e)>>)
                        if (variance) e = std::remove_cvref_t<decltype(e)>(r_.uniform(0.01, 4));
            });
            draw_box(of_this);
            try_network(pm::freeze(net));
        }
        all_.report(name);
    }

  private:
    generator r_;
    tally all_;
    std::unique_ptr<batch_type> inputs_;
    batch_type& x_;
    pm::box<Shape> box_{};
    T low_[size], high_[size];

    void draw_box(double decades) {
        bool const mixed = r_.one_of(4);
        double scale = r_.magnitude(decades);
        double const relative = std::pow(10.0, r_.uniform(-6, 0.4));
        for (int i = 0; i < size; ++i) {
            if (mixed) scale = r_.magnitude(decades);
            double const center = r_.uniform(-1, 1) * scale, radius = r_.one_of(16) ? 0 : relative * scale;
            low_[i] = T(center - radius);
            high_[i] = T(center + radius);
            box_.lower[i] = double(low_[i]);
            box_.upper[i] = double(high_[i]);
        }
    }
    T number(int i, bool at_corner) {
        if (at_corner) return r_.next() & 1u << 20 ? low_[i] : high_[i];
        switch (r_.next() >> 61) {
            case 0:
                return low_[i];
            case 1:
                return high_[i];
            case 2:  // what is near zero, where the box has it
                return std::clamp(T(r_.uniform(-1, 1) * double(high_[i]) * r_.magnitude(3)), low_[i], high_[i]);
            default:
                return std::clamp(T(r_.uniform(double(low_[i]), double(high_[i]))), low_[i], high_[i]);
        }
    }
    void try_network(auto const& net) {
        auto const bounds = pm::bounds(net, box_);
        CHECK(bounds.unknown() == "");
        constexpr int results = decltype(bounds)::size;
        std::vector<double> low(results), high(results), least(results, std::numeric_limits<double>::infinity()),
            most(results, -std::numeric_limits<double>::infinity());
        for (int k = 0; k < results; ++k) {
            low[std::size_t(k)] = bounds[k].lo;
            high[std::size_t(k)] = bounds[k].hi;
        }
        auto const evaluate = [&] {
            auto y = net(x_);
            auto const* const of = y.data();
            for (int b = 0; b < batch; ++b)
                for (int k = 0; k < results; ++k) {
                    double const v = double(of[b * results + k]);
                    auto const at = std::size_t(k);
                    if (v < least[at]) least[at] = v;
                    if (v > most[at]) most[at] = v;
                    if (v >= low[at] && v <= high[at]) continue;
                    if (bounds[k].contains(v)) continue;
                    if (all_.outside++ > 4) continue;
                    CAPTURE(all_.networks, k, v, bounds[k].lo, bounds[k].hi, bounds[k].nan);
                    CHECK(bounds[k].contains(v));
                }
            all_.inputs += batch;
            return y;
        };
        long const until = all_.inputs + inputs_of_a_network * factor();
        for (int t = 0; all_.inputs < until; ++t) {
            if (t % 4 == 3) {
                follow_slopes(evaluate, results);
                continue;
            }
            for (int b = 0; b < batch; ++b)
                for (int i = 0; i < size; ++i) x_.data()[b * size + i] = number(i, t % 4 == 0);
            evaluate();
        }
        ++all_.networks;
        auto const watched = static_cast<std::size_t>(r_.next() % results);
        if (!bounds[int(watched)].finite())
            ++all_.infinite;
        else if (high[watched] > low[watched] && most[watched] >= least[watched]) {
            all_.reached += (most[watched] - least[watched]) / (high[watched] - low[watched]);
            ++all_.known;
        }
    }
    // From an input, to the corner that the signs of an output's differences point to, again and again: row i of a
    // batch moves input i alone to its other end.
    void follow_slopes(auto const& evaluate, int results) {
        T at[size];
        auto const k = static_cast<int>(r_.next() % static_cast<unsigned>(results));
        double const direction = r_.one_of(2) ? 1 : -1;
        for (int i = 0; i < size; ++i) at[i] = number(i, false);
        for (int step = 0; step < 4; ++step) {
            for (int b = 0; b < batch; ++b) {
                for (int i = 0; i < size; ++i) x_.data()[b * size + i] = at[i];
                int const moved = b % (size + 1) - 1;
                if (moved >= 0) x_.data()[b * size + moved] = other_end(moved, at[moved]);
                // Copies of the whole round, some inputs elsewhere.
                if (b > size)
                    for (int i = 0; i < size; ++i)
                        if (r_.one_of(8)) x_.data()[b * size + i] = number(i, false);
            }
            auto const y = evaluate();
            double const from = double(y.data()[k]);
            for (int i = 0; i < size && i + 1 < batch; ++i)
                if ((double(y.data()[(i + 1) * results + k]) - from) * direction > 0) at[i] = other_end(i, at[i]);
        }
    }
    T other_end(int i, T x) const { return x - low_[i] > high_[i] - x ? low_[i] : high_[i]; }
};

}  // namespace soundness
