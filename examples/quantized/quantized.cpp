// Digits in eight bits, without data: how far the results may be from those in float, proved for all pixels near a
// digit, and for any pixels; what a search finds there, by random pixels, by corners where the rounding of the rows can
// add up to most, and by pixels that move one after the other to where it does; scales of rows that are fixed from
// bounds, and how many digits are read with them.
//
// Prints what is found over what is proved. Exit status 0 if nothing found exceeds what is proved, a fifth of it is
// found near digits, a twelfth of any pixels, and eight bits read the digits that float reads but for one in a hundred.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <vector>

#include <paramorph/prove.hpp>

#include "../digits/training.hpp"

namespace {

namespace pm = paramorph;
using namespace digits;

// A small network whose numbers are a constant: the compiler proves.
using small = pm::nn::sequential<pm::nn::linear<2, 3>, pm::nn::tanh, pm::nn::linear<3, 1>>;
inline constexpr pm::network_values<small> numbers{
    {0.5f, -0.25f, 1, 0.75f, -0.5f, 0.125f, 0.1f, 0, -0.1f, 0.5f, -0.25f, 0.75f, 0.05f}};

// [quantization]
constexpr pm::frozen<numbers> controller;
constexpr auto states = pm::box<pm::shape<2>>::of(-1, 1);
static_assert(pm::quantization_error<controller, states> < 0.013);

// Scales of rows from bounds over the box: no call looks for them.
constexpr auto in_eight_bits = pm::quantize<numbers, states>();
static_assert(pm::proved_difference<controller, in_eight_bits, states>.within(-0.013, 0.013));
// [quantization]

using network = compared_network;
using pixels = xt::xtensor_fixed<float, xt::xshape<pixel_count>>;
using in = pm::input<pm::shape<pixel_count>>;
using pixel_box = pm::box<pm::shape<pixel_count>>;

// In static memory, as a network on a target has them.
pm::network_int8<network, in> found_scales{pm::network_values<network>{}};
pm::network_int8<network, in, true> fixed_scales{pm::network_values<network>{}};

template <auto const& Numbers>
std::array<float, classes> answers(pixels const& x) {
    constexpr pm::network_on_target<Numbers> net;
    static pm::workspace<net> space;
    std::array<float, classes> y;
    if (!net(std::span<float const, pixel_count>(x.data(), pixel_count), y, space.bytes))
        throw std::runtime_error("the network in eight bits refuses an input");
    return y;
}
template <auto const& Numbers>
int most_likely_of(pixels const& x) {
    auto const y = answers<Numbers>(x);
    return static_cast<int>(std::max_element(y.begin(), y.end()) - y.begin());
}

// How far result k at x may be off where every rounding goes the worse way: half a scale for each number of a row that
// is not zero, times the slope of the result.
double could_add_up(pm::network_values<network> const& values, pixels const& x, int k) {
    using numbers_of_row = std::array<float, pixel_count>;
    auto const weight = [&](int layer) { return values.of + values.begin(2 * layer); };
    numbers_of_row rows[3], slopes;
    std::ranges::copy(x, rows[0].begin());
    for (int layer = 0; layer < 2; ++layer)
        for (int j = 0; j < pixel_count; ++j) {
            float sum = values.of[values.begin(2 * layer + 1) + j];
            for (int i = 0; i < pixel_count; ++i)
                sum += weight(layer)[j * pixel_count + i] * rows[layer][std::size_t(i)];
            rows[layer + 1][std::size_t(j)] = std::max(sum, 0.0f);
        }
    std::copy_n(weight(2) + k * pixel_count, pixel_count, slopes.begin());
    double all = 0;
    for (int layer = 2;; --layer) {
        double sum = 0;
        numbers_of_row before{};
        for (std::size_t j = 0; j < pixel_count; ++j) {
            if (layer > 0 && rows[layer][j] == 0) continue;
            sum += std::abs(slopes[j]);
            for (std::size_t i = 0; layer > 0 && i < pixel_count; ++i)
                before[i] += slopes[j] * weight(layer - 1)[j * pixel_count + i];
        }
        all += sum * double(*std::ranges::max_element(rows[layer])) / 254;
        if (layer == 0) return all;
        slopes = before;
    }
}

// Moves pixels one after the other, move(x, i, t) for each of some tries, and keeps what makes height(x) larger, for
// some rounds or until one gains little.
double climb(pixels& x, int rounds, int tries, auto const& height, auto const& move) {
    double best = height(x), before_round = -1;
    for (int round = 0; round < rounds && best > before_round * 1.002; ++round) {
        before_round = best;
        for (int i = 0; i < pixel_count; ++i)
            for (int t = 0; t < tries; ++t) {
                float const before = x(std::size_t(i));
                x(std::size_t(i)) = move(x, i, t);
                double const h = height(x);
                if (h > best)
                    best = h;
                else
                    x(std::size_t(i)) = before;
            }
    }
    return best;
}

// The largest error of any result that is found within a box: from random pixels, from some inputs, and from the
// corners where most can add up, pixel by pixel, to the ends, to places near and far, and to both sides of where the
// rounding of a row turns.
double search(auto const& frozen, pm::network_values<network> const& values, pixel_box const& box,
              std::vector<pixels> const& from, std::size_t corners, pm::random& numbers_drawn) {
    struct start {
        pixels x;
        int k;
        double height = 0;
    };
    auto const low = [&](int i) { return float(box.lower[i]); };
    auto const high = [&](int i) { return float(box.upper[i]); };
    auto const drawn = [&](int i, float from_here, float to_there) {
        return std::clamp(float(numbers_drawn.uniform(from_here, to_there)), low(i), high(i));
    };
    std::vector<start> starts(192);
    for (start& s : starts) {
        s.k = numbers_drawn.below(classes);
        for (int i = 0; i < pixel_count; ++i) s.x(std::size_t(i)) = numbers_drawn.below(2) == 0 ? low(i) : high(i);
        s.height = climb(
            s.x, 5, 1, [&](pixels const& x) { return could_add_up(values, x, s.k); },
            [&](pixels const& x, int i, int) { return x(std::size_t(i)) == low(i) ? high(i) : low(i); });
    }
    std::ranges::sort(starts, std::greater{}, &start::height);
    starts.resize(corners);
    for (pixels const& x : from) starts.push_back({x, numbers_drawn.below(classes)});
    for (int i = 0; i < 4; ++i) starts.push_back({from[std::size_t(i)], numbers_drawn.below(classes)});
    for (std::size_t s = starts.size() - 4; s < starts.size(); ++s)
        for (int i = 0; i < pixel_count; ++i) starts[s].x(std::size_t(i)) = drawn(i, low(i), high(i));

    double worst = 0;
    for (start const& s : starts)
        for (double const sign : {1.0, -1.0}) {
            pixels x = s.x;
            for (int i = 0; i < pixel_count; ++i) x(std::size_t(i)) = std::clamp(x(std::size_t(i)), low(i), high(i));
            auto const error_of = [&](pixels const& at) {
                auto const y = frozen(at);
                auto const z = answers<found_scales>(at);
                for (std::size_t i = 0; i < classes; ++i) {
                    double const e = std::abs(double(y(i)) - double(z[i]));
                    if (e > worst || e != e) worst = e;
                }
                return sign * (double(y(std::size_t(s.k))) - double(z[std::size_t(s.k)]));
            };
            climb(x, 20, 12, error_of, [&](pixels const& at, int i, int t) {
                float const before = at(std::size_t(i));
                if (t == 0) return 2 * before < low(i) + high(i) ? high(i) : low(i);
                if (t < 3) return drawn(i, low(i), high(i));
                if (t < 8) {
                    float const near =
                        (high(i) - low(i)) * std::array{0.005f, 0.02f, 0.05f, 0.2f, 0.5f}[std::size_t(t - 3)];
                    return drawn(i, before - near, before + near);
                }
                float const scale = *std::max_element(at.begin(), at.end()) / 127,
                            half = (std::floor(before / scale) + float(t / 2 - 4) - 0.5f) * scale;
                return std::clamp(half * (t % 2 != 0 ? 1.0001f : 0.9999f), low(i), high(i));
            });
        }
    return worst;
}

int run() {
    dataset const all = read_digits(DIGITS_DATA);
    trainer<network> training(all, 0, 360);
    for (int e = 0; e < 30; ++e) training.epoch(falling(e, 30));
    auto const frozen = pm::freeze(training.network());
    pm::random drawn{pm::seed{3}};

    auto values = std::make_unique<pm::network_values<network>>();
    for (int k = 0; k < values->parts; ++k)
        std::copy_n(frozen.data(k), values->begin(k + 1) - values->begin(k), values->of + values->begin(k));
    pixel_box const every_pixel = pixel_box::of(0, 1);
    found_scales = pm::network_int8<network, in>(*values);
    fixed_scales = pm::network_int8<network, in, true>(*values, pm::row_ranges_of(frozen, every_pixel));

    bool holds = true;
    auto const held_out = training.held_out();
    std::vector<pixels> digits_to_begin_with(8);
    for (std::size_t k = 0; k < digits_to_begin_with.size(); ++k)
        std::ranges::copy(all.image(held_out[k]), digits_to_begin_with[k].begin());
    auto const compare = [&](char const* what, pixel_box const& box, std::size_t corners, double at_least) {
        double const proved = pm::quantization_error_of(frozen, box),
                     found = search(frozen, *values, box, digits_to_begin_with, corners, drawn);
        std::printf("%s: at most %.3f is proved, %.3f is found: %.2f\n", what, proved, found, found / proved);
        holds = holds && found <= proved && found / proved >= at_least;
    };
    for (int k = 0; k < 5; ++k) {
        pixels x;
        std::ranges::copy(all.image(held_out[std::size_t(k)]), x.begin());
        compare("within 0.02 of a digit", pixel_box::around(x, 0.02), 6, 0.2);
    }
    compare("any pixels", every_pixel, 48, 0.08);

    int in_float = 0, scales_found = 0, scales_fixed = 0;
    for (int const row : held_out) {
        pixels x;
        std::ranges::copy(all.image(row), x.begin());
        int const label = all.labels[std::size_t(row)];
        auto const y = frozen(x);
        in_float += std::max_element(y.begin(), y.end()) - y.begin() == label;
        scales_found += most_likely_of<found_scales>(x) == label;
        scales_fixed += most_likely_of<fixed_scales>(x) == label;
    }
    int const count = static_cast<int>(held_out.size());
    std::printf("digits read, of %d: %d in float, %d in eight bits, %d at fixed scales\n", count, in_float,
                scales_found, scales_fixed);
    return holds && 100 * (in_float - scales_found) <= count && 100 * (in_float - scales_fixed) <= count ? 0 : 1;
}

}  // namespace

int main() {
    try {
        return run();
    } catch (std::exception const& e) {
        std::fprintf(stderr, "quantized: %s\n", e.what());
        return 2;
    }
}
