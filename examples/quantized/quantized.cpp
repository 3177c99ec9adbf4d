// Digits in eight bits, without data: how far the results may be from those in float, proved for all pixels near a
// digit; what a search finds there, by corners, random pixels, and pixels that move one after the other to where the
// rounding of the rows adds up; scales of rows that are fixed from bounds, and how many digits are read with them.
//
// Prints what is found over what is proved. Exit status 0 if nothing found exceeds what is proved, a tenth of it is
// found at least, and eight bits read the digits that float reads but for one in a hundred.
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

// The largest error of any result that is found within a box: from corners, from random pixels, and from some inputs
// on, pixel by pixel, to the ends and to both sides of where the rounding of a row turns, until none gains.
double search(auto const& frozen, pixel_box const& box, std::vector<pixels> const& from, pm::random& numbers_drawn) {
    double worst = 0;
    auto const error_of = [&](pixels const& x, int k) {
        auto const y = frozen(x);
        auto const z = answers<found_scales>(x);
        for (std::size_t i = 0; i < classes; ++i) {
            double const e = std::abs(double(y(i)) - double(z[i]));
            if (e > worst || e != e) worst = e;
        }
        return double(y(std::size_t(k))) - double(z[std::size_t(k)]);
    };
    auto const drawn = [&](int i) { return float(numbers_drawn.uniform(box.lower[i], box.upper[i])); };
    for (int start = 0; start < 8 + int(from.size()); ++start) {
        int const k = numbers_drawn.below(classes);
        double const sign = start % 2 == 0 ? 1 : -1;
        pixels x;
        for (int i = 0; i < pixel_count; ++i) {
            float const low = float(box.lower[i]), high = float(box.upper[i]);
            x(std::size_t(i)) = start < 4   ? numbers_drawn.below(2) == 0 ? low : high
                                : start < 8 ? drawn(i)
                                            : std::clamp(from[std::size_t(start - 8)](std::size_t(i)), low, high);
        }
        double best = sign * error_of(x, k);
        double before_round = -1;
        for (int round = 0; round < 12 && best > before_round * 1.01; ++round) {
            before_round = best;
            for (int i = 0; i < pixel_count; ++i)
                for (int t = 0; t < 14; ++t) {
                    float& p = x(std::size_t(i));
                    float const before = p;
                    p = t == 0 ? float(box.lower[i]) : t == 1 ? float(box.upper[i]) : drawn(i);
                    if (t > 3) {
                        float const scale = *std::max_element(x.begin(), x.end()) / 127;
                        float const half = (std::floor(before / scale) + float(t / 2 - 4) + 0.5f) * scale;
                        p = std::clamp(half * (t % 2 ? 1.0001f : 0.9999f), float(box.lower[i]), float(box.upper[i]));
                    }
                    double const e = sign * error_of(x, k);
                    if (e > best)
                        best = e;
                    else
                        p = before;
                }
        }
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
    double least = 1;
    auto const held_out = training.held_out();
    std::vector<pixels> digits_to_begin_with(24);
    for (std::size_t k = 0; k < digits_to_begin_with.size(); ++k)
        std::ranges::copy(all.image(held_out[k]), digits_to_begin_with[k].begin());
    auto const compare = [&](char const* what, pixel_box const& box) {
        double const proved = pm::quantization_error_of(frozen, box),
                     found = search(frozen, box, digits_to_begin_with, drawn);
        std::printf("%s: at most %.3f is proved, %.3f is found: %.2f\n", what, proved, found, found / proved);
        holds = holds && found <= proved;
        return found / proved;
    };
    for (int k = 0; k < 5; ++k) {
        pixels x;
        std::ranges::copy(all.image(held_out[std::size_t(k)]), x.begin());
        double const ratio = compare("within 0.02 of a digit", pixel_box::around(x, 0.02));
        if (ratio < least || ratio != ratio) least = ratio;
    }
    compare("any pixels", every_pixel);

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
    return holds && least >= 0.1 && 100 * (in_float - scales_found) <= count && 100 * (in_float - scales_fixed) <= count
               ? 0
               : 1;
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
