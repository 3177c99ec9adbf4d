// What a target must survive, checked there and, under the undefined behaviour sanitizer, on the host: numbers that are
// not finite, workspaces that do not fit, parameters that are damaged, power that fails while they are written. A
// status each time, and nothing else.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include <paramorph/embed.hpp>

#include "ram_flash.hpp"

namespace test {

namespace pm = paramorph;

// A small network, its numbers made up.
using small_network = pm::nn::sequential<pm::nn::linear<6, 6, pm::weight<pm::param::skew, pm::param::cayley>>,
                                         pm::nn::relu, pm::nn::linear<6, 3>>;
constexpr pm::network_originals<small_network> made_up() {
    pm::network_originals<small_network> numbers{};
    pm::random random{pm::seed{3}};
    for (float& x : numbers.of) x = static_cast<float>(random.uniform(-1, 1));
    return numbers;
}
inline constexpr pm::network_originals<small_network> originals = made_up();
inline constexpr auto frozen = pm::freeze<originals>();
inline constexpr pm::live<originals> live;
inline constexpr auto int8 = pm::quantize<pm::frozen_values<originals>>();

struct loss {
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::cross_entropy(net(x), t); }
};
using tuner =
    pm::learner<originals, loss, pm::trains<"2">, pm::input<pm::shape<4, 6>>, pm::input<pm::shape<4>, std::int32_t>>;
struct distance {
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::mse(net(x), t); }
};
using regression =
    pm::learner<originals, distance, pm::trains<"2">, pm::input<pm::shape<4, 6>>, pm::input<pm::shape<4, 3>>>;
using flash = ram_flash<pm::parameter_block_bytes<float, tuner::parameter_count>>;
using store = pm::parameter_store<float, tuner::parameter_count, flash>;

inline constexpr float not_finite[]{std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                                    -std::numeric_limits<float>::infinity()};

// Calls expect(condition, what) for everything that must hold.
template <class Expect>
void inputs_that_are_not_finite(Expect const& expect) {
    static pm::workspace<frozen> space;
    static pm::workspace<live> live_space;
    static pm::workspace<int8> int8_space;
    for (float const bad : not_finite)
        for (int at = 0; at < 6; ++at) {
            float x[6]{1, -1, 0.5f, 0, 2, -3}, y[3];
            expect(frozen(x, y, space.bytes).ok() && live(x, y, live_space.bytes).ok() &&
                       int8(x, y, int8_space.bytes).ok(),
                   "good input is taken");
            x[at] = bad;
            expect(!frozen(x, y, space.bytes), "frozen refuses what is not finite");
            expect(!live(x, y, live_space.bytes), "live refuses what is not finite");
            expect(!int8(x, y, int8_space.bytes), "int8 refuses what is not finite");
        }
    // So large that layers overflow: what comes out need not be finite, but it comes out.
    float x[6], y[3];
    for (float& e : x) e = std::numeric_limits<float>::max();
    (void)frozen(x, y, space.bytes);
    (void)live(x, y, live_space.bytes);
    (void)int8(x, y, int8_space.bytes);
    // So small that nothing is left of it in eight bits.
    for (float& e : x) e = std::numeric_limits<float>::denorm_min();
    expect(int8(x, y, int8_space.bytes).ok(), "int8 takes subnormal input");
}

template <class Expect>
void workspaces_that_do_not_fit(Expect const& expect) {
    static pm::workspace<live> space;
    float const x[6]{};
    float y[3];
    int const bytes = pm::ram_bytes<live>;
    for (int n = 0; n < bytes; ++n)
        expect(!live(x, y, std::span(space.bytes).first(static_cast<std::size_t>(n))), "a workspace that is too small");
    alignas(8) static std::byte larger[pm::ram_bytes<live> + 8];
    for (int shift = 0; shift < 8; ++shift)
        expect(live(x, y, std::span(larger).subspan(static_cast<std::size_t>(shift))).ok() == (shift == 0),
               "a workspace that is not aligned");
}

