// flip<axis...>(x): the axes read from their ends. A negative axis counts from the end; no axis is named twice.
//
//   flip<0, 1>(x)[i, j] = x[m - 1 - i, n - 1 - j]
//
// Shapes: any, rank 1 to 4, unchanged. Adjoint: flip of the cotangent. Domain: every number. Errors: an axis that is
// not there, or that is named twice, is the compiler's. Cost: none of its own, the loop that uses it reads its argument
// there: by vectors where the last axis is not flipped, else element by element. A dense operation (matmul) or a
// reshape reads a copy. Source: torch.flip.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <int Axis, int... More, traced X>
constexpr auto flip(X const& x) {
    constexpr extents s = extents_of<X>;
    constexpr int axis = normal_axis(Axis, s.rank);
    if constexpr (axis < 0 || axis >= s.rank) {
        using wrong = detail::mistake<detail::sentence("flip: the argument has no such axis: axis ", Axis, " of ", s)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else if constexpr (((normal_axis(More, s.rank) == axis) || ...)) {
        using wrong = detail::mistake<detail::sentence("flip: name an axis once: axis ", Axis, " of ", s)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x);
    } else {
        auto const flipped = [&] {
            if constexpr (s.d[axis] == 1)
                return detail::as_operand(x);
            else
                return apply<op::strided, attributes{{axis, s.d[axis] - 1, -1, s.d[axis]}}>(x);
        }();
        if constexpr (sizeof...(More) == 0)
            return flipped;
        else
            return flip<More...>(flipped);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
