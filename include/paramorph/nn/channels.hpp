// Channels: axis 1 of [batch, channels, ...], as PyTorch has them. What layers with a number for each channel share.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/sentence.hpp"
#include "paramorph/op/view.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Has the input so many channels? Says so where not.
template <fixed_string Name, int Channels, class X>
constexpr bool has_channels() {
    constexpr extents s = extents_of<X>;
    constexpr bool fits = s.rank >= 2 && s.d[1] == Channels;
    if constexpr (!fits) {
        using wrong =
            mistake<sentence(Name.view(), ": the layer has ", Channels, " channels, which are axis 1 of its input, ",
                             "[batch, channels, ...]; the input is ", s)>;
        using said [[maybe_unused]] = wrong::type;
    }
    return fits;
}

// One number for each channel, in a shape that broadcasts over the other axes of X.
template <int Channels, class X>
struct channel_shape {
    static constexpr extents value() {
        extents s{extents_of<X>.rank - 1, {Channels}};
        for (int k = 1; k < s.rank; ++k) s.d[k] = 1;
        return s;
    }
};
template <int Channels, class X>
constexpr auto of_channels(auto const& numbers) {
    return reshape<shape_by<channel_shape<Channels, X>>>(numbers);
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
