// Mirroring: what a fused loop over a square matrix computes for an element and for its mirror image, as one body. A
// value that is read transposed after it was computed is the value that the mirror image computes, so that each is
// computed once.
//
//   pair_up   off the diagonal: the body above it, and the body below it as it is seen from above: loads read
//             transposed what they read straight, and vice versa. Equal instructions are one; what the mirror image
//             stores is transposed when it is stored.
//   cross     on the diagonal, where a tile is its own mirror image: first what is read from the other side is computed
//             and transposed, then the rest of the body reads it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <utility>

#include "paramorph/core/target.hpp"
#include "paramorph/graph/steps.hpp"

namespace paramorph::inline PARAMORPH_ABI::ir {

// Instructions that count their arguments from the first of them.
template <int Capacity>
struct instruction_list {
    instruction at[Capacity == 0 ? 1 : Capacity];
    int size;
};

// `here` and `there`: what store k writes at an element and, transposed, at its mirror image.
template <int Capacity, int Stores>
struct pair_code {
    instruction_list<Capacity> code;
    int here[Stores], there[Stores];
    int arithmetic;   // what `code` computes costs
    bool pays;        // all in all, against the two bodies one after the other
    bool everywhere;  // in all of a matrix beyond the first cache: where arithmetic takes the time, to read everything
                      // once is worth more than to write from left to right
};

// `before` computes the values that are kept: `kept[n]` of its instructions. In `after` a load from source -1 - 2 n
// reads such a value, one from source -2 - 2 n its mirror image; `written[k]` of its instructions is what store k
// writes.
template <int Capacity, int Stores>
struct crossing_code {
    instruction_list<Capacity> before, after;
    int kept[Capacity == 0 ? 1 : Capacity], written[Stores];
    bool straight[Capacity == 0 ? 1 : Capacity], mirrored[Capacity == 0 ? 1 : Capacity];
    int kept_count;
};

}  // namespace paramorph::inline PARAMORPH_ABI::ir

namespace paramorph::inline PARAMORPH_ABI::detail {

// The instruction whose value at (column, row) is that of `x` at (row, column), but for its arguments.
constexpr instruction mirrored(instruction x) {
    int const down = x.stride[2];
    x.stride[2] = x.stride[3];
    x.stride[3] = down;
    x.sign = -x.sign;
    x.bound = x.kind == instruction::diagonal ? -x.bound : x.bound;
    return x;
}

// Costs in units of a vector addition, as in assign_storage.hpp.
constexpr int cost_of(instruction const& x, target const& machine) {
    return x.kind == instruction::number  ? 0
           : x.kind == instruction::apply ? x.operation->cost
           : !x.transposed()              ? 1
           : x.stride[2] == 1             ? machine.transposed_cost
                                          : 2 * machine.transposed_cost;
}

// A list in which equal instructions are one; an open-addressing hash, few statements for each.
template <int Capacity>
struct numbering {
    static constexpr unsigned slots = std::bit_ceil(2u * (Capacity + 1));
    instruction_list<Capacity> list{};
    std::int16_t table[slots]{};

    // The instruction `x`, its arguments being `numbers` of theirs, as they count from `first`.
    constexpr int number(instruction x, int first, int const* numbers) {
        bool const apply = x.kind == instruction::apply;
        int const arity = argument_count(x);
        for (int k = 0; k < max_arguments; ++k) x.argument[k] = k < arity ? numbers[x.argument[k] - first] : 0;
        if (apply && x.operation->commutes && x.argument[1] < x.argument[0]) std::swap(x.argument[0], x.argument[1]);
        unsigned slot = slot_of(x, apply);
        while (table[slot] != 0 && !same(list.at[table[slot] - 1], x, apply)) slot = (slot + 1) % slots;
        if (table[slot] == 0) {
            list.at[list.size++] = x;
            table[slot] = static_cast<std::int16_t>(list.size);
        }
        return table[slot] - 1;
    }

