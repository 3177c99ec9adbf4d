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
// Shapes: one input of the network's `input_shape`; any other by `net.at<pm::shape<...>>(x, y, space)`. Errors, as a
// status, with y unchanged or partly written: an element of the input is not finite; a span has another number of
// elements than the network (of an array the compiler says so); the workspace is too small or not aligned for double;
// x, y and the part of the workspace that is used share memory, for a result is written while inputs are still read;
// an operation of the network fails (a singular matrix). Memory: `ram_bytes` of workspace; `flash_bytes` of numbers, to
// which the code is added. No heap, no exceptions, nothing static. Re-entrant: calls with workspaces of their own do
// not disturb one another.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

#include "paramorph/embed/numbers.hpp"
#include "paramorph/kernel/run.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// The boundary of a workspace.
inline constexpr std::size_t workspace_boundary = alignof(double);

namespace detail {

// Are n numbers finite? Their zeroths add up to zero, or to what is not a number: one multiplication and addition each.
// Compilers take such a sum for no constant, so that they compare.
template <class T>
constexpr bool all_finite(T const* x, int n) {
    if (std::is_constant_evaluated()) {
        for (int i = 0; i < n; ++i)
            if (!(x[i] >= -std::numeric_limits<T>::max() && x[i] <= std::numeric_limits<T>::max())) return false;
        return true;
    }
    T sum = 0;
    for (int i = 0; i < n; ++i) sum += x[i] * T(0);
    return sum == T(0);
}

// The N numbers of an argument; null where a span has another number of them.
template <class T, int N, class X>
constexpr T* numbers_of(X& x) {
    static_assert(
        std::is_constructible_v<std::span<T>, X&>,
        "call: give arrays, std::array or std::span of the network's element type; a pointer does not say how "
        "many numbers it points to");
    if constexpr (std::is_constructible_v<std::span<T>, X&> && !std::is_constructible_v<std::span<T, N>, X&>)
        using wrong [[maybe_unused]] =
            mistake<sentence("call: an array has another number of elements than the network takes or gives: ",
                             decltype(std::span{std::declval<X&>()})::extent, " instead of ", N)>;
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

template <class M, class Shape>
struct input_of {
    using type = Shape;
};
template <states_input_shape M>
struct input_of<M, void> {
    using type = typename M::input_shape;
};

}  // namespace detail

template <auto const& Numbers>
class network_on_target {
    using numbers = std::remove_cvref_t<decltype(Numbers)>;

  public:
    using module_type = typename numbers::module_type;
    using value_type = typename numbers::value_type;
    template <class Shape = void>
    using program_for =
        typename numbers::template program_for<input<typename detail::input_of<module_type, Shape>::type, value_type>>;
    template <class Shape = void>
    using result_shape = typename program_for<Shape>::result::shape_type;

    static constexpr int flash_bytes = static_cast<int>(sizeof(numbers));
    template <class Shape = void>
    static constexpr int workspace_bytes = detail::bytes_on_target<program_for<Shape>>();

    template <class X, class Y>
    status operator()(X const& x, Y&& y, std::span<std::byte> workspace) const {
        static_assert(states_shape<>,
                      "call: the network does not state the shape of its input; name it, net.at<pm::shape<8>>(x, y, "
                      "workspace)");
        if constexpr (states_shape<>)
            return at<typename module_type::input_shape>(x, y, workspace);
        else
            return {};
    }
    template <class Shape, class X, class Y>
    status at(X const& x, Y&& y, std::span<std::byte> workspace) const {
        value_type const* const in = detail::numbers_of<value_type const, Shape::size>(x);
        value_type* const out = detail::numbers_of<value_type, result_shape<Shape>::size>(y);
        if (in == nullptr || out == nullptr) return {detail::another_number};
        return run_on<Shape>(in, out, workspace.data(), workspace.size());
    }

  private:
    template <class...>
    static constexpr bool states_shape = detail::states_input_shape<module_type>;

    template <class Shape>
    static status run_on(value_type const* x, value_type* y, std::byte* workspace, std::size_t size) {
        using P = program_for<Shape>;
        if (status const s = detail::workspace_fits(workspace, size, workspace_bytes<Shape>); !s) return s;
        constexpr std::size_t taken = Shape::size * sizeof(value_type),
                              given = result_shape<Shape>::size * sizeof(value_type), used = workspace_bytes<Shape>;
        bool shared = detail::overlap<taken, given>(x, y);
        if constexpr (used > 0)
            shared = shared || detail::overlap<taken, used>(x, workspace) || detail::overlap<given, used>(y, workspace);
        if (shared) return {detail::shared_memory};
        if (!detail::all_finite(x, Shape::size)) return {"call: the input is not finite"};
        void const* arguments[numbers::parts + 1];
        Numbers.addresses(arguments);
        arguments[numbers::input_position] = x;
        void* const outputs[]{y};
        return run<P>(arguments, outputs, workspace);
    }
};

template <auto const& Values>
    requires(std::remove_cvref_t<decltype(Values)>::bound == binding::values)
using frozen = network_on_target<Values>;
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
