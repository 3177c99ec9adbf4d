// The target that kernels on a vector type are made for.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/compat/simd.hpp"
#include "paramorph/core/target.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

// The host, with the lanes of this vector type.
template <class V>
inline constexpr target target_of = targets::host.with_lanes(element_of<simd::value_t<V>>, simd::width<V>);

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
