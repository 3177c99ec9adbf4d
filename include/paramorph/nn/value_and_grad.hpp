// value_and_grad(loss, net): a step that computes the loss and its gradient with respect to every original of the
// network.
//
//     auto loss = [](auto& net, auto x, auto t) { return pm::cross_entropy(net(x), t); };
//     auto step = pm::value_and_grad(loss, net);
//     auto& [value, gradient] = step(x, t);      // x: xt::xtensor_fixed<float, xt::xshape<32, 64>>, t: int32 labels
//     optimizer.step(gradient);                  // gradient.at<"0.bias">() is a part of it: nn/gradients.hpp
//
// A step computes each weight once, however often the loss calls the network, so that the state of stages moves once a
// step; in PyTorch so under `parametrize.cached()`, else at every read of the weight. Buffers that a module's forward
// moves (nn/module.hpp) move at every call of the module in the loss.
//
// The loss is captureless: its numbers are inputs. Inputs have static shapes; the batch is in the type. The step refers
// to the network, owns gradient and workspace, and allocates nothing from the second call (with the same shapes) on.
// One step object serves one thread. Errors: a loss that is no scalar, that captures or cannot be evaluated while
// compiling, run-time shapes are the compiler's; where an operation fails, pm::error, and nothing is stored. Cost: the
// loss, and its gradient, which is two to three times as much for products; a copy of no input. Source:
// jax.value_and_grad; torch.autograd.grad.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/call.hpp"
#include "paramorph/nn/gradient_program.hpp"
#include "paramorph/nn/gradients.hpp"
#include "paramorph/nn/network_pointer.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// What a step answers: the loss, and its gradient with respect to every original of the network.
template <class M>
struct value_and_gradient {
    module_value_type<M> value{};
    paramorph::gradients<M> gradient{};
};

#define PARAMORPH_CONST "value_and_grad: training changes this network's state, so the network must not be const"
// Net: the network's type, const where it is.
template <class Loss, class Net>
class gradient_step {
    using M = std::remove_const_t<Net>;

  public:
    // The program of a step with these inputs:
    // `pm::workspace_bytes_of<decltype(step)::program_for<pm::input<pm::shape<32, 64>>, ...>>`.
    template <class... Input>
    using program_for = program::value_and_gradient_of<Loss, M, Input...>;

    explicit gradient_step(Net& m) : net_(m) {}

    template <array_expression... X>
    value_and_gradient<M>& operator()(X const&... x) & {
        constexpr bool fixed = (fixed_container<X> && ...);
        static_assert(fixed,
                      "value_and_grad: the inputs' shapes must be static (xt::xtensor_fixed): a training step has its "
                      "batch in its type");
        if constexpr (fixed && std::is_empty_v<Loss>)  // where it is not, value_and_grad has said so
            if constexpr (detail::loss_takes_inputs<Loss, M, input<static_shape_of<X>, typename X::value_type>...>())
                take<input<static_shape_of<X>, typename X::value_type>...>(x.data()...);
        return result_;
    }
    // Of a step that is a temporary the result is a value.
    template <array_expression... X>
    value_and_gradient<M> operator()(X const&... x) && {
        return std::move((*this)(x...));
    }

  private:
    template <class... Input>
    void take(typename Input::value_type const*... x) {
        using result = detail::function_result<Loss, M, Input...>;
        if constexpr (detail::loss_gives<result>::value) {
            using P = program_for<Input...>;
            constexpr bool storable = !std::is_const_v<Net> || P::updates.count == 0;
            static_assert(storable, PARAMORPH_CONST);
            if constexpr (storable) take_program<P>(x...);
        }
    }
    template <class P>
    void take_program(auto const*... x) {
        if (result_.gradient.empty()) result_.gradient = {};  // it was moved from
        constexpr auto blocks = detail::workspace_blocks(workspace_bytes_of<P>);
        if (workspace_.size() < blocks) workspace_.resize(blocks);

        constexpr std::size_t leaves = detail::counts<M>.leaves, updates = P::updates.count;
        auto arguments = detail::leaf_addresses<sizeof...(x)>(*net_);
        std::size_t k = leaves;
        ((arguments[k++] = x), ...);
        std::array<void*, P::originals + updates + 1> outputs{&result_.value};
        if constexpr (updates > 0) state_.template put_outputs<P>(*net_, outputs.data() + 1);
        for (int i = 0; i < P::originals; ++i)
            outputs[static_cast<std::size_t>(i) + updates + 1] = result_.gradient.data(i);
        throw_if_failed(
            run<P>(arguments.data(), outputs.data(), workspace_.empty() ? nullptr : workspace_.front().bytes));
        if constexpr (updates > 0) state_.template store<P>(*net_);
    }

    detail::network_pointer<Net> net_;
    detail::pending_state<M> state_;
    value_and_gradient<M> result_;
    std::vector<detail::workspace_block> workspace_;
};

// `net` must outlive the step. Where it has state that training changes, the step stores it there, and needs a network
// that is not const.
template <class Loss, class Net>
    requires(module<Net> && !detail::has_a_forward<Loss>())
auto value_and_grad(Loss const&, Net& net) {
    using M = std::remove_const_t<Net>;
    if constexpr (!std::is_empty_v<Loss>) {
        using wrong = detail::mistake<detail::sentence(
            "value_and_grad: the loss must not capture; pass what it needs as inputs: write [](auto& net, auto x, auto "
            "t, auto factor) { ... } and step(x, t, factor), factor being an xt::xtensor_fixed<float, xt::xshape<>>; "
            "this loss holds ",
            sizeof(Loss), " bytes")>;
        using said [[maybe_unused]] = wrong::type;
    }
    constexpr bool storable = !std::is_const_v<Net> || detail::updates<M>.count == 0;
    static_assert(storable, PARAMORPH_CONST);
    if constexpr (storable) return gradient_step<Loss, Net>(net);
}
#undef PARAMORPH_CONST
#define PARAMORPH_TEMPORARY                                                                                        \
    "value_and_grad: the step refers to the network, and this one is gone at the end of the line: give it a name " \
    "first, auto net = pm::make<model>(pm::seed{0})"
template <class Loss, module M, detail::sentence Says = PARAMORPH_TEMPORARY>
    requires(!detail::has_a_forward<Loss>())
gradient_step<Loss, M> value_and_grad(Loss const&, M const&& net) = PARAMORPH_REFUSED(PARAMORPH_TEMPORARY);
namespace detail {
// Is the network given first, or what is none?
template <class First, class Second>
inline constexpr bool are_no_step = has_a_forward<First>() ? !has_a_forward<Second>() : !module<Second>;
}  // namespace detail
template <class First, class Second>
    requires detail::are_no_step<First, std::remove_cvref_t<Second>>
int value_and_grad(First const&, Second&&) {
    constexpr detail::sentence says = [] {
        if constexpr (detail::has_a_forward<First>())
            return detail::sentence(
                "value_and_grad: the loss comes first, then the network: write pm::value_and_grad([](auto& net, auto "
                "x, auto t) { return pm::mse(net(x), t); }, net)");
        else
            return detail::sentence(
                "value_and_grad: the second argument must be a network, and is ",
                detail::short_type_name<std::remove_cvref_t<Second>>(),
                ": write pm::value_and_grad(loss, net); of a frozen or cached one, give the network that it was made "
                "of, whose originals are trained");
    }();
    using wrong = detail::mistake<says>;
    using said [[maybe_unused]] = wrong::type;
    return 0;
}

#undef PARAMORPH_TEMPORARY

}  // namespace paramorph::inline PARAMORPH_ABI
