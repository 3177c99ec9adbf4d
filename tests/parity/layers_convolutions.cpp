// Convolutions and poolings for layers.py: cases as in layers.hpp, in a file of their own.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/conv_transpose.hpp>
#include <paramorph/nn/pooling.hpp>

#include "layers_interpreter.hpp"
#include "layers_kernels.hpp"

namespace {

template <class T>
struct convolutions {
    template <int In, int Out, auto Kernel, class... Options>
    using conv1d = pm::nn::conv1d<In, Out, Kernel, Options..., of<T>>;
    template <int In, int Out, auto Kernel, class... Options>
    using conv2d = pm::nn::conv2d<In, Out, Kernel, Options..., of<T>>;
    using in_groups_type = conv1d<4, 6, 3, pm::stride<2>, pm::padding<1>, pm::groups<2>>;
    using even_type = conv1d<4, 2, 2, pm::padding<pm::same>>;
    using past_type = conv1d<4, 4, 3, pm::dilation<2>, pm::padding<pm::causal>, pm::groups<4>, pm::no_bias>;
    using long_steps_type = conv1d<4, 3, 2, pm::stride<5>>;
    using oblong_type = conv2d<4, 3, pm::kernel_size<3, 2>, pm::stride<2, 1>, pm::padding<1, 2>, pm::dilation<1, 2>>;
    using depthwise_type = conv2d<4, 8, 3, pm::groups<4>, pm::padding<2>, pm::dilation<2>>;
    BOOST_HANA_DEFINE_STRUCT(convolutions, (tensor<T, 2, 4, 19>, x), (tensor<T, 3, 4, 6, 5>, images),
                             (tensor<T, 4, 3, 3>, image), (in_groups_type, in_groups), (even_type, even),
                             (past_type, past), (long_steps_type, long_steps), (oblong_type, oblong),
                             (depthwise_type, depthwise), (conv2d<4, 2, 3>, whole), (tensor<T, 2, 6, 10>, of_groups),
                             (tensor<T, 2, 2, 19>, of_even), (tensor<T, 2, 4, 19>, of_past),
                             (tensor<T, 2, 3, 4>, of_long_steps), (tensor<T, 3, 3, 3, 7>, of_oblong),
                             (tensor<T, 3, 8, 6, 5>, of_depthwise), (tensor<T, 2, 1, 1>, of_whole));
    constexpr auto objective() const {
        auto const in = x.as_symbol();
        auto const planes = images.as_symbol();
        return pm::sum(in_groups.forward(in) * of_groups) + pm::sum(even.forward(in) * of_even) +
               pm::sum(past.forward(in) * of_past) + pm::sum(long_steps.forward(in) * of_long_steps) +
               pm::sum(oblong.forward(planes) * of_oblong) + pm::sum(depthwise.forward(planes) * of_depthwise) +
               pm::sum(whole.forward(image.as_symbol()) * of_whole);
    }
};
template <class T>
struct poolings {
    BOOST_HANA_DEFINE_STRUCT(poolings, (tensor<T, 2, 3, 11>, x), (tensor<T, 2, 3, 7, 6>, images),
                             (tensor<T, 2, 3, 3>, of_max), (tensor<T, 2, 3, 4>, of_max_up),
                             (tensor<T, 2, 3, 6>, of_avg), (tensor<T, 2, 3, 6>, of_real),
                             (tensor<T, 2, 3, 4>, of_adaptive), (tensor<T, 2, 3, 3, 3>, of_max_2d),
                             (tensor<T, 2, 3, 7, 4>, of_max_ties), (tensor<T, 2, 3, 4, 3>, of_avg_2d),
                             (tensor<T, 2, 3, 4, 4>, of_real_2d), (tensor<T, 2, 3, 3, 5>, of_adaptive_2d),
                             (tensor<T, 2, 3, 1, 1>, of_all));
    constexpr auto objective() const {
        namespace nn = pm::nn;
        using real = pm::count_include_pad<false>;
        auto const in = x.as_symbol();
        auto const planes = images.as_symbol();
        auto const of_lines = pm::sum(nn::max_pool1d<3>::forward(in) * of_max) +
                              pm::sum(nn::max_pool1d<3, pm::ceil_mode>::forward(in) * of_max_up) +
                              pm::sum(nn::avg_pool1d<3, pm::stride<2>, pm::padding<1>>::forward(in) * of_avg) +
                              pm::sum(nn::avg_pool1d<3, pm::stride<2>, pm::padding<1>, real>::forward(in) * of_real) +
                              pm::sum(nn::adaptive_avg_pool1d<4>::forward(in) * of_adaptive);
        using avg = nn::avg_pool2d<pm::kernel_size<3, 2>, pm::stride<2>, pm::padding<1, 0>>;
        using real_up = nn::avg_pool2d<3, pm::stride<2>, pm::padding<1>, pm::ceil_mode, real>;
        return of_lines + pm::sum(nn::max_pool2d<2>::forward(planes) * of_max_2d) +
               pm::sum(nn::max_pool2d<3, pm::stride<1, 2>, pm::padding<1>, pm::ceil_mode>::forward(planes) *
                       of_max_ties) +
               pm::sum(avg::forward(planes) * of_avg_2d) + pm::sum(real_up::forward(planes) * of_real_2d) +
               pm::sum(nn::adaptive_avg_pool2d<pm::output_size<3, 5>>::forward(planes) * of_adaptive_2d) +
               pm::sum(nn::adaptive_avg_pool2d<1>::forward(planes) * of_all);
    }
};
template <class T>
struct maxima {
    BOOST_HANA_DEFINE_STRUCT(maxima, (tensor<T, 2, 3, 11>, x), (tensor<T, 2, 3, 7, 6>, images),
                             (tensor<T, 2, 3, 5>, of_dilated), (tensor<T, 2, 3, 7>, of_far),
                             (tensor<T, 2, 3, 3>, of_up), (tensor<T, 2, 3, 4>, of_four),
                             (tensor<T, 2, 3, 15>, of_fifteen), (tensor<T, 2, 3, 5, 3>, of_planes),
                             (tensor<T, 2, 3, 3, 4>, of_adaptive), (tensor<T, 2, 3, 1, 1>, of_all));
    constexpr auto objective() const {
        namespace nn = pm::nn;
        auto const in = x.as_symbol();
        auto const planes = images.as_symbol();
        using dilated = nn::max_pool1d<3, pm::dilation<2>, pm::stride<2>, pm::padding<1>>;
        using far = nn::max_pool1d<2, pm::dilation<4>, pm::stride<1>>;
        using up = nn::max_pool1d<3, pm::dilation<3>, pm::padding<1>, pm::ceil_mode>;
        using both = nn::max_pool2d<pm::kernel_size<3, 2>, pm::stride<1, 2>, pm::dilation<2, 3>, pm::padding<1>>;
        return pm::sum(dilated::forward(in) * of_dilated) + pm::sum(far::forward(in) * of_far) +
               pm::sum(up::forward(in) * of_up) + pm::sum(nn::adaptive_max_pool1d<4>::forward(in) * of_four) +
               pm::sum(nn::adaptive_max_pool1d<15>::forward(in) * of_fifteen) +
               pm::sum(both::forward(planes) * of_planes) +
               pm::sum(nn::adaptive_max_pool2d<pm::output_size<3, 4>>::forward(planes) * of_adaptive) +
               pm::sum(nn::adaptive_max_pool2d<1>::forward(planes) * of_all);
    }
};
template <class T>
struct transposed {
    template <int In, int Out, auto Kernel, class... Options>
    using line = pm::nn::conv_transpose1d<In, Out, Kernel, Options..., of<T>>;
    template <int In, int Out, auto Kernel, class... Options>
    using plane = pm::nn::conv_transpose2d<In, Out, Kernel, Options..., of<T>>;
    using dilated_type = line<4, 3, 3, pm::stride<2>, pm::padding<4>, pm::dilation<3>>;
    using grouped_type = line<4, 6, 4, pm::stride<3>, pm::groups<2>, pm::padding<1>, pm::output_padding<2>>;
    using future_type = line<4, 2, 4, pm::stride<2>, pm::padding<pm::causal>, pm::no_bias>;
    using oblong_type =
        plane<4, 3, pm::kernel_size<3, 2>, pm::stride<2, 1>, pm::padding<1, 0>, pm::output_padding<1, 0>>;
    BOOST_HANA_DEFINE_STRUCT(transposed, (tensor<T, 2, 4, 7>, x), (tensor<T, 2, 4, 3, 5>, images),
                             (tensor<T, 4, 1, 1>, image), (dilated_type, dilated), (grouped_type, grouped),
                             (future_type, future), (oblong_type, oblong), (plane<4, 4, 3, pm::groups<4>>, whole),
                             (tensor<T, 2, 3, 11>, of_dilated), (tensor<T, 2, 6, 22>, of_grouped),
                             (tensor<T, 2, 2, 14>, of_future), (tensor<T, 2, 3, 6, 6>, of_oblong),
                             (tensor<T, 4, 3, 3>, of_whole));
    constexpr auto objective() const {
        auto const in = x.as_symbol();
        return pm::sum(dilated.forward(in) * of_dilated) + pm::sum(grouped.forward(in) * of_grouped) +
               pm::sum(future.forward(in) * of_future) + pm::sum(oblong.forward(images.as_symbol()) * of_oblong) +
               pm::sum(whole.forward(image.as_symbol()) * of_whole);
    }
};

// One of each, for kernels: what is computed is the same code.
template <class T>
struct one_of_each {
    using conv_type = pm::nn::conv1d<4, 6, 3, pm::stride<2>, pm::padding<1>, pm::groups<2>, of<T>>;
    using back_type = pm::nn::conv_transpose1d<6, 3, 3, pm::stride<2>, pm::padding<1>, of<T>>;
    BOOST_HANA_DEFINE_STRUCT(one_of_each, (tensor<T, 2, 4, 19>, x), (conv_type, conv), (back_type, back),
                             (tensor<T, 2, 3, 4>, of_y));
    constexpr auto objective() const {
        auto const pooled = pm::nn::max_pool1d<3, pm::stride<2>, pm::padding<1>>::forward(conv.forward(x.as_symbol()));
        return pm::sum(pm::nn::avg_pool1d<2>::forward(back.forward(pooled)) * of_y);
    }
};

}  // namespace

std::vector<named_case> convolution_cases() {
    return {named<convolutions>("convolutions"), named<poolings>("poolings"), named<maxima>("maxima"),
            named<transposed>("transposed"), named<one_of_each>("one_of_each")};
}
std::vector<double> convolutions_by_kernels(std::string_view name, std::vector<double> const& given) {
    if (name == "one_of_each") return by_kernels<one_of_each<float>>(given);
    return {};
}
