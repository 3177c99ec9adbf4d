// What the passes know of the machine that a program is compiled for: vectors, registers, memory, and the choices that
// were measured on it. A target is an argument of the passes that need one, so that the plan for any machine can be
// made, printed (`pm::explain<Program>(pm::targets::avx512)`) and tested on any other. Machines are told apart in this
// file and in no other one of graph/ and kernel/; `targets::host` is the one that this file is compiled for.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/element.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// A part of a matrix product that stays in registers: its rows, and its width in vectors.
struct register_tile {
    int rows, vectors;
};

struct target {
    std::string_view name;

    // Numbers in a vector; 1: there are no vectors of this type.
    int float_lanes, double_lanes;
    int vector_registers;
    bool fused_multiply_add;  // one instruction, rounded once

    // Data that is reached as fast as the first-level and the second-level cache.
    int l1_bytes = 32 * 1024, l2_bytes = 512 * 1024;
    // A call has its workspace on the stack up to so many bytes.
    int stack_bytes = 64 * 1024;
    // A kernel packs parts of a matrix on the stack up to so many bytes: half of the first-level cache. What is larger
    // lies in the workspace.
    int panel_bytes = 16 * 1024;
    // A sum over many rows has its partial sums on the stack: so many bytes at a time, by strips of columns; where it
    // shares its loop with sums along rows, and so has all columns at once, up to the second number.
    int strip_bytes = 8 * 1024, unsplit_strip_bytes = 32 * 1024;

    // Of a product, with and without vectors.
    register_tile vector_tile{6, 2}, scalar_tile{4, 4};
    // Sums that run side by side, so that no addition waits for the one before it.
    int chains = 8;
    // Taps of a filter's row that a convolution's loop has one after the other, at most.
    int taps_together = 8;
    // The gradient of filters packs images up to so many numbers at once; a convolution's adjoint by taps has so many
    // numbers of sums on the stack.
    int packed_images = 1 << 16, sums_of_taps = 2048;
    // Rows of tiles that one packed panel of a product serves.
    int tile_rows_of_a_panel = 48;
    // What rows that run together touch may take of the first-level cache; where that is several rows, they are a
    // multiple of so many; and rows of at most so many bytes are reduced one in each lane. Of longer ones, a power of
    // two apart, too many would fall into one set of the cache.
    int row_block_bytes = 16 * 1024, row_block_multiple = 8, short_row_bytes = 1024;
    // Lines a multiple of set_bytes apart fall into one set of the first-level cache, which holds rows_of_a_set of them
    // beside what is fetched ahead of each.
    int set_bytes = 4096, rows_of_a_set = 8;
    // A band of tiles of a matrix beyond the first-level cache is so many tiles high: cache lines are used whole.
    int tiles_of_a_band = 2;
    // One of a square matrix that fits in the second-level cache together with its result is as high as so many bytes
    // are long: two lines, which are fetched as a pair; and it is taken by squares, each followed by its mirror image,
    // so that what both read comes from that cache once. (256 x 256 floats, symmetric, on Zen 5, over bands of 16 rows:
    // 0.9 by AVX2; bands alone 0.95, and of 512 x 512 1.3.)
    int bytes_of_a_near_band = 128;
    // Scans form the products of each step's input within the step, and read their parameters where they lie
    // (nn/scan_by_frames.hpp): for machines that have little memory, and no vectors that products of all steps would
    // use better.
    bool scans_by_frames = false;
    // Batches known at run time run by blocks of so many rows; of the rest, so many run faster as a block, filled up,
    // than one by one (linear layers of 16 to 256, AVX2: from 17 to 24 rows on).
    int rows_of_a_block = 32, rows_for_a_block = 20;
    // Loops over fewer elements, and matrix products of fewer products, take less time than it takes to wake a thread
    // (some microseconds): run(..., executor) does not share them.
    std::int64_t shared_elements = 1 << 14, shared_products = 1 << 18;
    // Costs in units of a vector addition: to read or write a vector transposed, to write one in parts, and what
    // computing an element and its mirror image takes where arithmetic, not memory, decides.
    int transposed_cost = 4, store_in_parts_cost = 8, arithmetic_bound = 16;
    // The longest bodies of loops, in instructions, of which several vectors stay in registers side by side: eight of
    // a body that reduces, four, two; two tiles of a matrix; several short rows. A compiler's habits are among them.
    int eight_vectors = 4, four_vectors = 16, two_vectors = 24;
    int two_tiles = 8, several_rows = 12;
    // Sums of a tile are kept in their registers by hand (simd::add_product): g++ moves them.
    bool keeps_sums = true;

