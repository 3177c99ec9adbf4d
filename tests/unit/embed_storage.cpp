// Networks stored in 16 bits: to the bit what a frozen network of the rounded values gives, whatever reads the values.
//
// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "../in_narrow_types.hpp"

namespace {

using namespace in_narrow_types;

// Are values rounded as each alone is?
template <class S, auto const& Values>
constexpr bool are_rounded = [] {
    for (int i = 0; i < Values.count; ++i)
        if (pm::rounded_values<S, Values>.of[i] !=
            static_cast<std::remove_cvref_t<decltype(Values.of[i])>>(S(Values.of[i])))
            return false;
    return true;
}();
static_assert(are_rounded<pm::bfloat16, values<stack<float, 1>>> && are_rounded<pm::float16, values<by_products>> &&
              are_rounded<pm::bfloat16, values<stack<double, 1>>>);

}  // namespace

TEST_CASE("stored in 16 bits, layers give the result of the rounded weights to the bit", "[embed]") {
    CHECK(differing<pm::bfloat16, values<stack<float, 1>>, pm::shape<19>>() == 0);
    CHECK(differing<pm::float16, values<stack<float, 1>>, pm::shape<19>>() == 0);
    CHECK(differing<pm::bfloat16, values<stack<double, 1>>, pm::shape<19>>() == 0);
    CHECK(differing<pm::float16, values<smallest>, pm::shape<1>>() == 0);
    CHECK(differing<pm::bfloat16, values<deep>, pm::shape<2300>>() == 0);
}
TEST_CASE("stored in 16 bits, a batch of rows gives the result of the rounded weights to the bit", "[embed]") {
    CHECK(differing<pm::bfloat16, values<stack<float, 1>>, pm::shape<3, 19>>() == 0);
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
