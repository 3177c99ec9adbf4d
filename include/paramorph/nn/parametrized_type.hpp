// The type of a module with parametrized tensors, and the type that it was made of: `pm::parametrize<M, options...>`
// and `pm::unparametrized<M>`. Options name a tensor, or an original of one, and the stages of its chain. What becomes
// of the numbers when a parametrization comes or goes is said by pm::project, pm::keep, pm::leave_original and
// pm::leave_parametrized. Errors: a path or an original that the module does not have is the compiler's. Cost: none at
// run time: types alone. Source: torch.nn.utils.parametrize.register_parametrization, type_before_parametrizations.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include "paramorph/nn/with_tensor.hpp"
#include "paramorph/parametrize/on_rows.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Options: the stages of the tensor at a path, or of some of its rows (parametrize/on_rows.hpp).
template <fixed_string Path, class... Stages>
struct at {
    using chain_type = chain_of<Stages...>;
};
template <fixed_string Path, int Begin, int End, class... First, class... Stages>
struct at<Path, rows<Begin, End, First...>, Stages...> {
    using chain_type = typename detail::chain_on_rows<Begin, End, chain_of<First..., Stages...>>::type;
};

// How a parametrization comes, option of pm::register_parametrization: the originals are what right_inverse makes of
// the tensor's value, whatever value they then give. The default, as in PyTorch.
inline constexpr struct project_t {
} project{};
// The same, and the value stays what it was; where the chain cannot make it, pm::error, and nothing is done.
inline constexpr struct keep_t {
} keep{};
// The original becomes the tensor's value as it is, so that the new value is forward of it: for stages without a
// right_inverse. Of pm::remove_parametrizations: the tensor becomes its original.
inline constexpr struct leave_original_t {
} leave_original{};
// How a parametrization goes, option of pm::remove_parametrizations: the value stays.
inline constexpr struct leave_parametrized_t {
} leave_parametrized{};

namespace detail {

// The path of an option, its stages, and where they go: on the tensor itself, or (original >= 0) under an original.
template <fixed_string Path>
constexpr int original_number() {
    std::string_view const p = Path.view();
    std::size_t const dot = p.rfind('.');
    std::string_view const last = dot == std::string_view::npos ? std::string_view{} : p.substr(dot + 1);
    if (last == "original") return 0;
    if (last.size() != 9 || last.substr(0, 8) != "original" || last[8] < '0' || last[8] > '9') return -1;
    return last[8] - '0';
}
template <fixed_string Path>
constexpr auto owner_path() {
    if constexpr (original_number<Path>() < 0)
        return Path;
    else {
        constexpr std::size_t length = Path.view().rfind('.');
        char text[length + 1]{};
        for (std::size_t i = 0; i < length; ++i) text[i] = Path.text[i];
        return fixed_string<length + 1>(text);
    }
}

template <class M, fixed_string Path, class Chain>
struct named_tensor {
    static constexpr auto path = owner_path<Path>();
    static constexpr int original = original_number<Path>();
    static constexpr bool there = names_tensor<path, M>();
    static constexpr auto appended() {
        if constexpr (there) {
            using Tensor = part_at<path, M>;
            if constexpr (original < 0)
                return std::type_identity<
                    typename Tensor::template with_chain<chain_of<typename Tensor::chain_type, Chain>>>{};
            else {
                constexpr bool exists = Tensor::parametrized && original < Tensor::original_count;
                static_assert(exists, "parametrize: the tensor has no original of this name; parametrize the tensor");
                if constexpr (exists)
                    return std::type_identity<typename Tensor::template with_chain<
                        typename nest<typename Tensor::chain_type, original, Tensor::original_count, Chain>::type>>{};
                else
                    return std::type_identity<Tensor>{};
            }
        } else {
            refuse_path<path, M, "parametrize: ", "the module has no tensor">();
            return std::type_identity<paramorph::tensor<shape<>>>{};
        }
    }
    using tensor = typename decltype(appended())::type;
    static constexpr auto changed() {
        if constexpr (there)
            return std::type_identity<typename with_tensor<M, path, tensor>::type>{};
        else
            return std::type_identity<M>{};
    }
};
template <class Option>
struct option_path;
template <class... S>
struct option_path<weight<S...>> {
    static constexpr fixed_string path = "weight";
};
template <class... S>
struct option_path<bias<S...>> {
    static constexpr fixed_string path = "bias";
};
template <fixed_string Path, class... S>
struct option_path<paramorph::at<Path, S...>> {
    static constexpr auto path = Path;
};

template <class Option>
inline constexpr bool names_a_tensor = requires { option_path<Option>::path; };

template <class M, class... Options>
struct parametrized_type {
    using type = M;
};
// Stages without the name of their tensor.
template <class M, class Option, class... Rest>
    requires(!names_a_tensor<Option>)
struct parametrized_type<M, Option, Rest...> {
    using wrong = mistake<sentence(
        "parametrize: the name of the tensor goes with its stages: write pm::weight<", short_type_name<Option>(),
        ">, or pm::at<\"0.weight\", ...> with a path, in place of ", short_type_name<Option>())>;
    using said = wrong::type;
    using type = M;
};
template <class M, class Option, class... Rest>
    requires names_a_tensor<Option>
struct parametrized_type<M, Option, Rest...>
    : parametrized_type<
          typename decltype(named_tensor<M, option_path<Option>::path, typename Option::chain_type>::changed())::type,
          Rest...> {};

}  // namespace detail

// A module's type with parametrized tensors.
template <module M, class... Options>
using parametrize = typename detail::parametrized_type<M, Options...>::type;

// A module's type before its tensors were parametrized. In a struct of one's own, tensors that it declares with a chain
// keep it.
template <module M>
using unparametrized = typename detail::plain_type<M>::type;

}  // namespace paramorph::inline PARAMORPH_ABI
