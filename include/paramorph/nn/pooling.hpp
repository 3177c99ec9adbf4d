// Pooling: max_pool1d<Kernel, ...> and avg_pool1d<Kernel, ...> over [batch, channels, length], max_pool2d and
// avg_pool2d over [batch, channels, height, width]; adaptive_max_pool1d<Size>, adaptive_avg_pool1d<Size>,
// adaptive_max_pool2d<Size>, adaptive_avg_pool2d<Size>; without a batch, too. They have no tensors.
//
// Options: pm::stride<2> (the size of the window where none is given), pm::padding<1>, at most half of the window;
// pm::ceil_mode: the last window may reach beyond the padding, if it begins before it; of maxima pm::dilation<2>, from
// an element of the window to the next one; of averages pm::count_include_pad<false>: padding is not counted. A window
// that is no square is pm::kernel_size<3, 2>, a result pm::output_size<5, 7>.
// Shapes: each extent n becomes (n + 2 padding - dilation (kernel - 1) - 1) / stride + 1, rounded down, or up by
// ceil_mode; of adaptive ones what it is given: window i of m begins at i n / m, rounded down, and ends at (i + 1) n /
// m, rounded up. The maximum of a window with NaN is NaN; equal maxima: the first one, row by row, has the gradient, of
// several NaN the last one. Padding is never a maximum, and zero in an average.
// Errors: a kernel longer than the input with its padding, more padding than half of the kernel, a window of which
// dilation leaves nothing but padding (torch.nn: -infinity), are the compiler's.
// Cost: of two axes one after the other, kernel height + width steps for each result.
//
//     pm::nn::sequential<pm::nn::conv2d<1, 8, 3>, pm::nn::relu, pm::nn::max_pool2d<2>, pm::nn::flatten<>>
//
// Source: torch.nn.MaxPool1d, MaxPool2d, AvgPool1d, AvgPool2d, AdaptiveMaxPool1d, AdaptiveMaxPool2d,
// AdaptiveAvgPool1d, AdaptiveAvgPool2d.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/given_once.hpp"
#include "paramorph/nn/call.hpp"
#include "paramorph/nn/sliding_checks.hpp"
#include "paramorph/op/pooling.hpp"
#include "paramorph/op/reduce.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Option of poolings: the number of windows is rounded up, not down.
struct ceil_mode {};
// Option of average poolings: does padding count among the elements of a window?
template <bool Counts>
struct count_include_pad {};

