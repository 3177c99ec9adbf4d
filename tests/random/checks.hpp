// What must hold of a graph, whatever it computes:
//   evaluation      evaluate() gives what was computed while the graph was drawn
//   gradient        differentiate() agrees with central finite differences, leaf by leaf
//   simplification  simplify() adds no node, but where an operation is spelled in cheaper ones, and changes no value
//                   beyond rounding; neither does simplify_to_differentiate() before the gradient is taken
//   memory          nothing is read before it is written or after its place was reused; the workspace is as large as
//                   what is planned in it
//   execution       the schedule, executed step by step over the planned memory, gives what evaluate() gives
// A failing graph is cut down to a small one that fails in the same way.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "../support.hpp"
#include "gradient.hpp"
#include "run_schedule.hpp"

namespace random_graphs {

// A graph, leaves first, with the elements of its leaves.
struct subject {
    pm::ir::graph g;
    std::vector<elements> leaves;
};

enum class property { none, evaluation, gradient, simplification, memory, execution };
struct verdict {
    property broken = property::none;
    std::string what{};

    explicit operator bool() const { return broken != property::none; }
};

// Where the mutation check breaks the passes. Nodes whose operation has the identity of `operation` take it instead;
// `plan` alters what the passes have planned, and answers whether it found something to alter.
struct sabotage {
    pm::ir::descriptor const* operation = nullptr;
    bool (*plan)(pm::ir::graph const&, pm::ir::schedule&, pm::ir::memory_plan&) = nullptr;
    bool walk = true;             // ownership is checked too, not execution alone
    bool gradient_alone = false;  // nothing is checked after it
};

class checker {
  public:
    sabotage broken;
    // How much was checked, so that a test can see that it is not nothing.
    int slopes = 0, unclear_slopes = 0;
    bool altered = false;  // by the sabotage

    // The graph of a seed, of floats or of doubles.
    void draw(std::uint64_t seed, limits const& l, subject& s) {
        do {
            *drawn_ = seed % 2 ? pm::new_graph<double>() : pm::new_graph<float>();
            random_graphs::draw(*drawn_, *numbers_, seed, l);
            s.g = pm::ir::compact(*drawn_);
            seed += std::uint64_t{1} << 32;
        } while (s.g.size < l.nodes_low || s.g.size > l.nodes_high);
        s.leaves.clear();
        for (int i = 0; i < drawn_->size; ++i) {
            pm::ir::node const& n = drawn_->nodes[i];
            if (n.operation->kind != pm::category::leaf) continue;
            double const* const x = numbers_->of(n.first);
            s.leaves.emplace_back(x, x + drawn_->shape_of(n.first).size());
        }
    }

    verdict check(subject const& s) {
        pm::ir::graph const& g = s.g;
        std::vector<elements> values;
        if (!evaluated(g, s.leaves, values)) return {property::evaluation, "evaluate() fails"};
        recompute(s);
        for (int k = 0; k < g.output_count; ++k)
            for (std::size_t i = 0; i < values[index(k)].size(); ++i)
                if (!same(values[index(k)][i], numbers_->of(g.outputs[k])[i]))
                    return {property::evaluation, "output " + std::to_string(k) + ", element " + std::to_string(i) +
                                                      ": evaluate() gives " + text(values[index(k)][i]) + " for " +
                                                      text(numbers_->of(g.outputs[k])[i])};

        // Value and gradient as one program: outputs, then the adjoints of the real leaves.
        gradient_program(g);
        std::vector<elements> leaves = s.leaves, all;
        append_cotangents(leaves);
        if (!evaluated(*gradient_, leaves, all)) return {property::gradient, "the gradient's program fails"};
        if (verdict const v = slopes_agree(s, leaves, all); v || broken.gradient_alone) return v;

        *simple_ = pm::ir::simplify(*gradient_);
        int spelled_out = 0;
        for (int i = 0; i < gradient_->size; ++i) spelled_out += entry_of(*gradient_->nodes[i].operation).spelled_out;
        if (simple_->size > gradient_->size + spelled_out) return {property::simplification, "simplify() adds nodes"};
        std::vector<elements> simplified;
        if (verdict const v = simple_gives(leaves, all, simplified, "simplify()")) return v;

        // As it was drawn, and simplified.
        if (verdict const v = runs(*gradient_, leaves, all)) return v;
        if (verdict const v = runs(*simple_, leaves, simplified)) return v;

        // As the library's programs are made: simplified before and after differentiation.
        simplify_and_differentiate(s.g);
        return simple_gives(leaves, all, simplified, "simplify_to_differentiate()");
    }

