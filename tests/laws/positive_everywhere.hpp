// Parametrizations that make positive, finite numbers of every original: values and slopes at originals from one end of
// the element type to the other, and a least value that is assigned again.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <limits>
#include <utility>

#include "../catch.hpp"
#include "paramorph/paramorph.hpp"
#include "paramorph/testing/laws.hpp"

namespace test {

namespace pm = paramorph;

// The least value, and what becomes of it when it is assigned.
template <class P, class T>
std::pair<T, T> expect_positive() {
    using value = pm::program::value_of<P, pm::shape<17>, T>;
    using gradient = pm::program::gradient_of<P, pm::shape<17>, T>;
    double const inf = std::numeric_limits<double>::infinity();
    pm::testing::numbers const x{-inf, -1e30, -1000, -746,  -200, -104, -103.2, -90, -1,
                                 0,    1,     88.7,  88.73, 100,  710,  1e30,   inf};
    auto const expect = [&](pm::testing::outcome const& r) {
        REQUIRE(r.status.ok());
        for (double const e : r.outputs[0]) CHECK((e > 0 && e <= double(std::numeric_limits<T>::max())));
    };
    expect(pm::testing::interpret(pm::testing::simplified<value>(), {x}));
    expect(pm::testing::run_kernel<value, T>({x}));
    expect(pm::testing::run_kernel<value, pm::simd::best<T>>({x}));
    auto const none = pm::testing::run_kernel<gradient, pm::simd::best<T>>({x, pm::testing::numbers(17, 0)});
    for (double const e : none.outputs[0]) CHECK(e == 0);
    auto const some = pm::testing::run_kernel<gradient, pm::simd::best<T>>({x, pm::testing::numbers(17, 1)});
    for (double const e : some.outputs[0]) CHECK((e >= 0 && e <= double(std::numeric_limits<T>::max())));
    pm::tensor<pm::shape<2>, pm::chain<P>, T> w;
    w = xt::xtensor_fixed<T, xt::xshape<2>>{1, 2};
    w.original().fill(T(-1e30));
    auto const least = w();
    CHECK(least(0) == least(1));
    w = least;
    T const again = w()(0);
    CHECK(w()(1) == again);
    w.original()(0) = std::numeric_limits<T>::quiet_NaN();
    CHECK(std::isnan(w()(0)));
    return {least(0), again};
}

}  // namespace test
