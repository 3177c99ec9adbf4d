// A part of a product of sets that has state.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/orthogonal.hpp>
#include <paramorph/param/product.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using pm::param::orthogonal, pm::param::orthogonal_map, pm::param::without_base;

#ifdef MISTAKE
using part = orthogonal<>;  // error: product: a part must have one original and no state: that of rows 0 to 2 has 1 original and 1 tensor of state
#else
using part = orthogonal<orthogonal_map::cayley, without_base>;
#endif
pm::tensor<pm::shape<4, 3>, pm::chain<pm::param::product<pm::rows<0, 3, part>, pm::rows<3, 4>>>> weight;
