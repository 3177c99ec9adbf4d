// Where every graph begins: its element type, and the operations that sum cotangents, choose among them and undo
// broadcasting, which every derivative may push. Cost: none at run time. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/add.hpp"
#include "paramorph/op/reduce.hpp"

namespace paramorph::inline PARAMORPH_ABI {

using base_operations = ops<op::add, op::reduce_to, op::broadcast_to, op::where>;

// An empty graph for element type T.
template <real T>
constexpr ir::graph new_graph() {
    ir::graph g{};
    g.real = element_of<T>;
    g.sum = &ir::describe<op::add>;
    g.reduce = &ir::describe<op::reduce_to>;
    g.choose = &ir::describe<op::where>;
    return g;
}

}  // namespace paramorph::inline PARAMORPH_ABI
