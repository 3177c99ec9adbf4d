// What printers.py looks at in gdb.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/activations.hpp>
#include <paramorph/nn/materialized.hpp>
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/nn/sequential.hpp>
#include <paramorph/param/positive.hpp>
#include <paramorph/param/spectral_norm.hpp>
#include <paramorph/param/weight_norm.hpp>
#include <paramorph/views.hpp>

namespace pm = paramorph;

struct gated {  // a struct of one's own
    pm::nn::linear<2, 2, pm::no_bias> inner;
    pm::tensor<pm::shape<2>> gain;
    constexpr auto forward(auto x) const { return inner(x) * gain; }
};
BOOST_HANA_ADAPT_STRUCT(gated, inner, gain);

using model = pm::nn::sequential<pm::nn::linear<3, 2, pm::weight<pm::param::weight_norm<>>>, pm::nn::relu,
                                 pm::nn::linear<2, 400, pm::no_bias>>;
using constrained = pm::parametrize<gated, pm::at<"gain", pm::param::positive>>;

int stop(int n) {
    return n;
}

int main() {
    model net{pm::seed{0}};
    pm::get<0>(net).bias = xt::xtensor_fixed<float, xt::xshape<2>>{1, 2};
    pm::nn::linear<2, 2, pm::element_type<double>, pm::weight<pm::param::spectral_norm<>>> normed{pm::seed{0}};
    normed.bias = xt::xtensor_fixed<double, xt::xshape<2>>{5, 6};
    gated own = pm::make<gated>(pm::seed{0});
    own.gain = xt::xtensor_fixed<float, xt::xshape<2>>{3, 4};
    constrained overlaid = pm::make<constrained>(pm::seed{0});
    pm::tensor<pm::shape<2, 2>> empty;
    xt::xtensor_fixed<float, xt::xshape<2, 2>> fixed{{1, 2}, {3, 4}};
    xt::xtensor<double, 2> dynamic = xt::ones<double>({2, 3});
    auto const& reference = normed;
    xt::xtensor<float, 2, xt::layout_type::column_major> const columns{{1, 2, 3}, {4, 5, 6}};
    auto const view = pm::view<pm::shape<2, 2>>(fixed);
    xt::xtensor_fixed<double, xt::xshape<>> const number(2.0);
    auto const frozen = pm::freeze(net);
    auto const cached = pm::cached(normed);
    auto moved = pm::freeze(own);
    auto const of_it = std::move(moved);
    if (frozen.data(1)[1] != 2 || cached.stale() || of_it.data(1)[0] != 3) return 1;
    if (reference.weight().size() != columns.size() - 2 || view.size() != 4 || number() != 2) return 1;
    return stop(static_cast<int>(fixed.size() + dynamic.size()) - 10) + empty.requires_gradient() - 1;
}
