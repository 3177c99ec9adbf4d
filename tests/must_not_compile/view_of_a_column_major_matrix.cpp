// A column-major matrix, as Eigen's are unless something is said, as an array.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/views.hpp>

namespace pm = paramorph;

template <bool RowMajor>
struct matrix {  // what Eigen::MatrixXf has of it
    static constexpr int RowsAtCompileTime = -1, ColsAtCompileTime = -1, SizeAtCompileTime = -1;
    static constexpr bool IsRowMajor = RowMajor;
    float* data() const;
    long rows() const, cols() const, size() const, innerStride() const, outerStride() const;
};
#ifdef MISTAKE
using given = matrix<false>;
#else
using given = matrix<true>;
#endif
auto f(given const& m) {
    return pm::view(m);  // error: view: the matrix is column-major, and arrays are row-major: take its transpose
}
