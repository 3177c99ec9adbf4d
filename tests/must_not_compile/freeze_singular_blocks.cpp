// A larger matrix without an inverse, which is computed in parts.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/freeze.hpp>
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct inverted {
    static constexpr auto forward(auto x) { return pm::inverse(x); }
};
using model = pm::nn::linear<36, 36, pm::weight<inverted>, pm::no_bias>;
constexpr pm::network_originals<model> made() {
    pm::network_originals<model> x{};
#ifdef MISTAKE
    constexpr int last = 35;  // error: freeze: inverse: the matrix is singular
#else
    constexpr int last = 36;
#endif
    for (int i = 0; i < last; ++i) x.of[i * 37] = 2;
    return x;
}
inline constexpr auto originals = made();
inline constexpr auto net = pm::freeze<originals>();
