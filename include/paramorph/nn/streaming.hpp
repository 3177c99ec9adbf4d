// streaming<Net, Block>: a network that is run as its input comes, a frame or a block at a time: one object, which
// holds the weights, what the network remembers of the frames before, and the memory it works in.
//
//     using model = pm::nn::sequential<pm::nn::conv1d<1, 16, 3, pm::padding<pm::causal>>, pm::nn::tanh,
//                                      pm::nn::conv1d<16, 1, 3, pm::padding<pm::causal>, pm::dilation<2>>>;
//     pm::streaming<model, 64> amp(net);            // takes the weights; or those of pm::freeze(net), pm::cached(net)
//     float y = amp.step(x);                        // one frame
//     auto block = amp.process(samples);            // xtensor_fixed<float, xshape<1, 64>>, or of any other length
//     amp.process(in, out, count);                  // pointers to count frames
//     amp.reset();                                  // as it was in the beginning
//
// The numbers are those of net(xs) on the whole sequence, to rounding; and the same bits for every length of block,
// mixed in any order, and for every `Block`. There is no latency: result t is there with frame t. The first frame comes
// after nothing: what a causal convolution pads is zero in each layer, and recurrent layers begin from their first
// states, as in net(xs). What a network does after a long silence is another thing: give it `receptive_field` frames of
// zeros.
//
// Shapes: a sequence is what the network takes, [16, time] or [time, 3]; nn/streaming_frames.hpp says how that is
// known, or how it is stated. A frame has the other axes; where it is one number, step takes and gives a number.
// Further inputs of the network are conditions, which hold for a whole call: pm::streaming<net, 64, pm::shape<2>> takes
// step(x, c) and process(x, c). Of several results of the network, that which goes along with time is given; the last
// states of recurrent layers are left out.
//
// How: the network is traced once over a long sequence, and a pass (nn/streaming_pass.hpp) follows the axis of time
// through the graph. So layers and a user's own structs need nothing for it, nor do parametrized tensors. Streamed are
// elementwise operations, views and joins that leave time alone, reductions along other axes, products with weights,
// causal convolutions of stride 1, and scans: conv1d, linear, rnn, gru, lstm with any number of layers, activations,
// residual, parallel, film, batch_norm, layer_norm over a frame. What needs frames that come later, or all of them, is
// the compiler's error, which names the layer.
//
// Memory: `bytes` is sizeof, a constant; a convolution takes 2 ((size - 1) dilation + Block) numbers for each channel.
// Put a large one where there is room: static, or in a std::unique_ptr. step, process and reset allocate nothing, take
// no lock, throw nothing, and take the same time in each call. One object is for one thread at a time; a copy is
// another stream that goes on from the same past. What is not a number leaves a convolutional network after its
// receptive field, a recurrent one by reset().
//
// Cost: full blocks run one program for Block frames, what is left runs frame by frame.
//
// Source: Oppenheim and Schafer, "Discrete-time signal processing", section 6.3 (delay lines); Paine et al. 2016, "Fast
// WaveNet generation algorithm".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "paramorph/kernel/run.hpp"
#include "paramorph/nn/materialized.hpp"
#include "paramorph/nn/streaming_programs.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class Net>
struct streamed_module {
    using type = Net;
};
template <class Net>
    requires requires { typename Net::module_type; } && (!is_overlay<Net>)
struct streamed_module<Net> {
    using type = typename Net::module_type;
};

}  // namespace detail

template <class Net, int Block, class... Condition>
class streaming {
    using module_type = typename detail::streamed_module<Net>::type;
    static constexpr int block_length = detail::at_least_one(Block);
    static_assert(Block > 0, "streaming: a block must have at least one frame: pm::streaming<net, 64>");
    // What cannot be streamed was refused; a layer stands for it.
    static constexpr bool sound =
        detail::is_streamed<module_type, typename detail::frames_of<module_type>::type, Condition...>();
    using in =
        std::conditional_t<sound, typename detail::frames_of<module_type>::type, paramorph::frames<time_axis, 1>>;
    using trace = std::conditional_t<sound, detail::stream_trace<module_type, in, Condition...>,
                                     detail::stream_trace<nn::linear<1, 1>, in>>;
    using out = typename detail::stream_result<trace>::type;
    using memory = detail::stream_memory<trace, block_length>;
    using T = typename trace::real;
    using one_frame = program::stream_frames<trace, 1, block_length>;
    using block_of_frames = program::stream_frames<trace, block_length, block_length>;
    static constexpr auto& parts = detail::parts_of_stream<trace>;

