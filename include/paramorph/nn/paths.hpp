// What stands at a path of a module: a tensor or a module, as in `pm::get<"0.weight">(net)`. A path joins the names of
// members by dots.
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
// The position of a tensor in the order of the walk.
template <fixed_string Path, class M>
constexpr int tensor_index() {
    int k = 0, found = -1;
    detail::traced_module<M> const m{};
    for_each_path(m, [&]<fixed_string At>(auto const&) { found = At.view() == Path.view() ? k : found, ++k; });
    return found;
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
    constexpr bool there = detail::has_path<Path, std::remove_cv_t<M>>();
    static_assert(there, "get: the module has no tensor or module of this name");
    if constexpr (there)
        return detail::at_path<Path>(m);
    else
        return m;
}

template <fixed_string Path, class M>
    requires module<M>
constexpr auto const& get(M const&& m) {
    static_assert(sizeof(M) == 0,
                  "get: the module is a temporary, and its tensor would be gone; name the module first");
    return paramorph::get<Path>(m);
}

// Is a tensor of a module parametrized? By its path; without one: is any? `pm::is_parametrized<"weight">(layer)`.
template <fixed_string Path, module M>
consteval bool is_parametrized() {
    constexpr bool there = detail::has_path<Path, M>();
    static_assert(there, "is_parametrized: the module has no tensor of this name");
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
