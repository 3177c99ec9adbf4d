// How paramorph's side of the benchmark runs a program.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <paramorph/kernel/run.hpp>
#include <paramorph/parametrize/programs.hpp>

#include "subject.hpp"

namespace benchmark {

template <class Program>
[[gnu::always_inline]] inline void run(std::initializer_list<void const*> arguments,
                                       std::initializer_list<void*> outputs) {
    int constexpr bytes = paramorph::workspace_bytes_of<Program>;
    alignas(64) static std::byte workspace[bytes == 0 ? 1 : bytes];
    paramorph::run<Program>(arguments.begin(), outputs.begin(), workspace);
}

// Arguments: the original, then the value's cotangent. Outputs: the value, then the cotangent of the original.
template <class P, class Shape>
struct value_and_gradient_of : paramorph::program::gradient_of<P, Shape> {
    static constexpr paramorph::ir::graph build() {
        paramorph::ir::graph g = paramorph::program::gradient_of<P, Shape>::simple;
        int const original = 0;
        paramorph::detail::output_gradients(g, g.outputs[0], 1, &original, 1);
        return g;
    }
};

}  // namespace benchmark
