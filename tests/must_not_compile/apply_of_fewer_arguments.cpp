// An operation that is applied to fewer tensors than it takes.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/op/base.hpp>
#include <paramorph/op/multiply.hpp>

namespace pm = paramorph;

inline constexpr pm::ir::graph traced = [] {
    pm::ir::graph g = pm::new_graph<float>();
    auto const x = pm::append_leaf<pm::shape<3>, float>(g, 0);
#ifdef MISTAKE
    g.output(pm::apply<pm::op::multiply>(x).id);  // error: apply: give as many arguments as the operation has
#else
    g.output(pm::apply<pm::op::multiply>(x, x).id);
#endif
    return g;
}();
