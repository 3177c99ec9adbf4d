// prelu<Channels = 1, ...>: x above 0, else a x, elementwise; a is trained, one number, or one for each channel.
//
// Shapes: [channels] numbers a, called weight; with several the channels are axis 1 of the input, [batch, channels,
// ...], as in PyTorch. Option: pm::element_type<double>. Initial values: 1/4. Gradient at 0: a; that of a sums c x over
// where x is not above 0. Errors: another number of channels is the compiler's.
//
// Cost: a comparison and a product an element, in the loop that computes its input; the gradient of a one sum more.
// Source: torch.nn.PReLU; He et al. 2015, "Delving deep into rectifiers".
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/channels.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <int Channels, class T>
struct slope_member {
    BOOST_HANA_DEFINE_STRUCT(slope_member, (tensor<shape<Channels>, chain<>, T>, weight));
    constexpr slope_member() : weight(full(0.25)) {}
};

}  // namespace detail

namespace nn {

template <int Channels = 1, class... Options>
struct prelu
    : detail::slope_member<detail::at_least_one(Channels), typename detail::layer_options<Options...>::value_type> {
    static_assert(detail::are_positive<"prelu: the number of channels must be positive", Channels>());
    static_assert(
        detail::holds<((detail::is_element_type<Options> && ...)), "prelu: an option must be pm::element_type<T>">());
    static_assert(detail::given_once<"prelu", Options...>());
    static constexpr bool keeps_shape = true;

    PARAMORPH_BEGINS_FROM_SEED(prelu)

    constexpr auto forward(auto x) const {
        if constexpr (Channels == 1)
            return leaky(x, this->weight);
        else if constexpr (detail::has_channels<"prelu", Channels, decltype(x)>())
            return leaky(x, detail::of_channels<Channels, decltype(x)>(this->weight));
        else
            return detail::after_mistake(x);
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }

  private:
    static constexpr auto leaky(auto const& x, auto const& a) {
        return where(x > 0, x, a * where(x > 0, 0.0, x));  // so that the gradient of a is finite where x is not
    }
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