    // Node by node, computed by numbers.hpp.
    void recompute(subject const& s) {
        numbers_->used = 0;
        for (int i = 0; i < s.g.size; ++i) {
            pm::ir::node const& n = s.g.nodes[i];
            for (int r = 0; r < n.operation->results; ++r)
                numbers_->place(n.first + r, s.g.shape_of(n.first + r).size());
            numbers_->run(s.g, n);
            if (n.operation->kind != pm::category::leaf) continue;
            elements const& x = s.leaves[index(n.attribute.v[0])];
            std::copy(x.begin(), x.end(), numbers_->of(n.first));
            std::copy(x.begin(), x.end(), numbers_->labels_of(n.first));
        }
    }
    double const* computed(int v) const { return numbers_->of(v); }

  private:
    std::unique_ptr<pm::ir::graph> drawn_ = std::make_unique<pm::ir::graph>(),
                                   gradient_ = std::make_unique<pm::ir::graph>(),
                                   simple_ = std::make_unique<pm::ir::graph>();
    std::unique_ptr<pm::ir::schedule> plan_ = std::make_unique<pm::ir::schedule>();
    std::unique_ptr<pm::ir::storage_assignment> placed_ = std::make_unique<pm::ir::storage_assignment>();
    std::unique_ptr<pm::ir::row_groups> rows_ = std::make_unique<pm::ir::row_groups>();
    std::unique_ptr<pm::ir::memory_plan> memory_ = std::make_unique<pm::ir::memory_plan>();
    std::unique_ptr<numbers> numbers_ = std::make_unique<numbers>(200 * largest_size);
    std::optional<differentiated> differentiated_;

    static std::size_t index(int i) { return static_cast<std::size_t>(i); }
    static bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }
    static std::string text(double x) {
        std::ostringstream s;
        s.precision(17);
        s << x;
        return s.str();
    }

    // Relative to the array's largest element, or to 1.
    static int first_difference(elements const& a, elements const& b, double tolerance) {
        double scale = 1;
        for (double x : b) scale = std::isfinite(x) ? std::max(scale, std::abs(x)) : scale;
        for (std::size_t i = 0; i < a.size(); ++i)
            if (!same(a[i], b[i]) && !(std::abs(a[i] - b[i]) <= tolerance * scale)) return static_cast<int>(i);
        return -1;
    }

    static bool evaluated(pm::ir::graph const& g, std::vector<elements> const& leaves, std::vector<elements>& outputs) {
        auto r = test::interpret(g, leaves);
        outputs = std::move(r.outputs);
        return r.status.ok();
    }

    // A function of its own, because graphs fill the stack.
    [[gnu::noinline]] void simplify_and_differentiate(pm::ir::graph const& g) {
        *simple_ = pm::ir::simplify_to_differentiate(g);
        append_gradient(*simple_, *differentiated_);
        *simple_ = pm::ir::simplify(*simple_);
    }
    // Does simple_ give what is expected?
    verdict simple_gives(std::vector<elements> const& leaves, std::vector<elements> const& expected,
                         std::vector<elements>& outputs, std::string const& pass) {
        outputs.clear();
        if (!evaluated(*simple_, leaves, outputs)) return {property::simplification, "fails after " + pass};
        if (outputs.size() != expected.size()) return {property::simplification, "outputs are lost after " + pass};
        for (std::size_t k = 0; k < outputs.size(); ++k)
            if (outputs[k].size() != expected[k].size())
                return {property::simplification, "output " + std::to_string(k) + " has another shape after " + pass};
            else if (int const i = first_difference(outputs[k], expected[k], 1e-9); i >= 0)
                return {property::simplification, "output " + std::to_string(k) + ", element " + std::to_string(i) +
                                                      ": " + text(outputs[k][index(i)]) + " after " + pass + ", " +
                                                      text(expected[k][index(i)]) + " before"};
        return {};
    }

    void gradient_program(pm::ir::graph const& g) {
        *gradient_ = g;
        for (int i = 0; i < gradient_->size && broken.operation; ++i)
            if (gradient_->nodes[i].operation->id == broken.operation->id)
                gradient_->nodes[i].operation = broken.operation;
        differentiated_.emplace(*gradient_);
        append_gradient(*gradient_, *differentiated_);
    }
    void append_cotangents(std::vector<elements>& leaves) const {
        pm::random source{5};
        for (int k = static_cast<int>(leaves.size()); k < test::leaf_count(*gradient_); ++k) {
            elements& c = leaves.emplace_back(index(gradient_->shape_of(k).size()));
            for (double& x : c) x = source.uniform(-1, 1);
        }
    }

