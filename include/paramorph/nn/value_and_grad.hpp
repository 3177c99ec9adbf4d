// value_and_grad(loss, net): a step that computes the loss and its gradient with respect to every original of the
// network.
//
//     auto loss = [](auto& net, auto x, auto t) { return pm::cross_entropy(net(x), t); };
//     auto step = pm::value_and_grad(loss, net);
//     auto& [value, gradient] = step(x, t);      // x: xt::xtensor_fixed<float, xt::xshape<32, 64>>, t: int32 labels
//     optimizer.step(gradient);
//
// The loss is captureless: its numbers are inputs. Inputs have static shapes; the batch is in the type. The step refers
// to the network, owns gradient and workspace, and allocates nothing from the second call (with the same shapes) on.
// One step object serves one thread.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/call.hpp"

namespace paramorph {

// The gradient of a scalar with respect to a network's trained originals: one block of numbers, in the order of the
// walk.
template <class M>
class gradients {
  public:
    using value_type = module_value_type<M>;
    static constexpr int count = detail::counts<M>.originals;

    gradients() : data_(static_cast<std::size_t>(detail::counts<M>.original_elements)) {}

    // Original k's gradient, row-major, and its number of elements; originals are counted in the order of the walk.
    value_type* data(int k) { return data_.data() + offsets.at[k]; }
    value_type const* data(int k) const { return data_.data() + offsets.at[k]; }
    static constexpr int size(int k) { return offsets.at[k + 1] - offsets.at[k]; }
    // All of it.
    std::vector<value_type> const& flat() const { return data_; }

  private:
    struct offset_table {
        int at[count + 1]{};
    };
    static constexpr offset_table offsets = [] {
        offset_table o;
        int k = 0;
        M const m{};
        for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
            if (!Tensor::trained) return;
            Tensor::for_each_index([&](auto i) {
                o.at[k + 1] = o.at[k] + Tensor::traits::template original_shape<i>::size;
                ++k;
            });
        });
        return o;
    }();
    std::vector<value_type> data_;
};

namespace program {

// Arguments: a network's leaves, then the inputs. Outputs: the loss, what state becomes, then the gradient of every
// trained original.
template <class Loss, class M, class... Input>
struct value_and_gradient_of {
    using real = module_value_type<M>;
    using result = decltype(Loss{}(std::declval<M const&>(), typename Input::symbol_type{}...));
    static_assert(std::is_same_v<real, typename result::value_type>,
                  "value_and_grad: the loss and the network's tensors must have the same element type");
    using operations = join<base_operations, typename result::operations>;
    static constexpr int originals = detail::counts<M>.originals;

    static constexpr graph value = [] {
        graph g = new_graph<real>();
        M m{};
        int position = detail::bind_tensors<binding::originals>(m, g);
        auto const next = [&]<class In>(In) {
            return place_leaf<typename In::shape_type, typename In::value_type>(g, position++);
        };
        std::tuple<typename Input::symbol_type...> const in{next(Input{})...};  // braces: from left to right
        g.output(std::apply([&](auto... x) { return Loss{}(m, x...).id; }, in));
        auto const u = detail::updates_of(m);
        for (int k = 0; k < u.count; ++k) g.output(u.value[k]);
        return g;
    }();
    static constexpr graph simple = simplify(value);
    static constexpr graph build() {
        graph g = simple;
        constexpr detail::trained_leaves<M> wanted;
        detail::output_gradients(g, g.outputs[0], place_number(g, 1), wanted.at, originals);
        return g;
    }
};

}  // namespace program

namespace detail {

// Is what a loss gives a traced scalar?
template <class Result>
struct loss_gives {
    static constexpr bool value = false;
    static_assert(is_symbol<Result>, "value_and_grad: the loss must return a traced scalar");
};
template <class S, class T, class O>
struct loss_gives<symbol<S, T, O>> {
    static constexpr bool value = S::rank == 0;
    static_assert(S::rank == 0, "value_and_grad: the loss must be a scalar; reduce it with pm::mean or pm::sum");
};

}  // namespace detail

template <class M>
struct value_and_gradient {
    module_value_type<M> value{};
    paramorph::gradients<M> gradient{};
};

template <class Loss, class M>
class gradient_step {
    static constexpr bool changes_state = detail::updates<M>.count > 0;
    using network = std::conditional_t<changes_state, M, M const>;

  public:
    // The program of a step with these inputs:
    // `pm::workspace_bytes_of<decltype(step)::program_for<pm::input<pm::shape<32, 64>>, ...>>`.
    template <class... Input>
    using program_for = program::value_and_gradient_of<Loss, M, Input...>;

    explicit gradient_step(network& m) : net_(&m), state_(m) {}

    template <array_expression... X>
    value_and_gradient<M>& operator()(X const&... x) {
        constexpr bool fixed = (fixed_container<X> && ...);
        static_assert(fixed,
                      "value_and_grad: the inputs' shapes must be static (xt::xtensor_fixed): a training step has its "
                      "batch in its type");
        if constexpr (fixed) take<input<static_shape_of<X>, typename X::value_type>...>(x.data()...);
        return result_;
    }

  private:
    template <class... Input>
    void take(typename Input::value_type const*... x) {
        using result = decltype(Loss{}(std::declval<M const&>(), typename Input::symbol_type{}...));
        if constexpr (detail::loss_gives<result>::value) take_program<program_for<Input...>>(x...);
    }
    template <class P>
    void take_program(auto const*... x) {
        constexpr auto blocks =
            static_cast<std::size_t>((workspace_bytes_of<P> + workspace_alignment - 1) / workspace_alignment);
        if (workspace_.size() < blocks) workspace_.resize(blocks);

        constexpr std::size_t leaves = detail::counts<M>.leaves, updates = detail::updates<M>.count;
        auto arguments = detail::leaf_addresses<sizeof...(x)>(*net_);
        std::size_t k = leaves;
        ((arguments[k++] = x), ...);
        std::array<void*, P::originals + updates + 1> outputs{&result_.value};
        state_.put_outputs(outputs.data() + 1);
        for (int i = 0; i < P::originals; ++i)
            outputs[static_cast<std::size_t>(i) + updates + 1] = result_.gradient.data(i);
        throw_if_failed(
            run<P>(arguments.data(), outputs.data(), workspace_.empty() ? nullptr : workspace_.front().bytes));
        if constexpr (changes_state) state_.store(*net_);
    }

    struct alignas(workspace_alignment) block {
        std::byte bytes[workspace_alignment];
    };
    network* net_;
    detail::pending_state<M> state_;
    value_and_gradient<M> result_;
    std::vector<block> workspace_;
};

// `net` must outlive the step. Where it has state that training changes, the step stores it there, and needs a network
// that is not const.
template <class Loss, class Net>
    requires module<Net>
auto value_and_grad(Loss const&, Net& net) {
    using M = std::remove_const_t<Net>;
    static_assert(std::is_empty_v<Loss>, "value_and_grad: the loss must not capture; pass what it needs as inputs");
    constexpr bool storable = !std::is_const_v<Net> || detail::updates<M>.count == 0;
    static_assert(storable, "value_and_grad: training changes this network's state, so the network must not be const");
    if constexpr (storable) return gradient_step<Loss, M>(net);
}
template <class Loss, module M>
void value_and_grad(Loss const&, M const&& net) = delete;

}  // namespace paramorph