// A result over its input, or in the workspace, would be written while inputs are still read.
template <class Expect>
void memory_that_is_shared(Expect const& expect) {
    alignas(8) static std::byte space[pm::ram_bytes<live> + 8];
    static constinit tuner t;
    t.reset();
    float const input[6]{1, -1, 0.5f, 0, 2, -3};
    float apart[3], memory[12];
    auto const refused = [&](auto const& net, int bytes) {
        std::span<std::byte> const used(space, static_cast<std::size_t>(bytes));
        bool const called = net(input, apart, used).ok();
        for (int to = 0; to <= 9; ++to) {
            for (float& m : memory) m = 42;
            for (int i = 0; i < 6; ++i) memory[3 + i] = input[i];
            std::span<float> const x(memory + 3, 6), y(memory + to, 3);
            bool const shares = to > 0 && to < 9;
            expect(net(x, y, used).ok() != shares, "a result over the input is refused, one beside it is not");
            for (int i = 0; i < 3; ++i)
                expect(shares ? x[static_cast<std::size_t>(i)] == input[i] : y[static_cast<std::size_t>(i)] == apart[i],
                       "what was refused changed nothing; beside the input the result is the same");
        }
        // In the workspace, which begins as numbers that are finite.
        for (std::byte& b : space) b = std::byte{0};
        auto* const numbers = reinterpret_cast<float*>(space);
        expect(called && !net(std::span<float const>(numbers, 6), apart, used), "an input in the workspace is refused");
        expect(!net(input, std::span<float>(numbers, 3), used), "a result in the workspace is refused");
    };
    refused(frozen, pm::ram_bytes<frozen>);
    refused(live, pm::ram_bytes<live>);
    refused(int8, pm::ram_bytes<int8>);
    for (int i = 0; i < 6; ++i) memory[i] = input[i];
    expect(t(std::span<float const>(memory, 6), std::span(memory + 6, 3)).ok(), "a learner's result beside its input");
    for (int to = 0; to < 6; ++to)
        expect(!t(std::span<float const>(memory, 6), std::span(memory + to, 3)), "a learner's result over its input");
}

template <class Expect>
void spans_of_another_length(Expect const& expect) {
    static pm::workspace<live> space;
    static constinit tuner t;
    t.reset();
    float const x[4 * 6 + 1]{};
    float y[5];
    std::int32_t const labels[4]{};
    for (std::size_t n = 0; n <= 7; ++n)
        expect(live(std::span(x, n), std::span(y, 3), space.bytes).ok() == (n == 6) &&
                   t(std::span(x, n), std::span(y, 3)).ok() == (n == 6),
               "an input of another length");
    for (std::size_t n = 0; n <= 5; ++n)
        expect(live(std::span(x, 6), std::span(y, n), space.bytes).ok() == (n == 3), "a result of another length");
    for (std::size_t n = 23; n <= 25; ++n)
        expect(t.step(0.1f, std::span(x, n), labels).ok() == (n == 24), "a batch of another length");
}

