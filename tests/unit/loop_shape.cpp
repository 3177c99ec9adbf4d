// The shape of a loop, as a pass decides it: flat, by rows, in strips, by tiles; how far unrolled; as a function of its
// own; with which elementary functions. For this machine and for others.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/graph/loop_shape.hpp"
#include "paramorph/graph/magnitude.hpp"
#include "paramorph/kernel/sweep.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/triangle.hpp"

namespace {

namespace targets = pm::targets;
using pm::ir::loop_shape;

template <int N>
constexpr std::integral_constant<int, N> number{};

// Of step t of a program on this machine.
template <class... Input>
loop_shape shape_of(pm::target const& machine, auto const& f, int t = 0) {
    test::pipeline const p(test::trace<float, Input...>(f), machine);
    REQUIRE(t < p.plan->step_count);
    return pm::ir::shape_of_loop(*p.simple, *p.plan, t, machine);
}

// y after `count` more operations on it, none of which is another one's equal.
template <int Count>
auto longer(auto x) {
    if constexpr (Count == 0)
        return x;
    else
        return longer<Count - 1>(pm::abs(x + 1.0 / Count));
}

constexpr auto elementwise = [](auto x) { return pm::abs(x); };
constexpr auto of_rows = [](auto x) { return pm::sum<1>(x); };
constexpr auto of_columns = [](auto x) { return pm::sum<0>(x); };
constexpr auto of_all = [](auto x) { return pm::sum(x); };
constexpr auto turned = [](auto x) { return pm::transpose(x) * 2.0; };
constexpr auto symmetric = [](auto x) { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); };

}  // namespace

TEST_CASE("loop shape: what lies in memory as it is computed is one flat loop") {
    auto const on = [](pm::target const& t) { return shape_of<pm::shape<40, 30>>(t, elementwise); };
    for (pm::target const* t : {&targets::cortex_m4, &targets::avx2, &targets::avx512, &targets::neon}) {
        CHECK(on(*t).kind == loop_shape::flat);
        CHECK(on(*t).body.flat);
        CHECK(!on(*t).body.reduces);
        CHECK(on(*t).body.loads == 1);
    }
    CHECK(on(targets::cortex_m4).body.unroll == 1);
    CHECK(on(targets::avx2).body.unroll == 4);
    CHECK(on(targets::avx512).body.unroll == 4);
}

TEST_CASE("loop shape: as many vectors side by side as the compiler keeps in registers") {
    auto const on = [](pm::target const& t, auto count) {
        return shape_of<pm::shape<40, 30>>(t, [](auto x) { return longer<decltype(count)::value>(x); }).body;
    };
    // A load, and for each of four a number, a sum and an absolute value.
    CHECK(on(targets::avx2, number<4>).instructions == 13);
    CHECK(on(targets::avx2, number<4>).unroll == 4);
    CHECK(on(targets::compiled_by_clang(targets::avx2), number<4>).unroll == 2);
    CHECK(on(targets::avx2, number<6>).unroll == 2);
    CHECK(on(targets::avx2, number<8>).unroll == 1);
    pm::target more = targets::avx512;  // that has twice the registers
    more.two_vectors = 48;
    CHECK(on(more, number<8>).unroll == 2);
}

TEST_CASE("loop shape: a long body is a function, which calls the elementary functions") {
    auto const body = [](auto count) {
        return shape_of<pm::shape<8>>(targets::avx2, [](auto x) { return longer<decltype(count)::value>(x); }).body;
    };
    auto const inlined = body(number<42>), outlined = body(number<43>);
    CHECK(inlined.instructions == 127);
    CHECK(!inlined.outlined);
    CHECK(outlined.instructions == 130);
    CHECK(outlined.outlined);
    CHECK(inlined.mathematics(1) == pm::ir::mathematics_kind::bounded);
    CHECK(inlined.mathematics(8) == pm::ir::mathematics_kind::bounded);
    CHECK(inlined.mathematics(8.5) == pm::ir::mathematics_kind::accurate);
    CHECK(inlined.mathematics(pm::ir::unbounded) == pm::ir::mathematics_kind::accurate);
    CHECK(outlined.mathematics(1) == pm::ir::mathematics_kind::called);
}

