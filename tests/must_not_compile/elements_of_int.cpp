// A network of integers.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using element = int;  // error: element type: a tensor of a network has elements of float or double, int is given
#else
using element = double;
#endif
pm::nn::linear<4, 2, pm::element_type<element>> layer;
