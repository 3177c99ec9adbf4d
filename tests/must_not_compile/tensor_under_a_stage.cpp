// A tensor under a stage where a chain is expected.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
pm::tensor<pm::shape<3, 3>, pm::param::symmetric>
    t;  // error: tensor: the second argument must be a chain of stages: write pm::tensor<pm::shape<3, 3>, pm::chain<symmetric>>
#else
pm::tensor<pm::shape<3, 3>, pm::chain<pm::param::symmetric>> t;
#endif
