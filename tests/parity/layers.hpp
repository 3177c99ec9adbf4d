// A case is a module whose inputs and cotangents are tensors of its own, and whose objective is the sum of results times
// cotangents. Its gradient then holds, beside that of every weight, those of the inputs, and, as that of the cotangents,
// the results. SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdio>
#include <string_view>
#include <vector>

#include <paramorph/kernel/linear_algebra.hpp>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/value_and_grad.hpp>
#include <paramorph/op/reduce.hpp>

namespace pm = paramorph;

template <class T, int... E>
using tensor = pm::tensor<pm::shape<E...>, pm::chain<>, T>;
template <class T>
using of = pm::element_type<T>;

// Reads the numbers of all tensors from standard input, in the order of the walk, and writes the gradient in the same
// order, all in double. The exit status of the program.
template <class Case>
int run_case() {
    auto net = pm::make<Case>(pm::seed{0});
    bool complete = true;
    pm::for_each_tensor(net, [&](auto& t) {
        std::vector<double> numbers(t.original().size());
        complete = complete && std::fread(numbers.data(), sizeof(double), numbers.size(), stdin) == numbers.size();
        for (std::size_t k = 0; k < numbers.size(); ++k)
            t.original().data()[k] = static_cast<typename std::remove_reference_t<decltype(t)>::value_type>(numbers[k]);
    });
    if (!complete) return 2;
    auto step = pm::value_and_grad([](auto& n, auto one) { return one * n.objective(); }, net);
    auto const& gradient = step(xt::xtensor_fixed<pm::module_value_type<Case>, xt::xshape<>>(1)).gradient;
    std::vector<double> const wide(gradient.flat().begin(), gradient.flat().end());
    std::fwrite(wide.data(), sizeof(double), wide.size(), stdout);
    return 0;
}

// The cases of the other files: the exit status, -1 where the name is none of theirs.
template <class T>
int run_recurrent(std::string_view name);
template <class T>
int run_lstm(std::string_view name);
