// What convolutions and poolings share: options for windows that slide over one axis or two, and what follows from
// them. PyTorch's names; one number holds for all axes, or there is one for each.
//
//   pm::stride<2>, pm::stride<2, 1>    from a window to the next one; 1, of poolings the size of the window
//   pm::dilation<2>                    from an element of a window to the next one; 1
//   pm::padding<1>, pm::padding<0, 2>  so many elements before and after, which contribute nothing; 0
//   pm::padding<pm::same>              as many windows as the input has elements, or that over the stride, rounded up;
//                                      where the number is odd, one more stands after the input
//   pm::padding<pm::causal>            likewise a padding_mode: before the input, no window sees beyond its stride
//   pm::groups<2>                      inputs and outputs in so many parts; as many as input channels: depthwise
//   pm::output_padding<1>              of transposed convolutions: so many elements more at the end
//   pm::input_size<28, 28>             the extents that the layer slides over, for run-time batches and targets
//   pm::kernel_size<3, 5>              a window that is no square, in place of its size; pm::output_size<3, 5> likewise
//
// Causal padding is dilation (size - 1) + 1 - stride, not less than 0, so that result i is there with input (i + 1)
// stride - 1. Errors: numbers out of range, another rank, other channels, a kernel longer than its input are the
// compiler's. Cost: none at run time. Source: torch.nn.Conv2d, MaxPool2d; "same" with a stride is TensorFlow's.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/op/convolution.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI {

enum class padding_mode { same, causal };
// In pm::padding<pm::same> and pm::padding<pm::causal>: as many windows as the input has elements.
inline constexpr auto same = padding_mode::same, causal = padding_mode::causal;

// Option of layers with windows: how far it is from a window to the next one.
template <int... N>
struct stride {};
// Option of layers with windows: how far it is from an element of a window to the next one.
template <int... N>
struct dilation {};
// Option of layers with windows: the elements before and after the input, or pm::same or pm::causal.
template <auto... N>
struct padding {};
// Option of convolutions: the number of parts into which inputs and outputs are divided.
template <int N>
struct groups {};
// Option of transposed convolutions: so many elements more at the end of the result.
template <int... N>
struct output_padding {};
// Option of convolutions: the extents that the layer slides over, for run-time batches and targets.
template <int... N>
struct input_size {};

// In place of a number, where a layer takes one for each axis.
template <int... N>
struct numbers_of_axes {};
template <int... N>
inline constexpr numbers_of_axes<N...> kernel_size{};
template <int... N>
inline constexpr numbers_of_axes<N...> output_size{};

namespace detail {

enum class padded : std::uint8_t { by_numbers, same, causal };

// The options as numbers. Index 1 is the last axis, which is the only one of a layer of one axis.
struct sliding {
    int axes = 1, size[2]{1, 1}, stride[2]{1, 1}, dilation[2]{1, 1}, padding[2]{}, more[2]{}, groups = 1;
    padded by = padded::by_numbers;
    bool strides = false, rounds_up = false, counts_fit = true;

    constexpr void put(int (&to)[2], std::initializer_list<int> given) {
        int const count = static_cast<int>(given.size());
        counts_fit = counts_fit && (count == 1 || count == axes);
        if (count != 1 && count != axes) return;
        for (int k = 0; k < axes; ++k) to[2 - axes + k] = given.begin()[count == 1 ? 0 : k];
    }
    constexpr void note(auto const&) {}
    template <int... N>
    constexpr void note(paramorph::stride<N...>) {
        put(stride, {N...});
        strides = true;
    }
    template <int... N>
    constexpr void note(paramorph::dilation<N...>) {
        put(dilation, {N...});
    }
    template <auto... N>
    constexpr void note(paramorph::padding<N...>) {
        if constexpr ((std::is_same_v<decltype(N), padding_mode> && ...)) {
            counts_fit = counts_fit && sizeof...(N) == 1;
            ((by = N == paramorph::same ? padded::same : padded::causal), ...);
        } else if constexpr ((std::is_same_v<decltype(N), int> && ...))
            put(padding, {N...});
        else
            counts_fit = false;
    }
    template <int N>
    constexpr void note(paramorph::groups<N>) {
        groups = N;
    }
    template <int... N>
    constexpr void note(paramorph::output_padding<N...>) {
        put(more, {N...});
    }
    template <int... N>
    constexpr void note(paramorph::input_size<N...>) {
        counts_fit = counts_fit && (sizeof...(N) == 1 || int(sizeof...(N)) == axes) && ((N > 0) && ...);
    }

