// A view of numbers that are gone at the end of the line.
//
// SPDX-License-Identifier: BSL-1.0
#include <vector>

#include <paramorph/views.hpp>

namespace pm = paramorph;

std::vector<float> numbers();

auto f(std::vector<float>& kept) {
#ifdef MISTAKE
    return pm::view<pm::shape<3>>(numbers());  // error: view: the numbers are those of a temporary, and would be gone
#else
    return pm::view<pm::shape<3>>(kept);
#endif
}
