// The kernels' general power: at most 4 ulp for exponents and bases of every kind, and the special cases of C.
//
// SPDX-License-Identifier: BSL-1.0
#include "../vector_math.hpp"

namespace simd = paramorph::simd;
using accurate = paramorph::kernel::accurate;

namespace {

// Bases: everything, and more near one, where huge exponents meet small logarithms.
template <class T>
std::vector<T> bases(double reach) {
    std::vector<T> x;
    std::vector<T> const& all = test::arguments<T>();
    for (std::size_t i = 0; i < all.size(); i += 8) x.push_back(i < 64 ? all[i / 8] : all[i]);
    std::mt19937_64 random(17);
    for (int i = 0; i < 60000; ++i)
        x.push_back(T(std::exp(std::uniform_real_distribution<double>(-reach, reach)(random))));
    while (x.size() % 64 != 0) x.push_back(T(1));
    return x;
}

template <class T>
void check() {
    using Exact = test::exact_type<T>;
    double const limit = sizeof(T) == 4 ? 88 : 709;
    for (double y : {0.0, 1.0, 3.0, -3.0, 7.0, 6.0, -11.0, 0.5, 1.5, -0.3, 2.2, 1.0 / 3, -0.1, 1e-3, 1e-30, 25.25, -1e4,
                     12345.0, 3.7e6, 1e30}) {
        std::vector<T> const x = bases<T>(std::min(limit, 1.1 * limit / std::fabs(y)));
        std::vector<Exact> expected;
        for (T a : x) expected.push_back(std::pow(Exact(a), Exact(y)));
        auto const f = [y](auto a) { return accurate::pow(a, y); };
        INFO("exponent " << y);
        CHECK(test::worst_on<simd::best<T>>("pow", f, x, expected, test::ulps<T, Exact>, "ulp") <= 4);
        CHECK(test::worst_on<T>("pow", f, x, expected, test::ulps<T, Exact>, "ulp") <= 4);
    }
}

}  // namespace

TEST_CASE("pow is within 4 ulp: float") {
    check<float>();
}
TEST_CASE("pow is within 4 ulp: double") {
    check<double>();
}
