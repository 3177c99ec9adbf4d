// The body of a loop: from the values that a step writes back to what is in memory, one instruction for each value and
// each way of reading it. A view is pushed down to the loads (an affine map from loop indices to addresses), a mask
// becomes a comparison of loop indices.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/graph/loop_space.hpp"
#include "paramorph/graph/steps.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

struct body_writer : loop_spaces {
    schedule& s;

    struct entry {
        std::uint64_t key, offsets;
        int generation, code;
    };
    entry in_step[max_values]{};
    entry table[4096]{};
    int generation = 0, entries = 0;  // in the table, of this generation
    course strided[1024][max_rank]{};
    int strided_count = 0;
    int low = 0, high = 0;  // where the masks of the body that is being written change

    struct request {
        int v;
        access_map at;
    };
    request stack[1024]{};

    constexpr body_writer(graph const& from, storage_assignment const& where, schedule& to)
        : loop_spaces{from, where}, s(to) {}

    // The body of step p, which runs in level `at`, for all of its space; for a masked step the middle one of three,
    // and where the others begin.
    constexpr void write(step& p, int at) {
        ++generation;
        entries = 0;
        low = 1 << 30;
        high = -low;
        body& b = p.bodies[middle];
        b.first = s.code_size;
        b.written = s.written_count;
        s.written_count += p.store_count;
        for (int k = 0; k < p.store_count; ++k) {
            destination const to = s.stores[p.first_store + k];
            s.written[b.written + k] = demand(to.kind == destination::output ? g.outputs[to.at] : looped(to.at), at);
        }
        b.last = s.code_size;
        if (b.last - b.first > 3000) refused::a_loop_holds_more_than_3000_operations_put_a_reshape_between_its_stages();
        p.masked = low < high;
        if (!p.masked) return;
        p.low = low;
        p.high = high;
    }

  private:
    // The instruction that computes a value in this body; arguments first. A stack of requests: user chains may be
    // longer than the compilers' limit on recursion.
    constexpr int demand(int wanted, int at) {
        int depth = 0;
        request const result{wanted, in_its_loop(wanted)};
        stack[depth++] = result;
        while (depth > 0) {
            request const r = stack[depth - 1];
            node const& n = g.producer_of(r.v);
            category const c = n.operation->kind;
            int const arity = n.operation->arity, before = depth;
            bool const from_memory =
                !is_fused(c) || (placed.kept(r.v) && placed.level[r.v] < at && c != category::constant);
            if (depth + max_arguments > 1024)
                refused::an_expression_is_nested_more_than_1024_deep_put_a_reshape_between_its_stages();
            codes code;
            for (int k = 0; k < arity && !from_memory; ++k) {
                request const q = placed.same_shape[g.values[r.v].producer] >> k & 1 ? request{n.argument[k], r.at}
                                                                                     : argument_of(n, r, k);
                code.of[k] = code_of(q);
                if (code.of[k] < 0) stack[depth++] = q;
            }
            if (depth > before) continue;
            --depth;
            if (code_of(r) < 0) remember(r, from_memory ? load(r) : compute(n, r, code));
        }
        return code_of(result);
    }
    struct codes {
        int of[max_arguments]{};
    };
    constexpr request argument_of(node const& n, request const& r, int k) const {
        int const a = n.argument[k];
        category const c = n.operation->kind;
        request q{a, c == category::view ? view_access(r.at, n.operation->view(g, n))
                                         : broadcast_access(r.at, g.shape_of(r.v), g.shape_of(a))};
        q.at.in_step = q.at.reads_as(in_its_loop(a));
        return q;
    }

