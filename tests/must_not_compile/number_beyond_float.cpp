// A number that a float cannot hold, among floats.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/add.hpp>
#include <paramorph/op/base.hpp>

namespace pm = paramorph;

constexpr int outputs() {
    pm::ir::graph g = pm::new_graph<float>();
    auto const x = pm::append_leaf<pm::shape<3>, float>(g, 0);
#ifdef MISTAKE
    auto const y = x + 1e39;
#else
    auto const y = x + 1e38;
#endif
    g.output(y.id);
    return g.output_count;
}
inline constexpr int made = outputs();  // error: a_number_among_floats_must_not_exceed_the_largest_float
