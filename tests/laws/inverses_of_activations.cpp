// The laws of inverses (laws/inverses.cpp) of activations; and what is stated wrongly.
//
// SPDX-License-Identifier: BSL-1.0
#include "../inverses.hpp"

using namespace inverses;

namespace {

// Modules that state a wrong inverse, and a wrong determinant.
struct cubed {
    static constexpr auto forward(auto x) { return x * x * x + x; }
    static constexpr auto inverse(auto y) { return y * 0.5; }
    static constexpr auto log_abs_det(auto x) { return pm::detail::sum_of_each_sample(pm::log(3 * x * x + 1)); }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
struct doubled {
    static constexpr auto forward(auto x) { return 2 * x; }
    static constexpr auto inverse(auto y) { return y * 0.5; }
    static constexpr auto log_abs_det(auto x) { return pm::sum(0 * x) + 0.6931471805599453; }  // of one number, not 3
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

TEST_CASE("inverses: what is stated wrongly is found") {
    misses const of_inverse = missed_by<net<turn, cubed>>(), of_determinant = missed_by<net<turn, doubled>>();
    CHECK((of_inverse.off > 0.01 && of_inverse.wrong < 1e-6));
    CHECK((of_determinant.off < 1e-13 && of_determinant.wrong > 0.1));
}

TEST_CASE("inverses: activations between linear layers") {
    holds<net<turn, nn::tanh, layer<param::invertible>, nn::softplus>>(1e-10);
    holds<net<turn, nn::elu<2>, turn, nn::leaky_relu<0.25>, turn, nn::sigmoid>>(1e-11);
}

}  // namespace
