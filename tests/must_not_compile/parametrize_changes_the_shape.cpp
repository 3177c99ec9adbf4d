// A stage that makes another shape, in a module whose forward was written for the declared one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

struct shorter {
    static constexpr auto forward(auto x) { return pm::slice<0, 0, 2>(x); }
};
struct same {
    static constexpr auto forward(auto x) { return x; }
};
struct scaling {
    pm::tensor<pm::shape<3>> gain;
    constexpr auto forward(auto x) const { return x * gain; }
};
BOOST_HANA_ADAPT_STRUCT(scaling, gain);

#ifdef MISTAKE
using stage = pm::unsafe<shorter>;
#else
using stage = same;
#endif
using parametrized = pm::parametrize<scaling, pm::at<"gain", stage>>;
auto f(parametrized const& m) {
    return pm::get<"gain">(m);  // error: parametrize: in a module of your own the tensor must keep its shape; gain would be [2] instead of [3]
}
