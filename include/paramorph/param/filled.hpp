// filled_like(x, number): a tensor in the shape of x, every element of which is the number, whatever x holds: where x
// is not finite, x * 0.0 + number would be NaN.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI::param::detail {

constexpr auto filled_like(traced auto const& x, double number) {
    return where(x, number, number);
}

}  // namespace paramorph::inline PARAMORPH_ABI::param::detail
