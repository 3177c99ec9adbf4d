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
#include "paramorph/core/element.hpp"
#include "paramorph/core/limits.hpp"
#include "paramorph/core/ops.hpp"
#include "paramorph/core/shape.hpp"

// The intermediate representation and its passes are no part of what users name; these parts of the library see it.
namespace paramorph::inline PARAMORPH_ABI {

struct target;

namespace ir {}
namespace detail {
using namespace ir;
}
namespace linalg {
using namespace ir;
}
namespace op {
using namespace ir;
}
namespace kernel {
using namespace ir;
}
namespace program {
using namespace ir;
}

}  // namespace paramorph::inline PARAMORPH_ABI

namespace paramorph::inline PARAMORPH_ABI::ir {

struct graph;

inline constexpr int max_arguments = 4;
inline constexpr int max_results = 4;
inline constexpr int max_nodes = 4096;
inline constexpr int max_values = 5120;
inline constexpr int max_outputs = 256;

// Integers that belong to a node: an axis, a diagonal's index, a slice's begin. Usable as a template argument.
struct attributes {
    int v[4]{};
    constexpr bool operator==(attributes const&) const = default;
};

struct node {
    struct descriptor const* operation;
    int argument[max_arguments];
    attributes attribute;
    double number;     // of a constant
    char const* text;  // the sentence of a requirement
    int first;         // its results are the values [first, first + results)
};

struct value {
    extents shape;
    element type;
    int producer;  // index of the node
};

// What a derivative rule is given and what it answers with: cotangents of the results (-1: none), adjoints of the
// arguments.
struct adjoint {
    int cotangent[max_results]{-1, -1, -1, -1};
    int of_argument[max_arguments]{-1, -1, -1, -1};
};

// What is known of an elementwise operation's argument, and what the operation then is: one of its arguments, or a
// number.
struct known {
    bool constant = false;
    double number = 0;
};
struct folded {
    enum kind_t { none, argument, constant } kind = none;
    int index = 0;
    double number = 0;
};

// How a view reads its argument: axis k of the argument runs along axis `axis[k]` of the result (-1: stands still),
// from `offset[k]` on. Where it is strided, it runs in steps of `step[k]`, which may be negative, and along a second
// axis, too.
struct view_map {
    int axis[max_rank]{-1, -1, -1, -1};
    int offset[max_rank]{};
    bool strided = false;
    int step[max_rank]{1, 1, 1, 1};
    int second[max_rank]{-1, -1, -1, -1}, second_step[max_rank]{};
};

// Where a dense operation puts an argument unchanged into its result: its elements in runs of `run`, the first at
// element `offset`, each `full` elements after the one before it.
struct part {
    int offset, run, full;
};

// Operands of a dense operation's `compute`, at constant evaluation and at run time. Integer values have their own
// pointers.
template <class T>
struct operands {
    T const* argument[max_arguments]{};
    std::int32_t const* integer[max_arguments]{};
    T* result[max_results]{};
    std::int32_t* integer_result[max_results]{};
    T* panels = nullptr;             // in a kernel: see `panel_rows` and `workspace`
    extents shape[max_arguments]{};  // of the arguments
    attributes attribute{};
};

enum class category : std::uint8_t {
    leaf,         // a parameter or an input of the program
    constant,     // a number, rank 0
    elementwise,  // one loop body, arguments broadcast
    view,         // an argument read through a view_map
    mask,         // an argument, zero where attribute[1] * (column - row - attribute[0]) < 0
    diagonal,     // 1 where column - row == attribute[2], else 0; shape {attribute[0], attribute[1]}
    alias,        // the argument's elements in the same order under another shape
    reduction,    // an argument's axes combined into one element; part of the loop that computes the argument
    dense,        // a step of its own
};

// A magnitude that is not known, or too large to reckon with; from there on nothing is.
inline constexpr double unbounded = 1e30;

// What an operation is computed as where sums of squares are in their range (kernel/rows_together.hpp): itself; or its
// value_of_settled, as a function of such a sum; of two numbers of a row whose product, `measured`, has to be in that
// range, too; or of elements, without the scale of their row, its second argument, which such numbers made.
enum class settled_as : std::uint8_t { itself, function, measured, without_scale };

struct descriptor {
    std::string_view name;
    operation_id id;
    category kind;
    int arity, results;
    int cost;  // elementwise: in units of a vector addition
    value (*infer)(graph const&, node const&, int result);
    bool commutes;  // elementwise of two arguments: their order is free
    // Has derive, rewrite, fold, scaled: sanitizers refuse to compare functions with null.
    bool differentiable, rewrites, folds, scales;
    void (*derive)(graph&, node const&, adjoint&);
    int (*rewrite)(graph&, node const&);          // an equal, simpler value, or -1
    folded (*fold)(known const*);                 // elementwise
    int (*scaled)(graph&, node const&, double);   // elementwise: the result times a number, at no cost; or -1
    double (*scalar)(double const*);              // elementwise
    double (*magnitude)(double const*);           // elementwise, optional: the largest |result|, from the arguments'
    bool bounds;                                  // has magnitude
    bool composite;                               // elementwise, but its derivative is not; its rewrite would lose that
    view_map (*view)(graph const&, node const&);  // view
    int (*reduced)(graph const&, node const&);    // reduction: bit k is axis k of the argument seen as four axes
    bool (*compute)(operands<double> const&);     // reduction, dense; false: a requirement failed
    char const* requirement;                      // the sentence for that
    double (*flops)(graph const&, node const&);   // dense, optional: additions and multiplications
    bool has_flops;
    bool adds;  // reduction: begins at a finite number; those that only compare begin at an infinity
    part (*part_of)(graph const&, node const&, int argument);  // dense, optional: where the result holds an argument
    bool (*row_product)(graph const&, node const&);            // dense, optional: see graph/row_products.hpp
    int (*panel_rows)(graph const&, node const&, int lanes);   // dense, optional: the rows of two vectors that it packs
    std::int64_t (*workspace)(target const&);  // dense, optional: bytes for its kernel alone, of a program that it runs
    bool (*by_images)(graph const&, node const&);  // dense, optional: see graph/images.hpp
    bool has_parts, has_rows, has_panels, has_workspace, has_images;
    int optional_results;  // dense: bit r: where nothing reads result r, it has no memory and is not made
    settled_as settled;    // elementwise
    bool in_planes;        // dense, with row_product: computed by tiles of its last axes
    bool reads_stored;     // dense: its kernel reads arguments that are stored in 16 bits; others are converted before
};

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
        // Where their order is free, the two arguments count from the smaller one on.
        int const first = n.operation->commutes && n.argument[1] < n.argument[0] ? 1 : 0;
        h = (h ^
             static_cast<std::uint64_t>(n.argument[first] + (static_cast<std::int64_t>(n.argument[1 - first]) << 16) +
                                        (static_cast<std::int64_t>(n.argument[2]) << 32) +
                                        (static_cast<std::int64_t>(n.argument[3]) << 48))) *
            0x9E3779B97F4A7C15u;
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
               a.argument[2] == b.argument[2] && a.argument[3] == b.argument[3] && a.attribute == b.attribute &&
               std::bit_cast<std::uint64_t>(a.number) == number;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::ir

namespace paramorph::inline PARAMORPH_ABI::detail {

// What an operation may have beside its shape: functions, or templates of the graph's type (`auto& g`), which are
// compiled where the operation is used and nowhere else. Has Op a member of this name? In a class that inherits it from
// both, the name is ambiguous exactly then; so a function with another signature is found and refused.
struct function_names {
    int derive, rewrite, fold, scaled, scalar, magnitude, view, reduced, part_of, row_product, panel_rows, workspace,
        by_images, flops;
};
template <class Op>
struct with_function_names : Op, function_names {};
template <class Op>
    requires std::is_final_v<Op>
struct with_function_names<Op> : function_names {
    static_assert(!std::is_final_v<Op>, "operation: it must not be final");
};

#define PARAMORPH_TAKE(function, ...)                         \
    if constexpr (requires { d.function = &Op::function; }) { \
        d.function = &Op::function;                           \
        __VA_ARGS__;                                          \
    } else                                                    \
        static_assert(                                        \
            requires { &with_function_names<Op>::function; }, \
            "operation: its member " #function                \
            " is private, takes other arguments or gives another result than descriptor in graph.hpp says");

template <class Op>
constexpr descriptor make_descriptor() {
    descriptor d{};
    d.name = Op::name;
    d.id = id_of<Op>;
    d.kind = Op::kind;
    d.arity = Op::arity;
    d.results = Op::results;
    if constexpr (requires { Op::cost; }) d.cost = Op::cost;
    if constexpr (requires { Op::commutes; }) d.commutes = Op::commutes;
    if constexpr (requires { Op::composite; }) d.composite = Op::composite;
    if constexpr (requires { Op::settled; }) d.settled = Op::settled;
    if constexpr (requires { Op::in_planes; }) d.in_planes = Op::in_planes;
    if constexpr (requires { Op::reads_stored; }) d.reads_stored = Op::reads_stored;
    d.infer = &Op::infer;
    PARAMORPH_TAKE(derive, d.differentiable = true)
    PARAMORPH_TAKE(rewrite, d.rewrites = true)
    PARAMORPH_TAKE(fold, d.folds = true)
    PARAMORPH_TAKE(scaled, d.scales = true)
    PARAMORPH_TAKE(scalar)
    PARAMORPH_TAKE(magnitude, d.bounds = true)
    PARAMORPH_TAKE(view)
    PARAMORPH_TAKE(part_of, d.has_parts = true)
    PARAMORPH_TAKE(row_product, d.has_rows = true)
    PARAMORPH_TAKE(panel_rows, d.has_panels = true)
    PARAMORPH_TAKE(workspace, d.has_workspace = true)
    PARAMORPH_TAKE(by_images, d.has_images = true)
    if constexpr (requires { Op::optional_results; }) d.optional_results = Op::optional_results;
    PARAMORPH_TAKE(reduced)
    if constexpr (requires { &Op::template compute<math::constant, double>; })
        d.compute = &Op::template compute<math::constant, double>;
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
