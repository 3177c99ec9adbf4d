// A program that gives more results than the library holds.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int count = 257;
#else
constexpr int count = 256;
#endif

constexpr int outputs = [] {
    pm::ir::graph g = pm::new_graph<float>();
    auto const x = pm::append_leaf<pm::shape<3>, float>(g, 0);
    for (int k = 0; k < count; ++k) g.output(x.id);
    return g.output_count;
}();  // error: a_program_has_more_than_256_outputs
static_assert(outputs == count);
