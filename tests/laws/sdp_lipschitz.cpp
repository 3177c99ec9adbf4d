// The laws of sdp_lipschitz.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/sdp_lipschitz.hpp"

#include "../catch.hpp"
#include "interpreted.hpp"
#include "paramorph/param/almost_orthogonal_lipschitz.hpp"

namespace pm = paramorph;
using pm::param::sdp_lipschitz;
using pm::testing::numbers;

TEST_CASE("laws: sdp_lipschitz") {
    using laws = pm::laws<sdp_lipschitz, pm::shape<3, 4>>;
    CHECK((laws::codomain() == "" && laws::gradient() == "" && laws::kernels() == ""));
    CHECK((pm::laws<sdp_lipschitz, pm::shape<4, 2>>::gradient(2) == "" &&
           pm::laws<sdp_lipschitz, pm::shape<1, 1>>::codomain() == ""));
}
TEST_CASE("sdp_lipschitz: the numbers of its formula, at any scale of x and any summand of q") {
    using law = test::interpreted<sdp_lipschitz, pm::shape<2, 3>>;
    // By mpmath with 50 digits.
    numbers const expected{0.20417290048224377, -0.51043225120560943, 0.81669160192897509,
                           0.5002984519176798,  0.083383075319613299, -0.2501492259588399};
    for (double const s : {1e-310, 1e-30, 1.0, 1e30, 8e307})
        for (double const c : {-700.0, 0.0, 700.0}) {
            numbers const x{0.5 * s, -1.25 * s, 2 * s, 1.5 * s, 0.25 * s, -0.75 * s};
            INFO(s << " " << c);
            CHECK(test::apart(law::value({x, {0.5 + c, -1.25 + c}}).outputs[0], expected) <
                  (s < 1e-300 ? 1e-9 : 1e-13));
        }
    // A row of zeros; orthogonal rows, which lose nothing; a row that gives way to the other.
    CHECK(law::value({{0, 0, 0, 0, -2, 0}, {1, 2}}).outputs[0] == numbers{0, 0, 0, 0, -1, 0});
    CHECK(law::value({{3, 0, 0, 0, 0, 1e-200}, {-1e300, 1e300}}).outputs[0] == numbers{1, 0, 0, 0, 0, 1});
    numbers const y = law::value({{1, 0, 0, 1, 0, 0}, {0, 1e300}}).outputs[0];
    CHECK((y[0] > 0 && y[0] < 1e-8 && std::abs(y[3] - 1) < 1e-15));
}
TEST_CASE("sdp_lipschitz: no norm beyond 1; with equal q that of almost_orthogonal_lipschitz") {
    using law = test::interpreted<sdp_lipschitz, pm::shape<5, 3>>;
    using wide = test::interpreted<sdp_lipschitz, pm::shape<3, 5>>;
    using aol = test::interpreted<pm::param::almost_orthogonal_lipschitz, pm::shape<3, 5>>;
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        pm::random source{pm::seed{seed}};
        numbers x = pm::testing::drawn(source, 15, -1e30, 1e30);
        for (std::size_t i = 0; i < 3; ++i) x[i] *= seed % 2 ? 1e-7 : 1;  // a small row
        numbers const q = pm::testing::drawn(source, 5, -30, 30);
        CHECK(pm::contains<pm::set::contraction<1>>(law::value({x, q}).outputs[0].data(), {2, {5, 3}}, 1e-15));
        CHECK(pm::contains<pm::set::contraction<1>>(
            wide::value({x, numbers(q.begin(), q.begin() + 3)}).outputs[0].data(), {2, {3, 5}}, 1e-15));
        CHECK(test::apart(wide::value({x, {7, 7, 7}}).outputs[0], aol::value({x}).outputs[0]) < 1e-15);
    }
}