    constexpr bool positive(int const (&n)[2]) const { return n[0] > 0 && n[1] > 0; }
    constexpr bool sound() const {
        return positive(size) && positive(stride) && positive(dilation) && groups > 0 && padding[0] >= 0 &&
               padding[1] >= 0 && more[0] >= 0 && more[1] >= 0;
    }
    constexpr bool packs() const {
        int const step = op::convolution_numbers::longest_step(axes), most = op::convolution_numbers::longest;
        for (int k = 0; k < 2; ++k)
            if (stride[k] > step || dilation[k] > step || padding[k] > most || span(k) > (axes == 1 ? 1 << 30 : most))
                return false;
        return true;
    }
    constexpr std::int64_t span(int k) const { return (size[k] - std::int64_t(1)) * dilation[k] + 1; }
    // The padding before and after n elements along an axis.
    constexpr int before(int k, int n) const {
        if (by == padded::causal) return span(k) > stride[k] ? static_cast<int>(span(k) - stride[k]) : 0;
        return by == padded::same ? static_cast<int>(around(k, n) / 2) : padding[k];
    }
    constexpr std::int64_t around(int k, int n) const {
        if (by != padded::same) return before(k, n) + std::int64_t(by == padded::causal ? 0 : padding[k]);
        std::int64_t const total = std::int64_t((n - 1) / stride[k]) * stride[k] + span(k) - n;
        return total > 0 ? total : 0;
    }
    // Windows on n elements; none where it is longer.
    constexpr int windows(int k, int n) const {
        std::int64_t const room = n + around(k, n) - span(k);
        if (room < 0) return 0;
        std::int64_t const count = room / stride[k] + 1;
        bool const more_begin = rounds_up && room % stride[k] != 0 && count * stride[k] < n + padding[k];
        return static_cast<int>(count + (more_begin ? 1 : 0));
    }
    constexpr bool fits(extents const& s) const {
        for (int k = 2 - axes; k < 2; ++k)
            if (windows(k, s.from_end(1 - k)) < 1) return false;
        return true;
    }
    // What a number for each axis is in sentences, [3] or [3, 5].
    constexpr extents shown(int const (&n)[2]) const {
        return axes == 1 ? extents{1, {n[1]}} : extents{2, {n[0], n[1]}};
    }
};

template <int Axes, auto Kernel, class... Options>
constexpr sliding sliding_of() {
    sliding s;
    s.axes = Axes;
    if constexpr (std::is_same_v<std::remove_const_t<decltype(Kernel)>, int>)
        s.put(s.size, {Kernel});
    else
        [&]<int... N>(numbers_of_axes<N...>) { s.put(s.size, {N...}); }(Kernel);
    (s.note(Options{}), ...);
    return s;
}

template <class Option>
inline constexpr bool is_of_windows = false;
template <int... N>
inline constexpr bool is_of_windows<stride<N...>> = true;
template <int... N>
inline constexpr bool is_of_windows<dilation<N...>> = true;
template <auto... N>
inline constexpr bool is_of_windows<padding<N...>> = true;
template <class Option>
inline constexpr bool is_of_channels = false;
template <int N>
inline constexpr bool is_of_channels<groups<N>> = true;
template <int... N>
inline constexpr bool is_of_channels<input_size<N...>> = true;
template <class Option>
inline constexpr bool is_output_padding = false;
template <int... N>
inline constexpr bool is_output_padding<output_padding<N...>> = true;

// X with a batch of one where it has no batch.
template <class X, int Axes>
struct with_batch {
    static constexpr extents value() {
        extents s = X::value;
        if (s.rank == Axes + 2) return s;
        for (int k = s.rank++; k > 0; --k) s.d[k] = s.d[k - 1];
        s.d[0] = 1;
        return s;
    }
};
// The same shape without it.
template <class Y>
struct without_batch {
    static constexpr extents value() {
        extents s{Y::rank - 1, {}};
        for (int k = 0; k < s.rank; ++k) s.d[k] = Y::value.d[k + 1];
        return s;
    }
};
// f of x, which always has a batch there.
template <int Axes, traced X>
constexpr auto in_batches(X const& x, auto const& f) {
    if constexpr (extents_of<X>.rank == Axes + 2)
        return f(as_operand(x));
    else {
        auto const y = f(reshape<shape_by<with_batch<shape_type_of<X>, Axes>>>(x));
        return reshape<shape_by<without_batch<shape_type_of<decltype(y)>>>>(y);
    }
}

// The shape of a row of a layer's input, where an option states it.
template <int Axes, int Channels, class... Options>
struct stated_by_option {};
template <int Axes, int Channels, class Option, class... Rest>
struct stated_by_option<Axes, Channels, Option, Rest...> : stated_by_option<Axes, Channels, Rest...> {};
template <int Channels, int N, class... Rest>
struct stated_by_option<1, Channels, input_size<N>, Rest...> {
    using input_shape = shape<Channels, N>;
};
template <int Channels, int N, class... Rest>
struct stated_by_option<2, Channels, input_size<N>, Rest...> {
    using input_shape = shape<Channels, N, N>;
};
template <int Channels, int N, int M, class... Rest>
struct stated_by_option<2, Channels, input_size<N, M>, Rest...> {
    using input_shape = shape<Channels, N, M>;
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
