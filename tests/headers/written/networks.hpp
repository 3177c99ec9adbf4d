// The networks whose headers write.cpp writes and read.cpp reads; either includes an umbrella first.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace after_the_fact {

struct gated {
    paramorph::nn::linear<4, 4> inner;
    paramorph::tensor<paramorph::shape<4>> gain;
    constexpr auto forward(auto x) const { return paramorph::tanh(inner(x)) * gain; }
#ifndef PARAMORPH_EMBED
    constexpr auto operator()(auto const& x) const { return paramorph::call(*this, x); }
#endif
    using input_shape = paramorph::shape<4>;
};

enum class side : unsigned char { left, right = 200 };

// A stage of its own, whose arguments are of every kind that has a spelling.
template <auto Side, auto Factor, paramorph::fixed_string Text, class... Types>
struct shifted {
    static constexpr auto forward(auto x) { return x + (Side == side::right ? Factor : 0.0); }
    static constexpr auto right_inverse(auto y) { return y - (Side == side::right ? Factor : 0.0); }
};

}  // namespace after_the_fact

BOOST_HANA_ADAPT_STRUCT(after_the_fact::gated, inner, gain);

namespace after_the_fact {

using constrained =
    paramorph::parametrize<gated, paramorph::at<"gain", paramorph::param::positive>,
                           paramorph::at<"inner.weight", paramorph::param::skew, paramorph::param::cayley>>;
using odd = paramorph::nn::linear<
    3, 2,
    paramorph::weight<paramorph::param::interval<-1, 2>, paramorph::param::scale<0.12345678901234567>,
                      shifted<side::right, 0.1, "a\"b\\c\n;]> ?", int, shifted<side::left, 1u, "">>>,
    paramorph::no_bias>;

}  // namespace after_the_fact

// Numbers that a decimal text may lose.
using exact_network = paramorph::nn::linear<2, 3>;
inline constexpr float exact_numbers[9]{-0.0f,
                                        0.0f,
                                        1e-45f,            // the least subnormal number
                                        -1.17549421e-38f,  // the largest
                                        1.17549435e-38f,
                                        3.40282347e38f,
                                        -3.40282347e38f,
                                        0.1f,
                                        -1.00000012f};
using small = paramorph::nn::linear<1, 1>;
