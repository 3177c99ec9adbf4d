// A network that leaves out the first frame.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

struct model {
    using frames = pm::frames<pm::time_axis, 2>;
    pm::nn::linear<2, 3> a;
    constexpr auto forward(auto x) const {
#ifdef MISTAKE
        return a(pm::slice<0, 1, pm::extents_of<decltype(x)>.d[0]>(x));
#else
        return a(x);
#endif
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(model, a);

pm::streaming<model, 8> f(model const& net) {
    return pm::streaming<model, 8>(
        net);  // error: streaming: model cannot run frame by frame: its slice takes a part of the sequence
}
