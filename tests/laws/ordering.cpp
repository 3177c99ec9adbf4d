// The laws of ordered and positive_ordered: their log_abs_det, and that rows stay in order after rounding.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"
#include "paramorph/param/ordered.hpp"
#include "paramorph/param/positive_ordered.hpp"
#include "paramorph/testing/density_laws.hpp"

namespace pm = paramorph;
using namespace pm::param;
using pm::testing::density_laws, pm::testing::numbers;

TEST_CASE("laws: ordered, by kernels") {
    CHECK(density_laws<ordered, pm::shape<2, 9>, float>::kernels() == "");
}
TEST_CASE("log_abs_det: of rows in order") {
    CHECK(density_laws<ordered, pm::shape<3, 1>>::check() == "");
    CHECK(density_laws<ordered, pm::shape<2, 3>>::check() == "");
    CHECK(density_laws<positive_ordered, pm::shape<1>>::check() == "");
    CHECK(density_laws<positive_ordered, pm::shape<2, 3>>::check() == "");
    CHECK(density_laws<pm::chain<positive_ordered, exponential>, pm::shape<4>>::check() == "");
}
TEST_CASE("ordered: rows increase strictly after rounding, up to the largest number") {
    auto const check = [&]<class T>(T, auto run) {
        constexpr double most = double(std::numeric_limits<T>::max()), inf = std::numeric_limits<double>::infinity();
        for (double const first : {-inf, -1e300, -1e30, -700.0, -1.0, 0.0, 1e-310, 1.0, 700.0, 1e30})
            for (double const step : {-inf, -1e30, -700.0, -50.0, -1.0, 0.0, 5.0, 700.0, inf}) {
                numbers const y = run({first, step, step, -step, -700, -700, step, 0, step});
                INFO(first << ", steps of exp(" << step << ")");
                for (std::size_t k = 0; k + 1 < y.size(); ++k)
                    CHECK((y[k] < y[k + 1] || (y[k] == most && y[k + 1] == most)));
                for (double const e : y) CHECK((e >= -most && e <= most));
            }
        numbers const y = run({1, 0, std::numeric_limits<double>::quiet_NaN(), 0, 0, 0, 0, 0, 0});
        CHECK((y[1] > 1 && std::isnan(y[2]) && std::isnan(y[8])));
    };
    check(float{}, [](numbers x) {
        x.insert(x.end(), x.begin(), x.end());
        numbers y = density_laws<ordered, pm::shape<2, 9>, float>::by_kernel(x);
        y.resize(9);
        return y;
    });
    check(double{}, [](numbers const& x) { return density_laws<ordered, pm::shape<9>>::at(x).outputs[0]; });
    check(double{}, [](numbers const& x) {
        numbers const y = density_laws<positive_ordered, pm::shape<9>>::at(x).outputs[0];
        CHECK(y[0] > 0);
        return y;
    });
}
TEST_CASE("ordered: what does not increase is refused, and what was made comes back") {
    using law = density_laws<ordered, pm::shape<3>>;
    using positive = density_laws<positive_ordered, pm::shape<3>>;
    CHECK(pm::testing::far(law::original_of({-1, 2, 2.5}).outputs[0], {-1, std::log(3.0), std::log(0.5)}, 1e-15,
                           {1, {3}}) == "");
    CHECK(law::original_of({0, 1, 1}).status.failed ==
          std::string("ordered: every element assigned must exceed the one before it in its row"));
    numbers const y = law::at({1, -80, -80}).outputs[0];
    CHECK((y[0] < y[1] && y[1] < y[2]));
    CHECK(law::at(law::original_of(y).outputs[0]).outputs[0] == y);
    CHECK(std::abs(positive::original_of({1e-3, 2, 3}).outputs[0][0] - std::log(1e-3)) < 1e-14);
    CHECK(!positive::original_of({0, 1, 2}).status.ok());
    CHECK(!positive::original_of({-1, 1, 2}).status.ok());
}
