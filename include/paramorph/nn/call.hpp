// Calling a network. Symbols are traced; arrays run the program that tracing gives. Inputs: an array of static shape
// runs one program of that shape; an xt::xtensor, whose first extent is a batch known at run time, runs one program for
// blocks of rows and one for single rows. A const network may be called from several threads: the workspace belongs to
// the call. With a run-time batch the values of parametrized tensors are computed before the rows; a thread keeps those
// of the last network of a type that it called so, in memory of their size, and computes them again after the network
// was written. With inputs of static shape they are part of the program: for many calls of such a network use
// pm::cached(net) or pm::freeze(net), which compute them once.
//
// A forward of several inputs is called with as many arrays, and one that returns a std::tuple of tensors gives a
// std::tuple of arrays: `auto [y, next] = net(x, h);`. The call operator is then
// `constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }`. A call has either inputs of
// static shape alone or batches alone, which have the same number of rows; the network states the shapes of rows,
// `using input_shapes = pm::shapes<pm::shape<8>, pm::shape<16>>;`. Other functions of a network: nn/function.hpp.
//
// The mode is the program's: of stages, and of modules whose forward asks for it (nn/module.hpp). In a loss, `net(x)`
// trains, and a step stores what state becomes; `pm::inference(net)(x)` does not. On arrays, `net(x)` is inference and
// changes nothing; `pm::training(net)(x)` runs the training program and stores what state becomes. Both are views: the
// weights are the network's.
//
// Errors: an input that is no array, or of another shape, training with a run-time batch, or of a const network, are
// the compiler's; where an operation fails, pm::error. Cost: that of the compiled program, once for each call or each
// block of rows; a workspace that fits on the stack is no allocation. Source: torch.nn.Module.__call__, train, eval.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

// What says most sentences comes first, the lowest before all: compilers list the files that led to a mistake.
#include "paramorph/expr/not_a_number.hpp"
#include "paramorph/expr/operation.hpp"
#include "paramorph/expr/takes.hpp"
#include "paramorph/nn/operations_of_arrays.hpp"
#include "paramorph/parametrize/stage_checks.hpp"
#include "paramorph/parametrize/tensor.hpp"

#include "paramorph/nn/members.hpp"

#include "paramorph/nn/accepts.hpp"
#include "paramorph/nn/paths.hpp"
#include "paramorph/nn/tracing.hpp"
#ifndef PARAMORPH_EMBED
#include "paramorph/nn/materialized.hpp"
#endif

