// As convolution_kernels.cpp, over two axes.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/convolution.hpp"
#include "paramorph/op/relu.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/view.hpp"

namespace op = pm::op;

namespace {

// Of rows, and of columns.
struct across {
    int stride[2]{1, 1}, padding[2]{0, 0}, dilation[2]{1, 1}, groups = 1;

    constexpr pm::attributes on(pm::extents const& images, pm::extents const& filters) const {
        op::convolution_numbers n;
        n.groups = groups;
        for (int k = 0; k < 2; ++k) {
            n.stride[k] = stride[k];
            n.padding[k] = padding[k];
            n.dilation[k] = dilation[k];
            n.size[k] = (images.from_end(1 - k) + 2 * padding[k] - (filters.from_end(1 - k) - 1) * dilation[k] - 1) /
                            stride[k] +
                        1;
        }
        return n.pack(4);
    }
};
template <across By>
constexpr auto convolved = [](auto x, auto w) {
    return pm::apply<op::convolution, By.on(pm::extents_of<decltype(x)>, pm::extents_of<decltype(w)>)>(x, w);
};
template <class T, class Images, class Filters, across By = across{}>
void agrees() {
    test::expect_agreement<T, Images, Filters>(convolved<By>, -1, 1);
}

}  // namespace

TEST_CASE("convolution kernels: planes, with their rows a vector and more, and under a vector") {
    agrees<float, pm::shape<2, 3, 12, 28>, pm::shape<7, 3, 3, 3>>();
    agrees<double, pm::shape<2, 2, 7, 7>, pm::shape<5, 2, 3, 2>, across{.padding = {1, 1}}>();
    agrees<float, pm::shape<3, 2, 5, 5>, pm::shape<4, 2, 5, 5>>();  // the window is the image
}

TEST_CASE("convolution kernels: planes with steps, dilation and padding that differ by axis") {
    agrees<float, pm::shape<2, 3, 9, 23>, pm::shape<4, 3, 3, 2>,
           across{.stride = {2, 3}, .padding = {1, 2}, .dilation = {2, 1}}>();
    agrees<float, pm::shape<1, 2, 11, 20>, pm::shape<3, 2, 2, 3>,
           across{.stride = {1, 2}, .padding = {0, 1}, .dilation = {3, 2}}>();
    agrees<float, pm::shape<1, 2, 9, 19>, pm::shape<2, 2, 3, 3>, across{.stride = {2, 1}}>();
}

TEST_CASE("convolution kernels: filters of one element, and of one column, go along whole planes") {
    agrees<float, pm::shape<2, 5, 4, 7>, pm::shape<7, 5, 1, 1>>();
    agrees<float, pm::shape<2, 3, 6, 5>, pm::shape<4, 3, 3, 1>, across{.padding = {1, 0}, .dilation = {2, 1}}>();
}

TEST_CASE("convolution kernels: planes in groups") {
    agrees<float, pm::shape<2, 4, 10, 17>, pm::shape<6, 2, 3, 3>, across{.padding = {1, 1}, .groups = 2}>();
    agrees<float, pm::shape<1, 6, 9, 9>, pm::shape<6, 1, 3, 3>,
           across{.stride = {2, 2}, .padding = {1, 1}, .groups = 6}>();
}

TEST_CASE("convolution kernels: two rows whose last vectors are halves are whole vectors together") {
    // Vectors of 8, of 16, of 4 doubles; rows that are left over, that are packed, and in blocks.
    constexpr auto rows = [](int rows, int columns, int lanes) {
        op::convolution_numbers n;
        n.size[0] = n.size[1] = 3;
        pm::extents const images{4, {1, 1, rows + 2, columns + 2}}, results{4, {1, 1, rows, columns}};
        auto const pass =
            op::filter_pass(op::convolution_to_filters::loops(images, results, n.pack(4)), pm::targets::avx2, lanes);
        return std::pair(pass.rows_together, pass.rows_of_a_block);
    };
    static_assert(rows(5, 12, 8) == std::pair(2, 5) && rows(5, 12, 16) == std::pair(1, 5));
    static_assert(rows(9, 24, 8) == std::pair(1, 9) && rows(9, 24, 16) == std::pair(2, 9));
    static_assert(rows(60, 20, 8) == std::pair(2, 42) && rows(60, 21, 8) == std::pair(1, 42));
    static_assert(rows(60, 8 * 128 + 4, 8) == std::pair(1, 1) && rows(1, 12, 8) == std::pair(1, 1));
    agrees<float, pm::shape<2, 3, 7, 14>, pm::shape<5, 3, 3, 3>>();
    agrees<float, pm::shape<1, 2, 9, 24>, pm::shape<4, 2, 3, 3>, across{.padding = {1, 1}}>();
    agrees<double, pm::shape<1, 1, 89, 8>, pm::shape<2, 1, 2, 3>>();
}

