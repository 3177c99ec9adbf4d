// Operations that only move elements: triangles and views. Value against a naive formula, derivative against finite
// differences. Their kernels are compared in op_kernels.cpp.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/exp.hpp"
#include "paramorph/op/matmul.hpp"
#include "paramorph/op/outer.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/toeplitz.hpp"
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

TEST_CASE("op: slices in steps, forwards and backwards, and flip") {
    using v7 = pm::shape<7>;
    CHECK(test::of_counted<v7>([](auto x) { return pm::slice<0, 0, 7, 2>(x); }) == test::numbers{0, 2, 4, 6});
    CHECK(test::of_counted<v7>([](auto x) { return pm::slice<0, 1, 6, 2>(x); }) == test::numbers{1, 3, 5});
    CHECK(test::of_counted<v7>([](auto x) { return pm::slice<0, 1, 7, 3>(x); }) == test::numbers{1, 4});
    CHECK(test::of_counted<v7>([](auto x) { return pm::slice<0, 6, 0, -2>(x); }) == test::numbers{6, 4, 2});
    CHECK(test::of_counted<v7>([](auto x) { return pm::slice<0, 4, -1, -1>(x); }) == test::numbers{4, 3, 2, 1, 0});
    CHECK(test::of_counted<v7>([](auto x) { return pm::slice<-1, 5, -1, -5>(x); }) == test::numbers{5, 0});
    // A step that leaves the axis at once: one element.
    CHECK(test::of_counted<v7>([](auto x) { return pm::slice<0, 3, 7, 2147483647>(x); }) == test::numbers{3});
    CHECK(test::of_counted<v7>([](auto x) { return pm::slice<0, 3, -1, -2147483647 - 1>(x); }) == test::numbers{3});
    CHECK(test::of_counted<m34>([](auto x) { return pm::slice<0, 2, -1, -2>(pm::slice<1, 0, 4, 3>(x)); }) ==
          test::numbers{8, 11, 0, 3});
    CHECK(test::of_counted<m34>([](auto x) { return pm::flip<0>(x); }) ==
          test::numbers{8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3});
    CHECK(test::of_counted<m34>([](auto x) { return pm::flip<-1>(x); }) ==
          test::numbers{3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8});
    CHECK(test::of_counted<m34>([](auto x) { return pm::flip<0, -1>(x); }) ==
          test::numbers{11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0});
    CHECK(test::of_counted<pm::shape<2, 2, 1, 3>>([](auto x) { return pm::flip<1, 2>(x); }) ==
          test::numbers{3, 4, 5, 0, 1, 2, 9, 10, 11, 6, 7, 8});
    // Steps of steps are steps, and a flip of a flip is nothing.
    CHECK(test::of_counted<pm::shape<12>>([](auto x) { return pm::slice<0, 5, 0, -2>(pm::slice<0, 1, 12, 2>(x)); }) ==
          test::numbers{11, 7, 3});
    CHECK(test::passes<v7>([](auto x) { return pm::flip<0>(pm::flip<0>(x)) * 2.0; }).count("strided") == 0);
    // A mask under a flip: its axes are no longer those of the loop.
    CHECK(test::of_counted<m34>([](auto x) { return pm::flip<1>(pm::triu(x * 2.0)); }) ==
          test::numbers{6, 4, 2, 0, 14, 12, 10, 0, 22, 20, 0, 0});
    auto const spread = [](auto x) { return pm::apply<pm::op::spread, pm::attributes{{1, 4, -2, 6}}>(x); };
    CHECK(test::of_counted<m23>(spread) == test::numbers{2, 0, 1, 0, 0, 0, 5, 0, 4, 0, 3, 0});
    test::expect_gradient<t234>([=](auto x) {
        return std::tuple{pm::slice<2, 0, 4, 3>(x * x), pm::flip<0, 2>(pm::exp(x)), pm::flip<1>(x) * x,
                          pm::slice<1, 2, -1, -2>(x) * 3.0, spread(pm::slice<2, 0, 3>(x))};
    });
}

// x[..., i step + k dilation, ...] of a tensor of rank 3, from its elements.
static test::numbers windows_of(test::numbers const& x, pm::extents const& s, int axis, int size, int step,
                                int dilation) {
    pm::extents to = s;
    to.d[axis] = (s.d[axis] - (size - 1) * dilation - 1) / step + 1;
    test::numbers y;
    for (int i = 0; i < to.d[0]; ++i)
        for (int j = 0; j < to.d[1]; ++j)
            for (int l = 0; l < to.d[2]; ++l)
                for (int k = 0; k < size; ++k) {
                    int at[3]{i, j, l};
                    at[axis] = at[axis] * step + k * dilation;
                    y.push_back(x[static_cast<std::size_t>((at[0] * s.d[1] + at[1]) * s.d[2] + at[2])]);
                }
    return y;
}

