// The recurrent network, frozen on the host. The compiler for the target proves of a smaller one what the host's does:
// bounds of scans by frames, and the error of eight bits.
// SPDX-License-Identifier: BSL-1.0
#include "recurrent.hpp"

#include <boost/hana/adapt_struct.hpp>
#include <paramorph/prove/quantization_error.hpp>

#include "variant.hpp"

VARIANT(recurrent::network)

struct sequence {
    using input_shape = paramorph::shape<1, 2, 2>;
    paramorph::nn::gru<2, 3, paramorph::batch_first> layer;
    constexpr auto forward(auto x) const { return std::get<0>(layer(x)); }
};
BOOST_HANA_ADAPT_STRUCT(sequence, layer);
constexpr paramorph::network_values<sequence> in_parts() {
    paramorph::network_values<sequence> v{};
    for (int i = 0; i < v.count; ++i) v.of[i] = float(i * 37 % 127 - 63) / 127;
    return v;
}
inline constexpr auto numbers = in_parts();
constexpr paramorph::frozen<numbers> small;
constexpr auto frames = paramorph::box<paramorph::shape<1, 2, 2>>::of(-1, 1);
static_assert(paramorph::proved_bounds<small, frames>.within(-1.5, 1.5) &&
              paramorph::proved_bounds<small, frames>.no_overflow());
static_assert(paramorph::quantization_error<small, frames> < 0.05);