namespace paramorph::inline PARAMORPH_ABI {

#ifndef PARAMORPH_EMBED
namespace detail {

// Says which input of a call is no array in memory.
template <class X, class... Rest>
constexpr void refuse_inputs() {
    if constexpr (fixed_container<X> || dynamic_container<X>)
        refuse_inputs<Rest...>();
    else if constexpr (is_update<X>) {
        using wrong = mistake<sentence(
            "call: a tensor is expected, and given is what a forward with modes or buffers gives, a result, ",
            named_operand<decltype(X::result)>().view(),
            ", and what its buffers become: call the module, as dropout(x), in place of dropout.forward<mode>(x)")>;
        using said [[maybe_unused]] = wrong::type;
    } else {
        using wrong = mistake<sentence(
            "call: give the network an xtensor container (xtensor_fixed, or xtensor for a run-time batch); evaluate "
            "expressions and views first, and adapt other arrays, xt::adapt(v, {rows, columns}); this is ",
            short_type_name<X>())>;
        using said [[maybe_unused]] = wrong::type;
    }
}

// A network's call on arrays.
template <class M, class Way, class X, class... More>
auto call_arrays(Way const& way, M const& m, X const& x, More const&... more) {
    if constexpr (fixed_container<X> && (fixed_container<More> && ...))
        return call_static<forward_of_network, M, binding::originals>(way, leaf_addresses(m), x, more...);
    else if constexpr ((fixed_container<X> || dynamic_container<X>) &&
                       ((fixed_container<More> || dynamic_container<More>) && ...))
        return call_batch<M>(way, values_of_a_call<M>(m).addresses(), x, more...);
    else {
        refuse_inputs<X, More...>();
        return x;
    }
}

}  // namespace detail
#endif

namespace detail {

// What stands for an input where a forward is tried: a symbol of its shape, of a batch known at run time that of a
// block.
template <class M, class X>
struct shown_as;
template <class M, traced X>
struct shown_as<M, X> {
    using type = operand_type<X>;
};
#ifndef PARAMORPH_EMBED
template <class M, fixed_container X>
    requires(!traced<X>)
struct shown_as<M, X> {
    using type = typename input_of<X>::symbol_type;
};
template <class M, dynamic_container X>
struct shown_as<M, X> {
    using type = typename rows_of_input<block_rows, typename M::input_shape, X>::symbol_type;
};
#endif
template <class M, class X>
using shown_input = typename shown_as<M, std::remove_cvref_t<X>>::type;

// Can it be tried in the call operator of a layer itself, with the message one function shorter than from `call`?
template <class M, class X>
inline constexpr bool can_be_shown = traced<X>;
#ifndef PARAMORPH_EMBED
template <class M, fixed_container X>
    requires(!traced<X>)
inline constexpr bool can_be_shown<M, X> = takes_elements<forward_of_network, M, input_of<X>>();
template <class M, dynamic_container X>
    requires(states_input_shape<M> && !states_input_shapes<M>)
inline constexpr bool can_be_shown<M, X> =
    takes_elements<forward_of_network, M, rows_of_input<block_rows, typename M::input_shape, X>>();
#endif

}  // namespace detail

// A module's call operator: traces symbols, runs arrays. Whether forward can be called is first asked here, so that a
// mistake inside of it is shown from here: few lines stand between the user's own and the mistake.
template <class M, class X, class... More>
constexpr auto call(M const& m, X const& x, More const&... more) {
    using shown = detail::forward_or_none<M> const&;
    if constexpr (traced<X> && (traced<More> && ...)) {
        using tried = decltype(std::declval<shown>().forward(detail::as_operand(x), detail::as_operand(more)...));
        if constexpr (std::is_same_v<tried, detail::none_such>)
            using in_mode [[maybe_unused]] = decltype(std::declval<shown>().template forward<mode::training>(
                detail::as_operand(x), detail::as_operand(more)...));
        return detail::forward_of(m, detail::as_operand(x), detail::as_operand(more)...);
    } else if constexpr (detail::first_several<X, More...> > 0) {
        using wrong = detail::mistake<detail::refuse_several(
            detail::sentence("call: ", detail::short_type_name<M>()).view(), detail::first_several<X, More...>)>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(detail::first_array(x, more...));
    }
#ifdef PARAMORPH_EMBED
    else {
        constexpr bool is_traced = traced<X>;
        static_assert(is_traced, "call: on a target a network runs by pm::frozen or pm::live, see embed/network.hpp");
    }
#else
    else if constexpr (fixed_container<X> && (fixed_container<More> && ...)) {
        if constexpr (detail::takes_elements<detail::forward_of_network, M, detail::input_of<X>,
                                             detail::input_of<More>...>()) {
            using tried = decltype(std::declval<shown>().forward(typename detail::input_of<X>::symbol_type{},
                                                                 typename detail::input_of<More>::symbol_type{}...));
            if constexpr (std::is_same_v<tried, detail::none_such>) {
                using in_mode [[maybe_unused]] = decltype(std::declval<shown>().template forward<mode::training>(
                    typename detail::input_of<X>::symbol_type{}, typename detail::input_of<More>::symbol_type{}...));
                if constexpr (detail::forward_takes_module_mode<mode::training, M,
                                                                typename detail::input_of<X>::symbol_type,
                                                                typename detail::input_of<More>::symbol_type...>)
                    using in_both [[maybe_unused]] =
                        decltype(detail::forward_in_mode(m, typename detail::input_of<X>::symbol_type{},
                                                         typename detail::input_of<More>::symbol_type{}...));
            }
            if constexpr (std::is_void_v<tried>) {
                if constexpr (detail::forward_is_sound<M, typename detail::input_of<X>::symbol_type,
                                                       typename detail::input_of<More>::symbol_type...>) {
                    using wrong = detail::mistake<detail::returns_nothing<M, sizeof...(More)>>;
                    using said [[maybe_unused]] = wrong::type;
                }
                return detail::refused_results(x, more...);
            } else if constexpr (detail::accepts<detail::forward_of_network, M, detail::input_of<X>,
                                                 detail::input_of<More>...>())
                return detail::call_arrays(detail::on_this_thread{}, m, x, more...);
            else
                return detail::refused_results(x, more...);
        } else
            return detail::refused_results(x, more...);
    } else if constexpr ((dynamic_container<X> || fixed_container<X>) &&
                         ((dynamic_container<More> || fixed_container<More>) && ...)) {
        if constexpr (sizeof...(More) == 0 && detail::can_be_shown<M, X>)
            using tried [[maybe_unused]] = decltype(std::declval<shown>().forward(detail::shown_input<M, X>{}));
        return detail::call_batch<M>(detail::on_this_thread{}, detail::values_of_a_call<M>(m).addresses(), x, more...);
    } else
        return detail::call_arrays(detail::on_this_thread{}, m, x, more...);
#endif
}

// What pm::inference gives: the network, whose calls are those of inference, on arrays and in traced functions.
template <class M>
class inference_view {
  public:
    constexpr explicit inference_view(M const& m) : net_(&m) {}
    template <class... X>
    constexpr auto operator()(X const&... x) const {
        if constexpr ((traced<X> && ...)) {
            ir::graph* const g = detail::graph_of(detail::as_operand(x)...);
            ir::traced_mode const before = g ? g->modules : ir::traced_mode::none;
            if (g) g->modules = ir::traced_mode::inference;
            auto const y = (*net_)(x...);
            if (g) g->modules = before;
            return y;
        } else
            return (*net_)(x...);
    }
    constexpr M const& network() const { return *net_; }

