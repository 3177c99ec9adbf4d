// Transposed convolutions: conv_transpose1d<In, Out, Kernel, ...> over [batch, In, length], conv_transpose2d<In, Out,
// Kernel, ...> over [batch, In, height, width]; without a batch, too. Each is the gradient of a convolution by its
// input, plus a bias.
//
//   y[n, o', j] = bias[o'] + sum over c, k, i of weight[c, o, k] x[n, c, i], where j = i stride + k dilation - padding
//
// o' is output o of c's group. Shapes: weight [In, Out / groups, kernel...], bias [Out]; result [batch, Out, (length -
// 1) stride - 2 padding + dilation (kernel - 1) + 1 + output_padding], likewise of each axis: padding crops. Options:
// those of convolutions, but pm::padding<pm::same>, and pm::output_padding<1>, less than stride or dilation.
// pm::padding<pm::causal> crops at the end alone, so that length stride elements are left, none of which needs a later
// input. Initial values: uniform within 1 / sqrt(Out / groups * elements of the kernel), as PyTorch has it. The outputs
// are axis 1 of the weight: spectral_norm<1, 1>, as PyTorch takes it there; weight_norm<> is over axis 0, as there.
// Accuracy: as of convolutions (nn/convolution.hpp). Errors: as of convolutions, and an output padding as large as the
// stride and the dilation; the compiler's. Cost: 2 operations for each term of the sum, a gradient as much for the
// weight and for the input; with a stride one convolution for each remainder, no zeros between. Source:
// torch.nn.ConvTranspose1d, ConvTranspose2d.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/convolution.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <int Axes, int In, int Out, auto Kernel, class... Options>
using filters_of_inputs = convolution_members<Axes, In, Out / groups_of<Options...>(), Out, Kernel, Options...>;

template <fixed_string Name, int Axes, int In, int Out, auto Kernel, class... Options>
struct transposed_layer
    : convolution_base<Name, Axes, In, Out, Kernel, filters_of_inputs<Axes, In, Out, Kernel, Options...>, Options...> {
    constexpr auto forward(auto x) const {
        using X = decltype(x);
        if constexpr (!sound || !slides_over<Name, Axes, In, X>())
            return after_mistake(x);
        else if constexpr (!result_fits<X>())
            return after_mistake(x);
        else
            return in_batches<Axes>(x, [this](auto images) {
                constexpr attributes at = geometry(extents_of<decltype(images)>).pack(Axes + 2);
                return this->with_bias(apply<op::convolution_to_images, at>(images, this->weight));
            });
    }

  private:
    static constexpr std::int64_t extent_of_result(int k, int n) {
        constexpr sliding by = transposed_layer::numbers;
        if (by.by == padded::causal) return std::int64_t(n) * by.stride[k] + by.more[k];
        return (n - std::int64_t(1)) * by.stride[k] - 2 * std::int64_t(by.padding[k]) + by.span(k) + by.more[k];
    }
    static constexpr op::convolution_numbers geometry(extents const& s) {
        constexpr sliding by = transposed_layer::numbers;
        op::convolution_numbers n;
        n.groups = by.groups;
        for (int k = 2 - Axes; k < 2; ++k) {
            n.stride[k] = by.stride[k];
            n.dilation[k] = by.dilation[k];
            n.padding[k] = by.by == padded::causal ? 0 : by.padding[k];
            n.size[k] = static_cast<int>(extent_of_result(k, s.from_end(1 - k)));
        }
        return n;
    }
    template <class X>
    static constexpr bool result_fits() {
        constexpr extents s = extents_of<X>;
        constexpr sliding by = transposed_layer::numbers;
        constexpr std::int64_t rows = Axes == 2 ? extent_of_result(0, s.from_end(1)) : 1,
                               columns = extent_of_result(1, s.from_end(0));
        constexpr std::int64_t most = Axes == 2 ? op::convolution_numbers::longest : 0x7fffffff;
        constexpr bool fits = rows >= 1 && columns >= 1 && rows <= most && columns <= most;
        if constexpr (!fits) {
            using wrong =
                mistake<sentence(Name.view(), ": the padding leaves nothing of the result, or more than ", most,
                                 " along an axis: ", s, " becomes ", columns, " long", Axes == 2 ? " and " : "",
                                 sentence(rows).view().substr(0, Axes == 2 ? 20 : 0), Axes == 2 ? " high" : "",
                                 ": kernel ", by.shown(by.size), ", stride ", by.shown(by.stride), ", dilation ",
                                 by.shown(by.dilation), ", padding ", by.shown(by.padding))>;
            using said [[maybe_unused]] = wrong::type;
        }
        return fits;
    }
    static constexpr bool check() {
        constexpr sliding s = transposed_layer::numbers;
        constexpr auto more_than = [](int k) {
            return transposed_layer::numbers.more[k] >= transposed_layer::numbers.stride[k] &&
                   transposed_layer::numbers.more[k] >= transposed_layer::numbers.dilation[k];
        };
        if constexpr (!has_sound_options<Name, transposed_layer>())
            return false;
        else if constexpr (s.by == padded::same || more_than(0) || more_than(1)) {
            using wrong = mistake<sentence(
                Name.view(), ": the padding must be numbers or pm::causal, and the output padding less than the ",
                "stride or the dilation: output padding ", s.shown(s.more), ", stride ", s.shown(s.stride),
                ", dilation ", s.shown(s.dilation))>;
            using said [[maybe_unused]] = wrong::type;
            return false;
        } else
            return transposed_layer::divides();
    }
    static constexpr bool sound = check();
};

}  // namespace detail