namespace {

template <class Results, class Filters, across By>
constexpr bool goes_by_taps = [] {
    constexpr pm::extents results = Results::value, filters = Filters::value;
    op::convolution_numbers n;
    n.groups = By.groups;
    for (int k = 0; k < 2; ++k) {
        n.padding[k] = By.padding[k];
        n.dilation[k] = By.dilation[k];
        n.size[k] = results.from_end(1 - k) + (filters.from_end(1 - k) - 1) * By.dilation[k] - 2 * By.padding[k];
    }
    return op::by_taps(op::convolution_to_images::loops(results, filters, n.pack(4)), pm::targets::avx2, 8);
}();

}  // namespace

TEST_CASE("convolution kernels: adjoints by taps") {
    constexpr across in_groups{.padding = {1, 2}, .dilation = {2, 3}, .groups = 2};
    static_assert(goes_by_taps<pm::shape<2, 9, 12, 24>, pm::shape<9, 5, 3, 3>, across{}>);
    static_assert(goes_by_taps<pm::shape<2, 6, 9, 24>, pm::shape<6, 2, 3, 3>, in_groups>);
    static_assert(goes_by_taps<pm::shape<1, 5, 4, 43>, pm::shape<5, 3, 3, 5>, across{}>);
    static_assert(!goes_by_taps<pm::shape<2, 9, 32, 32>, pm::shape<9, 5, 3, 3>, across{.padding = {1, 1}}>);
    static_assert(!goes_by_taps<pm::shape<2, 9, 1, 24>, pm::shape<9, 5, 1, 3>, across{}>);  // along one axis
    static_assert(goes_by_taps<pm::shape<2, 9, 7, 20>, pm::shape<9, 5, 3, 3>, across{}>);   // two rows at a time
    agrees<float, pm::shape<2, 5, 9, 22>, pm::shape<9, 5, 3, 3>>();
    agrees<float, pm::shape<2, 5, 14, 26>, pm::shape<9, 5, 3, 3>>();
    agrees<float, pm::shape<2, 4, 11, 26>, pm::shape<6, 2, 3, 3>, in_groups>();
    agrees<float, pm::shape<1, 3, 6, 47>, pm::shape<5, 3, 3, 5>>();
    agrees<double, pm::shape<2, 2, 7, 14>, pm::shape<5, 2, 3, 3>, across{.padding = {2, 0}}>();
}

TEST_CASE("convolution kernels: adjoints by taps take what is not finite where the formula does") {
    using P = test::program_of<std::remove_cvref_t<decltype(convolved<across{}>)>, float, pm::shape<1, 1, 14, 26>,
                               pm::shape<8, 1, 3, 3>>;
    static_assert(goes_by_taps<pm::shape<1, 8, 12, 24>, pm::shape<8, 1, 3, 3>, across{}>);
    constexpr double inf = std::numeric_limits<double>::infinity();
    test::arrays in{test::numbers(14 * 26, 1), test::numbers(8 * 9, 0), test::numbers(8 * 12 * 24, 1)};
    std::ranges::copy(test::numbers{1, inf, 1, 1, 1, 1, 1, 1, 2}, in[1].begin());
    in[2][3 * 24 + 5] = inf;
    auto const ways = test::three_ways<P>(in);
    for (auto const& r : ways) {
        REQUIRE(r.status.ok());
        CHECK((r.outputs[1][0] == 1 && r.outputs[1][1] == inf && r.outputs[1][25] == 1));
        CHECK((r.outputs[1][13 * 26 + 25] == 2 && r.outputs[1][13 * 26] == 1 && r.outputs[1][5 * 26 + 5] == inf));
        CHECK(test::close(r.outputs[1], ways[0].outputs[1], 1e-6));
    }
}

namespace {

// Large enough that its steps run image by image: values that are read in the group alone have room for one image, what
// the gradient reads has room for all. `scale` is read as filters and as an operand.
constexpr auto two_layers = [](auto x, auto w, auto scale, auto v) {
    auto const a = pm::relu(convolved<across{.padding = {1, 0}}>(x, w) * pm::reshape<pm::shape<1, 9, 1, 1>>(scale));
    return pm::tanh(convolved<across{.stride = {2, 1}}>(a, v)) + 1.0;
};
using images = pm::shape<17, 2, 19, 37>;

}  // namespace

TEST_CASE("convolution kernels: steps run image by image, and what they make in between has room for one") {
    using value = test::value_program_of<std::remove_cvref_t<decltype(two_layers)>, float, images,
                                         pm::shape<9, 2, 3, 3>, pm::shape<9>, pm::shape<4, 9, 2, 2>>;
    using C = pm::compiled<value>;
    if (pm::targets::host.l2_bytes == pm::target{}.l2_bytes) {
        CHECK(C::rows.of[0].images == 17);
        constexpr int of_an_image = 9 * 19 * 35 * int(sizeof(float));
        CHECK(C::memory.bytes < 4 * of_an_image);
    }
    test::expect_agreement<float, images, pm::shape<9, 2, 3, 3>, pm::shape<9>, pm::shape<4, 9, 2, 2>>(two_layers, -1,
                                                                                                      1);
    auto const in = test::arguments_for(test::simplified<value>(), -1, 1);
    test::expect_same_on<value>(in, test::kernel_tolerance<float>);
}
