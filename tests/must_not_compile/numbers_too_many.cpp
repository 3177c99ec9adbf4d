// A list of seven numbers for a network of six.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;
using model = pm::nn::sequential<pm::nn::linear<2, 2>>;  // 6 numbers

#ifdef MISTAKE
inline constexpr pm::network_originals<model> numbers{{1, 2, 3, 4, 5, 6, 7}};  // error: network_values, network_originals: the list has too many numbers for the network: 7 given, 6 needed
#else
inline constexpr pm::network_originals<model> numbers{{1, 2, 3, 4, 5, 6}};
#endif

int main() {
    return numbers.of[0] == 1 ? 0 : 1;
}
