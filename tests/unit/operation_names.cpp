// The name of an operation is for readers: a user's operation that is called as one of the library's is no such
// operation to the passes that know those. Streaming, frozen networks, bounds and differences, scans by frames, sums of
// padded parts.
//
// SPDX-License-Identifier: BSL-1.0
#include <array>

#include "../streaming.hpp"
#include "../support.hpp"
#include "paramorph/nn/scan.hpp"
#include "paramorph/nn/scan_by_frames.hpp"
#include "paramorph/op/packed.hpp"
#include "paramorph/prove/difference.hpp"

namespace {

// Dense: twice the argument, or the square of each element; with a rule for its intervals.
enum class made { twice, square };
template <pm::fixed_string Name, made How = made::twice>
struct called : pm::op::dense<called<Name, How>, 1> {
    static constexpr std::string_view name = Name.view();
    using step = void;  // as an operation of pm::scan has one
    static constexpr pm::extents shape(pm::extents const (&a)[pm::max_arguments], pm::attributes, int) { return a[0]; }
    template <class, class T>
    static constexpr bool compute(pm::operands<T> const& x) noexcept {
        for (int i = 0; i < x.shape[0].size(); ++i)
            x.result[0][i] = (How == made::twice ? T(2) : x.argument[0][i]) * x.argument[0][i];
        return true;
    }
    template <class T>
    static constexpr void range(pm::range_operands<T> const& x) {
        for (int i = 0; i < x.shape[0].size(); ++i)
            x.result[0][i] = How == made::twice ? x.argument[0][i] * pm::interval<T>(2) : pm::square(x.argument[0][i]);
    }
};
// The same, element by element.
template <pm::fixed_string Name>
struct called_of_each : pm::op::elementwise<called_of_each<Name>, 1> {
    static constexpr std::string_view name = Name.view();
    template <class M, class V>
    static constexpr V value(V x) {
        return x + x;
    }
};
// Of two arguments, and of their shape: a sum.
struct joined : pm::op::dense<joined, 2> {
    static constexpr std::string_view name = "concatenate";
    static constexpr pm::extents shape(pm::extents const (&a)[pm::max_arguments], pm::attributes, int) { return a[0]; }
    template <class, class T>
    static constexpr bool compute(pm::operands<T> const& x) noexcept {
        for (int i = 0; i < x.shape[0].size(); ++i) x.result[0][i] = x.argument[0][i] + x.argument[1][i];
        return true;
    }
};
template <class Op>
struct applies {
    static constexpr auto forward(auto x) { return pm::apply<Op>(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
template <pm::fixed_string Name>
struct applies_to_each {
    static constexpr auto forward(auto x) { return pm::apply_elementwise<called_of_each<Name>>(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

using identity = pm::nn::linear<2, 2, pm::no_bias>;
template <class... Layers>
inline constexpr pm::network_values<pm::nn::sequential<identity, Layers...>> ones{{1, 0, 0, 1}};
template <class... Layers>
inline constexpr pm::network_values<pm::nn::sequential<identity, Layers...>> more{{1.5f, 0, 0, 1.5f}};
constexpr auto above = pm::box<pm::shape<2>>::of(1, 2);

template <class Layer>
constexpr bool proved() {
    constexpr pm::frozen<ones<Layer>> a;
    constexpr pm::frozen<more<Layer>> b;
    // Squares of x and of 1.5 x differ by up to 5, and by at least 1.25.
    constexpr auto bounds = pm::bounds(a, above);
    constexpr auto d = pm::difference(b, a, above);
    return bounds.unknown() == "" && bounds.upper(0) >= 4 && bounds.upper(0) < 4.001 && d.upper(0) >= 5 &&
           d.lower(1) <= 1.25;
}
static_assert(proved<applies<called<"pad", made::square>>>());
static_assert(proved<applies<called<"gather", made::square>>>());
static_assert(proved<applies<called<"spread", made::square>>>());
static_assert(proved<applies<called<"concatenate", made::square>>>());
static_assert(proved<applies<called<"scan", made::square>>>());

struct decay_cell {
    constexpr auto operator()(auto h, auto x, auto factor) const {
        auto const next = h * factor + x;
        return std::tuple{next, next};
    }
};
// A scan among what is called one, its parameter made by what is called as a row of parameters is.
constexpr auto scans = [](auto h, auto xs, auto factor) {
    return std::get<1>(pm::scan(decay_cell{}, h, pm::apply<called<"scan">>(xs), pm::apply<called<"packed">>(factor)));
};

}  // namespace

TEST_CASE("names: what is called as one of our operations has its own value, frozen and streamed") {
    constexpr pm::frozen<ones<applies<called<"gather">>, applies<called<"pad">>, applies<called<"scan">>,
                              applies_to_each<"concatenate">>>
        net;
    std::array<float, 2> y{};
    alignas(8) std::array<std::byte, net.workspace_bytes<pm::shape<2>> + 1> room;
    REQUIRE(net.at<pm::shape<2>>(std::array{3.0f, -1.0f}, y, room).ok());
    CHECK(y == std::array{48.0f, -16.0f});

    using model = pm::nn::sequential<pm::nn::conv1d<1, 2, 2, pm::padding<pm::causal>>, applies_to_each<"scan">,
                                     applies_to_each<"packed">, pm::nn::conv1d<2, 1, 1>>;
    static_assert(pm::streaming<model, 8>::receptive_field == 2);
    test::expect_streams_like_whole<model, xt::xtensor_fixed<float, xt::xshape<1, 21>>>(pm::make<model>(pm::seed{1}),
                                                                                        1e-6);
}

TEST_CASE("names: a scan is run by frames, what is called one is not") {
    using program = test::value_program_of<std::remove_cvref_t<decltype(scans)>, float, pm::shape<2>, pm::shape<3, 2>,
                                           pm::shape<2>>;
    using by_frames = pm::program::scans_by_frames<program>;
    static_assert(by_frames::scan_count == 1);
    test::arrays const x{{1, 2}, {1, 2, 3, 4, 5, 6}, {0.25, 0.5}};
    // The inputs and the factor are doubled.
    test::numbers const expected{2.5, 6, 7.25, 14, 13.625, 26};
    CHECK(test::interpret(pm::compiled<program>::simplified, x).outputs[0] == expected);
    CHECK(test::run_kernel<program, float>(x).outputs[0] == expected);
    CHECK(test::run_kernel<by_frames, float>(x).outputs[0] == expected);
}

TEST_CASE("names: what is called a concatenation is not taken apart where padded parts are added") {
    constexpr auto padded = [](auto x, auto y) {
        return pm::pad<0, 0, 2>(pm::apply<joined>(x, y)) + pm::pad<0, 2, 0>(pm::apply<joined>(x, x));
    };
    CHECK(test::interpret<pm::shape<2>, pm::shape<2>>(padded, {{1, 2}, {3, 4}}).outputs[0] ==
          test::numbers{4, 6, 2, 4});
}
