// run(arguments, outputs, workspace, executor): as run, and threads share the work of each large step: elementwise
// loops, reductions of rows, products of matrices. Other steps (factorizations, sums of all rows, steps that run
// together by rows) and small ones are the caller's. One step ends before the next one begins.
//
//     pm::thread_pool threads(2);                                             // paramorph/threads.hpp
//     pm::status const s = pm::run<P>(arguments, outputs, workspace, threads);
//
// An executor says how many parts are worth making, `executor.size()`, and `executor(parts, f)` calls f(k) once for
// each k from 0 to parts - 1, in any order, on any threads, and returns when all have returned; f throws nothing. The
// numbers are those of one thread, to the bit, however many there are.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>

#include "paramorph/kernel/run.hpp"

namespace paramorph::inline PARAMORPH_ABI {

template <class E>
concept executor = requires(E& e, void (*f)(int)) {
    { e.size() } -> std::convertible_to<int>;
    e(2, f);
};

namespace kernel {

// Smaller steps take less time than it takes to wake a thread (some microseconds): elements of a loop, products.
inline constexpr std::int64_t shared_elements = 1 << 14, shared_products = 1 << 18;

// A step as units of work that do not depend on one another; none where it is not shared.
template <class C, int Step, class V>
struct shared_loop {
    static constexpr step plan = C::plan.steps[Step];
    using matrix = sweep_matrix<C, Step, V>;
    using on = typename matrix::on;
    static constexpr loop_shape shape = shape_of_step<C, Step, V>;
    static constexpr index planes = index(plan.space[0]) * plan.space[1], rows = plan.space[2];
    static constexpr bool sums_of_more_than_rows = [] {
        for (int k = 0; k < plan.store_count; ++k)
            for (int axis = 0; axis < 3; ++axis)
                if ((on::reduced(k) >> axis & 1) != 0 && plan.space[axis] > 1) return true;
        return false;
    }();
    static constexpr bool by_pairs =
        shape.kind == loop_shape::mirrored &&
        (shape.unrolled || on::shape.in_first_cache || mirrored_matrix<C, Step, V>::pair_code.everywhere);
    static constexpr bool is_flat = shape.kind == loop_shape::flat;
    // Elements or rows of a unit: no vector and no group of rows is split that one thread takes together.
    static constexpr index unit = is_flat             ? 64 * on::width
                                  : on::shape.reduces ? on::width * on::shape.unrolled_rows
                                                      : matrix::height;
    static constexpr index whole = is_flat ? on::elements_in_all : rows;
    static constexpr index units = sums_of_more_than_rows || shape.kind == loop_shape::strips ||
                                           settle_step<C, Step, V>::needed || on::elements_in_all < shared_elements
                                       ? 0
                                   : planes > 1 && !is_flat ? planes
                                   : by_pairs               ? 0
                                                            : (whole + unit - 1) / unit;

    static void run(frame const& f, index first, index last) noexcept {
        index const begin = first * unit, end = last * unit < whole ? last * unit : whole;
        if constexpr (is_flat) {
            total_sums<C, Step, V> none;
            sweep_flat<C, Step, V>(f, begin, end, none.of);
        } else if constexpr (planes > 1) {
            for (index k = first; k < last; ++k) {
                index const i0 = k / plan.space[1], i1 = k % plan.space[1];
                matrix(f, i0, i1).run(f, i0, i1);
            }
        } else if constexpr (on::shape.reduces)
            matrix(f, 0, 0).run_rows(begin, end);
        else if constexpr (shape.kind == loop_shape::mirrored)
            matrix(f, 0, 0).bands(mirrored_matrix<C, Step, V>(f, 0, 0), begin, end);
        else
            matrix(f, 0, 0).bands(begin, end);
        simd::keep_stores();
    }
};

template <class C, int Node, class V>
constexpr bool shares_product() {
    using call = dense_node<C, Node>;
    if constexpr (call::call.operation->id == id_of<op::matmul>) {
        constexpr op::batch_of_products p(call::shape(0), call::shape(1), call::attribute);
        constexpr std::int64_t products = std::int64_t(p.rows) * p.columns * p.inner;
        return products >= shared_products && has_parts<V, p.rows, p.columns, p.inner>;
    } else
        return false;
}

template <class C, int Step, class V>
char const* run_step(frame const& f, executor auto& threads) noexcept {
    constexpr int node = C::plan.steps[Step].node;
    constexpr row_group rows = C::rows.of[Step];
    constexpr bool with_another = rows.block != 0 || rows.images != 0 || C::products.at[Step] ||
                                  (Step > 0 && C::products.at[Step > 0 ? Step - 1 : 0]);
    if constexpr (node >= 0 && !with_another) {
        if constexpr (shares_product<C, node, V>()) {
            int const parts = threads.size() > 1 ? threads.size() : 1;
            threads(parts, [&](int k) noexcept { dense_step<C, node, V>(f, part_of_it{k, parts}); });
            return nullptr;
        }
    } else if constexpr (node < 0 && !with_another) {
        using loop = shared_loop<C, Step, V>;
        if constexpr (loop::units > 1) {
            // Several for each thread, so that one that comes late takes fewer.
            index const wanted = threads.size() > 1 ? 4 * threads.size() : 1,
                        parts = wanted < loop::units ? wanted : loop::units;
            threads(int(parts),
                    [&](int k) noexcept { loop::run(f, loop::units * k / parts, loop::units * (k + 1) / parts); });
            return nullptr;
        }
    }
    return run_step<C, Step, V>(f);
}

}  // namespace kernel

template <class P, class V = simd::best<typename P::real>>
status run(void const* const* arguments, void* const* outputs, std::byte* workspace, executor auto& threads) noexcept {
    using C = compiled<P>;
    kernel::frame const f{arguments, outputs, workspace};
    status result;
    kernel::unrolled<C::plan.step_count>([&](auto s) {
        if (result.ok()) result.failed = kernel::run_step<C, s, V>(f, threads);
    });
    return result;
}

}  // namespace paramorph::inline PARAMORPH_ABI
