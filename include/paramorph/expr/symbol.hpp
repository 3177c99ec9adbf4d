// Symbols: what `forward(auto x)` and `right_inverse(auto a)` are given when they are traced. A symbol's type carries
// shape, element type and the set of operations behind it, so that a wrong shape is refused at the operator; its value
// is a place in the graph that is being built. Applying an operation appends to that graph at once: types never nest,
// however long the network.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>

#include "paramorph/expr/not_a_number.hpp"
#include "paramorph/graph/graph.hpp"

namespace paramorph::inline PARAMORPH_ABI {

#define PARAMORPH_ASSIGNED                                                                                           \
    "a traced tensor is not changed in place, since its type says what made it: write auto y = s * x in place of s " \
    "= s * x; a loop: a function that calls itself with the next value"
template <class Shape, class T, class Operations = ops<>>
struct symbol : detail::not_an_array {
    using shape_type = Shape;
    using value_type = T;
    using operations = Operations;
    static constexpr int rank = Shape::rank;

    ir::graph* traced = nullptr;
    int id = 0;

    constexpr symbol() = default;
    constexpr symbol(ir::graph* g, int v) : traced(g), id(v) {}
    template <class S, class U, class O, detail::sentence Says = PARAMORPH_ASSIGNED>
    constexpr symbol& operator=(symbol<S, U, O> const&) {
        using wrong = detail::mistake<Says>;
        using said [[maybe_unused]] = wrong::type;
        return *this;
    }
    template <class Number, detail::sentence Says = PARAMORPH_ASSIGNED>
        requires std::is_arithmetic_v<Number>
    constexpr symbol& operator=(Number) {
        using wrong = detail::mistake<Says>;
        using said [[maybe_unused]] = wrong::type;
        return *this;
    }
};

#undef PARAMORPH_ASSIGNED

// An expression without arguments, such as `pm::identity<4>()`: it takes its place in the graph of what it is combined
// with.
template <class Op, attributes At>
struct generator {
    struct rule {
        static constexpr extents value() { return Op::shape({}, At, 0); }
    };
    using shape_type = shape_by<rule>;
};

namespace op {

// A parameter or an input of the program; attribute 0 is its position. Its shape is given when it is placed.
struct leaf {
    static constexpr std::string_view name = "leaf";
    static constexpr category kind = category::leaf;
    static constexpr int arity = 0, results = 1;
    using uses = ops<>;
    static constexpr value infer(graph const&, node const&, int) { return {}; }
};

// A number; rank 0.
struct constant {
    static constexpr std::string_view name = "constant";
    static constexpr category kind = category::constant;
    static constexpr int arity = 0, results = 1;
    using uses = ops<>;
    static constexpr value infer(graph const& g, node const&, int) { return {{}, g.real, 0}; }
};

// Among the operations of what was made of a refused operation's arguments: one mistake is one error, and what would
// trace the function again does not. It is in no graph.
struct mistaken : constant {};

}  // namespace op

// Places a leaf: the argument number `position` of the program.
template <class Shape, class T>
constexpr symbol<Shape, T> append_leaf(ir::graph& g, int position) {
    constexpr bool is_element = real<T> || std::same_as<T, std::int32_t>;
    static_assert(is_element, "an input's elements must be float, double or std::int32_t (labels)");
    int const v = push_with<op::leaf>(g, attributes{{position}});
    g.values[v] = ir::value{Shape::value, element_of<T>, g.values[v].producer};
    return {&g, v};
}
// The same of extents, in numbers as the program's.
constexpr int append_leaf(ir::graph& g, int position, extents const& s) {
    int const v = push_with<op::leaf>(g, attributes{{position}});
    g.values[v] = ir::value{s, g.real, g.values[v].producer};
    return v;
}
constexpr int append_constant(ir::graph& g, double x) {
    return g.push(ir::node{&ir::describe<op::constant>, {}, {}, x, nullptr, 0});
}

namespace detail {

template <class X>
inline constexpr bool is_symbol = false;
template <class S, class T, class O>
inline constexpr bool is_symbol<symbol<S, T, O>> = true;
template <class X>
inline constexpr bool is_generator = false;
template <class Op, attributes At>
inline constexpr bool is_generator<generator<Op, At>> = true;

}  // namespace detail

// What takes part in tracing: a symbol, or a module's tensor (which knows its symbol).
template <class X>
concept traced = detail::is_symbol<std::remove_cvref_t<X>> || requires(std::remove_cvref_t<X> const& x) {
    typename std::remove_cvref_t<X>::traced_type;
    { x.as_symbol() } -> std::same_as<typename std::remove_cvref_t<X>::traced_type>;
};
template <class X>
concept number = std::is_arithmetic_v<std::remove_cvref_t<X>>;
// An argument of an operation.
template <class X>
concept operand = traced<X> || number<X> || detail::is_generator<std::remove_cvref_t<X>>;

namespace detail {

template <class X>
constexpr auto as_operand(X const& x) {
    if constexpr (is_symbol<X> || is_generator<X>)
        return x;
    else if constexpr (number<X>)
        return static_cast<double>(x);
    else
        return x.as_symbol();
}
template <class X>
using operand_type = decltype(as_operand(std::declval<std::remove_cvref_t<X> const&>()));

template <class X>
struct operand_shape {
    using type = typename X::shape_type;
};
template <>
struct operand_shape<double> {
    using type = shape<>;
};
template <class X>
constexpr extents shape_value() {
    return operand_shape<operand_type<X>>::type::value;
}
template <class X>
constexpr auto operations_of() {
    if constexpr (is_symbol<X>)
        return typename X::operations{};
    else
        return ops<>{};
}

// The element type of the first symbol among the operands, and whether all have it; int32 labels do not take part.
template <class... X>
struct common_real {
    using type = void;
    template <class>
    static constexpr bool shared = true;
};
template <class X, class... Rest>
struct common_real<X, Rest...> : common_real<Rest...> {};
template <class S, class T, class O, class... Rest>
    requires real<T>
struct common_real<symbol<S, T, O>, Rest...> {
    using type = T;
    template <class U>
    static constexpr bool shared = std::is_same_v<T, U> && common_real<Rest...>::template shared<U>;
};

template <class X, class... Rest>
constexpr graph* graph_of(X const& x, Rest const&... rest) {
    if constexpr (is_symbol<X>)
        return x.traced;
    else
        return graph_of(rest...);
}
// A number that a user wrote.
constexpr int placed_literal(graph& g, double x) {
    if (!math::isfinite(x)) refused::a_number_in_an_expression_must_be_finite();
    if (g.real == element::f32 && math::abs(x) > 0x1.fffffep127)
        refused::a_number_among_floats_must_not_exceed_the_largest_float();
    return append_constant(g, x);
}
template <class X>
constexpr int placed(graph& g, X const& x) {
    if constexpr (is_symbol<X>)
        return x.id;
    else if constexpr (std::is_same_v<X, double>)
        return placed_literal(g, x);
    else
        return []<class Op, attributes At>(graph& into, generator<Op, At>) { return push_with<Op>(into, At); }(g, x);
}

// The shape of result R of `Op` applied to operands of types X.
template <class Op, attributes At, int R, class... X>
struct result_rule {
    static constexpr extents value() { return Op::shape({operand_shape<X>::type::value...}, At, R); }
};

template <class X>
inline constexpr bool is_real_operand = true;
template <class S, class T, class O>
inline constexpr bool is_real_operand<symbol<S, T, O>> = real<T>;

// An operand as sentences name it.
template <class X>
constexpr sentence named_operand() {
    if constexpr (is_symbol<X>)
        return sentence(name_of_element<typename X::value_type>, " ", X::shape_type::value);
    else
        return sentence("a number");
}
template <class X, class... Rest>
constexpr sentence named_operands() {
    if constexpr (sizeof...(Rest) == 0)
        return named_operand<X>();
    else
        return sentence(named_operand<X>().view(), " and ", named_operands<Rest...>().view());
}

template <class Op, attributes At, int Results, class... X>
constexpr auto apply_to(char const* text, X const&... x) {
    using real = common_real<X...>;
    using T = std::conditional_t<std::is_void_v<typename real::type>, float, typename real::type>;
    static_assert((is_symbol<X> || ...), "give an operation at least one traced tensor");
    if constexpr (!real::template shared<T>) {
        using wrong =
            mistake<sentence(Op::name, ": float and double are mixed in one expression, ",
                             named_operands<X...>().view(), ": use one element type for all tensors of a program")>;
        using said [[maybe_unused]] = wrong::type;
    }
    if constexpr (!requires { typename Op::takes_labels; } && !(is_real_operand<X> && ...)) {
        using wrong = mistake<sentence(
            Op::name, ": int32 labels take part in pick, cross_entropy and take only, not in an operation of ",
            named_operands<X...>().view(), ": convert them to the element type of the network first")>;
        using said [[maybe_unused]] = wrong::type;
    }
    static_assert(sizeof...(X) == Op::arity, "apply: give as many arguments as the operation has");
    using operations = join<ops<Op>, decltype(operations_of<X>())...>;
    graph* const g = graph_of(x...);
    int first = 0;
    if (g) {  // without one, only whether this is a constant expression is asked: nn/tracing.hpp, rehearse
        first = g->push(node{&describe<Op>, {placed(*g, x)...}, At, 0, text, 0});
    }
    if constexpr (Results == 1) {
        return symbol<shape_by<result_rule<Op, At, 0, X...>>, T, operations>{g, first};
    } else {
        return [&]<int... R>(std::integer_sequence<int, R...>) {
            return std::tuple{symbol<shape_by<result_rule<Op, At, R, X...>>, T, operations>{g, first + R}...};
        }(std::make_integer_sequence<int, Results>{});
    }
}

}  // namespace detail

// The shape of an operand, as a type and as a value.
template <operand X>
using shape_type_of = typename detail::operand_shape<detail::operand_type<X>>::type;
template <operand X>
inline constexpr extents extents_of = detail::shape_value<X>();

// Applies `Op`: appends a node and answers with a symbol of its result; a tuple of the first `Results` results if
// several are asked for.
template <class Op, attributes At = attributes{}, int Results = 1, operand... X>
constexpr auto apply(X const&... x) {
    return detail::apply_to<Op, At, Results>(nullptr, detail::as_operand(x)...);
}

}  // namespace paramorph::inline PARAMORPH_ABI