    // As access_map::key; of a strided one, its place among those that differ.
    constexpr std::uint64_t key_of(request const& r) {
        if (!r.at.strided()) return r.at.key(r.v);
        int k = 0;
        while (k < strided_count && !(strided[k][0] == r.at.axis[0] && strided[k][1] == r.at.axis[1] &&
                                      strided[k][2] == r.at.axis[2] && strided[k][3] == r.at.axis[3]))
            ++k;
        if (k == 1024) refused::loops_read_in_more_than_1024_strided_ways_put_a_reshape_between_their_stages();
        if (k == strided_count) {
            for (int a = 0; a < max_rank; ++a) strided[k][a] = r.at.axis[a];
            ++strided_count;
        }
        return static_cast<std::uint64_t>(r.v) << 16 | 0x8000u | static_cast<unsigned>(k);
    }
    constexpr unsigned slot_of(request const& r, std::uint64_t key) const {
        std::uint64_t const offsets = r.at.offsets();
        unsigned slot = static_cast<unsigned>(((key ^ (offsets * 0x9E3779B97F4A7C15u)) * 0xBF58476D1CE4E5B9u) >> 52);
        while (table[slot].generation == generation && !(table[slot].key == key && table[slot].offsets == offsets))
            slot = (slot + 1) % 4096;
        return slot;
    }
    constexpr int code_of(request const& r) {
        return r.at.in_step ? (in_step[r.v].generation == generation ? in_step[r.v].code : -1) : code_elsewhere(r);
    }
    constexpr int code_elsewhere(request const& r) {
        entry const& e = table[slot_of(r, key_of(r))];
        return e.generation == generation ? e.code : -1;
    }
    constexpr void remember(request const& r, int code) {
        if (r.at.in_step)
            in_step[r.v] = {0, 0, generation, code};
        else if (++entries > 4000)
            refused::a_loop_reads_more_than_4000_values_through_views_put_a_reshape_between_its_stages();
        else {
            std::uint64_t const key = key_of(r);
            table[slot_of(r, key)] = {key, r.at.offsets(), generation, code};
        }
    }

    constexpr int load(request const& r) {
        extents const& e = g.shape_of(r.v);
        instruction i{};
        i.kind = instruction::load;
        i.source = r.v;
        int stride = 1;
        for (int k = e.rank - 1; k >= 0; --k) {
            if (is_strided(r.at.axis[k])) {
                for (int a = 0; a < max_rank; ++a) i.stride[a] += step_along(r.at.axis[k], a) * stride;
            } else if (r.at.axis[k] >= 0 && e.d[k] > 1)
                i.stride[r.at.axis[k]] += stride;
            i.offset += r.at.offset[k] * stride, stride *= e.d[k];
        }
        return s.append(i);
    }

    // sign * (column - row) >= bound, in loop indices.
    struct comparison {
        int sign, bound;
    };
    constexpr comparison compared(node const& n, access_map const& p, int rank) const {
        bool const diagonal = n.operation->kind == category::diagonal;
        int const k = diagonal ? n.attribute.v[2] : n.attribute.v[0], sign = diagonal ? 1 : n.attribute.v[1];
        int const shift = sign * (k + p.offset[rank - 2] - p.offset[rank - 1]);
        bool const swapped = p.axis[rank - 1] == 2 && p.axis[rank - 2] == 3;
        if (!swapped && !(p.axis[rank - 1] == 3 && p.axis[rank - 2] == 2))
            refused::a_mask_is_read_through_a_view_that_moves_its_axes();
        return diagonal ? comparison{1, swapped ? -shift : shift} : comparison{swapped ? -sign : sign, shift};
    }
    constexpr int compute(node const& n, request const& r, codes code) {
        category const c = n.operation->kind;
        if (c == category::constant) return s.append(numeric(n.number));
        if (c == category::view) return code.of[0];
        if (c == category::elementwise) {
            instruction i{};
            i.kind = instruction::apply;
            i.operation = n.operation;
            for (int k = 0; k < n.operation->arity; ++k) i.argument[k] = code.of[k];
            return s.append(i);
        }
        comparison const m = compared(n, r.at, g.shape_of(r.v).rank);
        int const left = c == category::diagonal || m.sign > 0 ? m.bound - 1 : -m.bound,
                  right = c == category::diagonal ? m.bound + 1 : left + 1;
        low = left < low ? left : low;
        high = right > high ? right : high;
        instruction i{};
        i.kind = c == category::diagonal ? instruction::diagonal : instruction::mask;
        i.operation = n.operation;
        i.argument[0] = code.of[0];
        i.sign = m.sign;
        i.bound = m.bound;
        return s.append(i);
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
