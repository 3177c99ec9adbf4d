// A stage under an original of a product, a part of which has state.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/mask.hpp>
#include <paramorph/param/product.hpp>
#include <paramorph/param/symmetric.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using first = pm::rows<0, 3, pm::param::mask>;  // error: product: where a part has state or several originals, as one of these 2 parts has, no stage can stand under an original of the product
#else
using first = pm::rows<0, 3>;
#endif
using both = pm::param::product<first, pm::rows<3, 4>>;
pm::tensor<pm::shape<4, 3>, pm::chain<pm::nested<both, pm::chain<pm::param::symmetric>, pm::chain<>>>> weight;
