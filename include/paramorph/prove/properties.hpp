// Properties of a network that its type decides, without a number of it: from the sets of its weights and from what its
// operations state beside their derivatives. Net is a module type with a stated input shape, or pm::called_with<Net,
// pm::shape<...>...>.
//
//     pm::lipschitz<Net>              |f(x) - f(y)| <= lipschitz |x - y|, both by the 2-norm of all elements; a double,
//                                     infinite where none is proved
//     pm::monotone<Net, Inputs...>    does no result fall where an element of these inputs (0, 1, ...; all where none
//                                     is named) rises?
//     pm::positive_output<Net>        is every result greater than 0? nonnegative_output: at least 0?
//     pm::sums_to_one<Net>            does each row of the result, along the last axis, sum to one?
//     pm::convex<Net>                 is every result a convex function of all inputs together?
//     pm::contraction<Cell>           do two states come closer in each step, whatever the input: is the Lipschitz
//                                     constant in all inputs but the first less than 1?
//
// In the compiler's error, where it does not hold, a sentence names what spoils it:
//
//     static_assert(pm::proved<pm::claim::lipschitz<1.01>, Net>);
//     pm::why_not<pm::claim::monotone<>, Net>     the same as a std::string_view; empty where it is proved
//
// What holds: for every value that the parametrizations make, in any training, the rounding of the weights included
// (prove/weight_facts.hpp), of the function that the network is in exact arithmetic with those weights, wherever it
// does not overflow. The float program rounds on the way: pm::bounds has that. A weight that is stored in 16 bits, or
// quantized, is another one. positive_output counts what rounds to zero as zero: exp and softplus alone are
// nonnegative, softplus(x) + 1e-6 is positive.
//
// A verdict is positive: infinity, NaN and what has no rule prove nothing. What has a rule: prove/property_walk.hpp; a
// user's elementwise operation states `runs` (expr/operation.hpp). Cost: one walk through the traced graph, in the
// compiler; nothing for programs that do not ask.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

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
        if constexpr (!states_rows<Net>)
            using wrong [[maybe_unused]] = mistake<sentence(
                "properties: ", short_type_name<Net>(),
                " does not state the shape of its input: name it, pm::called_with<net, pm::shape<8>>")>;
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
        constexpr auto rules = property_rule_list<T, P>::of(closure<typename P::operations>{});
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
            r.least = math::min(r.least, y.range.lo);
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

// --- what a sentence names
// ---------------------------------------------------------------------------------------------

// The last tensor that node `at` is made of; -1.
constexpr int last_tensor(graph const& g, int at, int tensors) {
    scratch_array<int> needed(g.size);
    needed.data[at] = 1;
    int last = -1;
    for (int i = at; i >= 0; --i) {
        node const& n = g.nodes[i];
        if (!needed.data[i]) continue;
        if (n.operation->kind == category::leaf && n.attribute.v[0] < tensors && n.attribute.v[0] > last)
            last = n.attribute.v[0];
        for (int k = 0; k < n.operation->arity; ++k) needed.data[g.values[n.argument[k]].producer] = 1;
    }
    return last;
}
// The tensor that is an argument of a node, perhaps transposed; -1.
constexpr int tensor_of(graph const& g, int at, int tensors) {
    node const& n = g.nodes[at];
    for (int k = 0; k < n.operation->arity; ++k) {
        node const& from = g.producer_of(read_from(g, n.argument[k]));
        if (from.operation->kind == category::leaf && from.attribute.v[0] < tensors) return from.attribute.v[0];
    }
    return -1;
}
template <class M>
constexpr sentence path_of_tensor(int which) {
    sentence path;
    int k = 0;
    traced_module<M> const m{};
    for_each_path(m, [&]<fixed_string At>(auto const&) {
        if (k++ == which) path.append(At.view());
    });
    return path;
}

template <class Of>
constexpr sentence where_it_is_lost(std::string_view claim, property p) {
    using M = typename Of::M;
    graph const& g = Of::traced;
    int const at = Of::found.lost[static_cast<int>(p)], weight = tensor_of(g, at, Of::weights.count),
              behind = last_tensor(g, at, Of::weights.count);
    std::string_view const name = g.nodes[at].operation->name;
    if (weight < 0) {
        std::string_view const lacks = p == property::lipschitz ? " has no bounded slope there"
                                       : p == property::increasing || p == property::decreasing
                                           ? " is not known to rise"
                                           : " is not known to be convex there";
        return behind < 0
                   ? sentence(claim, ": not proved: ", name, lacks)
                   : sentence(claim, ": not proved: ", name, ", behind ", path_of_tensor<M>(behind).view(), ",", lacks);
    }
    weight_facts const& w = Of::weights.of[weight];
    sentence const path = path_of_tensor<M>(weight);
    if (p != property::lipschitz)
        return sentence(claim, ": not proved: ", path.view(), " may have elements of both signs, for its set is ",
                        w.set, ": parametrize it, as pm::weight<pm::param::positive>");
    if (!w.refusal.empty())
        return sentence(claim, ": not proved: no bound of ", path.view(), ": ", w.refusal,
                        "; pm::weight<pm::param::lipschitz<1>> is bounded from above");
    return sentence(claim, ": not proved: no norm of ", path.view(), " is known, for its set is ", w.set,
                    ": parametrize it, as pm::weight<pm::param::orthogonal<>> or pm::weight<pm::param::lipschitz<1>>");
}

inline constexpr unsigned all_inputs = ~0U;
template <int... Inputs>
inline constexpr unsigned bits_of_inputs = sizeof...(Inputs) == 0 ? all_inputs : (0U | ... | (1U << Inputs));

}  // namespace detail

