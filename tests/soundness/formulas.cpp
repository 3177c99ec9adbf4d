// The soundness suite (suite.hpp): formulas of a user's own, of every elementwise function, of products and quotients
// of what moves, of choices.
//
// SPDX-License-Identifier: BSL-1.0
#include <boost/hana/adapt_struct.hpp>

#include "paramorph/op/abs.hpp"
#include "paramorph/op/clamp.hpp"
#include "paramorph/op/erf.hpp"
#include "paramorph/op/expm1.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/op/log1p.hpp"
#include "paramorph/op/normal_cdf.hpp"
#include "paramorph/op/pow.hpp"
#include "paramorph/op/round.hpp"
#include "paramorph/op/rsqrt.hpp"
#include "paramorph/op/sign.hpp"
#include "paramorph/op/sin.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/square.hpp"
#include "paramorph/op/tanh.hpp"
#include "suite.hpp"

namespace {

using pm::nn::linear;

// Waves, bells and powers of a layer, products of two.
struct waves {
    linear<6, 8> first;
    linear<6, 8> second;
    linear<8, 4> last;
    constexpr auto forward(auto x) const {
        auto const a = first(x), b = second(x);
        auto const bell = pm::exp(-pm::square(a));
        auto const wave = pm::sin(b) * pm::cos(a) + pm::erf(a * b);
        auto const power = pm::pow(pm::abs(b) + 0.5, 1.7) / (1.0 + pm::pow(b, 2)) + pm::tanh(pm::pow(a, 3));
        return last(bell * wave + 0.25 * power);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};
// Roots, logarithms and quotients; choices, kinks and jumps.
struct choices {
    linear<6, 8> first;
    linear<6, 8> second;
    linear<8, 4> last;
    constexpr auto forward(auto x) const {
        auto const a = first(x), b = second(x);
        auto const size = pm::sqrt(a * a + 1.0);
        auto const slow = pm::log(size) + pm::log1p(pm::square(b));
        auto const share = a / size + b * pm::rsqrt(pm::square(b) + 0.25);
        auto const low = pm::expm1(-pm::abs(a));
        auto const chosen = pm::where(a > b, slow, share) + pm::maximum(a, b) - pm::minimum(slow, b);
        auto const jumps = pm::sign(a) + pm::round(pm::clamp(b, -2, 2)) + pm::where(b > 0.5, 1.0, low);
        return last(chosen + 0.5 * jumps + pm::normal_cdf(share * low)) + pm::unsqueeze<-1>(pm::logsumexp<-1>(a));
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(waves, first, second, last);
BOOST_HANA_ADAPT_STRUCT(choices, first, second, last);

TEST_CASE("soundness: formulas of waves, bells, powers and products") {
    soundness::trial<waves, pm::shape<1, 6>>{5}.run("waves", 12);
}
TEST_CASE("soundness: formulas of roots, logarithms, quotients, choices and jumps") {
    soundness::trial<choices, pm::shape<1, 6>>{6}.run("choices", 12);
}
