// Two results that go along with time.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

struct model {
    using frames = pm::frames<pm::time_axis, 2>;
    pm::nn::linear<2, 3> a;
    pm::nn::linear<2, 1> b;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return std::tuple{a(x), b(x)};
#else
        return a(x);
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(model, a, b);

pm::streaming<model, 8> f(model const& net) {
    return pm::streaming<model, 8>(
        net);  // error: streaming: model must give one result that goes along with time; it gives 2
}