// What can be claimed of a network: `holds<Net>`, and `why_not<Net>()`, the sentence where it does not.
namespace claim {

// Its Lipschitz constant is at most Bound; infinite ones are none.
template <auto Bound>
struct lipschitz {
    template <class Net>
    using of = detail::properties_of<Net, detail::all_inputs>;
    template <class Net>
    static constexpr bool holds = math::isfinite(of<Net>::found.lipschitz) && of<Net>::found.lipschitz <= double(Bound);
    template <class Net>
    static constexpr detail::sentence why_not() {
        if (math::isfinite(of<Net>::found.lipschitz))
            return detail::sentence("lipschitz: ", double(Bound), " is not proved: the bound is ",
                                    of<Net>::found.lipschitz, ", with the rounding of the weights");
        return detail::where_it_is_lost<of<Net>>("lipschitz", detail::property::lipschitz);
    }
};
template <int... Inputs>
struct monotone {
    template <class Net>
    using of = detail::properties_of<Net, detail::bits_of_inputs<Inputs...>>;
    template <class Net>
    static constexpr bool holds = of<Net>::found.has[static_cast<int>(detail::property::increasing)];
    template <class Net>
    static constexpr detail::sentence why_not() {
        return detail::where_it_is_lost<of<Net>>("monotone", detail::property::increasing);
    }
};
struct convex {
    template <class Net>
    using of = detail::properties_of<Net, detail::all_inputs>;
    template <class Net>
    static constexpr bool holds = of<Net>::found.has[static_cast<int>(detail::property::convex)];
    template <class Net>
    static constexpr detail::sentence why_not() {
        return detail::where_it_is_lost<of<Net>>("convex", detail::property::convex);
    }
};
template <bool Strictly>
struct output_above_zero {
    template <class Net>
    using of = detail::properties_of<Net, detail::all_inputs>;
    template <class Net>
    static constexpr bool holds = Strictly ? of<Net>::found.least > 0 : of<Net>::found.least >= 0;
    template <class Net>
    static constexpr detail::sentence why_not() {
        auto const& g = of<Net>::traced;
        return detail::sentence(
            Strictly ? "positive_output" : "nonnegative_output", ": not proved: the result comes from ",
            g.producer_of(g.outputs[0]).operation->name, ", whose values may reach down to ", of<Net>::found.least,
            of<Net>::found.least == 0 ? ": what rounds to 0 counts; add a number, as softplus(x) + 1e-6"
                                      : ": end with what is not negative, as pm::nn::softplus");
    }
};
using positive_output = output_above_zero<true>;
using nonnegative_output = output_above_zero<false>;
struct sums_to_one {
    template <class Net>
    using of = detail::properties_of<Net, detail::all_inputs>;
    template <class Net>
    static constexpr bool holds = of<Net>::found.sum >= 1 - 0x1p-40 && of<Net>::found.sum <= 1 + 0x1p-40;
    template <class Net>
    static constexpr detail::sentence why_not() {
        auto const& g = of<Net>::traced;
        return detail::sentence("sums_to_one: not proved: the result comes from ",
                                g.producer_of(g.outputs[0]).operation->name,
                                ", whose rows are not known to sum to one: end with pm::nn::softmax<>, or with weights "
                                "whose columns do, as column_stochastic ones of a linear layer without bias");
    }
};
struct contraction {
    template <class Net>
    using of = detail::properties_of<Net, detail::all_inputs - 1>;
    template <class Net>
    static constexpr bool holds = 0 <= of<Net>::found.lipschitz && 1 > of<Net>::found.lipschitz;
    template <class Net>
    static constexpr detail::sentence why_not() {
        if (math::isfinite(of<Net>::found.lipschitz))
            return detail::sentence("contraction: not proved: a state may move by ", of<Net>::found.lipschitz,
                                    " times what the one before it moved by; less than 1 it is with weights of a norm "
                                    "below 1, as pm::param::contracting<0.95>");
        return detail::where_it_is_lost<of<Net>>("contraction", detail::property::lipschitz);
    }
};

}  // namespace claim

template <class Net>
inline constexpr double lipschitz = detail::properties_of<Net, detail::all_inputs>::found.lipschitz;
template <class Net, int... Inputs>
inline constexpr bool monotone = claim::monotone<Inputs...>::template holds<Net>;
template <class Net>
inline constexpr bool convex = claim::convex::holds<Net>;
template <class Net>
inline constexpr bool positive_output = claim::positive_output::holds<Net>;
template <class Net>
inline constexpr bool nonnegative_output = claim::nonnegative_output::holds<Net>;
template <class Net>
inline constexpr bool sums_to_one = claim::sums_to_one::holds<Net>;
template <class Net>
inline constexpr bool contraction = claim::contraction::holds<Net>;

namespace detail {

template <class Claim, class Net>
inline constexpr sentence refutation = [] {
    if constexpr (Claim::template holds<Net>)
        return sentence();
    else
        return Claim::template why_not<Net>();
}();
template <class Claim, class Net>
constexpr bool say_why_not() {
    if constexpr (!Claim::template holds<Net>) {
        constexpr sentence says = refutation<Claim, Net>;  // g++ 12 crashes on the template as argument
        using wrong [[maybe_unused]] = mistake<says>;
    }
    return true;  // the sentence is the error
}

}  // namespace detail

// Why a claim is not proved of a network; empty where it is.
template <class Claim, class Net>
inline constexpr std::string_view why_not = detail::refutation<Claim, Net>.view();

// True where a claim is proved; else the error says why not.
template <class Claim, class Net>
inline constexpr bool proved = detail::say_why_not<Claim, Net>();

}  // namespace paramorph::inline PARAMORPH_ABI
