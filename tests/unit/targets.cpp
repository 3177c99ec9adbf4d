// Plans for machines other than this one: what the passes decide for a Cortex-M4, AVX2, AVX-512 and NEON.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/kernel/target.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/convolution.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/solve.hpp"

namespace {

namespace targets = pm::targets;
namespace op = pm::op;

template <class... Input>
test::pipeline plan_for(pm::target const& machine, auto const& f) {
    test::pipeline p(test::trace<float, Input...>(f), machine);
    CHECK(p.sound());
    return p;
}

// In each lane the last digit of a product that a rounding between would lose.
template <class V>
bool fuses() {
    using T = pm::simd::value_t<V>;
    T const small = std::numeric_limits<T>::epsilon();
    V const one = pm::simd::splat<V>(T(1) + small);
    V const rest = pm::simd::fma(one, one, pm::simd::splat<V>(-(1 + 2 * small)));
    return pm::simd::reduce_add(rest) != 0;
}

constexpr pm::target const* machines[]{&targets::scalar, &targets::cortex_m4, &targets::sse2, &targets::avx,
                                       &targets::avx2,   &targets::avx512,    &targets::neon, &targets::neon32};

}  // namespace

TEST_CASE("targets: the host is the machine that this is compiled for") {
    CHECK(targets::host.lanes(pm::element::f32) == pm::simd::width<pm::simd::best<float>>);
    CHECK(targets::host.lanes(pm::element::f64) == pm::simd::width<pm::simd::best<double>>);
    if constexpr (pm::simd::is_batch<pm::simd::best<float>>)
        CHECK(targets::host.fused_multiply_add == fuses<pm::simd::best<float>>());
    CHECK(pm::kernel::target_of<float>.lanes(pm::element::f32) == 1);
    CHECK(pm::kernel::target_of<float>.l1_bytes == targets::host.l1_bytes);
}

TEST_CASE("targets: what belongs together fits") {
    for (pm::target const* t : machines) {
        INFO(t->name);
        CHECK(t->l1_bytes <= t->l2_bytes);
        CHECK(2 * t->panel_bytes <= t->l1_bytes);
        CHECK(2 * t->row_block_bytes <= t->l1_bytes);
        CHECK(t->strip_bytes <= t->unsplit_strip_bytes);
        CHECK(t->unsplit_strip_bytes <= t->stack_bytes);
        CHECK(t->sums_of_taps * pm::bytes_of(pm::element::f64) <= t->kernel_stack_bytes());
        CHECK(t->rows_for_a_block <= t->rows_of_a_block);
        CHECK(t->eight_vectors <= t->four_vectors);
        CHECK(t->four_vectors <= t->two_vectors);
        CHECK((t->vector_registers == 0) == (t->float_lanes == 1));
        // The sums of a tile, a row of B and an element of A.
        if (t->vector_registers > 0) {
            pm::register_tile const tile = t->product_tile(pm::element::f32, 100);
            CHECK((tile.rows + 1) * tile.vectors + 1 <= t->vector_registers);
        }
    }
}

TEST_CASE("targets: tiles of a product") {
    auto const tile = [](pm::target const& t, pm::element e, int rows) {
        pm::register_tile const made = t.product_tile(e, rows);
        return std::pair(made.rows, made.vectors);
    };
    CHECK(tile(targets::avx2, pm::element::f32, 64) == std::pair(6, 2));
    CHECK(tile(targets::avx2, pm::element::f32, 3) == std::pair(6, 4));
    CHECK(tile(targets::cortex_m4, pm::element::f32, 64) == std::pair(4, 4));
    CHECK(tile(targets::neon32, pm::element::f64, 64) == std::pair(4, 4));  // no vectors of doubles
    CHECK(targets::cortex_m4.panel_row_bytes(pm::element::f32) == 16);
    CHECK(targets::neon.panel_row_bytes(pm::element::f64) == 32);
    CHECK(targets::avx2.panel_row_bytes(pm::element::f32) == 64);
    CHECK(targets::avx512.panel_row_bytes(pm::element::f64) == 128);
}