TEST_CASE("op: window, its adjoint overlap_add") {
    CHECK(test::of_counted<pm::shape<5>>([](auto x) { return pm::window<3>(x); }) ==
          test::numbers{0, 1, 2, 1, 2, 3, 2, 3, 4});
    CHECK(test::of_counted<pm::shape<7>>([](auto x) { return pm::window<3, 2, 2>(x); }) ==
          test::numbers{0, 2, 4, 2, 4, 6});
    CHECK(test::of_counted<pm::shape<7>>([](auto x) { return pm::window<2, 3>(x); }) == test::numbers{0, 1, 3, 4});
    CHECK(test::of_counted<pm::shape<4>>([](auto x) { return pm::window<4, 9>(x); }) == test::counted(4));
    CHECK(test::of_counted<pm::shape<4>>([](auto x) { return pm::window<1, 2, 9>(x); }) == test::numbers{0, 2});
    CHECK(test::of_counted<pm::shape<1>>([](auto x) { return pm::window<1>(x); }) == test::numbers{0});
    using t345 = pm::shape<3, 4, 5>;
    test::numbers const x = test::counted(60);
    CHECK(test::of_counted<t345>([](auto x) { return pm::window<2, 1, 1, 0>(x); }) ==
          windows_of(x, t345::value, 0, 2, 1, 1));
    CHECK(test::of_counted<t345>([](auto x) { return pm::window<2, 1, 2, 1>(x); }) ==
          windows_of(x, t345::value, 1, 2, 1, 2));
    CHECK(test::of_counted<t345>([](auto x) { return pm::window<2, 2, 2, -1>(x); }) ==
          windows_of(x, t345::value, 2, 2, 2, 2));
    // Windows of windows: over two axes, and along one.
    CHECK(test::of_counted<m34>([](auto x) { return pm::window<3, 1, 1, 1>(pm::window<2, 1, 1, 0>(x)); }) ==
          test::numbers{0, 1, 2, 4, 5, 6, 1, 2, 3, 5, 6, 7, 4, 5, 6, 8, 9, 10, 5, 6, 7, 9, 10, 11});
    CHECK(test::of_counted<pm::shape<6>>([](auto x) { return pm::window<2, 1, 1, 0>(pm::window<2, 1, 3, 0>(x)); }) ==
          test::numbers{0, 1, 3, 4, 1, 2, 4, 5});
    auto const added = [](auto x) { return pm::apply<pm::op::overlap_add, pm::attributes{{0, 6, 2, 1}}>(x); };
    CHECK(test::of_counted<m23>(added) == test::numbers{0, 1, 5, 4, 5, 0});
    test::expect_gradient<t234>([](auto x) {
        return std::tuple{pm::window<2, 2>(x * x), pm::window<2, 1, 2, 1>(pm::exp(x)) * 0.5, pm::window<2, 1, 1, 0>(x),
                          pm::sum<-1>(pm::window<3>(x) * pm::window<3>(pm::flip<-1>(x)))};
    });
    // Eight elements of eight, but one twice and one not at all.
    test::expect_gradient<pm::shape<8>>([](auto x) { return pm::window<4, 3>(pm::exp(x)); });
    test::expect_gradient<m23>([=](auto x) { return added(x * x); });
}

TEST_CASE("op: toeplitz and circulant") {
    CHECK(test::of_counted<pm::shape<6>>([](auto d) { return pm::toeplitz<3>(d); }) ==
          test::numbers{2, 3, 4, 5, 1, 2, 3, 4, 0, 1, 2, 3});
    CHECK(test::of_counted<pm::shape<3>>([](auto d) { return pm::toeplitz<3>(d); }) == test::numbers{2, 1, 0});
    CHECK(test::of_counted<pm::shape<3>>([](auto d) { return pm::toeplitz<1>(d); }) == test::numbers{0, 1, 2});
    CHECK(test::of_counted<pm::shape<3>>([](auto d) { return pm::toeplitz<4>(pm::pad<-1, 2, 2>(d + 1.0)); }) ==
          test::numbers{2, 3, 0, 0, 1, 2, 3, 0, 0, 1, 2, 3, 0, 0, 1, 2});
    CHECK(test::of_counted<pm::shape<4>>([](auto c) { return pm::circulant(c); }) ==
          test::numbers{0, 3, 2, 1, 1, 0, 3, 2, 2, 1, 0, 3, 3, 2, 1, 0});
    CHECK(test::of_counted<pm::shape<1>>([](auto c) { return pm::circulant(c + 4.0); }) == test::numbers{4});
    CHECK(test::of_counted<pm::shape<2, 2>>([](auto c) { return pm::circulant(c); }) ==
          test::numbers{0, 1, 1, 0, 2, 3, 3, 2});
    test::expect_gradient<m34>([](auto x) {
        return std::tuple{pm::toeplitz<2>(x * x), pm::matmul(pm::circulant(x), pm::transpose(x)),
                          pm::toeplitz<3>(pm::pad<-1, 1, 2>(pm::exp(x)))};
    });
}

