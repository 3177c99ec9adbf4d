// What a module's type says of its numbers: how many tensors, originals, states and elements it has, and their element
// type. Errors: tensors of two element types are the compiler's. Cost: none at run time: they are constants of the
// type. Source: sum(p.numel() for p in module.parameters()).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <type_traits>

#include "paramorph/nn/module.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Counted once per module type.
struct module_counts {
    int leaves = 0;     // of a program: originals and state
    int originals = 0;  // trained ones
    int states = 0, tensors = 0;
    int buffers = 0;  // that a module's forward can move
    int original_elements = 0, value_elements = 0;
};
template <class M>
constexpr module_counts count() {
    module_counts n;
    detail::traced_module<M> const m{};
    for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
        n.leaves += Tensor::leaf_count;
        n.states += Tensor::state_count;
        n.tensors += 1;
        n.buffers += Tensor::can_be_moved;
        n.value_elements += Tensor::shape_type::size;
        if (!Tensor::trained) return;
        n.originals += Tensor::original_count;
        Tensor::for_each_index(
            [&](auto k) { n.original_elements += Tensor::traits::template original_shape<k>::size; });
    });
    return n;
}
template <class M>
inline constexpr module_counts counts = members_are_sound<M>() ? count<M>() : module_counts{};

// Where among the leaves the trained originals are.
template <class M>
struct trained_leaves {
    static constexpr int count = counts<M>.originals;
    int at[counts<M>.originals + 1]{};
    constexpr trained_leaves() {
        int leaf = 0, n = 0;
        detail::traced_module<M> const m{};
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
    detail::traced_module<M> const m{};
    for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
        (std::is_same_v<typename Tensor::value_type, float> ? found.f32 : found.f64) = true;
    });
    return found;
}
// The path of the first tensor of this element type.
template <class M, class T>
constexpr sentence path_of_type() {
    sentence path;
    traced_module<M> const m{};
    for_each_path(m, [&]<fixed_string At, class Tensor>(Tensor const&) {
        if (std::is_same_v<typename Tensor::value_type, T> && path.view().empty()) path.append(At.view());
    });
    return path;
}
template <class M>
struct module_real {
    static constexpr auto found = real_of<M>();
    static constexpr bool mixed = found.f32 && found.f64;
    static constexpr bool one_type() {
        if constexpr (mixed) {
            using wrong = mistake<sentence(
                "module: float and double tensors are mixed; use one element type for a whole network: ",
                path_of_type<M, float>().view(), " is float, ", path_of_type<M, double>().view(),
                " is double; layers have the option pm::element_type<T>")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return true;
    }
    static_assert(one_type());
    using type = std::conditional_t<found.f64, double, float>;
};

}  // namespace detail

// Number of trainable elements: those of the originals. A mistake in the class M itself is shown from the line that
// asks.
template <class M, std::size_t = sizeof(M)>
    requires module<M>
inline constexpr int parameter_count = detail::counts<M>.original_elements;

// The element type of a module's tensors.
template <class M>
using module_value_type = typename detail::module_real<M>::type;

}  // namespace paramorph::inline PARAMORPH_ABI
