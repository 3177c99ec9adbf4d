// log_abs_det<P>(x): log |det J| of the parametrization P at x, where J is the Jacobian of its forward from the free
// numbers x to the chart of its set (parametrize/sets.hpp): the correction that a density needs when a random value is
// sampled through x. value_and_log_abs_det<P>(x): the value as well. P is a stage or a chain; x is the original, in
// the shape that right_inverse gives it. In a traced function both are tensors of one program, and so is a gradient:
//
//     auto step = pm::value_and_grad([](auto x) {                       // x: xt::xtensor_fixed<double, ...>
//         auto [y, log_det] = pm::value_and_log_abs_det<pm::param::positive>(x);
//         return log_density(y) + log_det;
//     });
//
// Behind the originals comes the state of a first stage that states it, as bounds of each element are:
// pm::log_abs_det<pm::param::lower<pm::param::per_element>>(x, low).
//
// One number, the sum over all elements (rows, matrices). Along a chain the logarithms add up. A stage says its own by
// a member that is traced as forward is, of the stage's own argument, for where forward rounds (sigmoid at 40, tanh at
// 20) the logarithm of a slope is lost, while a formula of x is not:
//
//     static constexpr auto log_abs_det(auto x) { return pm::sum(x); }   // of exp(x)
//
// Without one, the logarithms of the slopes that differentiation gives are added up, where forward is elementwise: -inf
// where a slope underflows, and as right as forward's gradient. It is not asked whether forward is one to one. Errors:
// the compiler's, which name the stage: it has state, or several originals, is not elementwise and says nothing, or
// comes behind one that makes fewer free numbers than elements and is not stated for its set. Cost: the stage's own
// formula, or the gradient of forward, one logarithm an element and one sum; no matrix is formed. Source: Stan
// Reference Manual, Changes of variables; torch.distributions.transforms.Transform.log_abs_det_jacobian.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <tuple>

#include "paramorph/graph/differentiate.hpp"
#include "paramorph/op/abs.hpp"
#include "paramorph/op/base.hpp"
#include "paramorph/op/detach.hpp"
#include "paramorph/op/log.hpp"
#include "paramorph/parametrize/chain.hpp"
#include "paramorph/parametrize/stage_types.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace detail {

template <class Stage, class... X>
concept states_log_abs_det = requires(X... x) { Stage::log_abs_det(x...); };

// Is y made of x element by element, so that the Jacobian is diagonal?
constexpr bool is_elementwise_of(graph const& g, int x, int y) {
    enum dependence : char { none, elementwise, other };
    struct scratch {
        dependence of[max_values];
    } s{};
    s.of[x] = elementwise;
    for (int i = 0; i < g.size; ++i) {
        node const& n = g.nodes[i];
        dependence d = none;
        for (int k = 0; k < n.operation->arity; ++k) d = s.of[n.argument[k]] > d ? s.of[n.argument[k]] : d;
        if (d == none) continue;
        bool const one_by_one = n.operation->kind == category::elementwise && n.operation->id != id_of<op::detach> &&
                                g.shape_of(n.first) == g.shape_of(x);
        for (int r = 0; r < n.operation->results; ++r) s.of[n.first + r] = one_by_one ? d : other;
    }
    return s.of[y] == elementwise;
}
template <class Stage, class Shape, class T>
inline constexpr bool is_elementwise_stage = [] {
    graph g = new_graph<T>();
    auto const x = append_leaf<Shape, T>(g, 0);
    auto const y = call_forward<Stage, mode::inference>(x);
    return is_elementwise_of(g, x.id, y.id);
}();

// The logarithm that is zero everywhere, of a tensor's program.
template <traced X>
constexpr auto no_log_abs_det(X const& x) {
    auto const s = as_operand(x);
    return symbol<shape<>, typename X::value_type>{s.traced, s.traced ? append_constant(*s.traced, 0) : 0};
}

// The sum of log |f'|, where y = f(x) is elementwise.
template <class X, class Y>
constexpr auto log_of_slopes(X const& x, Y const& y) {
    using T = typename X::value_type;
    using operations = operation_closure<join<base_operations, typename Y::operations>>;
    symbol<typename X::shape_type, T, operations> slopes{x.traced, 0};
    if (x.traced) {
        graph& g = *x.traced;
        attributes const shape = op::attributes_of(extents_of<X>);
        int const output[]{y.id}, seed[]{push_with<op::broadcast_to>(g, shape, append_constant(g, 1))}, wanted[]{x.id};
        int slope[1]{-1};
        differentiate(g, {output, seed, 1, wanted, slope, 1});
        slopes.id = slope[0] >= 0 && g.shape_of(slope[0]) == extents_of<X>
                        ? slope[0]
                        : push_with<op::broadcast_to>(g, shape, slope[0] >= 0 ? slope[0] : append_constant(g, 0));
    }
    return sum(log(abs(slopes)));
}

// Is what log_abs_det of a stage gives one number?
template <class Stage, class X, class... More>
inline constexpr bool gives_one_number = [] {
    using R = decltype(Stage::log_abs_det(X{}, More{}...));
    constexpr bool one = [] {
        if constexpr (is_symbol<R>)
            return R::rank == 0 && std::is_same_v<typename R::value_type, typename X::value_type>;
        else
            return false;
    }();
    if constexpr (!one) {
        using wrong = mistake<sentence(
            "log_abs_det: it must return one number, a traced tensor of rank 0, as pm::sum(...) is; that of ",
            short_type_name<Stage>(), " returns ", short_type_name<R>())>;
        using said [[maybe_unused]] = wrong::type;
    }
    return one;
}();

