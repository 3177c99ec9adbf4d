// A part of a product whose first stage does not take every original.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/cayley.hpp>
#include <paramorph/param/product.hpp>
#include <paramorph/param/skew.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using part = pm::rows<0, 3, pm::param::cayley>;  // error: chain: the first stage, cayley, takes skew tensors only (its domain), and the original before it can be any
#else
using part = pm::rows<0, 3, pm::param::skew, pm::param::cayley>;
#endif
pm::tensor<pm::shape<4, 3>, pm::chain<pm::param::product<part, pm::rows<3, 4>>>> weight;
