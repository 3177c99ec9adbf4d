// Networks stored in 16 bits: to the bit what a frozen network of the rounded values gives, whatever reads the values.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <tuple>
#include <vector>

#include "../catch.hpp"

namespace {

namespace pm = paramorph;

template <class M>
constexpr pm::network_values<M> made_up() {
    pm::network_values<M> numbers{};
    pm::random random{pm::seed{21}};
    for (auto& x : numbers.of) x = static_cast<pm::module_value_type<M>>(random.uniform(-1, 1));
    return numbers;
}
template <class M>
constexpr pm::network_values<M> values = made_up<M>();

template <class S, auto const& Values>
constexpr auto rounded_values = [] {
    auto v = Values;
    for (auto& x : v.of) x = static_cast<std::remove_reference_t<decltype(x)>>(S(x));
    return v;
}();

// How many of some inputs give another bit than the network of the rounded values, or another status.
template <class S, auto const& Values, class... Shape>
int differing() {
    static constexpr auto stored = pm::stored_as<S, Values>();
    static constexpr pm::frozen<rounded_values<S, Values>> exact;
    static_assert(2 * sizeof(S) == sizeof(float) &&
                  sizeof(*Values.of) * stored.flash_bytes == sizeof(S) * exact.flash_bytes);
    using net = pm::frozen<rounded_values<S, Values>>;
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
        for (T const e : y) different += !std::isfinite(e);
    }
    return different;
}
template <class T>
using stack = pm::nn::sequential<pm::nn::linear<19, 33, pm::element_type<T>>, pm::nn::sigmoid,
                                 pm::nn::linear<33, 17, pm::no_bias, pm::element_type<T>>, pm::nn::tanh,
                                 pm::nn::linear<17, 1, pm::element_type<T>>>;
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
// Values read by products on both sides, in another shape, and by what has no loads that convert.
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

}  // namespace
BOOST_HANA_ADAPT_STRUCT(by_loops, square, row, factor);
BOOST_HANA_ADAPT_STRUCT(by_products, square, flat, half);
BOOST_HANA_ADAPT_STRUCT(itself, weight);
BOOST_HANA_ADAPT_STRUCT(of_two, first, second);

TEST_CASE("stored in 16 bits, layers give the result of the rounded weights to the bit", "[embed]") {
    CHECK(differing<pm::bfloat16, values<stack<float>>, pm::shape<19>>() == 0);
    CHECK(differing<pm::float16, values<stack<float>>, pm::shape<19>>() == 0);
    CHECK(differing<pm::bfloat16, values<stack<double>>, pm::shape<19>>() == 0);
    CHECK(differing<pm::float16, values<smallest>, pm::shape<1>>() == 0);
    CHECK(differing<pm::bfloat16, values<deep>, pm::shape<2300>>() == 0);
}
TEST_CASE("stored in 16 bits, a batch of rows gives the result of the rounded weights to the bit", "[embed]") {
    CHECK(differing<pm::bfloat16, values<stack<float>>, pm::shape<3, 19>>() == 0);
    CHECK(differing<pm::float16, values<wide>, pm::shape<9, 70>>() == 0);
}
TEST_CASE("stored in 16 bits, values are read by loops, by products on either side and by other operations",
          "[embed]") {
    CHECK(differing<pm::bfloat16, values<by_loops>, pm::shape<9>>() == 0);
    CHECK(differing<pm::float16, values<by_products>, pm::shape<6, 6>>() == 0);
    CHECK(differing<pm::float16, values<itself>, pm::shape<1>>() == 0);
    CHECK(differing<pm::bfloat16, values<of_two>, pm::shape<4>, pm::shape<2>>() == 0);
}

namespace {

using model = pm::nn::sequential<pm::nn::linear<7, 9, pm::weight<pm::param::orthogonal<>>>, pm::nn::tanh,
                                 pm::nn::linear<9, 9, pm::weight<pm::param::skew, pm::param::cayley>>, pm::nn::relu,
                                 pm::nn::linear<9, 5, pm::weight<pm::param::lora<2>>, pm::no_bias>>;
constexpr pm::network_originals<model> originals = [] {
    pm::network_originals<model> numbers{};
    pm::random random{pm::seed{5}};
    for (float& x : numbers.of) x = static_cast<float>(random.uniform(-1, 1));
    return numbers;
}();
constexpr pm::frozen<pm::frozen_values<originals>> frozen;
constexpr auto half = pm::stored_as<pm::bfloat16, pm::frozen_values<originals>>();

}  // namespace

