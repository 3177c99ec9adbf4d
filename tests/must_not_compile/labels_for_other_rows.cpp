// As many labels as classes instead of rows.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using second = pm::symbol<pm::shape<4>, std::int32_t>;
#else
using second = pm::symbol<pm::shape<3>, std::int32_t>;
#endif
auto f(pm::symbol<pm::shape<3, 4>, float> x, second y) {
    return pm::cross_entropy(
        x, y);  // error: pick: x must be a matrix and labels a vector with one label for each of its rows
}
