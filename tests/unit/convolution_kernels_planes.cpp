// As convolution_kernels.cpp, over two axes.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/convolution.hpp"

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