namespace detail {

template <class Option>
inline constexpr bool is_pooling_option = std::is_same_v<Option, ceil_mode>;
template <int... N>
inline constexpr bool is_pooling_option<stride<N...>> = true;
template <auto... N>
inline constexpr bool is_pooling_option<padding<N...>> = true;
template <class Option>
inline constexpr bool is_dilation = false;
template <int... N>
inline constexpr bool is_dilation<dilation<N...>> = true;

// The elements of windows, along axis K of two, of an axis of n.
constexpr op::pooling_numbers windows_along(int k, int axis, int n, sliding const& by, op::window_over over) {
    return {axis, by.windows(k, n), by.size[k], by.stride[k], by.padding[k], over, by.dilation[k]};
}
// Has each window an element that is not padding? Says so where not.
template <fixed_string Name, class Layer, class X>
constexpr bool windows_have_elements() {
    [[maybe_unused]] constexpr sliding by = Layer::numbers;
    constexpr int k = [] {
        sliding const b = Layer::numbers;
        for (int axis = 2 - b.axes; axis < 2; ++axis) {
            int const n = extents_of<X>.from_end(1 - axis), windows = b.windows(axis, n);
            if (b.dilation[axis] == 1 || b.padding[axis] == 0) continue;
            auto const along = windows_along(axis, 0, n, b, op::window_over::axis);
            for (int i = 0; i < windows; ++i)
                if (along.window(i, n, windows).elements < 1) return axis;
        }
        return -1;
    }();
    if constexpr (k >= 0) {
        using wrong = mistake<sentence(Name.view(), ": a window holds nothing but padding: kernel ", by.shown(by.size),
                                       ", dilation ", by.shown(by.dilation), ", padding ", by.shown(by.padding), " on ",
                                       extents_of<X>, "; take less pm::padding")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return k < 0;
}

template <fixed_string Name, int Axes, bool IsMax, auto Kernel, class... Options>
struct pooling_layer {
    static constexpr sliding numbers = [] {
        sliding s = sliding_of<Axes, Kernel, Options...>();
        for (int k = 2 - Axes; k < 2; ++k)
            if (!s.strides) s.stride[k] = s.size[k];
        s.rounds_up = (std::is_same_v<Options, ceil_mode> || ...);
        return s;
    }();

    static constexpr auto forward(auto x) {
        using X = decltype(x);
        if constexpr (!sound || !slides_over<Name, Axes, 0, X>())
            return after_mistake(x);
        else if constexpr (!windows_fit<Name, pooling_layer, X>())
            return after_mistake(x);
        else if constexpr (!windows_have_elements<Name, pooling_layer, X>())
            return after_mistake(x);
        else if constexpr (Axes == 1)
            return along<1>(x);
        else
            return along<0>(along<1>(x));
    }

  private:
    // Axis K of two, from the end.
    template <int K>
    static constexpr auto along(auto x) {
        constexpr extents s = extents_of<decltype(x)>;
        constexpr int axis = s.rank - 2 + K, windows = numbers.windows(K, s.d[axis]);
        constexpr attributes at = windows_along(K, axis, s.d[axis], numbers, over).pack();
        if constexpr (windows == s.d[axis] && numbers.size[K] == 1)
            return x;
        else if constexpr (IsMax)
            return apply<op::take_at_max, at>(x, x);
        else
            return apply<op::window_mean, at>(x);
    }
    static constexpr op::window_over over = (std::is_same_v<Options, count_include_pad<false>> || ...)
                                                ? op::window_over::axis
                                                : op::window_over::axis_and_padding;
    static constexpr bool check() {
        constexpr sliding s = numbers;
        constexpr int most = op::pooling_numbers::longest;
        static_assert(given_once<Name, Options...>());
        if constexpr (!has_sound_options<Name, pooling_layer>())
            return false;
        else if constexpr (s.by != padded::by_numbers || 2 * s.padding[0] > s.span(0) || 2 * s.padding[1] > s.span(1)) {
            using wrong = mistake<sentence(
                Name.view(), ": the padding must be a number, at most half of the kernel: kernel ", s.shown(s.size),
                ", dilation ", s.shown(s.dilation), ", padding ", s.shown(s.padding))>;
            using said [[maybe_unused]] = wrong::type;
            return false;
        } else if constexpr (s.stride[0] > most || s.stride[1] > most || s.padding[0] > most || s.padding[1] > most) {
            using wrong = mistake<sentence(Name.view(), ": a stride and a padding are ", most, " at most: stride ",
                                           s.shown(s.stride), ", padding ", s.shown(s.padding),
                                           "; pm::mean averages a whole axis")>;
            using said [[maybe_unused]] = wrong::type;
            return false;
        } else
            return true;
    }
    static constexpr bool sound = check();
};

template <fixed_string Name, int Axes, bool IsMax, auto Size>
struct adaptive_pooling_layer {
    static constexpr sliding numbers = sliding_of<Axes, Size>();

    static constexpr auto forward(auto x) {
        using X = decltype(x);
        if constexpr (!sound || !slides_over<Name, Axes, 0, X>())
            return after_mistake(x);
        else if constexpr (!IsMax && numbers.size[0] == 1 && numbers.size[1] == 1) {
            auto const y = unsqueeze<-1>(of_plane(x));
            if constexpr (Axes == 1)
                return y;
            else
                return unsqueeze<-1>(y);
        } else if constexpr (Axes == 1)
            return along<1>(x);
        else
            return along<0>(along<1>(x));
    }

  private:
    static constexpr auto of_plane(auto x) {
        if constexpr (Axes == 1)
            return mean<-1>(x);
        else
            return mean<-2, -1>(x);
    }
    template <int K>
    static constexpr auto along(auto x) {
        constexpr extents s = extents_of<decltype(x)>;
        constexpr int axis = s.rank - 2 + K, windows = numbers.size[K];
        constexpr attributes at =
            op::pooling_numbers{axis, windows, s.d[axis] / windows + 1, 1, 0, op::window_over::adaptive}.pack();
        if constexpr (windows == s.d[axis])
            return x;
        else if constexpr (IsMax)
            return apply<op::take_at_max, at>(x, x);
        else
            return apply<op::window_mean, at>(x);
    }
    static constexpr bool check() {
        constexpr sliding s = numbers;
        constexpr bool fits = s.counts_fit && s.positive(s.size);
        if constexpr (!fits) {
            using wrong =
                mistake<sentence(Name.view(), ": the size of the result must be 1 or more, one number or one for each ",
                                 "of ", Axes, Axes == 1 ? " axis" : " axes", ": ", s.shown(s.size))>;
            using said [[maybe_unused]] = wrong::type;
        }
        return fits;
    }
    static constexpr bool sound = check();
};

}  // namespace detail

namespace nn {

#define PARAMORPH_POOLING_OPTIONS "an option must be pm::stride<n>, pm::padding<n>, pm::dilation<n> or pm::ceil_mode"
template <auto Kernel, class... Options>
struct max_pool1d : detail::pooling_layer<"max_pool1d", 1, true, Kernel, Options...> {
    static_assert(detail::holds<(((detail::is_pooling_option<Options> || detail::is_dilation<Options>) && ...)),
                                "max_pool1d: " PARAMORPH_POOLING_OPTIONS>());
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
template <auto Kernel, class... Options>
struct max_pool2d : detail::pooling_layer<"max_pool2d", 2, true, Kernel, Options...> {
    static_assert(detail::holds<(((detail::is_pooling_option<Options> || detail::is_dilation<Options>) && ...)),
                                "max_pool2d: " PARAMORPH_POOLING_OPTIONS>());
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
#undef PARAMORPH_POOLING_OPTIONS

#define PARAMORPH_POOLING_OPTIONS \
    "an option must be pm::stride<n>, pm::padding<n>, pm::ceil_mode or pm::count_include_pad<false>"
template <auto Kernel, class... Options>
struct avg_pool1d : detail::pooling_layer<"avg_pool1d", 1, false, Kernel, Options...> {
    static_assert(
        detail::holds<(((detail::is_pooling_option<Options> || std::is_same_v<Options, count_include_pad<false>> ||
                         std::is_same_v<Options, count_include_pad<true>>) &&
                        ...)),
                      "avg_pool1d: " PARAMORPH_POOLING_OPTIONS>());
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
template <auto Kernel, class... Options>
struct avg_pool2d : detail::pooling_layer<"avg_pool2d", 2, false, Kernel, Options...> {
    static_assert(
        detail::holds<(((detail::is_pooling_option<Options> || std::is_same_v<Options, count_include_pad<false>> ||
                         std::is_same_v<Options, count_include_pad<true>>) &&
                        ...)),
                      "avg_pool2d: " PARAMORPH_POOLING_OPTIONS>());
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
#undef PARAMORPH_POOLING_OPTIONS

template <auto Size>
struct adaptive_max_pool1d : detail::adaptive_pooling_layer<"adaptive_max_pool1d", 1, true, Size> {
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
template <auto Size>
struct adaptive_max_pool2d : detail::adaptive_pooling_layer<"adaptive_max_pool2d", 2, true, Size> {
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
template <auto Size>
struct adaptive_avg_pool1d : detail::adaptive_pooling_layer<"adaptive_avg_pool1d", 1, false, Size> {
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};
template <auto Size>
struct adaptive_avg_pool2d : detail::adaptive_pooling_layer<"adaptive_avg_pool2d", 2, false, Size> {
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
