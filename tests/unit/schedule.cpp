// Scheduling and memory: which nodes share a loop, where a value must be kept, what order the steps have. A checker
// walks each schedule with its memory plan: nothing is read before it is written, and no two live values overlap.
//
// SPDX-License-Identifier: BSL-1.0
#include "../support.hpp"

#include "paramorph/op/exp.hpp"
#include "paramorph/op/flip.hpp"
#include "paramorph/op/norm.hpp"
#include "paramorph/op/outer.hpp"
#include "paramorph/op/permute.hpp"
#include "paramorph/op/softmax.hpp"
#include "paramorph/op/softplus.hpp"
#include "paramorph/op/sqrt.hpp"
#include "paramorph/op/svd.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/op/triangle.hpp"
#include "paramorph/op/window.hpp"

using square = pm::shape<8, 8>;

TEST_CASE("schedule: a chain of elementwise, triangular and transposed nodes is one step") {
    auto const p = test::passes<square, square>([](auto x, auto y) {
        auto const s = pm::triu(x) + pm::transpose(pm::triu<1>(x));
        return pm::exp(s * 2.0 - pm::tanh(pm::transpose(y))) + pm::tril<-1>(y) / (pm::softplus(x) + pm::identity<8>());
    });
    CHECK(p.plan->fused_steps == 1);
    CHECK(p.plan->dense_steps == 0);
    CHECK(p.memory->bytes == 0);
    CHECK(p.sound());
}

TEST_CASE("schedule: the gradient of such a chain is one step") {
    auto const p = test::gradient_passes<square>(
        [](auto x) { return pm::tanh(pm::triu(x) - pm::transpose(pm::triu<1>(x))) * 0.5; });
    CHECK(p.plan->step_count == 1);
    CHECK(p.memory->bytes == 0);
    CHECK(p.sound());
}

TEST_CASE("schedule: a dense operation is a step of its own, after what it reads") {
    auto const p = test::passes<square, square>([](auto a, auto b) { return pm::tanh(pm::matmul(pm::exp(a), b) + a); });
    REQUIRE(p.plan->step_count == 3);  // exp, matmul, tanh
    CHECK(p.plan->steps[0].node == -1);
    CHECK(p.plan->steps[1].node >= 0);
    CHECK(p.plan->steps[2].node == -1);
    CHECK(p.memory->bytes == 2 * 8 * 8 * 4);
    CHECK(p.sound());
}

TEST_CASE("schedule: independent chains of one shape share a step, of two shapes they do not") {
    auto const same = test::passes<square, square>([](auto a, auto b) { return std::tuple{pm::exp(a), pm::tanh(b)}; });
    CHECK(same.plan->step_count == 1);
    CHECK(same.sound());
    auto const other =
        test::passes<square, pm::shape<8>>([](auto a, auto b) { return std::tuple{pm::exp(a), pm::tanh(b)}; });
    CHECK(other.plan->step_count == 2);
    CHECK(other.sound());
}

TEST_CASE("schedule: masks give a step three bodies around the masked diagonals") {
    auto const p = test::passes<square>([](auto x) { return pm::triu<1>(x) + pm::tril<-2>(pm::exp(x)); });
    REQUIRE(p.plan->step_count == 1);
    pm::ir::step const& s = p.plan->steps[0];
    CHECK(s.masked);
    // triu<1> changes between distance 0 and 1, tril<-2> between -2 and -1.
    CHECK(s.low == -2);
    CHECK(s.high == 1);
    auto const kinds = [&](pm::ir::region r, pm::ir::instruction::kind_t k) {
        int n = 0;
        for (int i = s.bodies[r].first; i < s.bodies[r].last; ++i) n += p.plan->code[i].kind == k ? 1 : 0;
        return n;
    };
    CHECK(kinds(pm::ir::middle, pm::ir::instruction::mask) == 2);
    CHECK(kinds(pm::ir::below, pm::ir::instruction::mask) == 0);
    CHECK(kinds(pm::ir::above, pm::ir::instruction::mask) == 0);
    CHECK(kinds(pm::ir::below, pm::ir::instruction::apply) == 1);  // exp; the sum with zero is folded
    CHECK(kinds(pm::ir::above, pm::ir::instruction::apply) == 0);  // x alone
    CHECK(p.sound());
}

