// One call on two threads against the same call on one: sigmoid and matmul at 1024. The bar, 1 / 1.7 of the
// time, is for a machine of two cores or more that had nothing else to do for a minute; elsewhere there is none.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdlib>
#include <optional>
#include <paramorph/op/matmul.hpp>
#include <paramorph/op/sigmoid.hpp>
#include <paramorph/threads.hpp>
#include <thread>

#include "../subject_run.hpp"
#include "../workload.hpp"

namespace benchmark {
namespace {

constexpr int size = 1024;
constexpr double bar_of_two_threads = 1 / 1.7;

bool two_cores_are_free() {
    double busy = 0;  // the mean of the last minute; this program is one
    return std::thread::hardware_concurrency() >= 2 && getloadavg(&busy, 1) == 1 &&
           busy < std::thread::hardware_concurrency() - 0.5;
}

using matrix = paramorph::symbol<paramorph::shape<size, size>, float>;

template <auto F>
struct of_two_matrices {
    using real = float;
    using operations =
        paramorph::join<paramorph::base_operations, paramorph::detail::operations_in<decltype(F(matrix{}, matrix{}))>>;
    static constexpr paramorph::ir::graph build() {
        paramorph::ir::graph g = paramorph::new_graph<float>();
        auto const a = paramorph::append_leaf<paramorph::shape<size, size>, float>(g, 0);
        auto const b = paramorph::append_leaf<paramorph::shape<size, size>, float>(g, 1);
        g.output(F(a, b).id);
        return g;
    }
};

using sigmoid = of_two_matrices<[](auto a, auto) { return paramorph::sigmoid(a); }>;
using product = of_two_matrices<[](auto a, auto b) { return paramorph::matmul(a, b); }>;

template <class Program>
void on_one(float const* a, float const* b, float* y) {
    run<Program>({a, b}, {y});
}
template <class Program>
void on_two(float const* a, float const* b, float* y) {
    static paramorph::thread_pool threads(2);
    alignas(64) static std::byte workspace[paramorph::workspace_bytes_of<Program> + 1];
    void const* arguments[]{a, b};
    void* outputs[]{y};
    paramorph::run<Program>(arguments, outputs, workspace, threads);
}

std::vector<double> products(float const* a, float const* b) {
    std::vector<double> all(std::size_t(size) * size);
    for (int i = 0; i < size; ++i)
        for (int k = 0; k < size; ++k)
            for (int j = 0; j < size; ++j)
                all[std::size_t(i * size + j)] +=
                    static_cast<double>(a[i * size + k]) * static_cast<double>(b[k * size + j]);
    return all;
}
std::vector<double> sigmoids(float const* a, float const*) {
    return by_elements(size, [a](int i, int j) { return 1 / (1 + std::exp(-static_cast<double>(a[i * size + j]))); });
}

template <class Program>
workload of(char const* name, decltype(&products) expected, double tolerance) {
    return {.name = name,
            .size = size,
            .ours = on_two<Program>,
            .variants = {{"on one thread", on_one<Program>}},
            .expected = expected,
            .tolerance = tolerance,
            .bar = two_cores_are_free() ? std::optional(bar_of_two_threads) : std::nullopt,
            .variants_are = "the same"};
}

}  // namespace

std::vector<workload> thread_workloads() {
    return {of<sigmoid>("sigmoid.on_threads", sigmoids, 4.8e-7),
            of<product>("matmul.on_threads", products, 1e-6 * size)};
}

}  // namespace benchmark