namespace nn {

#define PARAMORPH_TRANSPOSED_OPTIONS                                                                              \
    "an option must be pm::stride<n>, pm::padding<n>, pm::padding<pm::causal>, pm::output_padding<n>, "           \
    "pm::dilation<n>, pm::groups<n>, pm::input_size<n>, pm::weight<stages...>, pm::bias<stages...>, pm::no_bias " \
    "or pm::element_type<T>"
template <int In, int Out, auto Kernel, class... Options>
struct conv_transpose1d : detail::transposed_layer<"conv_transpose1d", 1, In, Out, Kernel, Options...> {
    static_assert(
        detail::holds<(((detail::is_convolution_option<Options> || detail::is_output_padding<Options>) && ...)),
                      "conv_transpose1d: " PARAMORPH_TRANSPOSED_OPTIONS>());

    PARAMORPH_BEGINS_FROM_SEED(conv_transpose1d)
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    PARAMORPH_TAKES_NO_LIST
};

template <int In, int Out, auto Kernel, class... Options>
struct conv_transpose2d : detail::transposed_layer<"conv_transpose2d", 2, In, Out, Kernel, Options...> {
    static_assert(
        detail::holds<(((detail::is_convolution_option<Options> || detail::is_output_padding<Options>) && ...)),
                      "conv_transpose2d: " PARAMORPH_TRANSPOSED_OPTIONS>());

    PARAMORPH_BEGINS_FROM_SEED(conv_transpose2d)
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    PARAMORPH_TAKES_NO_LIST
};
#undef PARAMORPH_TRANSPOSED_OPTIONS

}  // namespace nn

namespace detail {

template <int In, int Out, auto Kernel, class... Options>
struct with_options<nn::conv_transpose1d<In, Out, Kernel, Options...>> {
    using options = std::tuple<Options...>;
    template <class... Others>
    using type = nn::conv_transpose1d<In, Out, Kernel, Others...>;
};
template <int In, int Out, auto Kernel, class... Options>
struct with_options<nn::conv_transpose2d<In, Out, Kernel, Options...>> {
    using options = std::tuple<Options...>;
    template <class... Others>
    using type = nn::conv_transpose2d<In, Out, Kernel, Others...>;
};

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
