// Convolutions and poolings beyond what PyTorch is asked (parity/layers_convolutions.cpp): tensors and initial values,
// padding that depends on the input, what lies outside of an image, ties and NaN, extents of 1, parametrized filters,
// batches that are known at run time.
//
// SPDX-License-Identifier: BSL-1.0
#include "../parametrized.hpp"
#include "../support.hpp"

#include "paramorph/nn/activations.hpp"
#include "paramorph/nn/conv_transpose.hpp"
#include "paramorph/nn/flatten.hpp"
#include "paramorph/nn/parallel.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/nn/pooling.hpp"
#include "paramorph/nn/residual.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/param/orthogonal.hpp"
#include "paramorph/param/weight_norm.hpp"
#include "paramorph/parametrize/nearest.hpp"

namespace nn = pm::nn;
namespace op = pm::op;
using test::array, test::numbers, test::arrays;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity(), nan_ = std::numeric_limits<double>::quiet_NaN();

// A convolution of lines, [1, 1, n] with [1, 1, k].
template <int Results, int Stride = 1, int Padding = 0, int Dilation = 1>
constexpr auto line = [](auto x, auto w) {
    constexpr pm::attributes at = [] {
        op::convolution_numbers n;
        n.stride[1] = Stride;
        n.dilation[1] = Dilation;
        n.padding[1] = Padding;
        n.size[1] = Results;
        return n.pack(3);
    }();
    return pm::apply<op::convolution, at>(x, w);
};
template <class... Input>
arrays value_and_gradients(auto const& f, arrays const& in) {
    auto const g = std::make_unique<pm::ir::graph>(pm::ir::simplify(test::trace_gradient<double, Input...>(f)));
    return test::interpret(*g, in).outputs;
}
bool same(numbers const& a, numbers const& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}
template <class Layer>
constexpr auto forward = [](auto x) { return Layer::forward(x); };

