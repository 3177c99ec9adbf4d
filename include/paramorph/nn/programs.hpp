// Running the programs of networks: how arrays get in and out. See call.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/tracing.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Addresses of a network's leaves, with room for `More` inputs after them.
template <std::size_t More = 1, class M>
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

// Runs a call; `outputs` are the result's address, then those of what state becomes.
template <class M, binding B, class Input, mode Mode = mode::inference, std::size_t N>
void run_call(std::array<void const*, N> addresses, void const* x, void* const* outputs) {
    using P = program::call_of<M, B, Input, Mode>;
    addresses.back() = x;
    throw_if_failed(with_workspace<P>([&](std::byte* w) { return run<P>(addresses.data(), outputs, w); }));
}

template <int Batch, class Row>
struct batched;
template <int Batch, int... E>
struct batched<Batch, shape<E...>> {
    using type = shape<Batch, E...>;
};

// Makes a result and has it written: `run(address)`.
template <class Result>
auto result_of(auto run) {
    using T = typename Result::value_type;
    if constexpr (Result::rank == 0) {
        T y;
        run(&y);
        return y;
    } else {
        auto y = make_container<typename Result::shape_type, T>();
        run(y.data());
        return y;
    }
}

// A call with an input of static shape.
template <class M, binding B, std::size_t N, fixed_container X>
auto call_static(std::array<void const*, N> const& addresses, X const& x) {
    using in = input<static_shape_of<X>, typename X::value_type>;
    if constexpr (accepts<M, in>())
        return result_of<forward_result<M, in>>([&](void* y) { run_call<M, B, in>(addresses, x.data(), &y); });
    else
        return x;
}
// The same in training: stores what state becomes.
template <class M, fixed_container X>
auto call_in_training(M& m, X const& x) {
    using in = input<static_shape_of<X>, typename X::value_type>;
    if constexpr (accepts<M, in>()) {
        pending_state<M> state(m);
        std::array<void*, static_cast<std::size_t>(updates<M>.count) + 1> outputs{};
        state.put_outputs(outputs.data() + 1);
        auto y = result_of<forward_result<M, in>>([&](void* at) {
            outputs[0] = at;
            run_call<M, binding::originals, in, mode::training>(leaf_addresses(m), x.data(), outputs.data());
        });
        state.store(m);
        return y;
    } else
        return x;
}

inline constexpr int block_rows = 32;

// A call with a run-time batch, row by row independent.
template <class M, std::size_t N, dynamic_container X>
auto call_rows(std::array<void const*, N> const& values, X const& x) {
    using row = typename M::input_shape;
    using T = typename X::value_type;
    using block = input<typename batched<block_rows, row>::type, T>;
    using one = input<typename batched<1, row>::type, T>;
    using result = typename forward_result<M, block>::shape_type;
    constexpr int out = result::size / block_rows;
    auto const* const from = x.data() + x.data_offset();
    bool fits = x.dimension() == row::rank + 1 && x.layout() == xt::layout_type::row_major;
    for (std::size_t k = 0; fits && k < row::rank; ++k) fits = static_cast<int>(x.shape()[k + 1]) == row::value.d[k];
    if (!fits)
        throw error("call: the input must be a row-major [batch, ...] array whose rows have the network's input shape");
    std::size_t const rows = x.shape()[0];
    std::array<std::size_t, result::rank> extents{};
    for (std::size_t k = 0; k < result::rank; ++k) extents[k] = static_cast<std::size_t>(result::value.d[k]);
    extents[0] = rows;
    auto y = row_major_array<T, result::rank>::from_shape(extents);
    auto const run_rows = [&]<class Rows>(std::size_t first) {
        void* const to = y.data() + first * out;
        run_call<M, binding::values, Rows>(values, from + first * row::size, &to);
    };
    std::size_t r = 0;
    for (; r + block_rows <= rows; r += block_rows) run_rows.template operator()<block>(r);
    for (; r < rows; ++r) run_rows.template operator()<one>(r);
    return y;
}

template <class M, std::size_t N, dynamic_container X>
auto call_batch(std::array<void const*, N> const& values, X const& x) {
    if constexpr (!states_input_shape<M>) {
        using wrong [[maybe_unused]] = mistake<sentence(
            "call: for a batch known at run time the network must state the shape of a row, as in `using input_shape = "
            "pm::shape<8>;`; ",
            short_type_name<M>(), " does not; an xt::xtensor_fixed has its shape in its type")>;
        return x;
    } else {
        using block = input<typename batched<block_rows, typename M::input_shape>::type, typename X::value_type>;
        if constexpr (!accepts<M, block>())
            return x;
        else {
            constexpr extents out = forward_result<M, block>::shape_type::value;
            if constexpr (out.rank >= 1 && out.d[0] == block_rows)
                return call_rows<M>(values, x);
            else {
                using wrong [[maybe_unused]] = mistake<sentence(
                    "call: a network called with a run-time batch must give one row for each row of its input: of ",
                    block::shape_type::value, " it makes ", out)>;
                return x;
            }
        }
    }
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
