// Writing the numbers of a network into a header, on the host, for a target:
//
//     pm::write_header(net, "digits.hpp");                        // the values: digits::values, digits::network
//     pm::write_originals(net, "trained.hpp", {.include = {"stages.hpp"}});
//
// The header names a namespace after its file, with the network's type as `model` (in write_header without its
// parametrizations), the constant `values` or `originals`, and `network`, a pm::frozen or pm::live of it. Numbers are
// hexadecimal, so that the target has them bit for bit. Options: `name`, another namespace; `include`, headers that
// declare the network's own types; `type`, how the type is spelled, for types that cannot be spelled as the compiler
// prints them (in a function or an unnamed namespace). Errors: pm::error when the file cannot be written, a number is
// not finite, or the type cannot be spelled.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/embed/numbers.hpp"
#include "paramorph/nn/parametrize.hpp"

#ifndef PARAMORPH_EMBED

#include <cctype>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace paramorph::inline PARAMORPH_ABI {

struct header_options {
    std::string name{}, type{};
    std::vector<std::string> include{};
};

namespace detail {

template <class = void>  // what it needs of <string> is compiled where it is called
std::string name_of_file(std::string const& path) {
    std::size_t const slash = path.rfind('/'), begin = slash == std::string::npos ? 0 : slash + 1;
    std::string name = path.substr(begin, path.find('.', begin) - begin);
    for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) name.insert(0, "network_");
    return name;
}

// One constant of a header.
struct header_of {
    char const *numbers, *constant, *runner;  // "network_values", "values", "frozen"
};

template <class T, class M>
void write_numbers(std::vector<T> const& x, header_of const& what, std::string const& path,
                   header_options const& options) {
    std::string const name = options.name.empty() ? name_of_file(path) : options.name;
    std::string const type = options.type.empty() ? std::string(type_name<M>()) : options.type;
    if (type.find('(') != std::string::npos || type.find("<lambda") != std::string::npos)
        throw error("write_header: the network's type cannot be spelled in a header; pass it as .type");
    for (T const e : x)
        if (!std::isfinite(e)) throw error("write_header: a number of the network is not finite");
    std::string text = "// Numbers of a network, " + std::to_string(x.size() * sizeof(T)) +
                       " bytes; written by paramorph.\n#pragma once\n\n#include <paramorph/embed.hpp>\n";
    for (std::string const& header : options.include) text += "#include \"" + header + "\"\n";
    text += "\nnamespace " + name + " {\n\nusing model = " + type + ";\n";
    text += std::string("inline constexpr paramorph::") + what.numbers + "<model> " + what.constant + "{{";
    int column = 0;
    for (T const e : x) {
        char number[40];
        std::snprintf(number, sizeof number, "%s%a%s,", column == 0 ? "\n    " : " ", static_cast<double>(e),
                      sizeof(T) == 4 ? "f" : "");
        text += number;
        column = (column + 1) % 6;
    }
    text += std::string("\n}};\ninline constexpr paramorph::") + what.runner + "<" + what.constant + "> network;\n";
    text += "\n}  // namespace " + name + "\n";
    std::FILE* const file = std::fopen(path.c_str(), "w");
    bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (file != nullptr) written = std::fclose(file) == 0 && written;
    if (!written) throw error("write_header: cannot write " + path);
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
