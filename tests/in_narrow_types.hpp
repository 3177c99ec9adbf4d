// What the tests of networks stored in narrow types share: networks that read their values in every way, values for
// them, and the comparison with a frozen network of the rounded values.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <paramorph/paramorph.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

#include "catch.hpp"

namespace pm = paramorph;

namespace in_narrow_types {

template <class M>
inline constexpr pm::network_values<M> values = [] {
    pm::network_values<M> numbers{};
    pm::random random{pm::seed{21}};
    for (auto& x : numbers.of) x = static_cast<pm::module_value_type<M>>(random.uniform(-1, 1));
    return numbers;
}();

// How many of some inputs give another bit than the network of the rounded values, or another status, or, if they must
// be finite, what is not.
template <class S, auto const& Values, class... Shape>
int differing(bool finite = true) {
    static constexpr auto stored = pm::stored_as<S, Values>();
    using net = pm::frozen<pm::rounded_values<S, Values>>;
    static constexpr net exact;
    if constexpr (!std::is_same_v<S, std::int8_t>)
        static_assert(2 * sizeof(S) == sizeof(float) &&
                      sizeof(*Values.of) * stored.flash_bytes == sizeof(S) * exact.flash_bytes);
    using T = typename net::value_type;
    using result = typename net::template result_shape<Shape...>;
    static constexpr int room = std::remove_cvref_t<decltype(stored)>::template workspace_bytes<Shape...>,
                         exact_room = net::template workspace_bytes<Shape...>;
    static std::vector<double> space(std::size_t(std::max(room, exact_room)) / sizeof(double) + 1);
    std::span<std::byte> const workspace = std::as_writable_bytes(std::span(space));
    pm::random random{pm::seed{4}};
    int different = 0;
    for (int trial = 0; trial < 10; ++trial) {
        std::vector<T> y(static_cast<std::size_t>(result::size)), z(y);
        std::tuple<std::array<T, std::size_t(Shape::size)>...> x;
        std::apply(
            [&](auto&... each) {
                (std::generate(each.begin(), each.end(), [&] { return static_cast<T>(random.uniform(-2, 2)); }), ...);
            },
            x);
        std::span<T, std::size_t(result::size)> const y_of(y.data(), y.size()), z_of(z.data(), z.size());
        pm::status const s = stored.template at<Shape...>(x, y_of, workspace),
                         t = exact.template at<Shape...>(x, z_of, workspace);
        different += !s.ok() || !t.ok() || std::memcmp(y.data(), z.data(), y.size() * sizeof(T)) != 0;
        for (T const e : y) different += finite && !std::isfinite(e);
    }
    return different;
}

template <class T, int Outputs, class... Options>
using stack = pm::nn::sequential<pm::nn::linear<19, 33, pm::element_type<T>>, pm::nn::sigmoid,
                                 pm::nn::linear<33, 17, pm::no_bias, pm::element_type<T>>, pm::nn::tanh,
                                 pm::nn::linear<17, Outputs, pm::element_type<T>, Options...>>;
using wide = pm::nn::sequential<pm::nn::linear<70, 65>, pm::nn::relu, pm::nn::linear<65, 6>>;
using deep = pm::nn::sequential<pm::nn::linear<2300, 2>>;
using smallest = pm::nn::sequential<pm::nn::linear<1, 1>>;

// Values read by loops: by rows, transposed, repeated, reduced, in parts and masked.
struct by_loops {
    pm::tensor<pm::shape<9, 9>> square;
    pm::tensor<pm::shape<9>> row;
    pm::tensor<pm::shape<>> factor;
    constexpr auto forward(auto x) const {
        auto const& w = square;
        auto const mixed = pm::tril(w) + pm::transpose(w) * row;
        auto const lengths = pm::sqrt(pm::sum<1>(w * w) + 1.0) + pm::max<0>(w);
        return pm::softmax<-1>(mixed * x * factor) * lengths + pm::mean(w) + w;
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// Values read by products on both sides, in another shape, and as a whole, by what has no loads that convert.
struct by_products {
    pm::tensor<pm::shape<6, 6>> square;
    pm::tensor<pm::shape<36>> flat;
    pm::tensor<pm::shape<2, 6>> half;
    constexpr auto forward(auto x) const {
        auto const& w = square;
        auto const f = pm::reshape<pm::shape<6, 6>>(flat);
        auto const column = pm::matmul(w, x);
        auto const both = pm::matmul(pm::matmul(f, w), pm::transpose(w));
        auto const tall = pm::concatenate<0>(half, half * 2.0, pm::matmul(half, f));
        return pm::matmul(pm::inverse(w) + pm::inverse(f) + both + tall, column) + pm::matmul(x, f) + pm::det(w);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// A value is a result as it stands.
struct itself {
    pm::tensor<pm::shape<5, 7>> weight;
    constexpr auto forward(auto) const { return weight; }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct of_two {
    pm::nn::linear<4, 3> first;
    pm::nn::linear<2, 3, pm::no_bias> second;
    constexpr auto forward(auto x, auto h) const { return pm::tanh(first(x) + second(h)); }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};

}  // namespace in_narrow_types

BOOST_HANA_ADAPT_STRUCT(in_narrow_types::by_loops, square, row, factor);
BOOST_HANA_ADAPT_STRUCT(in_narrow_types::by_products, square, flat, half);
BOOST_HANA_ADAPT_STRUCT(in_narrow_types::itself, weight);
BOOST_HANA_ADAPT_STRUCT(in_narrow_types::of_two, first, second);