    // The slope of f = sum(cotangent * output) along a random direction in each leaf, against the gradient.
    //
    // D(h) = (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h has an error of order h^4 f'''''. The difference of D(h) and
    // D(2h) is 15 times that: a step is taken when it is below 1e-7 of the slope's scale (the sum of the magnitudes
    // that the slope adds up), else the next smaller one. Rounding adds 1e-16 |f| / h, which the smallest step holds
    // below 1e-10 |f|. So what is compared is known ten times better than the tolerance of 1e-6 relative to the scale.
    // Where no step is clear (a kink within reach, or a function too wild) the slope is not used, and counted.
    verdict slopes_agree(subject const& s, std::vector<elements> const& leaves, std::vector<elements> const& all) {
        pm::random source{9};
        std::vector<elements> moved = s.leaves;
        double magnitude = 0;
        auto const f = [&](double& size) {
            std::vector<elements> y;
            if (!evaluated(s.g, moved, y)) return std::nan("");
            double total = 0;
            size = 0;
            for (std::size_t k = 0; k < index(differentiated_->outputs); ++k)
                for (std::size_t i = 0; i < leaves[s.leaves.size() + k].size(); ++i) {
                    double const term = leaves[s.leaves.size() + k][i] * y[index(differentiated_->output[k])][i];
                    total += term;
                    size += std::abs(term);
                }
            return total;
        };
        if (differentiated_->outputs == 0) return {};
        for (std::size_t w = 0; w < index(differentiated_->leaves); ++w) {
            int const leaf = differentiated_->leaf[w];
            elements const &x = s.leaves[index(leaf)], &adjoint = all[index(s.g.output_count) + w];
            elements direction(x.size());
            double claimed = 0, scale = 0;
            for (std::size_t i = 0; i < x.size(); ++i) {
                direction[i] = source.uniform(0.3, 1) * (source.below(2) ? 1 : -1);
                claimed += adjoint[i] * direction[i];
                scale += std::abs(adjoint[i] * direction[i]);
            }
            auto const at = [&](double t) {
                for (std::size_t i = 0; i < x.size(); ++i) moved[index(leaf)][i] = x[i] + t * direction[i];
                return f(magnitude);
            };
            bool clear = false;
            double slope = 0;
            for (double h : {1e-3, 1e-4, 1e-5, 1e-6}) {
                double const d1 = at(h) - at(-h), d2 = at(2 * h) - at(-2 * h), d4 = at(4 * h) - at(-4 * h);
                slope = (8 * d1 - d2) / (12 * h);
                double const twice = (8 * d2 - d4) / (24 * h);
                clear = std::abs(slope - twice) <= 1e-7 * std::max(std::abs(slope), 1e-3 * (1 + magnitude));
                if (clear) break;
            }
            moved[index(leaf)] = x;
            ++slopes;
            if (!clear) {
                ++unclear_slopes;
                continue;
            }
            double const allowed = 1e-6 * std::max({scale, std::abs(slope), 1e-3 * (1 + magnitude)});
            if (!(std::abs(slope - claimed) <= allowed))
                return {property::gradient, "the slope along a direction in leaf " + std::to_string(leaf) + " is " +
                                                text(slope) + ", the gradient says " + text(claimed)};
        }
        return {};
    }