TEST_CASE("targets: tiles of a product that goes by beyond the second-level cache are wide") {
    auto const tile = [](int rows, int columns, int depth) {
        pm::register_tile const made = targets::avx2.product_tile(pm::element::f32, rows, columns, depth);
        return std::pair(made.rows, made.vectors);
    };
    CHECK(tile(64, 18432, 10) == std::pair(2, 6));
    CHECK(tile(10, 18432, 64) == std::pair(2, 6));
    CHECK(tile(64, 1843, 10) == std::pair(6, 2));   // it stays near
    CHECK(tile(64, 18432, 17) == std::pair(6, 2));  // products enough for each number
    CHECK(tile(3, 18432, 64) == std::pair(6, 4));
    CHECK(targets::cortex_m4.product_tile(pm::element::f32, 64, 18432, 10).rows == 4);
}

TEST_CASE("targets: convolutions weigh products against stores, and sums fit into registers") {
    CHECK(!targets::avx2.joins_rows(104, 91, 9));
    CHECK(targets::avx2.joins_rows(104, 91, 288));
    CHECK(!targets::avx2.joins_rows(72, 78, 144));
    CHECK((targets::avx2.sums_by_taps() == 12 && targets::avx512.sums_by_taps() == 24));
    for (pm::target const* t : machines)
        for (int taps : {2, 3, 5, 6})
            for (int vectors : {1, 2, 3, 4, 7})
                for (int channels : {1, 3, 16})
                    for (int most : {1, 2, 100}) {
                        pm::register_tile const made = t->taps_tile(channels, vectors, taps, most);
                        CHECK(made.rows * made.vectors * taps <= t->sums_by_taps());
                        CHECK((made.rows >= 1 && made.rows <= std::min(channels, most)));
                        CHECK((made.vectors >= 1 && made.vectors <= vectors));
                    }
}

TEST_CASE("targets: what a convolution packs, and its sums in memory") {
    // Ten images of 64 channels, 4 by 4, with zeros around them, and filters of 3 by 3.
    pm::extents const images{4, {10, 64, 4, 4}}, results{4, {10, 8, 4, 4}};
    op::convolution_numbers n;
    for (int k : {0, 1}) n.size[k] = 3, n.padding[k] = 1;
    auto const loops = op::convolution_to_filters::loops(images, results, n.pack(4));
    auto const images_packed = [&](pm::target const& t) {
        return op::filter_pass(loops, t, t.lanes(pm::element::f32)).images_of_a_block;
    };
    CHECK(images_packed(targets::avx2) == 10);
    CHECK(images_packed(targets::neon) == 10);
    pm::target small = targets::avx2;
    small.packed_images = 1 << 13;
    CHECK(images_packed(small) == 3);  // of 64 * 36 numbers

    // Rows of 24 results and filters of 3 columns: a channel's sums are 3 * (2 + 24 + 2) numbers.
    op::convolving const adjoint =
        op::convolution_to_images::loops(pm::extents{4, {2, 9, 12, 24}}, pm::extents{4, {9, 5, 3, 3}}, [] {
            op::convolution_numbers of;
            of.size[0] = 14, of.size[1] = 26;
            return of.pack(4);
        }());
    CHECK(op::sums_of_adjoint(adjoint, targets::avx2).most == 2048 / 84);
    CHECK(op::by_taps(adjoint, targets::avx2, 8));
    CHECK(!op::by_taps(adjoint, targets::cortex_m4, 1));
    small.sums_of_taps = 83;
    CHECK(!op::by_taps(adjoint, small, 8));

    CHECK(targets::avx2.bytes_of_packed(pm::element::f32, 17) == 2 * 64);  // whole rows of a panel
    CHECK(targets::avx512.bytes_of_packed(pm::element::f64, 17) == 2 * 128);
    CHECK(targets::neon.bytes_of_packed(pm::element::f32, 17) == 3 * 32);
    CHECK(targets::cortex_m4.bytes_of_packed(pm::element::f32, 17) == 0);
    CHECK(targets::avx2.bytes_of_two_panels(pm::element::f32, 65) == 2 * (65 + 16) * 64);
}

