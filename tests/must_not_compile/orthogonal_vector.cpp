// An orthogonal bias.
// behaviour-50
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/param/orthogonal.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
using shape = pm::shape<3>;  // error: orthogonal: the tensor must be a matrix, this one is [3]
#else
using shape = pm::shape<3, 3>;
#endif
[[maybe_unused]] constexpr int tensors_of_state =
    pm::chain_traits<pm::chain<pm::param::orthogonal<pm::param::orthogonal_map::householder>>, shape>::state_count;
