// The SIMD vocabulary: every vector type behaves like an array of its lanes.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"

#include <paramorph/compat/simd_tiles.hpp>

#include <limits>
#include <vector>

namespace simd = paramorph::simd;

namespace {

/// Values that differ in every lane.
template <class V>
V sample(int seed) {
    using T = simd::value_t<V>;
    T lanes[simd::width<V>];
    for (int i = 0; i < simd::width<V>; ++i) lanes[i] = T((7 * i + 3 * seed) % 11) - T(4.5);
    return simd::load<V>(lanes);
}

template <class V>
simd::value_t<V> lane(V v, int i) {
    simd::value_t<V> lanes[simd::width<V>];
    simd::store(lanes, v);
    return lanes[i];
}

template <class V>
void check_memory() {
    using T = simd::value_t<V>;
    constexpr int w = simd::width<V>;
    for (int n = 0; n <= w; ++n) {
        std::vector<T> exact(std::size_t(n), T(0));  // a block of exactly n elements, so that a sanitizer sees more
        for (int i = 0; i < n; ++i) exact[std::size_t(i)] = T(i + 1);
        V const v = simd::load_partial<V>(exact.data(), n);
        for (int i = 0; i < w; ++i) CHECK(lane(v, i) == (i < n ? T(i + 1) : T(0)));

        std::vector<T> out(std::size_t(n), T(-1));
        simd::store_partial(out.data(), v + simd::splat<V>(T(1)), n);
        for (int i = 0; i < n; ++i) CHECK(out[std::size_t(i)] == T(i + 2));

        T guarded[w + 1];
        for (T& g : guarded) g = T(-7);
        simd::store_partial(guarded, v, n);
        for (int i = n; i <= w; ++i) CHECK(guarded[i] == T(-7));
    }
    for (int i = 0; i < w; ++i) CHECK(lane(simd::iota<V>(), i) == T(i));
    for (int i = 0; i < w; ++i) CHECK(lane(simd::splat<V>(T(2.5)), i) == T(2.5));
}

template <class V>
void check_arithmetic() {
    using T = simd::value_t<V>;
    constexpr int w = simd::width<V>;
    V const a = sample<V>(1), b = sample<V>(2), c = sample<V>(5);
    T sum = 0, largest = lane(a, 0);
    for (int i = 0; i < w; ++i) {
        T const x = lane(a, i), y = lane(b, i), z = lane(c, i);  // small quarters: every product is exact
        CHECK(lane(simd::fma(a, b, c), i) == x * y + z);
        CHECK(lane(simd::fnma(a, b, c), i) == z - x * y);
        CHECK(lane(simd::min(a, b), i) == (x < y ? x : y));
        CHECK(lane(simd::max(a, b), i) == (x > y ? x : y));
        CHECK(lane(simd::abs(a), i) == (x < 0 ? -x : x));
        CHECK(lane(simd::sqrt(simd::abs(a)), i) == std::sqrt(std::fabs(x)));
        CHECK(lane(simd::select(a < b, a, c), i) == (x < y ? x : z));
        CHECK(lane(simd::select((a < b) & (b < c), a, c), i) == (x < y && y < z ? x : z));
        CHECK(lane(simd::bit_cast<V>(simd::bit_cast<simd::integer_t<V>>(a)), i) == x);
        sum += x;
        largest = largest > x ? largest : x;
    }
    CHECK(simd::reduce_add(a) == sum);
    CHECK(simd::reduce_max(a) == largest);
    CHECK(simd::any(a == a));
    CHECK_FALSE(simd::any(a != a));
}

template <class V>
void check_transpose() {
    using T = simd::value_t<V>;
    constexpr int w = simd::width<V>;
    V rows[w];
    for (int i = 0; i < w; ++i) rows[i] = simd::iota<V>() + simd::splat<V>(T(100 * i));
    simd::transpose(rows);
    for (int i = 0; i < w; ++i)
        for (int j = 0; j < w; ++j) CHECK(lane(rows[i], j) == T(100 * j + i));
}

template <class V>
void check_all() {
    check_memory<V>();
    check_arithmetic<V>();
    check_transpose<V>();
}

}  // namespace

TEST_CASE("the widest vectors behave like arrays of their lanes") {
    check_all<simd::best<float>>();
    check_all<simd::best<double>>();
}

TEST_CASE("scalars are vectors of one lane") {
    check_all<float>();
    check_all<double>();
}
