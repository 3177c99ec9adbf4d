// What an operation is. Every operation is a struct that states its name, category, arity and number of results, the
// operations its derivative or rewrite may push (`uses`), its shape rule, and its value and derivative. The bases below
// fill in what follows from the rest; a user's own operation derives from them in the same way, in the user's own file
// (examples/user_operation.cpp has one that is elementwise and one with a shape rule and a loop of its own; op/sqrt.hpp
// and op/cumsum.hpp are the library's).
//
// What depends on an argument has a derivative, `derive`, or says by `static constexpr bool flat = true;` that it is
// zero, or that no gradient is to flow (op/sign.hpp, op/detach.hpp). Without either the operation is for values alone:
// the compiler refuses a gradient that would flow through it.
//
// Functions that use the graph take it as `auto& g`: an operation that a program does not use is then only parsed, and
// an operation may push one that is only declared so far.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "paramorph/core/constexpr_math.hpp"
#include "paramorph/core/fixed_string.hpp"
#include "paramorph/core/pairwise.hpp"
#include "paramorph/expr/symbol.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// How precise an elementary function is: accurate, at most 4 ulp over the whole domain; fast, within the relative
// errors that kernel/math/fast.hpp states. `pm::sigmoid<pm::fast>(x)` asks for it, and the gradient keeps it. The
// interpreter is accurate always.
enum class precision { accurate, fast };
inline constexpr precision accurate = precision::accurate, fast = precision::fast;

// How a continuous function of one number runs: between any two numbers of its domain its value moves by `least` to
// `most` times what the number moves by; it is convex, concave, both (a straight line) or neither, as far as is known.
struct trend {
    double least = -math::infinity, most = math::infinity;
    bool convex = false, concave = false;
};

namespace detail {

// What all operations say alike stands in bases that are made once, not for each operation.
struct one_result {
    using uses = ops<>;
    static constexpr int results = 1, integer_result = -1;
};
template <int Arity>
struct of_elements {
    static constexpr category kind = category::elementwise;
    static constexpr int arity = Arity, cost = 1, numbers = 0;
    static constexpr extents shape(extents const (&a)[max_arguments], attributes, int) {
        extents s = a[0];
        for (int k = 1; k < Arity; ++k) s = broadcast(s, a[k]);
        return s;
    }
};

}  // namespace detail

