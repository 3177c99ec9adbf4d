// How far a matrix is from orthonormal columns, or rows where it is wide.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>

namespace test {

// The largest element of W^T W - I, or of W W^T - I where W is wide; w(i, j) is an element.
double defect(auto const& w, int rows, int columns) {
    int const k = std::min(rows, columns), n = std::max(rows, columns);
    auto const at = [&](int i, int j) { return static_cast<double>(rows >= columns ? w(i, j) : w(j, i)); };
    double worst = 0;
    for (int a = 0; a < k; ++a)
        for (int b = 0; b <= a; ++b) {
            double total = a == b ? -1 : 0;
            for (int i = 0; i < n; ++i) total += at(i, a) * at(i, b);
            if (auto const d = std::abs(total); d > worst || d != d) worst = d;
        }
    return worst;
}

}  // namespace test
