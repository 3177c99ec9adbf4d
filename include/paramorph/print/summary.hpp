// summary: a table of a network's layers with the shapes of their results, parameters, flops and memory.
//
//     std::cout << pm::summary(net, x);                                    // x: an array of static shape
//     std::cout << pm::summary<model>(pm::input<pm::shape<32, 64>>{});     // of the type alone
//     std::cout << pm::summary(net);                                       // for one row, of the shape that it states
//
// A row for each module, and one for each parametrized tensor, with its chain, set and the flops that computing its
// value takes; a module that is called again has a row for every call, with the parameters in its first. Modules of
// one's own are taken apart as the library's are, as far as they call their members by call operators. Flops are those
// of a call in inference as it is traced, before it is simplified: one for an operation on a number, two for a
// multiplication with an addition; operations that do not say how many they take are named in the end. Memory is that
// of the results, and in the last lines: of what is trained and kept, of the frozen weights, and of the workspace that
// the call's program takes on this machine (pm::explain says more). Errors: those of the call, and a network without
// input that states no shape of it, by the compiler. Cost:
// traces and plans the program at run time. Source: torchinfo.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "paramorph/kernel/explain.hpp"
#include "paramorph/print/print.hpp"
#include "paramorph/print/traced_network.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// What an input of a call is: its shape and element type.
template <class X>
struct input_for {
    static_assert(
        fixed_container<X>,
        "summary: an input must be an array of static shape, as xt::xtensor_fixed<float, xt::xshape<32, 64>> is, or "
        "name its shape, pm::input<pm::shape<32, 64>>{}");
    using type = input<shape<>>;
};
template <fixed_container X>
struct input_for<X> {
    using type = input<static_shape_of<X>, typename X::value_type>;
};
template <class S, class T>
struct input_for<input<S, T>> {
    using type = input<S, T>;
};

inline std::string bytes_text(double bytes) {
    char const* const units[]{" B", " kB", " MB", " GB"};
    int k = 0;
    for (; bytes >= 10000 && k < 3; ++k) bytes /= 1000;
    return std::to_string(static_cast<long>(bytes + 0.5)) + units[k];
}

class summary_table {
    using row = std::array<std::string, 5>;
    std::vector<row> rows_{{"layer", "result", "parameters", "flops", "memory"}};

  public:
    void add(row r) { rows_.push_back(std::move(r)); }
    std::string text() const {
        std::array<std::size_t, 5> width{};
        for (row const& r : rows_)
            for (std::size_t k = 0; k < 5; ++k) width[k] = std::max(width[k], r[k].size());
        std::string all;
        for (row const& r : rows_) {
            std::string line;
            for (std::size_t k = 0; k < 5; ++k) {
                std::string const pad(width[k] - r[k].size(), ' ');
                line += (k ? "  " : "") + (k < 2 ? r[k] + pad : pad + r[k]);
            }
            while (line.ends_with(' ')) line.pop_back();
            all += line + "\n";
        }
        return all;
    }
};

