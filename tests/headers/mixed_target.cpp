// The file of a program that includes the umbrella of targets: see mixed_host.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include "mixed.hpp"

#include <paramorph/embed.hpp>

namespace {

using layer = paramorph::nn::linear<4, 4, paramorph::weight<paramorph::param::symmetric>>;
inline constexpr paramorph::network_originals<layer> originals{
    {1, 2, 3, 4, 0, 5, 6, 7, 0, 0, 8, 9, 0, 0, 0, 1, 0, 0, 0, 0}};
constexpr paramorph::live<originals> network;
paramorph::workspace<network> space;

}  // namespace

answers on_the_target() {
    namespace pm = paramorph;
    answers a{};
    pm::random random{pm::seed{1}};
    a.drawn = static_cast<float>(random.uniform(-1, 1));
    a.tensor_bytes = sizeof(pm::tensor<pm::shape<64, 64>>);
    float x[4]{1, 1, 1, 1};
    a.refused = !network(x, x, space.bytes);
    if (!network(x, a.result, space.bytes)) a.result[0] = 0;
    return a;
}
