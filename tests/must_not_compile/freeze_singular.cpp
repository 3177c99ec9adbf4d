// Originals whose value does not exist.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/embed/freeze.hpp>
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

struct inverted {
    static constexpr auto forward(auto x) { return pm::inverse(x); }
};
using model = pm::nn::linear<2, 2, pm::weight<inverted>, pm::no_bias>;
#ifdef MISTAKE
inline constexpr pm::network_originals<model> originals{
    {1, 2, 2, 4}};  // error: freeze: an operation's requirement does not hold
#else
inline constexpr pm::network_originals<model> originals{{1, 2, 2, 5}};
#endif
inline constexpr auto net = pm::freeze<originals>();