    verdict runs(pm::ir::graph const& g, std::vector<elements> const& leaves, std::vector<elements> const& expected) {
        *placed_ = pm::ir::assign_storage(g, pm::targets::host);
        *plan_ = pm::ir::make_schedule(g, *placed_);
        *rows_ = pm::ir::group_rows(g, *plan_, pm::targets::host);
        *memory_ = pm::ir::plan_memory(g, *plan_, *rows_, pm::targets::host);
        if (broken.plan && broken.plan(g, *plan_, *memory_)) altered = true;
        std::int64_t end = 0;
        auto const in_blocks = [](std::int64_t bytes) {
            return (bytes + pm::workspace_alignment - 1) / pm::workspace_alignment * pm::workspace_alignment;
        };
        for (int v = 0; v < g.value_count; ++v) {
            std::int64_t const images = memory_->of[v].one_image ? g.shape_of(v).d[0] : 1,
                               bytes = std::int64_t(g.shape_of(v).size()) * pm::bytes_of(g.values[v].type) / images;
            if (memory_->of[v].kind == pm::ir::location::workspace)
                end = std::max(end, memory_->of[v].at + in_blocks(bytes));
        }
        for (int t = 0; t < plan_->step_count; ++t) {  // what dense steps have for themselves
            if (memory_->panels[t] == 0) continue;
            pm::ir::node const& n = g.nodes[plan_->steps[t].node];
            pm::target const& host = pm::targets::host;
            std::int64_t const bytes =
                n.operation->has_workspace ? n.operation->workspace(host) : n.operation->packed_bytes(g, n, host);
            end = std::max(end, memory_->panels[t] - 1 + in_blocks(bytes));
        }
        if (end != memory_->bytes) return {property::memory, "the workspace's size is not what is planned in it"};
        if (test::schedule_checker walk{g, *plan_, *rows_, *memory_}; broken.walk && !walk.holds())
            return {property::memory, walk.failed};
        schedule_run const run(g, *plan_, *memory_, leaves);
        if (run.failed) return {property::execution, run.failed};
        for (int k = 0; k < g.output_count; ++k)
            for (std::size_t i = 0; i < expected[index(k)].size(); ++i)
                if (!same(run.outputs[index(k)][i], expected[index(k)][i]))
                    return {property::execution, "output " + std::to_string(k) + ", element " + std::to_string(i) +
                                                     ": the schedule gives " + text(run.outputs[index(k)][i]) +
                                                     ", evaluate() " + text(expected[index(k)][i])};
        return {};
    }
};

// --- a small failing case -----------------------------------------------------------------------------------------

// The part of a graph that `outputs` need, where the results of node `cut` (-1: none) are leaves that hold what the
// node computed.
inline void restrict_to(subject const& from, checker& c, std::vector<int> const& outputs, int cut, subject& to) {
    pm::ir::graph const& g = from.g;
    c.recompute(from);
    std::vector<bool> live(static_cast<std::size_t>(g.value_count));
    for (int v : outputs) live[static_cast<std::size_t>(v)] = true;
    for (int i = g.size - 1; i >= 0; --i) {
        pm::ir::node const& n = g.nodes[i];
        bool needed = false;
        for (int r = 0; r < n.operation->results; ++r) needed = needed || live[static_cast<std::size_t>(n.first + r)];
        for (int k = 0; k < n.operation->arity && needed && i != cut; ++k)
            live[static_cast<std::size_t>(n.argument[k])] = true;
    }
    to.g = pm::new_graph<float>();
    to.g.real = g.real;
    to.leaves.clear();
    std::vector<int> moved(static_cast<std::size_t>(g.value_count), -1);
    for (int i = 0; i < g.size; ++i) {
        pm::ir::node const& n = g.nodes[i];
        if (n.operation->kind != pm::category::leaf && i != cut) continue;
        for (int v = n.first; v < n.first + n.operation->results; ++v) {
            if (!live[static_cast<std::size_t>(v)]) continue;
            int const leaf = push_with<op::leaf>(to.g, pm::attributes{{static_cast<int>(to.leaves.size())}});
            to.g.values[leaf] = pm::ir::value{g.shape_of(v), g.values[v].type, to.g.values[leaf].producer};
            to.leaves.emplace_back(c.computed(v), c.computed(v) + g.shape_of(v).size());
            if (g.values[v].type == pm::element::i32 && i == cut) continue;  // pivots stay with their solve
            moved[static_cast<std::size_t>(v)] = leaf;
        }
    }
    for (int i = 0; i < g.size; ++i) {
        pm::ir::node n = g.nodes[i];
        bool needed = n.operation->kind != pm::category::leaf && i != cut;
        bool any_live = false;
        for (int r = 0; r < n.operation->results; ++r)
            any_live = any_live || live[static_cast<std::size_t>(n.first + r)];
        if (!needed || !any_live) continue;
        for (int k = 0; k < n.operation->arity; ++k) n.argument[k] = moved[static_cast<std::size_t>(n.argument[k])];
        int const first = to.g.push(n);
        for (int r = 0; r < n.operation->results; ++r)
            moved[static_cast<std::size_t>(g.nodes[i].first + r)] = first + r;
    }
    for (int v : outputs) to.g.output(moved[static_cast<std::size_t>(v)]);
}

// The rows of a diagonal have a derivative behind their two triangles only.
inline bool complete(pm::ir::graph const& g, int output) {
    pm::ir::node const &n = g.producer_of(output), &inner = n.operation->arity > 0 ? g.producer_of(n.argument[0]) : n;
    return n.operation->id != pm::id_of<op::rows_of_diagonal> && inner.operation->id != pm::id_of<op::rows_of_diagonal>;
}

