// A program of more nodes than the library holds.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/multiply.hpp>
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int count = 2100;
#else
constexpr int count = 1000;
#endif

constexpr int nodes = [] {
    pm::ir::graph g = pm::new_graph<float>();
    auto x = pm::append_leaf<pm::shape<3>, float>(g, 0);
    for (int k = 0; k < count; ++k) x = {x.traced, (x * (k + 2.0)).id};
    return g.size;
}();  // error: the_graph_has_more_than_4096_nodes_split_the_network_or_the_chain
static_assert(nodes == 2 * count + 1);