TEST_CASE("parametrized networks that the compiler froze are stored in 16 bits", "[embed]") {
    CHECK(differing<pm::bfloat16, pm::frozen_values<originals>, pm::shape<7>>() == 0);
    pm::workspace<half> space;
    float const x[7]{1, -0.5f, 0.25f, 2, -2, 0.125f, 0};
    float y[5], z[5];
    REQUIRE(half(x, y, space.bytes).ok());
    REQUIRE(frozen(x, z, space.bytes).ok());
    double difference = 0;
    for (int k = 0; k < 5; ++k)
        if (auto const d = std::abs(double(y[k]) - double(z[k])); d > difference || d != d) difference = d;
    CHECK(difference > 0);
    CHECK(difference < 0.05);
    float bad[7]{};
    bad[3] = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::string(half(bad, y, space.bytes).failed) == "call: the input is not finite");
}
TEST_CASE("in 16 bits a network takes half the flash, and no more of the workspace", "[embed]") {
    STATIC_REQUIRE(pm::flash_bytes<frozen> == 4 * (7 * 9 + 9 + 9 * 9 + 9 + 9 * 5));
    STATIC_REQUIRE(2 * pm::flash_bytes<half> == pm::flash_bytes<frozen>);
    STATIC_REQUIRE(pm::ram_bytes<half> == pm::ram_bytes<frozen>);
    // Several rows at once are no copies of weights either; what an inverse reads is.
    using rows = pm::shape<9, 70>;
    constexpr auto wide_half = pm::stored_as<pm::float16, values<wide>>();
    STATIC_REQUIRE(decltype(wide_half)::workspace_bytes<rows> == pm::frozen<values<wide>>::workspace_bytes<rows>);
    constexpr auto inverted = pm::stored_as<pm::float16, values<by_products>>();
    STATIC_REQUIRE(decltype(inverted)::workspace_bytes<pm::shape<6, 6>> >
                   pm::frozen<values<by_products>>::workspace_bytes<pm::shape<6, 6>>);
}
TEST_CASE("the interpreter rounds what is stored in 16 bits, and agrees with the network", "[embed]") {
    using net = decltype(half);
    using P = net::program_for<>;
    using exact = pm::frozen<pm::frozen_values<originals>>::program_for<>;
    constexpr int parts = pm::network_values<model>::parts;
    std::vector<std::vector<double>> numbers(parts + 1), rounded(parts + 1);
    double const* arguments[parts + 1];
    double const* rounded_arguments[parts + 1];
    for (int k = 0; k < parts; ++k) {
        for (int i = pm::network_values<model>::begin(k); i < pm::network_values<model>::begin(k + 1); ++i) {
            numbers[std::size_t(k)].push_back(double(pm::frozen_values<originals>.of[i]));
            rounded[std::size_t(k)].push_back(double(float(pm::bfloat16(pm::frozen_values<originals>.of[i]))));
        }
        arguments[k] = numbers[std::size_t(k)].data();
        rounded_arguments[k] = rounded[std::size_t(k)].data();
    }
    float const x[7]{1, -0.5f, 0.25f, 2, -2, 0.125f, 0};
    numbers[parts].assign(x, x + 7);
    arguments[parts] = rounded_arguments[parts] = numbers[parts].data();
    double y[5], z[5];
    double* outputs[]{y};
    double* exact_outputs[]{z};
    REQUIRE(pm::ir::evaluate(pm::compiled<P>::simplified, arguments, outputs).ok());
    REQUIRE(pm::ir::evaluate(pm::compiled<exact>::simplified, rounded_arguments, exact_outputs).ok());
    CHECK(std::memcmp(y, z, sizeof y) == 0);
    pm::workspace<half> space;
    float computed[5];
    REQUIRE(half(x, computed, space.bytes).ok());
    for (int k = 0; k < 5; ++k) CHECK(std::abs(double(computed[k]) - y[k]) < 1e-6);
}

namespace {

using line = pm::nn::sequential<pm::nn::linear<2, 2>>;
constexpr pm::network_values<line> at_the_edges{{65519.0f, -65519.0f, 0x1p-24f, -0x1p-26f, -0.0f, 6e-5f}};
constexpr pm::network_values<line> large{{3.38e38f, -3.38e38f, 1e-40f, -1e-45f, 0.0f, 1e30f}};

}  // namespace

TEST_CASE("the largest, subnormal and smaller numbers are stored in 16 bits as they are rounded", "[embed]") {
    static constexpr auto small = pm::stored_as<pm::float16, at_the_edges>();
    static constexpr auto huge = pm::stored_as<pm::bfloat16, large>();
    float y[2];
    REQUIRE(small(std::array{1.0f, 0.0f}, y, {}).ok());
    CHECK(y[0] == 65504);
    CHECK(y[1] == 0x1p-24f + float(pm::float16(6e-5f)));
    REQUIRE(small(std::array{0.0f, 1.0f}, y, {}).ok());
    CHECK(y[0] == -65504);
    REQUIRE(huge(std::array{1.0f, 0.0f}, y, {}).ok());
    CHECK(y[0] == float(pm::bfloat16(3.38e38f)));
    REQUIRE(huge(std::array{0.0f, 0.0f}, y, {}).ok());
    CHECK(y[1] == float(pm::bfloat16(1e30f)));
}
