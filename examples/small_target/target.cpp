// A network for a small target, the target's half, here run on the machine that built it: what host.cpp wrote. Exit
// status 0 if the network whose values the host computed, the one that the compiler froze and those in 16 and in eight
// bits say the same, and what is not finite is refused.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>

#include "trained.hpp"

namespace pm = paramorph;

// [readme]
#include "digits.hpp"
static pm::workspace<digits::network> space;  // all the RAM it needs: a constant
static_assert(pm::ram_bytes<digits::network> <= 512 && pm::flash_bytes<digits::network> <= 36 * 1024);

pm::status read_digit(float const (&image)[64], float (&logits)[10]) {
    return digits::network(image, logits, space.bytes);  // NaN in the image, too small a workspace: a status
}

constexpr auto frozen = pm::freeze<trained::originals>();               // weights by constant evaluation, up to 64 x 64
constexpr auto half = pm::stored_as<pm::bfloat16, digits::values>();    // 16 bits, or pm::float16; computes in float
constexpr auto quarter = pm::stored_as<std::int8_t, digits::values>();  // 8 bits, a scale a row; in float, too
constexpr auto small = pm::quantize<digits::values>();                  // eight bits, integer products
// [readme]

static_assert(2 * pm::flash_bytes<half> == pm::flash_bytes<digits::network>);
static_assert(3 * pm::flash_bytes<quarter> < pm::flash_bytes<digits::network>);
static pm::workspace<small> small_space;

int main() {
    float image[64], by_host[10], by_compiler[10], in_eight_bits[10], in_sixteen[10], in_float_of_eight[10];
    float difference = 0, rounding = 0, half_rounding = 0, quarter_rounding = 0;
    for (int i = 0; i < 64; ++i) image[i] = static_cast<float>(i % 7) / 6;
    bool good = read_digit(image, by_host).ok() && frozen(image, by_compiler, space.bytes).ok() &&
                half(image, in_sixteen, space.bytes).ok() && quarter(image, in_float_of_eight, space.bytes).ok() &&
                small(image, in_eight_bits, small_space.bytes).ok();
    for (int k = 0; k < 10; ++k) {
        if (auto const d = std::abs(by_compiler[k] - by_host[k]); d > difference || d != d) difference = d;
        if (auto const d = std::abs(in_eight_bits[k] - by_host[k]); d > rounding || d != d) rounding = d;
        if (auto const d = std::abs(in_sixteen[k] - by_host[k]); d > half_rounding || d != d) half_rounding = d;
        if (auto const d = std::abs(in_float_of_eight[k] - by_host[k]); d > quarter_rounding || d != d)
            quarter_rounding = d;
    }
    image[0] = std::numeric_limits<float>::quiet_NaN();
    pm::status const refused = read_digit(image, by_host);
    std::printf(
        "frozen by the compiler: differs by %g; in 16 bits: by %g; stored in eight: by %g; computed in eight: by %g; "
        "NaN: %s\n",
        double(difference), double(half_rounding), double(quarter_rounding), double(rounding),
        refused.ok() ? "TAKEN" : refused.failed);
    return good && difference < 1e-5f && half_rounding < 0.01f && quarter_rounding < 0.02f && rounding < 0.02f &&
                   !refused.ok()
               ? 0
               : 1;
}
