// A view of a matrix of Eigen that is gone at the end of the line.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/views.hpp>

namespace pm = paramorph;

struct matrix {  // what Eigen::Matrix<float, 2, 3, Eigen::RowMajor> has of it
    using PlainObject = matrix;
    static constexpr int RowsAtCompileTime = 2, ColsAtCompileTime = 3, SizeAtCompileTime = 6;
    static constexpr bool IsRowMajor = true;
    float numbers[6];
    float* owned;
    matrix();
    matrix(matrix const&);
    float* data() const { return owned; }
    long rows() const, cols() const, size() const, innerStride() const, outerStride() const;
};
matrix computed();

auto f(matrix& kept) {
#ifdef MISTAKE
    return pm::view(computed());  // error: view: the matrix is a temporary, and would be gone; name it first
#else
    return pm::view(kept);
#endif
}