namespace op {

// The mathematics of a precision, given that of the kernel or the interpreter.
template <class M, precision P>
struct mathematics_of {
    using type = M;
};
template <class M>
struct mathematics_of<M, fast> {
    using type = typename M::fast_version;
};
template <class M, precision P>
using in_precision = typename mathematics_of<M, P>::type;

// Operation whose shape rule is `static constexpr extents shape(extents const (&argument)[max_arguments], attributes,
// int result)`. Optional: `integer_result`, the one that holds int32.
template <class Op>
struct shaped : detail::one_result {
    static constexpr value infer(graph const& g, node const& n, int result) {
        extents s[max_arguments]{};
        for (int k = 0; k < Op::arity; ++k) s[k] = g.shape_of(n.argument[k]);
        return {Op::shape(s, n.attribute, result), result == Op::integer_result ? element::i32 : g.real, 0};
    }
};

// Elementwise: the arguments broadcast. `template <class M, class V> static constexpr V value(V...)` is the value of
// one element or of a vector of them; M is the mathematics it may call (M::exp, M::where, ...): the interpreter's or
// the kernel's. Optional: `commutes`, the order of two arguments is free; `magnitude(double const*)`, the largest
// |result| from those of the arguments; `scaled(auto& g, node const&, double factor)`, the result times a number where
// the operation takes it into a number of its own, else -1; `runs(double const*)`, its trend in its first argument,
// where the others are the numbers that it is given (prove/properties.hpp).
template <class Op, int Arity>
struct elementwise : shaped<Op>, detail::of_elements<Arity> {
    static_assert(Arity >= 1 && Arity <= max_arguments,
                  "elementwise: an operation takes one to eight arguments; make it of two operations");
    static constexpr double scalar(double const* x) {
        if constexpr (Arity == 1)
            return Op::template value<math::constant>(x[0]);
        else if constexpr (Arity == 2)
            return Op::template value<math::constant>(x[0], x[1]);
        else
            return [x]<int... K>(std::integer_sequence<int, K...>) {
                return Op::template value<math::constant>(x[K]...);
            }(std::make_integer_sequence<int, Arity>{});
    }
};

// Elementwise in its first argument; the others are numbers that are known when the program is compiled. `value(V x,
// double...)` gets them as such: what it makes of them alone costs nothing at run time.
template <class Op, int Numbers>
struct elementwise_with_numbers : elementwise<Op, 1 + Numbers> {
    static constexpr int numbers = Numbers;
};

// Rearranges what its argument holds, without arithmetic; `view` says from where each element is read.
template <class Op>
struct viewing : shaped<Op> {
    static constexpr category kind = category::view;
    static constexpr int arity = 1;
};

// Combines the elements of an argument along some axes. `template <class M, class V> static constexpr V combine(V a, V
// b)` is associative; `start` is its neutral element; `mask(argument, attributes)` names the axes: bit k is axis k of
// the argument seen as four axes, the last of which is bit 3. The result has the other axes, in their order. Optional:
// `enter`, what is combined of an element (0 of `start`), and `accumulate`, that and the combination in one;
// `is_settled` and `settle`, how a result is computed again (op/length.hpp).
template <class Op>
struct reduction : shaped<Op> {
    static constexpr category kind = category::reduction;
    static constexpr int arity = 1;
    static constexpr int reduced(graph const& g, node const& n) {
        return Op::mask(g.shape_of(n.argument[0]), n.attribute);
    }
    template <class M, class T>
    static constexpr bool compute(operands<T> const& x) noexcept {
        int const axes = Op::mask(x.shape[0], x.attribute);
        int n[max_rank]{}, stride[max_rank]{}, results = 1;
        for (int k = max_rank - 1; k >= 0; --k) {
            n[k] = x.shape[0].from_end(max_rank - 1 - k);
            if (axes >> k & 1) continue;
            stride[k] = results;
            results *= n[k];
        }
        if (x.shape[0].size() / results > longest_chain) {
            one_by_one<M, false>(x, axes, n, stride);
            if constexpr (requires { Op::is_settled(T(1)); }) one_by_one<M, true>(x, axes, n, stride);
            return true;
        }
        for (int i = 0; i < results; ++i) x.result[0][i] = T(Op::start);
        T const* a = x.argument[0];
        for (int i = 0; i < n[0]; ++i)
            for (int j = 0; j < n[1]; ++j)
                for (int k = 0; k < n[2]; ++k) {
                    T* const r = x.result[0] + i * stride[0] + j * stride[1] + k * stride[2];
                    for (int l = 0; l < n[3]; ++l, ++a)
                        r[l * stride[3]] = Op::template combine<M>(r[l * stride[3]], entered<M>(*a));
                }
        if constexpr (requires { Op::is_settled(T(1)); }) one_by_one<M, true>(x, axes, n, stride);
        return true;
    }

