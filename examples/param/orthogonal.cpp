// orthogonal: a tall weight with orthonormal columns (a wide one has orthonormal rows), as torch.nn.utils.
// parametrizations.orthogonal makes it. An assignment takes such matrices only, `project` takes any, and so do a
// layer's initial values. The base, from which the original counts, can be left out.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/param/orthogonal.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<float, xt::xshape<3, 2>>;

int main() {
    using map = pm::param::orthogonal_map;
    pm::tensor<pm::shape<3, 2>, pm::chain<pm::param::orthogonal<map::householder>>> w;
    matrix const any{{1, 2}, {3, 4}, {5, 6}};
    pm::status const refused = w.try_assign(any);
    w.project(any);             // the q of its QR factorization
    w.original()(2, 0) = 0.3f;  // as a step of an optimizer would
    auto const y = w();
    float length = 0, product = 0;
    for (std::size_t i = 0; i < 3; ++i) length += y(i, 0) * y(i, 0), product += y(i, 0) * y(i, 1);
    std::printf("columns: length %g, product %g; another matrix: %s\n", double(length), double(product),
                refused.failed);
    // The base and the signs are state: no optimizer moves them.
    bool const known = w.state<0, 0>().size() == 9 && w.state<0, 1>().size() == 2;

    // With a base (PyTorch's use_trivialization, and what is meant where nothing is named) an assigned rotation is the
    // base and its original zero, so that steps begin where the map is at its best; without one the original holds it:
    // a quarter turn is the exponential of (0, -pi / 2; pi / 2, 0).
    using square = pm::shape<2, 2>;
    xt::xtensor_fixed<float, xt::xshape<2, 2>> const turn{{0, -1}, {1, 0}};
    pm::tensor<square, pm::chain<pm::param::orthogonal<map::matrix_exp, pm::param::with_base>>> based;
    pm::tensor<square, pm::chain<pm::param::orthogonal<map::matrix_exp, pm::param::without_base>>> free;
    based = turn;
    free = turn;
    std::printf("the original of a quarter turn: %g with base, %g without\n", double(based.original()(1, 0)),
                double(free.original()(1, 0)));
    bool const counted = based.original()(1, 0) == 0 && std::abs(free.original()(1, 0) - 1.5707963f) < 1e-5f;
    return std::abs(length - 1) < 1e-6f && std::abs(product) < 1e-6f && !refused.ok() && known && counted ? 0 : 1;
}
