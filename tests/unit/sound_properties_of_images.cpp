// Lipschitz constants of networks over images and sequences, and of what reads and puts together elements, against what
// a search finds of networks at random.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>

#include "../slopes.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/conv_transpose.hpp"
#include "paramorph/nn/convolution.hpp"
#include "paramorph/nn/flatten.hpp"
#include "paramorph/nn/group_sort.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/pooling.hpp"
#include "paramorph/nn/prelu.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/gather.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/param/lipschitz.hpp"
#include "paramorph/param/operator_norm.hpp"
#include "paramorph/param/orthogonal.hpp"

namespace param = pm::param;

namespace {

using doubles = pm::element_type<double>;
using orthogonal = pm::weight<param::orthogonal<>>;
using bounded = pm::weight<param::lipschitz<2, 2>>;
template <int Groups = 1>
using of_norm_one = pm::weight<param::operator_norm<2, Groups>>;
template <class Shape, class... Modules>
using net = pm::called_with<pm::nn::sequential<Modules...>, Shape>;

// No slope is larger than the bound, and one comes so close.
template <class Net>
void hold(double close) {
    double const share = slopes::reach<Net>(2);
    CHECK(share <= 1 + 1e-9);
    CHECK(share >= close);
}

#define MODULE(name, body)                               \
    struct name {                                        \
        pm::nn::linear<6, 6, doubles, orthogonal> inner; \
        constexpr auto forward(auto x) const {           \
            return body;                                 \
        }                                                \
        constexpr auto operator()(auto const& x) const { \
            return pm::call(*this, x);                   \
        }                                                \
        using input_shape = pm::shape<6>;                \
    };
MODULE(gathered, (pm::gather<0, 5, 0, 0, 2, 0>(inner(x))))
MODULE(padded, (pm::pad<0, 2, 3>(pm::tanh(inner(x)))))
MODULE(strided,
       (pm::concatenate<0>(pm::slice<0, 0, 6, 2>(x), pm::slice<0, 1, 6, 2>(x), pm::slice<0, 5, 1, -2>(inner(x)))))
MODULE(reshaped, (pm::transpose(pm::reshape<pm::shape<2, 3>>(x)) + pm::reshape<pm::shape<3, 2>>(inner(x))))
MODULE(summed, (pm::sum<0>(pm::reshape<pm::shape<2, 3>>(inner(x))) - 0.5 * pm::max<0>(pm::reshape<pm::shape<2, 3>>(x))))
MODULE(lengths, (pm::norm<2, 1>(pm::reshape<pm::shape<2, 3>>(inner(x)))))
MODULE(broadcast, (pm::reshape<pm::shape<6, 1>>(pm::tanh(x)) + pm::reshape<pm::shape<1, 6>>(inner(x))))
MODULE(gated, pm::sigmoid(inner(x)) * pm::tanh(x) + pm::relu(x) * 0.25)
#undef MODULE
// Filters twice: they have another norm than the tensor.
struct twice_filtered {
    pm::nn::conv1d<1, 2, 3, doubles, of_norm_one<>> inner;
    constexpr auto forward(auto x) const {
        constexpr pm::attributes at = [] {
            pm::op::convolution_numbers n;
            n.size[1] = 7;
            return n.pack(3);
        }();
        return pm::apply<pm::op::convolution, at>(x, pm::concatenate<0>(inner.weight, inner.weight));
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
    using input_shape = pm::shape<1, 1, 9>;
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(twice_filtered, inner);
BOOST_HANA_ADAPT_STRUCT(gathered, inner);
BOOST_HANA_ADAPT_STRUCT(padded, inner);
BOOST_HANA_ADAPT_STRUCT(strided, inner);
BOOST_HANA_ADAPT_STRUCT(reshaped, inner);
BOOST_HANA_ADAPT_STRUCT(summed, inner);
BOOST_HANA_ADAPT_STRUCT(lengths, inner);
BOOST_HANA_ADAPT_STRUCT(broadcast, inner);
BOOST_HANA_ADAPT_STRUCT(gated, inner);

static_assert(!(pm::lipschitz<twice_filtered> < 1.4));  // the root of 2 at least

TEST_CASE("lipschitz: convolutions, however their windows overlap") {
    using pm::nn::conv1d, pm::nn::conv2d, pm::nn::conv_transpose1d;
    hold<net<pm::shape<1, 1, 9>, conv1d<1, 2, 3, doubles, bounded, pm::padding<1>>>>(0.3);
    hold<net<pm::shape<1, 2, 9>, conv1d<2, 3, 3, doubles, orthogonal, pm::stride<2>>>>(0.3);
    hold<net<pm::shape<1, 2, 9>, conv1d<2, 2, 3, doubles, bounded, pm::dilation<2>, pm::groups<2>>>>(0.2);
    hold<net<pm::shape<1, 1, 9>, conv1d<1, 4, 2, doubles, bounded, pm::dilation<3>, pm::stride<2>>>>(0.3);
    hold<net<pm::shape<1, 2, 5>, conv_transpose1d<2, 3, 3, doubles, bounded, pm::stride<2>>>>(0.3);
    hold<net<pm::shape<1, 1, 4, 4>, conv2d<1, 4, 2, doubles, orthogonal>, pm::nn::group_sort<2, 1>>>(0.3);
}
TEST_CASE("lipschitz: convolutions whose stage bounds their norm") {
    using pm::nn::conv1d, pm::nn::conv2d, pm::nn::conv_transpose1d;
    hold<net<pm::shape<1, 2, 9>, conv1d<2, 3, 3, doubles, of_norm_one<>, pm::padding<1>>>>(0.7);
    hold<net<pm::shape<1, 2, 9>, conv1d<2, 3, 3, of_norm_one<>, pm::padding<1>>>>(0.7);  // in float
    hold<net<pm::shape<1, 2, 5>, conv_transpose1d<2, 3, 3, of_norm_one<>, pm::stride<2>>>>(0.4);
    hold<net<pm::shape<1, 4, 6>, conv1d<4, 4, 3, doubles, of_norm_one<2>, pm::groups<2>>>>(0.5);
    hold<net<pm::shape<1, 4, 6>, conv1d<4, 4, 3, doubles, of_norm_one<>, pm::groups<2>>>>(0.3);
    // The groups of the stage one below the other.
    hold<net<pm::shape<1, 4, 6>, conv1d<4, 4, 3, doubles, of_norm_one<2>>>>(0.5);
    hold<net<pm::shape<6>, pm::nn::linear<6, 4, doubles, of_norm_one<2>>>>(0.5);
    hold<net<pm::shape<1, 1, 4, 4>, conv2d<1, 2, 2, of_norm_one<>>>>(0.5);
    static_assert(pm::lipschitz<net<pm::shape<1, 2, 9>, conv1d<2, 3, 3, of_norm_one<>>>> < 1.001);
    // Where rounding could undo it nothing is stated: some 10^5 products to a number.
    static_assert(param::operator_norm<>::norm_of_convolution({4, {512, 512, 5, 5}}, 0x1p-23) > 1e300);
}

TEST_CASE("lipschitz: pooling, of windows that overlap and of those that do not") {
    hold<net<pm::shape<1, 2, 8>, pm::nn::max_pool1d<2>>>(0.9);
    hold<net<pm::shape<1, 2, 8>, pm::nn::max_pool1d<3, pm::stride<1>>>>(0.8);
    hold<net<pm::shape<1, 2, 8>, pm::nn::max_pool1d<2, pm::dilation<3>, pm::stride<1>>>>(0.8);
    hold<net<pm::shape<1, 2, 8>, pm::nn::adaptive_max_pool1d<3>>>(0.8);
    hold<net<pm::shape<1, 2, 8>, pm::nn::avg_pool1d<2>>>(0.9);
    hold<net<pm::shape<1, 2, 8>, pm::nn::avg_pool1d<3, pm::stride<1>, pm::padding<1>>>>(0.7);
    hold<net<pm::shape<1, 1, 4, 4>, pm::nn::max_pool2d<2>, pm::nn::flatten<>>>(0.9);
}

TEST_CASE("lipschitz: elements that are moved, repeated, left out and put together") {
    hold<gathered>(0.9);
    hold<padded>(0.9);
    hold<strided>(0.6);
    hold<reshaped>(0.4);
    hold<summed>(0.4);
    hold<lengths>(0.9);
    hold<broadcast>(0.5);
    hold<gated>(0.3);
}