// Every padding that depends on the input, and two results that are trimmed, of one line each.
struct paddings {
    nn::conv1d<1, 1, 3, pm::stride<2>, pm::padding<pm::same>, pm::no_bias> same_in_steps;
    nn::conv1d<1, 1, 2, pm::padding<pm::same>, pm::no_bias> even;
    nn::conv1d<1, 1, 8, pm::stride<4>, pm::padding<pm::causal>, pm::no_bias> causal;
    nn::conv_transpose1d<1, 1, 3, pm::stride<2>, pm::padding<1>, pm::no_bias> cropped;
    nn::conv_transpose1d<1, 1, 4, pm::stride<2>, pm::padding<pm::causal>, pm::no_bias> past;
    constexpr auto forward(auto x) const {                                                // [1, 8]: 1, 2, ..., 8
        auto const powers = pm::exp(0.6931471805599453 * (pm::slice<1, 0, 4>(x) - 1.0));  // 1, 2, 4, 8
        return std::tuple{same_in_steps(pm::slice<1, 0, 6>(x)), even(pm::slice<1, 0, 4>(x)), causal(pm::relu(x - 7.0)),
                          cropped(pm::slice<1, 0, 2>(x)), past(powers)};
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

// How far the columns of a matrix are from orthonormal ones.
float worst_product(auto const& w, std::size_t rows, std::size_t columns) {
    float worst = 0;
    for (std::size_t i = 0; i < columns; ++i)
        for (std::size_t j = 0; j < columns; ++j) {
            float dot = i == j ? -1.0f : 0.0f;
            for (std::size_t k = 0; k < rows; ++k) dot += w.data()[k * columns + i] * w.data()[k * columns + j];
            if (auto const d = std::abs(dot); d > worst || d != d) worst = d;
        }
    return worst;
}

}  // namespace
BOOST_HANA_ADAPT_STRUCT(paddings, same_in_steps, even, causal, cropped, past);

TEST_CASE("convolutions: tensors have PyTorch's names and shapes, initial values its bounds") {
    using plane = nn::conv2d<4, 6, pm::kernel_size<3, 2>, pm::groups<2>>;
    using back = nn::conv_transpose1d<4, 6, 5, pm::groups<2>>;
    static_assert(std::is_same_v<decltype(plane::weight)::shape_type, pm::shape<6, 2, 3, 2>>);
    static_assert(std::is_same_v<decltype(plane::bias)::shape_type, pm::shape<6>>);
    static_assert(std::is_same_v<decltype(back::weight)::shape_type, pm::shape<4, 3, 5>>);
    static_assert(std::is_same_v<decltype(back::bias)::shape_type, pm::shape<6>>);
    static_assert(pm::parameter_count<nn::conv1d<4, 8, 3, pm::no_bias>> == 8 * 4 * 3);
    auto const bounded = [](auto const& t, double bound) {
        double largest = 0;
        for (float x : t()) largest = std::max(largest, std::abs(double(x)));
        return largest <= bound && largest > 0.8 * bound;
    };
    auto const a = pm::make<plane>(pm::seed{1});
    CHECK((bounded(a.weight, 1 / std::sqrt(2 * 6.0)) && bounded(a.bias, 1 / std::sqrt(2 * 6.0))));
    auto const b = pm::make<back>(pm::seed{1});
    CHECK((bounded(b.weight, 1 / std::sqrt(3 * 5.0)) && bounded(b.bias, 1 / std::sqrt(3 * 5.0))));
}

TEST_CASE("convolutions: same and causal padding, cropped and trimmed results") {
    auto net = pm::make<paddings>(pm::seed{0});
    net.same_in_steps.weight.original().fill(1);
    net.even.weight.original().fill(1);
    net.causal.weight.original() = array<1, 1, 8>{{{1, 2, 3, 4, 5, 6, 7, 8}}};
    net.cropped.weight.original() = array<1, 1, 3>{{{1, 10, 100}}};
    net.past.weight.original().fill(1);
    auto const [same_in_steps, even, causal, cropped, past] = net(array<1, 8>{{1, 2, 3, 4, 5, 6, 7, 8}});
    CHECK((same_in_steps == array<1, 3>{{6, 12, 11}}));  // one more element after the input than before it
    CHECK((even == array<1, 4>{{3, 5, 7, 4}}));
    CHECK((causal == array<1, 2>{{0, 8}}));  // the last sample is seen at once
    CHECK((cropped == array<1, 3>{{10, 102, 20}}));
    CHECK(test::close(past, array<1, 8>{{1, 1, 3, 3, 6, 6, 12, 12}}));
}

TEST_CASE("convolutions: padding contributes nothing, not even with infinities") {
    using one = pm::shape<1, 1, 1>;
    using three = pm::shape<1, 1, 3>;
    // The outer elements of the window meet padding alone.
    auto const r = value_and_gradients<one, three>(line<1, 1, 1>, {{2}, {inf, 3, nan_}, {5}});
    CHECK((r[0] == numbers{6} && r[1] == numbers{15} && r[2] == numbers{0, 10, 0}));
    // An infinity reaches the windows in which it stands.
    auto const spread =
        value_and_gradients<pm::shape<1, 1, 4>, three>(line<4, 1, 1>, {{inf, 1, 1, 1}, {1, 1, 1}, {0, 0, 1, 1}});
    CHECK((spread[0] == numbers{inf, inf, 3, 2}));
    CHECK((spread[1] == numbers{0, 1, 2, 2}));
    // A window that meets padding alone is zero.
    CHECK((value_and_gradients<one, one>(line<5, 1, 2>, {{7}, {2}, {1, 2, 3, 4, 5}}) ==
           arrays{{0, 0, 14, 0, 0}, {6}, {21}}));
    // Large numbers and small ones.
    CHECK(value_and_gradients<three, three>(line<1>, {{1e30, 1, 1e-30}, {1e-30, 1e30, 1e30}, {1}})[0] == numbers{1e30});
}

TEST_CASE("convolutions: kernels of one element and of all, steps longer than the kernel, empty steps") {
    using seven = pm::shape<1, 1, 7>;
    numbers const x{1, 2, 3, 4, 5, 6, 7};
    CHECK((value_and_gradients<seven, pm::shape<1, 1, 1>>(line<7>, {x, {2}, numbers(7, 1)}) ==
           arrays{{2, 4, 6, 8, 10, 12, 14}, numbers(7, 2), {28}}));
    CHECK((value_and_gradients<seven, seven>(line<1>, {x, {1, 0, 0, 0, 0, 0, 10}, {3}}) ==
           arrays{{71}, {3, 0, 0, 0, 0, 0, 30}, {3, 6, 9, 12, 15, 18, 21}}));
    CHECK((value_and_gradients<seven, pm::shape<1, 1, 2>>(line<2, 5>, {x, {1, 10}, {1, 2}}) ==
           arrays{{21, 76}, {1, 10, 0, 0, 0, 2, 20}, {13, 16}}));
    test::expect_gradient<pm::shape<2, 2, 7>, pm::shape<3, 2, 3>>(
        [](auto x, auto w) { return line<3, 2, 2, 2>(x, w); });
}

TEST_CASE("convolutions: each adjoint has a gradient, in groups, over two axes") {
    // [2, 4, 5, 3], filters [6, 2, 3, 2], results [2, 6, 3, 5].
    static constexpr auto at = [](int h, int w) {
        op::convolution_numbers n;
        n.groups = 2;
        n.stride[0] = n.dilation[1] = 2;
        n.padding[0] = 1;
        n.padding[1] = 2;
        n.size[0] = h;
        n.size[1] = w;
        return n.pack(4);
    };
    using images = pm::shape<2, 4, 5, 3>;
    using filters = pm::shape<6, 2, 3, 2>;
    using results = pm::shape<2, 6, 3, 5>;
    test::expect_gradient<results, filters>(
        [](auto y, auto w) { return pm::apply<op::convolution_to_images, at(5, 3)>(y, w); });
    test::expect_gradient<images, results>(
        [](auto x, auto y) { return pm::apply<op::convolution_to_filters, at(3, 2)>(x, y); });
    test::expect_agreement<float, images, filters>(
        [](auto x, auto w) { return pm::tanh(pm::apply<op::convolution, at(3, 5)>(x, w)); });
}

TEST_CASE("pooling: the first of equal maxima and the last NaN have the gradient") {
    using line_of_six = pm::shape<1, 6>;
    using pool = nn::max_pool1d<3, pm::stride<2>, pm::padding<1>>;
    CHECK((value_and_gradients<line_of_six>(forward<pool>, {{2, 2, 1, 2, 2, 2}, {1, 10, 100}}) ==
           arrays{{2, 2, 2}, {1, 10, 0, 100, 0, 0}}));
    auto const r = value_and_gradients<line_of_six>(forward<pool>, {{1, nan_, 5, nan_, -inf, inf}, {1, 10, 100}});
    CHECK((same(r[0], {nan_, nan_, nan_}) && r[1] == numbers{0, 1, 0, 110, 0, 0}));
    // -inf is larger than padding; signed zeros are equal.
    CHECK((value_and_gradients<line_of_six>(forward<pool>, {{-inf, -inf, -inf, -0.0, 0.0, -1}, {1, 10, 100}}) ==
           arrays{{-inf, 0, 0}, {1, 0, 0, 110, 0, 0}}));
    // Over two axes row by row.
    CHECK((value_and_gradients<pm::shape<1, 2, 3>>(forward<nn::max_pool2d<pm::kernel_size<2, 3>>>,
                                                   {{1, 4, 4, 4, 2, 4}, {7}}) == arrays{{4}, {0, 7, 0, 0, 0, 0}}));
    auto const rows = value_and_gradients<pm::shape<1, 2, 2>>(forward<nn::max_pool2d<2>>, {{nan_, 9, nan_, 9}, {7}});
    CHECK((std::isnan(rows[0][0]) && rows[1] == numbers{0, 0, 7, 0}));
}

TEST_CASE("pooling: maxima of elements that are apart, and adaptive ones") {
    using apart = nn::max_pool1d<2, pm::dilation<3>, pm::stride<1>, pm::padding<1>>;
    auto const r =
        value_and_gradients<pm::shape<1, 6>>(forward<apart>, {{5, 1, 9, 5, nan_, 2}, {1, 10, 100, 1000, 10000}});
    CHECK((same(r[0], {9, 5, nan_, 9, 5}) && r[1] == numbers{10, 0, 1001, 10000, 100, 0}));
    // An element of the last window is beyond the input.
    using up = nn::max_pool1d<2, pm::dilation<2>, pm::stride<2>, pm::ceil_mode>;
    CHECK((value_and_gradients<pm::shape<1, 4>>(forward<up>, {{-3, 7, -2, 8}, {1, 10}}) ==
           arrays{{-2, -2}, {0, 0, 11, 0}}));
    using five = nn::adaptive_max_pool1d<5>;
    auto const s = value_and_gradients<pm::shape<1, 3>>(forward<five>, {{2, 2, nan_}, {1, 10, 100, 1000, 10000}});
    CHECK((same(s[0], {2, 2, 2, nan_, nan_}) && s[1] == numbers{11, 100, 11000}));
    CHECK(test::interpret<pm::shape<1, 1, 1>>(forward<nn::adaptive_max_pool2d<3>>, {{-4}}).outputs[0] ==
          numbers(9, -4));
    CHECK(test::interpret<pm::shape<1, 2, 2>>(forward<nn::adaptive_max_pool2d<1>>, {{-inf, -inf, -inf, -inf}})
              .outputs[0] == numbers{-inf});
    // Where other libraries have failed: dilation with padding, more padding than half of the kernel that is not
    // dilated, a last window that begins behind the input, results that do not divide the input.
    using padded = nn::max_pool1d<2, pm::stride<1>, pm::padding<1>, pm::dilation<2>>;
    CHECK(test::interpret<pm::shape<1, 9>>(forward<padded>, {{1, 9, 2, 8, 3, 7, 4, 6, 5}}).outputs[0] ==
          numbers{9, 2, 9, 3, 8, 4, 7, 5, 6});
    using as_before = nn::max_pool1d<3, pm::stride<1>, pm::padding<2>, pm::dilation<2>>;
    CHECK(test::interpret<pm::shape<1, 5>>(forward<as_before>, {{1, 9, 2, 8, 3}}).outputs[0] == numbers{2, 9, 3, 9, 3});
    numbers x(42);
    for (std::size_t k = 0; k < 42; ++k) x[k] = double(k);
    using last = nn::max_pool2d<1, pm::stride<2>, pm::ceil_mode>;
    CHECK(test::interpret<pm::shape<1, 6, 7>>(forward<last>, {x}).outputs[0] ==
          numbers{0, 2, 4, 6, 14, 16, 18, 20, 28, 30, 32, 34});
    x.resize(25);
    CHECK(test::interpret<pm::shape<1, 5, 5>>(forward<nn::adaptive_max_pool2d<3>>, {x}).outputs[0] ==
          numbers{6, 8, 9, 16, 18, 19, 21, 23, 24});
    test::expect_agreement<float, pm::shape<2, 7, 6>>([](auto y) {
        return std::tuple{
            nn::max_pool2d<pm::kernel_size<3, 2>, pm::dilation<2, 3>, pm::stride<1, 2>>::forward(pm::tanh(y)),
            nn::adaptive_max_pool2d<pm::output_size<3, 4>>::forward(y * y)};
    });
}

TEST_CASE("pooling: means count what the layer is told to") {
    using five = pm::shape<1, 5>;
    numbers const x{1, 2, 3, 4, 5};
    CHECK(test::interpret<five>(forward<nn::avg_pool1d<2, pm::ceil_mode>>, {x}).outputs[0] == numbers{1.5, 3.5, 5});
    CHECK(test::interpret<five>(forward<nn::avg_pool1d<3, pm::padding<1>>>, {x}).outputs[0] == numbers{1, 4});
    CHECK(test::interpret<five>(forward<nn::avg_pool1d<3, pm::padding<1>, pm::count_include_pad<false>>>, {x})
              .outputs[0] == numbers{1.5, 4});
    CHECK(test::interpret<five>(forward<nn::adaptive_avg_pool1d<3>>, {x}).outputs[0] == numbers{1.5, 3, 4.5});
    CHECK(test::interpret<five>(forward<nn::adaptive_avg_pool1d<7>>, {x}).outputs[0] ==
          numbers{1, 1.5, 2.5, 3, 3.5, 4.5, 5});
    CHECK(test::interpret<pm::shape<1, 1, 1>>(forward<nn::adaptive_avg_pool2d<3>>, {{4}}).outputs[0] == numbers(9, 4));
    CHECK(test::interpret<pm::shape<1, 1>>(forward<nn::max_pool1d<1>>, {{4}}).outputs[0] == numbers{4});
    // Padding is not added: an infinity stays in its windows.
    CHECK(same(test::interpret<five>(forward<nn::avg_pool1d<3, pm::stride<1>, pm::padding<1>>>, {{inf, 3, 3, 3, nan_}})
                   .outputs[0],
               {inf, inf, 3, nan_, nan_}));
    test::expect_gradient<pm::shape<2, 5, 4>>([](auto x) {
        return std::tuple{nn::avg_pool2d<3, pm::stride<2>, pm::padding<1>, pm::count_include_pad<false>>::forward(x),
                          nn::adaptive_avg_pool2d<pm::output_size<3, 7>>::forward(x * x)};
    });
}

TEST_CASE("convolutions: filters are parametrized as the matrix [out, in k]") {
    using plain = nn::conv1d<1, 5, 2>;
    using orthonormal = pm::parametrize<plain, pm::at<"weight", pm::param::orthogonal<>>>;
    static_assert(std::is_same_v<orthonormal, nn::conv1d<1, 5, 2, pm::weight<pm::param::orthogonal<>>>>);
    static_assert(std::is_same_v<pm::unparametrized<orthonormal>, plain>);
    auto tall = pm::make<orthonormal>(pm::seed{0});
    array<5, 1, 2> const w = tall.weight();
    CHECK(worst_product(w, 5, 2) < 1e-5f);
    CHECK(pm::contains<pm::set::stiefel>(w.data(), pm::shape<5, 1, 2>::value, 1e-5));
    CHECK_FALSE(pm::contains<pm::set::orthogonal>(w.data(), pm::shape<5, 1, 2>::value, 1e-5));
    CHECK((pm::nearest<pm::set::stiefel>(array<1, 2, 2>{{{0, 0}, {0, 5}}}) == array<1, 2, 2>{{{0, 0}, {0, 1}}}));
    array<5, 1, 2> const axes{{{1, 0}}, {{0, 0}}, {{0, -1}}, {{0, 0}}, {{0, 0}}};
    tall.weight = axes;
    CHECK(test::close(tall.weight(), axes));
    CHECK_THROWS_AS(tall.weight = 2.0f * axes, pm::error);

    auto normed = pm::make<nn::conv1d<2, 3, 2, pm::weight<pm::param::weight_norm<>>>>(pm::seed{0});
    CHECK(normed.weight.original<0>().size() == 3);
    normed.weight.original<0>().fill(2);
    for (std::size_t o = 0; o < 3; ++o) {
        float squares = 0;
        for (std::size_t k = 0; k < 4; ++k)
            squares += normed.weight().data()[4 * o + k] * normed.weight().data()[4 * o + k];
        CHECK(std::abs(squares - 4) < 1e-5f);
    }
}

TEST_CASE("convolutions: a batch that is known at run time, with and without parametrization") {
    using model =
        nn::sequential<nn::conv1d<2, 3, 3, pm::padding<1>, pm::input_size<6>>, nn::max_pool1d<2>, nn::flatten<>>;
    static_assert(std::is_same_v<model::input_shape, pm::shape<2, 6>>);
    auto const net = pm::make<model>(pm::seed{0});
    xt::xtensor<float, 3> x = xt::xtensor<float, 3>::from_shape({35, 2, 6});
    pm::random source{3};
    for (float& e : x) e = static_cast<float>(source.uniform(-1, 1));
    auto const y = net(x);
    REQUIRE((y.shape()[0] == 35 && y.shape()[1] == 9));
    array<1, 2, 6> one;
    for (std::size_t r : {std::size_t(0), std::size_t(31), std::size_t(34)}) {
        std::copy_n(x.data() + 12 * r, 12, one.data());
        auto const alone = net(one);
        for (std::size_t k = 0; k < 9; ++k) CHECK(alone(0, k) == y(r, k));
    }
    CHECK_THROWS_AS(net(xt::xtensor<float, 3>::from_shape({2, 2, 5})), pm::error);
}

// Where others count what a window reaches beyond the padding, or make a window that begins behind it.
TEST_CASE("poolings: the last window of ceil_mode, at sizes at which other libraries have failed") {
    numbers x(16);
    for (std::size_t k = 0; k < 16; ++k) x[k] = double(k + 1);
    constexpr auto padded = [](auto y) {
        return nn::avg_pool2d<3, pm::stride<2>, pm::padding<1>, pm::ceil_mode>::forward(y);
    };
    numbers const right{14 / 9.0, 10 / 3.0, 2, 57 / 9.0, 11, 6, 4.5, 7.5, 4};
    CHECK(test::close(test::interpret<pm::shape<1, 4, 4>>(padded, {x}).outputs[0], right, 1e-15));
    constexpr auto bare = [](auto y) { return nn::avg_pool2d<3, pm::stride<2>, pm::ceil_mode>::forward(y); };
    CHECK(test::close(test::interpret<pm::shape<1, 4, 4>>(bare, {x}).outputs[0], {6, 7.5, 12, 13.5}, 1e-15));
    // A window that would begin in the padding behind the image is none.
    constexpr auto of_nine = [](auto y) { return nn::max_pool2d<4, pm::padding<2>, pm::ceil_mode>::forward(y); };
    CHECK((test::interpret<pm::shape<1, 9, 9>>(of_nine, {numbers(81, 7)}).outputs[0] == numbers(9, 7)));
    constexpr auto of_two = [](auto y) { return nn::max_pool2d<3, pm::padding<1>, pm::ceil_mode>::forward(y); };
    CHECK((test::interpret<pm::shape<1, 2, 2>>(of_two, {numbers(4, -2)}).outputs[0] == numbers{-2}));
}

// Containers whose first module states no extents had one empty base in common, which moved the inner one.
TEST_CASE("convolutions: containers of convolutions within one another are modules") {
    using conv = pm::nn::conv1d<2, 2, 3, pm::padding<1>>;
    using inner = pm::nn::residual<conv>;
    static_assert(sizeof(pm::nn::sequential<conv, inner>) == 2 * sizeof(conv));
    static_assert(sizeof(pm::nn::residual<pm::nn::residual<inner>>) == sizeof(conv));
    using nested = pm::nn::residual<conv, pm::nn::sequential<inner>, pm::nn::parallel<0, conv>>;
    static_assert(pm::parameter_count<nested> == 3 * pm::parameter_count<conv>);
    auto net = pm::make<nested>(pm::seed{0});
    pm::for_each_tensor(net, [](auto& t) {
        for (float& x : t.original()) x = 0;
    });
    // Of weights that are 0 the inner residual hands on what it is given: the bias of the first, b. The last gives its
    // own bias, c.
    pm::get<"0.bias">(net) = test::array<2>{1, 2};
    pm::get<"2.0.bias">(net) = test::array<2>{0.5f, -4};
    auto y = net(test::array<2, 2>{{10, 20}, {30, 40}});
    CHECK((y == test::array<2, 2>{{10.5f, 20.5f}, {26, 36}}));
    pm::get<"2.0.weight">(net) = test::array<2, 2, 3>{{{0, 1, 0}, {0, 0, 0}}, {{0, 0, 0}, {0, 2, 0}}};
    y = net(test::array<2, 2>{{10, 20}, {30, 40}});
    CHECK((y == test::array<2, 2>{{11.5f, 21.5f}, {30, 40}}));
}
