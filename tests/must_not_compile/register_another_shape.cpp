// An unsafe stage registered as if the value could be kept.
//
// SPDX-License-Identifier: BSL-1.0
// behaviour-2
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/op/concatenate.hpp>
#include <paramorph/op/view.hpp>

namespace pm = paramorph;

struct shorter {
    static constexpr auto forward(auto x) { return pm::slice<0, 0, 2>(x); }
    static constexpr auto right_inverse(auto y) { return pm::concatenate<0>(y, pm::slice<0, 0, 1>(y)); }
};
auto f(pm::nn::linear<3, 3> const& layer) {
#ifdef MISTAKE
    return pm::register_parametrization<pm::weight<pm::unsafe<shorter>>>(
        layer);  // error: register_parametrization: the new chain makes [2, 3] of [3, 3], so the value cannot be kept
#else
    return pm::register_parametrization<pm::weight<pm::unsafe<shorter>>>(layer, pm::leave_original);
#endif
}
