// A network as text, as PyTorch prints modules: types, tensors, shapes, chains and counts.
//
//     pm::print(net);                  // to standard output
//     pm::print(net, std::cerr);
//     std::string const text = pm::to_string(net);
//     std::cout << net;                // of the library's own modules; a struct of one's own: `using pm::operator<<;`
//     std::format("{}", net);          // where the standard library has it
//     pm::print(pm::freeze(net));      // its values alone; a cached network prints as its network does
//
// A parametrized tensor is printed by its originals, the stages that they go through, and the set and grade of what
// comes out; a module below the module that holds it:
//
//     sequential(
//       (0): linear<64, 64>(
//         weight: [64, 64] = original [64, 64] | skew | cayley; special_orthogonal, inverse on_image
//         bias: [64]
//       )
//       (1): relu()
//     )
//     4160 parameters in 2 tensors
//
// Element types other than float are named, and so are buffers, which are not counted, and tensors whose
// requires_gradient is false. Errors: a tensor, which is printed by its value, is the compiler's. Cost: as many lines
// as there are modules and tensors; no number of the network is read, so that an empty one prints as well. Source:
// torch.nn.Module.__repr__.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <iostream>
#include <ostream>
#include <string>
#if __has_include(<format>)
#include <format>
#endif

#include "paramorph/nn/materialized.hpp"
#include "paramorph/print/module_tree.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// What can be printed: a module that is no tensor, and says how it is called or what it holds.
template <class M>
concept printed_module = module<M> && (is_struct<M>() || is_overlay<M> || has_a_forward<M>());

// Behind the last dot of a key: "original0" or "_u".
inline std::string_view last_name(std::string_view key) {
    return key.substr(key.rfind('.') + 1);
}
inline std::string tensor_text(shown_tensor const& t) {
    std::string text = shape_text(t.shape);
    if (!t.stages.empty()) {
        bool const several = t.originals.size() > 1;
        text += several ? " = (" : " = ";
        for (std::size_t k = 0; k < t.originals.size(); ++k)
            text +=
                (k ? ", " : "") + std::string(last_name(t.originals[k].name)) + " " + shape_text(t.originals[k].shape);
        text += (several ? ") | " : " | ") + t.chain() + "; " + t.set + ", inverse " + std::string(t.grade);
        for (std::size_t k = 0; k < t.states.size(); ++k)
            text += (k ? ", " : "; state ") + std::string(last_name(t.states[k].name)) + " " +
                    shape_text(t.states[k].shape);
    }
    if (t.type != "float") text += ", " + std::string(t.type);
    return text + (!t.trained ? ", buffer" : !t.wanted ? ", not trained" : "");
}
inline std::string counted_text(long n, std::string_view what) {
    return std::to_string(n) + " " + std::string(what) + (n == 1 ? "" : "s");
}
inline std::string tree_text(module_tree const& all) {
    std::string text;
    long parameters = 0, tensors = 0;
    auto const one = [&](auto const& self, std::size_t k) -> std::size_t {
        shown_module const& m = all[k];
        std::string const indent(2 * std::size_t(m.depth), ' ');
        text += indent + (m.depth > 0 ? "(" + std::string(m.name()) + "): " : "") + m.type + "(";
        std::size_t next = k + 1;
        bool const filled = !m.tensors.empty() || (next < all.size() && all[next].parent == int(k));
        if (filled) text += "\n";
        for (shown_tensor const& t : m.tensors) {
            text += indent + "  " + std::string(t.name()) + ": " + tensor_text(t) + "\n";
            parameters += t.parameters(), tensors += t.trained;
        }
        while (next < all.size() && all[next].parent == int(k)) next = self(self, next);
        text += (filled ? indent : std::string()) + ")\n";
        return next;
    };
    one(one, 0);
    return text + counted_text(parameters, "parameter") + " in " + counted_text(tensors, "tensor") + "\n";
}

}  // namespace detail

// The network as text.
template <detail::printed_module M>
std::string to_string(M const& net) {
    if constexpr (detail::members_are_sound<M>())
        return detail::tree_text(detail::show_network(net));
    else
        return {};  // the mistake was said
}
template <class M>
std::string to_string(materialized<M> const&) {
    auto all = detail::show_network(*std::make_unique<M>());
    for (auto& m : all)
        for (auto& t : m.tensors) {
            t.stages.clear();
            t.originals = {{t.path, t.shape}};
        }
    return "frozen " + detail::tree_text(all);
}
template <class M>
std::string to_string(cached_network<M> const&) {
    return "cached " + to_string(*std::make_unique<M>());
}
// Prints it.
template <class Net>
    requires requires(Net const& net) { paramorph::to_string(net); }
void print(Net const& net, std::ostream& to = std::cout) {
    to << to_string(net);
}
template <class Net>
    requires requires(Net const& net) { paramorph::to_string(net); }
std::ostream& operator<<(std::ostream& to, Net const& net) {
    return to << to_string(net);
}
#define PARAMORPH_PRINTED                                                                                \
    "print: a tensor is printed by its value: write std::cout << net.weight(), with xtensor's xio.hpp; " \
    "pm::print(net) "                                                                                    \
    "prints the network"
template <class S, class C, class T, gradient G, detail::sentence Says = PARAMORPH_PRINTED>
void print(tensor<S, C, T, G> const&) = PARAMORPH_REFUSED(PARAMORPH_PRINTED);
#undef PARAMORPH_PRINTED

// Where argument-dependent lookup finds it for layers.
namespace nn {
using paramorph::operator<<;
}
namespace detail {
using paramorph::operator<<;
}

}  // namespace paramorph::inline PARAMORPH_ABI

#ifdef __cpp_lib_format
// Takes what a string's format takes: width, fill, precision.
template <paramorph::detail::printed_module M>
struct std::formatter<M, char> : std::formatter<std::string, char> {
    auto format(M const& net, auto& context) const {
        return std::formatter<std::string, char>::format(paramorph::to_string(net), context);
    }
};
#endif