TEST_CASE("loop shape: short rows are reduced one in each lane") {
    auto const short_rows = [](pm::target const& t) { return shape_of<pm::shape<64, 64>>(t, of_rows); };
    auto const long_rows = [](pm::target const& t) { return shape_of<pm::shape<64, 300>>(t, of_rows); };
    CHECK(short_rows(targets::avx2).kind == loop_shape::rows);
    CHECK(short_rows(targets::avx2).body.sums_of_rows == 1);
    CHECK(short_rows(targets::avx2).body.row_in_each_lane);
    CHECK(short_rows(targets::avx512).body.row_in_each_lane);
    CHECK(!short_rows(targets::cortex_m4).body.row_in_each_lane);
    CHECK(!long_rows(targets::avx2).body.row_in_each_lane);
    CHECK(short_rows(targets::avx2).body.unroll == 8);
}

TEST_CASE("loop shape: rows that are not reduced are unrolled while they are short") {
    auto const unrolled = [](pm::target const& t, auto columns) {
        constexpr int n = decltype(columns)::value;
        auto const scaled = [](auto x, auto s) { return x * s; };
        loop_shape const l = shape_of<pm::shape<40, n>, pm::shape<40, 1>>(t, scaled);
        CHECK(l.kind == loop_shape::rows);
        return l.body.unrolled_rows;
    };
    CHECK(unrolled(targets::avx2, number<16>) == 8);
    CHECK(unrolled(targets::avx2, number<32>) == 4);
    CHECK(unrolled(targets::avx2, number<33>) == 1);
    CHECK(unrolled(targets::avx512, number<33>) == 4);
    CHECK(unrolled(targets::cortex_m4, number<16>) == 1);
}

TEST_CASE("loop shape: sums over many rows are combined in strips on the stack") {
    auto const sums = [](pm::target const& t) { return shape_of<pm::shape<512, 700>>(t, of_columns); };
    for (pm::target const* t : {&targets::cortex_m4, &targets::avx2, &targets::avx512, &targets::neon}) {
        loop_shape const l = sums(*t);
        CHECK(l.kind == loop_shape::strips);
        CHECK(l.sums.strips == 1);
        CHECK(l.sums.reduce_axis(2));
        CHECK(!l.sums.reduce_axis(1));
        CHECK(l.sums.columns % (2 * t->float_lanes) == 0);
        // The lowest strip and one for each level.
        CHECK((l.sums.levels + 1) * l.sums.columns * 4 <= t->strip_bytes);
    }
    pm::target small = targets::cortex_m4;
    small.strip_bytes = 1024;
    CHECK(sums(small).sums.columns == 42);
    CHECK(shape_of<pm::shape<96, 700>>(targets::avx2, of_columns).kind == loop_shape::rows);
    CHECK(shape_of<pm::shape<97, 700>>(targets::avx2, of_columns).kind == loop_shape::strips);
}

TEST_CASE("loop shape: long sums are cut into blocks") {
    auto const body = [](pm::target const& t) { return shape_of<pm::shape<90000>>(t, of_all).body; };
    CHECK(body(targets::avx2).flat);
    CHECK(body(targets::avx2).longest_sum == 90000 / (8 * 8) + 8);
    CHECK(body(targets::avx2).sums_are_long);
    CHECK(body(targets::cortex_m4).longest_sum == 90000 + 1);
    CHECK(body(targets::cortex_m4).levels > body(targets::avx512).levels);
    CHECK(!shape_of<pm::shape<90>>(targets::cortex_m4, of_all).body.sums_are_long);
}

TEST_CASE("loop shape: what is read transposed runs by tiles") {
    loop_shape const l = shape_of<pm::shape<40, 24>>(targets::avx2, turned);
    CHECK(l.kind == loop_shape::tiles);
    CHECK(l.body.tiled_loads == 1);
    CHECK(l.body.tiles == 2);
    CHECK(l.band == 8);
    // Beyond the first cache bands are two tiles high, so that whole cache lines are read.
    CHECK(shape_of<pm::shape<160, 176>>(targets::avx2, turned).band == 16);
    CHECK(shape_of<pm::shape<160, 168>>(targets::avx2, turned).band == 8);  // 168 rows: no whole band of 16
    CHECK(shape_of<pm::shape<160, 176>>(targets::cortex_m4, turned).band == 1);
    CHECK(shape_of<pm::shape<160, 176>>(targets::neon, turned).band == 8);
}

