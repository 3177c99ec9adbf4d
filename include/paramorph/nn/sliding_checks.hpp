// What layers whose windows slide (nn/sliding.hpp) refuse, each in a sentence with its numbers.
//
// Errors: the compiler's, of numbers of options, of the input's axes and channels, of a kernel that is longer than its
// input. Cost: none at run time. Source: torch.nn.Conv2d.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/sentence.hpp"
#include "paramorph/nn/sliding.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// The names of the axes behind the channels, in sentences.
constexpr char const* names_of_axes(int axes) {
    return axes == 1 ? "length" : "height, width";
}

// Are the numbers of the options what the layer can take? Says so where not.
template <fixed_string Name, class Layer>
constexpr bool has_sound_options() {
    constexpr sliding s = Layer::numbers;
    if constexpr (!s.counts_fit) {
        using wrong = mistake<sentence(
            Name.view(), ": stride, padding, dilation and kernel_size take one number, or one for ", "each of ", s.axes,
            s.axes == 1 ? " axis" : " axes", "; padding takes pm::same or ", "pm::causal, too")>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else if constexpr (!s.sound()) {
        using wrong = mistake<sentence(
            Name.view(), ": kernel, stride, dilation and groups must be 1 or more, paddings 0 or more: kernel ",
            s.shown(s.size), ", stride ", s.shown(s.stride), ", dilation ", s.shown(s.dilation), ", padding ",
            s.shown(s.padding), ", ", s.groups, " groups")>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else if constexpr (!s.packs()) {
        using wrong = mistake<sentence(Name.view(), ": a stride and a dilation are ",
                                       op::convolution_numbers::longest_step(s.axes),
                                       " at most, a padding and what a kernel spans ", op::convolution_numbers::longest,
                                       ": kernel ", s.shown(s.size), ", stride ", s.shown(s.stride), ", dilation ",
                                       s.shown(s.dilation), ", padding ", s.shown(s.padding))>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else
        return true;
}

// Is X [channels, ...] or [batch, channels, ...], with so many channels?
template <fixed_string Name, int Axes, int Channels, class X>
constexpr bool slides_over() {
    constexpr extents s = extents_of<X>;
    if constexpr (s.rank != Axes + 1 && s.rank != Axes + 2) {
        using wrong = mistake<sentence(Name.view(), ": the input must be [batch, channels, ", names_of_axes(Axes),
                                       "], or without batch: it is ", s, "; pm::nn::unflatten gives it axes")>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else if constexpr (Channels > 0 && s.from_end(Axes) != Channels) {
        using wrong = mistake<sentence(
            Name.view(), ": ", Channels, " input channels expected, ", s.from_end(Axes), " given, axis ",
            s.rank - 1 - Axes, " of ", s, " ([", s.rank == Axes + 2 ? "batch, " : "", "channels, ", names_of_axes(Axes),
            "]): write ", Name.view(), "<", s.from_end(Axes), ", ...>, or permute the input")>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else if constexpr (Axes == 2 && (s.from_end(0) > op::convolution_numbers::longest ||
                                       s.from_end(1) > op::convolution_numbers::longest)) {
        using wrong = mistake<sentence(Name.view(), ": a height and a width are ", op::convolution_numbers::longest,
                                       " at most: the input is ", s)>;
        using said [[maybe_unused]] = wrong::type;
        return false;
    } else
        return true;
}

// Do windows fit into X? Says so where not.
template <fixed_string Name, class Layer, class X>
constexpr bool windows_fit() {
    constexpr extents s = extents_of<X>;
    constexpr sliding by = Layer::numbers;
    constexpr bool fits = by.fits(s);
    if constexpr (!fits) {
        using wrong =
            mistake<sentence(Name.view(), ": the kernel is longer than the input with its padding: kernel ",
                             by.shown(by.size), ", dilation ", by.shown(by.dilation), ", padding ",
                             by.shown(by.padding), " on ", s, "; take a smaller kernel, or more pm::padding")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return fits;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
