// The program as data: one flat graph in static single assignment form, an ordinary constexpr value. A node applies an
// operation to *values* and makes one or more values; nodes stand in topological order, equal nodes are merged when
// pushed. The set of operations is open: a node points to its operation's constexpr `descriptor`, and every pass is a
// plain function that asks the descriptor. Nothing here knows a single operation.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "paramorph/core/constexpr_math.hpp"
#include "paramorph/core/limits.hpp"
#include "paramorph/core/sentence.hpp"
#include "paramorph/graph/descriptor.hpp"

namespace paramorph::inline PARAMORPH_ABI::ir {

inline constexpr int max_nodes = 4096;
inline constexpr int max_values = 5120;
inline constexpr int max_outputs = 256;

// In which mode modules are while a graph is traced (parametrize/stage.hpp); in the cell of a scan, which is traced for
// itself, in none.
enum class traced_mode : std::uint8_t { none, training, inference };

// Who is told of the modules that are called while a graph is traced at run time (print/traced_network.hpp); while
// compiling, nobody. Which module is called: its address, and one that stands for its type. With which values, and what
// it gives.
struct called_module {
    void const *address, *type;
};
struct call_watcher {
    void (*begin)(call_watcher&, graph const&, called_module, int const* arguments, int count);
    void (*end)(call_watcher&, graph const&, int const* results, int count);
};

// The bounds of a clamp that were given the wrong way round.
struct exchanged_bounds {
    bool found = false;
    double low = 0, high = 0;
};

struct graph {
    node nodes[max_nodes];
    value values[max_values];
    std::int16_t table[2 * max_nodes];
    std::int16_t readers[max_values];  // while simplifying: how many nodes of the old graph read a value
    bool derived_next;                 // while simplifying: it is differentiated next
    int size, value_count;
    int outputs[max_outputs];
    int output_count;
    element real;
    descriptor const* sum;     // what differentiate adds cotangents with
    descriptor const* reduce;  // and reduces them to a broadcast argument's shape with
    descriptor const* choose;  // and chooses by a condition where they flow: where(condition, x, y)
    traced_mode modules;       // while it is traced
    int unused_updates;        // how often `buffer = value` was written and not yet given to pm::updated
    call_watcher* watcher;     // while it is traced, or null
    exchanged_bounds* bounds;  // while it is traced to ask for them, or null

    constexpr node const& producer_of(int v) const { return nodes[values[v].producer]; }
    constexpr extents const& shape_of(int v) const { return values[v].shape; }
    constexpr bool is_constant(int v) const { return producer_of(v).operation->kind == category::constant; }

    constexpr int push(node n) {
        int slot = find(n);
        if (table[slot] != 0) return nodes[table[slot] - 1].first;
        if (size == max_nodes || value_count + max_results > max_values)
            refused::the_graph_has_more_than_4096_nodes_split_the_network_or_the_chain();
        n.first = value_count;
        nodes[size++] = n;
        table[slot] = static_cast<std::int16_t>(size);
        for (int r = 0; r < n.operation->results; ++r) {
            value v = n.operation->infer(*this, n, r);
            v.producer = size - 1;
            values[value_count++] = v;
        }
        return n.first;
    }

    constexpr void output(int v) {
        if (output_count == max_outputs) refused::a_program_has_more_than_256_outputs();
        outputs[output_count++] = v;
    }

