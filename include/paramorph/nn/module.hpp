// Modules. A module is a plain struct whose members are tensors and modules, adapted as a Boost.Hana Struct; it writes
// `constexpr auto forward(auto x) const` on symbols and hands its call operator to `pm::call`:
//
//     struct residual {
//         pm::nn::linear<8, 8> inner;
//         constexpr auto forward(auto x) const { return x + pm::tanh(inner(x)); }
//         constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
//     };
//     BOOST_HANA_ADAPT_STRUCT(residual, inner);
//
// Walks visit the tensors in the order of the members; everything else (programs, gradients, optimizers, names) follows
// that order. A tensor's path joins the names of the members by dots, as in "0.weight"; `pm::get<"0.weight">(net)` is
// that tensor, `pm::get<"0">(net)` that module.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifndef PARAMORPH_EMBED
#include <string>
#endif

#include "paramorph/compat/hana.hpp"
#include "paramorph/core/fixed_string.hpp"
#include "paramorph/parametrize/tensor.hpp"

namespace paramorph {

namespace detail {

// A module some of whose tensors are replaced by others: `Slots` are `overlaid<path, tensor>`. See parametrize.hpp.
template <fixed_string Path, class Tensor>
struct overlaid {
    using tensor_type = Tensor;
    static constexpr auto path = Path;
    Tensor tensor;
};
template <class M, class... Slots>
struct overlay;
template <class M>
inline constexpr bool is_overlay = false;
template <class M, class... Slots>
inline constexpr bool is_overlay<overlay<M, Slots...>> = true;

template <class M>
constexpr bool is_struct() {
    return hana::Struct<M>::value;
}

template <char... C>
constexpr auto fixed(hana::string<C...>) {
    return fixed_string<sizeof...(C) + 1>({C..., '\0'});
}

// The position of the slot at a path, or -1.
template <fixed_string Path, class... Slots>
constexpr int slot_at() {
    int k = 0;
    return ((Slots::path.view() == Path.view() || (++k, false)) || ...) ? k : -1;
}

// Calls f.operator()<path>(tensor) for every tensor of a module whose own path is At, and In within the innermost
// overlay, whose slots replace tensors.
template <fixed_string At, fixed_string In, class M, class F, class... Slots>
constexpr void walk(M& m, F& f, Slots&... slots) {
    using Module = std::remove_cv_t<M>;
    if constexpr (is_tensor<Module>) {
        constexpr int k = slot_at<In, std::remove_cv_t<Slots>...>();
        if constexpr (k < 0)
            f.template operator()<At>(m);
        else
            f.template operator()<At>(std::get<static_cast<std::size_t>(k)>(std::tie(slots...)).tensor);
    } else if constexpr (is_overlay<Module>) {
        m.template walk_slots<At>(f);
    } else if constexpr (!std::is_empty_v<Module>) {
        static_assert(is_struct<Module>(),
                      "module: a member is neither a tensor nor a module; adapt its type with BOOST_HANA_ADAPT_STRUCT");
        hana::for_each(hana::accessors<Module>(), [&](auto const& member) {
            constexpr auto name = fixed(std::remove_cvref_t<decltype(hana::first(member))>{});
            detail::walk<dotted<At, name>(), dotted<In, name>()>(hana::second(member)(m), f, slots...);
        });
    }
}

}  // namespace detail

// A module without tensors (an activation), or a Hana Struct.
template <class M>
concept module = !is_tensor<std::remove_cvref_t<M>> &&
                 (std::is_empty_v<std::remove_cvref_t<M>> || detail::is_struct<std::remove_cvref_t<M>>() ||
                  detail::is_overlay<std::remove_cvref_t<M>>);

// Calls f(tensor) for every tensor of a module, in order.
template <class M, class F>
constexpr void for_each_tensor(M& m, F&& f) {
    auto const one = [&]<fixed_string>(auto& t) { f(t); };
    detail::walk<"", "">(m, one);
}

// Calls f.operator()<path>(tensor): `pm::for_each_path(net, []<pm::fixed_string Path>(auto& tensor) { ... })`.
template <class M, class F>
constexpr void for_each_path(M& m, F&& f) {
    detail::walk<"", "">(m, f);
}

#ifndef PARAMORPH_EMBED
// Calls f(path, tensor) for every tensor.
template <class M, class F>
void for_each_named_tensor(M& m, F&& f) {
    auto const one = [&]<fixed_string Path>(auto& t) { f(std::string(Path.view()), t); };
    detail::walk<"", "">(m, one);
}
#endif

namespace detail {

// Is this path the group's, or below it? Everything is below the empty path.
constexpr bool at_or_below(std::string_view path, std::string_view group) {
    return group.empty() ||
           (path.substr(0, group.size()) == group && (path.size() == group.size() || path[group.size()] == '.'));
}

// What stands at a path of a module: a tensor, a module, or void.
template <fixed_string Path, class M>
constexpr int member_index() {
    int k = 0, found = -1;
    hana::for_each(hana::accessors<M>(), [&](auto const& member) {
        if (first_of_path<Path>().view() == hana::to<char const*>(hana::first(member))) found = k;
        ++k;
    });
    return found;
}
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
            return has_path<rest_of_path<Path>(), std::remove_cvref_t<decltype(hana::second(
                                                      hana::at_c<k>(hana::accessors<M>()))(std::declval<M&>()))>>();
    }
}
// The position of a tensor in the order of the walk.
template <fixed_string Path, class M>
constexpr int tensor_index() {
    int k = 0, found = -1;
    M const m{};
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

namespace detail {

// Counted once per module type.
struct module_counts {
    int leaves = 0;     // of a program: originals and state
    int originals = 0;  // trained ones
    int states = 0, tensors = 0;
    int original_elements = 0, value_elements = 0;
};
template <class M>
constexpr module_counts count() {
    module_counts n;
    M const m{};
    for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
        n.leaves += Tensor::leaf_count;
        n.states += Tensor::state_count;
        n.tensors += 1;
        n.value_elements += Tensor::shape_type::size;
        if (!Tensor::trained) return;
        n.originals += Tensor::original_count;
        Tensor::for_each_index(
            [&](auto k) { n.original_elements += Tensor::traits::template original_shape<k>::size; });
    });
    return n;
}
template <class M>
inline constexpr module_counts counts = count<M>();

