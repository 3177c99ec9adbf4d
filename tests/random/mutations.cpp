// Are the checks of random graphs good enough? Every derivative rule, every rule of simplify, the schedule and the
// memory plan are broken on purpose, one way at a time (a mutant); random graphs must notice each. Prints the score and
// the mutants that were not noticed; anything below 100 % fails.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <functional>
#include <string_view>

#include "checks.hpp"

namespace {

using namespace random_graphs;

// A mutant survives if it altered this many programs, or as many as the seeds give, and none was found wrong. It is no
// mutant at all if so many programs are not altered by it.
constexpr int altered_graphs = 400, unaltered_graphs = 120;
constexpr int seeds = 100'000;
constexpr limits small{.nodes_low = 5, .nodes_high = 25};

// Alterations of a rule's part that leave it right, and why: a node of operation `part` in the rule of `rule`, of what
// `operand` makes.
struct equivalent {
    std::string_view rule, part, operand;
    int change;
    char const* reason;
};
constexpr equivalent known_equivalents[]{
    {"relu", "greater", "relu", 0, "the result of relu is positive exactly where it is not zero"},
    {"pick", "where", "", 1, "its shape is that of the cotangent only where there is one class, whose indicator is 1"},
    {"silu", "where", "", 1, "they differ at infinity only"},
    {"gelu", "where", "", 1, "they differ at infinity only"},
    {"root_of_squares", "where", "", 1, "they differ at zero only, where no argument is drawn"},
    {"along", "scale_apart", "", 0, "what is multiplied by a number there was divided by it; zero is not drawn"},
    {"along", "scale_apart", "", 1, "they differ only where a row's number does not fit; unit/op_lengths has these"},
    {"along", "scale_apart", "", 2, "they differ only where a row's number does not fit; unit/op_lengths has these"},
    {"along", "divide", "", 0, "the scale apart is 1 but where a row's number does not fit; unit/op_lengths has these"},
    {"along", "scaled_apart", "", 0, "the scale is 1 but of subnormal and huge rows; unit/op_lengths has these"},
    {"along", "scaled_apart", "", 2, "it is a product"},
    {"over_length", "scaled_apart", "", 0, "the scale is 1 but of subnormal and huge rows; unit/op_lengths has these"},
    {"length", "scaled_apart", "", 0, "the scale is 1 but of subnormal and huge rows; unit/op_lengths has these"},
    {"length", "scaled_apart", "", 2, "it is a product"},
    {"scaled_apart", "scaled_apart", "", 2, "it is a product"},
    {"svd", "require", "", 0, "it hands its first argument on, and refuses what is not drawn"},
    {"svd", "require", "", 1, "it hands its first argument on, which is its second, too"},
    {"svd", "multiply", "identity", 1, "their shapes agree only where there is one singular value"},
    {"svd", "subtract", "unsqueeze", 0, "their shapes agree only where there is one singular value: nothing turns"},
    {"svd", "subtract", "unsqueeze", 1, "their shapes agree only where there is one singular value: nothing turns"},
    {"svd", "add", "add", 0, "on the diagonal, what is divided by the sum of two singular values is zero"},
    {"eigh", "matmul", "matmul", 2, "what stands between v and its transpose is symmetric"},
    {"eigh", "multiply", "slice", 1, "it is 1 but at the ends of the range; unit/op_factorizations_ends has these"},
    {"eigh", "require", "", 0, "it hands its first argument on, and refuses what is not drawn"},
    {"eigh", "require", "", 1, "it hands its first argument on, which is its second, too"},
    {"qr", "minimum", "", 0, "both are 1 but at the ends of the range; unit/op_factorizations_ends has these"},
    {"qr", "minimum", "", 1, "both are 1 but at the ends of the range; unit/op_factorizations_ends has these"},
    {"qr", "multiply", "fitting_scale", 1,
     "it is 1 but at the ends of the range; unit/op_factorizations_ends has these"},
    {"qr", "multiply", "minimum", 1, "it is 1 but at the ends of the range; unit/op_factorizations_ends has these"},
    {"qr", "multiply", "slice", 1, "it is 1 but at the ends of the range; unit/op_factorizations_ends has these"},
    {"eigh", "multiply", "identity", 1, "their shapes agree only where there is one eigenvalue"},
    {"cholesky", "transpose", "triangle", 0, "a symmetric matrix meets the symmetric part of its adjoint only"},
};

// What the wrong rules know: rules are plain functions.
struct target {
    pm::ir::descriptor const* original = nullptr;
    int way = 0, argument = 0;
    bool changed = false;  // the rule has answered something else than the right one
    std::string of = {};   // the operation of the altered part, and of what it takes
} now;

bool reduces_to(pm::extents const& from, pm::extents const& to) {
    return pm::broadcast(from, to) == from;
}

// --- derivative rules ---------------------------------------------------------------------------------------------

enum way : int { doubled, negated, nearly, dropped, swapped, cotangent_alone, result_ignored, part, ways = part + 24 };

std::string name_of(int w) {
    constexpr char const* names[]{"doubled",
                                  "negated",
                                  "off by a thousandth",
                                  "dropped",
                                  "answers exchanged",
                                  "the cotangent alone",
                                  "a result's cotangent ignored"};
    if (w < part) return names[w];
    constexpr char const* changes[]{"its first argument instead", "its second argument instead", "arguments exchanged"};
    return "node " + std::to_string((w - part) / 3) + " of the rule: " + changes[(w - part) % 3];
}

bool commutes(pm::ir::descriptor const& op) {
    return op.id == pm::id_of<op::add> || op.id == pm::id_of<op::multiply> || op.id == pm::id_of<op::equal>;
}

// With the same shape for argument and result these only hand on what they are given.
bool may_be_the_identity(pm::ir::descriptor const& op) {
    for (pm::ir::descriptor const* o :
         {&pm::ir::describe<op::reshape>, &pm::ir::describe<op::unsqueeze>, &pm::ir::describe<op::slice>,
          &pm::ir::describe<op::pad>, &pm::ir::describe<op::broadcast_to>, &pm::ir::describe<op::reduce_to>,
          &pm::ir::describe<op::unpacked>})
        if (op.id == o->id) return true;
    return false;
}
bool known_to_be_right(pm::ir::graph const& g, pm::ir::descriptor const& rule, pm::ir::node const& part, int change) {
    for (equivalent const& e : known_equivalents)
        if (rule.name == e.rule && part.operation->name == e.part && change == e.change &&
            (e.operand.empty() || g.producer_of(part.argument[0]).operation->name == e.operand))
            return true;
    return false;
}

// The rule's nodes again, one of them altered.
void derive_with_altered_part(pm::ir::graph& g, pm::ir::node const& n, pm::adjoint& a) {
    int const before = g.size, which = (now.way - part) / 3, change = (now.way - part) % 3;
    now.original->derive(g, n, a);
    // One element is combined with no other: whatever cancels in the rule of a maximum cancels here.
    if (n.operation->kind == pm::category::reduction && g.shape_of(n.first).size() == g.shape_of(n.argument[0]).size())
        return;
    int const after = g.size;
    if (before + which >= after) return;
    std::vector<int> moved(static_cast<std::size_t>(g.value_count));
    for (int v = 0; v < g.value_count; ++v) moved[static_cast<std::size_t>(v)] = v;
    for (int i = before + which; i < after; ++i) {
        pm::ir::node m = g.nodes[i];
        int const own = m.first;
        for (int k = 0; k < m.operation->arity; ++k) m.argument[k] = moved[static_cast<std::size_t>(m.argument[k])];
        int instead = -1;
        if (i == before + which) {
            auto const alike = [&](int x, int y) { return g.shape_of(x) == g.shape_of(y); };
            if (m.operation->arity == 0 || m.operation->results > 1) return;
            if (known_to_be_right(g, *now.original, m, change)) return;
            if (change < 2 && change < m.operation->arity && !may_be_the_identity(*m.operation) &&
                alike(m.argument[change], own))
                instead = m.argument[change];
            else if (change == 2 && m.operation->arity == 2 && g.shape_of(own).size() > 1 && !commutes(*m.operation) &&
                     alike(m.argument[0], m.argument[1]) && alike(m.argument[0], own))
                std::swap(m.argument[0], m.argument[1]);
            else
                return;
            now.of = g.nodes[i].operation->name;
            for (int k = 0; k < m.operation->arity; ++k)
                now.of.append(k == 0 ? " of " : ", ").append(g.producer_of(g.nodes[i].argument[k]).operation->name);
        }
        int const first = instead >= 0 ? instead : g.push(m);
        for (int r = 0; r < m.operation->results; ++r) moved[static_cast<std::size_t>(own + r)] = first + r;
    }
    for (int& v : a.of_argument)
        if (v >= 0 && moved[static_cast<std::size_t>(v)] != v)
            v = moved[static_cast<std::size_t>(v)], now.changed = true;
}

// The cotangent of a result is left out, where another result has one.
void derive_without_cotangent(pm::ir::graph& g, pm::ir::node const& n, pm::adjoint& a) {
    pm::adjoint right = a;
    now.original->derive(g, n, right);
    bool another = false;
    for (int r = 0; r < n.operation->results; ++r) another = another || (r != now.argument && a.cotangent[r] >= 0);
    if (!another || a.cotangent[now.argument] < 0) {
        a = right;
        return;
    }
    a.cotangent[now.argument] = -1;
    now.original->derive(g, n, a);
    now.changed = now.changed || !std::ranges::equal(a.of_argument, right.of_argument);
}

void wrong_derivative(pm::ir::graph& g, pm::ir::node const& n, pm::adjoint& a) {
    if (now.way >= part) return derive_with_altered_part(g, n, a);
    if (now.way == result_ignored) return derive_without_cotangent(g, n, a);
    now.original->derive(g, n, a);
    int& d = a.of_argument[now.argument];
    if (d < 0) return;
    int const right = d;
    switch (now.way) {
        case doubled:
            d = push<op::add>(g, d, d);
            break;
        case negated:
            d = push<op::negate>(g, d);
            break;
        case nearly:
            d = push<op::multiply>(g, d, pm::append_constant(g, 1.001));
            break;
        case dropped:
            d = -1;
            break;
        case swapped:
            if (int const next = now.argument + 1; next < n.operation->arity && a.of_argument[next] >= 0) {
                int const other = a.of_argument[next];
                if (reduces_to(g.shape_of(other), g.shape_of(n.argument[now.argument])) &&
                    reduces_to(g.shape_of(d), g.shape_of(n.argument[next])))
                    a.of_argument[next] = d, d = other;
            }
            break;
        case cotangent_alone:
            if (a.cotangent[0] >= 0 && !may_be_the_identity(*now.original) &&
                reduces_to(g.shape_of(a.cotangent[0]), g.shape_of(n.argument[now.argument])))
                d = a.cotangent[0];
            break;
    }
    now.changed = now.changed || d != right;
}

// --- rules of simplify --------------------------------------------------------------------------------------------

enum simplification : int { other_argument, other_value, too_eager, simplifications };
constexpr char const* simplification_names[]{"answers another argument or number", "answers another value",
                                             "answers its argument where nothing simplifies"};

pm::ir::folded wrong_fold(pm::ir::known const* k) {
    pm::ir::folded f = now.original->fold(k);
    if (f.kind == pm::ir::folded::none && now.way == too_eager)
        f = {pm::ir::folded::argument, 0, 0};
    else if (f.kind == pm::ir::folded::argument && now.way == other_argument)
        f.index = f.index == 0 ? now.original->arity - 1 : 0;
    else if (f.kind == pm::ir::folded::constant && now.way != too_eager)
        f.number += 1;
    else
        return f;
    now.changed = true;
    return f;
}
int wrong_rewrite(pm::ir::graph& g, pm::ir::node const& n) {
    int const right = now.original->rewrite(g, n);
    pm::extents const shape = n.operation->infer(g, n, 0).shape;
    int v = right;
    if (now.way == too_eager && right < 0) v = n.argument[0];
    if (right >= 0 && now.way == other_argument) v = n.argument[0];
    if (right >= 0 && now.way == other_value) v = push<op::negate>(g, right);
    if (v < 0 || v == right || !(g.shape_of(v) == shape)) return right;
    now.changed = true;
    return v;
}

int wrong_scaled(pm::ir::graph& g, pm::ir::node const& n, double factor) {
    int const right = now.original->scaled(g, n, factor);
    int v = right;
    if (right < 0 && now.way == too_eager && g.shape_of(n.argument[0]) == g.shape_of(n.first)) v = n.argument[0];
    if (right >= 0 && now.way == other_argument) v = n.first;
    if (right >= 0 && now.way == other_value) v = push<op::negate>(g, right);
    now.changed = now.changed || v != right;
    return v;
}

// --- schedules and memory plans -----------------------------------------------------------------------------------

// The steps at which a value in the workspace is written and last read.
struct life {
    int value, first, last;
};
std::vector<life> lives(pm::ir::graph const& g, pm::ir::schedule const& s, pm::ir::memory_plan const& m) {
    std::vector<life> result;
    auto const reads = [&](pm::ir::step const& p, int v) {
        if (p.node >= 0) {
            for (int k = 0; k < g.nodes[p.node].operation->arity; ++k)
                if (pm::ir::memory_of(g, g.nodes[p.node].argument[k]) == v) return true;
            return false;
        }
        for (int i = p.bodies[0].first; i < p.bodies[0].last; ++i)
            if (s.code[i].kind == pm::ir::instruction::load && pm::ir::memory_of(g, s.code[i].source) == v) return true;
        for (int i = p.bodies[1].first; i < p.bodies[1].last; ++i)
            if (s.code[i].kind == pm::ir::instruction::load && pm::ir::memory_of(g, s.code[i].source) == v) return true;
        return false;
    };
    for (int t = 0; t < s.step_count; ++t) {
        pm::ir::step const& p = s.steps[t];
        int const made = p.node >= 0 ? g.nodes[p.node].operation->results : p.store_count;
        for (int r = 0; r < made; ++r) {
            int const v = p.node >= 0 ? g.nodes[p.node].first + r : s.stores[p.first_store + r].stored();
            if (v < 0 || m.of[v].kind == pm::ir::location::nowhere || m.of[v].kind == pm::ir::location::argument)
                continue;
            life l{v, t, t};
            for (int u = t + 1; u < s.step_count; ++u)
                if (reads(s.steps[u], v)) l.last = u;
            result.push_back(l);
        }
    }
    return result;
}

// One value takes the place of another that is read after it is written.
bool overlapping(pm::ir::graph const& g, pm::ir::schedule& s, pm::ir::memory_plan& m) {
    auto const all = lives(g, s, m);
    for (life const& a : all)
        for (life const& b : all) {
            bool const both = m.of[a.value].kind == pm::ir::location::workspace && g.values[a.value].type == g.real &&
                              m.of[b.value].kind == pm::ir::location::workspace && g.values[b.value].type == g.real;
            if (!both || !(a.first < b.first && b.first < a.last && b.first < b.last)) continue;
            if (g.shape_of(a.value).size() > g.shape_of(b.value).size()) continue;
            m.of[b.value].at = m.of[a.value].at;
            return true;
        }
    return false;
}
bool too_small(pm::ir::graph const&, pm::ir::schedule&, pm::ir::memory_plan& m) {
    if (m.bytes == 0) return false;
    m.bytes -= pm::workspace_alignment;
    return true;
}
bool too_large(pm::ir::graph const&, pm::ir::schedule&, pm::ir::memory_plan& m) {
    m.bytes += pm::workspace_alignment;
    return true;
}
bool dependent_steps_exchanged(pm::ir::graph const& g, pm::ir::schedule& s, pm::ir::memory_plan& m) {
    auto const all = lives(g, s, m);
    for (life const& a : all)
        for (int u = a.first + 1; u <= a.last; ++u)
            if (u == a.last) {
                std::swap(s.steps[a.first], s.steps[a.last]);
                return true;
            }
    return false;
}
bool step_left_out(pm::ir::graph const&, pm::ir::schedule& s, pm::ir::memory_plan&) {
    if (s.step_count == 0) return false;
    --s.step_count;
    return true;
}

// Alters the first instruction of the middle bodies that `change` can alter.
bool alter_code(pm::ir::schedule& s, std::function<bool(pm::ir::step const&, pm::ir::instruction&)> const& change) {
    for (int t = 0; t < s.step_count; ++t) {
        pm::ir::step const& p = s.steps[t];
        for (int i = p.bodies[pm::ir::middle].first; p.node < 0 && i < p.bodies[pm::ir::middle].last; ++i)
            if (change(p, s.code[i])) return true;
    }
    return false;
}
bool mask_moved(pm::ir::graph const&, pm::ir::schedule& s, pm::ir::memory_plan&) {
    return alter_code(s, [](pm::ir::step const& p, pm::ir::instruction& x) {
        return x.kind == pm::ir::instruction::mask && x.bound < p.space[3] && x.bound > -p.space[2] &&
               (++x.bound, true);
    });
}
bool mask_turned(pm::ir::graph const&, pm::ir::schedule& s, pm::ir::memory_plan&) {
    return alter_code(s, [](pm::ir::step const&, pm::ir::instruction& x) {
        return x.kind == pm::ir::instruction::mask && (x.sign = -x.sign, true);
    });
}
bool diagonal_moved(pm::ir::graph const&, pm::ir::schedule& s, pm::ir::memory_plan&) {
    return alter_code(s, [](pm::ir::step const&, pm::ir::instruction& x) {
        return x.kind == pm::ir::instruction::diagonal && (++x.bound, true);
    });
}
bool load_transposed(pm::ir::graph const&, pm::ir::schedule& s, pm::ir::memory_plan&) {
    return alter_code(s, [](pm::ir::step const& p, pm::ir::instruction& x) {
        bool const square = p.space[2] == p.space[3] && p.space[2] > 1;
        return x.kind == pm::ir::instruction::load && square && x.stride[2] != x.stride[3] &&
               (std::swap(x.stride[2], x.stride[3]), true);
    });
}
bool load_moved(pm::ir::graph const&, pm::ir::schedule& s, pm::ir::memory_plan&) {
    return alter_code(s, [](pm::ir::step const&, pm::ir::instruction& x) {
        return x.kind == pm::ir::instruction::load && x.offset > 0 && (--x.offset, true);
    });
}
bool number_altered(pm::ir::graph const&, pm::ir::schedule& s, pm::ir::memory_plan&) {
    return alter_code(s, [](pm::ir::step const&, pm::ir::instruction& x) {
        return x.kind == pm::ir::instruction::number && (x.constant += 1, true);
    });
}
bool arguments_exchanged(pm::ir::graph const&, pm::ir::schedule& s, pm::ir::memory_plan&) {
    return alter_code(s, [](pm::ir::step const&, pm::ir::instruction& x) {
        return x.kind == pm::ir::instruction::apply && x.operation->name == "subtract" &&
               x.argument[0] != x.argument[1] && (std::swap(x.argument[0], x.argument[1]), true);
    });
}
bool stores_exchanged(pm::ir::graph const&, pm::ir::schedule& s, pm::ir::memory_plan&) {
    for (int t = 0; t < s.step_count; ++t)
        if (pm::ir::step const& p = s.steps[t]; p.node < 0 && p.store_count > 1) {
            int const at = p.bodies[pm::ir::middle].written;
            std::swap(s.written[at], s.written[at + 1]);
            return true;
        }
    return false;
}
bool lower_region_too_wide(pm::ir::graph const&, pm::ir::schedule& s, pm::ir::memory_plan&) {
    for (int t = 0; t < s.step_count; ++t)
        if (pm::ir::step& p = s.steps[t]; p.node < 0 && p.masked) return ++p.low, true;
    return false;
}
bool upper_region_too_wide(pm::ir::graph const&, pm::ir::schedule& s, pm::ir::memory_plan&) {
    for (int t = 0; t < s.step_count; ++t)
        if (pm::ir::step& p = s.steps[t]; p.node < 0 && p.masked) return --p.high, true;
    return false;
}

bool part_moved(pm::ir::graph const&, pm::ir::schedule& s, pm::ir::memory_plan& m) {
    for (int k = 0; k < s.subview_count; ++k)
        if (int& offset = m.of[s.subviews[k].value].offset; offset > 0) return --offset, true;
    return false;
}

struct plan_mutant {
    char const* name;
    bool (*plan)(pm::ir::graph const&, pm::ir::schedule&, pm::ir::memory_plan&);
    bool walk;
};
constexpr plan_mutant plan_mutants[]{
    {"two live values overlap", &overlapping, true},
    {"two live values overlap, seen by execution", &overlapping, false},
    {"the workspace is too small", &too_small, true},
    {"the workspace is too large", &too_large, true},
    {"two dependent steps are exchanged", &dependent_steps_exchanged, true},
    {"two dependent steps are exchanged, seen by execution", &dependent_steps_exchanged, false},
    {"the last step is left out", &step_left_out, true},
    {"the last step is left out, seen by execution", &step_left_out, false},
    {"a mask is moved by one", &mask_moved, true},
    {"a mask is turned round", &mask_turned, true},
    {"a diagonal is moved by one", &diagonal_moved, true},
    {"a load is transposed", &load_transposed, true},
    {"a load is moved by one", &load_moved, true},
    {"a number is another", &number_altered, true},
    {"the arguments of a difference are exchanged", &arguments_exchanged, true},
    {"two stores are exchanged", &stores_exchanged, true},
    {"a part of a larger tensor is moved by one", &part_moved, true},
    {"a part of a larger tensor is moved by one, seen by execution", &part_moved, false},
    {"the region below a mask is too wide", &lower_region_too_wide, true},
    {"the region above a mask is too wide", &upper_region_too_wide, true},
};

// --- the score ----------------------------------------------------------------------------------------------------

struct score {
    int caught = 0, all = 0;
    // A mutant that altered something and was noticed, or not.
    void count(bool noticed, std::string const& name) {
        ++all;
        caught += noticed ? 1 : 0;
        if (!noticed) std::printf("not noticed: %s\n", name.c_str());
    }
    void report(char const* what) const {
        std::printf("%s: %d of %d mutants are noticed\n", what, caught, all);
        CHECK(caught == all);
    }
};

// Does the graph of a seed contain the operation? Seeds are looked at in order, and each once: drawing takes as long as
// checking.
bool contains(checker& c, pm::ir::descriptor const& op, int seed) {
    static std::vector<std::vector<pm::operation_id>> operations_of;
    static auto const s = std::make_unique<subject>();
    while (static_cast<int>(operations_of.size()) <= seed) {
        c.draw(operations_of.size(), small, *s);
        auto& of = operations_of.emplace_back();
        for (int i = 0; i < s->g.size; ++i)
            if (auto const id = s->g.nodes[i].operation->id; !std::ranges::count(of, id)) of.push_back(id);
    }
    return std::ranges::count(operations_of[static_cast<std::size_t>(seed)], op.id) > 0;
}

// Random graphs until one is noticed to be broken in one of the two ways. `altered` says whether a mutant has done
// anything at all.
struct trial {
    bool altered = false, noticed = false;
};
trial try_mutant(checker& c, subject& s, pm::ir::descriptor const* contained, property first, property second) {
    trial t;
    int altered = 0, unaltered = 0;
    for (int seed = 0; seed < seeds && !t.noticed && altered < altered_graphs; ++seed) {
        if (contained && !contains(c, *contained, seed)) continue;
        if (!t.altered && unaltered == unaltered_graphs) break;
        c.draw(static_cast<std::uint64_t>(seed), small, s);
        now.changed = c.altered = false;
        verdict const v = c.check(s);
        ++(now.changed || c.altered ? altered : unaltered);
        t.altered = altered > 0;
        t.noticed = v.broken == first || v.broken == second;
    }
    return t;
}

}  // namespace

