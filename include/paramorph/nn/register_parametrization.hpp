// register_parametrization: a module's value with one more parametrization; see parametrize.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/parametrized_type.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// The module with one more parametrization.
template <class Option, module M, class How = leave_parametrized_t>
auto register_parametrization(M const& m, How = {}) {
    using target = detail::target<M, detail::option_path<Option>::path, typename Option::chain_type>;
    constexpr bool keeps = !std::is_same_v<How, leave_original_t>;
    if constexpr (!target::there)
        return m;
    else {
        using Tensor = typename target::tensor;
        auto const& old = detail::at_path<target::path>(m);
        using Old = std::remove_cvref_t<decltype(old)>;
        constexpr bool same = std::is_same_v<typename Old::traits::originals, typename Tensor::traits::originals>;
        Tensor t;
        if constexpr (keeps) {
            constexpr bool same_shape = std::is_same_v<typename Old::shape_type, typename Tensor::shape_type>;
            static_assert(Tensor::assignable,
                          "register_parametrization: without a right_inverse in every stage the value cannot be kept; "
                          "add one, or pass pm::leave_original, and the originals stay while the value changes");
            static_assert(same_shape,
                          "register_parametrization: the new chain changes the shape, so the value cannot be kept; "
                          "pass pm::leave_original, and the originals stay while the value changes");
            if constexpr (Tensor::assignable && same_shape) {
                if constexpr (same && Old::state_count > 0) t.copy_originals(old);  // the state of its stages stays
                if constexpr (std::is_same_v<How, project_t>)
                    t.project(old());
                else
                    t = old();
            }
        } else {
            static_assert(same, "register_parametrization: the new chain has other originals, so these cannot be left");
            if constexpr (same) t.copy_originals(old);
        }
        t.copy_gradient_wish(old);
        return detail::with_value<target::path>(m, t);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
