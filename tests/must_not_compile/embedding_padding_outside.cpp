// A padding that is no row of the table.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/nn/embedding.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using table = pm::nn::embedding<10, 3, pm::padding_idx<10>>;
#else
using table = pm::nn::embedding<10, 3, pm::padding_idx<-1>>;
#endif
static_assert(pm::parameter_count<table> == 30);  // error: pm::padding_idx names no row of the table: row 10 of 10 rows