  public:
    using value_type = T;
    static constexpr int frame_size = in::size, result_size = out::size, block = block_length, latency = 0;
    // So many frames a result depends on, the last one included; of a recurrent network all: 0.
    static constexpr int receptive_field = trace::facts.frames[parts.result] == detail::stream_facts::without_end
                                               ? 0
                                               : trace::facts.frames[parts.result] + 1;
    static constexpr std::size_t bytes();

    explicit streaming(module_type const& net) { take(net); }
    explicit streaming(materialized<module_type> const& net) { take(net); }
    explicit streaming(cached_network<module_type> const& net) { take(net); }

    // Takes weights; what was before stays. Not for a thread that must not allocate.
    void take(module_type const& net) {
        take_values([&] { return detail::values_of_a_call<module_type>(net); });
    }
    void take(materialized<module_type> const& net) {
        take_values([&]() -> auto& { return net; });
    }
    void take(cached_network<module_type> const& net) {
        take_values([&]() -> auto& { return net; });
    }

    void reset() noexcept {
        rings_.fill(T(0));
        places_.fill(0);
        states_ = first_states_;
    }

    // `frames` frames, in the network's layout: [16, frames] or [frames, 3].
    void process(T const* from, T* to, std::size_t frames, container<Condition, T> const&... c) noexcept {
        std::size_t t = 0;
        for (; t + block_length <= frames; t += block_length)
            piece<block_of_frames, block_length>(from, to, frames, t, c.data()...);
        for (; block_length > 1 && t < frames; ++t) piece<one_frame, 1>(from, to, frames, t, c.data()...);
    }
    // The same; where the numbers of numbers do not fit, it says so and does nothing.
    [[nodiscard]] status process(std::span<T const> from, std::span<T> to,
                                 container<Condition, T> const&... c) noexcept {
        std::size_t const frames = from.size() / frame_size;
        if (from.size() % frame_size != 0)
            return {"streaming: the input must be whole frames: its size is no multiple of frame_size"};
        if (to.size() != frames * result_size)
            return {"streaming: the output must have result_size numbers for each frame of the input"};
        process(from.data(), to.data(), frames, c...);
        return {};
    }
    // An array of frames, as many as its type says.
    template <fixed_container X>
    auto process(X const& x, container<Condition, T> const&... c) noexcept {
        constexpr extents s = static_shape_of<X>::value;
        constexpr int frames = s.rank == in::rank ? s.d[in::axis] : 0;
        constexpr bool fits = frames > 0 && s == in::template shape_of<(frames > 0 ? frames : 1)>::value &&
                              std::is_same_v<typename X::value_type, T>;
        if constexpr (!sound)
            return x;
        else if constexpr (!fits) {
            using wrong [[maybe_unused]] = detail::mistake<detail::sentence(
                "streaming: process takes frames of the network's input, ", in::template shape_of<block_length>::value,
                " for a block of ", block_length, ", of its element type: it is given ", s)>;
            return x;
        } else {
            auto y = array_of<typename out::template shape_of<frames>>();
            process(x.data(), y.data(), std::size_t(frames), c...);
            return y;
        }
    }
    // One frame: a number, where it is one, or an array of frame_size numbers.
    auto step(T x, container<Condition, T> const&... c) noexcept
        requires(in::size == 1)
    {
        return stepped(&x, c...);
    }
    template <fixed_container X>
    auto step(X const& x, container<Condition, T> const&... c) noexcept {
        constexpr bool fits = static_shape_of<X>::size == frame_size && std::is_same_v<typename X::value_type, T>;
        if constexpr (!sound)
            return x;
        else if constexpr (!fits) {
            using wrong [[maybe_unused]] = detail::mistake<detail::sentence(
                "streaming: step takes one frame, ", frame_size, " numbers of the network's element type: it is given ",
                static_shape_of<X>::value)>;
            return x;
        } else
            return stepped(x.data(), c...);
    }

  private:
    template <class Shape>
    static auto array_of() {
        return []<int... E>(shape<E...>) {
            return xt::xtensor_fixed<T, xt::xshape<std::size_t(E)...>, xt::layout_type::row_major>();
        }(Shape{});
    }
    auto stepped(T const* x, container<Condition, T> const&... c) noexcept {
        if constexpr (out::size == 1) {
            T y;
            piece<one_frame, 1>(x, &y, 1, 0, c.data()...);
            return y;
        } else {
            auto y = array_of<shape<out::size>>();
            piece<one_frame, 1>(x, y.data(), 1, 0, c.data()...);
            return y;
        }
    }

