// Writing the numbers of a network into a header, on the host, for a target:
//
//     pm::write_header(net, "digits.hpp");                        // the values: digits::values, digits::network
//     pm::write_originals(net, "trained.hpp", {.include = {"stages.hpp"}});
//
// The header names a namespace after its file (embed/namespace_name.hpp: one that C++ or C takes gets a prefix), with
// the network's type as `model` (in write_header without its parametrizations), the constant `values` or `originals`,
// and `network`, a pm::frozen or pm::live of it. It includes the umbrella of targets, in a file that has paramorph.hpp
// that, and nothing in one that has the library as one header. Numbers are hexadecimal, whatever the locale, so that
// the target has them bit for bit. Options: `name`, another namespace; `include`, headers that declare the network's
// own types; `type`, how the type is spelled, where embed/type_spelling.hpp cannot (in a function or an unnamed
// namespace).
//
// Errors, as pm::error: a number is not finite; the type cannot be spelled; `name` is no name for a namespace; the file
// cannot be written, on a full disk too. Then the file is as it was: a regular one is written beside itself and
// renamed. Cost: one pass over the numbers, each as hexadecimal text. Source: this library's; hexadecimal numbers as
// C++17 has them.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/namespace_name.hpp"
#include "paramorph/embed/numbers.hpp"
#include "paramorph/embed/type_spelling.hpp"
#include "paramorph/embed/write_file.hpp"
#include "paramorph/nn/parametrize.hpp"

#ifndef PARAMORPH_EMBED

#include <string>
#include <vector>

#include "paramorph/core/cmath.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Options of write_header and write_originals, each found out where it is empty: see above.
struct header_options {
    std::string name{}, type{};
    std::vector<std::string> include{};
};

namespace detail {

// Does a namespace of this name clash with what the spelling of a type names?
template <class = void>
bool clashes(std::string const& name, std::string const& type) {
    std::string const root = "::" + name.substr(0, name.find(':'));
    auto const part_of_name = [](char c) { return letter_or_digit(c) || c == '_'; };
    for (std::size_t at = type.find(root); at != std::string::npos; at = type.find(root, at + 1)) {
        std::string const rest = type.substr(at + root.size());
        if ((at > 0 && (part_of_name(type[at - 1]) || type[at - 1] == '>')) || (!rest.empty() && part_of_name(rest[0])))
            continue;
        if (!rest.starts_with("::")) return true;  // a class or an enumeration
        for (std::string const member : {"model", "values", "originals", "network"})
            if (rest.starts_with("::" + member) &&
                (rest.size() == member.size() + 2 || !part_of_name(rest[member.size() + 2])))
                return true;
    }
    return false;
}

// One constant of a header.
struct header_of {
    char const *numbers, *constant, *runner;  // "network_values", "values", "frozen"
};

template <class T, class M>
void write_numbers(std::vector<T> const& x, header_of const& what, std::string const& path,
                   header_options const& options) {
    std::string const name = namespace_name(options.name, path);
    std::string const type = options.type.empty() ? spelling_of<M>() : options.type;
    if (clashes(name, type))
        throw error("write_header: the namespace " + name +
                    " has the name of a type of the network, or of what that holds; "
                    "choose another file name or pass .name");
    for (T const e : x)
        if (!std::isfinite(e)) throw error("write_header: a number of the network is not finite");
    std::string text = "// Numbers of a network, " + std::to_string(x.size() * sizeof(T)) +
                       " bytes; written by paramorph.\n#pragma once\n\n" + includes_of_library;
    for (std::string const& header : options.include) text += "#include \"" + header + "\"\n";
    text += "\nnamespace " + name + " {\n\nusing model = " + type + ";\n";
    text += std::string("inline constexpr paramorph::") + what.numbers + "<model> " + what.constant + "{{";
    int column = 0;
    for (T const e : x) {
        text += (column == 0 ? "\n    " : " ") + spelled_number(e) + ",";
        column = (column + 1) % 6;
    }
    text += std::string("\n}};\ninline constexpr paramorph::") + what.runner + "<" + what.constant + "> network;\n";
    text += "\n}  // namespace " + name + "\n";
    write_file("write_header", path, text);
}

}  // namespace detail

// The values, of which pm::frozen is made.
template <module M>
void write_header(M const& net, std::string const& path, header_options const& options = {}) {
    using T = module_value_type<M>;
    std::vector<T> x(static_cast<std::size_t>(network_values<M>::count));
    T* to = x.data();
    for_each_tensor(net, [&]<class Tensor>(Tensor const& t) {
        t.write_value(to);
        to += Tensor::shape_type::size;
    });
    detail::write_numbers<T, unparametrized<M>>(x, {"network_values", "values", "frozen"}, path, options);
}

// What was trained, and the state of stages; pm::live is made of it, or the compiler freezes it.
template <module M>
void write_originals(M const& net, std::string const& path, header_options const& options = {}) {
    using T = module_value_type<M>;
    std::vector<T> x;
    auto const put = [&](auto const& a) { x.insert(x.end(), a.data(), a.data() + a.size()); };
    for_each_tensor(net, [&]<class Tensor>(Tensor const& t) {
        Tensor::for_each_index([&](auto k) { put(t.template original<k>()); });
        Tensor::for_each_state([&](auto stage, auto k, auto) { put(t.template state<stage, k>()); });
    });
    detail::write_numbers<T, M>(x, {"network_originals", "originals", "live"}, path, options);
}

}  // namespace paramorph::inline PARAMORPH_ABI

#endif
