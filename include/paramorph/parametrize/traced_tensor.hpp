// A tensor while a module is traced: it holds places in a graph instead of numbers. Tracing binds it; the graph says in
// which mode it is used.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/error.hpp"
#include "paramorph/core/unpacked.hpp"
#include "paramorph/parametrize/programs.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// What tracing finds out of a tensor. It belongs to the tensor that was bound: copies of it refer to this one.
struct traced_use {
    bool trained_with = false;
    int now = -1;  // of a plain tensor: its value, which a module's forward may move
};

// `buffer = value` in a module's forward: what the buffer becomes when a training step ends. It does nothing by itself.
template <class Tensor, class Value>
struct [[nodiscard("a buffer moves by return pm::updated(y, buffer = value) only")]] new_value {
    using operations = typename Value::operations;
    graph* traced;
    traced_use* of;
    Value value;

    constexpr void store() const {
        if (!traced) return;  // a rehearsal
        --traced->unused_updates;
        if (traced->modules != traced_mode::training) return;
        if (!of) refused::a_buffer_that_pm_parametrize_parametrized_is_updated();
        of->now = value.id;
    }
};
template <class Tensor, class Value>
inline constexpr bool is_new_value<new_value<Tensor, Value>> = true;

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
        use_ = &use_here_;
        bound_[0] = bound_[1] = value_of<mode::training>(x, s);
        if constexpr (Traits::depends_on_mode) bound_[1] = value_of<mode::inference>(x, s);
        use_here_.now = bound_[0].id;
    }
    // The value itself becomes a leaf.
    constexpr void bind_value(graph& g, int& position) {
        bind_to(append_leaf<typename Traits::value_shape, T>(g, position++));
    }
    // The value is this one.
    constexpr void bind_to(auto value) {
        traced_ = value.traced;
        rehearsing_ = !traced_;
        use_ = nullptr;
        for (bound& b : bound_) b.id = value.id;
    }

    // A symbol of no graph: where it is only asked whether an expression can be evaluated while compiling.
    constexpr void rehearse() { rehearsing_ = true; }

    // What the tensor is in expressions.
    constexpr traced_type as_symbol() const {
        if (!traced_ && !rehearsing_)
            fail("a tensor was used in an expression outside of forward(); read its value with tensor() instead");
        bool const training = !traced_ || traced_->modules == traced_mode::training;
        if (use_ && training) use_->trained_with = true;
        if constexpr (Traits::size == 0)
            if (use_) return {traced_, use_->now};
        return {traced_, bound_[training ? 0 : 1].id};
    }

    // Does training change state k, and where does the graph have what it becomes? It stays where the value was used in
    // inference only.
    constexpr bool updates_state(int k) const { return bound_[0].state.next[k] >= 0; }
    constexpr int updated_state(int k) const {
        return use_here_.trained_with ? bound_[0].state.after(k) : bound_[0].state.now[k];
    }
    // Did a module's forward move this plain tensor, and to which value?
    constexpr bool is_moved() const { return use_here_.now != bound_[0].id; }
    constexpr int moved_to() const { return use_here_.now; }

  protected:
    // What `buffer = value` stands for in a forward.
    template <class Tensor, class Value>
    constexpr auto becomes(Value v) const {
        if (traced_) ++traced_->unused_updates;
        return new_value<Tensor, Value>{traced_, use_, v};
    }

  private:
    struct bound {
        int id = -1;
        typename Traits::places state{};
    };
    template <mode M>
    static constexpr bound value_of(auto const& originals, typename Traits::places const& state) {
        bound b{-1, state};
        b.id = detail::unpacked([&](auto... x) { return Traits::template forward<M>(b.state, x...).id; }, originals);
        return b;
    }

    graph* traced_ = nullptr;
    bool rehearsing_ = false;
    traced_use use_here_{}, *use_ = nullptr;
    bound bound_[2]{};  // for each mode
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
