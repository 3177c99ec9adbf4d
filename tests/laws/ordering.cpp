// The laws of ordered and positive_ordered: their log_abs_det, and that rows stay in order after rounding.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/param/ordered.hpp"
#include "paramorph/param/positive_ordered.hpp"
#include "paramorph/testing/laws.hpp"
#include "paramorph/testing/log_abs_det.hpp"

namespace pm = paramorph;
using namespace pm::param;
using pm::testing::log_abs_det_law, pm::testing::numbers;

TEST_CASE("laws: ordered") {
    CHECK(pm::laws<ordered, pm::shape<2, 5>>::check() == "");
}
TEST_CASE("log_abs_det: of rows in order") {
    for (std::uint64_t seed = 1; seed < 4; ++seed) {
        CHECK(log_abs_det_law<ordered, pm::shape<5>>(seed) == "");
        CHECK(log_abs_det_law<ordered, pm::shape<3, 1>>(seed) == "");
        CHECK(log_abs_det_law<ordered, pm::shape<2, 3>>(seed) == "");
        CHECK(log_abs_det_law<positive_ordered, pm::shape<1>>(seed) == "");
        CHECK(log_abs_det_law<positive_ordered, pm::shape<2, 3>>(seed) == "");
        CHECK(log_abs_det_law<pm::chain<positive_ordered, exponential>, pm::shape<4>>(seed) == "");
    }
}
TEST_CASE("ordered: rows increase strictly after rounding, up to the largest number") {
    auto const check = [&]<class T>(T, auto run) {
        constexpr double most = double(std::numeric_limits<T>::max()), inf = std::numeric_limits<double>::infinity();
        for (double const first : {-inf, -1e300, -1e30, -700.0, -1.0, 0.0, 1e-310, 1.0, 700.0, 1e30})
            for (double const step : {-inf, -1e30, -700.0, -50.0, -1.0, 0.0, 5.0, 700.0, inf}) {
                pm::testing::outcome const r = run({first, step, step, -step, -700, -700, step, 0, step});
                REQUIRE(r.status.ok());
                INFO(first << ", steps of exp(" << step << ")");
                numbers const& y = r.outputs[0];
                for (std::size_t k = 0; k + 1 < y.size(); ++k)
                    CHECK((y[k] < y[k + 1] || (y[k] == most && y[k + 1] == most)));
                for (double const e : y) CHECK((e >= -most && e <= most));
            }
        numbers const y = run({1, 0, std::numeric_limits<double>::quiet_NaN(), 0, 0, 0, 0, 0, 0}).outputs[0];
        CHECK((y[1] > 1 && std::isnan(y[2]) && std::isnan(y[8])));
    };
    using value = pm::program::value_of<ordered, pm::shape<9>, float>;
    check(float{}, [](numbers const& x) { return pm::testing::run_kernel<value, pm::simd::best<float>>({x}); });
    check(double{}, [](numbers const& x) {
        static auto const g = pm::testing::density_programs<ordered, pm::shape<9>>::forward();
        return pm::testing::interpret(*g, {x});
    });
    check(double{}, [](numbers const& x) {
        static auto const g = pm::testing::density_programs<positive_ordered, pm::shape<9>>::forward();
        auto const r = pm::testing::interpret(*g, {x});
        if (!std::isnan(r.outputs[0][0])) CHECK(r.outputs[0][0] > 0);
        return r;
    });
}
TEST_CASE("ordered: what does not increase is refused, and what was made comes back") {
    using row = xt::xtensor_fixed<float, xt::xshape<3>>;
    pm::tensor<pm::shape<3>, pm::chain<ordered>> w;
    w = row{-1, 2, 2.5f};
    CHECK(w.original()(1) == std::log(3.0f));
    CHECK(w.try_assign(row{0, 1, 1}).failed ==
          std::string("ordered: every element assigned must exceed the one before it in its row"));
    w.original() = row{1, -80, -80};
    auto const y = w();
    CHECK((y(0) < y(1) && y(1) < y(2)));
    w = y;
    bool const same = w() == y;
    CHECK(same);
    pm::tensor<pm::shape<3>, pm::chain<positive_ordered>> v;
    v = row{1e-3f, 2, 3};
    CHECK(std::abs(v.original()(0) - std::log(1e-3f)) < 1e-6f);
    CHECK(!v.try_assign(row{0, 1, 2}).ok());
    CHECK(!v.try_assign(row{-1, 1, 2}).ok());
}