    void take_values(auto const& from) {
        if constexpr (sound) {
            decltype(auto) values = from();
            take_from(values.addresses());
        }
    }
    template <std::size_t N>
    void take_from(std::array<void const*, N> const& values) {
        using P = program::stream_constants<trace>;
        std::array<void const*, N + 1 + sizeof...(Condition)> arguments{};
        std::copy(values.begin(), values.end(), arguments.begin());
        std::array<void*, std::size_t(parts.constant_count + parts.scan_count) + 1> outputs{};
        for (std::size_t k = 0; k < std::size_t(parts.constant_count); ++k)
            outputs[k] = constants_.data() + memory::constants.at[k];
        for (std::size_t k = 0; k < std::size_t(parts.scan_count); ++k)
            outputs[std::size_t(parts.constant_count) + k] = first_states_.data() + memory::states.at[k];
        if constexpr (parts.constant_count + parts.scan_count > 0)
            throw_if_failed(
                detail::with_workspace<P>([&](std::byte* w) { return run<P>(arguments.data(), outputs.data(), w); }));
        if (fresh_) states_ = first_states_;
        fresh_ = false;
    }

    // Frames [t, t + Frames) of `all`.
    template <class P, int Frames>
    void piece(T const* from, T* to, std::size_t all, std::size_t t, auto const*... condition) noexcept {
        bool const in_a_run = in::outer == 1 || all == Frames, out_in_a_run = out::outer == 1 || all == Frames;
        T const* x = from + t * in::inner;
        T* y = to + t * out::inner;
        if (!in_a_run) {
            for (std::size_t o = 0; o < in::outer; ++o)
                std::copy(x + o * all * in::inner, x + (o * all + Frames) * in::inner,
                          in_.data() + o * Frames * in::inner);
            x = in_.data();
        }
        run_frames<P>(x, out_in_a_run ? y : out_.data(), condition...);
        if (!out_in_a_run)
            for (std::size_t o = 0; o < out::outer; ++o)
                std::copy(out_.data() + o * Frames * out::inner, out_.data() + (o + 1) * Frames * out::inner,
                          y + o * all * out::inner);
    }
    template <class P>
    void run_frames(T const* x, T* y, auto const*... condition) noexcept {
        constexpr auto constants = std::size_t(parts.constant_count), rings = std::size_t(parts.ring_count),
                       states = std::size_t(parts.scan_count);
        std::array<void const*, constants + 2 * rings + states + 1 + sizeof...(condition)> arguments;
        std::array<void*, 1 + states> outputs{y};
        std::size_t n = 0;
        for (std::size_t k = 0; k < constants; ++k) arguments[n++] = constants_.data() + memory::constants.at[k];
        for (std::size_t k = 0; k < rings; ++k) arguments[n++] = rings_.data() + memory::rings.at[k];
        for (std::size_t k = 0; k < rings; ++k) arguments[n++] = places_.data() + k;
        for (std::size_t k = 0; k < states; ++k) {
            arguments[n++] = states_.data() + memory::states.at[k];
            outputs[1 + k] = next_states_.data() + memory::states.at[k];
        }
        arguments[n++] = x;
        ((arguments[n++] = condition), ...);
        static_cast<void>(run<P>(arguments.data(), outputs.data(), workspace_.data()));  // nothing in it can fail
        if constexpr (states > 0) states_ = next_states_;
    }

    template <std::size_t N>
    using numbers = std::array<T, N>;
    static constexpr std::size_t workspace_bytes =
        std::size_t(std::max({workspace_bytes_of<one_frame>, workspace_bytes_of<block_of_frames>, std::int64_t(1)}));

    alignas(workspace_alignment) std::array<std::byte, workspace_bytes> workspace_;
    alignas(workspace_alignment) numbers<memory::constants.all> constants_{};
    alignas(workspace_alignment) numbers<memory::rings.all> rings_{};
    alignas(workspace_alignment) numbers<memory::states.all> states_{}, first_states_{}, next_states_{};
    alignas(workspace_alignment) numbers<in::outer == 1 ? 0 : block_length * in::size> in_{};
    alignas(workspace_alignment) numbers<out::outer == 1 ? 0 : block_length * out::size> out_{};
    std::array<std::int32_t, std::size_t(parts.ring_count)> places_{};
    bool fresh_ = true;
};

template <class Net, int Block, class... Condition>
constexpr std::size_t streaming<Net, Block, Condition...>::bytes() {
    return sizeof(streaming);
}

}  // namespace paramorph::inline PARAMORPH_ABI
