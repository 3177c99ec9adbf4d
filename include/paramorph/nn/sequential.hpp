// sequential<Modules...>: applies its modules one after the other: by their call operators, or by forward where a
// module has none. Their names are "0", "1", ...; `pm::get<0>(net)` is
// the first.
//
//     using model = pm::nn::sequential<pm::nn::linear<64, 64>, pm::nn::relu, pm::nn::linear<64, 10>>;
//
// Its input_shape, for batches known at run time, is that of the first module that states one, where every module
// before it keeps the shape of its input: activations do, and a module of one's own that has `static constexpr bool
// keeps_shape = true;`.
//
// Errors: a position that the network does not have, and a temporary network, are the compiler's.
// Cost: its modules', traced into one program: what is elementwise runs in the loop that computes its input.
// Source: torch.nn.Sequential.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/call.hpp"
#include "paramorph/nn/initialize.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Has what it gives the shape of its input, whatever that is? A module says so, as activations do.
template <class M>
concept keeps_shape = requires { requires M::keeps_shape; };

// The stated input shape of the first module that has one, if all before it keep shapes.
template <class... Modules>
struct first_stated {};
template <keeps_shape M, class... Rest>
    requires(!states_input_shape<M>)
struct first_stated<M, Rest...> : first_stated<Rest...> {};
template <states_input_shape M, class... Rest>
struct first_stated<M, Rest...> {
    using input_shape = typename M::input_shape;
};
// The base of a container: a type of its own for each list of modules, since two containers, one at the beginning of
// the other, that had the same empty base would be laid out apart.
template <class... Modules>
struct first_input {
    static constexpr bool keeps_shape = (... && detail::keeps_shape<Modules>);
};
template <class... Modules>
    requires states_input_shape<first_stated<Modules...>>
struct first_input<Modules...> {
    using input_shape = typename first_stated<Modules...>::input_shape;
};

// A class without members that has a base, as `struct gate : nn::relu {}`. g++ 12 sets such a class to zero where it
// initializes it, and in a std::tuple, where it takes no room, its neighbours with it.
template <class M>
constexpr bool clears_its_neighbours() {
    if constexpr (std::is_empty_v<M> && std::is_aggregate_v<M>)
        return takes<M, member_kind::any, 0>();
    else
        return false;
}

// The size of each module is asked first, so that a mistake in its options is shown where the modules are listed.
template <class M>
using class_or_none = std::conditional_t<std::is_class_v<M>, M, char>;

// What a container holds: the module; of `relu()`, a type of functions, what is meant.
template <class M>
struct listed_module {
    using type = M;
};
template <class M>
struct listed_module<M()> {
    using wrong = mistake<sentence("sequential: ", short_type_name<M>(),
                                   "() with parentheses is the type of a function: modules are given as types: write ",
                                   short_type_name<M>())>;
    using said [[maybe_unused]] = wrong::type;
    using type = M;
};
// Modules that were given as values.
template <class... Modules>
struct given_as_values {};

// What module I of a sequence is given; `| module` is what the next one is given. Each module is called from the same
// depth of templates, however many stand before it, and its forward is tried first: messages stay short.
template <int I, class Sequence, class X>
struct fed {
    Sequence const& modules;
    X value;
    template <class M>
    constexpr auto operator|(std::type_identity<M>) const {
        if constexpr (traced<X>)
            using tried [[maybe_unused]] = decltype(std::declval<forward_or_none<M> const&>().forward(value));
        if constexpr (names_call<M>)
            return next(std::get<I>(modules.layers)(value));
        else
            return next(paramorph::call(std::get<I>(modules.layers), value));
    }
    template <class Y>
    constexpr auto next(Y y) const {
        return fed<I + 1, Sequence, Y>{modules, y};
    }
};

}  // namespace detail

namespace nn {

template <class... Modules>
struct sequential
    : detail::after<(true && ... && (sizeof(detail::class_or_none<Modules>) > 0)), detail::first_input<Modules...>> {
    std::tuple<typename detail::listed_module<Modules>::type...> layers;

    PARAMORPH_BEGINS_FROM_SEED(sequential)
    constexpr sequential()
        requires((detail::clears_its_neighbours<Modules>() || ...))
        : layers(Modules()...) {}

    constexpr auto forward(auto x) const {
        return (detail::fed<0, sequential, decltype(x)>{*this, x} | ... |
                std::type_identity<typename detail::listed_module<Modules>::type>{})
            .value;
    }
    constexpr auto operator()(auto const& x) const {
        if constexpr (detail::can_be_shown<sequential, std::remove_cvref_t<decltype(x)>>)
            using tried [[maybe_unused]] =
                decltype(std::declval<sequential const&>().forward(detail::shown_input<sequential, decltype(x)>{}));
        return paramorph::call(*this, x);
    }
    PARAMORPH_TAKES_NO_LIST
    PARAMORPH_FORWARDS_NO_ARRAY
};

template <class... Modules>
struct sequential<detail::given_as_values<Modules...>> : sequential<Modules...> {
    constexpr sequential(Modules const&...) {
        using wrong =
            detail::mistake<detail::sentence("sequential: modules are given as types, not as values: write pm::nn::",
                                             detail::short_type_name<sequential<Modules...>>(), " net{pm::seed{0}}")>;
        using said [[maybe_unused]] = wrong::type;
    }
};
template <class... Modules>
    requires(sizeof...(Modules) > 0 && (detail::has_a_forward<Modules>() && ...))
sequential(Modules const&...) -> sequential<detail::given_as_values<Modules...>>;

}  // namespace nn

namespace detail {

template <int I, int Count>
constexpr std::size_t position_in() {
    constexpr bool there = I >= 0 && I < Count;
    if constexpr (!there) {
        using wrong =
            mistake<sentence("get: the network has no module at position ", I, ": it has ", Count, ", from 0 on")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return there ? static_cast<std::size_t>(I) : 0;
}

}  // namespace detail

// The module at position I of a sequential.
template <int I, class... Modules>
constexpr auto& get(nn::sequential<Modules...>& net) {
    return std::get<detail::position_in<I, sizeof...(Modules)>()>(net.layers);
}
template <int I, class... Modules>
constexpr auto const& get(nn::sequential<Modules...> const& net) {
    return std::get<detail::position_in<I, sizeof...(Modules)>()>(net.layers);
}
template <int I, class... Modules>
constexpr auto const& get(nn::sequential<Modules...> const&& net) {
    static_assert(sizeof(net) == 0, "get: the network is a temporary, and its layer would be gone; name it first");
    return std::get<I>(net.layers);
}

namespace detail {

template <int I>
struct layer_accessor {
    constexpr auto& operator()(auto& net) const { return std::get<I>(net.layers); }
};

// The decimal digits of I as a Hana string.
template <int I>
constexpr auto position_name() {
    if constexpr (I < 10)
        return hana::string_c<char('0' + I)>;
    else
        return position_name<I / 10>() + hana::string_c<char('0' + I % 10)>;
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI

template <class... Modules>
struct boost::hana::accessors_impl<paramorph::nn::sequential<Modules...>> {
    static constexpr auto apply() {
        return []<int... I>(std::integer_sequence<int, I...>) {
            return boost::hana::make_tuple(boost::hana::make_pair(paramorph::detail::position_name<I>(),
                                                                  paramorph::detail::layer_accessor<I>{})...);
        }(std::make_integer_sequence<int, sizeof...(Modules)>{});
    }
};
