// A closed loop, x -> x - step tanh(x), whose x^2 does not fall in a cell of a grid.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>
#include <paramorph/op/multiply.hpp>
#include <paramorph/op/tanh.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
inline constexpr float step = 4;  // it overshoots
#else
inline constexpr float step = 0.5f;
#endif
struct change_of_square {
    pm::nn::linear<1, 1, pm::no_bias> control;
    constexpr auto forward(auto x) const {
        auto const by = -control(pm::tanh(x));
        return by * (2 * x + by);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
    using input_shape = pm::shape<1>;
};
BOOST_HANA_ADAPT_STRUCT(change_of_square, control);
inline constexpr pm::network_values<change_of_square> numbers{step};
constexpr pm::frozen<numbers> change;
constexpr pm::box_outside<pm::shape<1>> states{pm::box<pm::shape<1>>::of(-1, 1),
                                               pm::box<pm::shape<1>>::of(-0.125, 0.125)};
using falls = pm::claim::within<states, -9, -0.001, 6>;
static_assert(pm::proved<falls, decltype(change)>);  // error: within: [-9, -0.001] is not proved for inputs of [
