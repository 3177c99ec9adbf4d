// A module's type when one of its tensors becomes another one: a linear layer changes its option, a sequential the type
// of the layer, a struct of a user's own gets an overlay. And its type before any tensor was changed.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/overlay.hpp"
#include "paramorph/nn/parallel.hpp"
#include "paramorph/nn/residual.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <fixed_string Path, class M>
using part_at = std::remove_cvref_t<decltype(at_path<Path>(std::declval<M&>()))>;

template <fixed_string Path, class M>
constexpr bool names_tensor() {
    if constexpr (has_path<Path, M>())
        return is_tensor<part_at<Path, M>>;
    else
        return false;
}

// A list of types without those that are Dropped.
template <template <class> class Dropped, class Kept, class... Rest>
struct without {
    using type = std::type_identity<Kept>;
};
template <template <class> class Dropped, class... Kept, class X, class... Rest>
struct without<Dropped, std::tuple<Kept...>, X, Rest...>
    : without<Dropped, std::conditional_t<Dropped<X>::value, std::tuple<Kept...>, std::tuple<Kept..., X>>, Rest...> {};

template <class Option>
struct is_of_weight : std::bool_constant<is_weight<Option>> {};
template <class Option>
struct is_of_bias : std::bool_constant<is_bias<Option> || std::is_same_v<Option, no_bias>> {};
template <class Option>
struct has_chain : std::bool_constant<is_weight<Option> || is_bias<Option>> {};

// The type of a module whose tensor at a path is another one.
template <class M, fixed_string Path, class Tensor>
struct with_tensor {
    using type = overlay<M, overlaid<Path, Tensor>>;
    static constexpr bool say() {
        using before = typename part_at<Path, M>::shape_type;
        using after = typename Tensor::shape_type;
        if constexpr (!std::is_same_v<before, after>) {
            using wrong = mistake<sentence("parametrize: in a module of your own the tensor must keep its shape; ",
                                           Path.view(), " would be ", after::value, " instead of ", before::value)>;
            using said [[maybe_unused]] = wrong::type;
        }
        return true;
    }
    static_assert(say());
};
template <class M, class... Slots, fixed_string Path, class Tensor>
struct with_tensor<overlay<M, Slots...>, Path, Tensor> {
    static constexpr bool as_before = std::is_same_v<part_at<Path, M>, Tensor>;
    template <class Slot>
    struct is_replaced : std::bool_constant<Slot::path.view() == Path.view()> {};
    template <class... Others>
    static auto with(std::type_identity<std::tuple<Others...>>)
        -> std::conditional_t<!as_before, overlay<M, Others..., overlaid<Path, Tensor>>,
                              std::conditional_t<sizeof...(Others) == 0, M, overlay<M, Others...>>>;
    using type = decltype(with(typename without<is_replaced, std::tuple<>, Slots...>::type{}));
};
// The modules in a container, one of which has another tensor.
template <class Modules, fixed_string Path, class Tensor>
struct with_tensor_in;
template <class... Modules, fixed_string Path, class Tensor>
struct with_tensor_in<nn::sequential<Modules...>, Path, Tensor> {
    static constexpr int position = member_index<Path, nn::sequential<Modules...>>();
    template <int... I>
    static auto replaced(std::integer_sequence<int, I...>)
        -> nn::sequential<typename std::conditional_t<I == position, with_tensor<Modules, rest_of_path<Path>(), Tensor>,
                                                      std::type_identity<Modules>>::type...>;
    using type = decltype(replaced(std::make_integer_sequence<int, sizeof...(Modules)>{}));
};
// A container of other modules.
template <class Container, class Modules>
struct container_of;
template <class... Before, class... Modules>
struct container_of<nn::sequential<Before...>, nn::sequential<Modules...>> {
    using type = nn::sequential<Modules...>;
};
template <class... Before, class... Modules>
struct container_of<nn::residual<Before...>, nn::sequential<Modules...>> {
    using type = nn::residual<Modules...>;
};
template <int Axis, class... Before, class... Modules>
struct container_of<nn::parallel<Axis, Before...>, nn::sequential<Modules...>> {
    using type = nn::parallel<Axis, Modules...>;
};
template <class... Modules>
auto modules_of(nn::sequential<Modules...> const&) -> nn::sequential<Modules...>;
template <class M>
concept is_container = requires { typename container_of<M, nn::sequential<>>::type; };

template <is_container M, fixed_string Path, class Tensor>
struct with_tensor<M, Path, Tensor>
    : container_of<M, typename with_tensor_in<decltype(modules_of(std::declval<M>())), Path, Tensor>::type> {};

template <takes_options M, fixed_string Path, class Tensor>
struct with_tensor<M, Path, Tensor> {
    static constexpr bool of_weight = Path.view() == "weight";
    template <class... Options>
    static auto kept(std::type_identity<std::tuple<Options...>>) ->
        typename std::conditional_t<of_weight, without<is_of_weight, std::tuple<>, Options...>,
                                    without<is_of_bias, std::tuple<>, Options...>>::type;
    using others = decltype(kept(std::type_identity<typename with_options<M>::options>{}));
    template <class... Others, class... Stages>
    static auto with(std::type_identity<std::tuple<Others...>>, chain<Stages...>) ->
        typename with_options<M>::template type<Others...,
                                                std::conditional_t<of_weight, weight<Stages...>, bias<Stages...>>>;
    template <class... Others>
    static auto with(std::type_identity<std::tuple<Others...>>, chain<>) ->
        typename with_options<M>::template type<Others...>;
    using type = decltype(with(others{}, typename Tensor::chain_type{}));
};

// A module with the same numbers, except for the tensor at a path.
template <fixed_string Path, class Tensor, class M>
auto with_value(M const& from, Tensor const& t) {
    typename with_tensor<M, Path, Tensor>::type to;
    for_each_path(to, [&]<fixed_string At>(auto& x) {
        if constexpr (At.view() == Path.view())
            x = t;
        else
            x = at_path<At>(from);
    });
    return to;
}

// The type of a module before its tensors were parametrized.
template <class M>
struct plain_type {
    using type = M;
};
template <class M, class... Slots>
struct plain_type<overlay<M, Slots...>> : plain_type<M> {};
template <class... Modules>
auto plain_modules(nn::sequential<Modules...> const&) -> nn::sequential<typename plain_type<Modules>::type...>;
template <is_container M>
struct plain_type<M> : container_of<M, decltype(plain_modules(std::declval<M>()))> {};
template <takes_options M>
struct plain_type<M> {
    template <class... Options>
    static auto kept(std::type_identity<std::tuple<Options...>>) ->
        typename without<has_chain, std::tuple<>, Options...>::type;
    template <class... Others>
    static auto with(std::type_identity<std::tuple<Others...>>) -> typename with_options<M>::template type<Others...>;
    using type = decltype(with(kept(std::type_identity<typename with_options<M>::options>{})));
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
