// A network called with a column-major container.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/linear.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr auto layout = xt::layout_type::column_major;
#else
constexpr auto layout = xt::layout_type::row_major;
#endif
auto f(pm::nn::linear<3, 3> const& net, xt::xtensor_fixed<float, xt::xshape<2, 3>, layout> const& x) {
    return net(x);  // error: column-major storage: paramorph reads tensors row by row; use the row-major layout
}
