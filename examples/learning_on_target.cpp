// Learning on a small target, here run on the machine that built it: a network in flash whose last layer is trained on
// what a sensor gives, without heap; what was learned is stored in two slots of flash, of which one is always valid,
// also where power fails while it is written. Exit status 0 if it learned, and what was stored comes back.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <type_traits>

#include <paramorph/paramorph.hpp>

namespace pm = paramorph;

using model =
    pm::nn::sequential<pm::nn::linear<1, 6, pm::weight<pm::param::positive>>, pm::nn::tanh, pm::nn::linear<6, 1>>;

// What the host trained, as pm::write_originals writes it; here made up.
constexpr pm::network_originals<model> originals = [] {
    pm::network_originals<model> numbers{};
    pm::random random{pm::seed{5}};
    for (float& x : numbers.of) x = static_cast<float>(random.uniform(-1, 1));
    return numbers;
}();
// Its weights from these originals: in each call, or once, by the compiler, which then are its values.
constexpr pm::live<originals> in_flash;
constexpr auto frozen = pm::freeze<originals>();
static_assert(std::is_same_v<decltype(frozen), pm::frozen<pm::frozen_values<originals>> const>);

struct loss {
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::mse(net(x), t); }
};
// Two tensors of four are trained; the learner's memory has their numbers, their gradient and the workspace.
constexpr int batch = 8;
using rows = pm::input<pm::shape<batch, 1>>;
using tuner = pm::learner<originals, loss, pm::trains<"2.weight", "2.bias">, rows, rows>;
static_assert(tuner::parameter_count == 7 && sizeof(tuner) < 1024);

// A flash of two slots, in memory. `room`: how many bytes are written before power fails.
struct flash {
    static constexpr int slot_bytes = pm::parameter_block_bytes<float, tuner::parameter_count>;
    std::byte slots[2][slot_bytes]{};
    int room = 1000000;
    std::byte const* data(int slot) const { return slots[slot]; }
    bool erase(int slot) {
        for (std::byte& b : slots[slot]) b = std::byte{0xFF};
        return true;
    }
    bool write(int slot, int offset, std::byte const* from, int count) {
        for (int i = 0; i < count; ++i, --room) {
            if (room <= 0) return false;
            slots[slot][offset + i] = from[i];
        }
        return true;
    }
};
static_assert(pm::parameter_flash<flash> && flash::slot_bytes == 7 * 4 + 16);

static tuner learner;
static flash slots;
static pm::workspace<in_flash> space;
static_assert(alignof(decltype(space)) == pm::workspace_boundary);

int main() {
    float x[batch], t[batch];
    for (int i = 0; i < batch; ++i) {
        x[i] = static_cast<float>(i) / 4 - 1;
        t[i] = 0.5f * x[i] - 0.25f;
    }

    // Before a step the learner is the network in flash.
    learner.reset();
    float const at[1]{0.5f};
    float before[1], same[1], after[1];
    bool good = learner(at, before).ok() && in_flash(at, same, space.bytes).ok() && before[0] == same[0];
    float first = 0;
    for (int k = 0; k < 4000; ++k) {
        good = good && learner.step(0.2f, x, t).ok();
        if (k == 0) first = learner.loss();
    }
    good = good && learner(at, after).ok();
    std::printf("loss %g -> %g; at 0.5: %g -> %g, wanted %g\n", double(first), double(learner.loss()),
                double(before[0]), double(after[0]), 0.0);
    good = good && learner.loss() < 0.01f * first;

    // Stored, and stored again, where power fails half-way: the block before it is still there, and comes back.
    pm::parameter_store<float, tuner::parameter_count, flash> store{slots, 1};
    good = good && store.save(learner.parameters()).ok();
    good = good && learner.step(0.1f, x, t).ok();
    slots.room = 20;
    pm::status const cut = store.save(learner.parameters());
    float read[tuner::parameter_count], back[1];
    learner.reset();
    good = good && !cut && store.load(read).ok() && learner.set(read).ok() && learner(at, back).ok();
    std::printf("power failed: %s; what was stored before it gives %g\n", cut.failed, double(back[0]));

    // What tells a torn block is the CRC-32 of IEEE 802.3; its check value is that of "123456789".
    std::byte digits[9];
    for (int i = 0; i < 9; ++i) digits[i] = static_cast<std::byte>('1' + i);
    good = good && pm::crc32(digits, 9) == 0xCBF43926u;
    return good && back[0] == after[0] ? 0 : 1;
}
