// The version of the library, as meson.build has it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI {

inline constexpr std::string_view version = "0.1.0";

}  // namespace paramorph::inline PARAMORPH_ABI
