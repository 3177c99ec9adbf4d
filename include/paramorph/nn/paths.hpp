// What stands at a path of a module: a tensor or a module, as in `pm::get<"0.weight">(net)`. A path joins the names of
// members by dots. Errors: a path that names nothing, whose sentence lists what there is, and a temporary module are
// the compiler's. Cost: none: the place is known when the program is compiled. Source: torch.nn.Module.get_submodule,
// get_parameter; torch.nn.utils.parametrize.is_parametrized.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>
#include <type_traits>
#include <utility>

#include "paramorph/nn/module.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Is this path the group's, or below it? Everything is below the empty path.
constexpr bool at_or_below(std::string_view path, std::string_view group) {
    return group.empty() ||
           (path.substr(0, group.size()) == group && (path.size() == group.size() || path[group.size()] == '.'));
}

// The position of the member that a path begins with, or -1.
template <fixed_string Path, class M>
constexpr int member_index() {
    int k = 0, found = -1;
    for_each_member<M>([&]<fixed_string Name>(auto const&) {
        if (first_of_path<Path>().view() == Name.view()) found = k;
        ++k;
    });
    return found;
}
// Does a tensor or a module stand there?
template <fixed_string Path, class M>
constexpr bool has_path() {
    if constexpr (Path.view().empty())
        return true;
    else if constexpr (is_overlay<M>)
        return M::template has_slot<Path> || has_path<Path, typename M::module_type>();
    else if constexpr (is_tensor<M> || std::is_empty_v<M>)
        return false;
    else {
        constexpr int k = member_index<Path, M>();
        if constexpr (k < 0)
            return false;
        else
            return has_path<rest_of_path<Path>(), member_at<M, std::size_t(k)>>();
    }
}
// The position of a tensor in member order.
template <fixed_string Path, class M>
constexpr int tensor_index() {
    int k = 0, found = -1;
    detail::traced_module<M> const m{};
    for_each_path(m, [&]<fixed_string At>(auto const&) { found = At.view() == Path.view() ? k : found, ++k; });
    return found;
}
// What is wrong with a path: who was given it, and what there is.
template <fixed_string Path, class M>
constexpr sentence no_such_path(std::string_view who, std::string_view has_no) {
    sentence says(who, has_no, " of this name, ", Path.view(), "; name one of these: ");
    bool first = true;
    M const m{};
    for_each_path(m, [&]<fixed_string At>(auto const&) {
        says.append(first ? "" : ", ", At.view());
        first = false;
    });
    return first ? sentence(who, has_no, " of this name, ", Path.view(), ": it has no tensors") : says;
}
template <fixed_string Path, class M, sentence Who, sentence HasNo>
constexpr void refuse_path() {
    constexpr sentence says = no_such_path<Path, M>(Who.view(), HasNo.view());
    using wrong = mistake<says>;
    using said [[maybe_unused]] = wrong::type;
}
// The path of tensor number I.
template <int I, class M>
constexpr auto nth_path() {
    constexpr auto found = [] {
        struct {
            std::size_t size = 0;
            char text[512]{};
        } p;
        M const m{};
        for_each_path(m, [&, k = 0]<fixed_string At>(auto const&) mutable {
            if (k++ != I) return;
            for (char c : At.view()) p.text[p.size++] = c;
        });
        return p;
    }();
    char text[found.size + 1]{};
    for (std::size_t i = 0; i < found.size; ++i) text[i] = found.text[i];
    return fixed_string<found.size + 1>(text);
}
template <fixed_string Path, class M>
constexpr auto& at_path(M& m) {
    using Module = std::remove_cv_t<M>;
    if constexpr (Path.view().empty())
        return m;
    else if constexpr (is_overlay<Module>) {
        if constexpr (Module::template has_slot<Path>)
            return m.template slot<Path>();
        else
            return at_path<Path>(m.module);
    } else
        return at_path<rest_of_path<Path>()>(
            hana::second(hana::at_c<member_index<Path, Module>()>(hana::accessors<Module>()))(m));
}

}  // namespace detail

// The tensor or module at a path.
template <fixed_string Path, class M>
    requires module<M>
constexpr auto& get(M& m) {
    using Module = std::remove_cv_t<M>;
    if constexpr (detail::has_path<Path, Module>())
        return detail::at_path<Path>(m);
    else {
        detail::refuse_path<Path, Module, "get: ", "the module has no tensor or module">();
        return detail::at_path<detail::nth_path<0, Module>()>(m);  // most often a tensor was meant
    }
}

template <fixed_string Path, class M>
    requires module<M>
constexpr auto const& get(M const&& m) {
    static_assert(sizeof(M) == 0,
                  "get: the module is a temporary, and its tensor would be gone; name the module first");
    return paramorph::get<Path>(m);
}

#define PARAMORPH_PATH "get: the path is a template argument: write pm::get<\"0.weight\">(net)"
template <module M, class Path, detail::sentence Says = PARAMORPH_PATH>
    requires std::is_array_v<Path>
constexpr M const& get(M const& m, Path const&) {
    using wrong = detail::mistake<Says>;
    using said [[maybe_unused]] = wrong::type;
    return m;
}
template <class Path, module M, detail::sentence Says = PARAMORPH_PATH>
    requires std::is_array_v<Path>
constexpr M const& get(Path const&, M const& m) {
    using wrong = detail::mistake<Says>;
    using said [[maybe_unused]] = wrong::type;
    return m;
}
#undef PARAMORPH_PATH

// Is a tensor of a module parametrized? By its path; without one: is any? `pm::is_parametrized<"weight">(layer)`.
template <fixed_string Path, module M>
consteval bool is_parametrized() {
    constexpr bool there = detail::has_path<Path, M>();
    if constexpr (!there) detail::refuse_path<Path, M, "is_parametrized: ", "the module has no tensor">();
    if constexpr (there) {
        bool any = false;
        std::remove_cvref_t<decltype(detail::at_path<Path>(std::declval<M&>()))> const part{};
        for_each_tensor(part, [&]<class Tensor>(Tensor const&) { any = any || Tensor::parametrized; });
        return any;
    } else
        return false;
}
template <fixed_string Path, module M>
constexpr bool is_parametrized(M const&) {
    return is_parametrized<Path, M>();
}
template <module M>
consteval bool is_parametrized() {
    return is_parametrized<"", M>();
}
template <module M>
constexpr bool is_parametrized(M const&) {
    return is_parametrized<"", M>();
}

}  // namespace paramorph::inline PARAMORPH_ABI
