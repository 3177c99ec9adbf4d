// The sizes of products of matrices over leading axes that broadcast, as op/matmul.hpp and its kernels need them. Cost:
// none at run time where shapes are in types. Source: the broadcasting of torch.matmul.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/descriptor.hpp"

namespace paramorph::inline PARAMORPH_ABI::op {

// The leading axes of a product, and its sizes.
struct batch_of_products {
    int rows, columns, inner, outer, middle;  // outer, middle: the extents of the leading axes
    int left[2], right[2];                    // elements from one matrix to the next along them

    // {-1} as rank where the leading axes do not broadcast.
    static constexpr extents leading(extents const& a, extents const& b) {
        extents x = a, y = b;
        x.d[x.rank - 2] = x.d[x.rank - 1] = y.d[y.rank - 2] = y.d[y.rank - 1] = 1;
        return broadcast(x, y);
    }
    constexpr batch_of_products(extents const& a, extents const& b, attributes const& transposed)
        : rows(a.from_end(transposed.v[0] ? 0 : 1)),
          columns(b.from_end(transposed.v[1] ? 1 : 0)),
          inner(a.from_end(transposed.v[0] ? 1 : 0)),
          outer(a.from_end(3) > b.from_end(3) ? a.from_end(3) : b.from_end(3)),
          middle(a.from_end(2) > b.from_end(2) ? a.from_end(2) : b.from_end(2)),
          left{a.from_end(3) > 1 ? rows * inner * a.from_end(2) : 0, a.from_end(2) > 1 ? rows * inner : 0},
          right{b.from_end(3) > 1 ? inner * columns * b.from_end(2) : 0, b.from_end(2) > 1 ? inner * columns : 0} {}
};

}  // namespace paramorph::inline PARAMORPH_ABI::op
