// A network on a target: its numbers are a constant, its memory is a workspace that the caller owns.
//
//     inline constexpr pm::network_values<model> weights{{...}};
//     constexpr pm::frozen<weights> net;
//     static_assert(pm::ram_bytes<net> <= 512 && pm::flash_bytes<net> <= 36 * 1024);
//     static pm::workspace<net> space;
//     if (pm::status s = net(x, y, space.bytes); !s) ...                 // x, y: arrays of the network's shapes
//
// `pm::frozen<Values>` runs on the values of the tensors: what a parametrization did is done, nothing of it is in the
// image. `pm::live<Originals>` computes every parametrized value in each call, from what was trained.
//
// Shapes: one input of the network's `input_shape`, or several of its `input_shapes`; any others by
// `net.at<pm::shape<...>>(x, y, space)`. Several inputs, or results, are given as tuples of arrays, in the order of
// forward: `net(std::tie(x, h), std::tie(y, next), space.bytes)`. Errors, as a status, with y unchanged or partly
// written: an element of the input is not finite; a span has another number of elements than the network (of an array
// the compiler says so); the workspace is too small or not aligned for double; x, y and the part of the workspace that
// is used share memory (an input may be given twice), for a result is written while inputs are still read; an operation
// of the network fails (a singular matrix). Memory: `ram_bytes` of workspace; `flash_bytes` of numbers, to which the
// code is added. No heap, no exceptions, nothing static. Re-entrant, with workspaces of their own. Cost: a call is one
// pass over the input to see that it is finite, and the compiled program; pm::live computes the parametrized values
// besides. Source: torch.jit.freeze, for a target.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "paramorph/embed/numbers.hpp"
#include "paramorph/kernel/run.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// The boundary of a workspace.
inline constexpr std::size_t workspace_boundary = alignof(double);

namespace detail {

using linalg::detail::all_finite;

// The N numbers of an argument; null where a span has another number of them.
template <class T, int N, class X>
constexpr T* numbers_of(X& x) {
    if constexpr (!std::is_constructible_v<std::span<T>, X&>) {
        using wrong = mistake<sentence(
            "call: give arrays, std::array or std::span of the network's element type, ", short_type_name<T>(),
            ": a pointer does not say how many numbers it points to; of an array of arrays or a pointer that is "
            "std::span<",
            short_type_name<T>(), ", ", N, ">(&x[0][0], ", N, ")")>;
        using said [[maybe_unused]] = wrong::type;
    } else if constexpr (!std::is_constructible_v<std::span<T, N>, X&>) {
        using wrong =
            mistake<sentence("call: an array has another number of elements than the network takes or gives: ",
                             decltype(std::span{std::declval<X&>()})::extent, " instead of ", N)>;
        using said [[maybe_unused]] = wrong::type;
    }
    if constexpr (std::is_constructible_v<std::span<T, N>, X&>) {
        std::span<T> const s{x};
        return s.size() == N ? s.data() : nullptr;
    } else
        return nullptr;
}
inline constexpr char const* another_number =
    "call: a span has another number of elements than the network takes or gives";

// Do `A` bytes at one place and `B` at another share one?
template <std::size_t A, std::size_t B>
[[gnu::always_inline]] inline bool overlap(void const* a, void const* b) {
    return reinterpret_cast<std::uintptr_t>(a) - reinterpret_cast<std::uintptr_t>(b) + (A - 1) < A + B - 1;
}
inline constexpr char const* shared_memory = "call: x, y and the workspace must not overlap";
// The workspace of a program, which a target counts in int.
template <class P>
constexpr int bytes_on_target() {
    static_assert(workspace_bytes_of<P> <= 0x7fffffff, "workspace: a network on a target needs less than 2 GiB of it");
    return static_cast<int>(workspace_bytes_of<P>);
}
// Is there room for `bytes` at an aligned address?
inline status workspace_fits(std::byte const* workspace, std::size_t size, int bytes) {
    if (bytes > 0 && size < static_cast<std::size_t>(bytes)) return {"workspace: too small"};
    if (bytes > 0 && reinterpret_cast<std::uintptr_t>(workspace) % workspace_boundary != 0)
        return {"workspace: not aligned to 8 bytes"};
    return {};
}

// Numbers hold what they are, or lie in a file's bytes and say how many.
template <class Numbers>
constexpr int bytes_of_numbers() {
    if constexpr (requires { Numbers::flash_bytes; })
        return Numbers::flash_bytes;
    else
        return static_cast<int>(sizeof(Numbers));
}

// The shapes of the inputs: those that were named, else those that the network states.
template <class M, class... Shape>
struct shapes_of_inputs {
    using type = shapes<Shape...>;
};
template <states_rows M>
struct shapes_of_inputs<M> : stated_rows<M> {};
template <class Numbers, class Shapes>
struct program_on_target;
template <class Numbers, class... Shape>
struct program_on_target<Numbers, shapes<Shape...>> {
    using type = typename Numbers::template program_for<input<Shape, typename Numbers::value_type>...>;
};

// Several arrays are given as a tuple of them, std::tie(x, h): how many, and array I.
template <class X>
inline constexpr std::size_t arrays_given = 1;
template <class... X>
inline constexpr std::size_t arrays_given<std::tuple<X...>> = sizeof...(X);
template <std::size_t I, class X>
constexpr auto& array_given(X& x) {
    if constexpr (is_tuple<std::remove_const_t<X>>)
        return std::get<I>(x);
    else
        return x;
}

}  // namespace detail

