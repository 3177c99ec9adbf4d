// Calling a module's forward on symbols: in the mode that the graph is traced in, moving the buffers that pm::updated
// names (nn/module.hpp), and what the compiler says where it cannot be called.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include "paramorph/core/unpacked.hpp"
#include "paramorph/expr/takes.hpp"
#include "paramorph/nn/module.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Can forward be called? Asked twice: clang finds in the first call that a body's return types differ.
template <class M, class... X>
inline constexpr bool forward_is_sound =
    requires(M const& m, X... x) { m.forward(x...); } && requires(M const& m, X&&... x) { m.forward(std::move(x)...); };

// How a forward is written that takes N tensors.
template <int N>
constexpr sentence forward_of_tensors() {
    return sentence("that takes ", N == 1 ? sentence("one tensor").view() : counted(N, " tensor").view(),
                    ": write `constexpr auto forward(auto ",
                    N == 1   ? "x"
                    : N == 2 ? "x, auto y"
                             : "x, auto y, ...",
                    ") const`");
}
// What a function gives: traced tensors, one or a tuple of several. Their symbols, as a tuple.
template <class R>
struct results {
    static constexpr bool traced = false, several = false;
};
template <class... R>
struct symbols_of_results {
    using type = std::tuple<operand_type<R>...>;
    using real = typename std::tuple_element_t<0, type>::value_type;
    using operations = join<typename operand_type<R>::operations...>;
    static constexpr bool traced = true;
    static constexpr int count = sizeof...(R);
    static constexpr bool one_type =
        paramorph::real<real> && (std::is_same_v<typename operand_type<R>::value_type, real> && ...);
    static constexpr void output(graph& g, R const&... r) { (g.output(as_operand(r).id), ...); }
};
template <paramorph::traced R>
struct results<R> : symbols_of_results<R> {
    static constexpr bool several = false;
};
template <paramorph::traced... R>
    requires(sizeof...(R) > 0)
struct results<std::tuple<R...>> : symbols_of_results<R...> {
    static constexpr bool several = true;
    static constexpr void output(graph& g, std::tuple<R...> const& r) {
        detail::unpacked([&](auto const&... each) { symbols_of_results<R...>::output(g, each...); }, r);
    }
};
template <paramorph::traced A, paramorph::traced B>
struct results<std::pair<A, B>> : results<std::tuple<A, B>> {};

// The same results, made with these operations, too.
template <class Operations, class R>
constexpr auto with_operations(R const& y) {
    if constexpr (is_symbol<R>)
        return symbol<typename R::shape_type, typename R::value_type, join<Operations, typename R::operations>>{
            y.traced, y.id};
    else if constexpr (traced<R>)
        return with_operations<Operations>(y.as_symbol());
    else if constexpr (results<R>::several)
        return detail::unpacked([](auto const&... each) { return std::tuple{with_operations<Operations>(each)...}; },
                                std::tuple(y));
    else
        return y;
}

// Can forward be called for this mode?
template <mode Mode, class M, class... X>
inline constexpr bool forward_takes_module_mode = requires(M const& m, X... x) { m.template forward<Mode>(x...); };

// Moves the buffers that a forward names, and answers with the result alone.
template <class M, class R>
constexpr auto without_updates(R const& r) {
    return r;
}
template <class M, class R, class... New>
constexpr auto without_updates(with_update<R, New...> const& r) {
    if constexpr (!(is_new_value<New> && ...)) {
        using wrong =
            mistake<sentence("call: forward of ", short_type_name<M>(),
                             " answers with pm::updated(y, value), which does not say what becomes this value: write "
                             "pm::updated(y, buffer = value), buffer being a member of the module")>;
        using said [[maybe_unused]] = wrong::type;
        return r.result;
    } else
        return detail::unpacked(
            [&](auto const&... each) {
                traced_use const* const of[]{each.of...};
                for (std::size_t k = 1; k < sizeof...(New); ++k)
                    for (std::size_t j = 0; j < k; ++j)
                        if (of[k] && of[j] == of[k]) refused::pm_updated_names_a_buffer_twice();
                (each.store(), ...);
                return with_operations<join<typename New::operations...>>(r.result);
            },
            r.state);
}

// Are the results of both modes the same tensors?
template <class Training, class Inference>
constexpr bool same_results() {
    using a = results<Training>;
    using b = results<Inference>;
    if constexpr (!a::traced || !b::traced || a::several != b::several)
        return false;
    else
        return []<class... X, class... Y>(std::type_identity<std::tuple<X...>>, std::type_identity<std::tuple<Y...>>) {
            if constexpr (sizeof...(X) != sizeof...(Y))
                return false;
            else
                return ((std::is_same_v<typename X::shape_type, typename Y::shape_type> &&
                         std::is_same_v<typename X::value_type, typename Y::value_type>) &&
                        ...);
        }(std::type_identity<typename a::type>{}, std::type_identity<typename b::type>{});
}
template <class R>
constexpr sentence extents_of_result() {
    if constexpr (results<R>::traced)
        return []<class... X>(std::type_identity<std::tuple<X...>>) {
            return sentence(listed(X::shape_type::value...).view());
        }(std::type_identity<typename results<R>::type>{});
    else
        return sentence(short_type_name<R>());
}

