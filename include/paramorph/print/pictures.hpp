// Pictures of a network: modules with shapes, chains, sets and grades; the steps that its program runs, loops with what
// was fused into each; and its workspace over the steps.
//
//     std::ofstream("net.svg") << pm::to_svg(net, x);            // a call; x: an array of static shape
//     std::ofstream("step.svg") << pm::to_svg(loss, net, x, t);  // a training step, forward and backward
//     std::ofstream("net.dot") << pm::to_dot(net, x);            // for graphviz
//
// Inputs are arrays or their shapes, pm::input<pm::shape<32, 64>>{}; a network that states its input's shape is drawn
// for one row of it by pm::to_svg(net). Boxes are the modules that call no other, by their call operators; an edge goes
// from a module to one that reads what it made, whatever the modules around both do with it on the way. The program is
// that of the call on this machine, planned at run time; pm::explain says what each of its loops does. Errors: those of
// the call and of pm::value_and_grad, by the compiler. The text is the same for the same type, inputs and machine.
// Cost: the network is traced and planned at run time, as by pm::explain; no kernel is compiled. Source: torchviz.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "paramorph/nn/gradient_program.hpp"
#include "paramorph/print/dot.hpp"
#include "paramorph/print/show_steps.hpp"
#include "paramorph/print/summary.hpp"
#include "paramorph/print/svg.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// The boxes of the modules that call no other, and what goes from one to the next.
class module_boxes {
    network_trace const& t_;
    picture& to_;
    std::vector<int> made_by_;  // the box that made a value, or -1

    // Edges to box `to` from those that made what value v is computed from.
    void connect(int v, int to) {
        std::vector<bool> seen(std::size_t(t_.g->value_count), false);
        std::vector<int> open{v};
        while (!open.empty()) {
            int const x = open.back();
            open.pop_back();
            if (seen[std::size_t(x)]) continue;
            seen[std::size_t(x)] = true;
            if (int const from = made_by_[std::size_t(x)]; from >= 0) {
                picture_edge e{from, to, shape_text(t_.g->shape_of(x)), true};
                bool known = false;
                for (picture_edge const& other : to_.edges)
                    known = known || (other.from == e.from && other.to == e.to && other.label == e.label);
                if (!known) to_.edges.push_back(std::move(e));
                continue;
            }
            node const& n = t_.g->producer_of(x);
            for (int k = n.operation->arity; k-- > 0;) open.push_back(n.argument[k]);
        }
    }

  public:
    module_boxes(network_trace const& t, picture& to, int results, std::string const& result)
        : t_(t), to_(to), made_by_(std::size_t(t.g->value_count), -1) {
        auto const box = [&](picture_box b) {
            to_.boxes.push_back(std::move(b));
            return int(to_.boxes.size()) - 1;
        };
        for (std::size_t k = 0; k < t.inputs.size(); ++k) {
            std::string const& name = t.leaves[t.leaves.size() - t.inputs.size() + k];
            made_by_[std::size_t(t.inputs[k])] =
                box({picture_box::input, name + " " + shape_text(t.g->shape_of(t.inputs[k]))});
        }
        for (traced_call const& c : t.calls) {
            if (!c.leaf) continue;
            shown_module const& m = t.tree[std::size_t(c.module)];
            picture_box b{picture_box::module, (m.path.empty() ? "" : m.path + ": ") + m.type};
            for (shown_tensor const& x : m.tensors) b.lines.push_back(std::string(x.name()) + " " + tensor_text(x));
            int const self = box(std::move(b));
            for (int const v : c.arguments) connect(v, self);
            for (int const v : c.results) made_by_[std::size_t(v)] = self;
        }
        for (int k = 0; k < results; ++k) {
            int const v = t.g->outputs[k];
            connect(v, box({picture_box::output, result + (results > 1 ? " " + std::to_string(k) : "") + " " +
                                                     shape_text(t.g->shape_of(v))}));
        }
    }
};

