// A product of two parts behind another stage, which makes one tensor.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/positive.hpp>
#include <paramorph/param/product.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using pm::param::positive, pm::param::product, pm::rows;

#ifdef MISTAKE
using weight = pm::chain<positive, product<rows<0, 2>, rows<2, 4>>>;  // error: product: each of its 2 parts has an original of its own, given 1 tensor: it must be the first stage of a chain
#else
using weight = pm::chain<product<rows<0, 2, positive>, rows<2, 4>>>;
#endif
static_assert(pm::chain_traits<weight, pm::shape<4, 3>>::fits());
