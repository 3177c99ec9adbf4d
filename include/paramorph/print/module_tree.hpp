// A network's modules and tensors as data, for those who show them: types as a program spells them, shapes, chains with
// their sets and grades. In the order of the members; a module comes before what is in it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "paramorph/core/sentence.hpp"
#include "paramorph/nn/forward.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/parametrize.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// A type's name without the library's namespaces, and without the arguments that begin with one of `dropped`.
inline std::string tidy_name(std::string_view name, std::initializer_list<std::string_view> dropped = {}) {
    static constexpr std::string_view spaces[]{"paramorph::", "nn::", "param::", "set::", "op::"};
    std::string text;
    for (std::size_t i = 0; i < name.size();) {
        bool const begins = i == 0 || name[i - 1] == '<' || name[i - 1] == ' ' || name[i - 1] == ',';
        std::size_t skipped = 0;
        if (begins && name.substr(i).starts_with(spaces[0])) {
            skipped = spaces[0].size();
            for (std::string_view const s : spaces)
                if (s != spaces[0] && name.substr(i + skipped).starts_with(s)) {
                    skipped += s.size();
                    break;
                }
        }
        if (skipped == 0) text += name[i++];
        i += skipped;
    }
    std::size_t const open = text.find('<');
    if (open == std::string::npos || text.back() != '>') return text;
    std::string kept;
    int depth = 0;
    for (std::size_t i = open + 1, from = i; i < text.size(); ++i) {
        bool const last = i + 1 == text.size();
        if (last || (text[i] == ',' && depth == 0)) {
            std::string_view argument = std::string_view(text).substr(from, i - from);
            while (argument.starts_with(' ')) argument.remove_prefix(1);
            while (argument.ends_with(' ')) argument.remove_suffix(1);
            bool drop = argument.empty();
            for (std::string_view const d : dropped) drop = drop || argument.starts_with(d);
            if (!drop) kept += (kept.empty() ? "" : ", ") + std::string(argument);
            from = i + 1;
        }
        depth += text[i] == '<' || text[i] == '(' || text[i] == '{';
        depth -= text[i] == '>' || text[i] == ')' || text[i] == '}';
    }
    return text.substr(0, open) + (kept.empty() ? "" : "<" + kept + ">");
}

inline std::string shape_text(extents const& s) {
    return std::string(sentence(s).view());
}
constexpr std::string_view grade_text(grade g) {
    return g == grade::bijective  ? "bijective"
           : g == grade::right    ? "right"
           : g == grade::on_image ? "on_image"
                                  : "none";
}
template <class Set>
std::string set_text() {
    if constexpr (requires { std::string_view(Set::name); })
        return tidy_name(Set::name);
    else
        return tidy_name(short_type_name<Set>());
}

struct shown_stage {
    std::string name, set;
    std::string_view grade;
};
struct shown_numbers {
    std::string name;  // PyTorch's key
    extents shape;
};
struct shown_tensor {
    std::string path;
    extents shape;
    std::string_view type;
    int element_bytes;
    bool trained, wanted;  // no buffer; does an optimizer move it?
    std::vector<shown_stage> stages;
    std::string set;
    std::string_view grade;
    std::vector<shown_numbers> originals, states;

    std::string_view name() const { return std::string_view(path).substr(path.rfind('.') + 1); }
    std::string chain() const {
        std::string t;
        for (shown_stage const& s : stages) t += (t.empty() ? "" : " | ") + s.name;
        return t;
    }
    // Numbers that are trained, that are kept, and those of its value.
    long parameters() const {
        long n = 0;
        for (auto const& o : originals) n += o.shape.size();
        return trained ? n : 0;
    }
    long kept_bytes() const {
        long n = 0;
        for (auto const& o : originals) n += o.shape.size();
        for (auto const& s : states) n += s.shape.size();
        return n * element_bytes;
    }
    long value_bytes() const { return long(shape.size()) * element_bytes; }
};
struct shown_module {
    std::string path, type;
    int parent, depth;
    void const* tag;              // of its type
    std::ptrdiff_t at;            // from where the module that holds it lies
    void const* inner = nullptr;  // of a module with tensors laid over its own: the tag of that module,
    std::ptrdiff_t inner_at = 0;  // and where it lies
    std::vector<shown_tensor> tensors{};

