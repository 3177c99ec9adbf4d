// sdp_lipschitz of the filters of a convolution, which are no matrix.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/sdp_lipschitz.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using filters = pm::shape<4, 3, 5>;  // error: sdp_lipschitz: the tensor must be a matrix: it is [4, 3, 5]
#else
using filters = pm::shape<4, 3>;
#endif
pm::tensor<filters, pm::chain<pm::param::sdp_lipschitz>> weight;
