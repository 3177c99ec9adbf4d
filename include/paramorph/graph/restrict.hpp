// Regions of a masked loop: its body where every mask is known, below or above the masked diagonals. Zeros fold, and
// what nobody needs any more is left out.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/steps.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Few statements, and no loops over arguments: compilers limit the statements of a constant evaluation, and large
// programs have many bodies.
struct restriction {
    // What instruction k of the middle body becomes.
    struct becomes {
        int same_as;  // an instruction of the middle body
        bool is_number, needed;
        double number;
        int moved;
    };
    becomes in_region[max_instructions]{};

    // Appends the body of region `where` to the schedule.
    constexpr void to(region where, schedule& s, step& p) {
        body const from = p.bodies[middle];
        body& b = p.bodies[where];
        instruction const* const x = s.code;
        int const passing = where == above ? 1 : -1;  // the sign of masks that keep everything here
        for (int i = from.first; i < from.last; ++i)
            in_region[i] = x[i].kind == instruction::mask && x[i].sign == passing ? in_region[x[i].argument[0]]
                           : x[i].kind == instruction::mask || x[i].kind == instruction::diagonal
                               ? becomes{i, true, false, 0, 0}
                           : x[i].kind == instruction::apply && x[i].operation->folds &&
                                   (in_region[x[i].argument[0]].is_number || in_region[x[i].argument[1]].is_number)
                               ? folded_in_region(x[i], i)
                               : becomes{i, x[i].kind == instruction::number, false, x[i].constant, 0};
        for (int k = 0; k < p.store_count; ++k) now(s.written[from.written + k]).needed = true;
        for (int i = from.last - 1; i >= from.first; --i) {
            int const(&a)[max_arguments] = x[i].argument;
            if (in_region[i].needed && !in_region[i].is_number && x[i].kind == instruction::apply)
                now(a[0]).needed = now(a[1]).needed = now(a[2]).needed = now(a[3]).needed = true;
        }
        b.first = s.code_size;
        for (int i = from.first; i < from.last; ++i) {
            if (!in_region[i].needed) continue;
            int const(&a)[max_arguments] = x[i].argument;
            in_region[i].moved = in_region[i].is_number ? s.append(numeric(in_region[i].number))
                                 : x[i].kind != instruction::apply
                                     ? s.append(x[i])
                                     : s.append(applied(x[i].operation, now(a[0]).moved, now(a[1]).moved,
                                                        now(a[2]).moved, now(a[3]).moved));
        }
        b.last = s.code_size;
        b.written = s.written_count;
        s.written_count += p.store_count;
        for (int k = 0; k < p.store_count; ++k) s.written[b.written + k] = now(s.written[from.written + k]).moved;
    }

  private:
    constexpr becomes& now(int i) { return in_region[in_region[i].same_as]; }
    constexpr becomes folded_in_region(instruction const& x, int i) const {
        int const(&a)[max_arguments] = x.argument;
        known const k[max_arguments]{{in_region[a[0]].is_number, in_region[a[0]].number},
                                     {in_region[a[1]].is_number, in_region[a[1]].number},
                                     {in_region[a[2]].is_number, in_region[a[2]].number},
                                     {in_region[a[3]].is_number, in_region[a[3]].number}};
        folded const f = x.operation->fold(k);
        return f.kind == folded::argument ? in_region[a[f.index]]
                                          : becomes{i, f.kind == folded::constant, false, f.number, 0};
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
