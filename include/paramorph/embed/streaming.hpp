// pm::streaming of a frozen network on a target: run as its input comes, a frame or a block at a time.
//
//     static constinit pm::streaming<pm::frozen<follower::values>, 32> stream;   // or of decltype(follower::network)
//     float y = stream.step(x);                            // one frame
//     pm::status s = stream.process(samples, results);     // spans or arrays of any number of frames
//     stream.reset();
//
// What can be streamed, what the numbers are, how frames are laid out and what is refused: nn/streaming.hpp. The same
// bits for every length of block; those of the host's stream where both are compiled for one machine, between machines
// to rounding.
//
// Shapes: step takes frame_size numbers, a number where that is one, and gives result_size of them, as std::array or as
// a number; conditions follow, as arrays. Errors, as a status: spans that are not whole frames, or of another number of
// them, and an output that overlaps the input. What is not finite goes through, as on the host: a convolutional network
// forgets it after its receptive field, a recurrent one at reset(). Memory: `bytes` is sizeof, a constant: rings,
// states and workspace. The weights are in flash once, `flash_bytes`, laid out by the compiler as the stream reads
// them; what is computed from several tensors (batch_norm's factors) is computed in double by the compiler, and rounded
// once. No heap, no lock, no exception.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "paramorph/embed/freeze.hpp"
#include "paramorph/embed/network.hpp"
#include "paramorph/nn/streaming_state.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// Constants and first states of a stream, for flash.
template <auto const& Values, class State>
struct stream_numbers {
    using trace = typename State::trace;
    using memory = typename State::memory;
    using T = typename State::T;
    using P = program::stream_constants<trace>;
    static constexpr auto& parts = State::parts;

    template <std::size_t N>
    struct numbers {
        T of[N == 0 ? 1 : N]{};
    };
    // Outputs [First, First + sizeof...(K)) of the program, put where `at` says.
    template <std::size_t N, int First, int... K>
    static constexpr numbers<N> put(std::array<std::size_t, std::size_t(max_outputs)> const& at,
                                    std::integer_sequence<int, K...>) {
        numbers<N> all;
        [[maybe_unused]] auto const copy = [&all](std::size_t to, auto const& block, int size) {
            for (int i = 0; i < size; ++i) all.of[to + std::size_t(i)] = static_cast<T>(block.at[i]);
        };
        using computed_by = frozen_program<P, Values, 0>;
        (copy(at[std::size_t(K)], computed_by::template computed<compiled<P>::simplified.outputs[First + K]>::value,
              compiled<P>::simplified.shape_of(compiled<P>::simplified.outputs[First + K]).size()),
         ...);
        return all;
    }
    static constexpr auto constants =
        put<memory::constants.all, 0>(memory::constants.at, std::make_integer_sequence<int, parts.constant_count>{});
    static constexpr auto first_states = put<memory::states.all, parts.constant_count>(
        memory::states.at, std::make_integer_sequence<int, parts.scan_count>{});
    static constexpr int bytes = static_cast<int>(sizeof(T) * (memory::constants.all + memory::states.all));
};

template <class Numbers>
concept frozen_values_of = requires { requires Numbers::bound == binding::values; } &&
                           std::is_same_v<typename Numbers::value_type, std::remove_cvref_t<decltype(Numbers{}.of[0])>>;

}  // namespace detail

template <auto const& Numbers, int Block, class... Condition>
class streaming<network_on_target<Numbers>, Block, Condition...> {
    using given = std::remove_cvref_t<decltype(Numbers)>;
    static constexpr bool is_frozen = detail::frozen_values_of<given>;
    static_assert(is_frozen,
                  "streaming: on a target a frozen network in its own element type is streamed: "
                  "pm::streaming<pm::frozen<follower::values>, 32>");
    static_assert(Block > 0, "streaming: a block must have at least one frame: pm::streaming<net, 64>");
    using state = detail::stream_state<typename given::module_type, detail::at_least_one(Block), Condition...>;
    using numbers = detail::stream_numbers<Numbers, state>;
    using T = typename state::T;

  public:
    using value_type = T;
    static constexpr int frame_size = state::in::size, result_size = state::out::size,
                         block = detail::at_least_one(Block), latency = 0, receptive_field = state::receptive_field,
                         flash_bytes = numbers::bytes;
    static constexpr std::size_t bytes() { return sizeof(streaming); }

    constexpr streaming() { state_.begin(numbers::first_states.of); }
    void reset() noexcept { state_.reset(numbers::first_states.of); }

    // The frame's numbers; a number where it is one.
    auto step(std::span<T const, std::size_t(frame_size)> x,
              std::span<T const, std::size_t(Condition::size)>... c) noexcept {
        std::array<T, std::size_t(result_size)> y;
        state_.step(numbers::constants.of, x.data(), y.data(), c.data()...);
        if constexpr (result_size == 1)
            return y[0];
        else
            return y;
    }
    auto step(T x, std::span<T const, std::size_t(Condition::size)>... c) noexcept
        requires(frame_size == 1)
    {
        return step(std::span<T const, 1>(&x, 1), c...);
    }
    // Whole frames, in the network's layout, [16, frames] or [frames, 3].
    [[nodiscard]] status process(std::span<T const> from, std::span<T> to,
                                 std::span<T const, std::size_t(Condition::size)>... c) noexcept {
        std::size_t const frames = from.size() / frame_size;
        if (from.size() % frame_size != 0)
            return {"streaming: the input must be whole frames: its size is no multiple of frame_size"};
        if (to.size() != frames * result_size)
            return {"streaming: the output must have result_size numbers for each frame of the input"};
        auto const at = [](auto const& s) { return reinterpret_cast<std::uintptr_t>(s.data()); };
        if (!from.empty() && at(from) < at(to) + to.size_bytes() && at(to) < at(from) + from.size_bytes())
            return {"streaming: the output must not overlap the input"};
        state_.process(numbers::constants.of, from.data(), to.data(), frames, nullptr, c.data()...);
        return {};
    }

  private:
    state state_;
};
template <auto const& Numbers, int Block, class... Condition>
class streaming<network_on_target<Numbers> const, Block, Condition...>
    : public streaming<network_on_target<Numbers>, Block, Condition...> {};

#ifdef PARAMORPH_EMBED
template <class Net, int Block, class... Condition>
class streaming {
    static_assert(Block < -1,
                  "streaming: a target streams a frozen network, whose numbers are a constant: "
                  "pm::streaming<pm::frozen<follower::values>, 32>");
};
#endif

}  // namespace paramorph::inline PARAMORPH_ABI
