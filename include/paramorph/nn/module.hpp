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
// A forward may take several tensors and return a std::tuple of several, see call.hpp.
//
// Every member must be listed there, and be a tensor or a module, see members.hpp: forward is traced while compiling,
// and would not see what a number or a flag holds at run time. Such are static constexpr members, template parameters,
// or buffers. A member without contents, as an activation, need not be listed.
//
// Mode and state, as stages have them (parametrize/stage.hpp). Buffers are tensors that no optimizer moves; they begin
// as they are declared, `pm::buffer<pm::shape<4>> variance{pm::full(1)}`, or as zeros. A forward that answers
// `pm::updated(y, buffer = value, ...)` says what they become in training; one that is a template of the mode acts
// differently in inference:
//
//     struct centred {
//         pm::buffer<pm::shape<4>> mean;
//         template <pm::mode M>
//         constexpr auto forward(auto x) const {            // x: [batch, 4]
//             if constexpr (M == pm::mode::inference)
//                 return x - mean;
//             else {
//                 auto const m = pm::mean<0>(x);
//                 return pm::updated(x - m, mean = mean * 0.9 + pm::detach(m) * 0.1);
//             }
//         }
//         constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
//     };
//
// `buffer = value` in a forward assigns nothing by itself. A buffer moves once for each call of the module in training,
// in the order of the calls: what is traced later, inference too, reads the value that the call before made, and a
// gradient flows through it unless it is detached. (Statements have an order; the operands of one expression should not
// depend on it.) A step, or `pm::training(net)(x)`, stores the last value when its program has succeeded, and else
// nothing. In inference, so for arrays, `pm::inference`, `pm::cached`, `pm::freeze`, `pm::function` and on targets,
// buffers are what they are and `pm::updated` is its first argument. forward<M> must give the same tensors in both
// modes; both are compiled for every shape that the module is called with, though one is traced. A module with modes is
// called by its call operator, not by forward, and not in the cell of a scan. The result of a call in training is to be
// used: the compiler refuses one that is not, unless its operations are those of others. Errors, by the compiler:
// tests/must_not_compile/updated_*.cpp.
//
// Tensors are visited in member order, that of the declarations; everything else (programs, gradients, optimizers,
// names) follows it. A tensor's path joins the names of the members by dots, as in "0.weight": see paths.hpp. Cost:
// none of its own: members are known when a program is compiled. Source: torch.nn.Module; Boost.Hana Struct.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#ifndef PARAMORPH_EMBED
#include <string>
#endif
#include <tuple>
#include <type_traits>

#include "paramorph/core/fixed_string.hpp"
#include "paramorph/nn/members.hpp"
#ifndef PARAMORPH_EMBED
#include "paramorph/parametrize/array_functions.hpp"
#endif

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// A module some of whose tensors are replaced by others: `Slots` are `overlaid<path, tensor>`. See overlay.hpp.
template <fixed_string Path, class Tensor>
struct overlaid {
    using tensor_type = Tensor;
    static constexpr auto path = Path;
    Tensor tensor;
};
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
    } else
        for_each_member<Module>([&]<fixed_string Name>(auto const& member) {
            detail::walk<dotted<At, Name>(), dotted<In, Name>()>(member(m), f, slots...);
        });
}

}  // namespace detail

// A module without tensors (an activation), or a Hana Struct. A class with a forward that is neither is meant as one;
// what it lacks is said where it is used.
template <class M>
concept module = !is_tensor<std::remove_cvref_t<M>> && sizeof(std::remove_cvref_t<M>) > 0 &&
                 (std::is_empty_v<std::remove_cvref_t<M>> || detail::is_struct<std::remove_cvref_t<M>>() ||
                  detail::is_overlay<std::remove_cvref_t<M>> || detail::has_a_forward<std::remove_cvref_t<M>>());

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

}  // namespace paramorph::inline PARAMORPH_ABI
