// What a stream remembers and works in, and how frames go through it: the part of pm::streaming that is the same on the
// host, where constants lie in the object (nn/streaming.hpp), and on a target, where they lie in flash
// (embed/streaming.hpp).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "paramorph/kernel/run.hpp"
#include "paramorph/nn/streaming_programs.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <class Net, int Block, class... Condition>
class streaming;

namespace detail {

// Of a network M that is run by blocks; where it cannot be streamed, which was said, a layer stands for it.
template <class M, int Block, class... Condition>
class stream_state {
  public:
    static constexpr bool sound = is_streamed<M, typename frames_of<M>::type, Condition...>();
    using in = std::conditional_t<sound, typename frames_of<M>::type, frames<time_axis, 1>>;
    using trace = std::conditional_t<sound, stream_trace<M, in, Condition...>, stream_trace<nn::linear<1, 1>, in>>;
    using out = typename stream_result<trace>::type;
    using memory = stream_memory<trace, Block>;
    using T = typename trace::real;
    static constexpr auto& parts = parts_of_stream<trace>;
    static constexpr std::size_t boundary = memory::boundary;
    // So many frames a result depends on, the last one included; of a recurrent network all: 0.
    static constexpr int receptive_field =
        trace::facts.frames[parts.result] == stream_facts::without_end ? 0 : trace::facts.frames[parts.result] + 1;

    constexpr void reset(T const* first_states) noexcept {
        rings_.fill(T(0));
        places_.fill(0);
        begin(first_states);
    }
    constexpr void begin(T const* first_states) noexcept {
        for (std::size_t k = 0; k < memory::states.all; ++k) states_[now_][k] = first_states[k];
    }
    // `frames` frames, in the network's layout. `copy`, where it is not null, has room for a block: results are then
    // written where their frames were read.
    void process(T const* constants, T const* from, T* to, std::size_t frames, T* copy,
                 auto const*... condition) noexcept {
        std::size_t t = 0;
        for (; t + Block <= frames; t += Block)
            piece<block_of_frames, Block>(constants, from, to, frames, t, copy, condition...);
        for (; Block > 1 && t < frames; ++t) piece<one_frame, 1>(constants, from, to, frames, t, copy, condition...);
    }
    void step(T const* constants, T const* from, T* to, auto const*... condition) noexcept {
        piece<one_frame, 1>(constants, from, to, 1, 0, nullptr, condition...);
    }

  private:
    using one_frame = program::stream_frames<trace, 1, Block>;
    using block_of_frames = program::stream_frames<trace, Block, Block>;

    // Frames [t, t + Frames) of `all`.
    template <class P, int Frames>
    void piece(T const* constants, T const* from, T* to, std::size_t all, std::size_t t, T* copy,
               auto const*... condition) noexcept {
        bool const in_a_run = in::outer == 1 || all == Frames, out_in_a_run = out::outer == 1 || all == Frames;
        T const* x = from + t * in::inner;
        T* y = to + t * out::inner;
        if (!in_a_run || copy != nullptr) {
            T* const run = copy != nullptr ? copy : in_.data();
            for (std::size_t o = 0; o < in::outer; ++o)
                std::copy(x + o * all * in::inner, x + (o * all + Frames) * in::inner, run + o * Frames * in::inner);
            x = run;
        }
        run_frames<P>(constants, x, out_in_a_run ? y : out_.data(), condition...);
        if (!out_in_a_run)
            for (std::size_t o = 0; o < out::outer; ++o)
                std::copy(out_.data() + o * Frames * out::inner, out_.data() + (o + 1) * Frames * out::inner,
                          y + o * all * out::inner);
    }
    template <class P>
    void run_frames(T const* numbers, T const* x, T* y, auto const*... condition) noexcept {
        constexpr auto constants = std::size_t(parts.constant_count), rings = std::size_t(parts.ring_count),
                       states = std::size_t(parts.scan_count);
        std::array<void const*, constants + 2 * rings + states + 1 + sizeof...(condition)> arguments;
        std::array<void*, 1 + states> outputs{y};
        std::size_t n = 0;
        auto const give = [&](auto const* p) __attribute__((always_inline)) { kernel::give<P>(arguments[n++], p); };
        // Where nothing is called that reads the array it becomes none, if no loop fills it.
        auto const each = [](auto count, auto const& f) __attribute__((always_inline)) {
            if constexpr (kernel::runs_whole<P>)
                kernel::unrolled<count>(f);
            else
                for (std::size_t k = 0; k < std::size_t(count); ++k) f(k);
        };
        each(std::integral_constant<int, int(constants)>{},
             [&](std::size_t k) __attribute__((always_inline)) { give(numbers + memory::constants.at[k]); });
        each(std::integral_constant<int, int(rings)>{},
             [&](std::size_t k) __attribute__((always_inline)) { give(rings_.data() + memory::rings.at[k]); });
        each(std::integral_constant<int, int(rings)>{},
             [&](std::size_t k) __attribute__((always_inline)) { give(places_.data() + k); });
        each(std::integral_constant<int, int(states)>{}, [&](std::size_t k) __attribute__((always_inline)) {
            give(states_[now_].data() + memory::states.at[k]);
            outputs[1 + k] = states_[1 - now_].data() + memory::states.at[k];
        });
        give(x);
        (give(condition), ...);
        alignas(boundary) std::array<std::byte, works_on_stack<P> ? std::size_t(workspace_bytes_of<P>) : 0> own;
        std::byte* const workspace = works_on_stack<P> ? own.data() : workspace_.data();
        static_cast<void>(run<P>(arguments.data(), outputs.data(), workspace));  // nothing in it can fail
        if constexpr (states > 0) now_ = 1 - now_;
    }

    template <std::size_t N>
    using numbers = std::array<T, N>;
    // With vectors, what a program that calls nothing needs on the way, where it is little, is on the stack: what
    // nobody reads back is then never stored.
    template <class P>
    static constexpr bool works_on_stack =
        memory::vectors && kernel::runs_whole<P> && workspace_bytes_of<P> <= std::int64_t(4096);
    template <class P>
    static constexpr std::size_t bytes_here =
        works_on_stack<P> ? 1 : std::max(std::size_t(1), std::size_t(workspace_bytes_of<P>));

    alignas(boundary) std::array<std::byte, std::max(bytes_here<one_frame>, bytes_here<block_of_frames>)> workspace_{};
    alignas(boundary) numbers<memory::rings.all> rings_{};
    struct alignas(boundary) states : numbers<memory::states.all> {};
    std::array<states, 2> states_{};  // those before the next frame, where now_ says, and those before the last one
    alignas(boundary) numbers<in::outer == 1 ? 0 : Block * in::size> in_{};
    alignas(boundary) numbers<out::outer == 1 ? 0 : Block * out::size> out_{};
    std::array<std::int32_t, std::size_t(parts.ring_count)> places_{};
    std::uint32_t now_ = 0;
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
