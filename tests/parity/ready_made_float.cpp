// The kernels in float of what ready_made.cpp serves, but for orthogonal.
//
// SPDX-License-Identifier: BSL-1.0
#include "ready_made.hpp"

bool ready_made::serve_others_in_float(std::string_view name, int rows, int columns) {
    return serve_others<float>(name, rows, columns);
}
