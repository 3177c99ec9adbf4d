// remove_parametrizations: a module's value with a tensor plain again; see parametrize.hpp. Errors: a tensor or an
// original without a parametrization, several originals of which one is to be left, another shape than the tensor had
// are the compiler's. Cost: a copy of the module, and one forward of the chain. Source:
// torch.nn.utils.parametrize.remove_parametrizations.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/parametrized_type.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// A module whose tensor at a path has no chain, but these numbers.
template <fixed_string Path, class Shape, class M, class Old>
auto with_plain(M const& m, Old const& old, auto const& numbers) {
    using declared = typename Old::declared_shape;
    if constexpr (!std::is_same_v<Shape, declared>) {
        using wrong = mistake<sentence(
            "remove_parametrizations: what is left has another shape than the module's tensor had before its "
            "parametrization, ",
            Shape::value, " instead of ", declared::value,
            "; leave the other one, pm::leave_original or pm::leave_parametrized")>;
        using said [[maybe_unused]] = wrong::type;
        return m;
    } else {
        typename Old::template with_chain<chain<>> plain;
        plain.copy_trainable(old);
        plain = numbers;
        return with_value<Path>(m, plain);
    }
}

}  // namespace detail

// The module whose tensor at a path has no parametrization any more; its value stays, or with pm::leave_original its
// original. Errors, by the compiler: a name that is no tensor of the module, a tensor that is not parametrized,
// leave_original with several originals.
template <fixed_string Path, module M, class Leave = leave_parametrized_t>
auto remove_parametrizations(M const& m, Leave = {}) {
    static_assert(std::is_same_v<Leave, leave_original_t> || std::is_same_v<Leave, leave_parametrized_t>,
                  "remove_parametrizations: say pm::leave_parametrized or pm::leave_original");
    constexpr auto path = detail::owner_path<Path>();
    constexpr int original = detail::original_number<Path>();
    constexpr bool there = detail::names_tensor<path, M>();
    if constexpr (!there) detail::refuse_path<path, M, "remove_parametrizations: ", "the module has no tensor">();
    if constexpr (!there)
        return m;
    else if constexpr (original < 0) {
        auto const& old = get<path>(m);
        using Tensor = std::remove_cvref_t<decltype(old)>;
        static_assert(Tensor::parametrized, "remove_parametrizations: this tensor has no parametrization to remove");
        if constexpr (std::is_same_v<Leave, leave_original_t>) {
            static_assert(Tensor::original_count == 1,
                          "remove_parametrizations: the tensor has several originals, so there is no single one to "
                          "leave; use pm::leave_parametrized");
            if constexpr (Tensor::original_count == 1)
                return detail::with_plain<path, typename Tensor::traits::template original_shape<0>>(m, old,
                                                                                                     old.original());
            else
                return m;
        } else
            return detail::with_plain<path, typename Tensor::shape_type>(m, old, old());
    } else {
        auto const& old = get<path>(m);
        using Tensor = std::remove_cvref_t<decltype(old)>;
        using under = typename detail::nested_chain<typename Tensor::chain_type, original>::type;
        static_assert(under::size > 0, "remove_parametrizations: this original has no parametrization to remove");
        using nest = detail::nest<typename Tensor::chain_type, original, Tensor::original_count, chain<>>;
        typename Tensor::template with_chain<typename nest::without> t;
        t.template copy_all_but<original>(old);
        if constexpr (std::is_same_v<Leave, leave_original_t>)
            t.template original<original>() = old.template original<original>();
        else
            t.template original<original>() = old.template nested_value<original, under>();
        return detail::with_value<path>(m, t);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI
