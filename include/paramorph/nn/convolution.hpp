// Convolutions: conv1d<In, Out, Kernel, ...> over [batch, In, length], conv2d<In, Out, Kernel, ...> over [batch, In,
// height, width]; without a batch, too.
//
//   y[n, o, i] = bias[o] + sum over c, k of weight[o, c, k] x[n, c', i stride + k dilation - padding]
//
// c' is channel c of o's group. Shapes: weight [Out, In / groups, kernel...], bias [Out]; result [batch, Out,
// (length + padding before and after - dilation (kernel - 1) - 1) / stride + 1], rounded down, likewise of each axis.
// Options, in any order: those of nn/sliding.hpp, pm::stride<2>, pm::padding<1>, pm::padding<pm::same>,
// pm::padding<pm::causal>, pm::dilation<2>, pm::groups<2> (groups<In>: depthwise), pm::input_size<28, 28>; those of
// linear, pm::weight<stages...>, pm::bias<stages...>, pm::no_bias, pm::element_type<double>. A kernel of other extents
// than a square is pm::kernel_size<3, 5>. Initial values: both uniform within 1 / sqrt(In / groups * elements of the
// kernel). spectral_norm and orthogonal see the weight as a matrix [Out, In / groups * elements of the kernel].
//
//     pm::nn::conv2d<1, 8, 3, pm::stride<2>, pm::padding<1>, pm::weight<pm::param::orthogonal<>>> layer{pm::seed{0}};
//
// Padding contributes nothing, whatever the weight (PyTorch multiplies zeros, so that an infinite weight makes NaN
// there). Accuracy: as op/convolution.hpp says. Errors: another number of channels, groups that do not divide them, a
// kernel longer than the input with its padding are the compiler's. Cost: 2 operations for each term of the sum, a
// gradient as much for the weight and for the input, no copy of windows: op/convolution.hpp. Example:
// examples/convolution.cpp. Source: torch.nn.Conv1d, Conv2d; LeCun et al. 1998.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/channels.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/sliding_checks.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

// [First, Second, kernel...].
template <int Axes, int First, int Second, auto Kernel>
struct filters_rule {
    static constexpr extents value() {
        constexpr sliding s = sliding_of<Axes, Kernel>();
        int const rows = at_least_one(s.size[0]), columns = at_least_one(s.size[1]);
        return Axes == 1 ? extents{3, {at_least_one(First), at_least_one(Second), columns}}
                         : extents{4, {at_least_one(First), at_least_one(Second), rows, columns}};
    }
};
template <int Axes, int First, int Second, int Bias, auto Kernel, class... Options>
using convolution_members = weight_and_bias<
    tensor<shape_by<filters_rule<Axes, First, Second, Kernel>>, typename layer_options<Options...>::weight_chain,
           typename layer_options<Options...>::value_type>,
    tensor<shape<at_least_one(Bias)>, typename layer_options<Options...>::bias_chain,
           typename layer_options<Options...>::value_type>,
    layer_options<Options...>::has_bias>;

template <class... Options>
constexpr int groups_of() {
    sliding s;
    (s.note(Options{}), ...);
    return at_least_one(s.groups);
}

// What convolutions and transposed convolutions have in common.
template <fixed_string Name, int Axes, int In, int Out, auto Kernel, class Members, class... Options>
struct convolution_base : Members, stated_by_option<Axes, at_least_one(In), Options...> {
    static_assert(
        detail::are_positive<"convolution: the numbers of input and output channels must be positive: conv1d<in, out, "
                             "kernel>",
                             In, Out>());
    static_assert(given_once<Name, Options...>());
    static constexpr sliding numbers = sliding_of<Axes, Kernel, Options...>();

    // Of what is empty.
    void initialize(random& from) {
        using filters = typename decltype(this->weight)::declared_shape;
        double const fan_in = double(filters::size) / filters::value.d[0];
        for_each_tensor(static_cast<Members&>(*this), [&](auto& t) {
            if (t.empty()) t.initialize(from, 1 / std::sqrt(fan_in));
        });
    }

  protected:
    constexpr auto with_bias(auto y) const {
        if constexpr (layer_options<Options...>::has_bias)
            return y + of_channels<at_least_one(Out), decltype(y)>(this->bias);
        else
            return y;
    }
    static constexpr bool divides() {
        constexpr int groups = numbers.groups;
        constexpr bool fits = groups > 0 && In % groups == 0 && Out % groups == 0;
        if constexpr (!fits) {
            using wrong = mistake<sentence(Name.view(), ": groups must divide the numbers of channels: ", groups,
                                           " groups, ", In, " input channels, ", Out, " output channels")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return fits;
    }
};

template <int Axes, int In, int Out, auto Kernel, class... Options>
using filters_of_outputs = convolution_members<Axes, Out, In / groups_of<Options...>(), Out, Kernel, Options...>;

template <fixed_string Name, int Axes, int In, int Out, auto Kernel, class... Options>
struct convolution_layer
    : convolution_base<Name, Axes, In, Out, Kernel, filters_of_outputs<Axes, In, Out, Kernel, Options...>, Options...> {
    PARAMORPH_FORWARDS_NO_ARRAY
    constexpr auto forward(auto x) const {
        using X = decltype(x);
        if constexpr (!sound || !slides_over<Name, Axes, In, X>())
            return after_mistake(x);
        else if constexpr (!windows_fit<Name, convolution_layer, X>())
            return after_mistake(x);
        else
            return in_batches<Axes>(x, [this](auto images) {
                constexpr attributes at = geometry(extents_of<decltype(images)>);
                return this->with_bias(apply<op::convolution, at>(images, this->weight));
            });
    }

  private:
    static constexpr attributes geometry(extents const& s) {
        constexpr sliding by = convolution_layer::numbers;
        op::convolution_numbers n;
        n.groups = by.groups;
        for (int k = 2 - Axes; k < 2; ++k) {
            int const extent = s.from_end(1 - k);
            n.stride[k] = by.stride[k];
            n.dilation[k] = by.dilation[k];
            n.padding[k] = by.before(k, extent);
            n.size[k] = by.windows(k, extent);
        }
        return n.pack(s.rank);
    }
    static constexpr bool sound = has_sound_options<Name, convolution_layer>() && convolution_layer::divides();
};

template <class Option>
inline constexpr bool is_convolution_option =
    is_of_windows<Option> || is_of_channels<Option> || is_weight<Option> || is_bias<Option> ||
    is_element_type<Option> || std::is_same_v<Option, no_bias>;

}  // namespace detail

namespace nn {

#define PARAMORPH_CONVOLUTION_OPTIONS                                                                             \
    "an option must be pm::stride<n>, pm::padding<n>, pm::padding<pm::same>, pm::padding<pm::causal>, "           \
    "pm::dilation<n>, pm::groups<n>, pm::input_size<n>, pm::weight<stages...>, pm::bias<stages...>, pm::no_bias " \
    "or pm::element_type<T>"
template <int In, int Out = 0, auto Kernel = 0, class... Options>
struct conv1d : detail::convolution_layer<"conv1d", 1, In, Out, Kernel, Options...> {
    static_assert(
        detail::holds<((detail::is_convolution_option<Options> && ...)), "conv1d: " PARAMORPH_CONVOLUTION_OPTIONS>());

    PARAMORPH_BEGINS_FROM_SEED(conv1d)
    constexpr auto operator()(auto const& x) const {
        if constexpr (detail::can_be_shown<conv1d, std::remove_cvref_t<decltype(x)>>)
            using tried [[maybe_unused]] =
                decltype(std::declval<conv1d const&>().forward(detail::shown_input<conv1d, decltype(x)>{}));
        return paramorph::call(*this, x);
    }
    PARAMORPH_TAKES_NO_LIST
};

template <int In, int Out = 0, auto Kernel = 0, class... Options>
struct conv2d : detail::convolution_layer<"conv2d", 2, In, Out, Kernel, Options...> {
    static_assert(
        detail::holds<((detail::is_convolution_option<Options> && ...)), "conv2d: " PARAMORPH_CONVOLUTION_OPTIONS>());

    PARAMORPH_BEGINS_FROM_SEED(conv2d)
    constexpr auto operator()(auto const& x) const {
        if constexpr (detail::can_be_shown<conv2d, std::remove_cvref_t<decltype(x)>>)
            using tried [[maybe_unused]] =
                decltype(std::declval<conv2d const&>().forward(detail::shown_input<conv2d, decltype(x)>{}));
        return paramorph::call(*this, x);
    }
    PARAMORPH_TAKES_NO_LIST
};
#undef PARAMORPH_CONVOLUTION_OPTIONS

}  // namespace nn

namespace detail {

template <int In, int Out, auto Kernel, class... Options>
struct with_options<nn::conv1d<In, Out, Kernel, Options...>> {
    using options = std::tuple<Options...>;
    template <class... Others>
    using type = nn::conv1d<In, Out, Kernel, Others...>;
};
template <int In, int Out, auto Kernel, class... Options>
struct with_options<nn::conv2d<In, Out, Kernel, Options...>> {
    using options = std::tuple<Options...>;
    template <class... Others>
    using type = nn::conv2d<In, Out, Kernel, Others...>;
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
