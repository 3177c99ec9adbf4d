// Layers for layers.py: `layers float|double CASE` reads the numbers of all tensors of a case from standard input, in
// the order of the walk, and writes the gradient in the same order, all in double; see layers.hpp.
//
// SPDX-License-Identifier: BSL-1.0
#include "layers.hpp"

#include <cstdio>
#include <memory>

#include <paramorph/graph/evaluate.hpp>
#include <paramorph/graph/simplify.hpp>
#include <paramorph/nn/gradient_program.hpp>

namespace {

// By the interpreter, which computes in double and of which nothing is compiled for a case.
template <class Case>
std::vector<double> by_the_interpreter(std::vector<double> const& given) {
    using P = pm::program::value_and_gradient_of<std::remove_const_t<decltype(objective)>, Case,
                                                 pm::input<pm::shape<>, double>>;
    auto const g = std::make_unique<pm::graph>(pm::simplify_to_differentiate(P::traced()));
    constexpr pm::detail::trained_leaves<Case> wanted;
    pm::detail::output_gradients(*g, g->outputs[0], pm::place_number(*g, 1), wanted.at, P::originals);
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
    if (!pm::evaluate(*g, in.data(), out.data()).ok()) return {};
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

}  // namespace

int main(int count, char** arguments) {
    named_case const cases[]{named<sequences>("sequences"),
                             named<cells>("cells"),
                             named<lstms>("lstms"),
                             named<batches>("batches"),
                             named<stacks>("stacks"),
                             named<attentions>("attentions"),
                             named<activations>("activations"),
                             named<normalizations>("normalizations"),
                             named<containers>("containers")};
    if (count != 3) return 1;
    for (named_case const& c : cases) {
        if (c.name != arguments[2]) continue;
        std::vector<double> given(c.size);
        if (std::fread(given.data(), sizeof(double), c.size, stdin) != c.size) return 2;
        std::vector<double> found;
        if (std::string_view(arguments[1]) == "double")
            found = c.gradient(given);
        else {
            found = recurrent_by_kernels(c.name, given);
            if (found.empty()) found = others_by_kernels(c.name, given);
        }
        return std::fwrite(found.data(), sizeof(double), found.size(), stdout) == c.size ? 0 : 3;
    }
    return 1;
}
