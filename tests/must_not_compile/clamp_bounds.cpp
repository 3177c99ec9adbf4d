// A clamp whose bounds are exchanged.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/base.hpp>
#include <paramorph/op/clamp.hpp>

namespace pm = paramorph;

constexpr int outputs = [] {
    pm::ir::graph g = pm::new_graph<float>();
    auto const x = pm::append_leaf<pm::shape<3>, float>(g, 0);
#ifdef MISTAKE
    auto const y = pm::clamp(x, 1, -1);
#else
    auto const y = pm::clamp(x, -1, 1);
#endif
    g.output(y.id);
    return g.output_count;
}();  // error: clamp_takes_the_lower_bound_first
static_assert(outputs == 1);
