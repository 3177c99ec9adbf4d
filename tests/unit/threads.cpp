// Several threads call one network: as it is, cached, frozen, in inference. Under ThreadSanitizer, where the compiler
// has it: a race ends the program. Each thread checks what it gets. Behaviour-g.
//
// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "paramorph/nn/linear.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/nn/value_and_grad.hpp"
#include "paramorph/op/add.hpp"
#include "paramorph/op/tanh.hpp"
#include "paramorph/param/symmetric.hpp"
#include "paramorph/threads.hpp"

namespace pm = paramorph;

namespace {

struct moving {
    template <class Shape>
    using state = pm::states<pm::state<"count", pm::shape<1>>>;
    static constexpr auto forward(auto w, auto count) { return pm::updated(w + count, count + 1.0); }
};
using net = pm::nn::sequential<pm::nn::linear<8, 8, pm::weight<pm::param::symmetric>>,
                               pm::nn::linear<8, 8, pm::weight<moving>>>;
struct scaled {
    static constexpr auto forward(auto x) { return pm::tanh(x) * 0.5; }
};
constexpr auto squared = [](auto& n, auto x) { return pm::sum(n(x)); };

}  // namespace

int main() {
    auto const shared = pm::make<net>(pm::seed{1});
    auto const fast = pm::cached(shared);
    auto const frozen = pm::freeze(shared);
    xt::xtensor_fixed<float, xt::xshape<8>> x;
    for (std::size_t i = 0; i < 8; ++i) x(i) = static_cast<float>(i) - 3;
    auto const expected = shared(x);
    std::atomic<int> wrong = 0;
    auto const work = [&] {
        for (int n = 0; n < 50; ++n) {
            if (!(shared(x) == expected) || !(fast(x) == expected) || !(frozen(x) == expected)) ++wrong;
            if (!(pm::inference(shared)(x) == expected) || !(pm::cached(fast)(x) == expected)) ++wrong;
            if (!(fast.value<"0.weight">() == pm::get<0>(shared).weight())) ++wrong;
        }
        net mine = shared;  // training is on a network of one's own
        auto step = pm::value_and_grad(squared, mine);
        for (int n = 0; n < 10; ++n) step(x);
        if (pm::get<1>(mine).weight.state()(0) != 10) ++wrong;
    };
    std::vector<std::thread> threads;
    for (int n = 0; n < 4; ++n) threads.emplace_back(work);
    for (std::thread& t : threads) t.join();

    // One call on several threads, and several such calls on the same ones.
    using big = pm::program::value_of<scaled, pm::shape<256, 256>>;
    std::vector<float> in(256 * 256, 0.5f), alone(in.size());
    auto const run_big = [&](std::vector<float>& out, auto&... pool) {
        void const* const from[]{in.data()};
        void* const to[]{out.data()};
        return pm::run<big>(from, to, nullptr, pool...).ok();
    };
    if (!run_big(alone)) ++wrong;
    pm::thread_pool pool(3);
    // Batches of networks on them.
    auto batch = xt::xtensor<float, 2>::from_shape({200, 8});
    for (std::size_t i = 0; i < batch.size(); ++i) batch.data()[i] = static_cast<float>(i % 13) - 6;
    auto const rows = shared(batch);
    auto const on_pool = pm::on_threads(shared, pool);
    auto const call = [&] {
        for (int n = 0; n < 50; ++n) {
            if (!(on_pool(batch) == rows) || !(pm::on_threads(frozen, pool)(batch) == rows)) ++wrong;
            std::vector<float> out(in.size());
            if (!run_big(out, pool) || out != alone) ++wrong;
        }
    };
    std::thread other(call);
    call();
    other.join();
    // Calls that find the threads awake, and asleep.
    pm::thread_pool two(2);
    for (int n = 0; n < 60; ++n) {
        std::atomic<int> sum = 0;
        two(n, [&](int k) noexcept { sum += k; });
        if (sum != n * (n - 1) / 2) ++wrong;
        if (n % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    // Threads that are not called sleep: together less than a third of the time that passes.
    std::clock_t const before = std::clock();
    std::this_thread::sleep_for(std::chrono::milliseconds(90));
    if (std::clock() - before > CLOCKS_PER_SEC * 30 / 1000) ++wrong;
    try {
        pm::thread_pool none(0);
        ++wrong;
    } catch (pm::error const& e) {
        if (e.what() != std::string("thread_pool: expected at least one thread, the caller's; found 0")) ++wrong;
    }
    std::printf("%d wrong\n", wrong.load());
    return wrong == 0 ? 0 : 1;
}
