// product: a weight whose first rows are unit vectors and whose last rows are probabilities, each from an original of
// its own; it is assigned, its originals move, and its parts stay in their sets. And one with a part that has state.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <paramorph/nn/log_abs_det.hpp>
#include <paramorph/param/ilr_simplex.hpp>
#include <paramorph/param/orthogonal.hpp>
#include <paramorph/param/positive.hpp>
#include <paramorph/param/product.hpp>
#include <paramorph/param/sphere.hpp>
#include <paramorph/parametrize/tensor.hpp>

namespace pm = paramorph;
using matrix = xt::xtensor_fixed<double, xt::xshape<4, 2>>;

// [product]
// Rows 0 and 1 are unit vectors, rows 2 and 3 probabilities.
using directions_and_shares = pm::param::product<pm::rows<0, 2, pm::param::sphere<>>,  //
                                                 pm::rows<2, 4, pm::param::ilr_simplex>>;
static_assert(pm::subset<pm::codomain_of<directions_and_shares>,  //
                         pm::set::product<pm::rows<0, 2, pm::set::unit_rows>, pm::rows<2, 4, pm::set::simplex>>>);
// [product]

// Rows 0 and 1 are a rotation, whose base is state; rows 2 and 3 are what they are.
using rotation_and_more = pm::param::product<pm::rows<0, 2, pm::param::square_orthogonal<>>, pm::rows<2, 4>>;
static_assert(pm::chain_traits<pm::chain<rotation_and_more>, pm::shape<4, 2>>::state_tensor<0>::name == "0.base");

int main() {
    pm::tensor<pm::shape<4, 2>, pm::chain<directions_and_shares>, double> weight;
    weight = matrix{{0.6, 0.8}, {0, 1}, {0.5, 0.5}, {0.1, 0.9}};
    bool const refused = !weight.try_assign(matrix{{0.6, 0.8}, {0, 1}, {0.5, 0.6}, {0.1, 0.9}}).ok();
    weight.original<0>()(0, 1) *= 3;  // [2, 2]; as a step of an optimizer would
    weight.original<1>()(0, 0) += 1;  // [2, 1]
    matrix const w = weight();

    // The density of a product is the product of densities: their log_abs_det add up.
    using scales = pm::param::product<pm::rows<0, 2, pm::param::positive>, pm::rows<2, 4, pm::param::ilr_simplex>>;
    xt::xtensor_fixed<double, xt::xshape<2, 2>> const x{{0.1, 0.2}, {0.3, 0.4}};
    xt::xtensor_fixed<double, xt::xshape<2, 1>> const y{{0.5}, {0.6}};
    double const log_det = pm::log_abs_det<scales>(x, y);
    double const parts = pm::log_abs_det<pm::param::positive>(x) + pm::log_abs_det<pm::param::ilr_simplex>(y);
    pm::tensor<pm::shape<4, 2>, pm::chain<rotation_and_more>, double> turned;
    turned = matrix{{0, -1}, {1, 0}, {5, 6}, {7, 8}};
    turned.original<0>()(1, 0) = 0.5;  // turns the base
    matrix const t = turned();
    bool const stays =
        std::abs(t(0, 0) * t(1, 0) + t(0, 1) * t(1, 1)) < 1e-15 && std::abs(t(0, 0)) > 0.4 && t(3, 1) == 8;

    std::printf("%g %g, %g %g; log |det J| %g\n", w(0, 0), w(0, 1), w(2, 0), w(2, 1), log_det);
    return refused && stays && std::abs(std::hypot(w(0, 0), w(0, 1)) - 1) < 1e-15 &&
                   std::abs(w(2, 0) + w(2, 1) - 1) < 1e-15 && w(2, 0) != 0.5 && std::abs(w(3, 0) - 0.1) < 1e-15 &&
                   std::abs(log_det - parts) < 1e-14
               ? 0
               : 1;
}
