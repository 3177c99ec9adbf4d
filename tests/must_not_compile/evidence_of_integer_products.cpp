// Evidence of a network that multiplies integers.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <paramorph/paramorph.hpp>
#include <paramorph/prove/evidence.hpp>

namespace pm = paramorph;

using model = pm::nn::linear<2, 2>;
constexpr pm::network_values<model> values{{1, 2, 3, 4, 5, 6}};
#ifdef MISTAKE
constexpr auto net = pm::quantize<values>();
#else
constexpr auto net = pm::stored_as<std::int8_t, values>();
#endif
auto const page = pm::evidence<>(net);  // error: evidence: no bounds are known of integer products, by which linear<2, 2> is computed
