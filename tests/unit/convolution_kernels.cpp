// The vectorised kernels of convolutions and of their two adjoints against the interpreter and the loops of scalars:
// rows under and over a vector, strides, dilations, padding, groups, and what is not finite.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/kernel/explain.hpp"
#include "paramorph/op/convolution.hpp"
#include "paramorph/op/relu.hpp"

namespace op = pm::op;
using test::numbers, test::arrays;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity(), nan_ = std::numeric_limits<double>::quiet_NaN();

struct along {
    int stride = 1, padding = 0, dilation = 1, groups = 1, after = -1;  // after: padding behind, where it differs

    constexpr pm::attributes on(pm::extents const& images, pm::extents const& filters) const {
        op::convolution_numbers n;
        n.groups = groups;
        for (int k = images.rank < 4 ? 1 : 0; k < 2; ++k) {
            n.stride[k] = stride;
            n.padding[k] = padding;
            n.dilation[k] = dilation;
            n.size[k] = (images.from_end(1 - k) + padding + (after < 0 ? padding : after) -
                         (filters.from_end(1 - k) - 1) * dilation - 1) /
                            stride +
                        1;
        }
        return n.pack(images.rank);
    }
};
// The convolution, whose gradients are the two others.
template <along By>
constexpr auto convolved = [](auto x, auto w) {
    return pm::apply<op::convolution, By.on(pm::extents_of<decltype(x)>, pm::extents_of<decltype(w)>)>(x, w);
};
template <class T, class Images, class Filters, along By = along{}>
void agrees() {
    test::expect_agreement<T, Images, Filters>(convolved<By>, -1, 1);
}
template <class Images, class Filters, along By>
using program = test::program_of<std::remove_cvref_t<decltype(convolved<By>)>, float, Images, Filters>;

}  // namespace

TEST_CASE("convolution kernels: lines of a vector and more, under a vector, of one number") {
    agrees<float, pm::shape<2, 3, 29>, pm::shape<7, 3, 4>>();
    agrees<double, pm::shape<2, 3, 9>, pm::shape<5, 3, 4>>();
    agrees<float, pm::shape<3, 2, 7>, pm::shape<2, 2, 2>>();
    agrees<float, pm::shape<5, 3, 4>, pm::shape<6, 3, 4>>();  // the window is the image
    agrees<float, pm::shape<1, 1, 1>, pm::shape<1, 1, 1>>();
}

TEST_CASE("convolution kernels: padding, dilation and steps") {
    agrees<float, pm::shape<1, 4, 37>, pm::shape<3, 4, 6>,
           along{.padding = 15, .dilation = 3, .after = 0}>();  // causal
    agrees<float, pm::shape<2, 3, 20>, pm::shape<4, 3, 3>, along{.stride = 2, .padding = 1, .dilation = 2}>();
    agrees<double, pm::shape<1, 2, 23>, pm::shape<3, 2, 2>, along{.stride = 3}>();  // some elements are in no window
    agrees<float, pm::shape<1, 2, 3>, pm::shape<1, 2, 3>, along{.padding = 9}>();   // windows of padding alone
}

TEST_CASE("convolution kernels: groups, and filters of one channel each") {
    agrees<float, pm::shape<2, 6, 20>, pm::shape<9, 2, 3>, along{.padding = 1, .groups = 3}>();
    agrees<float, pm::shape<2, 4, 18>, pm::shape<4, 1, 5>, along{.padding = 2, .groups = 4}>();
}

TEST_CASE("convolution kernels: one number for each channel is a product in the loop that reads it") {
    agrees<float, pm::shape<2, 1, 13>, pm::shape<5, 1, 1>>();
    agrees<float, pm::shape<2, 3, 13>, pm::shape<3, 1, 1>, along{.groups = 3}>();
    agrees<float, pm::shape<2, 3, 13>, pm::shape<6, 1, 1>, along{.groups = 3}>();  // two for each: is none
    auto const has_none = []<class P>(std::type_identity<P>) {
        for (int i = 0; i < test::simplified<P>().size; ++i)
            if (test::simplified<P>().nodes[i].operation->name == op::convolution::name) return false;
        return true;
    };
    CHECK(has_none(std::type_identity<program<pm::shape<2, 1, 13>, pm::shape<5, 1, 1>, along{}>>{}));
    CHECK(has_none(std::type_identity<program<pm::shape<2, 3, 13>, pm::shape<3, 1, 1>, along{.groups = 3}>>{}));
    CHECK_FALSE(has_none(std::type_identity<program<pm::shape<2, 3, 13>, pm::shape<6, 1, 1>, along{.groups = 3}>>{}));
}

TEST_CASE("convolution kernels: long rows and filters are in parts") {
    agrees<float, pm::shape<1, 2, 2300>, pm::shape<2, 2, 17>>();                     // blocks of a row
    agrees<float, pm::shape<40, 2, 12>, pm::shape<3, 2, 3>, along{.padding = 1}>();  // blocks of images
}

TEST_CASE("convolution kernels: an element of filters' gradient is off by as little as documented") {
    constexpr int n = 50000;
    using P = program<pm::shape<1, 1, n>, pm::shape<1, 1, 1>, along{}>;
    arrays const in{numbers(n, 0.1f), {1}, numbers(n, 1)};
    for (auto const& r : {test::run_kernel<P, pm::simd::best<float>>(in), test::run_kernel<P, float>(in)}) {
        double const exact = n * static_cast<double>(0.1f);
        CHECK(std::abs(r.outputs[2][0] - exact) <= 132 * std::numeric_limits<float>::epsilon() * exact);
    }
}

