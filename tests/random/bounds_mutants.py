"""Rules of bounds broken on purpose: each of MUTANTS must be noticed by bounds_mutants.cpp.

A copy of the headers gets every wrong expression beside the right one, `mutated(N) ? wrong : right`, is compiled once, and run
once for each number; 0, without any, must find nothing. A mutant is written as the header's text, with the expression between
« and », and what stands there instead. `bounds_mutants.py COMPILER...` prints the score and what was not noticed.
SPDX-License-Identifier: BSL-1.0
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]

# fmt: off
MUTANTS = {
    "interval": [
        ("bool const exact_enough = «Up ? lacks <= 0 : lacks >= 0»;", "true"),
        ("return «not_below<T>(x)»;", "not_above<T>(x)"),
        ("return «not_above<T>(x)»;", "not_below<T>(x)"),
        ("return «sure ? settled_bound<T, Up>(p, lacks) : next_double(p, Up)»;", "p"),
        ("if (q == rounded_outwards<T, Up>(q) && q * b == a) return q;\n    return rounded_outwards<T, Up>(«next_double(q, Up)»);", "q"),
        ("if (r == rounded_outwards<T, Up>(r) && r * r == x) return r;\n    return rounded_outwards<T, Up>(«next_double(r, Up)»);", "r"),
        ("if (a.lo >= 0 && b.lo >= 0) return {down(a.lo, b.lo), «up(a.hi, b.hi)», nan};", "up(a.lo, b.hi)"),
    ],
    "range_math": [
        ("x.hi < at - 1e-8 ? b : x.lo > at + 1e-8 ? a : «least»;", "math::min(a, b)"),
        ("«holds(crest) ? 1 : math::max(a, b)»,", "math::max(a, b)"),
    ],
    "range_rules": [
        ("double const low = at(«length.hi», share.hi", "length.lo"),
        ("high = at(length.lo, share.lo, «epsilon.lo») * (1 + off);", "4 * epsilon.lo"),
    ],
    "range_softmax": [
        ("y = «hull(y, column[k * step])»;", "y"),
        ("(1 + (terms + 64) * 2 * unit) / math::sqrt(«share»)", "1.2 * share"),
        ("both_of = hull(at(a)[e], «at(b)[e]»);", "at(a)[e]"),
        ("if (!(t.lo >= 0 && «t.hi <= 1») || t.nan", "true"),
    ],
    "range_sums": [
        ("double const error = «size * (relative * (1 + 0x1p-20)) + n * least»;", "0.0"),
        ("double low = «a < b ? a : b», high", "a"),
    ],
    "lines": [
        ("found.low_at = «least»;", "least + 0.01"),
        ("found.high_at = «most»;", "most - 0.01"),
        ("return {true, 2 * middle, «-middle * middle - off»,", "-l * u"),
        ("slope, «-(l * u) + off + 0x1p-1060»,", "-middle * middle"),
        ("if (l <= x + margin && x - margin <= u) largest = «math::max(largest, most + off)»;", "largest"),
        ("if (l <= -x + margin && -x - margin <= u) least = «math::min(least, -most - off)»;", "least"),
        ("t.high_slope / «4», t.high_at", "4.1"),
        ("p.slack = «curvature * h * h / 8 * (1 + 0x1p-10)»;", "-curvature * h * h / 8"),
        ("p.add(l, -l);\n    p.add(0, «0»);", "0.05"),
        ("if (l < low) p.add(low, «low»);", "low + 0.05"),
    ],
    "line_rules": [
        ("return lines_of_clamp(l, u, «0», math::infinity);", "0.01"),
        ("return «lines::exact(-1)»;", "lines::exact(-0.99)"),
        ("lines r = lines::exact(«x[1 - k].lo»);", "x[1 - k].lo * 0.99"),
    ],
    "curve_lines": [
        ("double const ends = «math::min(a, b)»;", "math::max(math::min(a, b), known)"),
        ("if (falls >= 0 || rises <= 0) return «ends»;", "math::max(a, b)"),
        ("(rises / sum) * a + (-falls / sum) * b - «drop * (1 + 0x1p-40)»;", "0.0"),
        ("r.between.absolute = «c.error_»;", "0.0"),
    ],
    "slope_math": [
        ("r.hi <= 0 ? range(-1) : «range{-1, 1}»;", "range(1)"),
        ("return of(x, R::exp(x.value), «R::exp(r)», graded);", "range(1)"),
        ("return of(x, R::sin(x.value), «R::cos(x.computed())», accurate);", "-R::cos(x.computed())"),
        ("return {y, «times(a.slope, b.value) + times(b.slope, a.value)», rounded(y, off)};", "times(a.slope, b.value)"),
        ("return r.lo > 0 ? of(x, R::log(x.value), «range(1) / r», accurate)", "range(1)"),
        ("of(x, R::rsqrt(x.value), «-half_over(r * R::sqrt(r))», accurate);", "half_over(r * R::sqrt(r))"),
        ("return {math::max(f(«far») - off, 0.0)", "near"),
        ("return {hull(a.value, b.value), «range::everything(false)»,", "hull(a.slope, b.slope)"),
        ("if (a.open || b.open) return {«x.lo < y.hi || meet(x, y)», x.hi > y.lo || meet(x, y)};", "x.lo < y.hi"),
        ("range const y{«math::max(a.value.lo, b.value.lo)», math::max(a.value.hi, b.value.hi)};", "math::max(a.value.lo, b.value.hi)"),
    ],
    "plane_rules": [
        ("gap = «(x_.hi / 2 - x_.lo / 2) * (high / 2 - low / 2)»;", "0.0"),
        ("plane const tangent{0, «-1 / (m * m)», 2 / m}", "-0.8 / (m * m)"),
        ("{low, x_.lo, «-x_.lo * low»}", "-x_.lo * high"),
        ("return {1 - s, s, «s * l»};", "0.0"),
        ("if («x_.lo >= y_.hi») return {true, {1, 0, 0}", "x_.lo >= y_.lo"),
    ],
    "affine_joint": [
        ("gap += «radius_of(x) * radius_of(y)»;", "0.0"),
        ("related(n)[e].high.at -= «x.lo * x.hi»;", "m * m"),
        ("bool const wins = «end(f) >= most.data[e]»;", "true"),
        ("+ ends / chords - «1» + off;", "1.1"),
        ("of_row.low.at = «log_sum - off»;", "log_sum + 0.05"),
        ("r.high.second = «chord(e) / chords»;", "0.9 * chord(e) / chords"),
        ("r.low.at = «middle * (1 - m)»", "middle * (1.1 - m)"),
        ("of_sum -= «slope»;", "0.9 * slope"),
    ],
    "affine_sums": [
        ("constexpr side const& below(double a) const { return «a > 0 ? low : high»; }", "a > 0 ? high : low"),
        ("return («size * (relative + rounding_of_coefficients(v)) + (n + 2) * least_of<T>»)", "0.0"),
        ("bool const wins = «at(v)[best].lo >= most»;", "true"),
        ("errors(n)[to] = («error_of_sum(size, w.elements + 8, v) + size * 0x1p-50»)", "0.0"),
    ],
    "affine_relations": [
        ("return sum - «(magnitude * (terms * 0x1p-53) + error) * (1 + 0x1p-20)» - 0x1p-780;", "0.0"),
        ("double off = («rounds(n) ? at(n.first)[e].size() * unit_of<T> + least_of<T> : 0»)", "0.0"),
        ("(«l.relative * at(n.first)[e].size() + l.absolute» +", "0.0"),
        ("if (is<op::maximum>(v)) return «of.maximum()»;", "of.minimum()"),
        ("return is<op::where>(v) ? «of.either()» : planes{};", "of.maximum()"),
    ],
    "affine_walk": [
        ("relation::side const& side = «a > 0 ? r.low : r.high»;", "a > 0 ? r.high : r.low"),
        ("sum.error += «size * errors[e]»;", "0.0"),
        ("double const end = «a > 0 ? x[e].lo : x[e].hi»;", "x[e].hi"),
        ("to[from + k * apart] += c[e] / «w.count»;", "(w.count + 1)"),
        ("to[x] += c[e] * «at(n.argument[1])[w].lo»;", "at(n.argument[1])[w].lo * 1.01"),
    ],
    "bounds": [
        ("walk.add(v, i, «-1»);", "-0.5"),
    ],
}
# fmt: on
DECLARED = "#include <type_traits>\nextern int mutant;\nconstexpr bool mutated(int n) { return !std::is_constant_evaluated() && mutant == n; }\n"


def broken(text, mutants, number):
    for where, wrong in mutants:
        before, right, after = re.fullmatch("(.*)«(.*)»(.*)", where, re.DOTALL).groups()
        if text.count(before + right + after) != 1:
            sys.exit(f"not once in the header: {before + right + after}")
        text = text.replace(before + right + after, f"{before}(mutated({number}) ? ({wrong}) : ({right})){after}")
        number += 1
    return text


def main():
    compiler = sys.argv[1:] or ["g++"]
    names, number = [""], 1
    with tempfile.TemporaryDirectory() as folder:
        include = pathlib.Path(folder) / "include"
        shutil.copytree(root / "include", include)
        (include / "mutated.hpp").write_text(DECLARED)
        for header, mutants in MUTANTS.items():
            file = include / f"paramorph/prove/{header}.hpp"
            file.write_text(broken(file.read_text(), mutants, number))
            names += [f"{header}: {where} -> {wrong}" for where, wrong in mutants]
            number += len(mutants)
        program = f"{folder}/mutants"
        flags = ["-std=c++20", "-O1", f"-I{include}", "-include", "mutated.hpp", "-o", program]
        subprocess.run([*compiler, *flags, str(root / "tests/random/bounds_mutants.cpp")], check=True)
        found = [subprocess.run([program, str(k)], capture_output=True).returncode for k in range(number)]
    missed = [name for name, status in zip(names[1:], found[1:]) if status == 0]
    for name in missed:
        print(f"not noticed: {name}")
    print(f"rules of bounds: {number - 1 - len(missed)} of {number - 1} mutants noticed; none: {'nothing' if found[0] == 0 else 'something'} found")
    return 1 if missed or found[0] != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
