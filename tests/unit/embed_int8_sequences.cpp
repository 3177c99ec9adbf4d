// Convolutions and recurrent layers in eight bits: exact where eight bits hold the numbers, else near the network in
// float; what is not quantized stays as it is.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <vector>

#include "../catch.hpp"
#include "paramorph/paramorph.hpp"

namespace {

namespace pm = paramorph;

template <class Convolution, int Channels, int Length>
struct convolved {
    using input_shape = pm::shape<1, Channels, Length>;
    Convolution inner;
    constexpr auto forward(auto x) const { return pm::relu(inner(x)); }
};
template <class Layer>
struct remembered {
    using input_shape = pm::shape<9, 3>;
    Layer inner;
    pm::nn::linear<5, 2> head;
    constexpr auto forward(auto x) const { return head(std::get<0>(inner(x))); }
};
// The last state alone, whose first one is an input.
struct last_state {
    using input_shape = pm::shape<9, 3>;
    pm::nn::gru<3, 5> inner;
    constexpr auto forward(auto x) const {
        return std::get<1>(inner(x, pm::reshape<pm::shape<1, 5>>(pm::slice<0, 0, 5>(pm::reshape<pm::shape<27>>(x)))));
    }
};

// Whole numbers of at most 127, of which each output has one that is 127; biases, too.
template <class M>
constexpr pm::network_values<M> whole_numbers() {
    pm::network_values<M> numbers{};
    pm::random random{pm::seed{2}};
    for (float& x : numbers.of) x = static_cast<float>(random.below(255) - 127);
    pm::detail::traced_module<M> const m{};
    int begin = 0;
    pm::for_each_tensor(m, [&]<class Tensor>(Tensor const&) {
        constexpr int size = Tensor::shape_type::size, row = size / Tensor::shape_type::value.d[0];
        for (int i = 0; i < size; i += row) numbers.of[begin + i] = 127;
        begin += size;
    });
    return numbers;
}
template <class M>
constexpr pm::network_values<M> small_numbers() {
    pm::network_values<M> numbers{};
    pm::random random{pm::seed{5}};
    for (float& x : numbers.of) x = static_cast<float>(random.uniform(-0.5, 0.5));
    return numbers;
}
template <class M>
constexpr pm::network_values<M> whole = whole_numbers<M>();
template <class M>
constexpr pm::network_values<M> small = small_numbers<M>();

template <auto Net>
std::vector<float> result_of(std::vector<float> const& x) {
    using network = std::remove_cvref_t<decltype(Net)>;
    using in = typename network::module_type::input_shape;
    using out = typename network::template result_shape<in>;
    static pm::workspace<Net> space;
    std::vector<float> y(out::size);
    REQUIRE(Net(std::span<float const, in::size>(x.data(), in::size), std::span<float, out::size>(y.data(), out::size),
                space.bytes)
                .ok());
    return y;
}
double largest(std::vector<float> const& x) {
    double most = 0;
    for (float const e : x)
        if (std::abs(e) > most || e != e) most = std::abs(double(e));
    return most;
}
double largest_difference(std::vector<float> x, std::vector<float> const& y) {
    for (std::size_t k = 0; k < x.size(); ++k) x[k] -= y[k];
    return largest(x);
}

template <class M>
void is_exact_of_whole_numbers() {
    static constexpr pm::frozen<whole<M>> plain;
    static constexpr auto int8 = pm::quantize<whole<M>>();
    static_assert(int8.flash_bytes < plain.flash_bytes);
    pm::random random{pm::seed{7}};
    std::vector<float> x(M::input_shape::size);
    for (float& e : x) e = static_cast<float>(random.below(255) - 127);
    x[x.size() / 2] = -127;
    auto const expected = result_of<plain>(x);
    CHECK(largest_difference(result_of<int8>(x), expected) <= 1e-5 * largest(expected));
    CHECK(largest_difference(result_of<int8>(std::vector<float>(x.size())),
                             result_of<plain>(std::vector<float>(x.size()))) == 0);
}

template <class M>
void is_near(double tolerance) {
    static constexpr pm::frozen<small<M>> plain;
    static constexpr auto int8 = pm::quantize<small<M>>();
    static_assert(int8.flash_bytes < plain.flash_bytes);
    for (std::uint64_t s = 0; s < 5; ++s) {
        pm::random random{pm::seed{s}};
        for (float const size : {1.0F, 1e-30F, std::numeric_limits<float>::denorm_min()}) {
            std::vector<float> x(M::input_shape::size);
            for (float& e : x) e = size * static_cast<float>(random.uniform(-2, 2));
            CHECK(largest_difference(result_of<int8>(x), result_of<plain>(x)) <= tolerance);
        }
    }
}

template <auto Net>
void refuses_what_is_not_finite() {
    using in = typename std::remove_cvref_t<decltype(Net)>::module_type::input_shape;
    static pm::workspace<Net> space;
    std::vector<float> x(in::size), y(std::remove_cvref_t<decltype(Net)>::template result_shape<in>::size);
    x[1] = std::numeric_limits<float>::quiet_NaN();
    CHECK(!Net(std::span<float const>(x), std::span<float>(y), space.bytes));
    x[1] = -std::numeric_limits<float>::infinity();
    CHECK(!Net(std::span<float const>(x), std::span<float>(y), space.bytes));
}

template <int In, int Out, auto Kernel, int Length, class... Options>
using of_conv = convolved<pm::nn::conv1d<In, Out, Kernel, Options...>, In, Length>;

}  // namespace

