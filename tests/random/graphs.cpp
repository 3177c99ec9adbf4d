// Two thousand random graphs over all operations: gradients, simplification, memory plans and schedules. A failure
// prints its seed and a small graph; PARAMORPH_SEED=n runs seed n alone, PARAMORPH_GRAPHS=n runs n of them.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>
#include <map>

#include "checks.hpp"

namespace {

using namespace random_graphs;

int number_from(char const* variable, int otherwise) {
    char const* const text = std::getenv(variable);
    return text ? std::atoi(text) : otherwise;
}

// tanh with a derivative that forgets the square.
void careless_derivative(pm::graph& g, pm::node const& n, pm::adjoint& a) {
    a.of_argument[0] = push<op::multiply>(g, a.cotangent[0], push<op::subtract>(g, pm::place_number(g, 1), n.first));
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

TEST_CASE("random graphs: a failing graph is cut down to what is wrong") {
    pm::descriptor careless = pm::describe<op::tanh<>>;
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
    REQUIRE(s->g.size == 2);
    CHECK(s->g.nodes[1].operation->name == "tanh");
    CHECK(to_text(*s).find("v1 [") != std::string::npos);
}
