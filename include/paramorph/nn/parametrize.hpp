// Parametrizing, and undoing it, after the fact, on any module: a layer of the library, a network, a user's own struct.
//
//     using later = pm::parametrize<pm::nn::linear<5, 5>, pm::weight<symmetric>>;   // the type
//     auto layer = pm::register_parametrization<pm::weight<symmetric>>(plain);      // the value; the weight is kept
//     auto plain = pm::remove_parametrizations<"weight">(layer, pm::leave_parametrized);
//     using before = pm::unparametrized<later>;
//
// `pm::at<"0.scale", stages...>` parametrizes the tensor at a path, `pm::weight<...>` and `pm::bias<...>` those of
// these names, `pm::at<"weight.original1", ...>` an original of a parametrized one. Stages are appended to a chain that
// is already there. What a function is given stays as it is.
//
// register_parametrization keeps the value, through right_inverse, and throws pm::error if the new chain cannot make
// it; that a stage has no right_inverse is said by the compiler. `pm::project` takes whatever value right_inverse leads
// to; `pm::leave_original` leaves the numbers, which then are originals of another value.
//
// Of a user's own struct the type stays, and the named tensors are laid over: pm::get<"scale">(m) is the parametrized
// tensor, and m.module.scale is empty.
//
// Source: torch.nn.utils.parametrize: register_parametrization, remove_parametrizations, is_parametrized,
// type_before_parametrizations, transfer_parametrizations_and_params.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/parametrize/nested.hpp"

namespace paramorph {

// Options: the stages of the tensor at a path.
template <fixed_string Path, class... Stages>
struct at {
    using chain_type = chain_of<Stages...>;
};

inline constexpr struct leave_parametrized_t {
} leave_parametrized{};
inline constexpr struct leave_original_t {
} leave_original{};
inline constexpr struct project_t {
} project{};

namespace detail {

// What a module says of its input.
template <class M>
struct stated_input {};
template <states_input_shape M>
struct stated_input<M> {
    using input_shape = typename M::input_shape;
};

template <class M, class... Slots>
struct overlay : stated_input<M> {
    using module_type = M;
    M module;
    std::tuple<Slots...> slots;

    template <fixed_string Path>
    static constexpr bool has_slot = slot_at<Path, Slots...>() >= 0;
    template <fixed_string Path>
    constexpr auto& slot() {
        return std::get<static_cast<std::size_t>(slot_at<Path, Slots...>())>(slots).tensor;
    }
    template <fixed_string Path>
    constexpr auto const& slot() const {
        return std::get<static_cast<std::size_t>(slot_at<Path, Slots...>())>(slots).tensor;
    }
    template <fixed_string At, class F>
    constexpr void walk_slots(F& f) {
        std::apply([&](auto&... s) { walk<At, "">(module, f, s...); }, slots);
    }
    template <fixed_string At, class F>
    constexpr void walk_slots(F& f) const {
        std::apply([&](auto const&... s) { walk<At, "">(module, f, s...); }, slots);
    }

    constexpr auto forward(auto x) const {
        M m = module;
        (at_path<Slots::path>(m).bind_to(slot<Slots::path>().as_symbol()), ...);
        return with_operations(m.forward(x));
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }

    void initialize(random& numbers) {
        paramorph::initialize(module, numbers);
        (initialize_slot<Slots::path>(numbers), ...);
    }

