// Random graphs as programs: drawn by the compiler in constant evaluation, compiled to kernels, and run. The scalar and
// the SIMD kernels agree with the interpreter. Compiled in shards of eight programs, SHARD = 0, ..., 7; a quarter of
// them compute their gradient too, half are of double.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "gradient.hpp"

namespace {

using random_graphs::limits;
using random_graphs::numbers;

// Values of these sizes cross the vector widths; what iterates is too slow for constant evaluation.
constexpr limits small{.nodes_low = 8, .nodes_high = 12, .elements = 72, .iterative = false};
constexpr int storage = 64 * small.elements;

// The program of a seed; a quarter of them compute their gradient too.
template <int Seed>
struct random_program {
    using real = std::conditional_t<Seed % 2 == 0, float, double>;
    using operations = pm::join<pm::base_operations, random_graphs::operations>;
    static constexpr bool with_gradient = Seed / 2 % 4 == 1;
    static constexpr pm::ir::graph drawn = [] {
        pm::ir::graph g = pm::new_graph<real>();
        numbers computed(storage);
        random_graphs::draw(g, computed, Seed, small);
        return pm::ir::compact(g);
    }();
    static constexpr pm::ir::graph build() {
        pm::ir::graph g = drawn;
        if (with_gradient) random_graphs::append_gradient(g, random_graphs::differentiated(g));
        return g;
    }
};

// The elements of the leaves, drawn again at run time.
template <int Seed>
test::arrays leaves_of() {
    using P = random_program<Seed>;
    auto const g = std::make_unique<pm::ir::graph>(pm::new_graph<typename P::real>());
    auto const computed = std::make_unique<numbers>(storage);
    random_graphs::draw(*g, *computed, Seed, small);
    // The compiler drew the same: no number is drawn in an order that the language leaves open.
    auto const drawn = std::make_unique<pm::ir::graph>(pm::ir::compact(*g));
    REQUIRE(drawn->size == P::drawn.size);
    for (int i = 0; i < drawn->size; ++i) REQUIRE(drawn->nodes[i].operation == P::drawn.nodes[i].operation);
    test::arrays a;
    for (int i = 0; i < g->size; ++i)
        if (int const v = g->nodes[i].first; g->nodes[i].operation->kind == pm::category::leaf)
            a.emplace_back(computed->of(v), computed->of(v) + g->shape_of(v).size());
    // Cotangents.
    pm::random source{Seed};
    pm::ir::graph const& program = test::simplified<P>();
    for (int k = static_cast<int>(a.size()); k < test::leaf_count(program); ++k)
        for (double& x : a.emplace_back(static_cast<std::size_t>(program.shape_of(k).size())))
            x = source.uniform(-1, 1);
    return a;
}

template <int Seed>
void expect_agreement() {
    using P = random_program<Seed>;
    INFO("seed " << Seed);
    // The interpreter is given what the kernels are given; in float the rest is rounding, of a dozen nodes.
    CHECK(test::same_on<P>(leaves_of<Seed>(), std::is_same_v<typename P::real, float> ? 1e-4 : 1e-11));
}

}  // namespace

TEST_CASE("random programs: kernels agree with the interpreter") {
    [&]<int... K>(std::integer_sequence<int, K...>) {
        (expect_agreement<8 * SHARD + K>(), ...);
    }(std::make_integer_sequence<int, 8>{});
}
