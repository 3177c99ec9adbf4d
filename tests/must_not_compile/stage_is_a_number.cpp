// A number type as a stage.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
pm::nn::linear<2, 2, pm::weight<int>> layer;  // error: parametrization: int has no forward
#else
pm::nn::linear<2, 2, pm::weight<>> layer;
#endif