TEST_CASE("mutation check: wrong derivative rules") {
    auto const s = std::make_unique<subject>();
    score total;
    for (entry const& e : table) {
        pm::ir::descriptor const& right = *e.operation;
        INFO("operation " << right.name);
        CHECK(right.differentiable == (e.no_derivative == nullptr));
        if (!right.differentiable) {
            std::printf("%.*s has no derivative: %s\n", static_cast<int>(right.name.size()), right.name.data(),
                        e.no_derivative ? e.no_derivative : "?");
            continue;
        }
        pm::ir::descriptor wrong = right;
        wrong.derive = &wrong_derivative;
        checker c;
        c.broken.operation = &wrong;
        c.broken.gradient_alone = true;
        int altering = 0;
        for (int w = 0; w < ways; ++w) {
            int const places = w >= part ? 1 : w == result_ignored ? right.results : right.arity;
            for (int k = 0; k < places; ++k) {
                now = {&right, w, k};
                trial const t = try_mutant(c, *s, &right, property::gradient, property::gradient);
                if (!t.altered) continue;  // the rule has no such part
                ++altering;
                total.count(t.noticed, std::string(right.name) + ", argument or result " + std::to_string(k) + ": " +
                                           name_of(w) + (now.of.empty() ? "" : " (" + now.of + ")"));
            }
        }
        CHECK(altering >= 4);
    }
    for (equivalent const& e : known_equivalents)
        std::printf("%.*s: exchanging the %.*s for its argument %d leaves the rule right: %s\n",
                    static_cast<int>(e.rule.size()), e.rule.data(), static_cast<int>(e.part.size()), e.part.data(),
                    e.change, e.reason);
    total.report("derivative rules");
}