// What pm::frozen and pm::live are: a network whose numbers are a constant of the program.
template <auto const& Numbers>
class network_on_target {
    using numbers = std::remove_cvref_t<decltype(Numbers)>;

  public:
    using module_type = typename numbers::module_type;
    using value_type = typename numbers::value_type;
    template <class... Shape>
    using program_for =
        typename detail::program_on_target<numbers,
                                           typename detail::shapes_of_inputs<module_type, Shape...>::type>::type;
    // Of a network with one result.
    template <class... Shape>
    using result_shape = typename program_for<Shape...>::result::shape_type;

    static constexpr int flash_bytes = detail::bytes_of_numbers<numbers>();
    template <class... Shape>
    static constexpr int workspace_bytes = detail::bytes_on_target<program_for<Shape...>>();

    template <class X, class Y>
    status operator()(X const& x, Y&& y, std::span<std::byte> workspace) const {
        static_assert(states_shape<>,
                      "call: the network does not state the shape of its input; name it, net.at<pm::shape<8>>(x, y, "
                      "workspace)");
        if constexpr (states_shape<>)
            return call(typename detail::stated_rows<module_type>::type{}, x, y, workspace);
        else
            return {};
    }
    template <class... Shape, class X, class Y>
    status at(X const& x, Y&& y, std::span<std::byte> workspace) const {
        return call(shapes<Shape...>{}, x, y, workspace);
    }

  private:
    template <class...>
    static constexpr bool states_shape = detail::states_rows<module_type>;

    template <class... Shape, class X, class Y>
    static status call(shapes<Shape...>, X const& x, Y& y, std::span<std::byte> workspace) {
        using P = program_for<Shape...>;
        using results = detail::results<typename P::result>;
        constexpr std::size_t taken = sizeof...(Shape), given = std::size_t(results::count),
                              inputs = detail::arrays_given<X>, outputs = detail::arrays_given<std::remove_const_t<Y>>;
        if constexpr (taken != inputs || given != outputs) {
            using wrong = detail::mistake<detail::sentence(
                "call: the network takes ", detail::counted(taken, " input").view(), " and gives ",
                detail::counted(given, " result").view(), "; ", inputs, " and ", outputs,
                " arrays are given: write net(std::tie(x, h), std::tie(y, next), workspace) for two of each")>;
            using said [[maybe_unused]] = wrong::type;
            return {};
        } else
            return [&]<class... Symbol, std::size_t... I, std::size_t... J>(
                       std::type_identity<std::tuple<Symbol...>>, std::index_sequence<I...>, std::index_sequence<J...>)
                       __attribute__((always_inline)) {
                           value_type const* const in[]{
                               detail::numbers_of<value_type const, Shape::size>(detail::array_given<I>(x))...};
                           value_type* const out[]{
                               detail::numbers_of<value_type, Symbol::shape_type::size>(detail::array_given<J>(y))...};
                           if (((in[I] == nullptr) || ...) || ((out[J] == nullptr) || ...))
                               return status{detail::another_number};
                           return run_on<P>(shapes<Shape...>{}, shapes<typename Symbol::shape_type...>{}, in, out,
                                            workspace.data(), workspace.size());
                       }(std::type_identity<typename results::type>{}, std::make_index_sequence<taken>{},
                         std::make_index_sequence<given>{});
    }
    template <class Shape>
    static constexpr std::size_t bytes_of = Shape::size * sizeof(value_type);