inline bool follows(pm::ir::graph const& g, int value, int from) {
    if (value == from) return true;
    pm::ir::node const& n = g.producer_of(value);
    for (int k = 0; k < n.operation->arity; ++k)
        if (follows(g, n.argument[k], from)) return true;
    return false;
}
// The derivatives of vectors over their lengths are right while these are theirs.
inline bool lengths_follow(pm::ir::graph const& g) {
    for (int i = 0; i < g.size; ++i) {
        pm::ir::node const& n = g.nodes[i];
        if (!accounts_for_lengths(n)) continue;
        for (int k = 1; k < n.operation->arity; ++k)
            if (!follows(g, n.argument[k], n.argument[0])) return false;
    }
    return true;
}

// Cuts a failing subject down for as long as the same property stays broken.
inline void shrink(subject& s, checker& c, property broken) {
    auto const smaller = std::make_unique<subject>();
    auto const take = [&](std::vector<int> const& outputs, int cut) {
        for (int v : outputs)
            if (!complete(s.g, v)) return false;
        restrict_to(s, c, outputs, cut, *smaller);
        if (smaller->g.size - test::leaf_count(smaller->g) >= s.g.size - test::leaf_count(s.g) &&
            smaller->g.output_count >= s.g.output_count && smaller->leaves.size() >= s.leaves.size())
            return false;
        if (!lengths_follow(smaller->g) || c.check(*smaller).broken != broken) return false;
        s = *smaller;
        return true;
    };
    // A result that nothing reads is scratch of its operation, and has no derivative.
    auto const is_read = [&](int v) {
        for (int i = 0; i < s.g.size; ++i)
            for (int k = 0; k < s.g.nodes[i].operation->arity; ++k)
                if (s.g.nodes[i].argument[k] == v) return true;
        return false;
    };
    auto const step = [&] {
        std::vector<int> const outputs(s.g.outputs, s.g.outputs + s.g.output_count);
        for (int v : outputs)
            if (outputs.size() > 1 && take({v}, -1)) return true;
        for (int v = s.g.value_count - 1; v >= 0; --v)
            if (test::detail::is_real(s.g, v) && s.g.producer_of(v).operation->arity > 0 && is_read(v) &&
                outputs != std::vector<int>{v} && take({v}, -1))
                return true;
        for (int i = 0; i < s.g.size; ++i) {
            pm::ir::node const& n = s.g.nodes[i];
            bool reals = n.operation->arity > 0;
            for (int r = 0; r < n.operation->results; ++r) reals = reals && test::detail::is_real(s.g, n.first + r);
            if (reals && take(outputs, i)) return true;
        }
        return false;
    };
    while (step()) {
    }
}

// One node a line.
inline std::string to_text(subject const& s) {
    std::ostringstream out;
    auto const shape = [&](pm::extents const& e) {
        out << '[';
        for (int k = 0; k < e.rank; ++k) out << (k ? ", " : "") << e.d[k];
        out << ']';
    };
    for (int i = 0; i < s.g.size; ++i) {
        pm::ir::node const& n = s.g.nodes[i];
        for (int r = 0; r < n.operation->results; ++r) {
            out << (r ? ", v" : "  v") << n.first + r << ' ';
            shape(s.g.shape_of(n.first + r));
        }
        out << " = " << n.operation->name << '(';
        for (int k = 0; k < n.operation->arity; ++k) out << (k ? ", v" : "v") << n.argument[k];
        out << ')';
        if (n.operation->kind == pm::category::constant) out << ' ' << n.number;
        if (n.operation->kind != pm::category::leaf && !(n.attribute == pm::attributes{})) {
            out << " attributes";
            for (int a : n.attribute.v) out << ' ' << a;
        }
        if (n.operation->kind == pm::category::leaf) {
            for (double x : s.leaves[static_cast<std::size_t>(n.attribute.v[0])]) out << ' ' << x;
        }
        out << '\n';
    }
    out << "  outputs";
    for (int k = 0; k < s.g.output_count; ++k) out << " v" << s.g.outputs[k];
    return out.str();
}

// A failure for people: the seed, what is wrong, and the smallest graph found.
inline std::string report(std::uint64_t seed, subject s, checker& c, verdict const& v) {
    shrink(s, c, v.broken);
    std::string const what = c.check(s).what;
    return "seed " + std::to_string(seed) + ": " + v.what + "\ncut down: " + what + "\n" + to_text(s);
}

}  // namespace random_graphs