TEST_CASE("loop shape: lines that share a set of the cache are read once, where it holds fewer than a tile has") {
    CHECK(shape_of<pm::shape<32, 1024>>(targets::avx512, turned).body.whole_lines);
    CHECK(shape_of<pm::shape<32, 2048>>(targets::avx512, turned).body.whole_lines);
    CHECK(!shape_of<pm::shape<32, 1040>>(targets::avx512, turned).body.whole_lines);
    CHECK(!shape_of<pm::shape<32, 1024>>(targets::avx2, turned).body.whole_lines);
    CHECK(!shape_of<pm::shape<32, 1024>>(targets::avx512, elementwise).body.whole_lines);
    CHECK(targets::avx512.rows_side_by_side(4096) == 8);
    CHECK(targets::avx512.rows_side_by_side(4160) > 16);
}

TEST_CASE("loop shape: a square matrix and its mirror image run together") {
    auto const at = [](pm::target const& t, auto n) {
        return shape_of<pm::shape<decltype(n)::value, decltype(n)::value>>(t, symmetric);
    };
    CHECK(at(targets::avx2, number<16>).kind == loop_shape::mirrored);
    CHECK(at(targets::avx2, number<16>).unrolled);
    CHECK(at(targets::avx2, number<64>).kind == loop_shape::mirrored);
    CHECK(!at(targets::avx2, number<64>).unrolled);
    CHECK(at(targets::avx512, number<16>).unrolled);
    CHECK(at(targets::avx2, number<60>).kind == loop_shape::tiles);     // tiles of 8 do not lie on the diagonal
    CHECK(at(targets::neon, number<60>).kind == loop_shape::mirrored);  // of 4 they do
    CHECK(at(targets::avx2, number<64>).body.in_first_cache);
    CHECK(!at(targets::avx2, number<256>).body.in_first_cache);
    // Near ones are taken by squares of two lines; those beyond the second cache, or of which half is read, by bands of
    // one.
    CHECK(at(targets::avx2, number<256>).squares);
    CHECK(at(targets::avx512, number<256>).squares);
    CHECK(!at(targets::avx2, number<64>).squares);
    CHECK(!at(targets::avx2, number<512>).squares);
    CHECK(at(targets::avx2, number<256>).band == 32);
    CHECK(at(targets::avx512, number<256>).band == 32);
    CHECK(at(targets::avx2, number<272>).band == 16);
    CHECK(at(targets::avx2, number<512>).band == 16);
    CHECK(at(targets::cortex_m4, number<64>).kind == loop_shape::mirrored);
}

TEST_CASE("loop shape: rows that run together are taken one in each lane where all of them are") {
    auto const in_lanes = [](pm::target const& t, auto columns) {
        constexpr int n = decltype(columns)::value;
        auto const normed = [](auto v) { return v / pm::unsqueeze<1>(pm::norm<2, 1>(v)); };
        test::pipeline const p(test::trace<float, pm::shape<64, n>>(normed), t);
        REQUIRE(p.rows->of[0].block != 0);
        return pm::ir::rows_in_lanes(*p.simple, *p.plan, p.rows->of[0], t);
    };
    CHECK(in_lanes(targets::avx2, number<64>));
    CHECK(in_lanes(targets::avx512, number<64>));
    CHECK(in_lanes(targets::neon, number<64>));
    CHECK(!in_lanes(targets::cortex_m4, number<64>));
    CHECK(!in_lanes(targets::avx2, number<300>));
}

// The kernel takes its shape from the pass.
TEST_CASE("loop shape: kernels are made of it") {
    using P = test::value_program_of<std::remove_cvref_t<decltype(symmetric)>, float, pm::shape<64, 64>>;
    using C = pm::compiled<P>;
    using V = pm::simd::best<float>;
    constexpr loop_shape scalar = pm::kernel::shape_of_step<C, 0, float>, vector = pm::kernel::shape_of_step<C, 0, V>;
    CHECK(C::machine.name == targets::host.name);
    CHECK(vector.kind == loop_shape::mirrored);
    CHECK(scalar.body.unroll == 1);
    CHECK(vector.band == pm::simd::width<V>);
    CHECK(pm::kernel::sweep_body<C, 0, pm::ir::middle, V>::shape.tiled_loads == vector.body.tiled_loads);
}
