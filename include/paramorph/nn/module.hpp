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
// that order.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

#include "paramorph/compat/hana.hpp"
#include "paramorph/parametrize/tensor.hpp"

namespace paramorph {

namespace detail {

template <class M>
constexpr bool is_struct() {
    return hana::Struct<M>::value;
}

}  // namespace detail

// A module without tensors (an activation), or a Hana Struct.
template <class M>
concept module = !is_tensor<std::remove_cvref_t<M>> &&
                 (std::is_empty_v<std::remove_cvref_t<M>> || detail::is_struct<std::remove_cvref_t<M>>());

// Calls f(tensor) for every tensor of a module, in order.
template <class M, class F>
constexpr void for_each_tensor(M& m, F&& f) {
    using Module = std::remove_cv_t<M>;
    if constexpr (is_tensor<Module>)
        f(m);
    else if constexpr (!std::is_empty_v<Module>) {
        static_assert(detail::is_struct<Module>(),
                      "module: a member is neither a tensor nor a module; adapt its type with BOOST_HANA_ADAPT_STRUCT");
        hana::for_each(hana::accessors<Module>(),
                       [&](auto const& member) { paramorph::for_each_tensor(hana::second(member)(m), f); });
    }
}

// Calls f(name, tensor) for every tensor; names are joined by dots, as in "0.weight".
template <class M, class F>
void for_each_named_tensor(M& m, F&& f, std::string const& prefix = "") {
    using Module = std::remove_cv_t<M>;
    if constexpr (is_tensor<Module>)
        f(prefix, m);
    else if constexpr (!std::is_empty_v<Module>)
        hana::for_each(hana::accessors<Module>(), [&](auto const& member) {
            std::string const name = hana::to<char const*>(hana::first(member));
            paramorph::for_each_named_tensor(hana::second(member)(m), f, prefix.empty() ? name : prefix + "." + name);
        });
}

namespace detail {

// Counted once per module type: originals, tensors, and their elements.
struct module_counts {
    int originals = 0, tensors = 0, original_elements = 0, value_elements = 0;
};
template <class M>
constexpr module_counts count() {
    module_counts n;
    M const m{};
    for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
        n.originals += Tensor::original_count;
        n.tensors += 1;
        n.value_elements += Tensor::shape_type::size;
        Tensor::for_each_index(
            [&](auto k) { n.original_elements += Tensor::traits::template original_shape<k>::size; });
    });
    return n;
}
template <class M>
inline constexpr module_counts counts = count<M>();

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
        m.initialize(numbers, 1 / std::sqrt(double(M::shape_type::value.from_end(0))));
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
