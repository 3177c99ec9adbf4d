// Operations that only move elements: triangles and views. Value against a naive formula, derivative against finite
// differences. Their kernels are compared in op_kernels.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/exp.hpp"
#include "paramorph/op/outer.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/triangle.hpp"

using m23 = pm::shape<2, 3>;
using m34 = pm::shape<3, 4>;
using t234 = pm::shape<2, 3, 4>;

TEST_CASE("op: triu, tril and identity") {
    CHECK(test::of_counted<m34>([](auto x) { return pm::triu(x); }) ==
          test::numbers{0, 1, 2, 3, 0, 5, 6, 7, 0, 0, 10, 11});
    CHECK(test::of_counted<m34>([](auto x) { return pm::triu<-1>(x); }) ==
          test::numbers{0, 1, 2, 3, 4, 5, 6, 7, 0, 9, 10, 11});
    CHECK(test::of_counted<m34>([](auto x) { return pm::triu<2>(x); }) ==
          test::numbers{0, 0, 2, 3, 0, 0, 0, 7, 0, 0, 0, 0});
    CHECK(test::of_counted<m34>([](auto x) { return pm::tril(x); }) ==
          test::numbers{0, 0, 0, 0, 4, 5, 0, 0, 8, 9, 10, 0});
    CHECK(test::of_counted<m34>([](auto x) { return pm::tril<-1>(x); }) ==
          test::numbers{0, 0, 0, 0, 4, 0, 0, 0, 8, 9, 0, 0});
    CHECK(test::of_counted<m34>([](auto x) { return x * 0.0 + pm::identity<3, 4>(); }) ==
          test::numbers{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0});
    // A mask takes what stands there away, whatever it is.
    test::numbers const bad{1, 2, std::numeric_limits<double>::quiet_NaN(), 4};
    CHECK(test::interpret<pm::shape<2, 2>>([](auto x) { return pm::triu(x); }, {bad}).outputs[0] ==
          test::numbers{1, 2, 0, 4});
    test::expect_gradient<t234>(
        [](auto x) { return std::tuple{pm::triu<1>(x) * x, pm::tril<-1>(x * x), x * pm::identity<3, 4>()}; });
}

TEST_CASE("op: transpose") {
    CHECK(test::of_counted<m23>([](auto x) { return pm::transpose(x); }) == test::numbers{0, 3, 1, 4, 2, 5});
    auto const y = test::of_counted<t234>([](auto x) { return pm::permute<2, 0, 1>(x); });
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            for (std::size_t k = 0; k < 4; ++k)
                CHECK(y[(k * 2 + i) * 3 + j] == static_cast<double>((i * 3 + j) * 4 + k));
    test::expect_gradient<t234>(
        [](auto x) { return std::tuple{pm::permute<2, 0, 1>(x) * 2.0, pm::exp(pm::transpose(x))}; });
}

TEST_CASE("op: unsqueeze, broadcast_to and outer") {
    CHECK(test::of_counted<pm::shape<3>>([](auto x) { return pm::broadcast_to<m23>(x); }) ==
          test::numbers{0, 1, 2, 0, 1, 2});
    CHECK(test::of_counted<pm::shape<2>>([](auto x) { return pm::broadcast_to<m23>(pm::unsqueeze<1>(x)); }) ==
          test::numbers{0, 0, 0, 1, 1, 1});
    CHECK(test::of_counted<pm::shape<>>([](auto x) { return pm::broadcast_to<m23>(x + 1.0); }) ==
          test::numbers{1, 1, 1, 1, 1, 1});
    CHECK(test::interpret<pm::shape<2>, pm::shape<3>>([](auto x, auto y) { return pm::outer(x, y); },
                                                      {{2, 3}, {1, 10, 100}})
              .outputs[0] == test::numbers{2, 20, 200, 3, 30, 300});
    test::expect_gradient<pm::shape<3>, pm::shape<2>>([](auto x, auto y) {
        return std::tuple{pm::broadcast_to<pm::shape<4, 2, 3>>(x * x), pm::outer(y, pm::exp(x)),
                          pm::unsqueeze<-1>(y) * pm::unsqueeze<0>(x)};
    });
}

