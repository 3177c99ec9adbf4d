// Networks stored in eight bits with scales: to the bit what a frozen network of the rounded values gives, whatever
// reads the values; and those are at most half a scale from what they were.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "../in_narrow_types.hpp"

namespace {

using namespace in_narrow_types;

using filters = pm::nn::sequential<pm::nn::conv1d<3, 4, 3>, pm::nn::relu, pm::nn::flatten<1>>;
struct over_time {
    pm::nn::gru<3, 5> memory;
    constexpr auto forward(auto x) const { return std::get<0>(memory(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(over_time, memory);

TEST_CASE("stored in eight bits, layers give the result of the rounded weights to the bit", "[embed]") {
    CHECK(differing<std::int8_t, values<stack<float, 5, pm::no_bias>>, pm::shape<19>>() == 0);
    CHECK(differing<std::int8_t, values<stack<double, 5, pm::no_bias>>, pm::shape<19>>() == 0);
    CHECK(differing<std::int8_t, values<smallest>, pm::shape<1>>() == 0);
    CHECK(differing<std::int8_t, values<deep>, pm::shape<2300>>() == 0);
    CHECK(differing<std::int8_t, values<wide>, pm::shape<9, 70>>() == 0);
    CHECK(differing<std::int8_t, values<filters>, pm::shape<1, 3, 8>>() == 0);
    CHECK(differing<std::int8_t, values<over_time>, pm::shape<4, 3>>() == 0);
}
TEST_CASE("stored in eight bits, values are read by loops, by products on either side and by other operations",
          "[embed]") {
    CHECK(differing<std::int8_t, values<by_loops>, pm::shape<9>>() == 0);
    CHECK(differing<std::int8_t, values<by_products>, pm::shape<6, 6>>() == 0);
    CHECK(differing<std::int8_t, values<itself>, pm::shape<1>>() == 0);
    CHECK(differing<std::int8_t, values<of_two>, pm::shape<4>, pm::shape<2>>() == 0);
}

namespace {

constexpr float largest = std::numeric_limits<float>::max(), smallest_float = std::numeric_limits<float>::denorm_min();
using rows = pm::nn::linear<3, 12, pm::no_bias>;
constexpr pm::network_values<rows> at_the_edges{{
    0,
    -0.0f,
    0,  // no scale
    1e-30f,
    -1e-30f,
    3e-33f,  //
    1e30f,
    1e28f,
    -1e30f,  //
    largest / 1.01f,
    -1,
    -largest / 2,  //
    smallest_float,
    -smallest_float,
    0,  // smaller than a scale can be
    130 * smallest_float,
    150 * smallest_float,
    -7 * smallest_float,  //
    1e-38f,
    -1e-38f,
    3e-39f,  // scales that are subnormal
    127,
    63.5f,
    -0.5f,  // a scale of one: ties
    1,
    -1,
    1 / 254.0f,  //
    0.3f,
    -0.299f,
    1e-9f,  //
    0x1.fffffep-1f,
    0x1.fffffcp-1f,
    -0x1p-126f,  //
    1e-44f,
    1e30f,
    -1e-44f,  //
}};

}  // namespace

TEST_CASE("what is stored in eight bits is an integer times an exact scale, half of it away at most", "[embed]") {
    constexpr auto const& exact = pm::rounded_values<std::int8_t, at_the_edges>;
    constexpr auto const& q = pm::detail::rounding_to_int8<at_the_edges>::all;
    for (int j = 0; j < 12; ++j) {
        double const s = q.scales.of[j];
        CAPTURE(j, s);
        double most = 0;
        for (int k = 0; k < 3; ++k) {
            double const w = at_the_edges.of[3 * j + k], stored = q.integers.of[3 * j + k] * s;
            CHECK(std::abs(int(q.integers.of[3 * j + k])) <= 127);
            CHECK(std::abs(w - stored) <= s / 2);
            CHECK(stored == double(exact.of[3 * j + k]));
            CHECK(float(q.integers.of[3 * j + k]) * q.scales.of[j] == exact.of[3 * j + k]);
            most = std::max(most, std::abs(w));
        }
        // No larger than it need be: but for the bits that it gives up, and where there are none.
        CHECK(s <= most / 127 * (1 + 0x1p-16) + double(smallest_float));
        CHECK((s == 0) == (most == 0));
    }
    CHECK(differing<std::int8_t, at_the_edges, pm::shape<3>>(false) == 0);
}

namespace {

constexpr int n = 24;
using model = pm::nn::sequential<pm::nn::linear<n, n, pm::weight<pm::param::skew, pm::param::cayley>>, pm::nn::relu,
                                 pm::nn::linear<n, 10>>;
constexpr pm::network_originals<model> originals = [] {
    pm::network_originals<model> numbers{};
    pm::random random{pm::seed{5}};
    for (float& x : numbers.of) x = static_cast<float>(random.uniform(-0.5, 0.5));
    return numbers;
}();
constexpr pm::frozen<pm::frozen_values<originals>> frozen;
constexpr auto quarter = pm::stored_as<std::int8_t, pm::frozen_values<originals>>();

}  // namespace

TEST_CASE("in eight bits a network takes a quarter of the flash and no more of the workspace", "[embed]") {
    STATIC_REQUIRE(pm::flash_bytes<frozen> == 4 * (n * n + n + n * 10 + 10));
    STATIC_REQUIRE(pm::flash_bytes<quarter> == n * n + n * 10 + 4 * (n + 10) + 4 * (n + 10));
    STATIC_REQUIRE(pm::ram_bytes<quarter> == pm::ram_bytes<frozen>);
    // Rows of a batch times a matrix: a copy of the matrix, which ram_bytes has.
    using batch = pm::shape<9, n>;
    STATIC_REQUIRE(decltype(quarter)::workspace_bytes<batch> >= decltype(frozen)::workspace_bytes<batch> + 4 * n * 10);
}
TEST_CASE("a parametrized network that the compiler froze is stored in eight bits", "[embed]") {
    CHECK(differing<std::int8_t, pm::frozen_values<originals>, pm::shape<n>>() == 0);
    static pm::workspace<quarter> space;
    float x[n]{}, y[10], z[10];
    for (int k = 0; k < n; ++k) x[k] = float(k % 7) - 3;
    REQUIRE(quarter(x, y, space.bytes).ok());
    REQUIRE(frozen(x, z, space.bytes).ok());
    double difference = 0;
    for (int k = 0; k < 10; ++k)
        if (auto const d = std::abs(double(y[k]) - double(z[k])); d > difference || d != d) difference = d;
    CHECK(difference > 0);
    CHECK(difference < 0.05);
    x[3] = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::string(quarter(x, y, space.bytes).failed) == "call: the input is not finite");
}
TEST_CASE("the interpreter makes of integers and scales what the network does, to the bit of the rounded values",
          "[embed]") {
    using P = decltype(quarter)::program_for<>;
    using exact = decltype(frozen)::program_for<>;
    constexpr auto const& numbers = pm::detail::rounding_to_int8<pm::frozen_values<originals>>::all;
    std::vector<std::vector<double>> of{{numbers.integers.of, numbers.integers.of + n * n},
                                        {numbers.plain.of, numbers.plain.of + n},
                                        {numbers.integers.of + n * n, numbers.integers.of + n * (n + 10)},
                                        {numbers.plain.of + n, numbers.plain.of + n + 10},
                                        {numbers.scales.of, numbers.scales.of + n},
                                        {numbers.scales.of + n, numbers.scales.of + n + 10}};
    std::vector<double> x(n);
    for (int k = 0; k < n; ++k) x[std::size_t(k)] = k % 5 - 2.25;
    std::vector<double const*> arguments;
    for (auto const& each : of) arguments.push_back(each.data());
    arguments.push_back(x.data());
    constexpr auto const& rounded = pm::rounded_values<std::int8_t, pm::frozen_values<originals>>;
    std::vector<double> const read(std::begin(rounded.of), std::end(rounded.of));
    std::vector<double const*> exact_arguments;
    for (int k = 0; k < 4; ++k) exact_arguments.push_back(read.data() + pm::network_values<model>::begin(k));
    exact_arguments.push_back(x.data());
    double y[10], z[10];
    double* outputs[]{y};
    double* exact_outputs[]{z};
    REQUIRE(pm::ir::evaluate(pm::compiled<P>::simplified, arguments.data(), outputs).ok());
    REQUIRE(pm::ir::evaluate(pm::compiled<exact>::simplified, exact_arguments.data(), exact_outputs).ok());
    CHECK(std::memcmp(y, z, sizeof y) == 0);
    static pm::workspace<quarter> space;
    float in[n], out[10];
    std::transform(x.begin(), x.end(), in, [](double e) { return float(e); });
    REQUIRE(quarter(in, out, space.bytes).ok());
    for (int k = 0; k < 10; ++k) CHECK(std::abs(double(out[k]) - y[k]) < 1e-5);
}
