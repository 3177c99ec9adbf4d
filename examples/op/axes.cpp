// Operations along axes: reductions, sums so far, rows taken and picked, axes reordered, stacked and cut into windows.
// Exit status 0 if the numbers are right.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <tuple>

#include "show.hpp"

template <class Number, std::size_t... E>
using fixed = xt::xtensor_fixed<Number, xt::xshape<E...>>;

int main() {
    fixed<float, 2, 3> const x{{1, 2, 3}, {4, 5, 6}};

    // Reductions: axes are numbers of the type, and disappear; none: over everything.
    auto const [products, least, length, total, soft] = pm::function([](auto a) {
        return std::tuple{pm::prod<1>(a), pm::min<0>(a), pm::norm<2, 1>(a), pm::norm<pm::infinity>(a),
                          pm::logsumexp<1>(a)};
    })(x);
    show("prod<1>", products, {6, 120});
    show("min<0>", least, {1, 2, 3});
    show("norm<2, 1>", length, {std::sqrt(14.0), std::sqrt(77.0)});
    show("norm<infinity>", total, 6);
    show("logsumexp<1>", soft,
         {3 + std::log(1 + std::exp(-1) + std::exp(-2)), 6 + std::log(1 + std::exp(-1) + std::exp(-2))});

    auto const [so_far, logarithms, turned, swapped] = pm::function([](auto a) {
        return std::tuple{pm::cumsum<1>(a), pm::exp(pm::log_softmax(pm::log(a))), pm::flip<1>(a), pm::permute<1, 0>(a)};
    })(x);
    show("cumsum<1>", so_far, {1, 3, 6, 4, 9, 15});
    show("exp(log_softmax(log))", logarithms, {1 / 6., 2 / 6., 3 / 6., 4 / 15., 5 / 15., 6 / 15.});
    show("flip<1>", turned, {3, 2, 1, 6, 5, 4});
    show("permute<1, 0>", swapped, {1, 4, 2, 5, 3, 6});

    // Columns at constant places; rows at places known at run time, and one element of each row.
    fixed<std::int32_t, 3> const rows{1, 0, 1};
    fixed<std::int32_t, 2> const labels{2, 0};
    auto const [columns, taken, picked] = pm::function([](auto a, auto at, auto k) {
        return std::tuple{pm::gather<1, 2, 0>(a), pm::take(a, at), pm::pick(a, k)};
    })(x, rows, labels);
    show("gather<1, 2, 0>", columns, {3, 1, 6, 4});
    show("take", taken, {4, 5, 6, 1, 2, 3, 4, 5, 6});
    show("pick", picked, {3, 4});

    // Vectors side by side, repeated, and their windows: a sum of three neighbours, every second one.
    fixed<float, 5> const v{1, 2, 4, 8, 16};
    auto const [pairs, repeated, windows, neighbours, inner] = pm::function([](auto a) {
        return std::tuple{pm::stack<1>(a, -a), pm::broadcast_to<pm::shape<2, 5>>(a), pm::window<3, 2>(a),
                          pm::sum<-1>(pm::window<3, 2>(a)), pm::dot(a, a)};
    })(v);
    show("stack<1>", pairs, {1, -1, 2, -2, 4, -4, 8, -8, 16, -16});
    show("broadcast_to", repeated, {1, 2, 4, 8, 16, 1, 2, 4, 8, 16});
    show("window<3, 2>", windows, {1, 2, 4, 4, 8, 16});
    show("sums of windows", neighbours, {7, 28});
    show("dot", inner, 341);
    return good ? 0 : 1;
}
