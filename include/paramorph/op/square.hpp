// square: x x, elementwise; infinite where that does not fit (x above 1.8e19 in float). Composed of multiply, whose
// adjoint is its own. Cost: one product an element, in the loop that uses it; the gradient two. Source: torch.square.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/multiply.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <traced X>
constexpr auto square(X const& x) {
    return x * x;
}

}  // namespace paramorph::inline PARAMORPH_ABI
