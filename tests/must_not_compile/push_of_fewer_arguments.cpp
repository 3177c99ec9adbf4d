// A derivative rule that forgets an argument of what it pushes.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/base.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

inline constexpr pm::ir::graph traced = [] {
    pm::ir::graph g = pm::new_graph<float>();
    auto const x = pm::append_leaf<pm::shape<3>, float>(g, 0);
#ifdef MISTAKE
    g.output(push<pm::op::multiply>(g, x.id));  // error: push: give as many arguments as the operation has
#else
    g.output(push<pm::op::multiply>(g, x.id, x.id));
#endif
    return g;
}();
