// The numbers of a network as one constant, so that they stay in flash:
//
//     inline constexpr pm::network_values<model> weights{{...}};       // the value of every tensor
//     inline constexpr pm::network_originals<model> trained{{...}};    // what was trained, and the state of stages
//
// In 16 bits: pm::stored_as (embed/storage.hpp).
//
// Tensors follow one another in member order (nn/module.hpp), each row by row; the originals of a tensor come
// before its state. A list that is too short or too long does not compile; without a list, `{}`, all numbers are
// zero. `pm::write_header` and `pm::write_originals` (embed/write_header.hpp) write both on the host. Errors: a list of
// another length than the network has numbers is the compiler's. Cost: none: a constant in flash. Source:
// torch.nn.Module.state_dict.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <concepts>
#include <type_traits>

#include "paramorph/kernel/unrolled.hpp"
#include "paramorph/nn/scan_by_frames.hpp"
#include "paramorph/nn/tracing.hpp"
#include "paramorph/op/convert.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// The first element of every leaf of a network, and of every value.
template <class M>
struct number_layout {
    int leaf[counts<M>.leaves + 1]{}, value[counts<M>.tensors + 1]{};
    int first_leaf[counts<M>.tensors + 1]{};  // of each tensor
    constexpr number_layout() {
        int l = 0, v = 0;
        detail::traced_module<M> const m{};
        for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
            value[v + 1] = value[v] + Tensor::shape_type::size;
            first_leaf[v++] = l;
            auto const add = [&](int size) {
                leaf[l + 1] = leaf[l] + size;
                ++l;
            };
            Tensor::for_each_index([&](auto k) { add(Tensor::traits::template original_shape<k>::size); });
            Tensor::for_each_state([&]<class State>(auto, auto, State) { add(State::shape_type::size); });
        });
    }
    constexpr int leaf_elements() const { return leaf[counts<M>.leaves]; }
    constexpr int value_elements() const { return value[counts<M>.tensors]; }
};
template <class M>
inline constexpr number_layout<M> layout_of{};

}  // namespace detail

namespace program {

// The program of a call, on one row of each input.
template <class M, binding B, class... Input>
struct call_on_target : detail::program_on_machine<call_of<M, B, Input...>>::type {
    static constexpr bool fuses_row_products = true;
};

// The same of a network whose values are stored in 16 bits: each load of them converts. What has no such loads, an
// inverse say, reads a copy in the workspace.
template <class M, class Stored, class... Input>
struct call_of_stored : call_of<M, binding::values, Input...> {
    using in_its_own_type = call_of<M, binding::values, Input...>;
    static constexpr bool fuses_row_products = true;
    using operations = join<typename in_its_own_type::operations, ops<op::convert>>;
    static constexpr graph build() {
        constexpr int values = detail::counts<M>.tensors;
        graph const from = simplify(in_its_own_type::build());
        detail::copier copy(from);
        for (int i = 0; i < from.size; ++i) {
            node n = copy.remapped(from.nodes[i]);
            if (n.operation->kind == category::dense && !n.operation->reads_stored)
                for (int k = 0; k < n.operation->arity; ++k)
                    if (memory_of(from, from.nodes[i].argument[k]) < values)
                        n.argument[k] = push<op::convert>(copy.to, n.argument[k]);
            int const first = copy.to.push(n);
            for (int r = 0; r < n.operation->results; ++r)
                copy.moved[from.nodes[i].first + r] = static_cast<std::int16_t>(first + r);
            if (n.operation->kind == category::leaf)
                copy.to.values[first] = value{
                    from.shape_of(from.nodes[i].first),
                    from.nodes[i].attribute.v[0] < values ? element_of<Stored> : from.values[from.nodes[i].first].type,
                    copy.to.values[first].producer};
        }
        copy.finish();
        return copy.to;
    }
};

}  // namespace program

namespace detail {

// The numbers themselves: an array that is copied as one object, in a constant of any size.
template <class T, int Count>
struct number_array {
    T of[Count == 0 ? 1 : Count]{};
};

// Compilers limit each evaluation, so D::count numbers are made as constants of D::most each, D::block<B>, and put
// together.
template <class D>
inline constexpr int block_count = (D::count + D::most - 1) / D::most;
template <class D, int B>
inline constexpr int block_size = D::count - B * D::most < D::most ? D::count - B * D::most : D::most;
template <class To, class D>
constexpr To joined_blocks() {
    To x;
    auto* to = x.of;
    [[maybe_unused]] auto const put = [&to](auto const& block, int n) {
        for (int i = 0; i < n; ++i) *to++ = block.of[i];
    };
    [&]<int... B>(std::integer_sequence<int, B...>) {
        (put(D::template block<B>, block_size<D, B>), ...);
    }(std::make_integer_sequence<int, block_count<D>>{});
    return x;
}

template <int Given, int Needed>
constexpr void check_count_of_numbers() {
    if constexpr (Given != Needed) {
        using wrong =
            mistake<sentence("network_values, network_originals: the list has too ", Given < Needed ? "few" : "many",
                             " numbers for the network: ", Given, " given, ", Needed, " needed")>;
        using said [[maybe_unused]] = wrong::type;
    }
}

template <module M>
constexpr int value_count = layout_of<M>.value_elements();
template <module M>
constexpr int original_count = layout_of<M>.leaf_elements();

// T: what they are stored in.
template <module M, binding Bound, class T = module_value_type<M>>
struct network_constants : number_array<T, Bound == binding::values ? value_count<M> : original_count<M>> {
    using module_type = M;
    using value_type = module_value_type<M>;
    static constexpr binding bound = Bound;
    template <class... Input>
    using program_for = std::conditional_t<sixteen_bits<T>, program::call_of_stored<M, T, Input...>,
                                           program::call_on_target<M, bound, Input...>>;
    static constexpr bool of_values = bound == binding::values;
    static constexpr int parts = of_values ? counts<M>.tensors : counts<M>.leaves, input_position = parts,
                         count = of_values ? value_count<M> : original_count<M>;
    using array = number_array<T, count>;
    static constexpr int begin(int k) { return of_values ? layout_of<M>.value[k] : layout_of<M>.leaf[k]; }

    constexpr network_constants() = default;
    template <int Given>
    constexpr network_constants(T const (&list)[Given]) : array(from(list)) {}
    template <std::convertible_to<T>... Number>
        requires(sizeof...(Number) > 0)
    constexpr explicit(sizeof...(Number) == 1) network_constants(Number const&... list)
        : network_constants({static_cast<T>(list)...}) {}

    // Where each tensor is, for a program's arguments.
    [[gnu::always_inline]] void addresses(void const** to) const {
        kernel::unrolled<parts>([&](auto k) __attribute__((always_inline)) {
            constexpr int first = begin(k);  // a constant: the table stays out of the program
            to[k] = this->of + first;
        });
    }

  private:
    template <int Given>
    static constexpr array from(T const (&list)[Given]) {
        check_count_of_numbers<Given, count>();
        if constexpr (Given == count)
            return std::bit_cast<array>(list);
        else
            return {};
    }
};

}  // namespace detail

template <module M>
using network_values = detail::network_constants<M, binding::values>;
template <module M>
using network_originals = detail::network_constants<M, binding::originals>;

}  // namespace paramorph::inline PARAMORPH_ABI