  private:
    template <class S, class T, class O>
    static constexpr auto with_operations(symbol<S, T, O> y) {
        return symbol<S, T, join<O, typename Slots::tensor_type::traits::forward_operations...>>{y.traced, y.id};
    }
    template <fixed_string Path>
    void initialize_slot(random& numbers) {
        auto& plain = at_path<Path>(module);
        auto& t = slot<Path>();
        using Tensor = std::remove_reference_t<decltype(t)>;
        bool filled = false;
        if constexpr (Tensor::projects) filled = t.try_project(plain()).ok();
        if (!filled) t.initialize(numbers, 1 / std::sqrt(double(Tensor::declared_shape::value.from_end(0))));
        plain.clear();
    }
};

template <fixed_string Path, class M>
using part_at = std::remove_cvref_t<decltype(at_path<Path>(std::declval<M&>()))>;

template <fixed_string Path, class M>
constexpr bool names_tensor() {
    if constexpr (has_path<Path, M>())
        return is_tensor<part_at<Path, M>>;
    else
        return false;
}

// The type of a module whose tensor at a path is another one.
template <class M, fixed_string Path, class Tensor>
struct with_tensor {
    using type = overlay<M, overlaid<Path, Tensor>>;
    static_assert(std::is_same_v<typename part_at<Path, M>::shape_type, typename Tensor::shape_type>,
                  "parametrize: in a module of your own the tensor must keep its shape");
};
template <class M, class... Slots, fixed_string Path, class Tensor>
struct with_tensor<overlay<M, Slots...>, Path, Tensor> {
    static constexpr bool as_before = std::is_same_v<part_at<Path, M>, Tensor>;
    template <class Done, class... Rest>
    struct without;
    template <class... Done>
    struct without<std::tuple<Done...>> {
        template <class... New>
        using with = overlay<M, Done..., New...>;
        using alone = std::conditional_t<sizeof...(Done) == 0, M, overlay<M, Done...>>;
    };
    template <class... Done, class Slot, class... Rest>
    struct without<std::tuple<Done...>, Slot, Rest...>
        : std::conditional_t<Slot::path.view() == Path.view(), without<std::tuple<Done...>, Rest...>,
                             without<std::tuple<Done..., Slot>, Rest...>> {};
    using others = without<std::tuple<>, Slots...>;
    using type =
        std::conditional_t<as_before, typename others::alone, typename others::template with<overlaid<Path, Tensor>>>;
};
template <class... Modules, fixed_string Path, class Tensor>
struct with_tensor<nn::sequential<Modules...>, Path, Tensor> {
    static constexpr int position = member_index<Path, nn::sequential<Modules...>>();
    template <int... I>
    static auto replaced(std::integer_sequence<int, I...>)
        -> nn::sequential<typename std::conditional_t<I == position, with_tensor<Modules, rest_of_path<Path>(), Tensor>,
                                                      std::type_identity<Modules>>::type...>;
    using type = decltype(replaced(std::make_integer_sequence<int, sizeof...(Modules)>{}));
};

// linear<In, Out, Options...> without its options for one tensor.
template <bool Weight, class Layer, class... Options>
struct without_option;
template <bool Weight, int In, int Out, class... Kept>
struct without_option<Weight, nn::linear<In, Out, Kept...>> {
    template <class... More>
    using with = nn::linear<In, Out, Kept..., More...>;
};
template <bool Weight, int In, int Out, class... Kept, class Option, class... Rest>
struct without_option<Weight, nn::linear<In, Out, Kept...>, Option, Rest...>
    : std::conditional_t<(Weight ? is_weight<Option> : is_bias<Option> || std::is_same_v<Option, no_bias>),
                         without_option<Weight, nn::linear<In, Out, Kept...>, Rest...>,
                         without_option<Weight, nn::linear<In, Out, Kept..., Option>, Rest...>> {};

template <int In, int Out, class... Options, fixed_string Path, class Tensor>
struct with_tensor<nn::linear<In, Out, Options...>, Path, Tensor> {
    static constexpr bool is_weight = Path.view() == "weight";
    using base = without_option<is_weight, nn::linear<In, Out>, Options...>;
    template <class... Stages>
    static auto with(chain<Stages...>) -> std::conditional_t<is_weight, typename base::template with<weight<Stages...>>,
                                                             typename base::template with<bias<Stages...>>>;
    static auto with(chain<>) -> typename base::template with<>;
    using type = decltype(with(typename Tensor::chain_type{}));
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

// A module whose tensor at a path has no chain, but these numbers.
template <fixed_string Path, class Shape, class M, class Old>
auto with_plain(M const& m, Old const& old, auto const& numbers) {
    constexpr bool fits = std::is_same_v<Shape, typename Old::declared_shape>;
    static_assert(fits,
                  "remove_parametrizations: what is left has another shape than the module's tensor had before its "
                  "parametrization; leave the other one, pm::leave_original or pm::leave_parametrized");
    if constexpr (fits) {
        typename Old::template with_chain<chain<>> plain;
        plain.copy_gradient_wish(old);
        plain = numbers;
        return with_value<Path>(m, plain);
    } else
        return m;
}

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
struct target {
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
        }
    }
    static_assert(there, "parametrize: the module has no tensor of this name");
    using tensor = typename decltype(appended())::type;
    static constexpr auto changed() {
        if constexpr (there)
            return typename with_tensor<M, path, tensor>::type{};
        else
            return M{};
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

template <class M, class... Options>
struct parametrized_type {
    using type = M;
};
template <class M, class Option, class... Rest>
struct parametrized_type<M, Option, Rest...>
    : parametrized_type<decltype(target<M, option_path<Option>::path, typename Option::chain_type>::changed()),
                        Rest...> {};

template <class M>
struct plain_type {
    using type = M;
};
template <class M, class... Slots>
struct plain_type<overlay<M, Slots...>> : plain_type<M> {};
template <class... Modules>
struct plain_type<nn::sequential<Modules...>> {
    using type = nn::sequential<typename plain_type<Modules>::type...>;
};
template <int In, int Out, class... Options>
struct plain_type<nn::linear<In, Out, Options...>> {
    template <class Kept, class... Rest>
    struct without;
    template <class... Kept>
    struct without<std::tuple<Kept...>> {
        using type = nn::linear<In, Out, Kept...>;
    };
    template <class... Kept, class O, class... Rest>
    struct without<std::tuple<Kept...>, O, Rest...>
        : std::conditional_t<is_weight<O> || is_bias<O>, without<std::tuple<Kept...>, Rest...>,
                             without<std::tuple<Kept..., O>, Rest...>> {};
    using type = typename without<std::tuple<>, Options...>::type;
};

}  // namespace detail

// A module's type with parametrized tensors.
template <module M, class... Options>
using parametrize = typename detail::parametrized_type<M, Options...>::type;

// A module's type before its tensors were parametrized. In a struct of one's own, tensors that it declares with a chain
// keep it.
template <module M>
using unparametrized = typename detail::plain_type<M>::type;

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

// The module whose tensor at a path has no parametrization any more. Errors, by the compiler: a name that is no tensor
// of the module, a tensor that is not parametrized, leave_original with several originals.
template <fixed_string Path, module M, class Leave>
auto remove_parametrizations(M const& m, Leave) {
    static_assert(std::is_same_v<Leave, leave_original_t> || std::is_same_v<Leave, leave_parametrized_t>,
                  "remove_parametrizations: say pm::leave_parametrized or pm::leave_original");
    constexpr auto path = detail::owner_path<Path>();
    constexpr int original = detail::original_number<Path>();
    constexpr bool there = detail::names_tensor<path, M>();
    static_assert(there, "remove_parametrizations: the module has no tensor of this name");
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

namespace detail {

template <int I, class M>
constexpr auto path_of_tensor() {
    struct found {
        char text[512]{};
        std::size_t size = 0;
    };
    constexpr found path = [] {
        found p;
        int k = 0;
        M const m{};
        for_each_path(m, [&]<fixed_string At>(auto const&) {
            if (k++ != I) return;
            for (char c : At.view()) p.text[p.size++] = c;
        });
        return p;
    }();
    char text[path.size + 1]{};
    for (std::size_t i = 0; i < path.size; ++i) text[i] = path.text[i];
    return fixed_string<path.size + 1>(text);
}

// Can a tensor that a module lacks be added to it?
template <fixed_string Path, class M>
inline constexpr bool can_add = false;
template <fixed_string Path, int In, int Out, class... Options>
inline constexpr bool can_add<Path, nn::linear<In, Out, Options...>> = Path.view() == "bias";

template <fixed_string Path, class From, class To>
auto transfer(From const& from, To const& to) {
    constexpr bool there = has_path<Path, To>();
    static_assert(there || can_add<Path, To>,
                  "transfer_parametrizations: the second module has no tensor of this name, and none can be added");
    auto const& t = get<Path>(from);
    if constexpr (there) {
        using Old = part_at<Path, To>;
        using New = std::remove_cvref_t<decltype(t)>;
        constexpr bool fits = std::is_same_v<typename Old::declared_shape, typename New::declared_shape> &&
                              std::is_same_v<typename Old::value_type, typename New::value_type>;
        static_assert(fits, "transfer_parametrizations: the two tensors differ in shape or element type");
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
        constexpr auto path = path_of_tensor<I, From>();
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
    static_assert(there, "transfer_parametrizations: the first module has no tensor of this name");
    if constexpr (there) {
        constexpr bool parametrized = detail::part_at<Path, From>::parametrized;
        static_assert(parametrized, "transfer_parametrizations: the first module's tensor is not parametrized");
        if constexpr (parametrized) return detail::transfer<Path>(from, to);
    }
}
template <module From, module To>
auto transfer_parametrizations(From const& from, To const& to) {
    return detail::transfer_from<0>(from, to);
}

}  // namespace paramorph
