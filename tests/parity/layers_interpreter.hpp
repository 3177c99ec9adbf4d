// The gradient of a case by the interpreter, which computes in double and of which nothing is compiled for a case.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <memory>

#include <paramorph/graph/evaluate.hpp>
#include <paramorph/graph/simplify.hpp>
#include <paramorph/nn/gradient_program.hpp>

#include "layers.hpp"

template <class Case>
std::vector<double> by_the_interpreter(std::vector<double> const& given) {
    using P = pm::program::value_and_gradient_of<std::remove_const_t<decltype(objective)>, Case,
                                                 pm::input<pm::shape<>, double>>;
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify_to_differentiate(P::traced()));
    constexpr pm::detail::trained_leaves<Case> wanted;
    pm::detail::output_gradients(*g, g->outputs[0], pm::append_constant(*g, 1), wanted.at, P::originals);
    double const one = 1;
    double value = 0;
    std::vector<double> gradient(given.size());
    std::vector<double const*> in;
    std::vector<double*> out{&value};
    std::size_t at = 0;
    Case const net;
    pm::for_each_tensor(net, [&]<class Tensor>(Tensor const&) {
        in.push_back(given.data() + at);
        out.push_back(gradient.data() + at);
        at += Tensor::shape_type::size;
    });
    in.push_back(&one);
    if (!pm::ir::evaluate(*g, in.data(), out.data()).ok()) return {};
    return gradient;
}

struct named_case {
    std::string_view name;
    std::size_t size;
    std::vector<double> (*gradient)(std::vector<double> const&);
};
template <template <class> class Case>
named_case named(std::string_view name) {
    return {name, pm::parameter_count<Case<double>>, by_the_interpreter<Case<double>>};
}

// Those of layers_convolutions.cpp, and their gradients by kernels, in float.
std::vector<named_case> convolution_cases();
std::vector<double> convolutions_by_kernels(std::string_view name, std::vector<double> const& given);