  private:
    static constexpr unsigned slot_of(instruction const& x, bool apply) {
        std::uint64_t const what = apply ? x.operation->id.hash() : std::bit_cast<std::uint64_t>(x.constant) ^ x.kind;
        std::uint64_t const where =
            static_cast<std::uint64_t>(x.argument[0]) ^ static_cast<std::uint64_t>(x.argument[1]) << 16 ^
            static_cast<std::uint64_t>(x.argument[2]) << 32 ^ static_cast<std::uint64_t>(x.source) << 48 ^
            static_cast<std::uint64_t>(x.offset + 3 * x.stride[2] + 5 * x.sign + 7 * x.bound);
        std::uint64_t const h = (what ^ where * 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;
        return static_cast<unsigned>(h >> 40) % slots;
    }
    static constexpr bool same(instruction const& a, instruction const& b, bool apply) {
        for (int k = 0; k < max_arguments; ++k)
            if (a.argument[k] != b.argument[k]) return false;
        return a.kind == b.kind &&
               (apply ? a.operation->id == b.operation->id
                      : a.source == b.source && a.offset == b.offset && a.sign == b.sign && a.bound == b.bound &&
                            a.stride[0] == b.stride[0] && a.stride[1] == b.stride[1] && a.stride[2] == b.stride[2] &&
                            a.stride[3] == b.stride[3] &&
                            std::bit_cast<std::uint64_t>(a.constant) == std::bit_cast<std::uint64_t>(b.constant));
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::ir {

// Of step `p`; Capacity: the instructions of both bodies. They are in turn of one and of the other: two chains that do
// not wait for each other keep a processor busier than one.
template <int Capacity, int Stores>
constexpr pair_code<Capacity, Stores> pair_up(schedule const& s, step const& p, target const& machine) {
    detail::numbering<Capacity> all;
    pair_code<Capacity, Stores> pair{};
    int apart = 0, together = 0;
    body const of[2]{p.bodies[p.masked ? above : middle], p.bodies[p.masked ? below : middle]};
    int number[2][Capacity]{};
    for (int i = 0; of[0].first + i < of[0].last || of[1].first + i < of[1].last; ++i)
        for (int side = 0; side < 2; ++side) {
            if (of[side].first + i >= of[side].last) continue;
            instruction const& x = s.code[of[side].first + i];
            number[side][i] = all.number(side == 0 ? x : detail::mirrored(x), of[side].first, number[side]);
            apart += detail::cost_of(x, machine);
        }
    for (int side = 0; side < 2; ++side)
        for (int k = 0; k < p.store_count; ++k) {
            int const w = number[side][s.written[of[side].written + k] - of[side].first];
            (side == 0 ? pair.here : pair.there)[k] = w;
            bool const transposed = side == 1 && all.list.at[w].kind != instruction::number;
            apart += 1;
            together += transposed ? machine.transposed_cost : 1;
        }
    pair.code = all.list;
    for (int i = 0; i < all.list.size; ++i) {
        instruction const& x = all.list.at[i];
        together += detail::cost_of(x, machine);
        pair.arithmetic += x.kind == instruction::apply ? x.operation->cost : 0;
    }
    pair.pays = together <= apart;
    pair.everywhere = pair.pays && pair.arithmetic >= machine.arithmetic_bound;
    return pair;
}

// Of step `p`; Capacity: twice the instructions of its middle body. A value is taken from its mirror image where
// computing it costs more than to transpose it.
template <int Capacity, int Stores>
constexpr crossing_code<Capacity, Stores> cross(schedule const& s, step const& p, target const& machine) {
    constexpr int half = Capacity / 2;
    body const b = p.bodies[middle];
    int const size = b.last - b.first;
    detail::numbering<Capacity> all;
    int here[half]{}, there[half]{}, at[Capacity]{}, cost[half]{};
    for (int i = 0; i < size; ++i) {
        instruction const& x = s.code[b.first + i];
        here[i] = all.number(x, b.first, here);
        at[here[i]] = i + 1;
        int sum = detail::cost_of(x, machine);
        for (int k = 0; k < argument_count(x); ++k) sum += cost[x.argument[k] - b.first];
        cost[i] = sum < 1000 ? sum : 1000;
    }
    for (int i = 0; i < size; ++i) there[i] = all.number(detail::mirrored(s.code[b.first + i]), b.first, there);

    crossing_code<Capacity, Stores> c{};
    // From the stores back to the loads: what is needed before, and after, what was kept is transposed; where it is
    // kept.
    bool before[half]{}, after[half]{};
    int kept[half]{}, from_there[half]{}, from_here[half]{};
    auto const keep = [&](int i) {
        before[i] = true;
        if (kept[i] == 0) kept[i] = ++c.kept_count;
        return kept[i];
    };
    for (int k = 0; k < p.store_count; ++k) after[s.written[b.written + k] - b.first] = true;
    for (int i = size - 1; i >= 0; --i) {
        instruction const& x = s.code[b.first + i];
        int const image = at[there[i]] - 1;
        if (after[i] && image >= 0 && image < i && cost[i] > 3 * machine.transposed_cost)
            from_there[i] = keep(image);
        else if (after[i] && before[i] && cost[i] > machine.transposed_cost)
            from_here[i] = keep(i);
        for (int k = 0; k < argument_count(x); ++k) {
            int const a = x.argument[k] - b.first;
            before[a] = before[a] || before[i];
            after[a] = after[a] || (after[i] && from_there[i] == 0 && from_here[i] == 0);
        }
    }
    int number_before[half]{}, number_after[half]{};
    for (int i = 0; i < size; ++i) {
        instruction x = s.code[b.first + i];
        auto const put = [&](instruction_list<Capacity>& to, int const(&number)[half]) {
            instruction y = x;
            if (y.kind == instruction::apply || y.kind == instruction::mask)
                for (int& a : y.argument) a = a < b.first ? 0 : number[a - b.first];
            to.at[to.size] = y;
            return to.size++;
        };
        if (before[i]) number_before[i] = put(c.before, number_before);
        if (kept[i] != 0) c.kept[kept[i] - 1] = number_before[i];
        if (!after[i]) continue;
        if (from_there[i] != 0 || from_here[i] != 0) {
            int const slot = (from_there[i] != 0 ? from_there[i] : from_here[i]) - 1;
            (from_there[i] != 0 ? c.mirrored : c.straight)[slot] = true;
            x = {
                instruction::load, nullptr, {}, -1 - 2 * slot - (from_there[i] != 0 ? 1 : 0), 0, {0, 0, 0, 1}, 0, 0, 0};
        }
        number_after[i] = put(c.after, number_after);
    }
    for (int k = 0; k < p.store_count; ++k) c.written[k] = number_after[s.written[b.written + k] - b.first];
    return c;
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir
