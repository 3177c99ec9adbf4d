// A network's call shared among threads: the numbers of the call alone, to the bit, for any number of threads in any
// order, of batches known at run time and of static shapes; which parts are shared; what fails. (Races: threads.cpp.)
//
// SPDX-License-Identifier: BSL-1.0
#include <vector>

#include "../support.hpp"
#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/on_threads.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/require.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/param/symmetric.hpp"

namespace {

// Parts one after another, the last one first.
struct one_by_one {
    int threads, calls = 0, parts = 0;
    int size() const { return threads; }
    void operator()(int n, auto const& f) {
        ++calls;
        parts += n;
        for (int k = n; k-- > 0;) f(k);
    }
};

using net =
    pm::nn::sequential<pm::nn::linear<5, 7>, pm::nn::tanh, pm::nn::linear<7, 7, pm::weight<pm::param::symmetric>>>;
struct two_inputs {
    using input_shapes = pm::shapes<pm::shape<3>, pm::shape<2>>;
    pm::nn::linear<3, 2> layer;
    constexpr auto forward(auto x, auto h) const {
        auto const y = pm::tanh(layer(x) + h);
        return std::tuple{y, pm::sum<1>(y * h)};
    }
    constexpr auto operator()(auto const&... x) const { return pm::call(*this, x...); }
};
struct roots {
    using input_shape = pm::shape<2>;
    pm::tensor<pm::shape<2>> shift;
    constexpr auto forward(auto x) const {
        auto const y = x + shift;
        return pm::sqrt(pm::require(y, y >= 0.0, "roots: a number is negative"));
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct doubled {
    pm::nn::linear<160, 160> layer;
    constexpr auto forward(auto x) const { return pm::tanh(layer(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

template <std::size_t Columns>
xt::xtensor<float, 2> drawn(std::size_t rows) {
    auto x = xt::xtensor<float, 2>::from_shape({rows, Columns});
    pm::random numbers{pm::seed{rows + 7}};
    for (auto& e : x) e = static_cast<float>(numbers.uniform(-1, 1));
    return x;
}

}  // namespace
BOOST_HANA_ADAPT_STRUCT(two_inputs, layer);
BOOST_HANA_ADAPT_STRUCT(roots, shift);
BOOST_HANA_ADAPT_STRUCT(doubled, layer);

TEST_CASE("on threads: a batch known at run time is dealt out in blocks") {
    auto const n = pm::make<net>(pm::seed{5});
    auto const frozen = pm::freeze(n);
    auto const cached = pm::cached(n);
    for (std::size_t const rows : {0, 1, 19, 20, 31, 32, 33, 64, 83, 84, 300}) {
        auto const x = drawn<5>(rows);
        auto const expected = n(x);
        for (int const size : {0, 1, 2, 3, 7}) {
            one_by_one threads{size};
            CHECK(test::same_bits(pm::on_threads(n, threads)(x), expected));
            int const blocks = static_cast<int>(rows / 32), rest = static_cast<int>(rows % 32);
            CHECK(threads.parts >= std::min(blocks, 4 * std::max(size, 1)));
            CHECK(threads.calls == (blocks > 0) + (rest > 0 && rest < 20));
            CHECK(test::same_bits(pm::on_threads(frozen, threads)(x), expected));
            CHECK(test::same_bits(pm::on_threads(cached, threads)(x), expected));
            CHECK(test::same_bits(pm::on_threads(pm::inference(n), threads)(x), expected));
        }
    }
}
TEST_CASE("on threads: rows that are left give what rows alone give") {
    auto const n = pm::make<net>(pm::seed{5});
    auto const all = drawn<5>(63);
    for (std::size_t rows = 1; rows <= 63; ++rows) {
        auto x = xt::xtensor<float, 2>::from_shape({rows, 5});
        std::copy_n(all.data(), rows * 5, x.data());
        auto const y = n(x);
        REQUIRE(y.shape(0) == rows);
        xt::xtensor_fixed<float, xt::xshape<5>> last;
        std::copy_n(all.data() + (rows - 1) * 5, 5, last.data());
        auto const alone = n(last);
        for (std::size_t k = 0; k < 7; ++k) CHECK(std::abs(y(rows - 1, k) - alone(k)) <= 1e-6f);
    }
}
TEST_CASE("on threads: several inputs and results") {
    auto const n = pm::make<two_inputs>(pm::seed{5});
    for (std::size_t const rows : {0, 5, 27, 100}) {
        auto const x = drawn<3>(rows);
        auto const h = drawn<2>(rows);
        auto const [y, sums] = n(x, h);
        one_by_one threads{3};
        auto const [y2, sums2] = pm::on_threads(n, threads)(x, h);
        CHECK((test::same_bits(y, y2) && test::same_bits(sums, sums2)));
        auto const frozen = pm::freeze(n);
        auto const [y3, sums3] = pm::on_threads(frozen, threads)(x, h);
        CHECK((test::same_bits(y, y3) && test::same_bits(sums, sums3)));
    }
}
TEST_CASE("on threads: inputs of static shape share each large step") {
    auto const n = pm::make<doubled>(pm::seed{5});
    auto const frozen = pm::freeze(n);
    xt::xtensor_fixed<float, xt::xshape<120, 160>> x;
    pm::random numbers{pm::seed{3}};
    for (auto& e : x) e = static_cast<float>(numbers.uniform(-1, 1));
    auto const expected = n(x);
    for (int const size : {1, 2, 5}) {
        one_by_one threads{size};
        CHECK(test::same_bits(pm::on_threads(n, threads)(x), expected));
        CHECK(threads.calls == 2);
        // The product in a part for each thread, and its rows' loop in four.
        CHECK(threads.parts == size + (size > 1 ? 4 * size : 1));
        CHECK(test::same_bits(pm::on_threads(frozen, threads)(x), expected));
    }
}
TEST_CASE("on threads: what fails in one block fails the call") {
    auto const n = pm::make<roots>(pm::seed{5});
    one_by_one threads{3};
    auto const shared = pm::on_threads(n, threads);
    auto x = xt::xtensor<float, 2>::from_shape({110, 2});
    x.fill(2);
    CHECK(test::same_bits(shared(x), n(x)));
    for (std::size_t const row : {0, 40, 95, 100}) {  // in a block, and in the rest
        x(row, 1) = -3;
        CHECK_THROWS_WITH(shared(x), Catch::Matchers::ContainsSubstring("roots: a number is negative"));
        CHECK_THROWS_WITH(n(x), Catch::Matchers::ContainsSubstring("roots: a number is negative"));
        x(row, 1) = 2;
    }
    x.resize({125, 2});  // a rest that is filled up
    x.fill(2);
    x(124, 0) = -3;
    CHECK_THROWS_AS(shared(x), pm::error);
    CHECK_THROWS_AS(shared(xt::xtensor<float, 2>(xt::zeros<float>({4, 3}))), pm::error);
}
