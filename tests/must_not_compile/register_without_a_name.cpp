// Stages without the name of their tensor.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

auto use(pm::nn::linear<4, 4> const& net) {
#ifdef MISTAKE
    return pm::register_parametrization<pm::param::symmetric>(
        net);  // error: write pm::register_parametrization<pm::weight<symmetric>>
#else
    return pm::register_parametrization<pm::weight<pm::param::symmetric>>(net);
#endif
}
