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
                           : x[i].kind == instruction::apply && x[i].operation->folds
                               ? folded_in_region(x[i], i)
                               : becomes{i, x[i].kind == instruction::number, false, x[i].constant, 0};
        for (int k = 0; k < p.store_count; ++k) now(s.written[from.written + k]).needed = true;
        for (int i = from.last - 1; i >= from.first; --i) {
            if (in_region[i].needed && !in_region[i].is_number && x[i].kind == instruction::apply)
                for (int k = 0; k < x[i].operation->arity; ++k) now(x[i].argument[k]).needed = true;
        }
        b.first = s.code_size;
        for (int i = from.first; i < from.last; ++i) {
            if (!in_region[i].needed) continue;
            in_region[i].moved = s.append(in_region[i].is_number ? numeric(in_region[i].number) : moved(x[i]));
        }
        b.last = s.code_size;
        b.written = s.written_count;
        s.written_count += p.store_count;
        for (int k = 0; k < p.store_count; ++k) s.written[b.written + k] = now(s.written[from.written + k]).moved;
    }

  private:
    constexpr becomes& now(int i) { return in_region[in_region[i].same_as]; }
    constexpr instruction moved(instruction x) {
        for (int k = 0; x.kind == instruction::apply && k < x.operation->arity; ++k)
            x.argument[k] = now(x.argument[k]).moved;
        return x;
    }
    constexpr becomes folded_in_region(instruction const& x, int i) const {
        known of[max_arguments]{};
        bool any = false;
        for (int k = 0; k < x.operation->arity; ++k) {
            becomes const& a = in_region[x.argument[k]];
            of[k] = {a.is_number, a.number};
            any = any || a.is_number;
        }
        folded const f = any ? x.operation->fold(of) : folded{};
        return f.kind == folded::argument ? in_region[x.argument[f.index]]
                                          : becomes{i, f.kind == folded::constant, false, f.number, 0};
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