    std::string_view name() const { return std::string_view(path).substr(path.rfind('.') + 1); }
};
using module_tree = std::vector<shown_module>;

template <class M>
struct shown_type {
    static std::string text() {
        if constexpr (is_container<M>) {  // what it holds follows
            std::string const all = tidy_name(short_type_name<M>());
            std::size_t const open = all.find('<'), end = all.find_first_of(",>", open);
            bool const number =
                open != std::string::npos && (all[open + 1] == '-' || (all[open + 1] >= '0' && all[open + 1] <= '9'));
            return all.substr(0, open) + (number ? all.substr(open, end - open) + ">" : "");
        } else if constexpr (takes_options<M>)
            return tidy_name(short_type_name<M>(), {"weight<", "bias<"});
        else
            return tidy_name(short_type_name<M>());
    }
};
template <class M, class... Slots>
struct shown_type<overlay<M, Slots...>> : shown_type<M> {};

constexpr std::ptrdiff_t distance(void const* from, void const* to) {
    return static_cast<char const*>(to) - static_cast<char const*>(from);
}

template <class M>
void show_modules(M const& m, module_tree& all, std::string const& path, int parent, int depth, std::ptrdiff_t at);
template <class M>
void show_members(M const& m, module_tree& all, int self) {
    for_each_member<M>([&]<fixed_string Name>(auto const& member) {
        auto const& x = member(m);
        using X = std::remove_cvref_t<decltype(x)>;
        if constexpr (!is_tensor<X>) {
            std::string const& own = all[std::size_t(self)].path;
            show_modules(x, all, own + (own.empty() ? "" : ".") + std::string(Name.view()), self,
                         all[std::size_t(self)].depth + 1, distance(&m, &x));
        }
    });
}
template <class M>
void show_modules(M const& m, module_tree& all, std::string const& path, int parent, int depth, std::ptrdiff_t at) {
    int const self = static_cast<int>(all.size());
    all.push_back({path, shown_type<M>::text(), parent, depth, &type_tag<M>, at});
    if constexpr (is_overlay<M>) {
        using inner = typename M::module_type;
        all.back().inner = &type_tag<inner>;
        all.back().inner_at = distance(&m, &m.module);
        show_members(m.module, all, self);
    } else
        show_members(m, all, self);
}

template <class Tensor>
shown_tensor show_tensor(std::string_view path, Tensor const& t) {
    using traits = typename Tensor::traits;
    using T = typename Tensor::value_type;
    shown_tensor to{std::string(path),
                    Tensor::shape_type::value,
                    name_of_element<T>,
                    int(sizeof(T)),
                    Tensor::trained,
                    t.requires_gradient(),
                    {},
                    set_text<typename Tensor::chain_type::codomain>(),
                    grade_text(traits::inverse),
                    {},
                    {}};
    [&]<int... I>(std::integer_sequence<int, I...>) {
        (to.stages.push_back({tidy_name(short_type_name<typename Tensor::template stage<I>>()),
                              set_text<codomain_of<typename Tensor::template stage<I>>>(),
                              grade_text(stage_grade<typename Tensor::template stage<I>,
                                                     typename traits::template arriving_shape<I + 1>, T>())}),
         ...);
    }(std::make_integer_sequence<int, Tensor::chain_type::size>{});
    Tensor::for_each_index([&](auto k) {
        to.originals.push_back({original_name<Tensor>(path, k), traits::template original_shape<k>::value});
    });
    Tensor::for_each_state([&]<class State>(auto stage, auto, State) {
        to.states.push_back({state_name<State>(path, stage), State::shape_type::value});
    });
    return to;
}

// The tree of a network.
template <class M>
module_tree show_network(M const& m) {
    module_tree all;
    show_modules(m, all, "", -1, 0, 0);
    for_each_path(m, [&]<fixed_string Path>(auto const& t) {
        std::string_view const path = Path.view();
        std::size_t const dot = path.rfind('.');
        std::string_view const owner = dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
        for (shown_module& of : all)
            if (of.path == owner) return of.tensors.push_back(show_tensor(path, t));
    });
    return all;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