// A convolution of one dimension, as window.hpp says it; of two, on images whose rows lie one after the other: the
// windows over rows are those along all of an image with the row's length as dilation, and where one goes beyond its
// row, its results are cut off.
template <int Stride = 1, int Dilation = 1, int Padding = 0>
static constexpr auto convolved = [](auto x, auto w) {
    constexpr pm::extents s = decltype(x)::shape_type::value, f = decltype(w)::shape_type::value;
    auto const columns =
        pm::permute<0, 1, 3, 2>(pm::window<f.d[2], Stride, Dilation>(pm::pad<-1, Padding, Padding>(x)));
    constexpr int length = decltype(columns)::shape_type::value.d[3];
    return pm::matmul(pm::reshape<pm::shape<f.d[0], f.d[1] * f.d[2]>>(w),
                      pm::reshape<pm::shape<s.d[0], f.d[1] * f.d[2], length>>(columns));
};
static constexpr auto convolved_2d = [](auto x, auto w) {                     // [2, 4, 5] with [2, 2, 2, 3]
    auto const rows = pm::window<2, 1, 5>(pm::reshape<pm::shape<2, 20>>(x));  // [2, 15, 2]
    auto const columns = pm::permute<0, 2, 3, 1>(pm::window<3, 1, 1, 1>(pm::pad<1, 0, 2>(rows)));  // [2, 2, 3, 15]
    auto const all = pm::matmul(pm::reshape<pm::shape<2, 12>>(w), pm::reshape<pm::shape<12, 15>>(columns));
    return pm::slice<2, 0, 3>(pm::reshape<pm::shape<2, 3, 5>>(all));
};
// (a i) mod m - b for i = 0, 1, ...: what the numbers of PyTorch below were made of.
static test::numbers remainders(int n, int a, int m, int b) {
    test::numbers x;
    for (int i = 0; i < n; ++i) x.push_back(a * i % m - b);
    return x;
}

TEST_CASE("op: convolutions as products with windows, against PyTorch") {
    using images = pm::shape<2, 2, 6>;
    using filters = pm::shape<3, 2, 3>;
    test::numbers const x = remainders(24, 7, 11, 5), w = remainders(18, 5, 7, 3);
    auto const gradients = [&](auto const& f, int results) {
        return test::interpret(pm::ir::simplify(test::trace_gradient<double, images, filters>(f)),
                               {x, w, remainders(results, 3, 5, 2)})
            .outputs;
    };
    // torch.nn.functional.conv1d(x, w): value, gradients.
    CHECK(gradients(convolved<>, 24) ==
          test::arrays{{7,   -19, 32,  -27, -17, 31,  -20, -27, 15,  -17, -16, 29,
                        -19, 32,  -27, -20, 31,  -20, -27, 32,  -17, -16, 29,  -14},
                       {8, -7, 2, -11, 14, -5, 8, -8, -1, -12, 14, -3, 0, -7, 11, -2, 1, -6, -2, -7, 12, 1, 2, -6},
                       {16, 9, -9, -4, 11, -7, 3, 3, -8, 3, 3, -8, -10, -3, -7, 10, -5, -9}});
    // The same with stride=2, dilation=2, padding=2.
    CHECK(gradients(convolved<2, 2, 2>, 18) ==
          test::arrays{{-2, -10, 13, -9, 18, 1, 19, 4, -11, 7, 8, -42, 13, -44, 14, -23, 16, 14},
                       {-15, 0, 11, 0, 5, 0, -14, 0, 11, 0, 4, 0, 10, 0, -11, 0, 4, 0, 8, 0, -13, 0, 5, 0},
                       {-2, -6, 11, 11, -22, 17, 8, -4, -15, 8, 16, -21, -2, 3, -16, -15, 14, -14}});
    // torch.nn.functional.conv2d.
    CHECK(test::interpret(
              pm::ir::simplify(test::trace_gradient<double, pm::shape<2, 4, 5>, pm::shape<2, 2, 2, 3>>(convolved_2d)),
              {remainders(40, 7, 11, 5), remainders(24, 5, 7, 3), remainders(18, 3, 5, 2)})
              .outputs == test::arrays{{16, 16, -6, -17, 5, -6, -28, 16, 16, -7, -14, -10, 24, -5, -23, 0, -7, -14},
                                       {6, -9, 8,  3, -3, -3, -5, 12, -8, -3, -11, 18,  4,  -8, 1,  -6, 7,  -4, 3,  4,
                                        2, -1, -5, 8, -3, -5, 9,  -6, 11, -7, -4,  -13, 13, -6, -1, 6,  -9, 10, -9, 6},
                                       {16, -6, 16,  16,  -17, -17, 5, -17, 16, -17, 5,  16,
                                        0,  19, -28, -26, 15,  1,   6, 3,   0,  13,  -1, -26}});
    test::expect_gradient<images, filters>(
        [](auto x, auto w) { return std::tuple{convolved<>(x * x, w), convolved<2, 1, 1>(x, w * w)}; });
    test::expect_gradient<pm::shape<9>, m23>([](auto x, auto w) {
        return std::tuple{pm::matmul(w, pm::slice<0, 0, 3>(pm::window<4>(x))),
                          pm::matmul(pm::window<3>(x), pm::transpose(w))};
    });
}
