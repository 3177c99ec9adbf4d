// Of the invertible matrices none is nearest to a singular one.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/parametrize/nearest.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using which = pm::set::invertible;  // error: nearest: the set does not say which of its elements is the nearest
#else
using which = pm::set::symmetric;
#endif
auto f(xt::xtensor_fixed<float, xt::xshape<2, 2>> const& a) {
    return pm::nearest<which>(a);
}
