// Mirroring: what a loop computes for an element and for its mirror image is computed once. Magnitudes: how large a
// body's values can become.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/graph/magnitude.hpp"
#include "paramorph/graph/mirror.hpp"
#include "paramorph/op/exp.hpp"
#include "paramorph/op/multiply.hpp"
#include "paramorph/op/subtract.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/triangle.hpp"

namespace {

using square = pm::shape<16, 16>;
constexpr int stores = 4, capacity = 256;

int applied(auto const& list, std::string_view operation) {
    int n = 0;
    for (int i = 0; i < list.size; ++i)
        n += list.at[i].kind == pm::ir::instruction::apply && list.at[i].operation->name == operation ? 1 : 0;
    return n;
}
auto pair_of(test::pipeline const& p) {
    return pm::ir::pair_up<capacity, stores>(*p.plan, p.plan->steps[0], pm::targets::host);
}
auto crossing_of(test::pipeline const& p) {
    return pm::ir::cross<capacity, stores>(*p.plan, p.plan->steps[0], pm::targets::host);
}

constexpr auto stays = [](auto x) { return pm::exp(x + pm::transpose(x) * 0.5) * 2.0; };
constexpr auto crosses = [](auto x) {
    auto const y = pm::tanh(x + pm::transpose(x) * 0.5);
    return y - pm::transpose(y) * 0.25;
};
constexpr auto masked = [](auto x) { return crosses(pm::tril(x) - pm::triu<1>(pm::tanh(x))); };
constexpr auto equal = [](auto x) { return pm::tanh(x + pm::transpose(x)); };

// The middle body of a program of one loop.
template <class F>
struct only_loop {
    static constexpr pm::ir::graph traced = pm::ir::simplify(test::trace<float, square>(F{}));
    static constexpr pm::ir::storage_assignment placed = pm::ir::assign_storage(traced, pm::targets::host);
    static constexpr pm::ir::schedule plan = pm::ir::make_schedule(traced, placed);
    static constexpr pm::ir::body lines = plan.steps[0].bodies[pm::ir::middle];
    static constexpr int size = lines.last - lines.first, first = lines.first;
    static constexpr pm::ir::instruction at(int i) { return plan.code[first + i]; }
    static constexpr double largest = pm::ir::magnitudes_of<only_loop>().of[plan.written[lines.written] - first];
};
constexpr auto small = [](auto x) { return (pm::triu(pm::tanh(x)) * 2.0 + 0.5) * (-pm::tanh(x * x) - 1.0); };
constexpr auto large = [](auto x) { return (x - x) * 1e-20 * pm::tanh(x); };
constexpr auto grown = [](auto x) { return pm::exp(pm::tanh(x)); };
static_assert(only_loop<decltype(small)>::largest == 5);
static_assert(only_loop<decltype(large)>::largest == pm::ir::unbounded,
              "nothing times what may be infinite is not small");
static_assert(only_loop<decltype(grown)>::largest == pm::ir::unbounded, "exp says nothing of its size");

}  // namespace

TEST_CASE("mirror: a value that is read straight and transposed is computed once for each element") {
    auto const p = test::passes<square>(crosses);
    auto const pair = pair_of(p);
    CHECK(applied(pair.code, "tanh") == 2);  // of an element and its mirror image, instead of two for each
    CHECK(pair.arithmetic >= 2 * 14);
    CHECK(pair.arithmetic < 3 * 14);
    CHECK(pair.pays);
    auto const diagonal = crossing_of(p);
    REQUIRE(diagonal.kept_count == 1);
    CHECK(applied(diagonal.before, "tanh") == 1);
    CHECK(applied(diagonal.after, "tanh") == 0);
    CHECK(diagonal.straight[0]);
    CHECK(diagonal.mirrored[0]);
}

TEST_CASE("mirror: what the two sides compute is in turn") {
    auto const p = test::passes<square>(crosses);
    auto const code = pair_of(p).code;
    auto const is_tanh = [](auto const& x) {
        return x.kind == pm::ir::instruction::apply && x.operation->name == "tanh";
    };
    auto const* const first = std::find_if(code.at, code.at + code.size, is_tanh);
    REQUIRE(first != code.at + code.size);
    CHECK(is_tanh(first[1]));
}

TEST_CASE("mirror: pairs are taken in all of a large matrix where arithmetic takes the time") {
    auto const p = test::passes<square>(crosses);
    CHECK(pair_of(p).everywhere);
    auto const copies = test::passes<square>([](auto x) { return pm::triu(x) + pm::transpose(pm::triu<1>(x)); });
    CHECK(pair_of(copies).pays);
    CHECK_FALSE(pair_of(copies).everywhere);
}

TEST_CASE("mirror: where nothing is read transposed after it was computed, nothing crosses over") {
    auto const p = test::passes<square>(stays);
    CHECK(applied(pair_of(p).code, "exp") == 2);
    CHECK(crossing_of(p).kept_count == 0);
}

TEST_CASE("mirror: a symmetric value is computed once for both, whatever the order of its terms") {
    auto const p = test::passes<square>(equal);
    auto const pair = pair_of(p);
    CHECK(applied(pair.code, "tanh") == 1);
    CHECK(pair.here[0] == pair.there[0]);
    CHECK(crossing_of(p).kept_count == 0);
}

TEST_CASE("mirror: the gradient of a mirrored function computes each slope once") {
    auto const p = test::gradient_passes<square>([](auto x) { return pm::tanh(x + pm::transpose(x) * 0.5); });
    REQUIRE(p.plan->step_count == 1);
    CHECK(applied(pair_of(p).code, "tanh") == 2);
    auto const diagonal = crossing_of(p);
    CHECK(applied(diagonal.before, "tanh") + applied(diagonal.after, "tanh") <= 2);
}

TEST_CASE("mirror: masks change sides, and are known beside the diagonal") {
    auto const p = test::passes<square>(masked);
    REQUIRE(p.plan->steps[0].masked);
    auto const pair = pair_of(p);
    for (int i = 0; i < pair.code.size; ++i) CHECK(pair.code.at[i].kind != pm::ir::instruction::mask);
    CHECK(applied(pair.code, "tanh") == 3);  // the inner one above the diagonal only
    auto const diagonal = crossing_of(p);
    CHECK(applied(diagonal.before, "tanh") == 3);
    CHECK(applied(diagonal.after, "tanh") == 0);
}

TEST_CASE("mirror: sharing does not pay where it would only move the transpositions") {
    auto const p = test::passes<square, square, square>(
        [](auto x, auto y, auto z) { return pm::triu(pm::transpose(x)) + pm::tril<-1>(y * 2.0 - z); });
    CHECK_FALSE(pair_of(p).pays);
}
