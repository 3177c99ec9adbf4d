// operator_norm: a convolution that stretches no signal, whatever its weight is trained to; the norm of the weight as a
// matrix, which spectral_norm divides by, does not promise that.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/nn/convolution.hpp>
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/param/operator_norm.hpp>
#include <paramorph/param/spectral_norm.hpp>

namespace pm = paramorph;

namespace {

using row = xt::xtensor_fixed<float, xt::xshape<1, 1, 64>>;

// How much longer a constant signal becomes, beside its ends.
template <class P>
double stretch() {
    using layer = pm::parametrize<pm::nn::conv1d<1, 1, 5, pm::padding<pm::same>, pm::no_bias>, pm::weight<P>>;
    auto net = pm::make<layer>(pm::seed{1});
    net.weight.project(xt::xtensor_fixed<float, xt::xshape<1, 1, 5>>{{{0.2f, 0.2f, 0.2f, 0.2f, 0.2f}}});
    net.weight.original() *= 30.0f;  // as many steps of an optimizer would
    row x;
    x.fill(1);
    auto const y = net(x);
    double length = 0;
    for (float const e : y) length += double(e) * double(e);
    return std::sqrt(length / 64);
}

}  // namespace

int main() {
    double const bounded = stretch<pm::param::operator_norm<>>(), as_matrix = stretch<pm::param::spectral_norm<>>();
    std::printf("a mean of five, thirty times: stretched by %g; with spectral_norm by %g\n", bounded, as_matrix);
    return bounded > 0.9 && bounded <= 1 + 1e-6 && as_matrix > 2 ? 0 : 1;
}
