// Normalization without state: layer_norm<shape<...>, ...>, rms_norm<shape<...>, ...>, group_norm<Groups, Channels,
// ...>.
//
//   layer_norm   (x - mean) / sqrt(variance + epsilon) * weight + bias, over the last axes, which are the shape's
//   rms_norm     x / sqrt(mean(x^2) + epsilon) * weight, likewise
//   group_norm   as layer_norm over the channels of a group and all axes after them; weight and bias for each channel
//
// The variance is that of the population, divided by n. Shapes: [..., shape...]; of group_norm [batch, Channels, ...],
// the channels being axis 1, as in PyTorch. weight and bias have the shape of the normalized axes, of group_norm
// [Channels]; ones and zeros at first. Options: pm::no_affine leaves both out, pm::no_bias the bias,
// pm::epsilon<1e-3> (1e-5 where none is named, for rms_norm the distance from 1 to the next number, as in PyTorch),
// pm::element_type<double>.
// Range: values and gradients of rms_norm are right for rows of any numbers, of the others as long as the sum of a
// row's differences fits (rows of n numbers up to 1e38 / n in float); squares need not (op/deviation.hpp; torch.nn
// gives 0 for rows of 1e19 in float, NaN beyond). Rows that hold NaN or an infinity are NaN. A row of equal numbers
// gives the bias, however large they are, with pm::epsilon<0>, too; so does, with it, one whose deviation is below
// 2.9e-39 in float. Errors: another shape, groups that do not divide
// the channels, are the compiler's. Cost: one pass over rows that stay in the cache, for the mean, the variance and the
// result.
//
// Source: torch.nn.LayerNorm, RMSNorm, GroupNorm; Ba et al. 2016; Zhang and Sennrich 2019; Wu and He 2018.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/nn/channels.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/deviation.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/subtract.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Option of normalizations: the layer has no weight and no bias.
struct no_affine {};
// Option of normalizations: the number that is added to the variance, or to the mean square.
template <auto Value>
struct epsilon {
    static_assert(detail::holds<(Value >= 0), "epsilon: the number must not be negative">());
};

namespace detail {

template <class Option>
inline constexpr bool is_epsilon = false;
template <auto Value>
inline constexpr bool is_epsilon<epsilon<Value>> = true;
template <class Option>
inline constexpr bool is_normalization_option = is_epsilon<Option> || is_element_type<Option> ||
                                                std::is_same_v<Option, no_affine> || std::is_same_v<Option, no_bias>;

// The number of the option, or what stands for it.
template <class... Options>
struct epsilon_among {
    static constexpr double or_else(double x) { return x; }
};
template <class Option, class... Rest>
struct epsilon_among<Option, Rest...> : epsilon_among<Rest...> {};
template <auto Value, class... Rest>
struct epsilon_among<epsilon<Value>, Rest...> {
    static constexpr double or_else(double) { return double(Value); }
};

// The tensors of a normalization.
template <class Tensor, bool HasWeight, bool HasBias>
struct scale_and_shift {
    BOOST_HANA_DEFINE_STRUCT(scale_and_shift, (Tensor, weight), (Tensor, bias));
    constexpr scale_and_shift() : weight(full(1)), bias(full(0)) {}
    static constexpr auto apply(auto const& self, auto x, auto as_in_x) {
        return x * as_in_x(self.weight) + as_in_x(self.bias);
    }
};
template <class Tensor>
struct scale_and_shift<Tensor, true, false> {
    BOOST_HANA_DEFINE_STRUCT(scale_and_shift, (Tensor, weight));
    constexpr scale_and_shift() : weight(full(1)) {}
    static constexpr auto apply(auto const& self, auto x, auto as_in_x) { return x * as_in_x(self.weight); }
};
template <class Tensor, bool HasBias>
struct scale_and_shift<Tensor, false, HasBias> {
    static constexpr auto apply(auto const&, auto x, auto) { return x; }
};

template <class Shape, class... Options>
using normalization_members =
    scale_and_shift<tensor<Shape, chain<>, typename layer_options<Options...>::value_type>,
                    !(std::is_same_v<Options, no_affine> || ...), layer_options<Options...>::has_bias>;

// X with its last `Count` axes as one.
template <class X, int Count>
struct last_axes_merged {
    static constexpr extents value() {
        extents s = X::value;
        for (int k = 1; k < Count; ++k) {
            s.d[s.rank - 2] *= s.d[s.rank - 1];
            s.d[--s.rank] = 0;
        }
        return s;
    }
};

// Rows with mean 0 and variance 1. The first number of a row is taken away first: of equal numbers nothing is left,
// however large they are, and the mean of the differences is as exact as they are. Their mean takes it away anyhow, so
// it has no gradient of its own.
constexpr auto standardized(auto const& rows, double epsilon) {
    auto const differences = rows - detach(slice<-1, 0, 1>(rows));
    auto const centred = differences - unsqueeze<-1>(mean<-1>(differences));
    return of_unit_square(centred, epsilon);
}

// Do the last axes of the input have this shape? Says so where not.
template <fixed_string Name, class Shape, class X>
constexpr bool ends_in() {
    constexpr bool fits = [] {
        if (extents_of<X>.rank < Shape::rank) return false;
        for (int k = 0; k < Shape::rank; ++k)
            if (extents_of<X>.from_end(k) != Shape::value.from_end(k)) return false;
        return true;
    }();
    if constexpr (!fits) {
        using wrong = mistake<sentence(Name.view(), ": the last axes of the input must be ", Shape::value, ", it is ",
                                       extents_of<X>, ": write ", Name.view(), " of the shape that is normalized")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return fits;
}

}  // namespace detail

namespace nn {

#define PARAMORPH_NORMALIZATION_OPTIONS \
    "an option must be pm::no_affine, pm::no_bias, pm::epsilon<number> or pm::element_type<T>"
template <class Shape, class... Options>
struct layer_norm : detail::normalization_members<Shape, Options...> {
    static_assert(detail::holds<(Shape::rank > 0),
                                "layer_norm: the shape must have an axis at least: layer_norm<pm::shape<64>>">());
    static_assert(detail::holds<((detail::is_normalization_option<Options> && ...)),
                                "layer_norm: " PARAMORPH_NORMALIZATION_OPTIONS>());
    static_assert(detail::given_once<"layer_norm", Options...>());
    using input_shape = Shape;

