#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""Template instantiations of a recurrence and its gradient over 2 and over 1000 steps: the same within a tenth. A count that repeats exactly."""
import pathlib
import sys

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "tests/benchmark"))
import compile_cost  # noqa: E402

PROGRAM = """#include <paramorph/paramorph.hpp>
namespace pm = paramorph;
struct cell {
    constexpr auto operator()(auto h, auto x, auto w) const {
        auto const next = pm::tanh(pm::matmul(w, h) + x);
        return std::tuple{next, next};
    }
};
template <std::size_t... E>
using fixed = xt::xtensor_fixed<float, xt::xshape<E...>>;
float value(fixed<8> const& h, fixed<STEPS, 8> const& xs, fixed<8, 8> const& w) {
    auto const f = pm::value_and_grad([](auto h0, auto inputs, auto weight) {
        auto const [last, ys] = pm::scan(cell{}, h0, inputs, weight);
        return pm::sum(pm::square(ys)) + pm::sum(last);
    });
    return f(h, xs, w).value;
}
"""

counts = {steps: compile_cost.instantiations(PROGRAM.replace("STEPS", str(steps)), str(root / "include")) for steps in (2, 1000)}
print(f"instantiations by steps: {counts}; bar: 1.1 of those of 2 steps")
sys.exit(0 if counts[1000] <= 1.1 * counts[2] else 1)
