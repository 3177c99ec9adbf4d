// What a network may answer, proved: by the compiler, of a network whose numbers are constants, and at run time, of one
// that was trained. Exit status 0 if what is tried lies within what was proved.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>

#include <paramorph/paramorph.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;
using input = pm::shape<2>;
using model = pm::nn::sequential<pm::nn::linear<2, 3>, pm::nn::tanh, pm::nn::linear<3, 1>>;

// As pm::write_header writes them: a weight [3, 2], a bias [3], a weight [1, 3], a bias [1].
inline constexpr pm::network_values<model> numbers{
    {0.5f, -0.25f, 1, 0.75f, -0.5f, 0.125f, 0.1f, 0, -0.1f, 0.5f, -0.25f, 0.75f, 0.05f}};

// [readme]
constexpr pm::frozen<numbers> controller;
constexpr auto answers = pm::bounds(controller, pm::box<input>::of(-1, 1));
static_assert(answers.within(-1.1, 1.2) && answers.no_nan() && answers.no_overflow());
// [readme]
static_assert(!answers.within(-0.1, 0.1));

// The same in steps, for networks of more layers than compilers evaluate at once.
constexpr auto every_input = pm::box<input>::of(-1, 1);
static_assert(pm::proved_bounds<controller, every_input>.within(-1.1, 1.2));

// The same network with its numbers in 16 bits: what that changes, at most, of any result. And how large the rows of
// numbers may be that its weights multiply, which a network in eight bits is scaled by: inputs up to 1, tanh up to 1.
constexpr pm::frozen<pm::rounded_values<pm::bfloat16, numbers>> rounded;
static_assert(pm::difference(controller, rounded, every_input).within(-0.002, 0.002));
constexpr auto rows = pm::proved_row_ranges<numbers, every_input>;
static_assert(rows.of[0] == 1 && rows.of[2] <= 1.001f);

// And a network of two classes, x and y + 2: how far the second leads, at least, wherever the input is.
inline constexpr pm::network_values<pm::nn::linear<2, 2>> two_classes{{1, 0, 0, 1, 0, 2}};
constexpr pm::frozen<two_classes> classifier;
constexpr auto half = pm::box<input>::of(-0.5, 0.5);
static_assert(pm::proved_margin<classifier, 1, half> > 0.999 && pm::proved_margin<classifier, 1, half> <= 1);

static pm::workspace<controller> space;

int main() {
    bool right = true;
    for (float x = -1; x <= 1; x += 0.125f)
        for (float y = -1; y <= 1; y += 0.125f) {
            float const in[2]{x, y};
            float out[1];
            right = right && controller(in, out, space.bytes).ok() && out[0] >= answers.lower(0) &&
                    out[0] <= answers.upper(0);
        }
    std::printf("proved: from %.4f to %.4f\n", answers.lower(0), answers.upper(0));

    // A network of classes: which one wins near an input, whatever the noise.
    pm::nn::sequential<pm::nn::linear<2, 8>, pm::nn::relu, pm::nn::linear<8, 3>> const classes{pm::seed{2}};
    auto const frozen = pm::freeze(classes);
    xt::xtensor_fixed<float, xt::xshape<2>> const at{0.5f, -0.75f};
    auto const y = frozen(at);
    int best = 0;
    for (int k = 1; k < 3; ++k) best = y(std::size_t(k)) > y(std::size_t(best)) ? k : best;
    double radius = 0;
    while (pm::margin(frozen, best, pm::box<input>::around(at, radius + 0.001)) > 0) radius += 0.001;
    std::printf("class %d wins within %.3f of the input\n", best, radius);
    return right && radius > 0 && !pm::bounds(frozen, pm::box<input>::of(-100, 100)).larger(best) ? 0 : 1;
}
