// Labels of a cross entropy that are not std::int32_t.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using second = pm::symbol<pm::shape<3>, float>;
#else
using second = pm::symbol<pm::shape<3>, std::int32_t>;
#endif
auto f(pm::symbol<pm::shape<3, 4>, float> x, second y) {
    return pm::cross_entropy(x, y);  // error: pick: labels must be std::int32_t
}
