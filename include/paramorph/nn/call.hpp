// Calling a network. Symbols are traced; arrays run the program that tracing gives. Inputs: an array of static shape
// runs one program of that shape; an xt::xtensor, whose first extent is a batch known at run time, runs one program for
// blocks of rows and one for the rest. A const network may be called from several threads: the workspace belongs to the
// call.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/module.hpp"

namespace paramorph {

// What a network's tensors are in a program: leaves for their originals, or for their values.
enum class binding { originals, values };

// An input of a program: its shape and element type, as in `pm::input<pm::shape<32, 64>>`.
template <class Shape, class T = float>
struct input {
    using shape_type = Shape;
    using value_type = T;
    using symbol_type = symbol<Shape, T>;
};

namespace detail {

template <binding B, class M>
constexpr int bind_tensors(M& m, graph& g) {
    int position = 0;
    for_each_tensor(m, [&](auto& t) {
        if constexpr (B == binding::originals)
            t.bind(g, position);
        else
            t.bind_value(g, position);
    });
    return position;
}

template <class M, class... Input>
using forward_result = decltype(std::declval<M const&>().forward(typename Input::symbol_type{}...));

}  // namespace detail

namespace program {

// Arguments: a network's originals or values, then the input. Output: the network's result.
template <class M, binding B, class Input>
struct call_of {
    using result = detail::forward_result<M, Input>;
    using real = typename result::value_type;
    using operations = join<base_operations, typename result::operations>;
    static constexpr graph build() {
        graph g = new_graph<real>();
        M m{};
        int const position = detail::bind_tensors<B>(m, g);
        auto const y = m.forward(place_leaf<typename Input::shape_type, typename Input::value_type>(g, position));
        g.output(y.id);
        return g;
    }
};

}  // namespace program

namespace detail {

// Addresses of a network's originals, with room for an input after them.
template <class M>
auto original_addresses(M const& m) {
    std::array<void const*, static_cast<std::size_t>(counts<M>.originals) + 1> to{};
    std::size_t k = 0;
    for_each_tensor(m, [&](auto const& t) {
        for (void const* p : t.original_addresses()) to[k++] = p;
    });
    return to;
}

template <class M, binding B, class Input, std::size_t N>
void run_call(std::array<void const*, N> addresses, void const* x, void* y) {
    using P = program::call_of<M, B, Input>;
    addresses.back() = x;
    throw_if_failed(with_workspace<P>([&](std::byte* w) { return run<P>(addresses.data(), &y, w); }));
}

template <class M>
concept states_input_shape = requires { typename M::input_shape; };

template <int Batch, class Row>
struct batched;
template <int Batch, int... E>
struct batched<Batch, shape<E...>> {
    using type = shape<Batch, E...>;
};

// A call with an input of static shape.
template <class M, binding B, std::size_t N, fixed_container X>
auto call_static(std::array<void const*, N> const& addresses, X const& x) {
    using in = input<static_shape_of<X>, typename X::value_type>;
    using result = forward_result<M, in>;
    using T = typename result::value_type;
    if constexpr (result::rank == 0) {
        T y;
        run_call<M, B, in>(addresses, x.data(), &y);
        return y;
    } else {
        auto y = make_container<typename result::shape_type, T>();
        run_call<M, B, in>(addresses, x.data(), y.data());
        return y;
    }
}

inline constexpr int block_rows = 32;

// A call with a run-time batch, row by row independent.
template <class M, std::size_t N, dynamic_container X>
auto call_batch(std::array<void const*, N> const& values, X const& x) {
    static_assert(states_input_shape<M>,
                  "call: for a batch known at run time the network must state its row's shape, as in `using "
                  "input_shape = pm::shape<8>;`");
    using row = typename M::input_shape;
    using T = typename X::value_type;
    using block = input<typename batched<block_rows, row>::type, T>;
    using one = input<typename batched<1, row>::type, T>;
    using result = typename forward_result<M, block>::shape_type;
    constexpr int out = result::size / block_rows;
    static_assert(result::rank >= 1 && result::value.d[0] == block_rows,
                  "call: a network called with a run-time batch must give one row for each row of its input");
    auto const* const from = x.data() + x.data_offset();
    bool fits = x.dimension() == row::rank + 1 && x.layout() == xt::layout_type::row_major;
    for (std::size_t k = 0; fits && k < row::rank; ++k) fits = static_cast<int>(x.shape()[k + 1]) == row::value.d[k];
    if (!fits)
        throw error("call: the input must be a row-major [batch, ...] array whose rows have the network's input shape");
    std::size_t const rows = x.shape()[0];
    std::array<std::size_t, result::rank> extents{};
    for (std::size_t k = 0; k < result::rank; ++k) extents[k] = static_cast<std::size_t>(result::value.d[k]);
    extents[0] = rows;
    auto y = xt::xtensor<T, result::rank>::from_shape(extents);
    std::size_t r = 0;
    for (; r + block_rows <= rows; r += block_rows)
        run_call<M, binding::values, block>(values, from + r * row::size, y.data() + r * out);
    for (; r < rows; ++r) run_call<M, binding::values, one>(values, from + r * row::size, y.data() + r * out);
    return y;
}

}  // namespace detail

// A network with every tensor's value computed: the parametrizations are gone, what is left is numbers and the
// network's own operations. It is a value: it holds what the network was when it was made, and does not follow it.
template <class M>
class materialized {
  public:
    using module_type = M;
    using value_type = module_value_type<M>;