TEST_CASE("schedule: without masks there is one body") {
    auto const p = test::passes<square>([](auto x) { return pm::exp(x); });
    CHECK_FALSE(p.plan->steps[0].masked);
}

TEST_CASE("schedule: a broadcast argument is read in place, a broadcast result is kept first") {
    auto const read = test::passes<square, pm::shape<8>>([](auto x, auto r) { return x * r; });
    CHECK(read.plan->step_count == 1);
    CHECK(read.memory->bytes == 0);
    auto const computed = test::passes<square, pm::shape<8>>([](auto x, auto r) { return x * pm::exp(r); });
    CHECK(computed.plan->step_count == 2);
    CHECK(computed.memory->bytes == 64);
    CHECK(read.sound());
    CHECK(computed.sound());
}

TEST_CASE("schedule: views of arguments are pushed to the loads") {
    auto const p = test::passes<square>([](auto x) {
        return pm::outer(pm::select<0, 1>(x), pm::select<1, 2>(x)) + pm::slice<0, 0, 1>(pm::transpose(x));
    });
    CHECK(p.memory->bytes <= 2 * 64);
    CHECK(p.sound());
}

namespace {

// How often a schedule computes an operation.
double computed(auto const& p, std::string_view operation) {
    double n = 0;
    for (int t = 0; t < p.plan->step_count; ++t) {
        pm::ir::step const& s = p.plan->steps[t];
        if (s.node >= 0) continue;
        for (int i = s.bodies[pm::ir::middle].first; i < s.bodies[pm::ir::middle].last; ++i)
            if (pm::ir::instruction const& x = p.plan->code[i];
                x.kind == pm::ir::instruction::apply && x.operation->name == operation)
                n += double(s.space[0]) * s.space[1] * s.space[2] * s.space[3];
    }
    return n;
}
template <int... K>
constexpr auto window(auto y, std::integer_sequence<int, K...>) {
    return (pm::slice<0, K, K + 64>(y) + ...);
}
template <int... K>
constexpr auto window_of_squares(auto y, std::integer_sequence<int, K...>) {
    return (pm::slice<0, K / 3, K / 3 + 6>(pm::slice<1, K % 3, K % 3 + 6>(y)) + ...);
}

}  // namespace

TEST_CASE("schedule: a value that is read through several slices is computed once") {
    constexpr auto nine = std::make_integer_sequence<int, 9>{};
    using wide = pm::shape<72>;
    auto const expect_once = [](auto const& p, std::string_view operation, double elements) {
        CHECK(computed(p, operation) == elements);
        CHECK(p.sound());
    };
    expect_once(test::passes<wide>([=](auto x) { return window(pm::tanh(x), nine); }), "tanh", 72);
    expect_once(test::passes<wide>([=](auto x) { return window(pm::tanh(x) * 2 + x, nine); }), "tanh", 72);
    // It is an output as well, or something else reads it where it is computed.
    expect_once(test::passes<wide>([=](auto x) {
                    auto const y = pm::tanh(x);
                    return std::tuple{window(y, nine), y, pm::exp(y)};
                }),
                "tanh", 72);
    expect_once(test::passes<wide>([=](auto x) {
                    auto const y = pm::tanh(x);
                    return std::tuple{window(y, nine), pm::sum(y)};
                }),
                "tanh", 72);
    // What is read at several places is made of what is.
    expect_once(test::passes<wide>([=](auto x) {
                    auto const y = pm::tanh(x);
                    return window(y, nine) * window(y * x, nine) + window(pm::exp(y), nine);
                }),
                "tanh", 72);
    // Two axes, and what is read transposed as well.
    expect_once(test::passes<square>([=](auto x) { return window_of_squares(pm::tanh(x), nine); }), "tanh", 64);
    expect_once(test::passes<square>([=](auto x) {
                    auto const y = window_of_squares(pm::tanh(x), nine);
                    return y + pm::transpose(y);
                }),
                "tanh", 64);
    expect_once(test::passes<square>([=](auto x) { return window_of_squares(pm::triu(pm::tanh(x)), nine); }), "tanh",
                64);
    expect_once(test::gradient_passes<wide>([=](auto x) { return window(pm::tanh(x), nine); }), "tanh", 72);
}

