// toeplitz_matrix, circulant_matrix, block_diagonal, banded, kronecker, diagonal_matrix, permutation_equivariant,
// hadamard_diagonal: weights of few numbers, and what is assigned to them.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/nn/linear.hpp>
#include <paramorph/param/hadamard_diagonal.hpp>
#include <paramorph/param/structured.hpp>
#include <paramorph/parametrize/nearest.hpp>

namespace pm = paramorph;

int main() {
    using namespace pm::param;
    // A layer of 64 x 64 weights that are a product of 8 x 8 ones: 128 numbers to train, not 4096.
    using layer = pm::nn::linear<64, 64, pm::weight<kronecker<8, 8>>, pm::no_bias>;
    auto const net = pm::make<layer>(pm::seed{1});
    using traits = decltype(net.weight)::traits;
    static_assert(traits::original_shape<0>::size + traits::original_shape<1>::size == 128);
    auto const w = net.weight();
    // The blocks are multiples of each other.
    float const here = w(9, 9) * w(12, 2), there = w(12, 10) * w(9, 1);
    pm::tensor<pm::shape<3, 3>, pm::chain<toeplitz_matrix<3>>> filter;
    filter = pm::nearest(xt::xtensor_fixed<float, xt::xshape<3, 3>>{{1, 2, 3}, {0, 1, 4}, {5, 2, 1}});
    pm::tensor<pm::shape<3, 3>, pm::chain<circulant_matrix>> turned;
    turned.project(xt::xtensor_fixed<float, xt::xshape<3, 3>>{{1, 0, 0}, {2, 0, 0}, {3, 0, 0}});  // its first column
    pm::tensor<pm::shape<4, 4>, pm::chain<pm::param::block_diagonal<2>>> blocks;
    blocks.project(xt::ones<float>({4, 4}));
    pm::tensor<pm::shape<3, 3>, pm::chain<pm::param::banded<1, 1>>> band;
    pm::status const refused =
        band.try_assign(xt::xtensor_fixed<float, xt::xshape<3, 3>>{{1, 0, 5}, {0, 1, 0}, {0, 0, 1}});
    // Three elements of two numbers each: each is told what it is, and what the others are.
    pm::tensor<pm::shape<6, 6>, pm::chain<pm::param::permutation_equivariant<3>>> set;
    set.project(xt::ones<float>({6, 6}));
    set.original() = xt::xtensor_fixed<float, xt::xshape<2, 2, 2>>{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}};
    bool const alike = set()(0, 1) == set()(4, 5) && set()(1, 2) == set()(5, 0) && set()(0, 1) == 2;
    // Eigenvalues 1, 0, 0, 0 in the basis of Walsh's functions: the mean.
    pm::tensor<pm::shape<4, 4>, pm::chain<hadamard_diagonal>> mean;
    mean.project(xt::ones<float>({4, 4}));
    mean.original() = xt::xtensor_fixed<float, xt::xshape<4>>{1, 0, 0, 0};
    pm::tensor<pm::shape<2, 2>, pm::chain<diagonal_matrix>> gains;
    gains = xt::xtensor_fixed<float, xt::xshape<2, 2>>{{2, 0}, {0, 3}};
    std::printf("%g = %g; %g; %g; %g; outside of the band: %s\n", double(here), double(there), double(filter()(0, 1)),
                double(turned()(0, 1)), double(blocks()(0, 3)), refused.failed);
    return std::abs(here - there) < 1e-6f && filter()(0, 1) == 3 && filter()(1, 2) == 3 && turned()(0, 1) == 3 &&
                   blocks()(0, 1) == 1 && blocks()(0, 3) == 0 && !refused.ok() && alike && mean()(1, 2) == 0.25f &&
                   gains.original()(1) == 3
               ? 0
               : 1;
}
