// A weight of a network in double beyond the largest bfloat16.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<2, 2, pm::element_type<double>>>;

#ifdef MISTAKE
inline constexpr double number = 1e39;
#else
inline constexpr double number = 3.39e38;
#endif
inline constexpr pm::network_values<model> numbers{{1, number, 3, 4, 0.5, 0.25}};
constexpr auto net = pm::stored_as<pm::bfloat16, numbers>();  // error: stored_as: a number of the network is beyond the largest of pm::bfloat16, 3.39e38; scale the weights
static pm::workspace<net> space;

int main() {
    double const x[2]{1, 2};
    double y[2];
    return net(x, y, space.bytes).ok() ? 0 : 1;
}