    PARAMORPH_BEGINS_FROM_SEED(layer_norm)

    constexpr auto forward(auto x) const {
        using X = shape_type_of<decltype(x)>;
        if constexpr (detail::ends_in<"layer_norm", Shape, decltype(x)>()) {
            auto const rows = reshape<shape_by<detail::last_axes_merged<X, Shape::rank>>>(x);
            auto const y = reshape<X>(detail::standardized(rows, detail::epsilon_among<Options...>::or_else(1e-5)));
            return this->apply(*this, y, [](auto const& numbers) { return detail::as_operand(numbers); });
        } else
            return detail::after_mistake(x);
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};

template <class Shape, class... Options>
struct rms_norm : detail::normalization_members<Shape, no_bias, Options...> {
    static_assert(
        detail::holds<(Shape::rank > 0), "rms_norm: the shape must have an axis at least: rms_norm<pm::shape<64>>">());
    static_assert(detail::holds<((detail::is_normalization_option<Options> && ...)),
                                "rms_norm: " PARAMORPH_NORMALIZATION_OPTIONS>());
    static_assert(detail::given_once<"rms_norm", Options...>());
    using input_shape = Shape;

    PARAMORPH_BEGINS_FROM_SEED(rms_norm)

    constexpr auto forward(auto x) const {
        using X = shape_type_of<decltype(x)>;
        using T = typename detail::operand_type<decltype(x)>::value_type;
        if constexpr (detail::ends_in<"rms_norm", Shape, decltype(x)>()) {
            constexpr double epsilon =
                detail::epsilon_among<Options...>::or_else(double(std::numeric_limits<T>::epsilon()));
            auto const rows = reshape<shape_by<detail::last_axes_merged<X, Shape::rank>>>(x);
            auto const y = reshape<X>(detail::of_unit_square(rows, epsilon));
            return this->apply(*this, y, [](auto const& numbers) { return detail::as_operand(numbers); });
        } else
            return detail::after_mistake(x);
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
};

template <int Groups, int Channels, class... Options>
struct group_norm : detail::normalization_members<shape<detail::at_least_one(Channels)>, Options...> {
    static_assert(detail::holds<((detail::is_normalization_option<Options> && ...)),
                                "group_norm: " PARAMORPH_NORMALIZATION_OPTIONS>());
    static_assert(detail::given_once<"group_norm", Options...>());

    PARAMORPH_BEGINS_FROM_SEED(group_norm)

    constexpr auto forward(auto x) const {
        using X = shape_type_of<decltype(x)>;
        if constexpr (!divides || !detail::has_channels<"group_norm", Channels, decltype(x)>())
            return detail::after_mistake(x);
        else {
            constexpr extents s = X::value;
            auto const rows = reshape<shape<s.d[0], Groups, s.size() / (s.d[0] * Groups)>>(x);
            auto const y = reshape<X>(detail::standardized(rows, detail::epsilon_among<Options...>::or_else(1e-5)));
            return this->apply(*this, y,
                               [](auto const& numbers) { return detail::of_channels<Channels, decltype(x)>(numbers); });
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }

  private:
    static constexpr bool check() {
        constexpr bool fits = Groups > 0 && Channels > 0 && Channels % (Groups > 0 ? Groups : 1) == 0;
        if constexpr (!fits) {
            using wrong = detail::mistake<detail::sentence(
                "group_norm: the number of groups must divide the number of channels: ", Groups, " groups, ", Channels,
                " channels")>;
            using said [[maybe_unused]] = wrong::type;
        }
        return fits;
    }
    static constexpr bool divides = check();
};
#undef PARAMORPH_NORMALIZATION_OPTIONS

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