inline std::string summary_text(network_trace& t, long workspace) {
    summary_table table;
    double chains = 0;
    long parameters = 0, kept = 0, frozen = 0;
    auto const number = [](double n) { return std::to_string(static_cast<long>(n)); };
    for (std::size_t k = 0; k < t.tree.size(); ++k) {
        shown_module const& m = t.tree[k];
        std::string const name =
            std::string(2 * std::size_t(m.depth), ' ') + std::string(m.name()) + (m.depth ? " " : "") + m.type;
        long own = 0;  // of the module and what is in it
        for (std::size_t j = k; j < t.tree.size() && (j == k || t.tree[j].depth > m.depth); ++j)
            for (shown_tensor const& x : t.tree[j].tensors) own += x.parameters();
        bool called = false;
        for (traced_call const& c : t.calls) {
            if (c.module != int(k)) continue;
            std::string shapes;
            double bytes = 0;
            for (int const v : c.results) {
                shapes += (shapes.empty() ? "" : ", ") + shape_text(t.g->shape_of(v));
                bytes += double(t.g->shape_of(v).size()) * bytes_of(t.g->values[v].type);
            }
            table.add({name + (called ? ", again" : ""), shapes, called ? "" : std::to_string(own),
                       number(t.flops(c.nodes)), bytes_text(bytes)});
            called = true;
        }
        if (!called) table.add({name, "", std::to_string(own), "", ""});
        for (shown_tensor const& x : m.tensors) {
            parameters += x.parameters();
            kept += x.kept_bytes();
            frozen += x.value_bytes();
            if (x.stages.empty()) continue;
            double flops = 0;
            for (traced_values const& v : t.tensors)
                if (v.tensor->path == x.path) flops = t.flops(v.nodes);
            chains += flops;
            table.add({std::string(2 * std::size_t(m.depth) + 2, ' ') + std::string(x.name()) + " = " + x.chain() +
                           ", " + x.set,
                       shape_text(x.shape), "", number(flops), bytes_text(double(x.value_bytes()))});
        }
    }
    double const all = t.flops({0, t.g->size});
    std::string text = table.text();
    text += counted_text(parameters, "parameter") + "; " + bytes_text(double(kept)) + " trained and kept, " +
            bytes_text(double(frozen)) + " when frozen\n";
    text += number(all) + " flops a call" + (t.unknown.empty() ? "" : " and those of " + t.unknown);
    if (chains > 0) text += ", " + number(chains) + " of them for parametrized tensors";
    return text + "; workspace " + bytes_text(double(workspace)) + "\n";
}

template <class M, class... Input>
std::string summary_of(module_tree tree) {
    if constexpr (accepts<forward_of_network, M, Input...>()) {
        using real = typename real_of_inputs<M, Input...>::type;
        network_trace t = trace_network<forward_of_network, M, Input...>(std::move(tree), mode::inference);
        auto const plan = plan_for(simplify(*t.g), kernel::target_of<simd::best<real>>);
        return summary_text(t, long(plan->memory.bytes));
    } else
        return {};
}

}  // namespace detail

// The table of a network for these inputs; for none, of one row.
template <detail::printed_module M, class X, class... More>
std::string summary(M const& net, X const&, More const&...) {
    if constexpr (detail::members_are_sound<M>())
        return detail::summary_of<M, typename detail::input_for<X>::type, typename detail::input_for<More>::type...>(
            detail::show_network(net));
    else
        return {};
}
template <detail::printed_module M>
std::string summary(M const& net) {
    if constexpr (!detail::states_rows<M>) {
        using wrong = detail::mistake<detail::sentence(
            "summary: ", detail::short_type_name<M>(),
            " does not state the shape of its input: name it, pm::summary(net, pm::input<pm::shape<8>>{})")>;
        using said [[maybe_unused]] = wrong::type;
        return {};
    } else if constexpr (detail::members_are_sound<M>())
        return [&]<class... S>(shapes<S...>) {
            return detail::summary_of<M, input<S, module_value_type<M>>...>(detail::show_network(net));
        }(typename detail::stated_rows<M>::type{});
    else
        return {};
}
template <class Other, class... X>
    requires(!detail::printed_module<Other>)
std::string summary(Other const&, X const&...) {
    using wrong = detail::mistake<detail::sentence(
        "summary: the first argument must be a network, and is ", detail::short_type_name<Other>(),
        ": write pm::summary(net, x); of a frozen or cached one, give the network that it was made of")>;
    using said [[maybe_unused]] = wrong::type;
    return {};
}
// The table of a network's type.
template <detail::printed_module M, class X, class... More>
    requires(!std::is_convertible_v<X, M const&>)
std::string summary(X const& x, More const&... more) {
    return summary(*std::make_unique<M>(), x, more...);
}

}  // namespace paramorph::inline PARAMORPH_ABI
