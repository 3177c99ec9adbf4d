// The numbers that a tensor holds: its originals and its state, who may see and write them, what they become when the
// value is to be another one, and what is known of writes to them. The part of a tensor that a user meets is
// tensor.hpp. Errors: an original that the tensor does not have is the compiler's. Cost: a flag and a number beside the
// originals. Source: this library's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#ifndef PARAMORPH_EMBED
#include <vector>
#endif

#include "paramorph/compat/xtensor.hpp"
#include "paramorph/core/random.hpp"
#include "paramorph/core/sentence.hpp"
#include "paramorph/parametrize/cell.hpp"
#include "paramorph/parametrize/leaves.hpp"
#include "paramorph/parametrize/programs.hpp"
#include "paramorph/parametrize/traced_tensor.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// What a tensor begins as, where it is declared: `pm::buffer<pm::shape<3>> variance{pm::full(1)};`.
struct full {
    double value;
    constexpr explicit full(double x) : value(x) {}
};

namespace detail {

template <class Shape, class Chain, class T>
class tensor_numbers : public traced_tensor<chain_traits<Chain, Shape, T>> {
    using traits = chain_traits<Chain, Shape, T>;
    using shape_type = typename traits::value_shape;
    using leaves = detail::leaves<Shape, Chain, T>;
    static constexpr bool parametrized = Chain::size > 0;
    template <int K>
    static constexpr std::size_t checked_original() {
        constexpr bool there = K >= 0 && K < leaves::traits::original_count;
        if constexpr (!there) {
            using wrong = mistake<sentence("original: the tensor has no original ", K, ": it has ",
                                           leaves::traits::original_count, ", from 0 on")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return there ? static_cast<std::size_t>(K) : 0;
    }

  public:
    // Original K; writable, because optimizers and checkpoints write it.
    template <int K = 0>
    auto& original() & {
        leaves_.require_live();
        history_.hand_out();
        return std::get<checked_original<K>()>(leaves_.originals).data.value;
    }
    template <int K = 0>
    auto const& original() const& {
        leaves_.require_live();
        auto const& cell = std::get<checked_original<K>()>(leaves_.originals);
        if (!cell.intact()) fail(leaves_.reshaped_original());
        return cell.data.value;
    }
    template <int K = 0>
    typename std::tuple_element_t<checked_original<K>(), typename leaves::original_cells>::container_type const
    original() const&& {
        return original<K>();
    }
    // Tensor K of the state of stage I.
    template <int I = 0, int K = 0>
    auto& state() & {
        leaves_.require_live();
        history_.hand_out();
        return std::get<leaves::template state_position<I, K>()>(leaves_.states).data.value;
    }
    template <int I = 0, int K = 0>
    auto const& state() const& {
        leaves_.require_live();
        auto const& cell = std::get<leaves::template state_position<I, K>()>(leaves_.states);
        if (!cell.intact()) fail(leaves_.reshaped_state());
        return cell.data.value;
    }
    template <int I = 0, int K = 0>
    typename std::tuple_element_t<leaves::template state_position<I, K>(),
                                  typename leaves::state_cells>::container_type const
    state() const&& {
        return state<I, K>();
    }
    // The numbers of both, for the library's own writes, which keep no reference.
    template <int K>
    T* original_to_write() {
        history_.note();
        return std::get<K>(leaves_.originals).data.value.data();
    }
    template <int I, int K>
    T* state_to_write() {
        history_.note();
        return std::get<leaves::template state_position<I, K>()>(leaves_.states).data.value.data();
    }
    constexpr bool empty() const { return leaves_.empty(); }
    // What is known of writes to it.
    write_history const& history() const { return history_; }
    // Does it still have initial values that nobody asked for?
    bool drawn() const { return drawn_ && !history_.handed_out(); }

    // What original K is under its own chain.
    template <int K, class Under>
    auto nested_value() const {
        using O = typename traits::template original_shape<K>;
        auto y = make_container<O, T>();
        void const* const in[]{original<K>().data()};
        void* const out[]{y.data()};
        using P = program::value_of<Under, O, T>;
        throw_if_failed(with_workspace<P>([&](std::byte* w) { return run<P>(in, out, w); }));
        return y;
    }

    // Writes the value to contiguous memory.
    void write_value(T* y) const { throw_if_failed(leaves_.value_into(y)); }

    // The leaves of this tensor in a program, originals and state, in memory.
    auto leaf_addresses() const { return leaves_.addresses(); }
#ifndef PARAMORPH_EMBED
    // The same where they are about to be written, as a checkpoint is loaded; an empty tensor has room for them then.
    auto leaf_addresses_to_write() {
        if (empty()) leaves_.make_room();
        drawn_ = false;
        history_.note();
        std::array<void*, leaves::count> to{};
        std::ranges::transform(leaves_.addresses(), to.begin(), [](void const* x) { return const_cast<void*>(x); });
        return to;
    }
    // All of its numbers, appended; and are they those at `at`? Moves on to what stands behind them.
    void append_leaves(std::vector<T>& to) const { leaves_.append_to(to); }
    bool has_leaves(T const*& at) const { return leaves_.equal(at); }
#endif
    // Calls f(k) with each original's index as a constant.
    static constexpr void for_each_index(auto&& f) { leaves::for_each_original(f); }
    // Calls f(stage, position in it, state<name, shape>) likewise.
    static constexpr void for_each_state(auto&& f) { leaves::for_each_state(f); }

  protected:
    // The state of the stages of Of, which o has, too.
    template <class Of>
    void copy_state(auto const& o) {
        Of::for_each_state([&](auto stage, auto k, auto) {
            std::get<leaves::template state_position<stage, k>()>(leaves_.states).set(o.template state<stage, k>());
        });
    }

    // What the originals must give in the end: this value, one that can be read, or any.
    enum class demand { this_value, readable, nothing };

    static detail::refusal refuse_elements(T const* x, int n) {
        return detail::refuse_not_finite(x, n, "assignment: an element of the array is not finite");
    }

    // `numbers`: the noise of a first state.
    detail::refusal invert(array_expression auto const& a, demand what, [[maybe_unused]] random& numbers) {
        if constexpr (fixed_container<decltype(a)>)
            if constexpr (!std::is_same_v<static_shape_of<decltype(a)>, shape_type>) {
                using wrong = detail::mistake<detail::sentence(
                    "assignment: the shape of the array differs from that of the tensor: ",
                    static_shape_of<decltype(a)>::value, " to ", shape_type::value)>;
                using said [[maybe_unused]] = wrong::type;
                return {};
            }
        constexpr bool are_numbers = std::is_convertible_v<typename std::remove_cvref_t<decltype(a)>::value_type, T>;
        static_assert(are_numbers, "assignment: the elements must be numbers");
        if constexpr (!are_numbers) return {};
#ifndef PARAMORPH_EMBED
        if (!has_elements(a)) return {without_elements};
#endif
        if (!has_shape<shape_type>(a)) return {detail::other_shape<shape_type>.text};
        auto y = make_container<shape_type, T>();
        if constexpr (are_numbers) copy_row_major(a, y.data());
        if (auto const r = refuse_elements(y.data(), shape_type::size)) {
            if constexpr (are_numbers && !std::is_same_v<typename std::remove_cvref_t<decltype(a)>::value_type, T>)
                return detail::not_finite_as<T>(r, static_cast<double>(row_major_element(a, r.element)));
            else
                return r;
        }
        if constexpr (!parametrized)
            std::get<0>(leaves_.originals).set(y);
        else {
            leaves next = leaves_;
            if (auto const r = next.invert(y.data(), numbers)) return r;
            if (what == demand::this_value)
                if (auto const r = next.refuse_other_of_refined(y.data())) return r;
            if (what == demand::readable)
                if (auto const r = next.refuse_unreadable()) return r;
            leaves_ = std::move(next);
        }
        history_.note();
        return {};
    }

    leaves leaves_{};
    write_history history_{};
    bool drawn_ = false;
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
