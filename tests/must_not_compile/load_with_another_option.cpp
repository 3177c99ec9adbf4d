// strict=False is pm::relaxed.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/io/state_dict.hpp"
#include "paramorph/nn/linear.hpp"

namespace pm = paramorph;

void use(pm::nn::linear<2, 2>& net, pm::io::tensor_dict const& d) {
#ifdef MISTAKE
    pm::load_state_dict(net, d, false);  // error: load: an option must be pm::relaxed or pm::through_right_inverse
#else
    pm::load_state_dict(net, d, pm::relaxed);
#endif
}