// A forward that is a template of the mode: both modes are compiled, and the graph says which one is traced.
template <class M, class... X>
constexpr auto forward_in_mode(M const& m, X... x) {
    constexpr bool trains = forward_takes_module_mode<mode::training, M, X...>,
                   infers = forward_takes_module_mode<mode::inference, M, X...>;
    if constexpr (!trains || !infers) {
        using wrong = mistake<sentence(
            "call: forward of ", short_type_name<M>(), " takes no pm::mode::", trains ? "inference" : "training",
            ": a network is called in both modes: write `template <pm::mode M> constexpr auto forward(auto x) const` "
            "for both, with `if constexpr (M == pm::mode::training)` inside")>;
        using said [[maybe_unused]] = wrong::type;
        return after_mistake(x...);
    } else {
        using in_inference = decltype(m.template forward<mode::inference>(x...));
        using training = decltype(without_updates<M>(m.template forward<mode::training>(x...)));
        if constexpr (is_update<in_inference>) {
            using wrong = mistake<sentence(
                "call: forward<pm::mode::inference> of ", short_type_name<M>(),
                " answers with pm::updated, and buffers do not move in inference: return the result alone there, `if "
                "constexpr (M == pm::mode::training)`")>;
            using said [[maybe_unused]] = wrong::type;
            return after_mistake(x...);
        } else if constexpr (!same_results<training, in_inference>()) {
            using wrong = mistake<sentence("call: forward of ", short_type_name<M>(),
                                           " must give the same tensors in both modes: it gives ",
                                           extents_of_result<training>().view(), " in training and ",
                                           extents_of_result<in_inference>().view(), " in inference")>;
            using said [[maybe_unused]] = wrong::type;
            return after_mistake(x...);
        } else {
            using all = join<typename results<training>::operations, typename results<in_inference>::operations>;
            graph const* const g = graph_of(x...);
            if (!g) static_cast<void>(m.template forward<mode::inference>(x...));  // a rehearsal: of both
            if (g && g->modules == traced_mode::none) refused::a_module_with_modes_stands_in_the_cell_of_a_scan();
            if (!g || g->modules == traced_mode::training)
                return with_operations<all>(without_updates<M>(m.template forward<mode::training>(x...)));
            return with_operations<all>(m.template forward<mode::inference>(x...));
        }
    }
}

// What is said of a forward that forgets to return.
template <class M, std::size_t More>
inline constexpr sentence returns_nothing("call: forward of ", short_type_name<M>(),
                                          " returns nothing: write `constexpr auto forward",
                                          More > 0 ? "(auto x, auto y)" : "(auto x)", " const { return ...; }`");

// A module's forward. Where it cannot be called, the compiler says why, unless it has shown a mistake inside of it.
template <class M, class X, class... More>
constexpr auto forward_unwatched(M const& m, X x, More... more) {
    if constexpr (forward_takes_module_mode<mode::training, M, X, More...>)
        return forward_in_mode(m, x, more...);
    else if constexpr (forward_is_sound<M, X, More...>) {
        if constexpr (std::is_void_v<decltype(m.forward(x, more...))>) {
            using wrong = mistake<returns_nothing<M, sizeof...(More)>>;
            using said [[maybe_unused]] = wrong::type;
            return after_mistake(x);
        } else
            return without_updates<M>(m.forward(x, more...));
    } else if constexpr (forward_takes_module_mode<mode::inference, M, X, More...>)
        return forward_in_mode(m, x, more...);
    else {
        if constexpr (!member_forward_takes<M, X, More...>()) {
            using wrong =
                mistake<sentence("call: ", short_type_name<M>(), " has no forward ",
                                 forward_of_tensors<1 + sizeof...(More)>().view(), ", which a const network can call")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return after_mistake(x);
    }
}

// Stands for a type of module, by its address.
template <class M>
inline constexpr char type_tag = 0;

// The same, and who watches the graph is told of it.
template <class M, class X, class... More>
constexpr auto forward_of(M const& m, X x, More... more) {
    if constexpr (is_symbol<X>)
        if (x.traced && x.traced->watcher) {
            call_watcher& w = *x.traced->watcher;
            int const arguments[]{x.id, as_operand(more).id...};
            w.begin(w, *x.traced, {&m, &type_tag<M>}, arguments, 1 + sizeof...(More));
            auto y = forward_unwatched(m, x, more...);
            using R = results<decltype(y)>;
            if constexpr (R::traced) {
                auto const end = [&](auto const&... r) {
                    int const made[]{as_operand(r).id...};
                    w.end(w, *x.traced, made, sizeof...(r));
                };
                if constexpr (R::several)
                    detail::unpacked(end, y);
                else
                    end(y);
            }
            return y;
        }
    return forward_unwatched(m, x, more...);
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
