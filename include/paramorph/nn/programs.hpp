// Running the programs of networks: how arrays get in and out. See call.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/accepts.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Addresses of a network's leaves, with room for `More` inputs after them.
template <std::size_t More = 0, class M>
auto leaf_addresses(M const& m) {
    std::array<void const*, static_cast<std::size_t>(counts<M>.leaves) + More> to{};
    std::size_t k = 0;
    for_each_tensor(m, [&](auto const& t) {
        for (void const* p : t.leaf_addresses()) to[k++] = p;
    });
    return to;
}
// Calls f(tensor, stage, position, state) for every tensor of state that training changes.
template <class M, class F>
void for_each_update(M& m, F&& f) {
    using Module = std::remove_const_t<M>;
    int leaf = 0, next = 0;
    for_each_tensor(m, [&]<class Tensor>(Tensor& t) {
        int state = leaf + Tensor::original_count;
        Tensor::for_each_state([&](auto stage, auto k, auto declared) {
            if (next < updates<Module>.count && updates<Module>.leaf[next] == state) {
                f(t, stage, k, declared);
                ++next;
            }
            ++state;
        });
        leaf += Tensor::leaf_count;
    });
}

// Room for what state becomes, until a program has succeeded.
template <class M>
class pending_state {
  public:
    explicit pending_state(M const& m) {
        for_each_update(m, [&]<class State>(auto const&, auto, auto, State) {
            offsets_[count_++] = numbers_.size();
            numbers_.resize(numbers_.size() + static_cast<std::size_t>(State::shape_type::size));
        });
    }
    // Writes the addresses into a program's outputs.
    void put_outputs(void** to) {
        for (std::size_t k = 0; k < count_; ++k) to[k] = numbers_.data() + offsets_[k];
    }
    void store(M& m) const {
        std::size_t n = 0;
        for_each_update(m, [&]<class State>(auto& t, auto stage, auto k, State) {
            auto const from = numbers_.begin() + static_cast<std::ptrdiff_t>(offsets_[n++]);
            std::copy(from, from + State::shape_type::size, t.template state_to_write<stage, k>());
        });
    }

  private:
    std::vector<module_value_type<M>> numbers_;
    std::array<std::size_t, static_cast<std::size_t>(updates<M>.count) + 1> offsets_{};
    std::size_t count_ = 0;
};

// Runs a program on a network's leaves or values and inputs; `outputs` are the results' addresses, then those of what
// state becomes.
template <class P, std::size_t N>
void run_call(std::array<void const*, N> const& of_network, void* const* outputs, auto const*... x) {
    std::array<void const*, N + sizeof...(x)> arguments{};
    std::copy(of_network.begin(), of_network.end(), arguments.begin());
    [[maybe_unused]] std::size_t k = N;
    ((arguments[k++] = x), ...);
    throw_if_failed(with_workspace<P>([&](std::byte* w) { return run<P>(arguments.data(), outputs, w); }));
}

// An array, or a number, for a result.
template <class Symbol>
auto make_result() {
    using T = typename Symbol::value_type;
    if constexpr (Symbol::rank == 0)
        return T{};
    else
        return make_container<typename Symbol::shape_type, T>();
}
void* address_of_result(auto& y) {
    if constexpr (requires { y.data(); })
        return y.data();
    else
        return &y;
}
// Makes what a function gives and has it written: `write(outputs)`, with room for `More` outputs after the results.
template <class R, std::size_t More = 0>
auto results_written(auto const& write) {
    return [&]<class... Symbol>(std::type_identity<std::tuple<Symbol...>>) {
        if constexpr (results<R>::several) {
            std::tuple<decltype(make_result<Symbol>())...> y{make_result<Symbol>()...};
            std::apply(
                [&](auto&... each) {
                    std::array<void*, sizeof...(Symbol) + More> outputs{address_of_result(each)...};
                    write(outputs.data());
                },
                y);
            return y;
        } else {
            auto y = (make_result<Symbol>(), ...);
            std::array<void*, 1 + More> outputs{address_of_result(y)};
            write(outputs.data());
            return y;
        }
    }(std::type_identity<typename results<R>::type>{});
}

// What goes on for the results of a call that the compiler refused.
template <class... X>
auto refused_results(X const&... x) {
    if constexpr (sizeof...(X) == 1)
        return (x, ...);
    else
        return std::tuple{x...};
}

// A call with inputs of static shapes.
template <class F, class M, binding B, std::size_t N, fixed_container... X>
auto call_static(std::array<void const*, N> const& of_network, X const&... x) {
    if constexpr (accepts<F, M, input<static_shape_of<X>, typename X::value_type>...>()) {
        using P = program::function_of<F, M, B, mode::inference, input<static_shape_of<X>, typename X::value_type>...>;
        return results_written<typename P::result>(
            [&](void* const* outputs) { run_call<P>(of_network, outputs, x.data()...); });
    } else
        return refused_results(x...);
}
// The same in training: stores what state becomes.
template <class M, fixed_container... X>
auto call_in_training(M& m, X const&... x) {
    if constexpr (accepts<forward_of_network, M, input<static_shape_of<X>, typename X::value_type>...>()) {
        using P = program::function_of<forward_of_network, M, binding::originals, mode::training,
                                       input<static_shape_of<X>, typename X::value_type>...>;
        pending_state<M> state(m);
        constexpr auto more = static_cast<std::size_t>(updates<M>.count);
        auto y = results_written<typename P::result, more>([&](void** outputs) {
            state.put_outputs(outputs + results<typename P::result>::count);
            run_call<P>(leaf_addresses(m), outputs, x.data()...);
        });
        state.store(m);
        return y;
    } else
        return refused_results(x...);
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