    explicit materialized(M const& m) : values_(static_cast<std::size_t>(detail::counts<M>.value_elements)) {
        std::size_t k = 0, offset = 0;
        for_each_tensor(m, [&]<class Tensor>(Tensor const& t) {
            t.write_value(values_.data() + offset);
            offsets_[k++] = offset;
            offset += Tensor::shape_type::size;
        });
    }

    template <array_expression X>
    auto operator()(X const& x) const {
        if constexpr (fixed_container<X>)
            return detail::call_static<M, binding::values>(addresses(), x);
        else
            return detail::call_batch<M>(addresses(), x);
    }

    // Tensor k's value, row-major; tensors are counted in the order of the walk.
    value_type const* data(int k) const { return values_.data() + offsets_[static_cast<std::size_t>(k)]; }

    // Addresses of the values, with room for an input after them.
    auto addresses() const {
        std::array<void const*, static_cast<std::size_t>(detail::counts<M>.tensors) + 1> to{};
        for (std::size_t k = 0; k < offsets_.size(); ++k) to[k] = values_.data() + offsets_[k];
        return to;
    }

  private:
    std::vector<value_type> values_;
    std::array<std::size_t, static_cast<std::size_t>(detail::counts<M>.tensors)> offsets_{};
};

// Computes every parametrized tensor once, to be used in place of the network in a scope in which it does not change:
// `auto fast = pm::cached(net);`. The same cut as freeze; the name says what it is for.
template <module M>
materialized<M> cached(M const& m) {
    return materialized<M>(m);
}

// A network for inference, with plain weights: the parametrizations leave no code behind.
template <module M>
materialized<M> freeze(M const& m) {
    return materialized<M>(m);
}

// A module's call operator: traces symbols, runs arrays.
template <class M, class X>
constexpr auto call(M const& m, X const& x) {
    if constexpr (traced<X>)
        return m.forward(detail::as_operand(x));
    else if constexpr (fixed_container<X>)
        return detail::call_static<M, binding::originals>(detail::original_addresses(m), x);
    else if constexpr (dynamic_container<X>)
        return materialized<M>(m)(x);
    else {
        static_assert(dynamic_container<X>,
                      "call: give the network an xtensor container (xtensor_fixed, or xtensor for a run-time batch); "
                      "evaluate expressions and views first");
        return 0;
    }
}

}  // namespace paramorph
