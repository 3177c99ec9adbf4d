// What was trained, instead of the values that it gives.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<2, 2, pm::weight<pm::param::symmetric>>>;

inline constexpr pm::network_originals<model> trained{{1, 2, 3, 4, 0.5f, 0.25f}};
#ifdef MISTAKE
inline constexpr auto const& numbers = trained;
#else
inline constexpr auto const& numbers = pm::frozen_values<trained>;
#endif
constexpr auto net = pm::stored_as<pm::bfloat16, numbers>();  // error: stored_as: give the values of a network, pm::stored_as<pm::bfloat16, digits::values>(); of what was trained these are pm::frozen_values<trained::originals>
static pm::workspace<net> space;

int main() {
    float const x[2]{1, 2};
    float y[2];
    return net(x, y, space.bytes).ok() ? 0 : 1;
}
