// A GRU whose inputs nothing bounds keeps its state as long as an input wants it to.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>
#include <paramorph/prove.hpp>

namespace pm = paramorph;

using tenth = pm::param::interval<-0.1, 0.1>;
using cell = pm::parametrize<pm::nn::gru_cell<3, 4>, pm::at<"weight_ih", tenth>, pm::at<"weight_hh", tenth>,
                             pm::at<"bias_ih", tenth>, pm::at<"bias_hh", tenth>>;
#ifdef MISTAKE
using claim = pm::claim::contraction;
#else
using claim = pm::claim::contraction_within<1>;
#endif
static_assert(pm::proved<claim, cell>);  // error: a GRU keeps its state where its update gate is near 1
