// Executes a schedule over its planned memory, in double: the steps, instructions and masks themselves, nothing
// compiled. An element takes the bytes of its type in the plan and one slot here. Where a step has regions, the
// body of the region is compared with the middle body, which must be right everywhere.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "paramorph/graph/plan_memory.hpp"
#include "paramorph/op/reduce.hpp"

namespace pm = paramorph;

namespace random_graphs {

using elements = std::vector<double>;

class schedule_run {
  public:
    std::vector<elements> outputs;
    char const* failed = nullptr;  // what went wrong

    schedule_run(pm::ir::graph const& g, pm::ir::schedule const& s, pm::ir::memory_plan const& m,
                 std::vector<elements> const& arguments)
        : g_(g),
          s_(s),
          m_(m),
          arguments_(arguments),
          workspace_(static_cast<std::size_t>(m.bytes / pm::bytes_of(g.real)),
                     std::numeric_limits<double>::quiet_NaN()),
          integer_workspace_(static_cast<std::size_t>(m.bytes / 4), -1),
          registers_(static_cast<std::size_t>(s.code_size)) {
        for (int k = 0; k < g.output_count; ++k)
            outputs.emplace_back(static_cast<std::size_t>(g.shape_of(g.outputs[k]).size()),
                                 std::numeric_limits<double>::quiet_NaN());
        for (elements const& a : arguments) labels_.emplace_back(a.begin(), a.end());
        for (int t = 0; t < s.step_count && !failed; ++t) run(s.steps[t]);
    }

  private:
    pm::ir::graph const& g_;
    pm::ir::schedule const& s_;
    pm::ir::memory_plan const& m_;
    std::vector<elements> const& arguments_;
    std::vector<std::vector<std::int32_t>> labels_;
    elements workspace_;
    std::vector<std::int32_t> integer_workspace_;
    elements registers_;

    void fail(char const* what) { failed = failed ? failed : what; }

    // The slot of a value's element; null, and a failure, where it has no memory. Of a part of a larger tensor the
    // elements lie in runs; loads are only made where they do not matter.
    double* slot(int of, int element, bool in_runs = true) {
        int const v = pm::ir::memory_of(g_, of);
        pm::ir::location const at = m_.of[v];
        pm::ir::subview const part = s_.subview_of(v);
        bool const runs = in_runs && part.within >= 0;
        int const from_start =
            at.offset + (runs ? element / part.at.run * part.at.full + element % part.at.run : element);
        auto const k = static_cast<std::size_t>(at.at), i = static_cast<std::size_t>(from_start);
        auto const first = k / static_cast<std::size_t>(pm::bytes_of(g_.real));
        if (at.kind == pm::ir::location::argument && i < arguments_[k].size())
            return const_cast<double*>(arguments_[k].data()) + i;
        if (at.kind == pm::ir::location::output && i < outputs[k].size()) return outputs[k].data() + i;
        if (at.kind == pm::ir::location::workspace && first + i < workspace_.size())
            return workspace_.data() + first + i;
        fail("a step reads or writes a value that has no place in memory, or one outside of it");
        return nullptr;
    }
    std::int32_t* integer(int of) {
        int const v = pm::ir::memory_of(g_, of);
        auto const k = static_cast<std::size_t>(m_.of[v].at);
        return m_.of[v].kind == pm::ir::location::argument ? labels_[k].data() : integer_workspace_.data() + k / 4;
    }

    void run(pm::ir::step const& p) {
        if (p.node >= 0)
            dense(g_.nodes[p.node]);
        else
            fused(p);
    }

    bool is_made(pm::ir::node const& n, int result) const {
        return !(n.operation->optional_results >> result & 1) ||
               m_.of[pm::ir::memory_of(g_, n.first + result)].kind != pm::ir::location::nowhere;
    }
    int longest_axis_of(pm::ir::node const& n) const {
        int longest = 0;
        for (int k = 0; k < n.operation->arity + n.operation->results; ++k) {
            int const v = k < n.operation->arity ? n.argument[k] : n.first + k - n.operation->arity;
            for (int a = 0; a < g_.shape_of(v).rank; ++a) longest = std::max(longest, g_.shape_of(v).d[a]);
        }
        return longest;
    }
    void dense(pm::ir::node const& n) {
        pm::operands<double> x{};
        x.attribute = n.attribute;
        elements buffer[pm::max_arguments + pm::max_results];
        for (int k = 0; k < n.operation->arity; ++k) {
            int const v = n.argument[k], size = g_.shape_of(v).size();
            x.shape[k] = g_.shape_of(v);
            if (g_.values[v].type == pm::element::i32) {
                x.integer[k] = integer(v);
                // Of a broken schedule: no index of any of its tensors, from memory that no step has written.
                for (int i = 0; i < size; ++i)
                    if (x.integer[k][i] < 0 || x.integer[k][i] >= longest_axis_of(n))
                        return fail("a dense step reads an index that is none");
                continue;
            }
            for (int i = 0; i < size; ++i)
                if (double const* const from = slot(v, i)) buffer[k].push_back(*from);
            x.argument[k] = buffer[k].data();
        }
        for (int k = 0; k < n.operation->results; ++k) {
            int const v = n.first + k;
            elements& result = buffer[pm::max_arguments + k];
            result.resize(static_cast<std::size_t>(g_.shape_of(v).size()));
            if (g_.values[v].type == pm::element::i32)
                x.integer_result[k] = integer(v);
            else
                x.result[k] = result.data();
        }
        if (failed) return;
        if (!n.operation->compute(x)) return fail("a requirement of a dense step does not hold");
        for (int k = 0; k < n.operation->results; ++k)
            for (int i = 0; x.result[k] && is_made(n, k) && i < g_.shape_of(n.first + k).size(); ++i)
                if (double* const to = slot(n.first + k, i)) *to = x.result[k][i];
    }