  private:
    M const* net_;
};

// The tensor or module at a path of a view: for reading.
template <fixed_string Path, class M>
constexpr auto const& get(inference_view<M> const& view) {
    return paramorph::get<Path>(view.network());
}

#ifndef PARAMORPH_EMBED
// What pm::training gives: the network, whose calls on arrays run the training program and store what its state
// becomes.
template <class M>
class training_view {
  public:
    constexpr explicit training_view(M& m) : net_(&m) {}
    // Not for one network in several threads at a time: it stores state.
    template <class... X>
    auto operator()(X const&... x) {
        constexpr bool fixed = (fixed_container<X> && ...);
        static_assert(fixed,
                      "training: the input's shape must be static (xt::xtensor_fixed): a training program has its "
                      "batch in its type");
        if constexpr (fixed) {
            using tried [[maybe_unused]] = decltype(std::declval<detail::forward_or_none<M> const&>().forward(
                typename detail::input_of<X>::symbol_type{}...));
            return detail::call_in_training(*net_, x...);
        } else
            return detail::refused_results(x...);
    }

  private:
    M* net_;
};

#endif

// The network as in inference; it must outlive the view.
template <module M>
constexpr inference_view<M> inference(M const& net) {
    return inference_view<M>(net);
}
#define PARAMORPH_TEMPORARY                                                                                          \
    "inference: the view refers to the network, and this one is gone at the end of the line: give it a name first, " \
    "auto net = pm::make<model>(pm::seed{0})"
template <module M, detail::sentence Says = PARAMORPH_TEMPORARY>
inference_view<M> inference(M const&& net) = PARAMORPH_REFUSED(PARAMORPH_TEMPORARY);
#undef PARAMORPH_TEMPORARY
#ifndef PARAMORPH_EMBED
// The network as in training; it must outlive the view.
template <module M>
auto training(M& net) {
    static_assert(!std::is_const_v<M>, "training: the network is const, and training stores its state");
    if constexpr (std::is_const_v<M>)
        return inference_view<std::remove_const_t<M>>(net);  // one mistake, one error
    else
        return training_view<M>(net);
}
#endif

}  // namespace paramorph::inline PARAMORPH_ABI
