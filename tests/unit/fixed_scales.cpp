// Eight bits at fixed scales: ranges from bounds, ties, what saturates, what is refused.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/prove/fixed_scales.hpp"
#include "../catch.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/sequential.hpp"

namespace {

namespace pm = paramorph;

using identity = pm::nn::linear<2, 2, pm::no_bias>;
inline constexpr pm::network_values<identity> ones{{1, 0, 0, 1}};
constexpr pm::frozen<ones> same;
constexpr auto wide = pm::box<pm::shape<2>>::of(-127, 127);
constexpr auto whole = pm::quantize<ones, wide>();  // a scale of 1
static_assert(pm::proved_row_ranges<ones, wide>.of[0] == 127);
// The bound is the one with scales that calls find, and both are half a scale.
constexpr double off = pm::difference(same, whole, wide).largest();
static_assert(off >= 0.5 && off < 0.5002 && pm::quantization_error<same, wide> < 0.5002);
// Beyond the box it grows with what is cut off.
constexpr double cut = pm::difference(same, whole, pm::box<pm::shape<2>>::of(0, 227)).largest();
static_assert(cut >= 100 && cut < 100.01);

// A layer behind another one: what reaches it is bounded through the first.
using model = pm::nn::sequential<pm::nn::linear<2, 2>, pm::nn::relu, pm::nn::linear<2, 1>>;
inline constexpr pm::network_values<model> numbers{{2, 0, 0, 3, 0, 0, 1, -1, 0.5f}};
constexpr pm::frozen<numbers> net;
constexpr auto unit = pm::box<pm::shape<2>>::of(0, 1);
constexpr auto ranges = pm::proved_row_ranges<numbers, unit>;
static_assert(ranges.of[0] == 1 && ranges.of[2] >= 3 && ranges.of[2] < 3.05f);
constexpr auto fixed = pm::quantize<numbers, unit>();
constexpr auto in_each_call = pm::quantize<numbers>();
static_assert(pm::difference(net, fixed, unit).largest() <= 1.001 * pm::difference(net, in_each_call, unit).largest());
static_assert(pm::flash_bytes<fixed> == pm::flash_bytes<in_each_call> + 2 * int(sizeof(float)));

// Rows of zeros; weights and rows that are subnormal numbers.
constexpr auto nothing = pm::box<pm::shape<2>>::of(0, 0), tiny = pm::box<pm::shape<2>>::of(-1e-40, 1e-40);
constexpr auto of_nothing = pm::quantize<ones, nothing>();
constexpr auto of_tiny = pm::quantize<ones, tiny>();
static_assert(pm::difference(same, of_nothing, nothing).within(-1e-40, 1e-40));
static_assert(pm::difference(same, of_tiny, tiny).within(-2e-40, 2e-40));

std::array<float, 2> call(float x, float y) {
    pm::workspace<whole> space;
    float const in[]{x, y};
    std::array<float, 2> out{};
    REQUIRE(whole(in, out, space.bytes).ok());
    return out;
}

}  // namespace

TEST_CASE("fixed scales: rounding and saturation") {
    auto const is = [](std::array<float, 2> const& y, float a, float b) {
        return std::abs(y[0] - a) < 1e-4f && std::abs(y[1] - b) < 1e-4f;
    };
    CHECK(is(call(1, -127), 1, -127));
    CHECK(is(call(0.4f, 0.6f), 0, 1));
    CHECK(is(call(0.5f, 1.5f), 0, 2));  // ties to the even integer
    CHECK(is(call(-0.5f, -1.5f), 0, -2));
    CHECK(is(call(127.4f, -127.4f), 127, -127));
    CHECK(is(call(128, -128), 127, -128));
    CHECK(is(call(1e6f, -1e6f), 127, -128));
    CHECK(is(call(3e38f, -3e38f), 127, -128));
    CHECK(is(call(-0.0f, 1e-42f), 0, 0));
}

TEST_CASE("fixed scales: numbers that are not finite are refused") {
    float const inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    for (float const x : {inf, -inf, nan}) {
        float const row[]{1, 2, x, 3, 4};
        std::int32_t words[2];
        CHECK_FALSE(pm::detail::pack_saturated(5, 1.0f, words, [&](int k) { return row[k]; }));
        pm::workspace<whole> space;
        float y[2]{7, 7};
        CHECK_FALSE(whole(std::array{x, 0.0f}, y, space.bytes).ok());
        CHECK(y[0] == 7);
    }
    auto ranges_of = ranges;
    ranges_of.of[2] = inf;
    using in = pm::input<pm::shape<2>, float>;
    CHECK_FALSE(pm::detail::ranges_are_known<model, in>(ranges_of));
    ranges_of.of[2] = -1;
    CHECK_FALSE(pm::detail::ranges_are_known<model, in>(ranges_of));
    ranges_of.of[2] = nan;
    CHECK_FALSE(pm::detail::ranges_are_known<model, in>(ranges_of));
    ranges_of.of[2] = 3;
    ranges_of.of[1] = nan;  // of a bias, which multiplies nothing
    CHECK(pm::detail::ranges_are_known<model, in>(ranges_of));
}

TEST_CASE("fixed scales: at run time as by the compiler") {
    auto trained = pm::make<model>(pm::seed{0});
    int k = 0;
    pm::for_each_tensor(trained, [&](auto& t) {
        std::copy_n(numbers.of + pm::network_values<model>::begin(k++), t.original().size(), t.original().data());
    });
    auto const found = pm::row_ranges_of(pm::freeze(trained), unit);
    for (int i = 0; i < 4; ++i) CHECK(found.of[i] == ranges.of[i]);
}
