// The numbers of a tensor, which are leaves of its programs: its originals and its state. What they begin as, where
// they are, the value that they give, and what they become when right_inverse is asked for them.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <limits>
#include <tuple>
#include <utility>
#ifndef PARAMORPH_EMBED
#include <vector>
#endif

#include "paramorph/core/random.hpp"
#include "paramorph/core/unpacked.hpp"
#include "paramorph/parametrize/assignment.hpp"
#include "paramorph/parametrize/leaf_cells.hpp"
#include "paramorph/parametrize/programs.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class Shape, class Chain, class T>
struct leaves {
    using traits = chain_traits<Chain, Shape, T>;
    using original_cells = typename cells_of<typename traits::originals, T>::type;
    using state_cells = typename cells_of<typename traits::state_list, T>::type;
    static constexpr std::size_t state_count = static_cast<std::size_t>(traits::state_count),
                                 count = static_cast<std::size_t>(traits::original_count) + state_count;

    original_cells originals{};
    state_cells states{};

    constexpr bool empty() const { return !std::get<0>(originals).live; }
    void require_live() const {
        if (empty())
            fail(
                "an empty tensor was used: fill it with a layer's seed constructor, pm::make<Net>(pm::seed{0}), or an "
                "assignment");
    }

    // Calls f(k) with each original's index as a constant.
    static constexpr void for_each_original(auto&& f) {
        [&]<int... K>(std::integer_sequence<int, K...>) {
            (f(std::integral_constant<int, K>{}), ...);
        }(std::make_integer_sequence<int, traits::original_count>{});
    }
    // Calls f(stage, position in it, state<name, shape>) likewise.
    static constexpr void for_each_state([[maybe_unused]] auto&& f) {
        [&]<int... I>(std::integer_sequence<int, I...>) {
            (for_each_state_of<I>(f), ...);
        }(std::make_integer_sequence<int, Chain::size>{});
    }
    // Containers for all numbers, which are yet to be written.
    void make_room() {
        make_cells(originals);
        make_cells(states);
    }
    // Where among the states tensor K of stage I is.
    template <int I, int K>
    static constexpr std::size_t state_position() {
        constexpr bool there = [] {
            if constexpr (I >= 0 && I < Chain::size)
                return K >= 0 && K < traits::template stage_state<I>::size;
            else
                return false;
        }();
        if constexpr (!there) {
            using wrong =
                mistake<sentence("state: stage ", I, " of the chain has no tensor ", K, " of state; the chain has ",
                                 counted(Chain::size, " stage").view(), ", ", traits::state_count, " of state in all")>;
            using said [[maybe_unused]] = wrong::type;
        }
        if constexpr (there)
            return static_cast<std::size_t>(traits::template first_state<I>() + K);
        else
            return 0;
    }

    // Is a container not of its shape any more? Larger ones are allocated, and who was handed a reference can resize
    // them.
    char const* reshaped_original() const {
        return all_intact(originals)
                   ? nullptr
                   : "an original was given another shape; assign an array of the original's own shape to original()";
    }
    char const* reshaped_state() const {
        return all_intact(states)
                   ? nullptr
                   : "a state was given another shape; assign an array of the state's own shape to state()";
    }
    void require_shapes() const {
        if (char const* const refused = reshaped_original()) fail(refused);
        if (char const* const refused = reshaped_state()) fail(refused);
    }

    // Where they are: the originals, then the state.
    std::array<void const*, count> addresses() const {
        require_live();
        require_shapes();
        std::array<void const*, count> to{};
        locate_cells(to.data(), originals, states);
        return to;
    }
#ifndef PARAMORPH_EMBED
    // All numbers, appended to others.
    void append_to(std::vector<T>& to) const {
        (void)addresses();
        for_each_cell([&](auto const& c) { to.insert(to.end(), c.data.value.data(), c.data.value.data() + c.size); });
    }
    // Are they, bit for bit, those at an address? It moves on behind them.
    bool equal(T const*& at) const {
        bool same = true;
        for_each_cell([&](auto const& c) {
            same = same && c.live && c.intact() && std::memcmp(c.data.value.data(), at, c.size * sizeof(T)) == 0;
            at += c.size;
        });
        return same;
    }
#endif
    // Computes the value, as in inference.
    status value_into(T* y) const {
        auto const in = addresses();
        return run_on<program::value_of<Chain, Shape, T>>(in, std::array<void*, 1>{y});
    }