template <class Convolution, int Channels, int Length>
struct boost::hana::accessors_impl<convolved<Convolution, Channels, Length>> {
    static constexpr auto apply() {
        return boost::hana::make_tuple(
            boost::hana::make_pair(BOOST_HANA_STRING("inner"), [](auto& m) -> auto& { return m.inner; }));
    }
};
template <class Layer>
struct boost::hana::accessors_impl<remembered<Layer>> {
    static constexpr auto apply() {
        return boost::hana::make_tuple(
            boost::hana::make_pair(BOOST_HANA_STRING("inner"), [](auto& m) -> auto& { return m.inner; }),
            boost::hana::make_pair(BOOST_HANA_STRING("head"), [](auto& m) -> auto& { return m.head; }));
    }
};
BOOST_HANA_ADAPT_STRUCT(last_state, inner);

TEST_CASE("int8: a convolution of whole numbers is exact", "[embed]") {
    is_exact_of_whole_numbers<of_conv<3, 5, 3, 8, pm::padding<1>>>();
    is_exact_of_whole_numbers<of_conv<4, 4, 2, 11>>();
    is_exact_of_whole_numbers<of_conv<5, 6, 3, 13, pm::padding<2>, pm::dilation<2>>>();
    is_exact_of_whole_numbers<of_conv<8, 3, 4, 14, pm::stride<2>, pm::padding<3>>>();
    is_exact_of_whole_numbers<of_conv<2, 9, 5, 3, pm::padding<pm::causal>>>();
}
TEST_CASE("int8: a convolution is near the one in float, of small numbers too", "[embed]") {
    is_near<of_conv<6, 7, 3, 10, pm::padding<1>>>(0.03);
    refuses_what_is_not_finite<pm::quantize<small<of_conv<6, 7, 3, 10, pm::padding<1>>>>()>();
}
template <class M>
void stays_as_it_is() {
    static constexpr pm::frozen<small<M>> plain;
    static constexpr auto int8 = pm::quantize<small<M>>();
    static_assert(int8.flash_bytes == plain.flash_bytes + 2 * sizeof(float));  // room for words and scales, of none
    std::vector<float> x(M::input_shape::size, 0.37F);
    CHECK(largest_difference(result_of<int8>(x), result_of<plain>(x)) == 0);
}
TEST_CASE("int8: what has groups or one channel stays as it is", "[embed]") {
    stays_as_it_is<of_conv<4, 4, 3, 9, pm::groups<2>>>();
    stays_as_it_is<of_conv<1, 4, 3, 9>>();
}
TEST_CASE("int8: recurrent layers are near those in float", "[embed]") {
    is_near<remembered<pm::nn::gru<3, 5>>>(0.03);
    is_near<remembered<pm::nn::lstm<3, 5, pm::num_layers<2>>>>(0.03);
    is_near<remembered<pm::nn::rnn<3, 5, pm::no_bias>>>(0.03);
    is_near<last_state>(0.03);
    refuses_what_is_not_finite<pm::quantize<small<last_state>>()>();
}
