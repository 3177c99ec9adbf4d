// batch_norm<N, ...>: y = (x - mean) / sqrt(variance + epsilon) * weight + bias, channel by channel, over [batch, N],
// [batch, N, length] or [batch, N, height, width]. In training mean and variance are those of the batch and all axes
// but axis 1 (the variance divided by their number n), and the running ones move towards them by a tenth (the variance
// then divided by n - 1), once for each use of the layer in a step. In inference they are the running ones, so that
// rows do not depend on each other: [N] -> [N], too, frozen, on targets, and for batches known at run time. Weight and
// running variance begin as ones, bias and running mean as zeros. Options: pm::epsilon<1e-3> (1e-5),
// pm::momentum<0.01>, by how much the running ones move (0.1), pm::no_affine, no weight and bias,
// pm::element_type<double>.
//
//     using model = pm::nn::sequential<pm::nn::linear<64, 32>, pm::nn::batch_norm<32>, pm::nn::relu>;
//
// Names are PyTorch's: weight, bias, running_mean, running_var; there is no num_batches_tracked, which only a momentum
// of None reads. Errors, by the compiler: another number of channels; in training one number for each channel, or a
// batch that is not in the shape, whose variance is nothing to divide by. A training program has its batch in its type:
// run-time batches are for inference. Cost in training: two reductions over the batch. Gradients flow through the
// batch's mean and variance. Source: Ioffe and Szegedy 2015; torch.nn.BatchNorm1d, BatchNorm2d.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/channels.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/normalization.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/square.hpp"
#include "paramorph/op/subtract.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// Option of batch_norm.
template <auto Value>
struct momentum {
    static_assert(Value >= 0 && Value <= 1, "momentum: the number must be between 0 and 1");
};

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

template <int N, class T, bool Affine>
struct batch_norm_members {
    BOOST_HANA_DEFINE_STRUCT(batch_norm_members, (tensor<shape<N>, chain<>, T>, weight),
                             (tensor<shape<N>, chain<>, T>, bias), (buffer<shape<N>, chain<>, T>, running_mean),
                             (buffer<shape<N>, chain<>, T>, running_var));
    constexpr batch_norm_members() : weight(full(1)), bias(full(0)), running_var(full(1)) {}
    static constexpr auto scaled(auto const& self, auto y, auto as_in_y) {
        return y * as_in_y(self.weight) + as_in_y(self.bias);
    }
};
template <int N, class T>
struct batch_norm_members<N, T, false> {
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
                                 !(std::is_same_v<Options, no_affine> || ...)> {
    static_assert(Channels > 0, "batch_norm: the number of channels must be positive");
    static_assert(((detail::is_element_type<Options> || detail::is_epsilon<Options> || detail::is_momentum<Options> ||
                    std::is_same_v<Options, no_affine>) &&
                   ...),
                  "batch_norm: an option must be pm::epsilon<number>, pm::momentum<number>, pm::no_affine or "
                  "pm::element_type<T>");
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
            return x;
        } else if constexpr (M == mode::inference)
            return normalized(x, this->running_mean, this->running_var);
        else if constexpr (s.rank == 1 || s.size() / Channels < 2) {
            // Both modes of forward are compiled; this one must not be traced.
            if (x.traced) refused::batch_norm_in_training_takes_a_batch_of_two_rows_or_more();
            return x;
        } else {
            constexpr double count = s.size() / Channels;
            auto const average = mean_of_channels(x);
            auto const variance = mean_of_channels(square(x - in_channels<decltype(x)>(average)));
            return updated(normalized(x, average, variance),
                           this->running_mean = moved(this->running_mean, detach(average)),
                           this->running_var = moved(this->running_var, detach(variance) * (count / (count - 1))));
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
    static constexpr auto mean_of_channels(auto const& x) {
        constexpr int rank = extents_of<decltype(x)>.rank;
        if constexpr (rank == 2)
            return mean<0>(x);
        else if constexpr (rank == 3)
            return mean<0, 2>(x);
        else
            return mean<0, 2, 3>(x);
    }
    constexpr auto normalized(auto x, auto const& average, auto const& variance) const {
        using X = decltype(x);
        auto const y = (x - in_channels<X>(average)) / in_channels<X>(sqrt(variance + epsilon));
        return this->scaled(*this, y, [](auto const& numbers) { return in_channels<X>(numbers); });
    }
    static constexpr auto moved(auto const& from, auto to) { return from * (1 - momentum) + to * momentum; }
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