    // Originals from a distribution.
    void draw(random& numbers, auto& draw_one) { fill_cells<T>(originals, numbers, draw_one); }
    void begin_as(T x) {
        make_cells(originals);
        detail::unpacked([&](auto&... c) { (c.fill(x), ...); }, originals);
    }
    // What the state begins as, given the originals.
    status begin_state([[maybe_unused]] random& numbers) {
        if constexpr (state_count == 0)
            return {};
        else {
            state_cells noise;
            fill_cells<T>(noise, numbers, [](random& r) { return r.uniform(-1, 1); });
            return begin_from(noise, traits::initial_rounds, []<class State>(auto stage, State, int round) {
                return round < traits::template rounds_of<stage, State>();
            });
        }
    }
    // More rounds for the state that begins anew at every assignment.
    status refine_state([[maybe_unused]] int rounds) {
        if constexpr (traits::any_begins_anew) {
            state_cells const before = states;
            state_cells noise = states;
            auto const anew = []<class State>(auto stage, State, int) {
                return traits::template begins_anew<stage, State>();
            };
            if (status const s = begin_from(noise, rounds, anew); !s.ok()) return s;
            put_back(before);
        }
        return {};
    }
    // Sets the originals, and what state right_inverse gives, from a value. Before the first one the state
    // is what it begins as of originals that are zero, or zeros where it cannot begin there.
    refusal invert(T const* y, [[maybe_unused]] random& numbers) {
        bool const first = empty();
        if (!first)
            if (char const* const refused = reshaped_state()) return {refused};
        make_cells(originals);
        state_cells before = states, after;
        if (state_count > 0 && first) {
            begin_as(0);
            random aside{seed{0}};
            if (begin_state(aside).ok())
                before = states;
            else {
                make_cells(before);
                detail::unpacked([](auto&... c) { (c.fill(0), ...); }, before);
            }
        }
        make_cells(after);
        std::array<void const*, 1 + state_count> in{y};
        std::array<void*, count> out{};
        locate_cells(in.data() + 1, before);
        locate_cells(out.data(), originals, after);
        if (status const s = run_on<program::right_inverse_of<Chain, Shape, T>>(in, out); !s.ok())
            return {s.failed, -1, -1, set_said<typename Chain::codomain>.text};
        refusal r;
        for_each_original([&](auto k) {
            if (!r)
                r = refuse_not_finite(std::get<k>(originals).data.value.data(),
                                      traits::template original_shape<k>::size,
                                      "assignment: an element of what right_inverse gives is not finite");
        });
        if (r) return r;
        if constexpr (state_count > 0) {
            if (first || traits::any_begins_anew) {
                if (status const s = begin_state(numbers); !s.ok()) return {s.failed};
                if (!first) put_back(before);
            }
            keep_updates(after, std::make_index_sequence<state_count>{});
        }
        return {};
    }

    // Is the value that they give another one than y, or y no element of the chain's set?
    refusal refuse_other(T const* y) const {
        using value = typename traits::value_shape;
        auto again = make_container<value, T>();
        if (status const s = value_into(again.data()); !s.ok()) return {s.failed};
        constexpr double offset = largest_offset(compiled<program::value_of<Chain, Shape, T>>::simplified);
        return refuse_other_value<typename Chain::codomain>(again.data(), y, value::value, offset);
    }

    // Does what they give come nearer to y, if the state that follows from the originals is refined? While it does, and
    // until it is y.
    refusal refuse_other_of_refined(T const* y) {
        refusal r = refuse_other(y);
        if constexpr (traits::any_begins_anew) {
            double before = std::numeric_limits<double>::infinity();
            for (int rounds = 64; r && r.difference >= 0 && r.difference < 0.9 * before && rounds <= 4096;
                 rounds *= 2) {
                before = r.difference;
                if (status const s = refine_state(rounds); !s.ok()) return {s.failed};
                r = refuse_other(y);
            }
        }
        return r;
    }

    // Can the value that they give be read: does every operation of the chain take what right_inverse gave?
    refusal refuse_unreadable() const {
        using value = typename traits::value_shape;
        auto made = make_container<value, T>();
        if (status const s = value_into(made.data()); !s.ok()) return {s.failed};
        return refuse_not_finite(made.data(), value::size,
                                 "project: an element of what the parametrization makes of it is not finite");
    }

  private:
    // Asks for the state that begins, with these numbers as noise; the answer is the noise of the next round where
    // again(stage, state, round) holds.
    status begin_from(state_cells& noise, int rounds, auto const& again) {
        make_cells(states);
        std::array<void const*, count> in{};
        std::array<void*, state_count> out{};
        locate_cells(in.data(), originals, noise);
        locate_cells(out.data(), states);
        for (int round = 1;; ++round) {
            status const s = run_on<program::first_state_of<Chain, Shape, T>>(in, out);
            if (!s.ok() || round == rounds) return s;
            for_each_state([&](auto stage, auto k, auto state) {
                constexpr std::size_t at = state_position<stage, k>();
                if (again(stage, state, round)) std::get<at>(noise) = std::get<at>(states);
            });
        }
    }
    // The state that does not begin anew at an assignment.
    void put_back(state_cells const& before) {
        for_each_state([&]<class State>(auto stage, auto k, State) {
            constexpr std::size_t at = state_position<stage, k>();
            if (!traits::template begins_anew<stage, State>()) std::get<at>(states) = std::get<at>(before);
        });
    }
    template <int I>
    static constexpr void for_each_state_of(auto&& f) {
        [&]<class... State, int... K>(paramorph::states<State...>, std::integer_sequence<int, K...>) {
            (f(std::integral_constant<int, I>{}, std::integral_constant<int, K>{}, State{}), ...);
        }(typename traits::template stage_state<I>{},
          std::make_integer_sequence<int, traits::template stage_state<I>::size>{});
    }
    void for_each_cell(auto const& f) const {
        detail::unpacked([&](auto const&... c) { (f(c), ...); }, originals);
        detail::unpacked([&](auto const&... c) { (f(c), ...); }, states);
    }
    // Runs P on the numbers at these addresses.
    template <class P>
    static status run_on(auto const& in, auto const& out) {
        return with_workspace<P>([&](std::byte* w) { return run<P>(in.data(), out.data(), w); });
    }
    template <std::size_t... K>
    void keep_updates(state_cells const& after, std::index_sequence<K...>) {
        constexpr auto changed = program::right_inverse_of<Chain, Shape, T>::changes_state();
        ((changed.at[K] ? std::get<K>(states) = std::get<K>(after) : std::get<K>(states)), ...);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
