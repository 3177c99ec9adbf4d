// Arrays of others: a network reads what a std::span and a plain address refer to, and its tensors are given away as
// spans; nothing is copied. Matrices of Eigen and std::mdspan are taken the same way (pm::view(m)). Exit status 0 if
// the network gives what it gives of an xtensor container, and what is written through the span is the network's.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <span>
#include <vector>

#include <paramorph/paramorph.hpp>
#include <paramorph/views.hpp>

namespace pm = paramorph;

int main() {
    auto net = pm::make<pm::nn::linear<3, 2>>(pm::seed{0});
    std::vector<float> samples{1, 2, 3, 4, 5, 6};
    // [readme]
    auto const fixed = net(pm::view<pm::shape<2, 3>>(samples));               // two rows, in the type
    auto const batch = net(pm::view(samples.data(), samples.size() / 3, 3));  // as many rows as there are
    std::span<float> const weights = pm::view_as<std::span<float>>(net.weight.original());
    // [readme]
    xt::xtensor_fixed<float, xt::xshape<2, 3>> const x{{1, 2, 3}, {4, 5, 6}};
    bool const same = fixed == net(x) && xt::allclose(batch, fixed);
    weights[0] += 1;
    bool const written = std::abs(net(x)(0, 0) - fixed(0, 0) - 1) < 1e-5F;
    std::printf("views: %s, written through a span: %s\n", same ? "the same" : "not the same", written ? "yes" : "no");
    return same && written ? 0 : 1;
}