    // What store k of a step gives for each element of the loop is collected, where it is to be reduced, else stored.
    void fused(pm::ir::step const& p) {
        int const(&n)[pm::max_rank] = p.space;
        int const count = n[0] * n[1] * n[2] * n[3];
        elements written(static_cast<std::size_t>(p.store_count));
        std::vector<elements> collected(static_cast<std::size_t>(p.store_count));
        for (int i = 0; i < count && !failed; ++i) {
            int const at[pm::max_rank]{i / n[3] / n[2] / n[1], i / n[3] / n[2] % n[1], i / n[3] % n[2], i % n[3]};
            int const distance = at[3] - at[2];
            pm::ir::region const where = !p.masked            ? pm::ir::middle
                                         : distance <= p.low  ? pm::ir::below
                                         : distance >= p.high ? pm::ir::above
                                                              : pm::ir::middle;
            body(p.bodies[pm::ir::middle], at);
            for (int k = 0; k < p.store_count; ++k) written[static_cast<std::size_t>(k)] = result(p, pm::ir::middle, k);
            if (where != pm::ir::middle) {
                body(p.bodies[where], at);
                for (int k = 0; k < p.store_count; ++k)
                    if (!same(written[static_cast<std::size_t>(k)], result(p, where, k)))
                        fail("the body of a region differs from the middle body");
            }
            for (int k = 0; k < p.store_count && !failed; ++k) {
                double const x = written[static_cast<std::size_t>(k)];
                if (s_.reduced[p.first_store + k] != 0)
                    collected[static_cast<std::size_t>(k)].push_back(x);
                else if (double* const to = target(s_.stores[p.first_store + k], i))
                    *to = x;
            }
        }
        for (int k = 0; k < p.store_count && !failed; ++k)
            if (s_.reduced[p.first_store + k] != 0) reduce(p, k, collected[static_cast<std::size_t>(k)]);
    }
    double* target(pm::ir::destination to, int element) {
        bool const copies = to.kind == pm::ir::destination::output;
        int const v = copies ? g_.outputs[to.at] : to.at;
        if (element >= g_.shape_of(v).size()) return fail("a store lies outside its value"), nullptr;
        return copies ? outputs[static_cast<std::size_t>(to.at)].data() + element : slot(v, element);
    }
    // Combines along the axes of the loop that the schedule names, by the operation itself, on vectors.
    void reduce(pm::ir::step const& p, int k, elements const& x) {
        int const axes = s_.reduced[p.first_store + k], store = s_.stores[p.first_store + k].at;
        pm::ir::descriptor const& op = *g_.producer_of(store).operation;
        std::vector<elements> groups;
        for (std::size_t i = 0; i < x.size(); ++i) {
            std::size_t group = 0, rest = i, size = 1;
            for (int axis = pm::max_rank - 1; axis >= 0; --axis) {
                auto const extent = static_cast<std::size_t>(p.space[axis]);
                if (!(axes >> axis & 1)) group += rest % extent * size, size *= extent;
                rest /= extent;
            }
            groups.resize(std::max(groups.size(), group + 1));
            groups[group].push_back(x[i]);
        }
        for (std::size_t i = 0; i < groups.size() && !failed; ++i) {
            pm::operands<double> o{};
            bool const to_shape = op.id == pm::id_of<pm::op::reduce_to>;
            o.attribute = to_shape ? pm::op::attributes_of({}) : pm::attributes{{1}};
            o.shape[0] = {1, {static_cast<int>(groups[i].size())}};
            o.argument[0] = groups[i].data();
            double total = 0;
            o.result[0] = &total;
            op.compute(o);
            if (double* const to = target(s_.stores[p.first_store + k], static_cast<int>(i))) *to = total;
        }
    }
    static bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }
    double& value(int instruction) { return registers_[static_cast<std::size_t>(instruction)]; }
    double result(pm::ir::step const& p, pm::ir::region r, int k) { return value(s_.written[p.bodies[r].written + k]); }

    void body(pm::ir::body const& b, int const (&at)[pm::max_rank]) {
        for (int i = b.first; i < b.last && !failed; ++i) {
            pm::ir::instruction const& x = s_.code[i];
            switch (x.kind) {
                case pm::ir::instruction::load: {
                    int index = x.offset;
                    for (int k = 0; k < pm::max_rank; ++k) index += x.stride[k] * at[k];
                    if (index < 0 || index >= g_.shape_of(x.source).size())
                        fail("a load lies outside its value");
                    else if (double const* const from = slot(x.source, index, false))
                        value(i) = *from;
                    break;
                }
                case pm::ir::instruction::number:
                    value(i) = x.constant;
                    break;
                case pm::ir::instruction::mask:
                    value(i) = x.sign * (at[3] - at[2]) >= x.bound ? value(x.argument[0]) : 0;
                    break;
                case pm::ir::instruction::diagonal:
                    value(i) = at[3] - at[2] == x.bound ? 1 : 0;
                    break;
                case pm::ir::instruction::apply: {
                    double a[pm::max_arguments]{};
                    for (int k = 0; k < x.operation->arity; ++k) {
                        if (x.argument[k] < b.first || x.argument[k] >= i)
                            return fail("an instruction reads one that has not run");
                        a[k] = value(x.argument[k]);
                    }
                    value(i) = x.operation->scalar(a);
                    break;
                }
                default:
                    fail("run_schedule.hpp does not know this kind of instruction; add a case");
            }
        }
    }
};

}  // namespace random_graphs
