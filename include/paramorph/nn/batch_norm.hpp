// batch_norm<N, ...>: y = (x - mean) / sqrt(variance + epsilon) * weight + bias, channel by channel, over [batch, N],
// [batch, N, length] or [batch, N, height, width]. In training mean and variance are those of the batch and all axes
// but axis 1 (the variance divided by their number n), and the running ones move towards them by a tenth (the variance
// then divided by n - 1), once for each use of the layer in a step. In inference they are the running ones, so that
// rows do not depend on each other: [N] -> [N], too, frozen, on targets, and for batches known at run time. Weight and
// running variance begin as ones, bias and running mean as zeros. Options: pm::epsilon<1e-3> (1e-5),
// pm::momentum<0.01>, by how much the running ones move (0.1), or pm::momentum<pm::cumulative>, by one over the number
// of batches so far, so that they are the averages of all (PyTorch's momentum=None); pm::no_affine, no weight and bias;
// pm::element_type<double>.
//
//     using model = pm::nn::sequential<pm::nn::linear<64, 32>, pm::nn::batch_norm<32>, pm::nn::relu>;
//
// Names are PyTorch's: weight, bias, running_mean, running_var, and num_batches_tracked, which only a cumulative
// momentum reads, so that no other has it; it is exact up to 2^24 batches in float. A training program has its batch in
// its type: run-time batches are for inference. Values and gradients in training are right for channels of any scale
// that layer_norm's are right for, and a channel of equal numbers gives the bias; a statistic of a batch that is not finite, or not as
// a variance, leaves the running one as it was (PyTorch: NaN for good); cumulative ones are then all left, and the
// batch is not counted. Gradients flow through the batch's mean and variance. Errors, by the compiler: another number
// of channels; in training one number for each channel, or a batch that is not in the shape, whose variance is nothing
// to divide by. Cost: in training two reductions over the batch. Source: Ioffe and Szegedy 2015; torch.nn.BatchNorm1d,
// BatchNorm2d.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include "paramorph/nn/channels.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/normalization.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/deviation.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/square.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {
enum class momentum_mode { cumulative };
}
// In pm::momentum<pm::cumulative>: the running statistics are the averages of all batches so far.
inline constexpr auto cumulative = detail::momentum_mode::cumulative;

// Option of batch_norm: the share by which a batch moves the running statistics.
template <auto Value>
struct momentum {
    static_assert(detail::holds<(Value >= 0 && Value <= 1), "momentum: the number must be between 0 and 1">());
};
template <>
struct momentum<cumulative> {};

