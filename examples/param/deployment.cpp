// fake_quantize, learned_fake_quantize, binary, ternary, pruned, permuted, codebook: weights that are small to store,
// trained as what they will be.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/nn/linear.hpp>
#include <paramorph/nn/losses.hpp>
#include <paramorph/nn/value_and_grad.hpp>
#include <paramorph/optim/sgd.hpp>
#include <paramorph/param/codebook.hpp>
#include <paramorph/param/fake_quantize.hpp>
#include <paramorph/param/permuted.hpp>
#include <paramorph/param/pruned.hpp>
#include <paramorph/param/ternary.hpp>
#include <paramorph/parametrize/nearest.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<float, xt::xshape<2, 4>>;
template <class... P>
using weight = pm::tensor<pm::shape<2, 4>, pm::chain<P...>>;

int main() {
    using namespace pm::param;
    matrix const a{{0.1f, -0.6f, 0.35f, 0.05f}, {0.7f, 0.2f, -0.2f, 0.9f}};
    weight<pm::param::pruned<2, 4>, fake_quantize<4, 0>> small;  // 2 : 4 sparse, then four bits, a scale for each row
    small.project(a);
    weight<ternary<>> three;
    three = pm::nearest(a);
    weight<binary<0>> two;
    two.project(a);
    weight<permuted<0, 1, 0>> turned;
    turned = a;
    weight<codebook<3>> shared;  // three numbers, and two bits for each element that say which
    shared = pm::nearest(a);
    // A layer whose weight has three bits finds what makes the loss least, though its slope is 0 almost everywhere.
    using layer = pm::nn::linear<2, 1, pm::weight<learned_fake_quantize<3>>, pm::no_bias>;
    auto net = pm::make<layer>(pm::seed{1});
    auto step = pm::value_and_grad([](auto& n, auto x, auto t) { return pm::mse(n(x), t); }, net);
    pm::optim::sgd optimizer{net, {.learning_rate = 0.1}};
    xt::xtensor_fixed<float, xt::xshape<2, 2>> const x{{1, 0}, {0, 1}};
    xt::xtensor_fixed<float, xt::xshape<2, 1>> const t{{0.9f}, {-0.3f}};
    for (int k = 0; k < 200; ++k) optimizer.step(step(x, t).gradient);
    auto const w = net.weight();
    std::printf("%g of 7 scales; %g and %g; %g; trained: %g, %g\n", double(small()(0, 1) / (0.6f / 7)),
                double(three()(1, 3)), double(three()(0, 3)), double(two()(0, 0)), double(w(0, 0)), double(w(0, 1)));
    return std::abs(small()(0, 1) + 0.6f) < 1e-6f && small()(0, 0) == 0 && small()(0, 3) == 0 && three()(0, 3) == 0 &&
                   std::abs(two()(0, 0) - 0.275f) < 1e-6f && turned.original()(0, 0) == 0.7f &&
                   std::abs(shared()(0, 0) - 0.175f) < 1e-6f && std::abs(shared()(1, 3) - 0.8f) < 1e-6f &&
                   std::abs(w(0, 0) - 0.9f) < 0.16f && std::abs(w(0, 1) + 0.3f) < 0.16f &&
                   std::abs(w(0, 0) + 3 * w(0, 1)) < 1e-5f
               ? 0
               : 1;
}
