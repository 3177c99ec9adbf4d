// Matrices with orthonormal columns as products of Householder's reflections, in which every number counts:
//
//   reflected(x)        the first k columns of H_1 ... H_k; x [n, k] holds v_i strictly below its diagonal in column i,
//                       on which stand ones. The numbers may be of any size.
//   reflections_of(t)   (x, signs) with t = reflected(x) signs, for t with orthonormal columns; of other matrices, the
//                       q of their QR factorization whose r has a positive diagonal
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>

#include "paramorph/op/abs.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/diagonal.hpp"
#include "paramorph/op/divide.hpp"
#include "paramorph/op/householder_product.hpp"
#include "paramorph/op/minimum.hpp"
#include "paramorph/op/qr.hpp"
#include "paramorph/op/reduce.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI::param::detail {

constexpr auto signs_of(traced auto const& d) {
    return where(d < 0, -1.0, 1.0);
}

template <traced X>
constexpr auto reflected(X const& x) {
    // No element beyond a bound whose fourth power fits, and a cotangent of its size times its square: the gradient has
    // both. Only the direction of a longer column matters, beside which its one is nothing: so the factor counts as a
    // constant.
    constexpr double most = sizeof(typename X::value_type) == 4 ? 0x1p28 : 0x1p64;
    auto const lower = tril<-1>(x);
    auto const v = lower * detach(most / maximum(max<0>(abs(lower)), most));
    return householder_product(v, 2.0 / (sum<0>(v * v) + 1.0));
}

template <traced Y>
constexpr auto reflections_of(Y const& t) {
    constexpr int k = extents_of<Y>.d[1];
    auto [q, r, reflections, factors] = apply<op::qr, attributes{}, 4>(t);
    // Where LAPACK reflects nothing, `reflected` does.
    auto const reflects = slice<0, 0, k>(factors);
    return std::tuple{tril<-1>(reflections),
                      signs_of(diagonal(r)) * where(apply_elementwise<op::equal>(reflects, 0.0), -1.0, 1.0)};
}

}  // namespace paramorph::inline PARAMORPH_ABI::param::detail
