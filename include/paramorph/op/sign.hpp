// sign: -1, 0 or 1, elementwise; NaN and -0 stay what they are (PyTorch: 0). No gradient flows through it. Cost: two
// choices an element, in the loop that uses it. Source: torch.sign.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/expr/operation.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace op {
struct sign : elementwise<sign, 1> {
    static constexpr std::string_view name = "sign";
    static constexpr bool flat = true;
    template <class M, class V>
    static constexpr V value(V x) {
        return M::where(x > V(0), V(1), M::where(x < V(0), V(-1), x));
    }
};
}  // namespace op

template <traced X>
constexpr auto sign(X const& x) {
    return apply_elementwise<op::sign>(x);
}

}  // namespace paramorph::inline PARAMORPH_ABI
