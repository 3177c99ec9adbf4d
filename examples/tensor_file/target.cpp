// A network that a target loads from a file, the target's half, here run on the machine that built it: `paramorph
// header` made digits.hpp of what host.cpp wrote, and the type is that of the values, without the parametrization. Exit
// status 0 if the network says what the host's said, to the rounding of a bfloat16.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>

#include "expected.hpp"
#include "originals.hpp"  // paramorph header originals.safetensors -o originals.hpp

// [readme]
#include "digits.hpp"  // paramorph header digits.safetensors -o digits.hpp --as bfloat16
namespace pm = paramorph;

using model = pm::nn::sequential<pm::nn::linear<64, 32>, pm::nn::relu, pm::nn::linear<32, 10>>;
constexpr pm::frozen<pm::values_from<model, digits::file>> network;  // keys, shapes and types are checked here
static pm::workspace<network> space;
// [readme]

// What was trained, of a file that has it: pm::live makes the weight in each call, here a rotation.
using rotation = pm::nn::linear<8, 8, pm::weight<pm::param::skew, pm::param::cayley>, pm::no_bias>;
constexpr pm::live<pm::originals_from<rotation, originals::file>> live;
static pm::workspace<live> live_space;

static_assert(pm::flash_bytes<network> == 2 * (64 * 32 + 32 + 32 * 10 + 10));

int main() {
    float image[64], logits[10], worst = 0;
    for (int i = 0; i < 64; ++i) image[i] = static_cast<float>(i % 7) / 6;
    bool const ran = network(image, logits, space.bytes).ok();
    for (int k = 0; k < 10; ++k)
        if (auto const d = std::abs(logits[k] - expected[k]); d > worst || d != d) worst = d;

    float const x[8]{3, 4};
    float y[8], squares = 0;
    bool const turned = live(x, y, live_space.bytes).ok();
    for (float const e : y) squares += e * e;
    std::printf("values in 16 bits, where they lie in the file: differs by %g; a rotation leaves the length 5: %g\n",
                double(worst), std::sqrt(double(squares)));
    return ran && worst > 0 && worst < 0.01f && turned && std::abs(squares - 25) < 1e-4f ? 0 : 1;
}