TEST_CASE("schedule: slices that share nothing, or of what costs less than memory, are read where they are computed") {
    auto const halves = test::passes<pm::shape<72>>(
        [](auto x) { return pm::slice<0, 0, 36>(pm::tanh(x)) * pm::slice<0, 36, 72>(pm::tanh(x)); });
    CHECK(halves.plan->step_count == 1);
    CHECK(computed(halves, "tanh") == 72);
    auto const cheap =
        test::passes<pm::shape<72>>([](auto x) { return pm::slice<0, 0, 64>(x * 2) + pm::slice<0, 8, 72>(x * 2); });
    CHECK(cheap.plan->step_count == 1);
    auto const mirrored = test::passes<square>([](auto x) { return pm::tanh(x) + pm::transpose(pm::tanh(x)); });
    CHECK(mirrored.plan->step_count == 1);
}

TEST_CASE("schedule: strided readings are loads, equal ones the same") {
    using nine = pm::shape<9>;
    auto const loads = [](test::pipeline const& p) {
        int n = 0;
        for (int i = 0; i < p.plan->code_size; ++i) n += p.plan->code[i].kind == pm::ir::instruction::load ? 1 : 0;
        return n;
    };
    auto const twice = test::passes<nine>(
        [](auto x) { return pm::flip<0>(pm::slice<0, 0, 8>(x)) * pm::slice<0, 0, 8>(pm::slice<0, 7, -1, -1>(x)); });
    CHECK(twice.plan->step_count == 1);
    CHECK(loads(twice) == 1);
    CHECK(twice.plan->code[0].offset == 7);
    CHECK(twice.plan->code[0].stride[3] == -1);
    auto const apart = test::passes<nine>([](auto x) { return pm::slice<0, 0, 9, 2>(x) * pm::slice<0, 0, 5>(x); });
    CHECK(loads(apart) == 2);
    // A flip of a flip between other views reads as nothing was flipped.
    auto const back =
        test::passes<square>([](auto x) { return pm::transpose(pm::flip<0>(pm::transpose(pm::flip<1>(x)))) + x; });
    CHECK(loads(back) == 1);
    // Windows of windows of windows: three steps along one axis of memory.
    auto const deep = test::passes<pm::shape<40>>(
        [](auto x) { return pm::window<2, 5, 1, 0>(pm::window<2, 2, 7, 0>(pm::window<3, 1, 2>(x))) * 2.0; });
    REQUIRE(loads(deep) == 1);
    pm::ir::instruction const* load = deep.plan->code;
    while (load->kind != pm::ir::instruction::load) ++load;
    CHECK(std::vector<int>(std::begin(load->stride), std::end(load->stride)) == std::vector<int>{10, 2, 7, 2});
    // Kept where computing it again would cost more.
    auto const dear = test::passes<nine>([](auto x) { return pm::tanh(x) - pm::flip<0>(pm::tanh(x)); });
    CHECK(dear.plan->step_count == 2);
    CHECK(computed(dear, "tanh") == 9);
    CHECK(dear.sound());
    CHECK(test::passes<nine>([](auto x) { return x * 2.0 - pm::flip<0>(x * 2.0); }).plan->step_count == 1);
}

TEST_CASE("schedule: steps along an axis that are too long together are refused by a sentence") {
    auto const refused = [](int step) -> std::string {
        auto const g = std::make_unique<pm::ir::graph>(pm::new_graph<float>());
        auto const x = pm::append_leaf<pm::shape<20000>, float>(*g, 0);
        int const every = push_with<pm::op::strided>(*g, pm::attributes{{0, 19999, -step, 20000 / step}}, x.id);
        g->output(push_with<pm::op::strided>(*g, pm::attributes{{0, 0, 2, 2}}, every));
        auto const placed = std::make_unique<pm::ir::storage_assignment>(pm::ir::assign_storage(*g, pm::targets::host));
        try {
            auto const plan = std::make_unique<pm::ir::schedule>(pm::ir::make_schedule(*g, *placed));
            return std::to_string(plan->code[0].stride[3]);
        } catch (char const* sentence) {
            return sentence;
        }
    };
    CHECK(refused(4095) == "-8190");
    CHECK(refused(4096) == "paramorph: a view steps by more than 8191 along an axis");
}

