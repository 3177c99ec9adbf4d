// batch_norm<N, ...>: y = (x - mean) / sqrt(variance + 1e-5) * weight + bias, column by column, [batch, N] -> [batch,
// N]. In training mean and variance are those of the batch (the variance divided by batch), and the running ones move
// towards them by a tenth (the variance then divided by batch - 1), once for each use of the layer in a step. In
// inference they are the running ones, so that rows do not depend on each other: [N] -> [N], too, frozen, on targets,
// and for batches known at run time. Weight and running variance begin as ones, bias and running mean as zeros. Option:
// pm::element_type<double>.
//
//     using model = pm::nn::sequential<pm::nn::linear<64, 32>, pm::nn::batch_norm<32>, pm::nn::relu>;
//
// Names are PyTorch's: weight, bias, running_mean, running_var; there is no num_batches_tracked, which only a momentum
// of None reads. Errors, by the compiler: another number of columns; in training a batch of one row, or none in the
// shape, whose variance is nothing to divide by. A training program has its batch in its type: run-time batches are
// for inference. Cost in training: two reductions over the batch. Gradients flow through the batch's mean and variance.
// Source: Ioffe and Szegedy 2015; torch.nn.BatchNorm1d.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/nn/linear.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/square.hpp"
#include "paramorph/op/subtract.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <int N, class T>
struct batch_norm_members {
    BOOST_HANA_DEFINE_STRUCT(batch_norm_members, (tensor<shape<N>, chain<>, T>, weight),
                             (tensor<shape<N>, chain<>, T>, bias), (buffer<shape<N>, chain<>, T>, running_mean),
                             (buffer<shape<N>, chain<>, T>, running_var));
    constexpr batch_norm_members() : weight(full(1)), bias(full(0)), running_var(full(1)) {}
};

}  // namespace detail

namespace nn {

template <int Columns, class... Options>
struct batch_norm : detail::batch_norm_members<detail::at_least_one(Columns),
                                               typename detail::layer_options<Options...>::value_type> {
    static_assert(Columns > 0, "batch_norm: the number of columns must be positive");
    static_assert((detail::is_element_type<Options> && ...), "batch_norm: an option must be pm::element_type<T>");
    static constexpr double epsilon = 1e-5, momentum = 0.1;  // PyTorch's
    using input_shape = shape<detail::at_least_one(Columns)>;

    PARAMORPH_BEGINS_FROM_SEED(batch_norm)

    template <mode M>
    constexpr auto forward(auto x) const {
        constexpr extents s = extents_of<decltype(x)>;
        constexpr bool takes = (s.rank == 1 || s.rank == 2) && s.from_end(0) == Columns;
        if constexpr (!takes) {
            if constexpr (M == mode::training)  // of both modes one says it
                using wrong [[maybe_unused]] = detail::mistake<detail::sentence(
                    "batch_norm: takes [batch, ", Columns, "], it is given ", s, ": write batch_norm<", s.from_end(0),
                    ">, or change what comes before it")>;
            return x;
        } else if constexpr (M == mode::inference)
            return normalized(x, this->running_mean, this->running_var);
        else if constexpr (s.rank == 1 || s.d[0] < 2) {
            // Both modes of forward are compiled; this one must not be traced.
            if (x.traced) refused::batch_norm_in_training_takes_a_batch_of_two_rows_or_more();
            return x;
        } else {
            constexpr double rows = s.d[0];
            auto const average = mean<0>(x);
            auto const variance = mean<0>(square(x - average));
            return updated(normalized(x, average, variance),
                           this->running_mean = moved(this->running_mean, detach(average)),
                           this->running_var = moved(this->running_var, detach(variance) * (rows / (rows - 1))));
        }
    }
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
    PARAMORPH_TAKES_NO_LIST

  private:
    constexpr auto normalized(auto x, auto const& average, auto const& variance) const {
        return (x - average) / sqrt(variance + epsilon) * this->weight + this->bias;
    }
    static constexpr auto moved(auto const& from, auto to) { return from * (1 - momentum) + to * momentum; }
};

}  // namespace nn

}  // namespace paramorph::inline PARAMORPH_ABI
