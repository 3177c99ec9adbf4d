// Choices in a loop's body: `where` whose condition is a comparison chooses by the comparison itself, of which no
// number is made; and what is x above 0, else a part of x, a number up to 1 times it, is the larger of the two. The
// values are the same, also of what is not finite: that number is not so small that it could become 0.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/kernel/code.hpp"
#include "paramorph/op/compare.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/where.hpp"

namespace paramorph::inline PARAMORPH_ABI::kernel {

enum class choice { none, plain, by_comparison, larger };

// What instruction i of a body is.
template <class Code>
constexpr choice choice_at(int i) {
    instruction const x = Code::at(i);
    auto const applies = [](instruction const& a, operation_id id) {
        return a.kind == instruction::apply && a.operation->id == id;
    };
    if (!applies(x, id_of<op::where>)) return choice::none;
    instruction const condition = Code::at(x.argument[0] - Code::first), y = Code::at(x.argument[2] - Code::first);
    if (applies(condition, id_of<op::greater>) && applies(y, id_of<op::multiply>) &&
        condition.argument[0] == x.argument[1]) {
        instruction const bound = Code::at(condition.argument[1] - Code::first);
        for (int k = 0; k < 2; ++k)
            if (instruction const by = Code::at(y.argument[k] - Code::first);
                bound.kind == instruction::number && bound.constant == 0 && by.kind == instruction::number &&
                by.constant > 0x1p-100 && by.constant <= 1 && y.argument[1 - k] == x.argument[1])
                return choice::larger;
    }
    for (auto const id : {id_of<op::greater>, id_of<op::greater_equal>, id_of<op::equal>, id_of<op::not_equal>})
        if (applies(condition, id)) return choice::by_comparison;
    return choice::plain;
}

// Instruction I on the values of those before it.
template <class C, class Code, int I, class M, class V>
[[gnu::always_inline]] inline V chosen(V const* values) noexcept {
    constexpr instruction x = Code::at(I), condition = Code::at(x.argument[0] - Code::first);
    V const a = values[x.argument[1] - Code::first], b = values[x.argument[2] - Code::first];
    if constexpr (choice_at<Code>(I) == choice::larger)
        return M::max(a, b);
    else {
        using by = typename find_operation<typename C::operations, condition.operation->id.object>::type;
        return M::where(
            by::holds(values[condition.argument[0] - Code::first], values[condition.argument[1] - Code::first]), a, b);
    }
}

}  // namespace paramorph::inline PARAMORPH_ABI::kernel
