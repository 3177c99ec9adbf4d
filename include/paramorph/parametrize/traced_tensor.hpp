// A tensor while a module is traced: it holds places in a graph instead of numbers. Tracing binds it, then uses it in
// one mode or the other.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>

#include "paramorph/core/error.hpp"
#include "paramorph/parametrize/programs.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class Traits>
class traced_tensor : public not_a_number {
    using T = typename Traits::value_symbol::value_type;

  public:
    using traced_type = symbol<typename Traits::value_shape, T, typename Traits::forward_operations>;

    // The originals and the state become leaves from `position` on, and the chain is applied.
    constexpr void bind(graph& g, int& position) {
        auto const x = place_originals<Traits, T>(g, position);
        auto const s = place_state<Traits, T>(g, position + Traits::original_count);
        position += Traits::original_count + Traits::state_count;
        traced_ = &g;
        trained_with_ = &trained_with_here_;
        bound_[0] = bound_[1] = value_of<mode::training>(x, s);
        if constexpr (Traits::depends_on_mode) bound_[1] = value_of<mode::inference>(x, s);
    }
    // The value itself becomes a leaf.
    constexpr void bind_value(graph& g, int& position) {
        bind_to(place_leaf<typename Traits::value_shape, T>(g, position++));
    }
    // The value is this one.
    constexpr void bind_to(auto value) {
        traced_ = value.traced;
        rehearsing_ = !traced_;
        for (bound& b : bound_) b.id = value.id;
    }

    // A symbol of no graph: where it is only asked whether an expression can be evaluated while compiling.
    constexpr void rehearse() { rehearsing_ = true; }

    // What the tensor is from now on in expressions.
    constexpr void use(mode m) { mode_ = m; }
    constexpr traced_type as_symbol() const {
        if (!traced_ && !rehearsing_)
            fail("a tensor was used in an expression outside of forward(); read its value with tensor() instead");
        if (mode_ == mode::training && trained_with_) *trained_with_ = true;
        return {traced_, bound_[static_cast<int>(mode_)].id};
    }

    // Does training change state k, and where does the graph have what it becomes? It stays where the value was used in
    // inference only.
    constexpr bool updates_state(int k) const { return bound_[0].state.next[k] >= 0; }
    constexpr int updated_state(int k) const {
        return trained_with_here_ ? bound_[0].state.after(k) : bound_[0].state.now[k];
    }

  private:
    struct bound {
        int id = -1;
        typename Traits::places state{};
    };
    template <mode M>
    static constexpr bound value_of(auto const& originals, typename Traits::places const& state) {
        bound b{-1, state};
        b.id = std::apply([&](auto... x) { return Traits::template forward<M>(b.state, x...).id; }, originals);
        return b;
    }

    graph* traced_ = nullptr;
    bool rehearsing_ = false;
    bool trained_with_here_ = false, *trained_with_ = nullptr;  // of the tensor that was bound, not of its copies
    bound bound_[2]{};                                          // for each mode
    mode mode_ = mode::training;
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
