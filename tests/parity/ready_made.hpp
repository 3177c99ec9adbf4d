// The ready-made parametrizations for ready_made.py: in double by the interpreter, in float by the kernels. From
// standard input they read the originals, the state, a cotangent and a value to assign, as binary numbers in double,
// and write the value, the gradients of the originals, and the originals and state that right_inverse gives; then for a
// stage with state the value, the new state and the gradients in training. (That the kernels agree with the interpreter
// in double too is a law.)
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <paramorph/param/exponential.hpp>
#include <paramorph/param/interval.hpp>
#include <paramorph/param/lora.hpp>
#include <paramorph/param/low_rank.hpp>
#include <paramorph/param/mask.hpp>
#include <paramorph/param/orthogonal.hpp>
#include <paramorph/param/positive.hpp>
#include <paramorph/param/scale.hpp>
#include <paramorph/param/simplex.hpp>
#include <paramorph/param/spectral_norm.hpp>
#include <paramorph/param/unit_norm.hpp>
#include <paramorph/param/weight_norm.hpp>
#include <paramorph/testing/outcome.hpp>
#include <string_view>
#include <vector>

namespace ready_made {

namespace pm = paramorph;
using pm::testing::arrays, pm::testing::numbers;

inline numbers read(int n) {
    numbers x(static_cast<std::size_t>(n));
    if (std::fread(x.data(), sizeof(double), x.size(), stdin) != x.size()) std::exit(2);
    return x;
}

// Everything in one program. Arguments: the originals, the state, a cotangent of the value, a value to assign.
template <class P, class Shape, pm::real T>
struct everything {
    using real = T;
    using traits = pm::chain_traits<pm::chain_of<P>, Shape, T>;
    static constexpr bool invertible = traits::inverse != pm::grade::none;
    static auto operation_list() {
        if constexpr (invertible)
            return pm::join<typename traits::forward_operations, decltype(traits::inverse_operation_list())>{};
        else
            return typename traits::forward_operations{};
    }
    using operations = decltype(operation_list());
    static constexpr int originals = traits::original_count, leaves = originals + traits::state_count;

    static constexpr pm::ir::graph build() {
        pm::ir::graph g = pm::new_graph<T>();
        auto const x = pm::detail::place_originals<traits, T>(g, 0);
        auto const state = pm::detail::place_state<traits, T>(g, originals);
        auto const cotangent = pm::append_leaf<Shape, T>(g, leaves),
                   assigned = pm::append_leaf<Shape, T>(g, leaves + 1);
        auto const answer = [&]<pm::mode M> {
            auto s = state;
            auto const y = std::apply([&](auto... o) { return traits::template forward<M>(s, o...); }, x);
            g.output(y.id);
            for (int k = 0; k < traits::state_count && M == pm::mode::training; ++k) g.output(s.after(k));
            int wanted[originals];
            for (int k = 0; k < originals; ++k) wanted[k] = k;
            pm::detail::output_gradients(g, y.id, cotangent.id, wanted, originals);
        };
        answer.template operator()<pm::mode::inference>();
        if constexpr (invertible) {
            auto s = state;
            std::apply([&](auto... o) { (g.output(o.id), ...); }, traits::invert(assigned, s));
            for (int k = 0; k < traits::state_count; ++k) g.output(s.after(k));
        }
        if constexpr (traits::state_count > 0) answer.template operator()<pm::mode::training>();
        return g;
    }
};

template <class T, class P, class Shape>
void serve() {
    using program = everything<P, Shape, T>;
    using traits = typename program::traits;
    arrays arguments;
    [&]<int... K>(std::integer_sequence<int, K...>) {
        (arguments.push_back(read(traits::template original_shape<K>::size)), ...);
    }(std::make_integer_sequence<int, traits::original_count>{});
    [&]<int... K>(std::integer_sequence<int, K...>) {
        (arguments.push_back(read(traits::template state_tensor<K>::shape_type::size)), ...);
    }(std::make_integer_sequence<int, traits::state_count>{});
    for (int k = 0; k < 2; ++k) arguments.push_back(read(Shape::size));
    auto const found = [&] {
        if constexpr (std::is_same_v<T, double>)
            return pm::testing::interpret(*std::make_unique<pm::ir::graph>(program::build()), arguments);
        else
            return pm::testing::run_kernel<program, pm::simd::best<T>>(arguments);
    }();
    if (!found.status.ok()) {
        std::fprintf(stderr, "%s\n", found.status.failed);
        std::exit(1);
    }
    for (auto const& r : found.outputs) std::fwrite(r.data(), sizeof(double), r.size(), stdout);
}

// Square, tall, wide, one row, one element.
template <class T, class P>
bool serve_shape(int rows, int columns) {
    auto const one = [&]<int R, int C>(pm::shape<R, C>) {
        return rows == R && columns == C && (serve<T, P, pm::shape<R, C>>(), true);
    };
    return one(pm::shape<4, 4>{}) || one(pm::shape<5, 3>{}) || one(pm::shape<3, 5>{}) || one(pm::shape<1, 4>{}) ||
           one(pm::shape<1, 1>{});
}

// Serves the parametrization that ready_made.py calls `name`; false if there is none such.
template <class T>
bool serve_orthogonal(std::string_view name, int rows, int columns) {
    namespace param = pm::param;
    using map = param::orthogonal_map;
    auto const is = [&]<class P>(char const* called, P) { return name == called && serve_shape<T, P>(rows, columns); };
    return is("matrix_exp", param::orthogonal<map::matrix_exp, param::without_base>{}) ||
           is("matrix_exp_base", param::orthogonal<map::matrix_exp>{}) ||
           is("cayley", param::orthogonal<map::cayley, param::without_base>{}) ||
           is("cayley_base", param::orthogonal<map::cayley>{}) ||
           is("householder", param::orthogonal<map::householder, param::without_base>{}) ||
           is("householder_base", param::orthogonal<map::householder>{});
}
template <class T>
bool serve_others(std::string_view name, int rows, int columns) {
    namespace param = pm::param;
    auto const is = [&]<class P>(char const* called, P) { return name == called && serve_shape<T, P>(rows, columns); };
    return is("weight_norm", param::weight_norm<>{}) || is("weight_norm_1", param::weight_norm<1>{}) ||
           is("weight_norm_whole", param::weight_norm<param::whole_tensor>{}) ||
           is("spectral_norm", param::spectral_norm<>{}) || is("spectral_norm_3_1", param::spectral_norm<3, 1>{}) ||
           is("unit_norm", param::unit_norm{}) || is("positive", param::positive{}) ||
           is("interval", param::interval<-1, 2>{}) || is("exponential", param::exponential{}) ||
           is("scale", param::scale<3>{}) || is("simplex", param::simplex{}) || is("mask", param::mask{}) ||
           is("low_rank", param::low_rank<1>{}) || is("lora", param::lora<1, 2>{});
}

// In ready_made_float.cpp: what takes long to compile is compiled beside it.
bool serve_orthogonal_in_float(std::string_view name, int rows, int columns);
bool serve_others_in_float(std::string_view name, int rows, int columns);

}  // namespace ready_made
