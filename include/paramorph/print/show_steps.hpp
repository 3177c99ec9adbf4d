// The steps of a planned program, and what of its workspace is in use while they run, for a picture.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "paramorph/kernel/explain.hpp"
#include "paramorph/print/module_tree.hpp"
#include "paramorph/print/picture.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

template <class Plan>
class step_notes {
    Plan const& p_;
    target const& machine_;
    std::vector<std::string> const &leaves_, &outputs_;
    picture& to_;
    homes home_{p_.g, p_.plan};

    // Places of arguments and outputs by their names, without the word that says what is parametrized.
    static std::string short_name(std::string name) {
        std::string const word = "parametrizations.";
        for (std::size_t at; (at = name.find(word)) != std::string::npos;) name.erase(at, word.size());
        return name;
    }
    std::string name(int v) const {
        location const at = p_.memory.of[memory_of(p_.g, v)];
        if (at.kind == location::argument) return short_name(leaves_[std::size_t(at.at)]);
        if (at.kind == location::output) return short_name(outputs_[std::size_t(at.at)]);
        return "v" + std::to_string(home_.of(v));
    }
    static void list(std::string& to, std::string const& item) {
        if ((", " + to + ",").find(", " + item + ",") == std::string::npos) to += (to.empty() ? "" : ", ") + item;
    }
    // What step t reads and writes: calls read(value), write(value or -1 - output).
    template <class Read, class Write>
    void walk(int t, Read read, Write write) const {
        step const& s = p_.plan.steps[t];
        if (s.node >= 0) {
            node const& n = p_.g.nodes[s.node];
            for (int k = 0; k < n.operation->arity; ++k) read(n.argument[k]);
            for (int r = 0; r < n.operation->results; ++r)
                if (p_.memory.of[memory_of(p_.g, n.first + r)].kind != location::nowhere)
                    write(destination{destination::memory, n.first + r});
            return;
        }
        for (int b = 0; b < (s.masked ? 3 : 1); ++b) {
            body const& code = s.bodies[s.masked ? b : int(middle)];
            for (int i = code.first; i < code.last; ++i)
                if (p_.plan.code[i].kind == instruction::load) read(p_.plan.code[i].source);
        }
        for (int k = s.first_store; k < s.first_store + s.store_count; ++k) write(p_.plan.stores[k]);
    }
    std::string text_of(int t) const {
        step const& s = p_.plan.steps[t];
        std::string does, reads, writes;
        if (s.node >= 0)
            does = p_.g.nodes[s.node].operation->name;
        else {
            std::string space;
            for (int const n : s.space)
                if (n > 1) space += (space.empty() ? "" : " x ") + std::to_string(n);
            body const& b = s.bodies[middle];
            std::string applied;
            for (int i = b.first; i < b.last; ++i) {
                instruction const& x = p_.plan.code[i];
                if (x.kind == instruction::apply) list(applied, std::string(x.operation->name));
                if (x.kind == instruction::mask) list(applied, "mask");
            }
            for (int k = s.first_store; k < s.first_store + s.store_count; ++k)
                if (p_.plan.reduced[k])
                    list(applied, std::string(p_.g.producer_of(p_.plan.stores[k].at).operation->name));
            does = "loop over " + (space.empty() ? "1" : space) + ": " + (applied.empty() ? "copy" : applied);
        }
        walk(
            t, [&](int v) { list(reads, name(v)); },
            [&](destination to) {
                list(writes, to.kind == destination::output ? short_name(outputs_[std::size_t(to.at)]) : name(to.at));
            });
        return does + "; reads " + (reads.empty() ? "nothing" : reads) + "; writes " +
               (writes.empty() ? "nothing" : writes);
    }

  public:
    step_notes(Plan const& p, target const& machine, std::vector<std::string> const& leaves,
               std::vector<std::string> const& outputs, picture& to)
        : p_(p), machine_(machine), leaves_(leaves), outputs_(outputs), to_(to) {}

    void show() {
        graph const& g = p_.g;
        std::vector<int> block(std::size_t(g.value_count), -1);
        to_.workspace = p_.memory.bytes;
        for (int t = 0; t < p_.plan.step_count; ++t) {
            row_group const& group = p_.rows.of[t];
            to_.steps.push_back({text_of(t), group.last > group.first ? group.first : -1});
            auto const of = [&](int v) { return v < 0 ? -1 : home_.of(v); };
            walk(
                t,
                [&](int v) {
                    if (int const b = block[std::size_t(of(v))]; b >= 0)
                        to_.blocks[std::size_t(b)].last = std::max(to_.blocks[std::size_t(b)].last, int(group.last));
                },
                [&](destination to) {
                    int const v = of(to.stored());
                    if (v < 0 || block[std::size_t(v)] >= 0 || p_.memory.of[v].kind != location::workspace) return;
                    block[std::size_t(v)] = int(to_.blocks.size());
                    std::int64_t bytes = std::int64_t(g.shape_of(v).size()) * bytes_of(g.values[v].type);
                    if (p_.memory.of[v].one_image) bytes /= group.images;
                    to_.blocks.push_back({"v" + std::to_string(v) + " " + shape_text(g.shape_of(v)), t, int(group.last),
                                          p_.memory.of[v].at, bytes});
                });
            if (p_.memory.panels[t] == 0) continue;
            node const& n = g.nodes[p_.plan.steps[t].node];
            std::int64_t const bytes = n.operation->has_workspace ? n.operation->workspace(machine_)
                                                                  : n.operation->packed_bytes(g, n, machine_);
            to_.blocks.push_back(
                {std::string(n.operation->name) + "'s own", t, int(group.last), p_.memory.panels[t] - 1, bytes});
        }
    }
};

// `leaves` and `outputs`: how the program's arguments and outputs are called.
template <class Plan>
void show_steps(Plan const& p, target const& machine, std::vector<std::string> const& leaves,
                std::vector<std::string> const& outputs, picture& to) {
    step_notes<Plan>(p, machine, leaves, outputs, to).show();
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
