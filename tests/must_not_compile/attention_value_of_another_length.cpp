// A key of another number of places than its value.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/attention.hpp>

namespace pm = paramorph;

pm::nn::multihead_attention<6, 3> const layer;

auto f(pm::symbol<pm::shape<5, 6>, float> query, pm::symbol<pm::shape<4, 6>, float> key,
       [[maybe_unused]] pm::symbol<pm::shape<3, 6>, float> value) {
#ifdef MISTAKE
    return layer.forward(query, key, value);  // error: multihead_attention: query, key and value must be [L, 6], [S, 6] and [S, 6], or all with one number of batches before: they are [5, 6], [4, 6] and [3, 6]
#else
    return layer.forward(query, key, key);
#endif
}
