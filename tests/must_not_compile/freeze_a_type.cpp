// A type that is frozen.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

void use(pm::nn::linear<2, 2>& net) {
#ifdef MISTAKE
    static_cast<void>(pm::freeze<pm::nn::linear<2, 2>>());  // error: freeze: a type has no trained numbers
#else
    static_cast<void>(pm::freeze(net));
#endif
    static_cast<void>(net);
}
