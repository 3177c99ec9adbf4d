// The SIMD vocabulary: every vector type behaves like an array of its lanes.
//
// SPDX-License-Identifier: BSL-1.0
#include "../catch.hpp"

#include <paramorph/compat/simd_tiles.hpp>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace simd = paramorph::simd;

namespace {

template <class T>
constexpr T infinity = std::numeric_limits<T>::infinity();
template <class T>
constexpr T not_a_number = std::numeric_limits<T>::quiet_NaN();

// Values that differ in every lane.
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

// The same bits: zeros differ by their sign, and NaN is itself.
template <class T>
bool same(T a, T b) {
    using word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    return std::bit_cast<word>(a) == std::bit_cast<word>(b);
}

template <class V>
void check_any_outside() {
    using T = simd::value_t<V>;
    constexpr T low = sizeof(T) == 4 ? T(0x1p-100) : T(0x1p-900), high = std::numeric_limits<T>::max(),
                none = std::numeric_limits<T>::denorm_min();
    constexpr int w = simd::width<V>;
    auto const outside = [&](T x, int lane, T least, T most) {
        T lanes[w];
        for (T& l : lanes) l = least;
        lanes[lane] = x;
        V const all_least = simd::splat<V>(least), v = simd::load<V>(lanes);
        bool const found = simd::any_outside(least, most, v);
        CHECK(simd::any_outside(least, most, all_least, v) == found);
        CHECK(simd::any_outside(least, most, v, all_least) == found);
        CHECK(simd::any_outside(least, most, all_least, v, all_least) == found);
        return found;
    };
    for (int i = 0; i < w; ++i) {
        for (T const x : {low, std::nextafter(low, T(1)), T(1), std::nextafter(high, T(0)), high})
            CHECK_FALSE(outside(x, i, low, high));
        for (T const x : {std::nextafter(low, T(0)), none, -none, T(0), -T(0), -low, T(-1), -high, infinity<T>,
                          -infinity<T>, not_a_number<T>, -not_a_number<T>})
            CHECK(outside(x, i, low, high));
        CHECK_FALSE(outside(T(3), i, T(2), T(3)));
        CHECK(outside(std::nextafter(T(3), T(4)), i, T(2), T(3)));
        CHECK(outside(std::nextafter(T(2), T(0)), i, T(2), T(3)));
    }
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
    // Of any alignment.
    alignas(64) T numbers[2 * w + 1], copy[2 * w + 1];
    for (int i = 0; i <= 2 * w; ++i) numbers[i] = T(i);
    for (int offset = 0; offset <= w; ++offset) {
        simd::store(copy + offset, simd::load<V>(numbers + offset));
        for (int i = 0; i < w; ++i) CHECK(copy[offset + i] == T(offset + i));
    }
    for (int i = 0; i < w; ++i) CHECK(lane(simd::iota<V>(), i) == T(i));
    for (int i = 0; i < w; ++i) CHECK(lane(simd::splat<V>(T(2.5)), i) == T(2.5));
}

template <class V>
void check_arithmetic() {
    using T = simd::value_t<V>;
    using I = simd::integer_t<V>;
    constexpr int w = simd::width<V>;
    V const a = sample<V>(1), b = sample<V>(2), c = sample<V>(5);
    T sum = 0, largest = lane(a, 0), smallest = lane(a, 0);
    for (int i = 0; i < w; ++i) {
        T const x = lane(a, i), y = lane(b, i), z = lane(c, i);  // small quarters: every product is exact
        CHECK(lane(simd::fma(a, b, c), i) == x * y + z);
        CHECK(lane(simd::fms(a, b, c), i) == x * y - z);
        CHECK(lane(simd::fnma(a, b, c), i) == z - x * y);
        CHECK(lane(V(-a), i) == -x);
        CHECK(lane(a / b, i) == x / y);
        CHECK(lane(simd::min(a, b), i) == (x < y ? x : y));
        CHECK(lane(simd::max(a, b), i) == (x > y ? x : y));
        CHECK(lane(simd::abs(a), i) == (x < 0 ? -x : x));
        CHECK(lane(simd::sqrt(simd::abs(a)), i) == std::sqrt(std::fabs(x)));
        CHECK(lane(simd::select(a < b, a, c), i) == (x < y ? x : z));
        CHECK(lane(simd::select(!(a < b), a, c), i) == (x < y ? z : x));
        CHECK(lane(simd::select((a < b) & (b < c), a, c), i) == (x < y && y < z ? x : z));
        CHECK(lane(simd::select((a < b) | (b < c), a, c), i) == (x < y || y < z ? x : z));
        CHECK(same(lane(simd::where_or_zero<V>(a < b, a), i), x < y ? x : T(0)));
        CHECK(lane(simd::bit_cast<V>(simd::bit_cast<I>(a)), i) == x);
        CHECK(lane(simd::bit_cast<V>(simd::bit_cast<I>(a) + I(1)), i) == std::nextafter(x, x * 2));
        using word = simd::value_t<I>;
        constexpr int high = int(sizeof(T)) * 8 - 4;
        CHECK(lane(simd::bit_cast<V>(simd::shift_right<high>(simd::bit_cast<I>(a)) << high), i) ==
              std::bit_cast<T>(word(std::make_unsigned_t<word>(std::bit_cast<word>(x)) >> high << high)));
        sum += x;
        largest = largest > x ? largest : x;
        smallest = smallest < x ? smallest : x;
    }
    CHECK(simd::reduce_add(a) == sum);
    CHECK(simd::reduce_max(a) == largest);
    CHECK(simd::reduce(a, [](auto x, auto y) { return simd::min(x, y); }) == smallest);
    CHECK(simd::any(a == a));
    CHECK_FALSE(simd::any(a != a));
    for (int i = 0; i < w; ++i) {
        CHECK(simd::any(simd::iota<V>() == simd::splat<V>(T(i))));
        CHECK_FALSE(simd::any(!(simd::iota<V>() != simd::splat<V>(T(w + i)))));
    }
}

// Zeros with their signs, infinities, NaN.
template <class V>
void check_edges() {
    using T = simd::value_t<V>;
    V const zero = simd::splat<V>(T(0)), minus_zero = simd::splat<V>(T(-0.0)), nan = simd::splat<V>(not_a_number<T>),
            inf = simd::splat<V>(infinity<T>), one = simd::splat<V>(T(1));
    for (int i = 0; i < simd::width<V>; ++i) {
        CHECK(same(lane(simd::abs(minus_zero), i), T(0)));
        CHECK(lane(simd::abs(V(-inf)), i) == infinity<T>);
        CHECK(same(lane(simd::sqrt(minus_zero), i), T(-0.0)));
        CHECK(lane(simd::sqrt(inf), i) == infinity<T>);
        CHECK(std::isnan(lane(simd::sqrt(V(-one)), i)));
        CHECK(lane(one / zero, i) == infinity<T>);
        CHECK(same(lane(one / V(-inf), i), T(-0.0)));
        CHECK(std::isnan(lane(simd::select(nan == nan, zero, nan), i)));
        CHECK(same(lane(simd::where_or_zero<V>(nan == nan, nan), i), T(0)));
        CHECK(same(lane(simd::select(zero == minus_zero, minus_zero, one), i), T(-0.0)));
        T const least = std::numeric_limits<T>::denorm_min();
        CHECK(lane(simd::splat<V>(least) + simd::splat<V>(least), i) == least + least);
    }
    // One rounding, where a vector says so.
    T const epsilon = std::numeric_limits<T>::epsilon(), x = 1 + epsilon;
    V const product = simd::splat<V>(x) * simd::splat<V>(x);
    if (simd::fuses<V>) {
        CHECK(lane(simd::fma(simd::splat<V>(x), simd::splat<V>(x), V(-product)), 0) == epsilon * epsilon);
        CHECK(lane(simd::fms(simd::splat<V>(x), simd::splat<V>(x), product), 0) == epsilon * epsilon);
    }
}

template <class V>
void check_lookup() {
    if constexpr (simd::has_lookup<V>) {
        using T = simd::value_t<V>;
        for (int first = -9; first < 9; ++first) {
            auto const index =
                simd::bit_cast<simd::integer_t<V>>(simd::iota<V>() + simd::splat<V>(T(0x1.8p23) + T(first)));
            V const entry = simd::bit_cast<V>(simd::lookup<V>(index, 0x3f800000, 0x40000000, 0x40400000, 0x40800000,
                                                              0x40a00000, 0x40c00000, 0x40e00000, 0x41000000));
            for (int i = 0; i < simd::width<V>; ++i) CHECK(lane(entry, i) == T(1 + ((first + i) & 7)));
        }
    }
}

// Masks by lane; what is kept keeps its bits, what is not is zero, even of NaN.
template <class V>
void check_masks() {
    using T = simd::value_t<V>;
    constexpr int w = simd::width<V>;
    V const numbers[]{sample<V>(3), simd::splat<V>(T(-0.0)), simd::splat<V>(not_a_number<T>),
                      simd::splat<V>(infinity<T>)};
    for (V const& v : numbers)
        for (V const& u : numbers)
            for (int t : {-1000000, -w - 1, -1, 0, 1, w / 2, w - 1, w, w + 1, 1000000})
                for (int i = 0; i < w; ++i) {
                    CHECK(same(lane(simd::keep_from(v, t), i), i >= t ? lane(v, i) : T(0)));
                    CHECK(same(lane(simd::keep_before(v, t), i), i < t ? lane(v, i) : T(0)));
                    CHECK(same(lane(simd::keep_only(v, t), i), i == t ? lane(v, i) : T(0)));
                    CHECK(same(lane(simd::choose_from(v, u, t), i), i >= t ? lane(u, i) : lane(v, i)));
                }
}

template <class V>
void check_squares() {
    using T = simd::value_t<V>;
    constexpr int w = simd::width<V>, stride = w + 3;
    if constexpr (w > 1) {
        T from[2 * w + 1], to[2 * w + 1]{};
        for (int i = 0; i < 2 * w + 1; ++i) from[i] = i == w ? not_a_number<T> : T(i + 1);
        V const halves = simd::load_halves<V>(from + 1, from + w + 1);
        simd::store_halves(to, to + w + 1, halves);
        for (int i = 0; i < w; ++i) {
            CHECK(lane(halves, i) == (i < w / 2 ? T(i + 2) : T(w / 2 + i + 2)));
            CHECK(to[i < w / 2 ? i : w / 2 + i + 1] == lane(halves, i));
        }
        CHECK((to[w / 2] == 0 && to[w] == 0 && to[w + 1 + w / 2] == 0));
    }
    V rows[w];
    for (int i = 0; i < w; ++i) rows[i] = simd::iota<V>() + simd::splat<V>(T(100 * i));
    simd::transpose(rows);
    for (int i = 0; i < w; ++i)
        for (int j = 0; j < w; ++j) CHECK(lane(rows[i], j) == T(100 * j + i));

    for (int i = 0; i < w; ++i) rows[i] = sample<V>(i) * simd::splat<V>(T(1 + i));
    T sums[w]{}, least[w];
    for (int i = 0; i < w; ++i) {
        least[i] = lane(rows[i], 0);
        for (int j = 0; j < w; ++j) {
            sums[i] += lane(rows[i], j);
            least[i] = std::min(least[i], lane(rows[i], j));
        }
    }
    V copy[w];
    for (int i = 0; i < w; ++i) copy[i] = rows[i];
    V const added = simd::combine_rows(rows, [](V a, V b) { return a + b; });
    V const smallest = simd::combine_rows(copy, [](V a, V b) { return simd::min(a, b); });
    for (int i = 0; i < w; ++i) {
        CHECK(lane(added, i) == sums[i]);
        CHECK(lane(smallest, i) == least[i]);
    }

    // Of any alignment, and no element beyond.
    std::vector<T> matrix((w - 1) * stride + w);
    for (std::size_t i = 0; i < matrix.size(); ++i) matrix[i] = T(i);
    constexpr int group = simd::transposed_rows<V>;
    for (int h = 0; h < w / group; ++h) {
        V part[group];
        simd::load_transposed(part, matrix.data(), stride, h);
        for (int k = 0; k < group; ++k)
            for (int j = 0; j < w; ++j) CHECK(lane(part[k], j) == T(j * stride + h * group + k));
    }
}

template <class V>
void check_all() {
    check_memory<V>();
    check_any_outside<V>();
    check_arithmetic<V>();
    check_edges<V>();
    check_lookup<V>();
    check_masks<V>();
    check_squares<V>();
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
