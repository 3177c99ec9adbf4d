// transfer_parametrizations: the parametrizations of one module for another one; see parametrize.hpp. Errors: tensors
// of two shapes, a tensor that is parametrized already, one that is not in the first module are the compiler's. Cost: a
// copy of the second module, and of the first one's originals and state. Source:
// torch.nn.utils.parametrize.transfer_parametrizations_and_params.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <type_traits>

#include "paramorph/core/fixed_string.hpp"
#include "paramorph/nn/counts.hpp"
#include "paramorph/nn/paths.hpp"
#include "paramorph/nn/with_tensor.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Can a tensor that a module lacks be added to it?
template <fixed_string Path, class M>
inline constexpr bool can_add = false;
template <fixed_string Path, int In, int Out, class... Options>
inline constexpr bool can_add<Path, nn::linear<In, Out, Options...>> = Path.view() == "bias";

template <fixed_string Path, class From, class To>
auto transfer(From const& from, To const& to) {
    constexpr bool there = has_path<Path, To>();
    if constexpr (!there && !can_add<Path, To>)
        refuse_path<Path, To,
                    "transfer_parametrizations: ", "none can be added, and the second module has no tensor">();
    auto const& t = get<Path>(from);
    if constexpr (there) {
        using Old = part_at<Path, To>;
        using New = std::remove_cvref_t<decltype(t)>;
        constexpr bool fits = std::is_same_v<typename Old::declared_shape, typename New::declared_shape> &&
                              std::is_same_v<typename Old::value_type, typename New::value_type>;
        if constexpr (!fits) {
            using wrong = mistake<sentence(
                "transfer_parametrizations: ", Path.view(), " of the first module is ", New::declared_shape::value,
                " of ", name_of_element<typename New::value_type>, ", of the second ", Old::declared_shape::value,
                " of ", name_of_element<typename Old::value_type>)>;
            using said [[maybe_unused]] = wrong::type;
        }
        static_assert(!Old::parametrized,
                      "transfer_parametrizations: the second module's tensor is parametrized already; remove that "
                      "first");
        if constexpr (fits && !Old::parametrized)
            return with_value<Path>(to, t);
        else
            return to;
    } else if constexpr (can_add<Path, To>)
        return with_value<Path>(to, t);
    else
        return to;
}
template <int I, class From, class To>
auto transfer_from(From const& from, To const& to) {
    if constexpr (I == counts<From>.tensors)
        return to;
    else {
        constexpr auto path = nth_path<I, traced_module<From>>();
        if constexpr (part_at<path, From>::parametrized)
            return transfer_from<I + 1>(from, transfer<path>(from, to));
        else
            return transfer_from<I + 1>(from, to);
    }
}

}  // namespace detail

// `to` with the parametrizations of `from`, their originals and state: of the tensor at a path, or of all. Both modules
// stay as they are. A bias that a linear layer lacks is added.
template <fixed_string Path, module From, module To>
auto transfer_parametrizations(From const& from, To const& to) {
    constexpr bool there = detail::has_path<Path, From>();
    if constexpr (there) {
        constexpr bool parametrized = detail::part_at<Path, From>::parametrized;
        static_assert(parametrized, "transfer_parametrizations: the first module's tensor is not parametrized");
        if constexpr (parametrized)
            return detail::transfer<Path>(from, to);
        else
            return to;
    } else {
        detail::refuse_path<Path, From, "transfer_parametrizations: ", "the first module has no tensor">();
        return to;
    }
}
template <module From, module To>
auto transfer_parametrizations(From const& from, To const& to) {
    return detail::transfer_from<0>(from, to);
}

}  // namespace paramorph::inline PARAMORPH_ABI
