// What a network's type says of its results: its values are traced, and what their sets say is taken through the graph.
// Errors: a network that does not state its input's shape is the compiler's. Cost: one trace of the network, in the
// compiler. Source: prove/property_walk.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/tracing.hpp"
#include "paramorph/prove/property_walk.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// A network and the shapes of its inputs, where it does not state them.
template <class Net, class... Shape>
struct called_with {};

namespace detail {

template <class Net>
struct asked_network {
    using module_type = Net;
    static constexpr bool say() {
        if constexpr (!states_rows<Net>) {
            using wrong = mistake<sentence(
                "properties: ", short_type_name<Net>(),
                " does not state the shape of its input: name it, pm::called_with<net, pm::shape<8>>")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return states_rows<Net>;
    }
    static auto shapes_of() {
        if constexpr (say())
            return typename stated_rows<Net>::type{};
        else
            return shapes<shape<1>>{};
    }
    using input_shapes = decltype(shapes_of());
};
template <class Net, class... Shape>
struct asked_network<called_with<Net, Shape...>> {
    using module_type = Net;
    using input_shapes = shapes<Shape...>;
};
template <class M, class Shapes>
struct values_program;
template <class M, class... Shape>
struct values_program<M, shapes<Shape...>> {
    using type = program::call_of<M, binding::values, input<Shape, module_value_type<M>>...>;
    static constexpr int inputs = sizeof...(Shape);
};

// The rules of the operations of a graph.
template <class T, class Op>
constexpr property_rule<T> property_rule_of() {
    property_rule<T> r{id_of<Op>};
    if constexpr (Op::kind == category::elementwise) {
        r.element = &elementwise_range<Op, T>;
        r.exactly = &elementwise_range<Op, double>;
        if constexpr (requires(double const* x) { Op::runs(x); }) r.runs = &Op::runs;
        if constexpr (Op::arity == 1) r.slopes = &slopes_of<Op>;
    } else
        r.moves = moves_numbers<Op>;
    return r;
}
template <class T, class P>
struct property_rule_list {
    template <class... Op>
    static constexpr auto of(ops<Op...>) {
        struct rules {
            property_rule<T> each[1 + sizeof...(Op)];
        };
        return rules{{property_rule<T>{}, property_rule_of<T, Op>()...}};
    }
};

// The first element of an array is there for a network without tensors.
template <class M>
constexpr auto weights_of() {
    struct weights {
        weight_facts of[1 + counts<M>.tensors]{};
        int count = 0;
    } w;
    traced_module<M> const m{};
    for_each_tensor(m, [&]<class Tensor>(Tensor const&) { w.of[w.count++] = facts_of<Tensor>(); });
    return w;
}

// What a network's results are, as a function of the inputs whose bits are set.
struct network_properties {
    double lipschitz = math::infinity, least = -math::infinity, sum = not_known;
    bool has[property_count]{};
    int lost[property_count]{};
};
template <class Net, unsigned Inputs>
struct properties_of {
    using M = typename asked_network<Net>::module_type;
    using program_type = values_program<M, typename asked_network<Net>::input_shapes>;
    using P = typename program_type::type;
    using T = typename P::real;
    static constexpr graph traced = P::build();
    static constexpr auto weights = weights_of<M>();

    static constexpr value_facts<T> leaf(int k) {
        value_facts<T> y;
        if (k < weights.count) {
            weight_facts const& w = weights.of[k];
            y.range = {w.low, w.high};
            y.norm = w.norm;
            y.filters = w.filters;
            y.filter_groups = w.filter_groups;
            y.sum = w.sum;
            y.column_sum = w.column_sum;
        } else if (Inputs >> (k - weights.count) & 1) {
            y.depends = true;
            y.lipschitz = 1;
            y.decreasing = false;
        }
        return y;
    }
    static constexpr network_properties find() {
        constexpr auto rules = property_rule_list<T, P>::of(operation_closure<typename P::operations>{});
        constexpr int count = sizeof(rules.each) / sizeof(rules.each[0]);
        property_walk<T> const walk(traced, rules.each, count, [](int k) { return leaf(k); });
        network_properties r;
        r.lipschitz = walk.together(traced.outputs, traced.output_count);
        r.least = math::infinity;
        r.sum = traced.output_count == 1 ? walk.at(traced.outputs[0]).sum : not_known;
        for (int p = 0; p < property_count; ++p) {
            r.has[p] = true;
            r.lost[p] = traced.values[traced.outputs[0]].producer;
        }
        for (int k = 0; k < traced.output_count; ++k) {
            value_facts<T> const& y = walk.at(traced.outputs[k]);
            r.least = math::min(r.least, y.range.nan ? -math::infinity : y.range.lo);
            if (y.range.nan) r.sum = not_known;
            for (int p = 0; p < property_count; ++p) {
                if (y.has(static_cast<property>(p))) continue;
                if (r.has[p]) r.lost[p] = y.lost[p];
                r.has[p] = false;
            }
        }
        return r;
    }
    static constexpr network_properties found = find();
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
