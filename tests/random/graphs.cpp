// Two thousand random graphs over all operations: gradients, simplification, memory plans and schedules. A failure
// prints its seed and a small graph; PARAMORPH_SEED=n runs seed n alone, PARAMORPH_GRAPHS=n runs n of them. And twenty
// thousand small ones over the whole range of float.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>
#include <map>

#include "checks.hpp"
#include "range.hpp"

namespace {

using namespace random_graphs;

int number_from(char const* variable, int otherwise) {
    char const* const text = std::getenv(variable);
    return text ? std::atoi(text) : otherwise;
}

// tanh with a derivative that forgets the square.
void careless_derivative(pm::ir::graph& g, pm::ir::node const& n, pm::adjoint& a) {
    a.of_argument[0] = push<op::multiply>(g, a.cotangent[0], push<op::subtract>(g, pm::append_constant(g, 1), n.first));
}

// ((x a) y) b as (x (a b)) y, for all numbers a and b.
int careless_meeting(pm::ir::graph& g, pm::ir::node const& n) {
    if (!g.is_constant(n.argument[1])) return -1;
    pm::ir::node const outer = g.producer_of(n.argument[0]);
    if (outer.operation->id != pm::id_of<op::multiply>) return -1;
    pm::ir::node const inner = g.producer_of(outer.argument[0]);
    if (inner.operation->id != pm::id_of<op::multiply> || !g.is_constant(inner.argument[1])) return -1;
    double const a = g.producer_of(inner.argument[1]).number, b = g.producer_of(n.argument[1]).number;
    return push<op::multiply>(g, push<op::multiply>(g, inner.argument[0], pm::append_constant(g, a * b)),
                              outer.argument[1]);
}

}  // namespace

TEST_CASE("random graphs: gradient, simplify, memory plan and schedule are right") {
    auto const s = std::make_unique<subject>();
    checker c;
    int const alone = number_from("PARAMORPH_SEED", -1), count = number_from("PARAMORPH_GRAPHS", 2000);
    int nodes = 0, failures = 0;
    std::map<std::string_view, int> drawn;
    for (int seed = alone >= 0 ? alone : 0; seed < (alone >= 0 ? alone + 1 : count) && failures < 3; ++seed) {
        c.draw(static_cast<std::uint64_t>(seed), {}, *s);
        nodes += s->g.size;
        for (int i = 0; i < s->g.size; ++i) ++drawn[s->g.nodes[i].operation->name];
        if (verdict const v = c.check(*s)) {
            ++failures;
            FAIL_CHECK(report(static_cast<std::uint64_t>(seed), *s, c, v));
        }
    }
    std::printf("%d graphs, %d nodes; %d slopes, %d of them not clear\n", count, nodes, c.slopes, c.unclear_slopes);
    if (alone >= 0) return;
    CHECK(c.unclear_slopes * 50 <= c.slopes);
    for (entry const& e : table) {
        INFO("operation " << e.operation->name);
        CHECK(drawn[e.operation->name] * 100 >= count);
    }
}

TEST_CASE("random graphs: simplify keeps what fits the range of float") {
    range_checker c;
    int const alone = number_from("PARAMORPH_SEED", -1), count = number_from("PARAMORPH_GRAPHS", 25'000);
    int failures = 0;
    for (int seed = alone >= 0 ? alone : 0; seed < (alone >= 0 ? alone + 1 : count) && failures < 3; ++seed)
        if (std::string const wrong = c.check(static_cast<std::uint64_t>(seed)); !wrong.empty()) {
            ++failures;
            FAIL_CHECK(wrong);
        }
    std::printf("%d elements compared; %d elementwise operations became %d\n", c.compared, c.elementwise_before,
                c.elementwise_after);
    if (alone >= 0) return;
    CHECK(c.compared >= 4 * count);
    CHECK(c.elementwise_after < c.elementwise_before);
}

TEST_CASE("random graphs: numbers that meet across a factor, whatever they are, are noticed") {
    pm::ir::descriptor careless = pm::ir::describe<op::multiply>;
    careless.rewrite = &careless_meeting;
    range_checker c;
    c.broken = &careless;
    bool noticed = false;
    for (std::uint64_t seed = 0; !noticed && seed < 2000; ++seed) noticed = !c.check(seed).empty();
    CHECK(noticed);
}

TEST_CASE("random graphs: a failing graph is cut down to what is wrong") {
    pm::ir::descriptor careless = pm::ir::describe<op::tanh<>>;
    careless.derive = &careless_derivative;
    auto const s = std::make_unique<subject>();
    checker c;
    c.broken.operation = &careless;
    verdict v;
    for (std::uint64_t seed = 0; !v && seed < 100; ++seed) {
        c.draw(seed, {.nodes_low = 20}, *s);
        v = c.check(*s);
    }
    REQUIRE(v.broken == property::gradient);
    shrink(*s, c, v.broken);
    CHECK(c.check(*s).broken == property::gradient);
    INFO(to_text(*s));
    REQUIRE(s->g.size == 2);
    CHECK(s->g.nodes[1].operation->name == "tanh");
    CHECK(to_text(*s).find("v1 [") != std::string::npos);
}
