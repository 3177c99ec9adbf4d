// streaming<Net, Block>: a network that is run as its input comes, a frame or a block at a time: one object, which
// holds the weights, what the network remembers of the frames before, and the memory it works in.
//
//     using model = pm::nn::sequential<pm::nn::conv1d<1, 16, 3, pm::padding<pm::causal>>, pm::nn::tanh,
//                                      pm::nn::conv1d<16, 1, 3, pm::padding<pm::causal>, pm::dilation<2>>>;
//     pm::streaming<model, 64> amp(net);            // takes the weights; or those of pm::freeze(net), pm::cached(net)
//     float y = amp.step(x);                        // one frame
//     auto block = amp.process(samples);            // xtensor_fixed<float, xshape<1, 64>>, or of any other length
//     amp.process(in, out, count);                  // pointers to count frames; out may be in, see process below
//     amp.reset();                                  // as it was in the beginning
//
// The numbers are those of net(xs) on the whole sequence, to rounding; and the same bits for every length of block,
// mixed in any order, and for every `Block`. There is no latency: result t is there with frame t. The first frame comes
// after nothing: what a causal convolution pads is zero in each layer, and recurrent layers begin from their first
// states, as in net(xs). What a network does after a long silence is another thing: give it `receptive_field` frames of
// zeros.
//
// Shapes: a sequence is what the network takes, [16, time] or [time, 3]; nn/streaming_frames.hpp says how that is
// known, or how it is stated. A frame has the other axes; where it is one number, step takes and gives a number. Layers
// whose channels are axis 1 of a batch, batch_norm and prelu, take lines with an axis of 1 before them, [1, 16, time]:
// pm::frames<1, 16, pm::time_axis>.
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
// Errors: what needs frames that come later, a network whose time is not known, arrays that are no frames are the
// compiler's.
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
#include <functional>
#include <span>

#include "paramorph/nn/materialized.hpp"
#include "paramorph/nn/streaming_state.hpp"

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
    // Asked first, so that what is in the way is shown from here.
    using asked = std::bool_constant<
        detail::is_streamed<module_type, typename detail::frames_of<module_type>::type, Condition...>()>;
    using state = detail::stream_state<module_type, block_length, Condition...>;
    using in = typename state::in;
    using out = typename state::out;
    using memory = typename state::memory;
    using trace = typename state::trace;
    using T = typename state::T;
    static constexpr auto& parts = state::parts;
    static constexpr bool sound = asked::value;

  public:
    using value_type = T;
    static constexpr int frame_size = in::size, result_size = out::size, block = block_length, latency = 0;
    // Do results have the layout of frames, so that they may be written over them?
    static constexpr bool in_place = in::outer == out::outer && in::inner == out::inner;
    // So many frames a result depends on, the last one included; of a recurrent network all: 0.
    static constexpr int receptive_field = state::receptive_field;
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

    void reset() noexcept { state_.reset(first_states_.data()); }

    // `frames` frames, in the network's layout: [16, frames] or [frames, 3]. `to` may be `from` where results have the
    // layout of frames, `in_place`; otherwise they must not overlap.
    void process(T const* from, T* to, std::size_t frames, container<Condition, T> const&... c) noexcept {
        state_.process(constants_.data(), from, to, frames, in_place && from == to ? copy_.data() : nullptr,
                       c.data()...);
    }
    // The same; where the numbers of numbers do not fit, or both overlap otherwise, it says so and does nothing.
    [[nodiscard]] status process(std::span<T const> from, std::span<T> to,
                                 container<Condition, T> const&... c) noexcept {
        std::size_t const frames = from.size() / frame_size;
        if (from.size() % frame_size != 0)
            return {"streaming: the input must be whole frames: its size is no multiple of frame_size"};
        if (to.size() != frames * result_size)
            return {"streaming: the output must have result_size numbers for each frame of the input"};
        std::less<T const*> const before;
        bool const overlap =
            !from.empty() && before(from.data(), to.data() + to.size()) && before(to.data(), from.data() + from.size());
        if (overlap && !(in_place && from.data() == to.data()))
            return {"streaming: the output must not overlap the input, or be the input itself where in_place is true"};
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
            using wrong = detail::mistake<detail::sentence(
                "streaming: process takes frames of the network's input, ", in::template shape_of<block_length>::value,
                " for a block of ", block_length, ", of its element type: it is given ", s)>;
            using said [[maybe_unused]] = wrong::type;
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
            using wrong = detail::mistake<detail::sentence("streaming: step takes one frame, ", frame_size,
                                                           " numbers of the network's element type: it is given ",
                                                           static_shape_of<X>::value)>;
            using said [[maybe_unused]] = wrong::type;
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
            state_.step(constants_.data(), x, &y, c.data()...);
            return y;
        } else {
            auto y = array_of<shape<out::size>>();
            state_.step(constants_.data(), x, y.data(), c.data()...);
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
        if (fresh_) state_.begin(first_states_.data());
        fresh_ = false;
    }

    template <std::size_t N>
    using numbers = std::array<T, N>;
    alignas(workspace_alignment) numbers<memory::constants.all> constants_{};
    alignas(workspace_alignment) numbers<memory::states.all> first_states_{};
    state state_;
    alignas(workspace_alignment) numbers<in_place ? block_length * in::size : 0> copy_{};
    bool fresh_ = true;
};

template <class Net, int Block, class... Condition>
constexpr std::size_t streaming<Net, Block, Condition...>::bytes() {
    return sizeof(streaming);
}

}  // namespace paramorph::inline PARAMORPH_ABI