TEST_CASE("op: slice, its adjoint pad, select and reshape") {
    CHECK(test::of_counted<m34>([](auto x) { return pm::slice<1, 1, 3>(x); }) == test::numbers{1, 2, 5, 6, 9, 10});
    CHECK(test::of_counted<m34>([](auto x) { return pm::slice<0, 1, 3>(x); }) ==
          test::numbers{4, 5, 6, 7, 8, 9, 10, 11});
    CHECK(test::of_counted<m34>([](auto x) { return pm::slice<-1, 0, 1>(pm::slice<0, 2, 3>(x)); }) == test::numbers{8});
    CHECK(test::of_counted<m34>([](auto x) { return pm::select<1, 2>(x); }) == test::numbers{2, 6, 10});
    CHECK(test::of_counted<t234>([](auto x) { return pm::select<1, 2>(x); }) ==
          test::numbers{8, 9, 10, 11, 20, 21, 22, 23});
    CHECK(test::of_counted<m34>([](auto x) { return pm::reshape<pm::shape<2, 6>>(x); }) == test::counted(12));
    CHECK(test::of_counted<m23>([](auto x) { return pm::reshape<pm::shape<6>>(pm::transpose(x)); }) ==
          test::numbers{0, 3, 1, 4, 2, 5});
    auto const padded = [](auto x) { return pm::apply<pm::op::pad, pm::attributes{{1, 1, 5}}>(x); };
    CHECK(test::of_counted<m23>(padded) == test::numbers{0, 0, 1, 2, 0, 0, 3, 4, 5, 0});
    test::expect_gradient<t234>([=](auto x) {
        return std::tuple{pm::slice<2, 1, 3>(x * x), pm::select<0, 1>(x) * pm::select<0, 0>(x),
                          pm::reshape<pm::shape<4, 6>>(pm::exp(x)), padded(x) * 3.0};
    });
}

TEST_CASE("op: views of every rank, with axes counted from the end") {
    CHECK(test::of_counted<pm::shape<>>([](auto x) { return pm::unsqueeze<-1>(x + 1.0); }) == test::numbers{1});
    CHECK(test::of_counted<pm::shape<1>>([](auto x) { return pm::select<-1, 0>(x + 1.0); }) == test::numbers{1});
    CHECK(test::of_counted<pm::shape<1>>([](auto x) { return pm::reshape<pm::shape<>>(x + 1.0); }) == test::numbers{1});
    CHECK(test::of_counted<pm::shape<2, 1, 3, 2>>([](auto x) { return pm::select<-2, 1>(pm::slice<-4, 1, 2>(x)); }) ==
          test::numbers{8, 9});
    CHECK(test::of_counted<m23>([](auto x) { return pm::select<-1, 2>(pm::unsqueeze<-3>(x)); }) == test::numbers{2, 5});
    using t2213 = pm::shape<2, 2, 1, 3>;
    auto const spread = [](auto x) { return pm::broadcast_to<pm::shape<2, 2, 2, 3>>(x * x) * 2.0; };
    CHECK(test::of_counted<t2213>(spread)[9] == 2.0 * 9);
    test::expect_gradient<t2213>([=](auto x) {
        return std::tuple{spread(x), pm::unsqueeze<-4>(pm::select<-4, 1>(x)) * 3.0, pm::slice<-1, 1, 3>(x),
                          pm::transpose(x) * x, pm::pad<-4, 1, 0>(x)};
    });
    test::expect_gradient<pm::shape<>>([](auto x) {
        return std::tuple{pm::broadcast_to<pm::shape<1, 2, 1, 3>>(x * x), pm::unsqueeze<0>(pm::unsqueeze<0>(x))};
    });
}
