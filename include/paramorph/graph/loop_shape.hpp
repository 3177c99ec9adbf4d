// The shape of a loop: a pass that decides how a fused step runs on a target. kernel/ emits what it says.
//
//   flat      every operand is contiguous or one number: a single loop over all elements
//   strips    sums over many rows or planes, combined pairwise in strips on the stack, some columns at a time
//   rows      operands are read along the innermost axis
//   tiles     some operand is read transposed: square tiles, transposed in registers, in bands of tiles so that whole
//             cache lines are used
//   mirrored  the same of a square matrix: a tile and its mirror image are taken together
//
// How far it is unrolled, whether its body is a function of its own, and which elementary functions it takes, is
// decided for each body: that of a region of the step, or one that was made of them (mirror.hpp).
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/pairwise.hpp"
#include "paramorph/core/target.hpp"
#include "paramorph/graph/loop_facts.hpp"
#include "paramorph/graph/row_groups.hpp"

namespace paramorph::inline PARAMORPH_ABI::ir {

// A body of more instructions is compiled as a function of its own and calls the elementary functions. Inlined, it
// would be copied into each of the loops and functions around it before they become one, which costs the compiler more
// memory than all else.
inline constexpr int long_body = 128;

// The elementary functions that an instruction takes: those for any argument, those for one whose magnitude is known to
// be at most bounded_argument, or those for any as functions that are called.
enum class mathematics_kind : std::uint8_t { accurate, bounded, called };
inline constexpr double bounded_argument = 8;

struct body_shape {
    int instructions, loads;
    bool outlined;  // a function of its own, which calls the elementary functions
    bool reduces;
    bool flat;
    bool in_first_cache;    // a plane of the step
    int tiled_loads;        // that are read by tiles
    int tiles;              // side by side
    bool whole_lines;       // a tile reads each of its lines once: they share a set of the cache, which holds fewer
    int unroll;             // vectors side by side
    int sums_of_rows;       // stores that reduce each row, if no store reduces anything else
    bool row_in_each_lane;  // short rows are summed as many at a time as a vector has lanes, side by side; then one
                            // transposition makes one vector of their totals
    int unrolled_rows;      // rows that are not reduced
    // The most vectors that one accumulator gets while a reduction along the columns is not complete; where that is
    // long, the levels of blocks that are combined pairwise.
    long long longest_sum;
    bool sums_are_long;
    int levels;

