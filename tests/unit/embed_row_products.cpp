// Row products and the loops behind them: what is one loop and what is not gives the same numbers as on the host.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

#include "../catch.hpp"

namespace {

namespace pm = paramorph;

template <class M>
constexpr pm::network_values<M> made_up() {
    pm::network_values<M> numbers{};
    pm::random random{pm::seed{11}};
    for (auto& x : numbers.of) x = static_cast<typename M::element>(random.uniform(-1, 1));
    return numbers;
}
template <class M>
constexpr pm::network_values<M> values = made_up<M>();

// How many products of a network's program are completed in registers.
template <class Program>
constexpr int completed() {
    int n = 0;
    for (int t = 0; t < pm::compiled<Program>::plan.step_count; ++t) n += pm::compiled<Program>::products.at[t] != 0;
    return n;
}

// Runs a network on one input, or on rows of them, as on a target and on the host; the number of completed products.
template <class M, class Shape>
int agrees() {
    using T = typename M::element;
    static constexpr pm::frozen<values<M>> net;
    using result = typename pm::frozen<values<M>>::template result_shape<Shape>;
    M host;
    int k = 0;
    pm::for_each_tensor(host, [&]<class Tensor>(Tensor& t) {
        auto numbers = pm::make_container<typename Tensor::shape_type, T>();
        std::copy_n(values<M>.of + pm::network_values<M>::begin(k++), numbers.size(), numbers.data());
        t = numbers;
    });
    alignas(8) static std::byte space[pm::frozen<values<M>>::template workspace_bytes<Shape> + 1];
    pm::random random{pm::seed{4}};
    for (int trial = 0; trial < 5; ++trial) {
        auto x = pm::make_container<Shape, T>();
        for (T& e : x) e = static_cast<T>(random.uniform(-2, 2));
        auto const expected = host(x);
        T y[result::size];
        REQUIRE(net.template at<Shape>(std::span<T const, std::size_t(Shape::size)>(x.data(), std::size_t(Shape::size)),
                                       y, space)
                    .ok());
        for (int i = 0; i < result::size; ++i) CHECK(std::abs(y[i] - expected.data()[i]) < T(1e-4));
    }
    return completed<typename pm::frozen<values<M>>::template program_for<Shape>>();
}

template <class T, int Outputs>
struct layer {
    using element = T;
    pm::nn::linear<7, Outputs, pm::element_type<T>> inner;
    constexpr auto forward(auto x) const { return pm::tanh(inner(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct product_only {
    using element = float;
    pm::nn::linear<6, 6, pm::no_bias> inner;
    constexpr auto forward(auto x) const { return inner(x); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// The product itself is an operand of another one.
struct product_of_product {
    using element = float;
    pm::nn::linear<6, 6, pm::no_bias> first, second;
    constexpr auto forward(auto x) const {
        auto const p = first(x);
        return second(p) + p * 2.0;
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// Skips, and reads the input and the product several times in one loop.
struct gated {
    using element = float;
    pm::nn::linear<6, 6> first, second;
    constexpr auto forward(auto x) const {
        auto const a = first(x), b = second(x);
        return x + pm::sigmoid(a) * pm::tanh(b) + a * a;
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct probabilities {
    using element = float;
    pm::nn::linear<6, 5> inner;
    constexpr auto forward(auto x) const { return pm::softmax<-1>(inner(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// The loop behind the product is over a matrix.
struct outer_product {
    using element = float;
    pm::nn::linear<6, 5> inner;
    constexpr auto forward(auto x) const {
        auto const y = inner(x);
        return pm::outer(y, y);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

// One loop reads two products, each in three or four parts.
template <class Cell, int Hidden, int States>
struct one_step {
    using element = float;
    Cell cell;
    constexpr auto forward(auto x) const {
        auto const part = [&]<int First, int Count>() { return pm::slice<0, First, First + Count>(x); };
        auto const in = part.template operator()<0, 3>();
        auto const h = part.template operator()<3, Hidden>();
        if constexpr (States == 1)
            return cell(in, h);
        else {
            auto const [next, c] = cell(in, h, part.template operator()<3 + Hidden, Hidden>());
            return next + c;
        }
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// A convolution is completed by the loop behind it, tile by tile, where there are no vectors.
template <class Convolution>
struct convolved {
    using element = float;
    Convolution inner;
    constexpr auto forward(auto x) const { return pm::tanh(inner(x)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
template <int In, int Out, auto Kernel, class... Options>
using convolved1 = convolved<pm::nn::conv1d<In, Out, Kernel, Options...>>;
template <int In, int Out, auto Kernel, class... Options>
using convolved2 = convolved<pm::nn::conv2d<In, Out, Kernel, Options...>>;

}  // namespace

template <class Cell, int Hidden, int States>
struct boost::hana::accessors_impl<one_step<Cell, Hidden, States>> {
    static constexpr auto apply() {
        return boost::hana::make_tuple(
            boost::hana::make_pair(BOOST_HANA_STRING("cell"), [](auto& m) -> auto& { return m.cell; }));
    }
};
template <class Convolution>
struct boost::hana::accessors_impl<convolved<Convolution>> {
    static constexpr auto apply() {
        return boost::hana::make_tuple(
            boost::hana::make_pair(BOOST_HANA_STRING("inner"), [](auto& m) -> auto& { return m.inner; }));
    }
};
template <class T, int Outputs>
struct boost::hana::accessors_impl<layer<T, Outputs>> {
    static constexpr auto apply() {
        return boost::hana::make_tuple(
            boost::hana::make_pair(BOOST_HANA_STRING("inner"), [](auto& m) -> auto& { return m.inner; }));
    }
};
BOOST_HANA_ADAPT_STRUCT(product_only, inner);
BOOST_HANA_ADAPT_STRUCT(product_of_product, first, second);
BOOST_HANA_ADAPT_STRUCT(gated, first, second);
BOOST_HANA_ADAPT_STRUCT(probabilities, inner);
BOOST_HANA_ADAPT_STRUCT(outer_product, inner);

TEST_CASE("a product of any number of columns is completed by the loop behind it", "[embed]") {
    CHECK(agrees<layer<float, 1>, pm::shape<7>>() == 0);  // one number is no row
    CHECK(agrees<layer<float, 2>, pm::shape<7>>() == 1);
    CHECK(agrees<layer<float, 3>, pm::shape<7>>() == 1);
    CHECK(agrees<layer<float, 4>, pm::shape<7>>() == 1);
    CHECK(agrees<layer<float, 9>, pm::shape<7>>() == 1);
    CHECK(agrees<layer<float, 16>, pm::shape<1, 7>>() == 1);
    CHECK(agrees<layer<double, 9>, pm::shape<7>>() == 1);
}
TEST_CASE("several rows are no row product", "[embed]") {
    CHECK(agrees<layer<float, 9>, pm::shape<3, 7>>() == 0);
    CHECK(agrees<layer<float, 4>, pm::shape<2, 3, 7>>() == 0);
}
TEST_CASE("a product that something else reads keeps its memory", "[embed]") {
    CHECK(agrees<product_only, pm::shape<6>>() == 0);
    CHECK(agrees<product_of_product, pm::shape<6>>() <= 1);
    agrees<gated, pm::shape<6>>();
    agrees<probabilities, pm::shape<6>>();
    agrees<outer_product, pm::shape<6>>();
}
TEST_CASE("the gates of a recurrent cell are parts of two products", "[embed]") {
    CHECK(agrees<one_step<pm::nn::gru_cell<3, 5>, 5, 1>, pm::shape<8>>() == 2);
    CHECK(agrees<one_step<pm::nn::gru_cell<3, 8>, 8, 1>, pm::shape<11>>() == 2);
    CHECK(agrees<one_step<pm::nn::lstm_cell<3, 7>, 7, 2>, pm::shape<17>>() == 2);
    CHECK(agrees<one_step<pm::nn::rnn_cell<3, 9>, 9, 1>, pm::shape<12>>() == 2);
}
TEST_CASE("a convolution of one sequence is completed by the loop behind it, without vectors", "[embed]") {
    constexpr int completed = pm::targets::host.float_lanes == 1 ? 1 : 0;
    CHECK(agrees<convolved1<3, 5, 3, pm::padding<1>>, pm::shape<1, 3, 8>>() == completed);
    CHECK(agrees<convolved1<3, 4, 3>, pm::shape<1, 3, 33>>() == completed);
    CHECK(agrees<convolved1<2, 3, 5, pm::padding<4>, pm::dilation<2>>, pm::shape<1, 2, 41>>() == completed);
    CHECK(agrees<convolved1<4, 6, 3, pm::stride<2>, pm::padding<1>, pm::groups<2>>, pm::shape<1, 4, 34>>() ==
          completed);
    CHECK(agrees<convolved1<2, 1, 2, pm::padding<pm::causal>, pm::dilation<8>>, pm::shape<1, 2, 20>>() == completed);
    CHECK(agrees<convolved1<1, 5, 9, pm::padding<4>>, pm::shape<1, 1, 2>>() == completed);
    CHECK(agrees<convolved1<2, 3, 3, pm::padding<1>>, pm::shape<2, 2, 9>>() == 0);  // two sequences
}
TEST_CASE("a convolution of one image is completed by the loop behind it, without vectors", "[embed]") {
    constexpr int completed = pm::targets::host.float_lanes == 1 ? 1 : 0;
    CHECK(agrees<convolved2<2, 5, 3, pm::padding<1>>, pm::shape<1, 2, 7, 8>>() == completed);
    CHECK(agrees<convolved2<1, 3, pm::kernel_size<3, 2>, pm::stride<2>, pm::padding<1>>, pm::shape<1, 1, 7, 20>>() ==
          completed);
    CHECK(agrees<convolved2<2, 4, pm::kernel_size<4, 3>, pm::padding<3>, pm::dilation<2>>, pm::shape<1, 2, 5, 6>>() ==
          completed);
}
