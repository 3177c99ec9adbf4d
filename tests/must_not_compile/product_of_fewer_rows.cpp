// A product of sets whose parts end before the tensor does.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/product.hpp>
#include <paramorph/param/simplex.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int rows =
    5;  // error: product: the parts must make all rows of the tensor: they make 4, the tensor is [5, 3]
#else
constexpr int rows = 4;
#endif
pm::tensor<pm::shape<rows, 3>, pm::chain<pm::param::product<pm::rows<0, 2, pm::param::simplex>, pm::rows<2, 4>>>>
    weight;