    // Does result K share memory with one of those behind it?
    template <int K, class Result, class... Behind>
    [[gnu::always_inline]] static bool share(shapes<Result, Behind...>, value_type* const* y) {
        bool shared = false;
        if constexpr (sizeof...(Behind) > 0) {
            int k = K;
            ((shared = shared || detail::overlap<bytes_of<Result>, bytes_of<Behind>>(y[K], y[++k])), ...);
            shared = shared || share<K + 1>(shapes<Behind...>{}, y);
        }
        return shared;
    }
    // Does one of these arrays share memory with S bytes?
    template <std::size_t S, class... Of>
    [[gnu::always_inline]] static bool any_shares(shapes<Of...>, auto const* of, void const* with) {
        int k = 0;
        bool shared = false;
        ((shared = shared || detail::overlap<bytes_of<Of>, S>(of[k++], with)), ...);
        return shared;
    }
    template <class P, class... Shape, class... Result>
    [[gnu::always_inline]] static status run_on(shapes<Shape...> inputs, shapes<Result...> results,
                                                value_type const* const* x, value_type* const* y, std::byte* workspace,
                                                std::size_t size) {
        constexpr std::size_t used = detail::bytes_on_target<P>();
        if (status const s = detail::workspace_fits(workspace, size, int(used)); !s) return s;
        int k = 0;
        bool shared = share<0>(results, y);
        ((shared = shared || any_shares<bytes_of<Result>>(inputs, x, y[k++])), ...);
        if constexpr (used > 0)
            shared = shared || any_shares<used>(inputs, x, workspace) || any_shares<used>(results, y, workspace);
        if (shared) return {detail::shared_memory};
        k = 0;
        bool finite = true;
        ((finite = finite && detail::all_finite(x[k++], Shape::size)), ...);
        if (!finite) return {"call: the input is not finite"};
        void const* arguments[numbers::parts + sizeof...(Shape)];
        Numbers.addresses(arguments);
        k = 0;
        ((static_cast<void>(sizeof(Shape)), arguments[numbers::input_position + k] = x[k], ++k), ...);
        void* const outputs[]{(static_cast<void>(sizeof(Result)), static_cast<void*>(*y++))...};
        return run<P>(arguments, outputs, workspace);
    }
};

namespace detail {

// What stands for a network that the compiler refused, so that calls of it are no further errors.
struct refused_network {
    template <class... X>
    status operator()(X const&...) const {
        return {"refused by the compiler"};
    }
    template <class = void>
    static constexpr int workspace_bytes = 0;
    static constexpr int flash_bytes = 0;
};

}  // namespace detail

// A network that runs on the values of its tensors: no parametrization is left.
template <auto const& Values>
    requires(std::remove_cvref_t<decltype(Values)>::bound == binding::values)
using frozen = network_on_target<Values>;
// A network that computes the values of its tensors from their originals in each call.
template <auto const& Originals>
    requires(std::remove_cvref_t<decltype(Originals)>::bound == binding::originals)
using live = network_on_target<Originals>;

// Of a network with a stated input shape: the workspace of a call, and the numbers in flash, in bytes.
template <auto Net>
inline constexpr int ram_bytes = decltype(Net)::template workspace_bytes<>;
template <auto Net>
inline constexpr int flash_bytes = decltype(Net)::flash_bytes;

// Memory for the calls of a network.
template <auto Net>
struct workspace {
    alignas(workspace_boundary) std::byte bytes[ram_bytes<Net> == 0 ? 1 : ram_bytes<Net>];
};

}  // namespace paramorph::inline PARAMORPH_ABI