  private:
    // Open addressing; one expression each, because compilers limit the number of statements a constant evaluation may
    // take.
    constexpr int find(node const& n) const {
        std::uint64_t const number = std::bit_cast<std::uint64_t>(n.number);
        std::uint64_t h = n.operation->id.hash() ^ (number >> 31);  // round numbers differ in their highest bits only
        for (char const* c = n.text; c && *c; ++c) h = (h ^ static_cast<unsigned char>(*c)) * 0x100000001B3u;
        // Where their order is free, the two arguments count from the smaller one on.
        int const first = n.operation->commutes && n.argument[1] < n.argument[0] ? 1 : 0;
        std::uint64_t arguments =
            static_cast<std::uint64_t>(n.argument[first] + (static_cast<std::int64_t>(n.argument[1 - first]) << 16));
        for (int k = 2; k < n.operation->arity; ++k)
            arguments = (arguments << 16 | arguments >> 48) ^ static_cast<std::uint64_t>(n.argument[k]);
        h = (h ^ arguments) * 0x9E3779B97F4A7C15u;
        h = (h ^ (h >> 29) ^
             static_cast<std::uint64_t>(n.attribute.v[0] + (static_cast<std::int64_t>(n.attribute.v[1]) << 16) +
                                        (static_cast<std::int64_t>(n.attribute.v[2]) << 32) +
                                        (static_cast<std::int64_t>(n.attribute.v[3]) << 48)) ^
             number) *
            0xBF58476D1CE4E5B9u;
        unsigned slot = static_cast<unsigned>((h ^ (h >> 32)) % (2 * max_nodes));
        while (table[slot] != 0 && !same(nodes[table[slot] - 1], n, number)) slot = (slot + 1) % (2 * max_nodes);
        return static_cast<int>(slot);
    }
    static constexpr bool same(node const& a, node const& b, std::uint64_t number) {
        return a.operation->id == b.operation->id &&
               ((a.argument[0] == b.argument[0] && a.argument[1] == b.argument[1]) ||
                (a.operation->commutes && a.argument[0] == b.argument[1] && a.argument[1] == b.argument[0])) &&
               same_from_third_on(a, b) && a.attribute == b.attribute &&
               std::bit_cast<std::uint64_t>(a.number) == number && same_sentence(a.text, b.text);
    }
    static constexpr bool same_from_third_on(node const& a, node const& b) {
        for (int k = 2; k < a.operation->arity; ++k)
            if (a.argument[k] != b.argument[k]) return false;
        return true;
    }
    static constexpr bool same_sentence(char const* a, char const* b) {
        if (!a || !b) return !a && !b;
        while (*a && *a == *b) ++a, ++b;
        return *a == *b;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::ir

namespace paramorph::inline PARAMORPH_ABI::detail {

// What an operation may have beside its shape: functions, or templates of the graph's type (`auto& g`), which are
// compiled where the operation is used and nowhere else. Has Op a member of this name? In a class that inherits it from
// both, the name is ambiguous exactly then; so a function with another signature is found and refused.
struct function_names {
    int derive, rewrite, fold, scaled, summed, scalar, magnitude, view, reduced, part_of, row_product, packed_bytes,
        workspace, by_images, flops;
};
template <class Op>
struct with_function_names : Op, function_names {};
template <class Op>
    requires std::is_final_v<Op>
struct with_function_names<Op> : function_names {
    static_assert(!std::is_final_v<Op>, "operation: it must not be final");
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::refused {

// The derivative of an operation that has none and is not `flat`: its gradient would be zero without a word.
template <class Op>
[[noreturn]] void an_operation_has_no_derive_write_one_or_static_constexpr_bool_flat_true_if_it_is_zero(ir::graph&,
                                                                                                        ir::node const&,
                                                                                                        ir::adjoint&) {
    say("paramorph: an operation has no derive: write one, or `static constexpr bool flat = true;` if it is zero");
}

}  // namespace paramorph::inline PARAMORPH_ABI::refused

namespace paramorph::inline PARAMORPH_ABI::detail {

// What an operation computes, in constant evaluation. Most say whether their requirement holds; one that runs a program
// has the status of that.
template <class Op>
constexpr status computed(operands<double> const& x) {
    auto const ended = Op::template compute<math::constant, double>(x);
    if constexpr (std::is_same_v<decltype(ended), status const>)
        return ended;
    else if constexpr (requires { Op::requirement; })
        return {ended ? nullptr : Op::requirement};
    else
        return {ended ? nullptr : "paramorph: an operation failed"};
}

// What an operation calls itself; says so where it does not.
template <class Op>
struct name_of_operation {
    static constexpr std::string_view is = [] {
        if constexpr (requires { Op::name; })
            return std::string_view(Op::name);
        else {
            using wrong = mistake<sentence("operation: ", short_type_name<Op>(),
                                           " has no name: write `static constexpr std::string_view name = \"...\"`")>;
            using said [[maybe_unused]] = wrong::type;
            return std::string_view();
        }
    }();
};

#define PARAMORPH_TAKE(function, ...)                         \
    if constexpr (requires { d.function = &Op::function; }) { \
        d.function = &Op::function;                           \
        __VA_ARGS__;                                          \
    } else                                                    \
        static_assert(                                        \
            requires { &with_function_names<Op>::function; }, \
            "operation: its member " #function                \
            " is private, takes other arguments or gives another result than graph/descriptor.hpp says");

template <class Op>
constexpr descriptor make_descriptor() {
    descriptor d{};
    d.name = name_of_operation<Op>::is;
    d.id = id_of<Op>;
    d.family = family_of<Op>;
    d.kind = Op::kind;
    d.arity = Op::arity;
    d.results = Op::results;
    if constexpr (requires { Op::cost; }) d.cost = Op::cost;
    if constexpr (requires { Op::commutes; }) d.commutes = Op::commutes;
    if constexpr (requires { Op::composite; }) d.composite = Op::composite;
    if constexpr (requires { Op::settled; }) d.settled = Op::settled;
    if constexpr (requires { Op::in_planes; }) d.in_planes = Op::in_planes;
    if constexpr (requires { Op::reads_stored; }) d.reads_stored = Op::reads_stored;
    if constexpr (requires { Op::reads_leaves; }) d.reads_leaves = Op::reads_leaves;
    d.infer = &Op::infer;
    if constexpr (requires { Op::flat; }) d.flat = Op::flat;
    d.derive = &refused::an_operation_has_no_derive_write_one_or_static_constexpr_bool_flat_true_if_it_is_zero<Op>;
    PARAMORPH_TAKE(derive, d.differentiable = true)
    PARAMORPH_TAKE(rewrite, d.rewrites = true)
    PARAMORPH_TAKE(fold, d.folds = true)
    PARAMORPH_TAKE(scaled, d.scales = true)
    PARAMORPH_TAKE(summed, d.sums = true)
    PARAMORPH_TAKE(scalar)
    PARAMORPH_TAKE(magnitude, d.bounds = true)
    PARAMORPH_TAKE(view)
    PARAMORPH_TAKE(part_of, d.has_parts = true)
    PARAMORPH_TAKE(row_product, d.has_rows = true)
    PARAMORPH_TAKE(packed_bytes, d.has_panels = true)
    PARAMORPH_TAKE(workspace, d.has_workspace = true)
    PARAMORPH_TAKE(by_images, d.has_images = true)
    if constexpr (requires { Op::optional_results; }) d.optional_results = Op::optional_results;
    PARAMORPH_TAKE(reduced)
    if constexpr (requires { &Op::template compute<math::constant, double>; }) d.compute = &computed<Op>;
    if constexpr (requires { Op::requirement; }) d.requirement = Op::requirement;
    PARAMORPH_TAKE(flops, d.has_flops = true)
    if constexpr (requires { Op::start; }) d.adds = math::isfinite(static_cast<double>(Op::start));
    return d;
}
#undef PARAMORPH_TAKE

}  // namespace paramorph::inline PARAMORPH_ABI::detail

namespace paramorph::inline PARAMORPH_ABI::ir {

template <class Op>
inline constexpr descriptor describe = detail::make_descriptor<Op>();

// Appends an operation with its arguments and attributes: its first result.
template <class Op, class... V>
constexpr int push(graph& g, V... arguments) {
    static_assert(sizeof...(V) == Op::arity, "push: give as many arguments as the operation has");
    return g.push(node{&describe<Op>, {arguments...}, {}, 0, nullptr, 0});
}
template <class Op, class... V>
constexpr int push_with(graph& g, attributes a, V... arguments) {
    static_assert(sizeof...(V) == Op::arity, "push_with: give as many arguments as the operation has");
    return g.push(node{&describe<Op>, {arguments...}, a, 0, nullptr, 0});
}
// The same, with the sentence for what fails there, or none for the operation's own.
template <class Op, class... V>
constexpr int push_with(graph& g, attributes a, char const* sentence, V... arguments) {
    static_assert(sizeof...(V) == Op::arity, "push_with: give as many arguments as the operation has");
    return g.push(node{&describe<Op>, {arguments...}, a, 0, sentence, 0});
}

}  // namespace paramorph::inline PARAMORPH_ABI::ir

// What a user's operation names.
namespace paramorph::inline PARAMORPH_ABI {

using ir::adjoint, ir::attributes, ir::category, ir::max_arguments, ir::max_results, ir::operands, ir::push,
    ir::push_with;

}  // namespace paramorph::inline PARAMORPH_ABI
