// An array of C++ with fewer numbers than the shape that it is viewed as.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/views.hpp>

namespace pm = paramorph;

#ifdef MISTAKE
float numbers[5];
#else
float numbers[6];
#endif
auto f() {
    return pm::view<pm::shape<2, 3>>(numbers);  // error: view: [2, 3] has 6 elements, and the array 5: give as many
}
