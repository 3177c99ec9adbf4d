// unit_norm: a weight whose rows have length one.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/unit_norm.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<float, xt::xshape<2, 3>>;

int main() {
    pm::tensor<pm::shape<2, 3>, pm::chain<pm::param::unit_norm>> w;
    w.project(matrix{{3, 0, 4}, {1, 1, 1}});  // `w = ...` takes rows of length one only
    w.original()(0, 1) = 2.4f;                  // as a step of an optimizer would
    auto const y = w();
    pm::status const refused = w.try_project(matrix{{0, 0, 0}, {1, 0, 0}});
    std::printf("%g %g %g; a row of zeros: %s\n", double(y(0, 0)), double(y(0, 1)), double(y(0, 2)), refused.failed);
    return std::abs(y(0, 0) - 3.0f / 13) < 1e-6f && std::abs(y(1, 2) * y(1, 2) - 1.0f / 3) < 1e-6f && !refused.ok() ? 0
                                                                                                                    : 1;
}