TEST_CASE("schedule: a loop that reads too much through views is refused by a sentence") {
    auto const g = std::make_unique<pm::ir::graph>(pm::new_graph<float>());
    auto const x = pm::append_leaf<pm::shape<4000>, float>(*g, 0);
    // Read through a slice, no value of this tree is where the loop is.
    std::vector<int> row;
    for (int k = 0; k < 1400; ++k) row.push_back(push_with<pm::op::slice>(*g, pm::attributes{{0, k, k + 100}}, x.id));
    while (row.size() > 1) {
        std::vector<int> sums;
        for (std::size_t k = 0; k + 1 < row.size(); k += 2) sums.push_back(push<pm::op::add>(*g, row[k], row[k + 1]));
        if (row.size() % 2 == 1) sums.push_back(row.back());
        row = sums;
    }
    g->output(push_with<pm::op::slice>(*g, pm::attributes{{0, 1, 99}}, row[0]));
    auto const placed = std::make_unique<pm::ir::storage_assignment>(pm::ir::assign_storage(*g, pm::targets::host));
    std::string said;
    try {
        (void)pm::ir::make_schedule(*g, *placed);
    } catch (char const* sentence) {
        said = sentence;
    }
    CHECK(said.find("reads more than 4000 values through views") != std::string::npos);
}

TEST_CASE("schedule: a reshape renames what is in memory") {
    auto const leaf = test::passes<square>([](auto x) { return pm::exp(pm::reshape<pm::shape<64>>(x)); });
    CHECK(leaf.plan->step_count == 1);
    CHECK(leaf.memory->bytes == 0);
    auto const computed =
        test::passes<square>([](auto x) { return pm::exp(pm::reshape<pm::shape<4, 16>>(pm::tanh(x))); });
    CHECK(computed.plan->step_count == 2);
    CHECK(computed.memory->bytes == 256);
    auto const chain = test::passes<square>([](auto x) {
        return pm::sum<0>(pm::reshape<pm::shape<2, 32>>(pm::tanh(pm::reshape<pm::shape<64>>(pm::transpose(x))) + 1.0));
    });
    CHECK(leaf.sound());
    CHECK(computed.sound());
    CHECK(chain.sound());
}

TEST_CASE("schedule: outputs that are arguments, numbers, reshapes or repeated are copied") {
    auto const p = test::passes<square>([](auto x) {
        auto const y = pm::exp(x);
        return std::tuple{x,
                          pm::reshape<pm::shape<64>>(y),
                          y,
                          y,
                          pm::transpose(x),
                          pm::symbol<pm::shape<>, float>{x.traced, pm::append_constant(*x.traced, 3)}};
    });
    CHECK(p.sound());
}

TEST_CASE("schedule: sums of copies walk through no row of memory") {
    auto const p = test::passes<pm::shape<3, 1>>([](auto x) {
        auto const copies = pm::broadcast_to<pm::shape<3, 4>>(x);
        return pm::sum<1>(copies * pm::unsqueeze<1>(pm::sum<1>(copies)));
    });
    CHECK(p.plan->fused_steps == 2);
    CHECK(p.sound());
}

TEST_CASE("schedule: transposed loads are marked") {
    auto const p = test::passes<square>([](auto x) { return x + pm::transpose(x); });
    int transposed = 0;
    for (int i = 0; i < p.plan->code_size; ++i) transposed += p.plan->code[i].transposed() ? 1 : 0;
    CHECK(transposed == 1);
}

TEST_CASE("schedule: nothing is read before it is written, in programs of every kind") {
    using batch = pm::shape<5, 8>;
    CHECK(test::gradient_passes<batch, square, pm::shape<8>>([](auto x, auto w, auto b) {
              return pm::log_softmax<1>(
                  pm::tanh(pm::matmul(x, pm::transpose(pm::triu(w) + pm::transpose(pm::triu<1>(w)))) + b));
          }).sound());
    CHECK(test::gradient_passes<square, square>([](auto a, auto b) {
              auto const skew = pm::triu<1>(a) - pm::transpose(pm::triu<1>(a));
              return pm::solve(pm::identity<8>() + skew, pm::identity<8>() - skew) * pm::mean<0>(b) +
                     pm::matmul(a, pm::transpose(b)) * pm::max<1>(a);
          }).sound());
    CHECK(test::gradient_passes<pm::shape<6, 4>>([](auto a) {
              auto const [u, s, vh] = pm::svd(a);
              return std::tuple{pm::matmul(u * s, vh), s, pm::slice<1, 1, 3>(u)};
          }).sound());
    CHECK(test::gradient_passes<pm::shape<2, 3, 4>, pm::shape<4, 3>>([](auto x, auto y) {
              auto const t = pm::transpose(y) + x;
              return std::tuple{pm::sum<1>(pm::exp(t)), pm::permute<2, 0, 1>(pm::triu(t)) * 2.0,
                                pm::reshape<pm::shape<6, 4>>(pm::tril(t) * t), pm::sum(t)};
          }).sound());
}

