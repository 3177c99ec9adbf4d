// A network whose first layer takes rows of another length than it states is called with a run-time batch. Blocks of
// rows and single rows are two programs: it is one error.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int inputs = 48;
#else
constexpr int inputs = 32;
#endif
struct classifier {
    using input_shape = pm::shape<32>;
    pm::nn::linear<inputs, 10> a;
    pm::nn::linear<10, 2> b;
    constexpr auto forward(auto x) const { return b(a(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(classifier, a, b);
auto f(classifier const& net, xt::xtensor<float, 2> const& x) {
    return net(x);  // error: linear: 48 inputs expected, 32 given, the last extent of [
}
