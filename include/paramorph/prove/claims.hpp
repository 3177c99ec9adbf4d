// What can be claimed of a network, and the sentence where it is not proved: `holds<Net>` and `why_not<Net>()` of each
// claim. The sentence names the tensor, or the operation and the last tensor before it, where the property is lost
// first. Errors: the compiler's where a claim is not proved; the sentence says which tensor or operation spoils it, and
// what to write. Cost: a walk through the traced graph, in the compiler. Source: prove/property_walk.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include "paramorph/prove/network_properties.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

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

// How many inputs a network has; says so where it is asked of one that is not there.
template <fixed_string What, int Last, class Net>
constexpr bool has_input() {
    constexpr int inputs = properties_of<Net, 0>::program_type::inputs;
    if constexpr (Last >= inputs || Last < 0) {
        using wrong = mistake<sentence(What.view(), ": the network has no input ", Last, ": it has ",
                                       counted(inputs, " input").view(), ", from 0 on")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return Last < inputs && Last >= 0;
}

// prove/contraction.hpp
template <class M>
inline constexpr bool is_gru_cell = false;

inline constexpr unsigned all_inputs = ~0U;
template <int... Inputs>
inline constexpr unsigned bits_of_inputs = sizeof...(Inputs) == 0 ? all_inputs : (0U | ... | (1U << (Inputs & 31)));

// By how much a bound lies below what is claimed; -infinity where one of the two is no number.
constexpr double margin_below(double claimed, double bound) {
    return math::isfinite(claimed) && math::isfinite(bound) ? claimed - bound : -math::infinity;
}

}  // namespace detail

// What can be claimed of a network: `statement()`, the claim as a sentence; `holds<Net>`, and `why_not<Net>()`, the
// sentence where it does not; `margin<Net>`, by how much the claim could be sharper, where that is a number.
namespace claim {

// Its Lipschitz constant is at most Bound; infinite ones are none.
template <auto Bound>
struct lipschitz {
    static constexpr detail::sentence statement() {
        return {"two results are at most ", double(Bound), " times as far apart as their inputs, in the 2-norm"};
    }
    template <class Net>
    using of = detail::properties_of<Net, detail::all_inputs>;
    template <class Net>
    static constexpr double margin = detail::margin_below(double(Bound), of<Net>::found.lipschitz);
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
// No result falls where an element of these inputs rises; of all inputs where none is named.
template <int... Inputs>
struct monotone {
    static constexpr detail::sentence statement() {
        return {"no result falls where an element of ",
                sizeof...(Inputs) == 0   ? "an input"
                : sizeof...(Inputs) == 1 ? "input "
                                         : "inputs ",
                detail::listed(Inputs...).view(), " rises"};
    }
    template <class Net>
    using of = detail::properties_of<Net, detail::bits_of_inputs<Inputs...>>;
    template <class Net>
    static constexpr bool holds = (detail::has_input<"monotone", Inputs, Net>() && ...) &&
                                  of<Net>::found.has[static_cast<int>(detail::property::increasing)];
    template <class Net>
    static constexpr detail::sentence why_not() {
        return detail::where_it_is_lost<of<Net>>("monotone", detail::property::increasing);
    }
};
// Every result is a convex function of all inputs together.
struct convex {
    static constexpr detail::sentence statement() { return "every result is a convex function of the inputs"; }
    template <class Net>
    using of = detail::properties_of<Net, detail::all_inputs>;
    template <class Net>
    static constexpr bool holds = of<Net>::found.has[static_cast<int>(detail::property::convex)];
    template <class Net>
    static constexpr detail::sentence why_not() {
        return detail::where_it_is_lost<of<Net>>("convex", detail::property::convex);
    }
};
// Every result is greater than 0 where Strictly, else at least 0.
template <bool Strictly>
struct output_above_zero {
    static constexpr detail::sentence statement() {
        return Strictly ? "every result is greater than 0" : "every result is at least 0";
    }
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
// Every result is greater than 0: what rounds to 0 is not.
using positive_output = output_above_zero<true>;
// Every result is at least 0.
using nonnegative_output = output_above_zero<false>;
// Each row of the result, along the last axis, sums to one.
struct sums_to_one {
    static constexpr detail::sentence statement() { return "each row of the result sums to one"; }
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
// Of a cell: two states come closer in each step, whatever the input; input 0 is what comes in, all others are states.
struct contraction {
    static constexpr detail::sentence statement() { return "two states come closer in each step, whatever the input"; }
    template <class Net>
    using of = detail::properties_of<Net, detail::all_inputs - 1>;
    template <class Net>
    static constexpr double margin = detail::margin_below(1, of<Net>::found.lipschitz);
    template <class Net>
    static constexpr bool holds =
        detail::has_input<"contraction", 1, Net>() && 0 <= of<Net>::found.lipschitz && 1 > of<Net>::found.lipschitz;
    template <class Net>
    static constexpr detail::sentence why_not() {
        if (math::isfinite(of<Net>::found.lipschitz))
            return detail::sentence("contraction: not proved: a state may move by ", of<Net>::found.lipschitz,
                                    " times what the one before it moved by; less than 1 it is with weights of a norm "
                                    "below 1, as pm::param::contracting<0.95>");
        if (detail::is_gru_cell<typename of<Net>::M>)
            return detail::sentence(
                "contraction: not proved: a GRU keeps its state where its update gate is near 1, and some input makes "
                "it so; bound the inputs: pm::claim::contraction_within<1>");
        return detail::where_it_is_lost<of<Net>>("contraction", detail::property::lipschitz);
    }
};

}  // namespace claim

}  // namespace paramorph::inline PARAMORPH_ABI