TEST_CASE("schedule: a reduction is part of the loop that computes its argument") {
    auto const p = test::passes<square>(
        [](auto x) { return std::tuple{pm::sum<1>(x * x), pm::sum<0>(pm::exp(x)), pm::max(x), x * 2.0}; });
    CHECK(p.plan->step_count == 1);
    CHECK(p.memory->bytes == 0);
    CHECK(p.sound());
}

TEST_CASE("schedule: axes are merged where all operands lie so, and no others") {
    using cube = pm::shape<2, 3, 4>;
    auto const merged = test::passes<cube, pm::shape<2, 3, 1>>([](auto x, auto y) { return x * y; });
    CHECK(merged.plan->steps[0].space[2] == 6);
    auto const kept = test::passes<cube, pm::shape<3, 1>>([](auto x, auto y) { return x * y; });
    CHECK(kept.plan->steps[0].space[1] == 2);
    auto const column = test::passes<pm::shape<7, 1>>([](auto x) { return x * 2.0; });
    CHECK(column.plan->steps[0].space[3] == 7);
    auto const reduced = test::passes<cube>([](auto x) { return pm::sum<0>(x); });
    CHECK(reduced.plan->steps[0].space[3] == 12);
    auto const planes = test::passes<pm::shape<2, 3, 4, 5>, pm::shape<3, 1, 1>>([](auto x, auto y) { return x * y; });
    CHECK(planes.plan->steps[0].space[3] == 20);
    CHECK(planes.sound());
    auto const along = test::passes<cube>([](auto x) { return pm::sum<2>(x); });
    CHECK(along.plan->steps[0].space[3] == 4);
    CHECK(merged.sound());
    CHECK(kept.sound());
    CHECK(reduced.sound());
}

TEST_CASE("place: what a later loop reads is kept, or computed again where that costs less") {
    auto const why = [](auto const& f) {
        auto const p = test::passes<square>(f);
        CHECK(p.sound());
        for (int v = 0; v < p.simple->value_count; ++v)
            if (p.placed->why[v] == pm::ir::stored_because::cheaper_to_store)
                return std::string(p.simple->producer_of(v).operation->name);
        return std::string("nothing");
    };
    // Each reads the same value before and after a product.
    CHECK(why([](auto x) {
              auto const y = pm::exp(x);
              return pm::matmul(y * 2.0, x) + y;
          }) == "exp");
    CHECK(why([](auto x) {
              auto const y = x * 2.0;
              return pm::matmul(y + 1.0, x) + y;
          }) == "nothing");
    CHECK(why([](auto x) {
              auto const y = pm::triu(x);
              return pm::matmul(y + 1.0, x) + y;
          }) == "nothing");
}

TEST_CASE("rows: what depends on one another row by row runs together") {
    auto const normed = [](auto v, auto g) { return g * v / pm::sqrt(pm::unsqueeze<1>(pm::sum<1>(v * v))); };
    auto const large = test::passes<pm::shape<512, 512>, pm::shape<512, 1>>(normed);
    REQUIRE(large.plan->step_count == 3);
    for (int t = 0; t < 3; ++t) {
        CHECK(large.rows->of[t].first == 0);
        CHECK(large.rows->of[t].last == 2);
        CHECK(large.rows->of[t].block == 16 * 1024 / (2 * 512 * 4));
    }
    CHECK(large.sound());
    CHECK(test::gradient_passes<pm::shape<512, 512>, pm::shape<512, 1>>(normed).sound());
    // In the first cache anyway: all rows are one block.
    auto const small = test::passes<square, pm::shape<8, 1>>(normed);
    for (int t = 0; t < small.plan->step_count; ++t) CHECK(small.rows->of[t].block == 8);
}

