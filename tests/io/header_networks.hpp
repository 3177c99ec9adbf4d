// The networks of tests/io/header.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace pm = paramorph;

using digits = pm::nn::sequential<pm::nn::linear<17, 33>, pm::nn::relu, pm::nn::linear<33, 5, pm::no_bias>,
                                  pm::nn::tanh, pm::nn::linear<5, 1>>;
using wide = pm::nn::sequential<pm::nn::linear<6, 4, pm::element_type<double>>, pm::nn::sigmoid,
                                pm::nn::linear<4, 3, pm::element_type<double>>>;
using rotating = pm::nn::sequential<pm::nn::linear<8, 8, pm::weight<pm::param::skew, pm::param::cayley>>, pm::nn::tanh,
                                    pm::nn::linear<8, 3, pm::weight<pm::param::weight_norm<>>>>;

// A matrix that is read in another way than by products with rows, a scalar, and running statistics.
struct mixed {
    pm::nn::linear<6, 8> inner;
    pm::nn::batch_norm<8> norm;
    pm::tensor<pm::shape<8, 8>> square;
    pm::tensor<pm::shape<>> factor;
    using input_shape = pm::shape<6>;
    constexpr auto forward(auto x) const {
        auto const h = pm::tanh(inner(x));
        return pm::matmul(h, pm::transpose(square) * factor) + pm::sum<1>(square);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(mixed, inner, norm, square, factor);
