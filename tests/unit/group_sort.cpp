// group_sort: values, along any axis, gradients, ties and what is not a number.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/nn/group_sort.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "../catch.hpp"
#include "paramorph/nn/function.hpp"
#include "paramorph/nn/function_gradient.hpp"
#include "paramorph/op/cumsum.hpp"
#include "paramorph/op/reduce.hpp"

namespace pm = paramorph;
using pm::nn::group_sort;

namespace {

template <int Group, int Axis, class Shape>
void sorts_as_std() {
    using T = float;
    auto x = pm::make_container<Shape, T>();
    pm::random numbers{pm::seed{4}};
    for (auto& e : x) e = static_cast<T>(numbers.uniform(-2, 2));
    auto const y = group_sort<Group, Axis>{}(x);
    constexpr int axis = Axis < 0 ? Axis + Shape::rank : Axis, inner = pm::stride_of(Shape::value, axis),
                  extent = Shape::value.d[axis];
    bool same = true;
    for (int i = 0; i < Shape::size; ++i) {
        if (i / inner % extent % Group != 0) continue;
        std::vector<T> group;
        for (int k = 0; k < Group; ++k) group.push_back(x.data()[i + k * inner]);
        std::sort(group.begin(), group.end());
        for (int k = 0; k < Group; ++k) same = same && y.data()[i + k * inner] == group[std::size_t(k)];
    }
    CHECK(same);
}

}  // namespace

TEST_CASE("group_sort: each group in ascending order, along any axis") {
    sorts_as_std<2, -1, pm::shape<8>>();
    sorts_as_std<3, -1, pm::shape<2, 9>>();
    sorts_as_std<5, 0, pm::shape<5, 3>>();
    sorts_as_std<2, 1, pm::shape<2, 6, 3, 5>>();
    sorts_as_std<4, 2, pm::shape<2, 3, 8>>();
    sorts_as_std<1, -1, pm::shape<3>>();
    sorts_as_std<7, 0, pm::shape<7>>();
}

TEST_CASE("group_sort: the gradient goes where each element came from, and halves of it to equal ones") {
    using row = xt::xtensor_fixed<double, xt::xshape<4>>;
    auto const weighted = pm::value_and_grad([](auto x) {
        auto const y = group_sort<4>::forward(x);
        return pm::sum(y * pm::cumsum<0>(0 * y + 1));
    });
    CHECK((weighted(row{3, -1, 7, 2}).gradient == row{3, 1, 4, 2}));
    auto const pairs = pm::value_and_grad([](auto x) {
        auto const y = group_sort<2>::forward(x);
        return pm::sum(y * pm::cumsum<0>(0 * y + 1));
    });
    CHECK((pairs(row{5, 5, 1, 0}).gradient == row{1.5, 1.5, 4, 3}));
}

TEST_CASE("group_sort: what is not a number stays in its group") {
    using four = xt::xtensor_fixed<float, xt::xshape<4>>;
    constexpr float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
    auto const y = group_sort<2>{}(four{nan, 1, inf, -inf});
    CHECK((std::isnan(y(0)) && std::isnan(y(1)) && y(2) == -inf && y(3) == inf));
    CHECK((group_sort<2>{}(four{1, 1, -2, -3}) == four{1, 1, -3, -2}));
}
