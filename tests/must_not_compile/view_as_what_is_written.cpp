// A span that can be written, of an array that cannot.
//
// SPDX-License-Identifier: BSL-1.0
#include <span>

#include <paramorph/views.hpp>

namespace pm = paramorph;

using array = xt::xtensor_fixed<float, xt::xshape<3>>;
#ifdef MISTAKE
using span = std::span<float>;
#else
using span = std::span<float const>;
#endif
auto f(array const& a) {
    return pm::view_as<span>(a);  // error: view_as: the type is none that refers to this array's numbers
}