template <class Expect>
void learning_from_bad_input(Expect const& expect) {
    static constinit tuner t;
    t.reset();
    float before[tuner::parameter_count];
    auto const remember = [&] {
        for (int i = 0; i < tuner::parameter_count; ++i) before[i] = t.parameters()[static_cast<std::size_t>(i)];
    };
    auto const unchanged = [&] {
        bool same = true;
        for (int i = 0; i < tuner::parameter_count; ++i)
            same = same && before[i] == t.parameters()[static_cast<std::size_t>(i)];
        return same;
    };
    float x[4 * 6];
    for (int i = 0; i < 4 * 6; ++i) x[i] = static_cast<float>(i % 5) - 2;
    std::int32_t labels[4]{0, 1, 2, 1};
    remember();
    expect(t.step(0.1f, x, labels).ok() && !unchanged(), "a step learns");
    remember();
    using limits = std::numeric_limits<std::int32_t>;
    for (std::int32_t const label : {std::int32_t{-1}, std::int32_t{3}, limits::max(), limits::min()}) {
        labels[2] = label;
        expect(!t.step(0.1f, x, labels) && unchanged(), "a label that is none");
    }
    labels[2] = 2;
    for (float const bad : not_finite) {
        x[7] = bad;
        expect(!t.step(0.1f, x, labels) && unchanged(), "a step refuses what is not finite");
        x[7] = 0;
        before[3] = bad;
        expect(!t.set(before), "parameters that are not finite");
        remember();
    }
    remember();
    float const loss_before = t.loss();
    for (float const rate : not_finite)
        expect(!t.step(rate, x, labels) && unchanged() && t.loss() == loss_before, "a step that is not finite");
    for (int i = 0; i < 4 * 6; ++i) x[i] = std::numeric_limits<float>::max();
    expect(!t.step(0.1f, x, labels) && unchanged(), "a gradient that is not finite");
    // A training that diverges ends in a status, and its parameters are those of the last step that was taken.
    for (int i = 0; i < 4 * 6; ++i) x[i] = static_cast<float>(i % 5) - 2;
    static constinit regression r;
    r.reset();
    float const targets[4 * 3]{1000, 2000, 3000};
    expect(!r.step(std::numeric_limits<float>::max(), x, targets), "parameters that would not be finite");
    bool ended = false;
    for (int n = 0; n < 400 && !ended; ++n) {
        ended = !r.step(30, x, targets).ok();
        for (float const p : r.parameters()) expect(pm::detail::all_finite(&p, 1), "parameters stay finite");
        expect(pm::detail::all_finite(&static_cast<float const&>(r.loss()), 1), "the loss stays finite");
    }
    expect(ended, "a training that diverges is reported");
}

template <class Expect>
void damaged_parameters(Expect const& expect) {
    static constinit flash memory;
    store s{memory, 7};
    constexpr int n = tuner::parameter_count;
    float first[n], second[n], read[n];
    for (int i = 0; i < n; ++i) first[i] = static_cast<float>(i), second[i] = -static_cast<float>(i) - 1;
    auto const equal = [&](float const(&a)[n]) {
        bool same = true;
        for (int i = 0; i < n; ++i) same = same && read[i] == a[i];
        return same;
    };
    for (float& r : read) r = 42;
    expect(!s.load(read) && read[0] == 42, "an empty flash");
    expect(s.save(first).ok() && s.load(read).ok() && equal(first), "what was saved is read");
    expect(s.save(second).ok() && s.load(read).ok() && equal(second), "what was saved last is read");
    expect(!store(memory, 8).load(read), "parameters of another layout");

    // The power fails after each byte of writing `first` over the older block.
    flash const both = memory;
    for (int cut = 1; cut <= flash::slot_bytes; ++cut) {
        memory = both;
        memory.written = 0;
        memory.limit = cut;
        bool const saved = s.save(first).ok();
        memory.limit = 0;
        expect(s.load(read).ok(), "a torn write leaves a valid block");
        expect(equal(saved ? first : second) || (cut >= flash::slot_bytes - 4 && equal(first)),
               "a torn write falls back to the older block");
        expect(!saved || cut == flash::slot_bytes, "a torn write is reported");
    }
    // One block damaged in any byte: the other is read. Both: none.
    for (int byte = 0; byte < flash::slot_bytes; ++byte) {
        memory = both;
        int const newest = s.newest();
        memory.slots[newest][byte] ^= std::byte{0x10};
        expect(s.load(read).ok() && equal(first), "a damaged block falls back to the older one");
        memory.slots[1 - newest][flash::slot_bytes - 1 - byte] ^= std::byte{0x01};
        expect(!s.load(read), "two damaged blocks");
    }
}

template <class Expect>
void all_bad_input(Expect const& expect) {
    inputs_that_are_not_finite(expect);
    workspaces_that_do_not_fit(expect);
    memory_that_is_shared(expect);
    spans_of_another_length(expect);
    learning_from_bad_input(expect);
    damaged_parameters(expect);
}

}  // namespace test
