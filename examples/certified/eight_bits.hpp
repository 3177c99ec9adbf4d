// The network of examples/certified, how it is trained, and the same in eight bits: as it runs on a target, and how far
// its results may be from those in float.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>

#include <paramorph/prove.hpp>

#include "../digits/training.hpp"

namespace certified {

namespace pm = paramorph;
using digits::classes, digits::pixel_count;

template <int Out>
using rotation = pm::nn::linear<64, Out, pm::weight<pm::param::orthogonal<pm::param::orthogonal_map::cayley>>>;
using network =
    pm::nn::sequential<rotation<64>, pm::nn::group_sort<>, rotation<64>, pm::nn::group_sort<>, rotation<classes>>;

// Results of a network that may not stretch are small: the softmax reads them enlarged.
struct enlarged_loss {
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::cross_entropy(3.0 * net(x), t); }
};
inline void train(auto& trainer) {
    constexpr int epochs = 24;
    for (int k = 0; k < epochs; ++k) trainer.epoch(k < 2 * epochs / 3 ? 1 : 0.2);
}

using pixels = xt::xtensor_fixed<float, xt::xshape<pixel_count>>;
using scores = xt::xtensor_fixed<float, xt::xshape<classes>>;
using frozen_network = decltype(pm::freeze(std::declval<network const&>()));

inline double length_of(auto const& x) {
    double s = 0;
    for (auto const e : x) s += double(e) * e;
    return std::sqrt(s);
}

// The integers, in static memory, as a network on a target has them.
using integers = pm::network_int8<network, pm::input<pm::shape<pixel_count>>>;
inline integers numbers{pm::network_values<network>{}};

class in_eight_bits {
  public:
    explicit in_eight_bits(frozen_network const& net) {
        auto values = std::make_unique<pm::network_values<network>>();
        for (int k = 0; k < 6; ++k)
            std::copy_n(net.data(k), pm::network_values<network>::begin(k + 1) - pm::network_values<network>::begin(k),
                        values->of + pm::network_values<network>::begin(k));
        numbers = integers(*values);
        for (int l = 0; l < 3; ++l) {
            off_[l] = weights_off(net.data(2 * l), 2 * l, outputs_of(l));
            norm_[l] = norm_bound(off_[l], outputs_of(l));
        }
    }
    scores operator()(pixels const& x) const {
        static pm::workspace<target> space;
        scores y;
        if (!target(std::span<float const, 64>(x.data(), 64), std::span<float, 10>(y.data(), 10), space.bytes))
            throw std::runtime_error("the network in eight bits refuses an input");
        return y;
    }
    // How far the results are from those of the network in float, all together (2-norm), for any input within a radius
    // of x, but for what either rounds in float. A row loses at most half a scale of each of its 64 numbers. What the
    // weights are off by is known: of the row at x as it is, beyond that by their norm, and no row moves further than
    // the input does. Neither is enlarged behind there beyond the network's own constant, which a box of inputs does
    // not know: pm::quantization_error for one that holds all these inputs is several times as large.
    double distance_from_float(frozen_network const& net, pixels const& x, double radius) const {
        std::vector<double> row(x.begin(), x.end());
        double error = 0, reach = radius;
        for (int l = 0; l < 3; ++l) {
            double largest = 0;
            for (double const e : row) largest = std::max(largest, std::abs(e));
            double const lost = 8 * (largest + reach + error) / 254 * 1.0001;
            int const outputs = outputs_of(l);
            float const *const w = net.data(2 * l), *const b = net.data(2 * l + 1);
            std::vector<double> next(static_cast<std::size_t>(outputs));
            double known = 0;
            for (int j = 0; j < outputs; ++j) {
                double sum = double(b[j]), off = 0;
                for (int k = 0; k < 64; ++k) {
                    sum += double(w[64 * j + k]) * row[std::size_t(k)];
                    off += off_[l][std::size_t(64 * j + k)] * row[std::size_t(k)];
                }
                next[std::size_t(j)] = sum;
                known += off * off;
            }
            error = (1.01 + norm_[l]) * (error + lost) + 1.0001 * std::sqrt(known) + norm_[l] * reach;
            row = next;
            for (std::size_t k = 0; l < 2 && k < row.size(); k += 2)
                if (row[k] > row[k + 1]) std::swap(row[k], row[k + 1]);
            reach = 1.01 * reach + 1e-4;
        }
        scores const y = net(x);
        for (std::size_t k = 0; k < row.size(); ++k)
            if (!(std::abs(row[k] - double(y(k))) < 1e-3)) throw std::runtime_error("another network is followed here");
        return error;
    }

  private:
    static constexpr pm::network_on_target<numbers> target{};
    std::vector<double> off_[3];
    double norm_[3];

    static int outputs_of(int layer) { return layer < 2 ? 64 : classes; }
    // What the integers times their scales are off by, of tensor k, [rows, 64].
    static std::vector<double> weights_off(float const* weight, int k, int rows) {
        std::vector<double> d(std::size_t(rows) * 64);
        std::int32_t const* const words = numbers.words.of + integers::plan::chosen.words[k];
        float const* const scales = numbers.scales.of + integers::plan::chosen.scales[k];
        for (int i = 0; i < rows * 64; ++i) {
            auto const q = static_cast<std::int8_t>(static_cast<std::uint32_t>(words[i / 4]) >> (8 * (i % 4)) & 255u);
            d[std::size_t(i)] = double(q) * double(scales[i / 64]) - double(weight[i]);
        }
        return d;
    }
    // At least the 2-norm of d: the length of the matrix (d' d)^8, to the power of 1 / 16.
    static double norm_bound(std::vector<double> const& d, int rows) {
        std::vector<double> g(64 * 64), next(64 * 64);
        for (std::size_t i = 0; i < 64; ++i)
            for (std::size_t j = 0; j < 64; ++j)
                for (std::size_t r = 0; r < std::size_t(rows); ++r) g[64 * i + j] += d[64 * r + i] * d[64 * r + j];
        double scale = 1;
        for (int power = 1; power < 8; power *= 2) {
            double const size = length_of(g);
            if (size == 0) return 0;
            scale *= std::pow(size, 1.0 / power);
            for (double& e : g) e /= size;
            std::fill(next.begin(), next.end(), 0.0);
            for (std::size_t i = 0; i < 64; ++i)
                for (std::size_t r = 0; r < 64; ++r)
                    for (std::size_t j = 0; j < 64; ++j) next[64 * i + j] += g[64 * i + r] * g[64 * r + j];
            g = next;
        }
        return std::sqrt(scale * std::pow(length_of(g), 1.0 / 8)) * 1.000001;
    }
};

}  // namespace certified
