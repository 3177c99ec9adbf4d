// The numbers of a network by their names, exactly PyTorch's state_dict keys:
//
//     pm::for_each_parameter(net, [](auto const& name, auto& x) { ... });      // "0.parametrizations.weight.original"
//     pm::for_each_gradient(gradient, [](auto const& name, auto g) { ... });   // the same names
//
// A plain tensor is called by its path, "0.bias". A parametrized one has originals, "parametrizations.weight.original"
// (original0, original1 where there are several; "parametrizations.weight.parametrizations.original1.original" where
// one is parametrized itself), and the state of stage k, "parametrizations.weight.k.mean". Cost: a string for each
// name; arrays refer to the module's memory, no number is copied. Source: torch.nn.Module.named_parameters,
// named_buffers, state_dict.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

#include "paramorph/nn/gradients.hpp"
#include "paramorph/nn/keys.hpp"
#include "paramorph/nn/module.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class Tensor>
std::string original_name(std::string_view path, int k) {
    std::string name;
    append_original_name<Tensor>(name, path, k);
    return name;
}
template <class State>
std::string state_name(std::string_view path, int stage) {
    std::string name;
    append_state_name<State>(name, path, stage);
    return name;
}

template <class M>
void name_gradients(auto& gradient, auto& f) {
    traced_module<M> const m{};
    for_each_path(m, [&]<fixed_string Path, class Tensor>(Tensor const&) {
        if constexpr (Tensor::trained)
            Tensor::for_each_index(
                [&](auto k) { f(original_name<Tensor>(Path.view(), k), gradient.template original<Path, k()>()); });
    });
}

}  // namespace detail

// Calls f(name, array) for every original that is trained.
template <module M, class F>
void for_each_parameter(M& m, F&& f) {
    for_each_path(m, [&]<fixed_string Path, class Tensor>(Tensor& t) {
        using plain = std::remove_cv_t<Tensor>;
        if constexpr (plain::trained)
            plain::for_each_index(
                [&](auto k) { f(detail::original_name<plain>(Path.view(), k), t.template original<k>()); });
    });
}

// Calls f(name, array) for the gradient of every original that is trained; what is written to the array is written to
// the gradient. It is one that a step gave, see gradients.hpp.
template <class M, class F>
void for_each_gradient(gradients<M>& gradient, F&& f) {
    detail::name_gradients<M>(gradient, f);
}
template <class M, class F>
void for_each_gradient(gradients<M> const& gradient, F&& f) {
    detail::name_gradients<M>(gradient, f);
}

// Calls f(name, array) for what is not trained: the originals of buffers, and the state of stages.
template <module M, class F>
void for_each_buffer(M& m, F&& f) {
    for_each_path(m, [&]<fixed_string Path, class Tensor>(Tensor& t) {
        using plain = std::remove_cv_t<Tensor>;
        if constexpr (!plain::trained)
            plain::for_each_index(
                [&](auto k) { f(detail::original_name<plain>(Path.view(), k), t.template original<k>()); });
        plain::for_each_state([&]<class State>(auto stage, auto k, State) {
            f(detail::state_name<State>(Path.view(), stage()), t.template state<stage, k>());
        });
    });
}

}  // namespace paramorph::inline PARAMORPH_ABI
