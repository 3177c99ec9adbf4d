// Bounds of the difference of two networks against their programs: random networks, weights and inputs from 1e-20 to
// 1e20, boxes from a point to all of it; a network in eight bits, in 16 bits, one that computes its weights, and one
// with other weights, each beside the one that is frozen in float. No difference that is found may lie outside.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>

#include "../sound_difference.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/group_sort.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/residual.hpp"
#include "paramorph/nn/sequential.hpp"

namespace {

using namespace pm::nn;
using namespace sound;

constexpr int quick = 32;

void in_eight_bits(int tries) {
    using plain = sequential<linear<16, 33>, relu, linear<33, 24>, pm::nn::tanh, linear<24, 7>>;
    try_differences<plain, pm::shape<16>, with_eight_bits>(1, 24, 20, tries);
    using sorted = sequential<linear<12, 20>, group_sort<>, residual<linear<20, 20>, gelu>, linear<20, 6>, sigmoid>;
    try_differences<sorted, pm::shape<12>, with_eight_bits>(2, 24, 20, tries);
}
void at_scales(int tries) {
    using plain = sequential<linear<16, 33>, relu, linear<33, 24>, pm::nn::tanh, linear<24, 7>>;
    try_differences<plain, pm::shape<16>, with_fixed_scales>(4, 32, 20, tries);
}
void in_sixteen_bits(int tries) {
    using net = sequential<linear<12, 20>, silu, linear<20, 20>, softplus, linear<20, 6>, softmax<>>;
    try_differences<net, pm::shape<12>, with_sixteen_bits>(3, 16, 18, tries);
}

}  // namespace

TEST_CASE("differences hold: eight bits") {
    in_eight_bits(quick);
}
TEST_CASE("differences hold: eight bits at fixed scales") {
    at_scales(quick);
}
TEST_CASE("differences hold: 16 bits") {
    in_sixteen_bits(quick);
}
// Minutes: run by name.
TEST_CASE("differences hold: a longer search", "[.long]") {
    in_eight_bits(200 * quick);
    at_scales(200 * quick);
    in_sixteen_bits(200 * quick);
}