// Of one stage, whose value y is; Narrower: x is of a set that has fewer free numbers than elements.
template <class Stage, bool Narrower, class X, class Y>
constexpr auto log_abs_det_of_stage(X const& x, Y const& y) {
    if constexpr (Narrower && std::is_same_v<domain_of<Stage>, set::real>) {
        using wrong = mistake<sentence(
            "log_abs_det: ", short_type_name<Stage>(), " is given tensors ", extents_of<X>,
            " of a set with fewer free numbers than elements, and what it says counts all elements as free; put it "
            "before the stage that makes the set, or declare the set as its domain and state log_abs_det for that")>;
        using said [[maybe_unused]] = wrong::type;
        return no_log_abs_det(x);
    } else if constexpr (states_log_abs_det<Stage, X>) {
        if constexpr (gives_one_number<Stage, X>)
            return Stage::log_abs_det(x);
        else
            return no_log_abs_det(x);
    } else if constexpr (is_elementwise_stage<Stage, typename X::shape_type, typename X::value_type>)
        return log_of_slopes(x, y);
    else {
        using wrong = mistake<sentence(
            "log_abs_det: ", short_type_name<Stage>(),
            " does not say its own, and its forward is not elementwise, where it would follow from the slopes: add "
            "`static constexpr auto log_abs_det(auto x)`, if it is one to one onto its set; if it is not, there is "
            "none")>;
        using said [[maybe_unused]] = wrong::type;
        return no_log_abs_det(x);
    }
}
template <class Stage, class X>
constexpr bool takes_one_original() {
    constexpr bool takes = has_forward<Stage, mode::inference, X> && state_of<Stage, typename X::shape_type>::size == 0;
    if constexpr (!takes) {
        using wrong = mistake<sentence("log_abs_det: ", short_type_name<Stage>(),
                                       " has several originals, or state, so that its value is not that of one tensor ",
                                       extents_of<X>,
                                       "; where it states one, give it all of them, as pm::log_abs_det<P>(x, more)")>;
        using said [[maybe_unused]] = wrong::type;
    }
    return takes;
}

// Through stages: the value and the sum so far. Free: how many free numbers there are.
template <int Free, class X, class L>
constexpr auto value_and_log_abs_det_along(chain<>, X const& x, L const& so_far) {
    return std::tuple{x, so_far};
}
template <int Free, class Stage, class... Rest, class X, class... L>
constexpr auto value_and_log_abs_det_along(chain<Stage, Rest...>, X const& x, L const&... so_far) {
    if constexpr (takes_one_original<Stage, X>()) {
        auto const y = call_forward<Stage, mode::inference>(x);
        auto const own = log_abs_det_of_stage<Stage, (Free < extents_of<X>.size())>(x, y);
        return value_and_log_abs_det_along<Free>(chain<Rest...>{}, y, (so_far + ... + own));
    } else
        return std::tuple{x, no_log_abs_det(x)};
}

}  // namespace detail

namespace detail {

// Of a stage that has several originals, which are its arguments: it must state its own.
template <class Stage, class X, class... More>
constexpr auto value_and_log_abs_det_of_originals(X const& x, More const&... more) {
    constexpr bool stated = has_forward<Stage, mode::inference, X, More...> && states_log_abs_det<Stage, X, More...>;
    if constexpr (!stated) {
        using wrong = mistake<sentence("log_abs_det: ", short_type_name<Stage>(), " does not state one of ",
                                       1 + sizeof...(More), " originals; there is none")>;
        using said [[maybe_unused]] = wrong::type;
        return std::tuple{x, no_log_abs_det(x)};
    } else if constexpr (!gives_one_number<Stage, X, More...>)
        return std::tuple{x, no_log_abs_det(x)};
    else
        return std::tuple{call_forward<Stage, mode::inference>(x, more...), Stage::log_abs_det(x, more...)};
}
template <class First, class... Rest, class... X>
constexpr auto value_and_log_abs_det_along(chain<First, Rest...>, std::tuple<X...> const& originals) {
    auto const first =
        std::apply([](auto const&... x) { return value_and_log_abs_det_of_originals<First>(x...); }, originals);
    return value_and_log_abs_det_along<(extents_of<X>.size() + ...)>(chain<Rest...>{}, std::get<0>(first),
                                                                     std::get<1>(first));
}

}  // namespace detail

template <class P, traced X, traced... More>
constexpr auto value_and_log_abs_det(X const& x, More const&... more) {
    auto const original = detail::as_operand(x);
    using stages = chain_of<P>;
    if constexpr (sizeof...(More) > 0)
        return detail::value_and_log_abs_det_along(stages{}, std::tuple{original, detail::as_operand(more)...});
    else if constexpr (stages::size == 0)
        return std::tuple{original, detail::no_log_abs_det(original)};
    else
        return detail::value_and_log_abs_det_along<extents_of<X>.size()>(stages{}, original);
}
template <class P, traced X, traced... More>
constexpr auto log_abs_det(X const& x, More const&... more) {
    return std::get<1>(value_and_log_abs_det<P>(x, more...));
}

}  // namespace paramorph::inline PARAMORPH_ABI
