// A network traced at run time, and what is known of it then: which module was called when, with which values, what it
// gave, and which nodes of the graph are its own. For those who show networks; programs that run are traced while
// compiling.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "paramorph/nn/accepts.hpp"
#include "paramorph/print/module_tree.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Nodes [first, last) of a graph.
struct node_range {
    int first = 0, last = 0;
};
struct traced_call {
    int module;  // in the tree; -1: one that is no member of the network
    int parent;  // the call that it is made in, or -1
    node_range nodes{};
    std::vector<int> arguments{}, results{};
    bool leaf = true;  // no module is called in it
};
struct traced_values {
    shown_tensor const* tensor;
    node_range nodes;  // of its chain
};

struct network_trace {
    module_tree tree;
    std::unique_ptr<graph> g;
    std::vector<traced_call> calls{};
    std::vector<traced_values> tensors{};
    std::vector<std::string> leaves{};  // how the program's arguments are called
    std::vector<int> inputs{};          // values
    std::vector<bool> used{};           // nodes that the outputs are made of
    std::string unknown{};              // operations that do not say how many flops they take

    // Additions, multiplications and other operations on a number that these nodes take; a multiplication with an
    // addition is two.
    double flops(node_range of) {
        double all = 0;
        for (int i = of.first; i < of.last; ++i) {
            node const& n = g->nodes[i];
            if (!used[std::size_t(i)]) continue;
            if (n.operation->kind == category::elementwise)
                all += g->shape_of(n.first).size();
            else if (n.operation->kind == category::reduction)
                all += g->shape_of(n.argument[0]).size();
            else if (n.operation->kind == category::dense) {
                std::string const name(n.operation->name);
                if (n.operation->has_flops)
                    all += n.operation->flops(*g, n);
                else if (unknown.find(name) == std::string::npos)
                    unknown += (unknown.empty() ? "" : ", ") + name;
            }
        }
        return all;
    }
    void find_used() {
        used.assign(std::size_t(g->size), false);
        for (int k = 0; k < g->output_count; ++k) used[std::size_t(g->values[g->outputs[k]].producer)] = true;
        for (int i = g->size - 1; i >= 0; --i)
            for (int k = 0; used[std::size_t(i)] && k < g->nodes[i].operation->arity; ++k)
                used[std::size_t(g->values[g->nodes[i].argument[k]].producer)] = true;
    }
};

// Notes the calls. A module is found by its type and by where it lies in the one that calls it.
class call_notes : public call_watcher {
    struct frame {
        int call, module;
        char const* base;  // of the module's members
    };
    network_trace& to_;
    std::vector<frame> open_{};

    // The module of this type, at this address, that is a member of module `of`, or of its members.
    int find(int of, char const* base, called_module m) const {
        for (std::size_t k = std::size_t(of) + 1;
             k < to_.tree.size() && to_.tree[k].depth > to_.tree[std::size_t(of)].depth; ++k) {
            shown_module const& x = to_.tree[k];
            if (x.parent != of) continue;
            if (base + x.at == m.address && x.tag == m.type) return int(k);
            if (int const inside = find(int(k), base + x.at + x.inner_at, m); inside >= 0) return inside;
        }
        return -1;
    }
    void begin_call(graph const& g, called_module m, int const* arguments, int count) {
        auto const* const address = static_cast<char const*>(m.address);
        int module = -1;
        if (open_.empty() || open_.back().module < 0) {
            if (to_.tree[0].tag == m.type) module = 0;
        } else {
            frame& f = open_.back();
            if (to_.tree[std::size_t(f.module)].inner == m.type) {  // the module below an overlay, or a copy of it
                open_.push_back({-1, f.module, address});
                return;
            }
            module = find(f.module, f.base, m);
        }
        int parent = -1;
        for (frame const& f : open_)
            if (f.call >= 0) parent = f.call;
        if (parent >= 0) to_.calls[std::size_t(parent)].leaf = to_.calls[std::size_t(parent)].leaf && module < 0;
        if (module < 0) {  // part of the one that calls it
            open_.push_back(open_.empty() ? frame{-1, -1, nullptr} : frame{-1, open_.back().module, open_.back().base});
            return;
        }
        to_.calls.push_back({module, parent, {g.size, g.size}, {arguments, arguments + count}});
        open_.push_back({int(to_.calls.size()) - 1, module, address + to_.tree[std::size_t(module)].inner_at});
    }
    void end_call(graph const& g, int const* results, int count) {
        frame const f = open_.back();
        open_.pop_back();
        if (f.call < 0) return;
        traced_call& c = to_.calls[std::size_t(f.call)];
        c.nodes.last = g.size;
        c.results.assign(results, results + count);
    }

  public:
    explicit call_notes(network_trace& to) : call_watcher{}, to_(to) {
        begin = [](call_watcher& w, graph const& g, called_module m, int const* arguments, int count) {
            static_cast<call_notes&>(w).begin_call(g, m, arguments, count);
        };
        end = [](call_watcher& w, graph const& g, int const* results, int count) {
            static_cast<call_notes&>(w).end_call(g, results, count);
        };
    }
};

// What function F of the network makes of inputs, in a mode. `tree` is that of the network.
template <class F, class M, class... Input>
network_trace trace_network(module_tree tree, mode of) {
    using real = typename real_of_inputs<M, Input...>::type;
    network_trace t{std::move(tree), std::make_unique<graph>(new_graph<real>())};
    graph& g = *t.g;
    g.modules = of == mode::training ? traced_mode::training : traced_mode::inference;
    auto const m = std::make_unique<M>();
    int position = 0;
    for_each_path(*m, [&]<fixed_string Path>(auto& x) {
        int const before = g.size;
        x.bind(g, position);
        for (shown_module const& owner : t.tree)
            for (shown_tensor const& shown : owner.tensors)
                if (shown.path == Path.view()) {
                    t.tensors.push_back({&shown, {before, g.size}});
                    for (auto const& o : shown.originals) t.leaves.push_back(o.name);
                    for (auto const& s : shown.states) t.leaves.push_back(s.name);
                }
    });
    int number = 0;
    auto const next = [&]<class In>(In) {
        auto const x = append_leaf<typename In::shape_type, typename In::value_type>(g, position++);
        t.leaves.push_back(sizeof...(Input) == 1 ? "input" : "input " + std::to_string(number++));
        t.inputs.push_back(x.id);
        return x;
    };
    std::tuple<typename Input::symbol_type...> const in{next(Input{})...};  // braces: from left to right
    call_notes notes(t);
    g.watcher = &notes;
    auto const y = std::apply([&](auto const&... x) { return apply_function<F>(*m, x...); }, in);
    g.watcher = nullptr;
    results<std::remove_const_t<decltype(y)>>::output(g, y);
    if (of == mode::training) {
        state_updates const changed = updates_of(*m);
        for (int k = 0; k < changed.count; ++k) g.output(changed.value[k]);
    }
    t.find_used();
    return t;
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
