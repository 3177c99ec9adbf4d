// Situations in which verifiers of networks answered wrongly, by public reports: parts that stand in another order,
// arguments of one operation from several layers, signs, boxes of which some inputs are points, quotients and powers of
// what is negative, weights of 1e8. A search tries to leave what is proved.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/define_struct.hpp>

#include "../sound.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/convolution.hpp"
#include "paramorph/nn/flatten.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/names.hpp"
#include "paramorph/nn/normalization.hpp"
#include "paramorph/nn/pooling.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/concatenate.hpp"
#include "paramorph/op/gather.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/pow.hpp"
#include "paramorph/op/sign.hpp"
#include "paramorph/op/softmax.hpp"

namespace {

using namespace pm::nn;
using sound::generator;

template <class Function>
struct applied {
    static constexpr auto forward(auto x) { return Function{}(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
#define APPLIED(...) applied<decltype([](auto x) { return __VA_ARGS__; })>
template <class Function, class... Layers>
struct beside {
    BOOST_HANA_DEFINE_STRUCT(beside, (sequential<Layers...>, inner));
    constexpr auto forward(auto x) const { return Function{}(x, inner(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// A function of the input and of what layers make of it.
#define BESIDE(code, ...) beside<decltype([](auto x, auto y) { return code; }), __VA_ARGS__>

// Of boxes with ends of one magnitude, of which every second input is a point where `points`.
template <class Net, class Shape>
void hold(double size, bool points = false, double gain = 2) {
    generator r(3);
    sound::found all;
    for (int k = 0; k < 24; ++k) {
        auto net = pm::make<Net>(pm::seed{static_cast<unsigned>(k)});
        pm::for_each_parameter(net, [&](std::string const&, auto& p) {
            for (auto& e : p) e *= float(gain);
        });
        auto const frozen = pm::freeze(net);
        pm::box<Shape> box{};
        for (int i = 0; i < Shape::size; ++i) {
            float const at = float(sound::uniform(r, -size, size)),
                        radius = points && i % 2 ? 0 : float(sound::uniform(r, 0, k % 3 ? size : 0.01 * size));
            box.lower[i] = double(at - radius);
            box.upper[i] = double(at + radius);
        }
        auto const bounds = pm::bounds(frozen, box);
        CHECK(bounds.unknown() == "");
        for (int j = 0; j < bounds.size; ++j) CHECK(bounds.lower(j) <= bounds.upper(j));
        using array = decltype(pm::make_container<Shape, float>());
        array x;
        sound::search<float>(r, x, box, bounds, [&](array const& in) { return frozen(in); }, 96, all);
    }
    CHECK(all.outside == 0);
    CHECK(all.networks == 24);
}

}  // namespace

TEST_CASE("bounds: an activation whose arguments stand in another order") {
    using order = APPLIED(pm::gather<-1, 3, 1, 0, 2, 2, 3>(x));
    hold<sequential<linear<4, 4>, order, relu, linear<6, 4>, order, APPLIED(pm::abs(x)), linear<6, 3>>, pm::shape<4>>(
        1);
}
TEST_CASE("bounds: one operation of values of several layers") {
    hold<sequential<BESIDE(pm::maximum(x, y), linear<4, 4>, relu), linear<4, 3>>, pm::shape<4>>(1);
    hold<sequential<BESIDE(x * y, linear<4, 4>, relu), linear<4, 3>>, pm::shape<4>>(1);
    hold<sequential<BESIDE(pm::softmax((pm::concatenate<0>(x, y))), linear<4, 2>, relu), linear<6, 3>>, pm::shape<4>>(
        1);
}
TEST_CASE("bounds: networks of signs") {
    using sign = APPLIED(pm::sign(x));
    hold<sequential<linear<4, 8>, sign, linear<8, 8>, sign, linear<8, 3>>, pm::shape<4>>(1);
    hold<sequential<linear<4, 8>, APPLIED(pm::where(x >= 0, 1.0, -1.0)), linear<8, 3>>, pm::shape<4>>(0.1);
}
TEST_CASE("bounds: some inputs are points, others are not") {
    hold<sequential<linear<6, 8>, pm::nn::tanh, linear<8, 8>, sigmoid, linear<8, 3>>, pm::shape<6>>(1, true);
    hold<sequential<linear<6, 8>, relu, linear<8, 8>, relu, linear<8, 3>>, pm::shape<6>>(1e-3, true);
}
TEST_CASE("bounds: results of 1e8 and more, and inputs of several units") {
    hold<sequential<linear<5, 16>, relu, linear<16, 16>, relu, linear<16, 5>>, pm::shape<5>>(0.6, false, 1e3);
    hold<sequential<APPLIED((x - 1.9e4) / 6e4), linear<5, 8>, relu, linear<8, 3>>, pm::shape<5>>(6e4);
}
TEST_CASE("bounds: reciprocals and powers of what is negative") {
    hold<sequential<linear<4, 4>, APPLIED(1 / (-1 - pm::abs(x))), linear<4, 3>>, pm::shape<4>>(2);
    hold<sequential<linear<4, 4>, APPLIED(pm::pow(pm::pow(-2.3 - pm::abs(x), -3), 2)), linear<4, 3>>, pm::shape<4>>(1);
    auto const all = pm::box<pm::shape<1>>::of(-pm::math::infinity, pm::math::infinity);
    APPLIED(pm::pow(x, 2)) const squared;
    auto const b = pm::bounds(pm::freeze(squared), all);
    CHECK((b.lower(0) <= 0 && b.upper(0) == pm::math::infinity && !b.no_overflow() && !b.within(0, 1e38)));
}
TEST_CASE("bounds: channels of a convolution, a maximum of windows that overlap") {
    using net = sequential<conv2d<3, 4, 2>, max_pool2d<2, pm::stride<1>>, relu, conv2d<4, 2, 2>, flatten<0>>;
    hold<net, pm::shape<3, 4, 4>>(1);
}
TEST_CASE("bounds: rows that may be constant, or zero, are normalized") {
    using pm::shape, pm::epsilon;
    hold<sequential<linear<4, 6>, layer_norm<shape<6>>, relu, rms_norm<shape<6>>, linear<6, 3>>, shape<4>>(1);
    hold<sequential<rms_norm<shape<4>, epsilon<1e-3>>, linear<4, 3>>, shape<4>>(1e-3);
    hold<sequential<rms_norm<shape<4>>>, shape<4>>(1e-12);
    hold<sequential<rms_norm<shape<4>>>, shape<4>>(1e12);
    // Of one number that is not zero: the root of how many there are.
    rms_norm<shape<4>> const row{pm::seed{0}};
    auto const frozen = pm::freeze(row);
    auto const b = pm::bounds(frozen, pm::box<shape<4>>::of(-1, 1));
    xt::xtensor_fixed<float, xt::xshape<4>> const one{0, -1, 0, 0};
    CHECK((b.within(-2.001, 2.001) && b.lower(1) <= double(frozen(one)(1)) && frozen(one)(1) < -1.999f));
    // As long as the root of epsilon, or longer: 1 over that at most.
    rms_norm<shape<4>, epsilon<1e-2>> const small{pm::seed{0}};
    CHECK(pm::bounds(pm::freeze(small), pm::box<shape<4>>::of(-0.01, 0.01)).within(-0.1001, 0.1001));
    rms_norm<shape<4>, epsilon<0>> const any{pm::seed{0}};
    CHECK_FALSE(pm::bounds(pm::freeze(any), pm::box<shape<4>>::of(-1, 1)).within(-1e30, 1e30));
}
TEST_CASE("bounds: values before an activation are none behind it") {
    // y = 3.94 - 0.58 relu(-3 x + 1.2) - 1.37 relu(1.7 x - 4.8), x within [-1, 1]: from 1.504 to 3.94.
    sequential<linear<1, 2>, relu, linear<2, 1>> net{pm::seed{1}};
    float const numbers[]{-3, 1.7f, 1.2f, -4.8f, -0.58f, -1.37f, 3.94f};
    int k = 0;
    pm::for_each_parameter(net, [&](std::string const&, auto& p) {
        for (auto& e : p) e = numbers[k++];
    });
    auto const b = pm::bounds(pm::freeze(net), pm::box<pm::shape<1>>::of(-1, 1));
    CHECK((b.lower(0) <= 1.504f && b.lower(0) > 1.5 && b.upper(0) >= 3.94f && b.upper(0) < 4.7));
}
