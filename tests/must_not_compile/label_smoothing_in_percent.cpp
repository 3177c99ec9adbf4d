// A smoothing given in percent.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/losses.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
pm::label_smoothing<10> option;  // error: label_smoothing: give a part from 0 to 1
#else
pm::label_smoothing<0.1> option;
#endif