TEST_CASE("rows: what needs other rows does not run together") {
    using wide = pm::shape<512, 512>;
    auto const alone = [](test::pipeline const& p) {
        for (int t = 0; t < p.plan->step_count; ++t)
            if (p.rows->of[t].block != 0) return false;
        return p.plan->step_count > 1 && p.sound();
    };
    CHECK(alone(test::passes<wide>([](auto x) { return x / pm::sum<0>(x); })));  // of columns
    CHECK(alone(test::passes<wide>([](auto x) { return x / pm::sum(x); })));     // of all
    CHECK(alone(test::passes<wide>([](auto x) { return x / pm::sum<1>(x); })));  // of other rows
    CHECK(alone(test::passes<wide>([](auto x) { return pm::transpose(x) / pm::max<1>(pm::exp(x)); })));  // transposed
}

TEST_CASE("plan_memory: places are reused when their values are dead") {
    // Ten products in a row: never more than two intermediates alive.
    auto const p = test::passes<square>([](auto x) {
        auto const next = [&](auto y) { return pm::matmul(y, x); };
        return next(next(next(next(next(next(next(next(next(next(x))))))))));
    });
    CHECK(p.plan->dense_steps == 10);
    CHECK(p.memory->bytes == 2 * 256);
    CHECK(p.sound());
}

TEST_CASE("plan_memory: values alive at once have places of their own, aligned") {
    auto const p = test::passes<pm::shape<3, 3>>([](auto x) {
        auto const a = pm::matmul(x, x), b = pm::matmul(a, x), c = pm::matmul(b, x), d = pm::matmul(c, x);
        return a + b + c + d;
    });
    CHECK(p.memory->bytes == 4 * 64);  // 36 bytes each, aligned to 64
    CHECK(p.sound());
}

TEST_CASE("schedule: an output under another shape is written where it belongs, once") {
    auto const p = test::passes<square>([](auto x) { return pm::reshape<pm::shape<64>>(pm::exp(x)); });
    CHECK(p.plan->step_count == 1);
    CHECK(p.memory->bytes == 0);
    CHECK(p.sound());
    auto const q = test::passes<square>([](auto x) {
        auto const y = pm::exp(x);
        return std::tuple{pm::reshape<pm::shape<64>>(y), y, pm::reshape<pm::shape<4, 16>>(y), pm::tanh(y)};
    });
    CHECK(q.plan->step_count == 3);  // two copies
    CHECK(q.memory->bytes == 0);
    CHECK(q.sound());
}

TEST_CASE("plan_memory: arguments and outputs need no workspace") {
    auto const p = test::passes<square, square>([](auto a, auto b) { return pm::matmul(a, b); });
    CHECK(p.memory->bytes == 0);
    CHECK(p.memory->of[0].kind == pm::ir::location::argument);
    CHECK(p.memory->of[p.simple->outputs[0]].kind == pm::ir::location::output);
}

TEST_CASE("the checker sees a schedule that reads too early and a plan that overlaps") {
    auto p = test::passes<square, square>([](auto a, auto b) { return pm::tanh(pm::matmul(pm::exp(a), b) + a); });
    REQUIRE(p.sound());
    std::swap(p.plan->steps[0], p.plan->steps[1]);
    CHECK_FALSE(p.sound());
    auto q = test::passes<square>([](auto x) {
        auto const a = pm::matmul(x, x), b = pm::matmul(a, x);
        return a + b;
    });
    REQUIRE(q.sound());
    for (auto& at : q.memory->of)
        if (at.kind == pm::ir::location::workspace) at.at = 0;
    CHECK_FALSE(q.sound());
}

TEST_CASE("memory: bytes are counted in 64 bits") {
    using large = pm::shape<30'000, 30'000>;
    auto const products = test::passes<large>([](auto x) { return pm::matmul(pm::tanh(x), pm::exp(x)) + x; });
    CHECK(products.memory->bytes == 3LL * 30'000 * 30'000 * 4);
    auto const rows = test::passes<large>([](auto x) { return x / pm::norm<2, 1>(x + 1); });
    CHECK(rows.memory->bytes < 1'000'000);
    auto const kept = test::passes<large, pm::shape<30'000>>(
        [](auto x, auto y) { return pm::matmul(pm::exp(pm::tanh(x) * 0.5), y) + pm::sum<1>(pm::tanh(x)); });
    CHECK(kept.memory->bytes > 3'600'000'000LL);
}