    constexpr int lanes(element e) const { return e == element::f64 ? double_lanes : float_lanes; }
    constexpr target with_lanes(element e, int count) const {
        target t = *this;
        (e == element::f64 ? t.double_lanes : t.float_lanes) = count;
        return t;
    }
    // Few rows make wider tiles.
    constexpr register_tile product_tile(element e, int rows) const {
        if (lanes(e) == 1) return scalar_tile;
        return {vector_tile.rows, rows <= vector_tile.rows / 2 ? 2 * vector_tile.vectors : vector_tile.vectors};
    }
    // Where a matrix beyond the second-level cache is read or written once, and products are few for each of its
    // numbers, tiles are so wide that several lines of it follow one another.
    constexpr register_tile product_tile(element e, int rows, int columns, int depth) const {
        bool const few = (rows < depth ? rows : depth) <= 16;
        long long const bytes = static_cast<long long>(rows < depth ? depth : rows) * columns * bytes_of(e);
        if (lanes(e) == 1 || rows <= vector_tile.rows / 2 || !few || bytes <= l2_bytes) return product_tile(e, rows);
        return {vector_tile.rows / 3, 3 * vector_tile.vectors};
    }
    // Is A B^T a sum of dot products of their rows, of which B has so many bytes in a part? Then B is not transposed.
    constexpr bool multiplies_along_rows(int bytes) const { return bytes <= l2_bytes / 8; }
    // Is a square matrix beyond the first-level cache, with its result, near?
    constexpr bool is_near(element e, int rows) const {
        int const high = bytes_of_a_near_band / bytes_of(e);
        return 2LL * rows * rows * bytes_of(e) <= l2_bytes && high >= tiles_of_a_band * lanes(e) && rows % high == 0;
    }
    // Of rows of so many elements, so many run one after the other without a loop, which would cost a quarter.
    constexpr int short_rows_together(element e, int columns) const {
        return columns <= 2 * lanes(e) ? 8 : columns <= 4 * lanes(e) ? 4 : 1;
    }
    // Is a matrix of so many numbers that rows are multiplied with again and again kept with its columns in lanes? Rows
    // of one that is not near are as well read in their order.
    constexpr bool keeps_transposed(element e, int numbers) const {
        return lanes(e) > 1 && static_cast<long long>(numbers) * bytes_of(e) <= 2 * l1_bytes;
    }
    // Of a convolution with so many outputs: sums of some outputs and vectors, as many as of a product. In half cycles,
    // a tile takes one for each of its sums, or for each of its loads; at least as long as an addition waits.
    constexpr register_tile convolution_tile(int outputs, int vectors) const {
        int const sums = vector_tile.rows * vector_tile.vectors;
        auto const cost = [&](int rows, int wide) {
            int const work = rows * wide > rows + wide ? rows * wide : rows + wide;
            return 1 + (work > chains ? work : chains);
        };
        register_tile best{1, 1};
        long long least = 0;
        for (int wide = 1; wide <= 4 && wide <= vectors; ++wide) {
            int const most = sums / wide, tiles = (outputs + most - 1) / most;
            int const rows = (outputs + tiles - 1) / tiles, rest = vectors % wide;
            long long const all =
                tiles * (vectors / wide * static_cast<long long>(cost(rows, wide)) + (rest > 0 ? cost(rows, rest) : 0));
            if (least == 0 || all < least) least = all, best = {sums / wide, wide};
        }
        return best;
    }
    // Are rows of a convolution's results joined to one row of so many vectors, which are stored in parts? Each vector
    // is a sum of so many products.
    constexpr bool joins_rows(int vectors_of_rows, int vectors_joined, int products) const {
        return (vectors_of_rows - vectors_joined) * static_cast<long long>(products) >
               vectors_joined * static_cast<long long>(store_in_parts_cost);
    }
    // Of a convolution's adjoint with sums for each of so many taps of a row: channels (rows), at most so many, and
    // vectors. Costs are those of a convolution_tile. (Where there are registers for twice as many sums, they took 0.93
    // of the time by AVX-512 on Zen 5; forwards and for the gradient of filters 1.0.)
    constexpr register_tile taps_tile(int channels, int vectors, int taps, int most) const {
        int const sums = sums_by_taps();
        register_tile best{1, 1};
        long long least = 0;
        for (int wide = 1; wide <= vectors && (wide == 1 || wide * taps <= sums); ++wide) {
            int rows = sums / (wide * taps) < most ? sums / (wide * taps) : most;
            rows = rows < 1 ? 1 : rows < channels ? rows : channels;
            auto const cost = [&](int w) {
                int const loads = w + rows * taps, work = rows * w * taps > loads ? rows * w * taps : loads;
                return 1LL + (w == 0 ? -1 : work > chains ? work : chains);
            };
            long long const all = (channels + rows - 1) / rows * (vectors / wide * cost(wide) + cost(vectors % wide));
            if (least == 0 || all < least) least = all, best = {rows, wide};
        }
        return best;
    }
    constexpr int sums_by_taps() const {
        return vector_tile.rows * vector_tile.vectors * (vector_registers < 32 ? 1 : 2);
    }
    // Of the gradient of filters: sums of some outputs (rows) and taps (vectors), of which the fewer wait in registers.
    constexpr register_tile filter_tile(int outputs, int taps) const {
        int const sums = vector_tile.rows * vector_tile.vectors, rows = outputs < 4 ? outputs : 4;
        if (taps < sums / rows) return {sums / taps < outputs ? sums / taps : outputs, taps};
        return {rows, sums / rows};
    }
    // One row of a packed panel.
    constexpr int panel_row_bytes(element e) const {
        return (lanes(e) == 1 ? scalar_tile : vector_tile).vectors * lanes(e) * bytes_of(e);
    }
    // What a kernel packs of a matrix of so many rows: one panel; two, whose rows are as many as whole vectors hold.
    constexpr std::int64_t bytes_of_panel(element e, int rows) const { return std::int64_t(rows) * panel_row_bytes(e); }
    constexpr std::int64_t bytes_of_two_panels(element e, int rows) const {
        return 2 * bytes_of_panel(e, rows + (lanes(e) > 16 ? lanes(e) : 16));
    }
    // What a convolution packs, so many numbers: whole rows of a panel; without vectors nothing is packed.
    constexpr std::int64_t bytes_of_packed(element e, int numbers) const {
        int const of_a_row = panel_row_bytes(e) / bytes_of(e);
        return lanes(e) == 1 ? 0 : bytes_of_panel(e, (numbers + of_a_row - 1) / of_a_row);
    }
    // Of rows so many bytes apart, how many can be read side by side.
    constexpr int rows_side_by_side(long long bytes_apart) const {
        return bytes_apart % set_bytes == 0 ? rows_of_a_set : 64;
    }
    // What a load of a value of so many bytes costs, in units of a vector addition.
    constexpr int load_cost(long long bytes) const { return bytes <= l1_bytes ? 1 : bytes <= l2_bytes ? 2 : 4; }
    // No dense kernel has larger arrays on the stack: a panel, or sums by taps, and a square of vectors.
    constexpr int kernel_stack_bytes() const { return panel_bytes + 2 * 1024; }
};