// Where among the leaves the trained originals are.
template <class M>
struct trained_leaves {
    static constexpr int count = counts<M>.originals;
    int at[counts<M>.originals + 1]{};
    constexpr trained_leaves() {
        int leaf = 0, n = 0;
        M const m{};
        for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
            for (int k = 0; k < Tensor::original_count && Tensor::trained; ++k) at[n++] = leaf + k;
            leaf += Tensor::leaf_count;
        });
    }
};

// The element type that all tensors of a module share; float without any.
template <class M>
constexpr auto real_of() {
    struct result {
        bool f32 = false, f64 = false;
    } found;
    M const m{};
    for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
        (std::is_same_v<typename Tensor::value_type, float> ? found.f32 : found.f64) = true;
    });
    return found;
}
template <class M>
struct module_real {
    static constexpr auto found = real_of<M>();
    static_assert(!(found.f32 && found.f64),
                  "module: float and double tensors are mixed; use one element type for a whole network");
    using type = std::conditional_t<found.f64, double, float>;
};

}  // namespace detail

// Number of trainable elements: those of the originals.
template <module M>
inline constexpr int parameter_count = detail::counts<M>.original_elements;

// The element type of a module's tensors.
template <class M>
using module_value_type = typename detail::module_real<M>::type;

// Fills every tensor of a module: layers by their own rule, other tensors uniformly within 1 / sqrt(last extent).
template <class M>
void initialize(M& m, random& numbers) {
    if constexpr (is_tensor<M>)
        m.initialize(numbers, 1 / std::sqrt(double(M::declared_shape::value.from_end(0))));
    else if constexpr (requires { m.initialize(numbers); })
        m.initialize(numbers);
    else if constexpr (!std::is_empty_v<M>)
        hana::for_each(hana::accessors<M>(),
                       [&](auto const& member) { paramorph::initialize(hana::second(member)(m), numbers); });
}

// A network with reproducible initial values: `auto net = pm::make<Net>(pm::seed{0});`
template <module M>
M make(seed s) {
    M m;
    random numbers{s};
    paramorph::initialize(m, numbers);
    return m;
}

}  // namespace paramorph
