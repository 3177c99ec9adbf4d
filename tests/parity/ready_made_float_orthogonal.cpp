// The kernels in float of orthogonal, for ready_made.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include "ready_made.hpp"

bool ready_made::serve_orthogonal_in_float(std::string_view name, int rows, int columns) {
    return serve_orthogonal<float>(name, rows, columns);
}
