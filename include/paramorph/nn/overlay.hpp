// A module of a user's own, some of whose tensors are replaced by others: the struct stays as it is, and the tensors in
// the slots are laid over its own, which are empty. Errors: a value that the module gives a tensor, and that the chain
// laid over it cannot keep: pm::error. Cost: in a traced function none. Source: torch.nn.utils.parametrize, which
// replaces a module's class.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include "paramorph/core/cmath.hpp"
#include "paramorph/nn/call.hpp"
#include "paramorph/nn/initialize.hpp"
#include "paramorph/nn/paths.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// What a module says of its input.
template <class M>
struct stated_input {};
template <class M>
    requires(states_input_shape<M> && !states_input_shapes<M>)
struct stated_input<M> {
    using input_shape = typename M::input_shape;
};
template <states_input_shapes M>
struct stated_input<M> {
    using input_shapes = typename M::input_shapes;
};

template <class M, class... Slots>
struct overlay : stated_input<M> {
    using module_type = M;
    M module;
    std::tuple<Slots...> slots;

    PARAMORPH_BEGINS_FROM_SEED(overlay)

    template <fixed_string Path>
    static constexpr bool has_slot = slot_at<Path, Slots...>() >= 0;
    template <fixed_string Path>
    constexpr auto& slot() {
        return std::get<static_cast<std::size_t>(slot_at<Path, Slots...>())>(slots).tensor;
    }
    template <fixed_string Path>
    constexpr auto const& slot() const {
        return std::get<static_cast<std::size_t>(slot_at<Path, Slots...>())>(slots).tensor;
    }
    template <fixed_string At, class F>
    constexpr void walk_slots(F& f) {
        std::apply([&](auto&... s) { walk<At, "">(module, f, s...); }, slots);
    }
    template <fixed_string At, class F>
    constexpr void walk_slots(F& f) const {
        std::apply([&](auto const&... s) { walk<At, "">(module, f, s...); }, slots);
    }

    constexpr auto forward(auto... x) const {
        return with_slots([&](M const& m) { return forward_of(m, x...); });
    }
    // What a traced function makes of the module, in which the slots stand.
    constexpr auto with_slots(auto const& f) const {
        M m = module;
        (at_path<Slots::path>(m).bind_to(slot<Slots::path>().as_symbol()), ...);
        return with_operations<join<typename Slots::tensor_type::traits::forward_operations...>>(f(std::as_const(m)));
    }
    constexpr auto operator()(auto const&... x) const { return paramorph::call(*this, x...); }

    void initialize(random& numbers) {
        paramorph::initialize(module, numbers);
        (initialize_slot<Slots::path>(numbers), ...);
    }

  private:
    // From the value that the struct's own tensor has by now: where it was drawn, and the chain does not project,
    // others are drawn for the originals; where the struct means it, it is kept or refused.
    template <fixed_string Path>
    void initialize_slot(random& numbers) {
        auto& plain = at_path<Path>(module);
        auto& t = slot<Path>();
        using Tensor = std::remove_reference_t<decltype(t)>;
        using Plain = std::remove_reference_t<decltype(plain)>;
        bool const meant = !plain.drawn();
        status kept;
        if constexpr (Tensor::assignable) {
            if (Tensor::projects || meant) kept = t.try_project(plain());
        } else if constexpr (std::is_same_v<typename Plain::traits::originals, typename Tensor::traits::originals>) {
            if (meant) t.copy_originals(plain);
        } else if (meant)
            kept = {
                "initialize: the value that the module gives this tensor cannot be kept, because a stage of its chain "
                "has no right_inverse"};
        if (meant) throw_if_failed(kept);
        if (t.empty()) paramorph::initialize(t, numbers);
        plain.clear();
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI {

// f(the module as it was declared): in a traced function, what it has beside forward, of a network that may be
// parametrized after the fact, whose type is then another:
//
//     auto encode = pm::function([](auto& n, auto x) {
//         return pm::as_declared(n, [&](auto& own) { return own.encode(x); });
//     }, net);
//
// Its tensors have the values that their parametrizations give. Errors, cost: those of what f does.
template <class M>
constexpr auto as_declared(M const& net, auto const& f) {
    return f(net);
}
template <class M, class... Slots>
constexpr auto as_declared(detail::overlay<M, Slots...> const& net, auto const& f) {
    return net.with_slots(f);
}

}  // namespace paramorph::inline PARAMORPH_ABI
