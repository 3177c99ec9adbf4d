// A product of sets whose parts leave a row out.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/product.hpp>
#include <paramorph/param/simplex.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
constexpr int begin =
    3;  // error: product: the parts must come in order, without a gap: part 1 must begin at row 2, it begins at row 3
#else
constexpr int begin = 2;
#endif
pm::param::product<pm::rows<0, 2, pm::param::simplex>, pm::rows<begin, 4>> part;