namespace detail {

template <class Option>
inline constexpr bool is_momentum = false;
template <auto Value>
inline constexpr bool is_momentum<momentum<Value>> = true;

// The number of the option, or a tenth.
template <class... Options>
inline constexpr double momentum_among = 0.1;
template <class Option, class... Rest>
inline constexpr double momentum_among<Option, Rest...> = momentum_among<Rest...>;
template <auto Value, class... Rest>
inline constexpr double momentum_among<momentum<Value>, Rest...> = double(Value);
template <class... Rest>
inline constexpr double momentum_among<momentum<cumulative>, Rest...> = 0;

template <int N, class T, bool Affine, bool Counts>
struct batch_norm_members;
template <int N, class T>
struct batch_norm_members<N, T, true, false> {
    BOOST_HANA_DEFINE_STRUCT(batch_norm_members, (tensor<shape<N>, chain<>, T>, weight),
                             (tensor<shape<N>, chain<>, T>, bias), (buffer<shape<N>, chain<>, T>, running_mean),
                             (buffer<shape<N>, chain<>, T>, running_var));
    constexpr batch_norm_members() : weight(full(1)), bias(full(0)), running_var(full(1)) {}
    static constexpr auto scaled(auto const& self, auto y, auto as_in_y) {
        return y * as_in_y(self.weight) + as_in_y(self.bias);
    }
};
template <int N, class T>
struct batch_norm_members<N, T, true, true> {
    BOOST_HANA_DEFINE_STRUCT(batch_norm_members, (tensor<shape<N>, chain<>, T>, weight),
                             (tensor<shape<N>, chain<>, T>, bias), (buffer<shape<N>, chain<>, T>, running_mean),
                             (buffer<shape<N>, chain<>, T>, running_var),
                             (buffer<shape<>, chain<>, T>, num_batches_tracked));
    constexpr batch_norm_members() : weight(full(1)), bias(full(0)), running_var(full(1)) {}
    static constexpr auto scaled(auto const& self, auto y, auto as_in_y) {
        return y * as_in_y(self.weight) + as_in_y(self.bias);
    }
};
template <int N, class T>
struct batch_norm_members<N, T, false, true> {
    BOOST_HANA_DEFINE_STRUCT(batch_norm_members, (buffer<shape<N>, chain<>, T>, running_mean),
                             (buffer<shape<N>, chain<>, T>, running_var),
                             (buffer<shape<>, chain<>, T>, num_batches_tracked));
    constexpr batch_norm_members() : running_var(full(1)) {}
    static constexpr auto scaled(auto const&, auto y, auto) { return y; }
};
template <int N, class T>
struct batch_norm_members<N, T, false, false> {
    BOOST_HANA_DEFINE_STRUCT(batch_norm_members, (buffer<shape<N>, chain<>, T>, running_mean),
                             (buffer<shape<N>, chain<>, T>, running_var));
    constexpr batch_norm_members() : running_var(full(1)) {}
    static constexpr auto scaled(auto const&, auto y, auto) { return y; }
};

}  // namespace detail

