// What a stranger's firmware does first: include the installed umbrella for targets, and run a frozen network.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed.hpp>

using model = paramorph::nn::linear<2, 2, paramorph::weight<paramorph::param::symmetric>>;
inline constexpr paramorph::network_originals<model> trained{{1, 2, 0, 3, 0, 0}};
constexpr auto network = paramorph::freeze<trained>();

int main() {
    float const x[2]{1, 10};
    float y[2];
    return network(x, y, {}).ok() && y[0] == 21 && y[1] == 32 ? 0 : 1;
}