TEST_CASE("mutation check: wrong rules of simplify") {
    constexpr char const* names[]{"fold ", "rewrite ", "scaled "};
    auto const s = std::make_unique<subject>();
    score total;
    for (entry const& e : table) {
        pm::ir::descriptor const& right = *e.operation;
        bool const has[]{right.folds, right.rewrites, right.scales};
        for (int rule = 0; rule < 3; ++rule)
            for (int w = 0; w < simplifications; ++w) {
                if (!has[rule]) continue;
                pm::ir::descriptor wrong = right;
                if (rule == 0) wrong.fold = &wrong_fold;
                if (rule == 1) wrong.rewrite = &wrong_rewrite;
                if (rule == 2) wrong.scaled = &wrong_scaled;
                checker c;
                c.broken.operation = &wrong;
                now = {&right, w, 0, false};
                trial const t = try_mutant(c, *s, &right, property::simplification, property::execution);
                if (t.altered)
                    total.count(t.noticed, std::string(right.name) + ", " + names[rule] + simplification_names[w]);
            }
    }
    total.report("rules of simplify");
}

TEST_CASE("mutation check: broken schedules and memory plans") {
    auto const s = std::make_unique<subject>();
    score total;
    for (plan_mutant const& m : plan_mutants) {
        checker c;
        c.broken.plan = m.plan;
        c.broken.walk = m.walk;
        trial const t = try_mutant(c, *s, nullptr, property::memory, property::execution);
        INFO(m.name);
        CHECK(t.altered);
        total.count(t.noticed, m.name);
    }
    total.report("schedules and memory plans");
}