namespace nn {

template <int Channels, class... Options>
struct batch_norm
    : detail::batch_norm_members<detail::at_least_one(Channels), typename detail::layer_options<Options...>::value_type,
                                 !(std::is_same_v<Options, no_affine> || ...),
                                 (std::is_same_v<Options, paramorph::momentum<cumulative>> || ...)> {
    static_assert(detail::are_positive<"batch_norm: the number of channels must be positive", Channels>());
    static_assert(
        ((detail::is_element_type<Options> || detail::is_epsilon<Options> || detail::is_momentum<Options> ||
          std::is_same_v<Options, no_affine>) &&
         ...),
        "batch_norm: an option must be pm::epsilon<number>, pm::momentum<number>, pm::momentum<pm::cumulative>, "
        "pm::no_affine or pm::element_type<T>");
    static_assert(detail::given_once<"batch_norm", Options...>());
    static constexpr double epsilon = detail::epsilon_among<Options...>::or_else(1e-5),
                            momentum = detail::momentum_among<Options...>;
    using input_shape = shape<detail::at_least_one(Channels)>;

    PARAMORPH_BEGINS_FROM_SEED(batch_norm)

    template <mode M>
    constexpr auto forward(auto x) const {
        constexpr extents s = extents_of<decltype(x)>;
        constexpr bool takes = s.rank >= 1 && s.d[s.rank == 1 ? 0 : 1] == Channels;
        if constexpr (!takes) {
            if constexpr (M == mode::training)  // of both modes one says it
            {
                using wrong = detail::mistake<detail::sentence(
                    "batch_norm: takes [batch, ", Channels, "], it is given ", s, ": write batch_norm<",
                    s.d[s.rank > 1 ? 1 : 0], ">, or change what comes before it")>;
                using said [[maybe_unused]] = wrong::type;
            }
            return detail::after_mistake(x);
        } else if constexpr (M == mode::inference)
            return normalized(x, this->running_mean, this->running_var);
        else if constexpr (s.rank == 1 || s.size() / Channels < 2) {
            // Both modes of forward are compiled; this one must not be traced.
            if (x.traced) refused::batch_norm_in_training_takes_a_batch_of_two_rows_or_more();
            return x;
        } else {
            // As in layer_norm, the first number of a channel is taken away first, and squares are scaled where they
            // do not fit.
            using X = decltype(x);
            constexpr double count = s.size() / Channels;
            auto const first = detach(first_of_channels(x));
            auto const differences = x - first;
            auto const shift = of_channels(differences, []<int... Axes>(auto const& v) { return mean<Axes...>(v); });
            auto const centred = differences - in_channels<X>(shift);
            auto const squares =
                of_channels(centred, []<int... Axes>(auto const& v) { return detail::sum_of_squares<Axes...>(v); });
            auto const r = apply_elementwise<op::inverse_deviation>(squares, 1 / count, epsilon);
            auto const y = apply_elementwise<op::over_deviation>(centred, in_channels<X>(r));
            auto const total =
                detach(where(squares < 0, square(apply_elementwise<op::root_of_squares>(squares)), squares));
            return moving(affine(y), reshape<shape<Channels>>(first) + detach(shift), total * (1 / (count - 1)));
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    PARAMORPH_TAKES_NO_LIST

  private:
    // One number for each channel, as an operand beside X.
    template <class X>
    static constexpr auto in_channels(auto const& numbers) {
        if constexpr (extents_of<X>.rank <= 2)
            return detail::as_operand(numbers);
        else
            return detail::of_channels<Channels, X>(numbers);
    }
    // What a reduction makes of each channel, along the batch and the axes after the channels.
    static constexpr auto of_channels(auto const& x, auto reduced) {
        constexpr int rank = extents_of<decltype(x)>.rank;
        if constexpr (rank == 2)
            return reduced.template operator()<0>(x);
        else if constexpr (rank == 3)
            return reduced.template operator()<0, 2>(x);
        else
            return reduced.template operator()<0, 2, 3>(x);
    }
    // The first number of each channel, in the rank of x.
    template <int Axis = 0>
    static constexpr auto first_of_channels(auto const& x) {
        if constexpr (Axis == extents_of<decltype(x)>.rank)
            return x;
        else if constexpr (Axis == 1)
            return first_of_channels<2>(x);
        else
            return first_of_channels<Axis + 1>(slice<Axis, 0, 1>(x));
    }
    constexpr auto normalized(auto x, auto const& average, auto const& variance) const {
        using X = decltype(x);
        return affine((x - in_channels<X>(average)) / in_channels<X>(sqrt(variance + epsilon)));
    }
    constexpr auto affine(auto y) const {
        return this->scaled(*this, y, [](auto const& numbers) { return in_channels<decltype(y)>(numbers); });
    }
    // The result, and what the running statistics become by those of a batch; they stay where that is not finite, and
    // are those of the batch where they were not finite themselves, or a variance below zero.
    constexpr auto moving(auto y, auto average, auto variance) const {
        using T = typename decltype(y)::value_type;
        auto const is_finite = [](auto const& x) { return abs(x) <= double(std::numeric_limits<T>::max()); };
        auto const moved = [](auto const& from, auto to, auto by) { return from * (1 - by) + to * by; };
        auto const old_mean = where(is_finite(this->running_mean), this->running_mean, average);
        auto const old_var =
            where(is_finite(this->running_var) * (this->running_var >= 0), this->running_var, variance);
        if constexpr ((std::is_same_v<Options, paramorph::momentum<cumulative>> || ...)) {
            auto const& before = this->num_batches_tracked;
            auto const count = where(is_finite(before) * (before >= 0), before, 0.0) + 1;
            auto const mean = moved(old_mean, average, 1 / count);
            auto const var = moved(old_var, variance, 1 / count);
            auto const all = min(is_finite(mean) * is_finite(var));
            return updated(y, this->running_mean = where(all, mean, this->running_mean),
                           this->running_var = where(all, var, this->running_var),
                           this->num_batches_tracked = where(all, count, this->num_batches_tracked));
        } else {
            auto const mean = moved(old_mean, average, momentum);
            auto const var = moved(old_var, variance, momentum);
            return updated(y, this->running_mean = where(is_finite(mean), mean, this->running_mean),
                           this->running_var = where(is_finite(var), var, this->running_var));
        }
    }
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
