// Modules of a sequential as values.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
pm::nn::sequential net{pm::nn::linear<4, 2>{}, pm::nn::relu{}};  // error: modules are given as types
#else
pm::nn::sequential<pm::nn::linear<4, 2>, pm::nn::relu> net;
#endif
