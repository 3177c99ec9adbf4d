// detach(x): x, through which no gradient flows (torch.Tensor.detach). Cost: none.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct detach : elementwise<detach, 1> {
    static constexpr std::string_view name = "detach";
    static constexpr int cost = 0;
    template <class M, class V>
    static constexpr V value(V x) {
        return x;
    }
};
}  // namespace op

template <traced X>
constexpr auto detach(X const& x) {
    return apply_elementwise<op::detach>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
