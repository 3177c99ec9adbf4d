// A recurrent network with gates, unrolled over 32 steps, value and gradient: each pass stays within what compilers
// allow a constant evaluation by default.
//
// SPDX-License-Identifier: BSL-1.0
#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

namespace {

constexpr int steps = 32;

struct recurrent {
    pm::nn::linear<8, 16> forget_input, input;
    pm::nn::linear<16, 16> forget_hidden;
    pm::nn::linear<16, 16, pm::weight<pm::param::skew, pm::param::cayley>> hidden;
    pm::nn::linear<16, 4> output;

    template <int K>
    static constexpr auto at(auto x) {
        return pm::reshape<pm::shape<4, 8>>(pm::slice<0, K, K + 1>(x));
    }
    template <int K>
    constexpr auto from(auto x, auto h) const {
        if constexpr (K == steps)
            return output(h);
        else {
            auto const gate = pm::sigmoid(forget_input(at<K>(x)) + forget_hidden(h));
            auto const next = pm::tanh(input(at<K>(x)) + hidden(h));
            return from<K + 1>(x, (1 - gate) * next + gate * h);
        }
    }
    constexpr auto forward(auto x) const { return from<1>(x, pm::tanh(input(at<0>(x)))); }
};

struct objective {
    constexpr auto operator()(auto const& net, auto x, auto y) const { return pm::mse(net.forward(x), y); }
};

}  // namespace

BOOST_HANA_ADAPT_STRUCT(recurrent, forget_input, input, forget_hidden, hidden, output);

using program = pm::program::value_and_gradient_of<objective, recurrent, pm::input<pm::shape<steps, 4, 8>>,
                                                   pm::input<pm::shape<4, 4>>>;
static_assert(pm::workspace_bytes_of<program> > 0);
