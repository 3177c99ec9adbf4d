// A column-major container given to a tensor.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr auto layout = xt::layout_type::column_major;
#else
constexpr auto layout = xt::layout_type::row_major;
#endif
void f(pm::tensor<pm::shape<2, 3>>& t, xt::xtensor_fixed<float, xt::xshape<2, 3>, layout> const& a) {
    t = a;  // error: column-major storage: paramorph reads tensors row by row; use the row-major layout
}
