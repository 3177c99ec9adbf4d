// register_parametrization<options...>: a module's value with one more parametrization for each option,
// pm::weight<...>, pm::bias<...> or pm::at<path, ...>; see parametrize.hpp. Errors: a value that the new chain cannot
// keep, as it has no right_inverse or another shape, is the compiler's; with pm::keep one that it cannot make:
// pm::error. Cost: a copy of the module, one right_inverse and one forward. Source:
// torch.nn.utils.parametrize.register_parametrization.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/parametrized_type.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <fixed_string Path, class Chain, class How, class M>
auto registered(M const& m);

// One stage after the other.
template <fixed_string Path, class How, class M, class First, class... Rest>
auto registered_in_turn(M const& m, chain<First, Rest...>) {
    return registered<Path, chain<Rest...>, How>(registered<Path, chain<First>, How>(m));
}

// A module with a chain at a path, or appended to the chain that is there.
template <fixed_string Path, class Chain, class How, class M>
auto registered(M const& m) {
    using named = named_tensor<M, Path, Chain>;
    if constexpr (!named::there)
        return m;
    else {
        using Tensor = typename named::tensor;
        auto const& old = at_path<named::path>(m);
        using Old = std::remove_cvref_t<decltype(old)>;
        constexpr bool same_shape = std::is_same_v<typename Old::shape_type, typename Tensor::shape_type>,
                       same = std::is_same_v<typename Old::traits::originals, typename Tensor::traits::originals>;
        if constexpr (std::is_same_v<How, project_t> && !Tensor::assignable && Chain::size > 1)
            return registered_in_turn<Path, How>(m, Chain{});
        else {
            [[maybe_unused]] constexpr std::string_view without = Tensor::traits::stage_without_right_inverse();
            Tensor t;
            if constexpr (std::is_same_v<How, leave_original_t> ||
                          (std::is_same_v<How, project_t> && !Tensor::assignable)) {
                if constexpr (!same) {
                    using wrong = mistake<sentence(
                        "register_parametrization: the new chain has other originals, so these cannot be left",
                        without.empty() ? "" : "; there is no other way to begin them, as ", without,
                        without.empty() ? "" : " has no right_inverse: add one")>;
                    using said [[maybe_unused]] = wrong::type;
                }
                if constexpr (same) t.copy_originals(old);
            } else {
                if constexpr (!Tensor::assignable) {
                    using wrong =
                        mistake<sentence("register_parametrization: ", without,
                                         " has no right_inverse, so the value cannot be kept; add "
                                         "one, or leave pm::keep out, and the originals stay while the value changes")>;
                    using said [[maybe_unused]] = wrong::type;
                } else if constexpr (!same_shape) {
                    using wrong = mistake<sentence("register_parametrization: the new chain makes ",
                                                   Tensor::shape_type::value, " of ", Old::shape_type::value,
                                                   ", so the value cannot be kept; pass pm::leave_original, and the "
                                                   "originals stay while the value changes")>;
                    using said [[maybe_unused]] = wrong::type;
                }
                if constexpr (Tensor::assignable && same_shape) {
                    if constexpr (same && Old::state_count > 0) t.copy_originals(old);  // the state of its stages stays
                    if constexpr (std::is_same_v<How, project_t>)
                        t.project(old());
                    else
                        t = old();
                }
            }
            t.copy_trainable(old);
            return with_value<named::path>(m, t);
        }
    }
}

}  // namespace detail

// The module with one more parametrization, or with several, one after the other.
template <class Option, class... More, module M, class How = project_t>
auto register_parametrization(M const& m, How how = {}) {
    if constexpr (!detail::names_a_tensor<Option>) {
        using wrong = detail::mistake<detail::sentence(
            "register_parametrization: the name of the tensor goes with its stages: write "
            "pm::register_parametrization<pm::weight<",
            detail::short_type_name<Option>(), ">>(net), or pm::at<\"0.weight\", ...> with a path, in place of ",
            detail::short_type_name<Option>())>;
        using said [[maybe_unused]] = wrong::type;
        return m;
    } else {
        static_assert(
            std::is_same_v<How, project_t> || std::is_same_v<How, keep_t> || std::is_same_v<How, leave_original_t>,
            "register_parametrization: say pm::project (the default), pm::keep or pm::leave_original");
        auto made = detail::registered<detail::option_path<Option>::path, typename Option::chain_type, How>(m);
        if constexpr (sizeof...(More) == 0)
            return made;
        else
            return register_parametrization<More...>(made, how);
    }
}
#define PARAMORPH_NAMED                                                                                               \
    "register_parametrization: what is registered is a type: write pm::register_parametrization<pm::weight<stages..." \
    ">>(net), or pm::at<\"0.weight\", stages...> with a path"
template <class M, class... Given, detail::sentence Says = PARAMORPH_NAMED>
    requires(sizeof...(Given) > 1)
void register_parametrization(M const&, Given const&...) = PARAMORPH_REFUSED(PARAMORPH_NAMED);
#undef PARAMORPH_NAMED

}  // namespace paramorph::inline PARAMORPH_ABI
