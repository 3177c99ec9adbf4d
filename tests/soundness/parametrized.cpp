// The soundness suite (suite.hpp): parametrized weights, in double, by fast functions.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/group_sort.hpp"
#include "paramorph/param/orthogonal.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/spectral_norm.hpp"
#include "paramorph/param/symmetric.hpp"
#include "paramorph/param/unit_norm.hpp"
#include "paramorph/param/weight_norm.hpp"
#include "suite.hpp"

using namespace pm::nn;

namespace {

template <auto Function>
struct activation {
    static constexpr auto forward(auto x) { return Function(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
using fast_tanh = activation<[](auto x) { return pm::tanh<pm::fast>(x); }>;
using fast_silu = activation<[](auto x) { return pm::silu<pm::fast>(x); }>;
using fast_gelu = activation<[](auto x) { return pm::gelu<pm::fast>(x); }>;
using fast_bell = activation<[](auto x) { return pm::exp<pm::fast>(0.0 - x * x) + pm::sigmoid<pm::fast>(0.5 * x); }>;

}  // namespace

TEST_CASE("soundness: orthogonal, normalized and symmetric weights") {
    using namespace pm::param;
    using net =
        sequential<linear<8, 8, pm::weight<orthogonal<>>>, group_sort<4>, linear<8, 8, pm::weight<symmetric>>, relu,
                   linear<8, 6, pm::weight<spectral_norm<>>>, pm::nn::tanh, linear<6, 3, pm::weight<weight_norm<>>>>;
    // Of larger numbers the exponential of a matrix is refused.
    soundness::trial<net, pm::shape<1, 8>>{17}.run("orthogonal, normalized, symmetric", 2);
}
TEST_CASE("soundness: positive weights, rows of length 1") {
    using namespace pm::param;
    using net = sequential<linear<6, 10, pm::weight<unit_norm>>, softplus, linear<10, 8, pm::weight<positive>>, elu<>,
                           linear<8, 2, pm::weight<positive>>>;
    soundness::trial<net, pm::shape<1, 6>>{18}.run("positive, of length 1", 8);
}
TEST_CASE("soundness: in double") {
    using d = pm::element_type<double>;
    using net = sequential<linear<7, 12, d>, gelu, linear<12, 10, d>, leaky_relu<>, linear<10, 5, d>, softmax<>>;
    soundness::trial<net, pm::shape<1, 7>, double>{19}.run("double", 20);
}
TEST_CASE("soundness: fast functions") {
    using net = sequential<linear<8, 10>, fast_tanh, linear<10, 10>, fast_silu, linear<10, 10>, fast_gelu,
                           linear<10, 8>, fast_bell, linear<8, 3>>;
    soundness::trial<net, pm::shape<1, 8>>{20}.run("fast functions", 12);
}
