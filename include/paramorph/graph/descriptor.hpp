// What an operation says of itself, as data: which kind it is, how many arguments and results it has, and functions
// that tell its shape, its derivative, its value, what it is equal to. A node of a graph points to such a descriptor
// (graph.hpp), and every pass asks it.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include "paramorph/core/element.hpp"
#include "paramorph/core/error.hpp"
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

inline constexpr int max_arguments = 8;
inline constexpr int max_results = 8;

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
    int cotangent[max_results], of_argument[max_arguments];

    constexpr adjoint() {
        for (int& c : cotangent) c = -1;
        for (int& a : of_argument) a = -1;
    }
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
// pointers. Those that an operation does not have are not set.
template <class T>
struct operands {
    T const* argument[max_arguments];
    std::int32_t const* integer[max_arguments];
    T* result[max_results];
    std::int32_t* integer_result[max_results];
    T* panels = nullptr;           // in a kernel: see `packed_bytes` and `workspace`
    extents shape[max_arguments];  // of the arguments
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
// range, too; or of elements, without the scale of their row, its second argument, which such numbers made, or of all
// of them, one number that is 1.
enum class settled_as : std::uint8_t { itself, function, measured, without_scale };

// Operations that are templates, which a pass knows whatever their arguments are. Said of a type beside it, so that
// neither a name nor what is derived from it makes an operation one of these.
enum class operation_family : std::uint8_t { none, concatenate, packed, gather, scan };
template <class Op>
inline constexpr operation_family family_of = operation_family::none;

struct descriptor {
    std::string_view name;  // for readers; what an operation is, passes ask of id and family
    operation_id id;
    operation_family family;
    category kind;
    int arity, results;
    int cost;  // elementwise: in units of a vector addition
    value (*infer)(graph const&, node const&, int result);
    bool commutes;  // elementwise of two arguments: their order is free
    bool flat;  // its derivative is zero, or none is to flow through it
    // Has derive, rewrite, fold, scaled, summed: sanitizers refuse to compare functions with null.
    bool differentiable, rewrites, folds, scales, sums;
    void (*derive)(graph&, node const&, adjoint&);  // refuses where there is none
    int (*rewrite)(graph&, node const&);           // an equal, simpler value, or -1
    folded (*fold)(known const*);                  // elementwise
    int (*scaled)(graph&, node const&, double);    // elementwise: the result times a number, at no cost; or -1
    int (*summed)(graph&, int result, int other);  // an equal, simpler value of the sum of these two, or -1
    double (*scalar)(double const*);               // elementwise
    double (*magnitude)(double const*);            // elementwise, optional: the largest |result|, from the arguments'
    bool bounds;                                   // has magnitude
    bool composite;                               // elementwise, but its derivative is not; its rewrite would lose that
    view_map (*view)(graph const&, node const&);  // view
    int (*reduced)(graph const&, node const&);    // reduction: bit k is axis k of the argument seen as four axes
    status (*compute)(operands<double> const&);   // reduction, dense; what failed
    char const* requirement;                      // the sentence for that
    double (*flops)(graph const&, node const&);   // dense, optional: additions and multiplications
    bool has_flops;
    bool adds;  // reduction: begins at a finite number; those that only compare begin at an infinity
    part (*part_of)(graph const&, node const&, int argument);  // dense, optional: where the result holds an argument
    bool (*row_product)(graph const&, node const&, bool vectors);  // dense, optional: see graph/row_products.hpp
    std::int64_t (*packed_bytes)(graph const&, node const&, target const&);  // dense, optional: what its kernel packs
    std::int64_t (*workspace)(target const&);  // dense, optional: bytes for its kernel alone, of a program that it runs
    bool (*by_images)(graph const&, node const&);  // dense, optional: see graph/images.hpp
    bool has_parts, has_rows, has_panels, has_workspace, has_images;
    int optional_results;  // dense: bit r: where nothing reads result r, it has no memory and is not made
    settled_as settled;    // elementwise
    bool in_planes;        // dense, with row_product: computed by tiles of its last axes
    bool reads_stored;     // dense: its kernel reads arguments that are stored apart; others are converted before
    bool reads_leaves;     // dense: its kernel is given the program's arguments, too
};

}  // namespace paramorph::inline PARAMORPH_ABI::ir