TEST_CASE("targets: short rows run several together") {
    auto const together = [](pm::target const& t, int columns) {
        return t.short_rows_together(pm::element::f32, columns);
    };
    CHECK((together(targets::avx2, 16) == 8 && together(targets::avx2, 32) == 4 && together(targets::avx2, 33) == 1));
    CHECK((together(targets::avx512, 33) == 4 && together(targets::neon, 16) == 4));
    CHECK((together(targets::cortex_m4, 2) == 8 && together(targets::cortex_m4, 5) == 1));
}

TEST_CASE("targets: how many rows run together follows from the first cache") {
    auto const normed = [](auto v) { return v / pm::unsqueeze<1>(pm::norm<2, 1>(v)); };
    auto const rows_of = [&](pm::target const& t) {
        return plan_for<pm::shape<512, 512>>(t, normed).rows->of[0].block;
    };
    CHECK(rows_of(targets::avx2) == 4);
    CHECK(rows_of(targets::avx512) == 4);
    CHECK(rows_of(targets::neon) == 4);
    CHECK(rows_of(targets::cortex_m4) == 32);  // it has no cache
    pm::target larger = targets::avx512;
    larger.row_block_bytes = 24 * 1024;  // of 48 KiB
    CHECK(rows_of(larger) == 6);
}

TEST_CASE("targets: what a later loop reads is kept where memory is near") {
    // 64 KiB: beyond the first cache of those that have one. Both loops read the same value.
    auto const shares = [](auto x) {
        auto const y = pm::abs(x * 2.0 + 1.0);
        return y / pm::sum<0>(y);
    };
    auto const keeps = [&](pm::target const& t) {
        auto const p = plan_for<pm::shape<128, 128>>(t, shares);
        return std::count(p.placed->why, p.placed->why + p.simple->value_count,
                          pm::ir::stored_because::cheaper_to_store);
    };
    CHECK(keeps(targets::avx2) == 0);
    CHECK(keeps(targets::avx512) == 0);
    CHECK(keeps(targets::neon) == 0);
    CHECK(keeps(targets::cortex_m4) == 1);
}

TEST_CASE("targets: panels lie on the stack while they fit there") {
    auto const solved = [](auto a, auto b) { return pm::solve(a, b); };
    auto const on_stack = [&](pm::target const& t) {
        auto const p = plan_for<pm::shape<120, 120>, pm::shape<120, 3>>(t, solved);
        return std::count(p.memory->panels, p.memory->panels + p.plan->step_count, 0) == p.plan->step_count;
    };
    CHECK(on_stack(targets::cortex_m4));
    CHECK(on_stack(targets::neon));
    CHECK(!on_stack(targets::avx512));
    CHECK(!on_stack(targets::generic(32)));
}

TEST_CASE("targets: panels in the workspace have room for whole vectors") {
    auto const solved = [](auto a, auto b) { return pm::solve(a, b); };
    auto const fits = [&](pm::target const& t) {
        auto const p = plan_for<pm::shape<65, 65>, pm::shape<65, 3>>(t, solved);
        int const lanes = t.float_lanes, rows = 2 * ((65 + lanes - 1) / lanes * lanes);
        return p.memory->panels[0] == 0 ||
               p.memory->panels[0] - 1 + std::int64_t(rows) * t.panel_row_bytes(pm::element::f32) <= p.memory->bytes;
    };
    for (pm::target const* t : machines) CHECK(fits(*t));
    for (int lanes : {2, 4, 8, 16, 32, 64}) CHECK(fits(targets::generic(lanes)));
}
