// Memory that users hand in: misaligned, column-major, strided, or overlapping what it is assigned to. Assignments take
// any of them; a call takes row-major memory of any alignment and refuses the rest with a sentence.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include <paramorph/paramorph.hpp>
#include <paramorph/views.hpp>
#include <xtensor/xadapt.hpp>
#include <xtensor/xview.hpp>

namespace {

using Catch::Matchers::ContainsSubstring, Catch::Matchers::Equals;
using network = pm::nn::sequential<pm::nn::linear<9, 5, pm::weight<pm::param::positive>>, pm::nn::tanh>;
using symmetric_tensor = pm::tensor<pm::shape<4, 4>, pm::chain<pm::param::symmetric>>;

xt::xtensor<float, 2> symmetric_matrix() {
    xt::xtensor<float, 2> a = xt::xtensor<float, 2>::from_shape({4, 4});
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) a(i, j) = static_cast<float>(i + j + i * j);
    return a;
}

}  // namespace

TEST_CASE("buffers: arguments and outputs may have any alignment") {
    using P = pm::program::gradient_of<pm::chain<pm::param::symmetric, pm::param::positive>, pm::shape<24, 24>>;
    constexpr int n = 24 * 24;
    auto const values = [](std::vector<float>& x, int offset) {
        for (int i = 0; i < n; ++i) x[static_cast<std::size_t>(i + offset)] = static_cast<float>(i % 17) * 0.25f - 2;
    };
    auto const run = [&](int offset) {
        std::vector<float> x(n + 16), g(n + 16), y(n + 16);
        values(x, offset);
        values(g, offset);
        void const* const in[]{x.data() + offset, g.data() + offset};
        void* const out[]{y.data() + offset};
        alignas(pm::workspace_alignment) std::byte workspace[pm::workspace_bytes_of<P> + 1];
        REQUIRE(pm::run<P>(in, out, workspace).ok());
        return std::vector<float>(y.begin() + offset, y.begin() + offset + n);
    };
    auto const expected = run(0);
    for (int offset : {1, 3, 5}) CHECK(run(offset) == expected);
}

TEST_CASE("buffers: an assignment reads column-major storage, views and expressions") {
    auto const a = symmetric_matrix();
    symmetric_tensor t;
    t = a;
    auto const expected = t();
    xt::xtensor<float, 2, xt::layout_type::column_major> columns = a;
    t = columns;
    CHECK(xt::all(xt::equal(t(), expected)));
    xt::xtensor<float, 2> large = xt::zeros<float>({8u, 8u});
    xt::view(large, xt::range(0, 8, 2), xt::range(0, 8, 2)) = a;
    t = xt::view(large, xt::range(0, 8, 2), xt::range(0, 8, 2));
    CHECK(xt::all(xt::equal(t(), expected)));
    t = a * 2.0f;
    CHECK(xt::all(xt::equal(t(), expected * 2.0f)));
}

TEST_CASE("buffers: an assignment may read the tensor's own memory") {
    symmetric_tensor t;
    t = symmetric_matrix();
    auto const before = t();
    t = t() + xt::transpose(t());
    CHECK(xt::all(xt::equal(t(), before * 2.0f)));
    t.project(xt::transpose(t.original()));  // its lower triangle, which right_inverse cut to zeros, becomes the upper
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) CHECK(t()(i, j) == (i == j ? before(i, j) * 2 : 0));
    pm::tensor<pm::shape<3>> plain{xt::xtensor_fixed<float, xt::xshape<3>>{1, 2, 3}};
    plain = xt::view(plain.original(), xt::range(xt::placeholders::_, xt::placeholders::_, -1));
    CHECK(xt::all(xt::equal(plain(), xt::xtensor_fixed<float, xt::xshape<3>>{3, 2, 1})));
}

TEST_CASE("buffers: a call takes adapted memory of any alignment") {
    network const net{pm::make<network>(pm::seed{0})};
    std::vector<float> memory(7 * 9 + 1, 0.5f);
    for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = static_cast<float>(i) * 0.01f;
    xt::xtensor<float, 2> x = xt::xtensor<float, 2>::from_shape({7, 9});
    std::copy(memory.begin() + 1, memory.end(), x.data());
    auto const adapted = xt::adapt(memory.data() + 1, 7 * 9, xt::no_ownership(), std::array<std::size_t, 2>{7, 9});
    CHECK(xt::all(xt::equal(net(adapted), net(x))));
}

// xtensor leaves extents to an array that was moved from.
TEST_CASE("buffers: an array that was moved from is refused") {
    auto const says = ContainsSubstring("an array that is given has no elements, as it was moved from");
    xt::xtensor<float, 2> x = xt::ones<float>({9u, 9u});
    auto const taken = std::move(x);
    network net{pm::make<network>(pm::seed{0})};
    CHECK_THROWS_WITH(net(x), says);
    CHECK_THROWS_WITH(pm::freeze(net)(x), says);
    CHECK_THROWS_WITH((pm::function<pm::shape<9, 9>>([](auto a) { return pm::exp(a); })(x)), says);
    CHECK_THROWS_WITH((pm::value_and_grad<pm::shape<9, 9>>([](auto a) { return pm::sum(a); })(x)), says);
    CHECK_THROWS_WITH(pm::nearest<pm::set::symmetric>(x), says);
    pm::tensor<pm::shape<9, 9>, pm::chain<pm::param::symmetric>> t{taken};
    CHECK_THROWS_WITH(t = x, says);
    CHECK_THROWS_WITH(t.project(x), says);
    CHECK_THROWS_WITH(t = pm::nearest(x), says);
    CHECK_THROWS_WITH(t.original() = x, says);
    CHECK_THAT(t.try_assign(x).failed, says);
    std::vector<float> memory(81);
    CHECK_THROWS_WITH((pm::view<pm::shape<9, 9>>(memory.data()) = x), says);
    CHECK_THROWS_WITH(pm::view(memory.data(), 9, 9) = x, says);
    CHECK(xt::all(xt::equal(t(), taken)));
}

TEST_CASE("buffers: a call refuses column-major and strided memory, and rows of another length") {
    network const net{pm::make<network>(pm::seed{0})};
    xt::xtensor<float, 2, xt::layout_type::column_major> columns = xt::ones<float>({7u, 9u});
    CHECK_THROWS_WITH(net(columns),
                      Equals("call: expected a row-major array [batch, 9], found [7, 9] that is not row-major"));
    xt::xtensor<float, 2> wide = xt::ones<float>({7u, 18u});
    CHECK_THROWS_WITH(net(wide), Equals("call: expected a row-major array [batch, 9], found [7, 18]"));
    CHECK_THROWS_WITH(net(xt::view(wide, xt::all(), xt::range(0, 18, 2))),
                      ContainsSubstring("found [7, 9] that is not row-major"));
    CHECK_THROWS_WITH(net(xt::view(wide, xt::all(), xt::range(0, 9))),
                      ContainsSubstring("found [7, 9] that is not row-major"));
}
