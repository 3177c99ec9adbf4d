// Learning on the device: the digits, shifted by a pixel, are read badly by a network that never saw any; the lora of
// its first weight and its last layer are trained on 256 of them. What was learned is saved to flash and read back.
//
// SPDX-License-Identifier: BSL-1.0
#include "../ram_flash.hpp"
#include "board.hpp"
#include "digits.hpp"
#include "report.hpp"
#include "tuned.hpp"

namespace {

namespace pm = paramorph;

constexpr int batch = 16;

struct loss {
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::cross_entropy(net(x), t); }
};
using tuner = pm::learner<tuned::originals, loss, pm::trains<"0.weight", "4">, pm::input<pm::shape<batch, 64>>,
                          pm::input<pm::shape<batch>, std::int32_t>>;
using flash = test::ram_flash<pm::parameter_block_bytes<float, tuner::parameter_count>>;

// All of the memory but the stack, which has room for `stack_bytes`; cortex_m4.py compares both with the image.
struct {
    tuner learner;
    flash slots;
    float x[batch * 64], y[10], read[tuner::parameter_count];
    std::int32_t labels[batch];
} constinit memory{};
constexpr int stack_bytes = 8 * 1024;
static_assert(sizeof(memory) + stack_bytes <= 80 * 1024);

constexpr auto& learner = memory.learner;
constexpr auto& x = memory.x;
constexpr auto& y = memory.y;
constexpr auto& labels = memory.labels;

// A digit, moved one pixel to the right.
void shifted(std::uint8_t const* pixels, float* to) {
    for (int row = 0; row < 8; ++row)
        for (int column = 0; column < 8; ++column)
            to[row * 8 + column] = column == 0 ? 0.0f : static_cast<float>(pixels[row * 8 + column - 1]) * (1.0f / 16);
}

int correct() {
    int n = 0;
    for (int d = 0; d < held_out_count; ++d) {
        shifted(held_out_pixels + d * 64, x);
        if (!learner(std::span<float const, 64>(x, 64), y)) return -1;
        int best = 0;
        for (int c = 1; c < 10; ++c)
            if (y[c] > y[best]) best = c;
        n += best == held_out_labels[d];
    }
    return n;
}

bool train(int epochs) {
    for (int e = 0; e < epochs; ++e)
        for (int first = 0; first + batch <= other_count; first += batch) {
            for (int i = 0; i < batch; ++i) {
                shifted(other_pixels + (first + i) * 64, x + i * 64);
                labels[i] = other_labels[first + i];
            }
            if (pm::status const s = learner.step(0.05f, x, labels); !s) {
                board::print(s.failed);
                return false;
            }
        }
    return true;
}

}  // namespace

int main() {
    learner.reset();
    board::report("digits", held_out_count);
    board::report("parameters", tuner::parameter_count);
    board::report("memory", sizeof(memory));
    board::report("stack_room", stack_bytes);
    board::report("before", correct());
    board::report("trained", train(20));
    board::report("after", correct());

    pm::parameter_store<float, tuner::parameter_count, flash> store{memory.slots, 1};
    board::report("saved", store.save(learner.parameters()).ok());
    learner.reset();
    board::report("loaded", store.load(memory.read).ok() && learner.set(memory.read).ok());
    board::report("after_loading", correct());
    board::report("stack", board::stack_bytes_used());
    return 0;
}