  private:
    template <class M, class T>
    static constexpr T entered(T x) noexcept {
        if constexpr (requires { Op::template enter<M>(x); })
            return Op::template enter<M>(x);
        else
            return x;
    }
    // One result after the other: in blocks, which are combined pairwise, as the kernels do; or where it has to be
    // computed again.
    template <class M, bool Again, class T>
    static constexpr void one_by_one(operands<T> const& x, int axes, int const (&n)[max_rank],
                                     int const (&to)[max_rank]) noexcept {
        int from[max_rank]{}, kept[max_rank]{}, along[max_rank]{};
        for (int k = max_rank - 1, size = 1; k >= 0; size *= n[k--]) {
            from[k] = size;
            kept[k] = axes >> k & 1 ? 1 : n[k];
            along[k] = axes >> k & 1 ? n[k] : 1;
        }
        for (int i = 0; i < kept[0]; ++i)
            for (int j = 0; j < kept[1]; ++j)
                for (int k = 0; k < kept[2]; ++k)
                    for (int l = 0; l < kept[3]; ++l) {
                        T& result = x.result[0][i * to[0] + j * to[1] + k * to[2] + l * to[3]];
                        T const* const a = x.argument[0] + i * from[0] + j * from[1] + k * from[2] + l * from[3];
                        auto const each = [&](auto const& f) {
                            for (int b = 0; b < along[0]; ++b)
                                for (int c = 0; c < along[1]; ++c)
                                    for (int d = 0; d < along[2]; ++d)
                                        for (int e = 0; e < along[3]; ++e)
                                            f(a[b * from[0] + c * from[1] + d * from[2] + e * from[3]]);
                        };
                        if constexpr (Again) {
                            if (!Op::is_settled(result)) result = Op::template settle<M, T>(each);
                        } else {
                            auto const combine = [](T u, T v) { return Op::template combine<M>(u, v); };
                            long_sum<T, decltype(combine)> sum{combine, T(Op::start)};
                            each([&](T u) { sum.add(entered<M>(u)); });
                            result = sum.total();
                        }
                    }
    }
};

// A step of its own: `template <class M, class T> static constexpr bool compute(operands<T> const&)` fills the results
// from the arguments; false says that its `requirement` does not hold; or it gives a `status`, which says itself what
// failed. Optional: `part_of(auto const& g,
// node const&, int argument)` says where the result holds an argument unchanged, so that it can be written there at
// once; the operation then needs a `dense_kernel` of its own, which leaves alone what is in place (kernel/parts.hpp).
template <class Op, int Arity, int Results = 1>
struct dense : shaped<Op> {
    static constexpr category kind = category::dense;
    static constexpr int arity = Arity, results = Results;
    static_assert(
        Arity >= 0 && Arity <= max_arguments && Results >= 1 && Results <= max_results,
        "dense: an operation takes at most eight arguments and has one to eight results; put tensors into one, "
        "pm::concatenate<axis>(x, y), or make it of two operations");
};

}  // namespace op

namespace detail {

// The first tensor among operands, marked: what an operation gives that was refused.
template <class X, class... Rest>
constexpr auto after_mistake(X const& x, Rest const&... rest) {
    if constexpr (traced<X>) {
        using symbol_type = operand_type<X>;
        return symbol<typename symbol_type::shape_type, typename symbol_type::value_type,
                      join<ops<op::mistaken>, typename symbol_type::operations>>{as_operand(x).traced,
                                                                                 as_operand(x).id};
    } else if constexpr (sizeof...(Rest) == 0)
        return x;
    else
        return after_mistake(rest...);
}

// Is X a square matrix, or with `Stacks` a stack of them? Says so where it is not; what asks then goes on without.
template <fixed_string What, traced X, bool Stacks = false>
constexpr bool is_square() {
    constexpr extents s = extents_of<X>;
    constexpr bool square = (s.rank == 2 || (Stacks && s.rank > 2)) && s.from_end(0) == s.from_end(1);
    if constexpr (!square) {
        using wrong = mistake<sentence(What.view(), ": the matrix must be square: it is ", s)>;
        using said [[maybe_unused]] = wrong::type;
    }
    return square;
}

// Whatever is given where a function takes no more arguments, a list in braces, too.
struct anything {
    template <class... X>
    constexpr anything(X const&...) {}
};

// Are the last `Op::numbers` operands numbers?
template <class Op, class... X, std::size_t... I>
constexpr bool numbers_are_numbers(std::index_sequence<I...>) {
    return ((static_cast<int>(I) < static_cast<int>(sizeof...(X)) - Op::numbers || number<X>) && ...);
}

}  // namespace detail

// Elementwise application, with the sentence for shapes that do not fit.
template <class Op, operand... X>
constexpr auto apply_elementwise(X const&... x) {
    static_assert(detail::numbers_are_numbers<Op, X...>(std::index_sequence_for<X...>{}),
                  "elementwise_with_numbers: every argument but the first must be a number, not a tensor; an operation "
                  "on two tensors derives from elementwise");
    constexpr extents s = Op::shape({extents_of<X>...}, {}, 0);
    if constexpr (s.rank >= 0)
        return apply<Op>(x...);
    else {
        using wrong = detail::mistake<detail::sentence(
            Op::name, ": the shapes do not broadcast, ", detail::named_operands<detail::operand_type<X>...>().view(),
            ": aligned at the last axis, extents must be equal or 1; pm::unsqueeze<axis>(x) adds an axis")>;
        using said [[maybe_unused]] = wrong::type;
        return detail::after_mistake(x...);
    }
}

// A negative axis counts from the end.
constexpr int normal_axis(int axis, int rank) {
    return axis < 0 ? axis + rank : axis;
}

}  // namespace paramorph::inline PARAMORPH_ABI