TEST_CASE("convolution kernels: padding contributes nothing to what is not finite") {
    using P = program<pm::shape<1, 1, 9>, pm::shape<1, 1, 3>, along{.padding = 1}>;
    // The outer taps meet padding in one result each.
    arrays const in{numbers(9, 1), {inf, 1, nan_}, numbers(9, 1)};
    for (auto const& r : test::three_ways<P>(in)) {
        REQUIRE(r.status.ok());
        CHECK((std::isnan(r.outputs[0][0]) && std::isnan(r.outputs[0][7]) && r.outputs[0][8] == inf));
        CHECK((r.outputs[1][0] == inf && std::isnan(r.outputs[1][1]) && std::isnan(r.outputs[1][8])));
        CHECK(r.outputs[2] == numbers{8, 9, 8});
    }
    // A cotangent at the border meets padding: the other taps have it.
    arrays const border{numbers(9, 1), {1, 1, 1}, {inf, 1, 1, 1, 1, 1, 1, 1, nan_}};
    for (auto const& r : test::three_ways<P>(border)) {
        CHECK((std::isnan(r.outputs[2][0]) && std::isnan(r.outputs[2][1]) && r.outputs[2][2] == inf));
        CHECK((r.outputs[1][0] == inf && r.outputs[1][4] == 3 && std::isnan(r.outputs[1][8])));
    }
    // Numbers that are far apart, and an infinity among images, are what they are without vectors.
    arrays const far{{1e30, 1e-30, 0, -0.0, 1e-42, inf, 1, 1, 1}, {1, 0.5, 0}, {1, 1, 1, 1, 1, 1, 1, 1, 1e30}};
    auto const ways = test::three_ways<P>(far);
    for (std::size_t k = 0; k < 3; ++k)
        for (auto const& r : ways) CHECK(test::close(r.outputs[k], ways[0].outputs[k], 1e-6));
}

namespace {

// How many convolutions' sums begin with what the loop behind them would add.
template <class F, class... Shape>
constexpr int biases_taken = [] {
    using C = pm::compiled<test::value_program_of<F, float, Shape...>>;
    int n = 0;
    for (int t = 0; t < C::plan.step_count; ++t) n += C::plan.steps[t].begins_with > 0;
    return n;
}();
constexpr bool has_vectors = pm::simd::width<pm::simd::best<float>> > 1;

template <class Bias, along By = along{}>
constexpr auto biased = [](auto x, auto w, auto b) { return pm::relu(convolved<By>(x, w) + pm::reshape<Bias>(b)); };
template <class Images, class Filters, class Bias, along By = along{}>
void agrees_with_bias() {
    using f = std::remove_cvref_t<decltype(biased<Bias, By>)>;
    using b = pm::shape<Filters::value.d[0]>;
    CHECK(biases_taken<f, Images, Filters, b> == (has_vectors ? 1 : 0));
    test::expect_agreement<float, Images, Filters, b>(f{}, -1, 1);
}

}  // namespace

TEST_CASE("convolution kernels: sums begin with the bias that the loop behind them adds") {
    agrees_with_bias<pm::shape<1, 3, 99>, pm::shape<3, 3, 6>, pm::shape<3, 1>, along{.dilation = 7}>();
    agrees_with_bias<pm::shape<5, 4, 20>, pm::shape<6, 2, 3>, pm::shape<6, 1>, along{.padding = 1, .groups = 2}>();
    agrees_with_bias<pm::shape<3, 2, 9, 11>, pm::shape<5, 2, 3, 3>, pm::shape<5, 1, 1>>();
    agrees_with_bias<pm::shape<2, 3, 14>, pm::shape<4, 3, 2>, pm::shape<1, 4, 1>, along{.stride = 2}>();
    // With padding, filters that are not finite take the loop of scalars.
    using P = test::value_program_of<std::remove_cvref_t<decltype(biased<pm::shape<2, 1>, along{.padding = 1}>)>, float,
                                     pm::shape<1, 1, 9>, pm::shape<2, 1, 3>, pm::shape<2>>;
    for (auto const& r : test::three_ways<P>({numbers(9, 1), {inf, 1, -1, 1, 1, 1}, {1, 2}}))
        CHECK(r.outputs[0] == numbers{1, inf, inf, inf, inf, inf, inf, inf, inf, 4, 5, 5, 5, 5, 5, 5, 5, 4});
    auto const text = pm::explain<P>(pm::targets::avx2);
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring("argument 2 [2]; writes value 3"));
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring("loop over 2 x 9: relu; reads value 3 [1, 2, 9]; writes"));
}

TEST_CASE("convolution kernels: what is no bias, or added to sums that are read elsewhere, too, is added behind them") {
    using w = pm::shape<4, 4, 3>;
    using b = pm::shape<4>;
    auto const twice = [](auto x, auto y, auto z) {
        auto const sums = convolved<along{}>(x, y);
        return pm::relu(sums + pm::reshape<pm::shape<4, 1>>(z)) * sums;
    };
    auto const along_the_row = [](auto x, auto y, auto z) { return convolved<along{}>(x, y) + z; };
    CHECK(biases_taken<std::remove_cvref_t<decltype(twice)>, pm::shape<1, 4, 16>, w, b> == 0);
    CHECK(biases_taken<std::remove_cvref_t<decltype(along_the_row)>, pm::shape<1, 4, 6>, w, b> == 0);
    test::expect_agreement<float, pm::shape<1, 4, 16>, w, b>(twice, -1, 1);
    test::expect_agreement<float, pm::shape<1, 4, 6>, w, b>(along_the_row, -1, 1);
}