    constexpr mathematics_kind mathematics(double magnitude) const {
        return outlined                        ? mathematics_kind::called
               : magnitude <= bounded_argument ? mathematics_kind::bounded
                                               : mathematics_kind::accurate;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::ir

namespace paramorph::inline PARAMORPH_ABI::detail {

// Scales that are one number for the whole step are left out as a rule (kernel/sweep.hpp), with what reads them.
constexpr int left_out(schedule const& s, step const& p) {
    int const first = p.bodies[middle].first;
    int n = 0;
    for (int i = first; i < p.bodies[middle].last; ++i) {
        instruction const& x = s.code[i];
        if (x.kind != instruction::apply || x.operation->settled != settled_as::without_scale) continue;
        if (s.code[x.argument[1]].stands_for_all()) n += 2;
    }
    return n;
}
// Vectors side by side, as far as registers last; the same in all regions of a step.
constexpr int unroll_of(schedule const& s, step const& p, int lanes, target const& machine) {
    int const most = p.bodies[middle].last - p.bodies[middle].first - left_out(s, p);
    int sums = 0;
    for (int k = 0; k < p.store_count; ++k) sums += (reduced_axes(s, p, k) & 8) != 0 ? 1 : 0;
    return lanes == 1 || most > machine.two_vectors     ? 1
           : most > machine.four_vectors || sums > 2    ? 2
           : sums == 1 && most <= machine.eight_vectors ? 8
                                                        : 4;
}
constexpr int sums_of_rows(schedule const& s, step const& p) {
    int n = 0;
    for (int k = 0; k < p.store_count; ++k) {
        int const axes = reduced_axes(s, p, k);
        if (axes != 0 && (axes & 12) != 8) return 0;
        n += axes != 0 ? 1 : 0;
    }
    return n;
}
constexpr long long longest_sum(schedule const& s, step const& p, body_shape const& b, int lanes) {
    bool along_rows = false, beyond = false;
    for (int k = 0; k < p.store_count; ++k)
        if ((reduced_axes(s, p, k) & 8) != 0) {
            along_rows = true;
            beyond = beyond || (long_axes(s, p, k) & 7) != 0;
        }
    if (!along_rows) return 0;
    long long const columns = p.space[3], rows = 1LL * p.space[0] * p.space[1] * p.space[2], each = b.unroll * lanes;
    if (b.flat) return rows * columns / each + b.unroll;
    long long const a_row = columns / each + b.unroll;
    return beyond ? rows * a_row : a_row;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::ir {

// Of a body of step p, `size` instructions.
constexpr body_shape shape_of_body(graph const& g, schedule const& s, step const& p, instruction const* code, int size,
                                   target const& machine) {
    body_shape b{};
    int const lanes = machine.lanes(g.real), columns = p.space[3];
    long long const bytes_of_a_row = 1LL * columns * bytes_of(g.real);
    b.instructions = size;
    b.outlined = size > long_body;
    b.reduces = reduces(s, p);
    for (int i = 0; i < size; ++i) {
        if (code[i].kind != instruction::load) continue;
        ++b.loads;
        if (b.reduces || !down_the_rows(p, code[i])) continue;
        ++b.tiled_loads;
        b.whole_lines = b.whole_lines || machine.rows_side_by_side(1LL * code[i].stride[3] * bytes_of(g.real)) < lanes;
    }
    b.flat = is_flat(g, s, p, code, size);
    b.in_first_cache = p.space[2] * bytes_of_a_row <= machine.l1_bytes;
    b.tiles = b.tiled_loads == 1 && size <= machine.two_tiles ? 2 : 1;
    b.unroll = detail::unroll_of(s, p, lanes, machine);
    b.sums_of_rows = detail::sums_of_rows(s, p);
    b.row_in_each_lane = lanes > 1 && !p.masked && b.sums_of_rows > 0 && size <= machine.several_rows &&
                         bytes_of_a_row <= machine.short_row_bytes;
    bool const plain = !p.masked && !b.reduces && size <= machine.several_rows;
    b.unrolled_rows = plain ? machine.short_rows_together(g.real, columns) : 1;
    b.longest_sum = detail::longest_sum(s, p, b, lanes);
    b.sums_are_long = b.longest_sum > longest_chain;
    b.levels = levels_of(b.longest_sum * b.unroll + longest_block);
    return b;
}
constexpr body_shape shape_of_body(graph const& g, schedule const& s, step const& p, region r, target const& machine) {
    return shape_of_body(g, s, p, s.code + p.bodies[r].first, p.bodies[r].last - p.bodies[r].first, machine);
}

// Sums over rows or planes, combined in strips of columns on the stack.
struct strip_shape {
    bool apply;
    int axes;            // of 0, 1 and 2: those that the stores reduce; one that reduces none of them is complete after
                         // each row
    int strips, levels;  // strips side by side, and levels of blocks that are combined pairwise
    long long columns;   // of a strip
    constexpr bool reduce_axis(int a) const { return axes >> a & 1; }
};
constexpr strip_shape strips_of(graph const& g, schedule const& s, step const& p, target const& machine) {
    strip_shape strip{};
    long long chain = 1;
    bool same = true, alone = true, any = false;
    for (int k = 0; k < p.store_count; ++k) {
        int const reduced = reduced_axes(s, p, k), axes = long_axes(s, p, k) & 7;
        if (reduced == 0) continue;
        any = true;
        alone = alone && (reduced & 8) == 0;
        if (axes == 0) continue;
        same = same && (strip.axes == 0 || strip.axes == axes);
        strip.axes = axes;
        if ((reduced & 8) == 0) ++strip.strips;
    }
    for (int a = 0; a < 3; ++a)
        if (strip.axes >> a & 1) chain *= p.space[a];
    strip.levels = levels_of(chain);
    long long const columns = p.space[3], pair = 2 * machine.lanes(g.real),
                    bytes_of_a_column = (strip.levels + 1LL) * strip.strips * bytes_of(g.real);
    bool const whole = columns * bytes_of_a_column <= machine.strip_bytes;
    long long const fitting = machine.strip_bytes / (bytes_of_a_column > 1 ? bytes_of_a_column : 1) / pair * pair;
    strip.columns = !alone || whole ? columns : fitting < pair ? pair : fitting;
    strip.apply = any && same && chain > longest_chain &&
                  (strip.strips == 0 || alone || columns * bytes_of_a_column <= machine.unsplit_strip_bytes);
    return strip;
}

// Is anything read for what lies below the masked diagonals, or for all of a matrix without any?
constexpr bool reads_below(schedule const& s, step const& p) {
    body const& b = p.bodies[p.masked ? below : middle];
    for (int i = b.first; i < b.last; ++i)
        if (s.code[i].kind == instruction::load) return true;
    return false;
}

struct loop_shape {
    enum kind_t : std::uint8_t { flat, strips, rows, tiles, mirrored } kind;
    body_shape body;   // the middle one
    strip_shape sums;  // where kind is strips
    int band;          // rows of tiles, or of elements
    bool squares;      // mirrored: a square of a band's height and its mirror image follow one another
    bool unrolled;     // mirrored: at most two tiles wide
};

// Of fused step t.
constexpr loop_shape shape_of_loop(graph const& g, schedule const& s, int t, target const& machine) {
    step const& p = s.steps[t];
    loop_shape l{};
    l.body = shape_of_body(g, s, p, middle, machine);
    l.sums = strips_of(g, s, p, machine);
    int const lanes = machine.lanes(g.real), rows = p.space[2];
    bool const near = rows == p.space[3] && reads_below(s, p) && machine.is_near(g.real, rows);
    int const high = near ? machine.bytes_of_a_near_band / bytes_of(g.real) : machine.tiles_of_a_band * lanes;
    // Bands of one tile while the matrix fits in the first cache; of more beyond, so that whole cache lines are read.
    l.band = l.body.tiled_loads == 0 ? 1 : l.body.in_first_cache || rows % high != 0 ? lanes : high;
    // Square, tiles lie on the diagonal, and masks change on it or next to it only: which tiles a mask splits, and how,
    // is known. A tile and its mirror image are taken together: in all of a matrix that fits in the first cache, or
    // where arithmetic takes the time; else in the squares on the diagonal of a larger one, whose bands are written
    // from left to right.
    bool const pairs = l.body.tiled_loads > 0 && rows % lanes == 0 && rows == p.space[3] &&
                       (!p.masked || (p.low >= -1 && p.high <= 1));
    l.unrolled = pairs && rows <= 2 * lanes;
    l.squares = pairs && near && !l.body.in_first_cache;
    l.kind = l.body.flat                                 ? loop_shape::flat
             : l.sums.apply                              ? loop_shape::strips
             : l.body.reduces || l.body.tiled_loads == 0 ? loop_shape::rows
             : pairs                                     ? loop_shape::mirrored
                                                         : loop_shape::tiles;
    return l;
}

// Do the steps of a group that run together take one row in each lane, the numbers of rows among them as vectors?
constexpr bool rows_in_lanes(graph const& g, schedule const& s, row_group const& group, target const& machine) {
    if (group.block == 0 || group.block % machine.lanes(g.real) != 0) return false;
    for (int t = group.first; t <= group.last; ++t)
        if (reduces(s, s.steps[t]) && !shape_of_body(g, s, s.steps[t], middle, machine).row_in_each_lane) return false;
    return true;
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