// A picture of a call.
template <class M, class... Input>
picture picture_of_call(module_tree tree) {
    if constexpr (accepts<forward_of_network, M, Input...>()) {
        using real = typename real_of_inputs<M, Input...>::type;
        network_trace const t = trace_network<forward_of_network, M, Input...>(std::move(tree), mode::inference);
        picture to{t.tree[0].type + ": a call"};
        std::vector<std::string> outputs;
        for (int k = 0; k < t.g->output_count; ++k)
            outputs.push_back(t.g->output_count > 1 ? "output " + std::to_string(k) : "output");
        module_boxes(t, to, t.g->output_count, "output");
        target const& machine = kernel::target_of<simd::best<real>>;
        show_steps(*plan_for(simplify(*t.g), machine), machine, t.leaves, outputs, to);
        return to;
    } else
        return {};
}
// A picture of a training step.
template <class Loss, class M, class... Input>
picture picture_of_step(module_tree tree) {
    if constexpr (loss_takes_inputs<Loss, M, Input...>()) {
        using P = program::value_and_gradient_of<Loss, M, Input...>;
        if constexpr (loss_gives<typename P::result>::value) {
            network_trace t = trace_network<Loss, M, Input...>(std::move(tree), mode::training);
            picture to{t.tree[0].type + ": a training step, forward and backward"};
            module_boxes(t, to, 1, "loss");
            std::vector<std::string> outputs{"loss"};
            for (int k = 1; k < t.g->output_count; ++k) outputs.push_back("state");
            trained_leaves<M> const wanted;
            for (int k = 0; k < P::originals; ++k)
                outputs.push_back("gradient of " + t.leaves[std::size_t(wanted.at[k])]);
            auto const g = std::make_unique<graph>(simplify_to_differentiate(*t.g));
            output_gradients(*g, g->outputs[0], append_constant(*g, 1), wanted.at, P::originals);
            target const& machine = kernel::target_of<simd::best<typename P::real>>;
            show_steps(*plan_for(simplify(*g), machine), machine, t.leaves, outputs, to);
            return to;
        }
    }
    return {};
}

template <class M, class... X>
picture picture_of(M const& net) {
    if constexpr (!members_are_sound<M>())
        return {};
    else if constexpr (sizeof...(X) > 0)
        return picture_of_call<M, typename input_for<X>::type...>(show_network(net));
    else {
        constexpr bool states_them = states_rows<M>;
        static_assert(states_them,
                      "to_svg: the network does not state its input's shape: give an array, or the shape of one, "
                      "pm::to_svg(net, pm::input<pm::shape<32, 64>>{})");
        if constexpr (states_them)
            return [&]<class... S>(shapes<S...>) {
                return picture_of_call<M, input<S, module_value_type<M>>...>(show_network(net));
            }(typename stated_rows<M>::type{});
        else
            return {};
    }
}

}  // namespace detail

// The picture of a call.
template <detail::printed_module M, class... X>
std::string to_svg(M const& net, X const&...) {
    return detail::svg_of(detail::picture_of<M, X...>(net));
}
template <detail::printed_module M, class... X>
std::string to_dot(M const& net, X const&...) {
    return detail::dot_of(detail::picture_of<M, X...>(net));
}
// The picture of a training step with a loss, as pm::value_and_grad takes it.
template <class Loss, detail::printed_module M, class X, class... More>
    requires(!detail::printed_module<Loss>)
std::string to_svg(Loss const&, M const& net, X const&, More const&...) {
    return detail::svg_of(
        detail::picture_of_step<Loss, M, typename detail::input_for<X>::type,
                                typename detail::input_for<More>::type...>(detail::show_network(net)));
}
template <class Loss, detail::printed_module M, class X, class... More>
    requires(!detail::printed_module<Loss>)
std::string to_dot(Loss const&, M const& net, X const&, More const&...) {
    return detail::dot_of(
        detail::picture_of_step<Loss, M, typename detail::input_for<X>::type,
                                typename detail::input_for<More>::type...>(detail::show_network(net)));
}

}  // namespace paramorph::inline PARAMORPH_ABI
