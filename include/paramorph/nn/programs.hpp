// Running the programs of networks: how arrays get in and out. See call.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/unpacked.hpp"
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
// Calls f(elements, write) for every tensor that training by program P changes: write() says where its numbers are.
template <class P, class M, class F>
void for_each_update(M& m, F&& f) {
    constexpr auto& u = P::updates;
    int leaf = 0, next = 0;
    for_each_tensor(m, [&]<class Tensor>(Tensor& t) {
        auto const is_next = [&](int l) { return next < u.count && u.leaf[next] == l && ++next; };
        if constexpr (Tensor::can_be_moved)
            if (is_next(leaf)) f(Tensor::shape_type::size, [&] { return t.template original_to_write<0>(); });
        int state = leaf + Tensor::original_count;
        Tensor::for_each_state([&]<class State>(auto stage, auto k, State) {
            if (is_next(state++)) f(State::shape_type::size, [&] { return t.template state_to_write<stage, k>(); });
        });
        leaf += Tensor::leaf_count;
    });
}

// Room for what state becomes, until a program has succeeded.
template <class M>
class pending_state {
  public:
    // Writes the addresses into the outputs of program P.
    template <class P>
    void put_outputs(M& m, void** to) {
        if constexpr (P::updates.count > 0) {
            std::size_t all = 0;
            for_each_update<P>(m, [&](int n, auto const&) { all += static_cast<std::size_t>(n); });
            if (numbers_.size() < all) numbers_.resize(all);
            auto* at = numbers_.data();
            for_each_update<P>(m, [&](int n, auto const&) {
                *to++ = at;
                at += n;
            });
        }
    }
    template <class P>
    void store(M& m) const {
        if constexpr (P::updates.count > 0) {
            auto const* at = numbers_.data();
            for_each_update<P>(m, [&](int n, auto const& write) {
                std::copy(at, at + n, write());
                at += n;
            });
        }
    }

  private:
    std::vector<module_value_type<M>> numbers_;
};

// How a call runs its programs: on the thread that calls. The other way: nn/on_threads.hpp.
struct on_this_thread {
    template <class P>
    status run(void const* const* arguments, void* const* outputs, std::byte* workspace) const {
        return paramorph::run<P>(arguments, outputs, workspace);
    }
    // f(k, workspace of P), a status, for each k below `count`, until one fails.
    template <class P>
    status each(std::size_t count, auto const& f) const {
        if (count == 0) return {};
        return with_workspace<P>([&](std::byte* w) {
            status s;
            for (std::size_t k = 0; k < count && s.ok(); ++k) s = f(k, w);
            return s;
        });
    }
};

// The arguments of a program: a network's leaves or values, then inputs.
template <std::size_t N, class... X>
std::array<void const*, N + sizeof...(X)> arguments_of(std::array<void const*, N> const& of_network, X const*... x) {
    std::array<void const*, N + sizeof...(X)> arguments{};
    std::copy(of_network.begin(), of_network.end(), arguments.begin());
    [[maybe_unused]] std::size_t k = N;
    ((arguments[k++] = x), ...);
    return arguments;
}
// Runs a program; `outputs` are the results' addresses, then those of what state becomes.
template <class P, class Way, std::size_t N>
void run_call(Way const& way, std::array<void const*, N> const& of_network, void* const* outputs, auto const*... x) {
    auto const arguments = arguments_of(of_network, x...);
    throw_if_failed(with_workspace<P>([&](std::byte* w) { return way.template run<P>(arguments.data(), outputs, w); }));
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
            detail::unpacked(
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

template <fixed_container X>
using input_of = input<static_shape_of<X>, typename X::value_type>;

// A call with inputs of static shapes.
template <class F, class M, binding B, class Way, std::size_t N, fixed_container... X>
auto call_static(Way const& way, std::array<void const*, N> const& of_network, X const&... x) {
    if constexpr (accepts<F, M, input_of<X>...>()) {
        using P = program::function_of<F, M, B, mode::inference, input_of<X>...>;
        return results_written<typename P::result>(
            [&](void* const* outputs) { run_call<P>(way, of_network, outputs, x.data()...); });
    } else
        return refused_results(x...);
}
// The same in training: stores what state becomes.
template <class M, fixed_container... X>
auto call_in_training(M& m, X const&... x) {
    if constexpr (accepts<forward_of_network, M, input_of<X>...>()) {
        using P = program::function_of<forward_of_network, M, binding::originals, mode::training, input_of<X>...>;
        pending_state<M> state;
        constexpr auto more = static_cast<std::size_t>(P::updates.count);
        auto y = results_written<typename P::result, more>([&](void** outputs) {
            state.template put_outputs<P>(m, outputs + results<typename P::result>::count);
            run_call<P>(on_this_thread{}, leaf_addresses(m), outputs, x.data()...);
        });
        state.template store<P>(m);
        return y;
    } else
        return refused_results(x...);
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
