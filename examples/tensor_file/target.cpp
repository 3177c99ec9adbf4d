// A network that a target loads from a file, the target's half, here run on the machine that built it: `paramorph
// header` made digits.hpp of what host.cpp wrote, and the type is that of the values, without the parametrization. Exit
// status 0 if the network says what the host's said, to the rounding of a bfloat16.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include "expected.hpp"

// [readme]
#include "digits.hpp"  // paramorph header digits.safetensors -o digits.hpp --as bfloat16
namespace pm = paramorph;

using model = pm::nn::sequential<pm::nn::linear<64, 32>, pm::nn::relu, pm::nn::linear<32, 10>>;
constexpr pm::frozen<pm::values_from<model, digits::file>> network;  // keys, shapes and types are checked here
static pm::workspace<network> space;
// [readme]

// What was trained, of a file that has it, in the network's own type: pm::live makes the weights in each call. Without
// parametrizations these are the same numbers.
constexpr pm::live<pm::originals_from<model, digits::file>> live;
static pm::workspace<live> live_space;

static_assert(pm::flash_bytes<network> == 2 * (64 * 32 + 32 + 32 * 10 + 10));

int main() {
    float image[64], logits[10], by_live[10], worst = 0;
    for (int i = 0; i < 64; ++i) image[i] = static_cast<float>(i % 7) / 6;
    bool const ran = network(image, logits, space.bytes).ok() && live(image, by_live, live_space.bytes).ok();
    bool same = true;
    for (int k = 0; k < 10; ++k) same = same && by_live[k] == logits[k];
    for (int k = 0; k < 10; ++k)
        if (auto const d = std::abs(logits[k] - expected[k]); d > worst || d != d) worst = d;
    std::printf("values in 16 bits, where they lie in the file: differs by %g\n", double(worst));
    return ran && same && worst > 0 && worst < 0.01f ? 0 : 1;
}
