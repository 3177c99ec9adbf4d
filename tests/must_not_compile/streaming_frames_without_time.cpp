// A shape of frames in which no axis is time.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/streaming.hpp>

namespace pm = paramorph;

struct model {
#ifdef MISTAKE
    using frames = pm::frames<3, 5>;
#else
    using frames = pm::frames<3, pm::time_axis>;
#endif
    pm::tensor<pm::shape<3, 1>> gain;
    constexpr auto forward(auto x) const { return x * gain; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
BOOST_HANA_ADAPT_STRUCT(model, gain);

pm::streaming<model, 8> f(model const& net) {
    return pm::streaming<model, 8>(
        net);  // error: streaming: the frames of model must be one to four extents, all positive, and pm::time_axis in the place of one
}
