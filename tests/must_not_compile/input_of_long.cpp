// An input of 64-bit integers.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/expr/symbol.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using element = long;  // error: an input's elements must be float, double or std::int32_t
#else
using element = std::int32_t;
#endif
auto f(pm::ir::graph& g) {
    return pm::append_leaf<pm::shape<3>, element>(g, 0).id;
}
