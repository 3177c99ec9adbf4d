// The kernels' elementary functions: at most 4 ulp over the whole domain, for the widest vectors and for scalars.
//
// SPDX-License-Identifier: BSL-1.0
#include "../vector_math.hpp"

using accurate = paramorph::kernel::accurate;

namespace {

template <class T>
void check() {
    using test::expect_ulps;
    expect_ulps<T>("exp", [](auto x) { return accurate::exp(x); }, [](auto x) { return std::exp(x); });
    expect_ulps<T>("expm1", [](auto x) { return accurate::expm1(x); }, [](auto x) { return std::expm1(x); });
    expect_ulps<T>("log", [](auto x) { return accurate::log(x); }, [](auto x) { return std::log(x); });
    expect_ulps<T>("log1p", [](auto x) { return accurate::log1p(x); }, [](auto x) { return std::log1p(x); });
    expect_ulps<T>("sin", [](auto x) { return accurate::sin(x); }, [](auto x) { return std::sin(x); });
    expect_ulps<T>("cos", [](auto x) { return accurate::cos(x); }, [](auto x) { return std::cos(x); });
    expect_ulps<T>("sqrt", [](auto x) { return accurate::sqrt(x); }, [](auto x) { return std::sqrt(x); }, 0.5);
    expect_ulps<T>("rsqrt", [](auto x) { return accurate::rsqrt(x); }, [](auto x) { return 1 / std::sqrt(x); }, 2);
}

}  // namespace

TEST_CASE("elementary functions are within 4 ulp: float") {
    check<float>();
}
TEST_CASE("elementary functions are within 4 ulp: double") {
    check<double>();
}
