// A type that is none of 16 bits.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<2, 2>>;

#ifdef MISTAKE
using type = float;
#else
using type = pm::bfloat16;
#endif
inline constexpr pm::network_values<model> numbers{{1, 2, 3, 4, 0.5f, 0.25f}};
constexpr auto net = pm::stored_as<type, numbers>();  // error: stored_as: a network is stored as pm::bfloat16, pm::float16 or std::int8_t
static pm::workspace<net> space;

int main() {
    float const x[2]{1, 2};
    float y[2];
    return net(x, y, space.bytes).ok() ? 0 : 1;
}
