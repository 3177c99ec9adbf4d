// thread_pool: threads that wait for work, an executor for `pm::run` (kernel/run_shared.hpp).
//
//     pm::thread_pool threads(4);           // the caller's and three more
//     threads(100, [&](int k) noexcept { /* part k */ });
//
// The caller's thread is one of them; parts are dealt out as threads become free, and the call returns when all are
// done. What the parts wrote is seen after it. Calls from several threads follow one another; one from inside a part
// never returns.
//
// A thread that waits, for a call or for the last parts of one, looks for 50 microseconds whether it is there, and then
// sleeps: to wake a thread takes some microseconds, and tens where its core sleeps, too. So calls that follow one
// another at once find the threads awake, and a pool that is not called takes no time. One of more threads than the
// machine has cores sleeps at once.
//
// Errors: fewer than one thread is pm::error. Not part of the umbrella header, which needs no <thread>. Cost: one
// atomic operation for each part; a call of threads that are awake takes less than a microsecond.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "paramorph/core/error.hpp"

namespace paramorph::inline PARAMORPH_ABI {

class thread_pool {
  public:
    explicit thread_pool(int threads) {
        if (threads < 1)
            throw error("thread_pool: expected at least one thread, the caller's; found " + std::to_string(threads));
        looks_ = threads <= static_cast<int>(std::thread::hardware_concurrency());
        for (int k = 1; k < threads; ++k) others_.emplace_back([this] { wait_for_work(); });
    }
    thread_pool(thread_pool const&) = delete;
    thread_pool& operator=(thread_pool const&) = delete;
    ~thread_pool() {
        ends_ = true;
        call();
        for (std::thread& t : others_) t.join();
    }

    int size() const { return int(others_.size()) + 1; }

    template <class F>
    void operator()(int parts, F&& f) {
        static_assert(
            std::is_nothrow_invocable_v<F&, int>,
            "thread_pool: what runs on several threads must throw nothing: write [&](int k) noexcept { ... }");
        std::lock_guard const one_call(calls_);
        work_ = [](void const* f, int k) { (*static_cast<std::remove_reference_t<F>*>(const_cast<void*>(f)))(k); };
        of_ = &f;
        parts_ = parts;
        next_.store(0, std::memory_order_relaxed);
        busy_.store(int(others_.size()), std::memory_order_relaxed);
        call();
        take_parts();
        for (int n; (n = busy_.load(std::memory_order_acquire)) != 0;) wait_while(busy_, n);
    }

  private:
    void call() {
        calls_made_.fetch_add(1, std::memory_order_release);
        calls_made_.notify_all();
    }
    void take_parts() {
        for (int k; (k = next_.fetch_add(1, std::memory_order_relaxed)) < parts_;) work_(of_, k);
    }
    template <class T>
    void wait_while(std::atomic<T> const& number, T value) const {
        using clock = std::chrono::steady_clock;
        for (auto const end = clock::now() + std::chrono::microseconds(50); looks_ && clock::now() < end;)
            for (int k = 0; k < 64; ++k) {
                if (number.load(std::memory_order_acquire) != value) return;
                pause();
            }
        number.wait(value, std::memory_order_acquire);
    }
    // Leaves the core to others for some cycles.
    static void pause() {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        asm volatile("yield");
#endif
    }
    void wait_for_work() {
        for (unsigned seen = 0;; ++seen) {
            wait_while(calls_made_, seen);
            if (ends_) return;
            take_parts();
            if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
        }
    }

    std::vector<std::thread> others_;
    std::mutex calls_;
    std::atomic<unsigned> calls_made_{0};
    std::atomic<int> next_{0}, busy_{0};
    bool ends_ = false, looks_ = false;
    int parts_ = 0;
    void (*work_)(void const*, int) = nullptr;
    void const* of_ = nullptr;
};

}  // namespace paramorph::inline PARAMORPH_ABI
