// The laws of simplex, and what it refuses.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/param/simplex.hpp"
#include "../catch.hpp"
#include "paramorph/testing/laws.hpp"

namespace pm = paramorph;

TEST_CASE("laws: simplex") {
    CHECK(pm::laws<pm::param::simplex, pm::shape<5, 9>>::check() == "");
}
TEST_CASE("simplex: a zero is refused") {
    pm::tensor<pm::shape<2>, pm::chain<pm::param::simplex>> w;
    CHECK(w.try_assign(xt::xtensor_fixed<float, xt::xshape<2>>{0, 1}).failed ==
          std::string("simplex: every number assigned must be greater than zero"));
}

TEST_CASE("simplex: a row sums to one, within what the header says") {
    auto const check = [&]<class T>(T) {
        using value = pm::program::value_of<pm::param::simplex, pm::shape<2, 1001>, T>;
        pm::random source{pm::seed{7}};
        for (double const scale : {1e-3, 1.0, 10.0, 100.0, 1e30}) {
            auto const x = pm::testing::drawn(source, 2002, -scale, scale);
            auto const y = pm::testing::run_kernel<value, pm::simd::best<T>>({x}).outputs[0];
            for (int row = 0; row < 2; ++row) {
                double total = 0;
                for (int i = 0; i < 1001; ++i) {
                    double const e = y[static_cast<std::size_t>(row * 1001 + i)];
                    CHECK((e >= 0 && e <= 1));
                    total += e;
                }
                CHECK(std::abs(total - 1) <= 1005 * double(std::numeric_limits<T>::epsilon()));
            }
        }
    };
    check(float{});
    check(double{});
}