namespace targets {

// A machine without a vector unit, of which nothing else is known.
inline constexpr target scalar{.name = "scalar",
                               .float_lanes = 1,
                               .double_lanes = 1,
                               .vector_registers = 0,
                               .fused_multiply_add = false,
                               .scans_by_frames = true};

// It has no cache: all of its memory is equally near.
inline constexpr target cortex_m4{.name = "Cortex-M4",
                                  .float_lanes = 1,
                                  .double_lanes = 1,
                                  .vector_registers = 0,
                                  .fused_multiply_add = true,
                                  .l1_bytes = 256 * 1024,
                                  .l2_bytes = 256 * 1024,
                                  .row_block_bytes = 128 * 1024,
                                  .scans_by_frames = true};

inline constexpr target sse2{
    .name = "SSE2", .float_lanes = 4, .double_lanes = 2, .vector_registers = 16, .fused_multiply_add = false};
inline constexpr target avx{
    .name = "AVX", .float_lanes = 8, .double_lanes = 4, .vector_registers = 16, .fused_multiply_add = false};
inline constexpr target avx2{
    .name = "AVX2", .float_lanes = 8, .double_lanes = 4, .vector_registers = 16, .fused_multiply_add = true};
// What comes from the third level of the cache may gain nothing by registers of 512 bits: on a shared and loaded EPYC
// hand-written loops over 1024 x 1024 (the length of each row, then the row times a number) took 76 to 94 us by them,
// and 68 to 84 by 256 bits; weight_norm of that size took 80 and 71.
inline constexpr target avx512{
    .name = "AVX-512", .float_lanes = 16, .double_lanes = 8, .vector_registers = 32, .fused_multiply_add = true};

// Of AArch64.
inline constexpr target neon{
    .name = "NEON", .float_lanes = 4, .double_lanes = 2, .vector_registers = 32, .fused_multiply_add = true};
// Of 32-bit Arm: no vectors of doubles.
inline constexpr target neon32{
    .name = "NEON, 32 bits", .float_lanes = 4, .double_lanes = 1, .vector_registers = 16, .fused_multiply_add = true};

// Vectors of so many floats in plain C++ (compat/simd/lanes.hpp).
constexpr target generic(int lanes) {
    return {.name = "generic vectors",
            .float_lanes = lanes,
            .double_lanes = lanes / 2,
            .vector_registers = 16,
            .fused_multiply_add = false};
}

// clang mixes the instructions of vectors that are computed side by side, and runs out of registers sooner than g++,
// which leaves that to the processor; sums it leaves where they are.
constexpr target compiled_by_clang(target t) {
    t.four_vectors = 12;
    t.keeps_sums = false;
    return t;
}

namespace detail {

constexpr target host_machine() {
#if defined(PARAMORPH_GENERIC_SIMD)
    return generic(PARAMORPH_GENERIC_SIMD);
#elif defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
    return cortex_m4;
#elif defined(PARAMORPH_NO_SIMD)
    return scalar;
#elif defined(__AVX512F__)
    return avx512;
#elif defined(__AVX2__) && defined(__FMA__)
    return avx2;
#elif defined(__AVX__)
    return avx;
#elif defined(__SSE2__)
    return sse2;
#elif defined(__aarch64__) && defined(__ARM_NEON)
    return neon;
#elif defined(__ARM_NEON)
    return neon32;
#else
    return scalar;
#endif
}

}  // namespace detail

#ifdef __clang__
inline constexpr target host = compiled_by_clang(detail::host_machine());
#else
inline constexpr target host = detail::host_machine();
#endif

}  // namespace targets

}  // namespace paramorph::inline PARAMORPH_ABI
