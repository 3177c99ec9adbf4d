// The names that parametrizations give to what they are made of, appended to a text of any kind: std::string on the
// host, a constant in the compiler. And those that wrappers of a network put before its own.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string_view>

#include "paramorph/core/abi.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// "0.weight" and "original" give "0.parametrizations.weight.original".
constexpr void append_parametrized_name(auto& to, std::string_view path, auto const&... what) {
    std::size_t leaf = path.size();
    while (leaf > 0 && path[leaf - 1] != '.') --leaf;
    to += path.substr(0, leaf);
    to += "parametrizations.";
    to += path.substr(leaf);
    to += '.';
    ((to += what), ...);
}
constexpr void append_number(auto& to, int k) {
    if (k >= 10) append_number(to, k / 10);
    to += static_cast<char>('0' + k % 10);
}

// What puts a module of this name around a network or a part of it, so that keys have it as a part.
struct wrapper {
    std::string_view part, who;
};
inline constexpr wrapper wrappers[]{{"module", "DataParallel"},    {"_orig_mod", "torch.compile"},
                                    {"_forward_module", "Fabric"}, {"_fsdp_wrapped_module", "FSDP"},
                                    {"_module", "Opacus"},         {"state_dict", "Lightning"},
                                    {"model", "Lightning"}};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
