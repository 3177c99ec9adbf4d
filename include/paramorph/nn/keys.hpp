// How a tensor's originals and the state of its stages are called (nn/names.hpp says how), appended to a text of any
// kind: std::string on the host, a constant in the compiler.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include "paramorph/nn/parametrized_name.hpp"
#include "paramorph/parametrize/nested.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class Tensor>
constexpr void append_original_name(auto& to, std::string_view path, int k) {
    if (!Tensor::parametrized) {
        to += path;
        return;
    }
    bool const nested = has_nested_chain<typename Tensor::chain_type>(k);
    append_parametrized_name(to, path, nested ? "parametrizations.original" : "original");
    if (Tensor::traits::numbered_originals) append_number(to, k);
    if (nested) to += ".original";
}
template <class State>
constexpr void append_state_name(auto& to, std::string_view path, int stage) {
    append_parametrized_name(to, path);
    append_number(to, stage);
    to += '.';
    to += std::string_view(State::name);
}

// What stands behind a weight's path in the names of older files, for its original or, behind these, state `leaf`; or
// nothing. They are of a stage that is alone, which says them.
template <class Tensor>
constexpr std::string_view older_ending([[maybe_unused]] int leaf) {
    if constexpr (Tensor::chain_type::size == 1)
        if constexpr (requires { Tensor::template stage<0>::older_names[0]; })
            return Tensor::template stage<0>::older_names[leaf];
    return {};
}

// Does the first stage keep signs that files have on its original's diagonal?
template <class Tensor>
inline constexpr bool signs_on_diagonal = [] {
    if constexpr (Tensor::parametrized)
        return requires { requires Tensor::template stage<0>::signs_on_diagonal; };
    else
        return false;
}();

}  // namespace paramorph::inline PARAMORPH_ABI::detail
