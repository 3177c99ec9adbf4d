// Nothing is allocated where nothing should be: training steps from the second on, inference with static shapes,
// assignments of small tensors, and kernels. Every allocation of the program is counted, through malloc itself where
// glibc lets us.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>
#include <new>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "paramorph/paramorph.hpp"

namespace {
long allocations = 0;
}

// Under a sanitizer, or without glibc, only operator new is counted.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* malloc(std::size_t n) noexcept {
    return ++allocations, __libc_malloc(n);
}
void* calloc(std::size_t n, std::size_t size) noexcept {
    return ++allocations, __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t n) noexcept {
    return ++allocations, __libc_realloc(p, n);
}
void* aligned_alloc(std::size_t alignment, std::size_t n) noexcept {
    return ++allocations, __libc_memalign(alignment, n);
}
void* memalign(std::size_t alignment, std::size_t n) noexcept {
    return ++allocations, __libc_memalign(alignment, n);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t n) noexcept {
    return ++allocations, (*p = __libc_memalign(alignment, n)) ? 0 : 12;
}
}
#else
void* operator new(std::size_t n) {
    ++allocations;
    if (void* const p = std::malloc(n)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}
#endif

namespace pm = paramorph;

namespace {

template <std::size_t... E>
using array = xt::xtensor_fixed<float, xt::xshape<E...>>;
using rotation = pm::chain<pm::param::skew, pm::param::cayley>;
using model = pm::nn::sequential<pm::nn::linear<6, 6, pm::weight<rotation>>, pm::nn::tanh,
                                 pm::nn::linear<6, 3, pm::bias<pm::param::positive>>>;

long allocated_in(auto&& f) {
    long const before = allocations;
    f();
    return allocations - before;
}

}  // namespace

TEST_CASE("allocation: the counter counts") {
    CHECK(allocated_in([] { delete[] new (std::nothrow) char volatile[1000]; }) >= 0);
    CHECK(allocated_in([] { ::operator delete(::operator new(1000)); }) == 1);
}

TEST_CASE("allocation: a training step allocates nothing from the second on") {
    auto net = pm::make<model>(pm::seed{1});
    auto const loss = [](auto& m, auto x, auto t) { return pm::cross_entropy(m(x), t); };
    auto step = pm::value_and_grad(loss, net);
    pm::optim::adam adam{net};
    pm::optim::sgd sgd{net, {.momentum = 0.9}};
    array<4, 6> x;
    x.fill(0.5f);
    xt::xtensor_fixed<std::int32_t, xt::xshape<4>> const t{0, 1, 2, 0};
    adam.step(step(x, t).gradient);
    float last = 0;
    long const n = allocated_in([&] {
        for (int k = 0; k < 5; ++k) {
            auto& [value, gradient] = step(x, t);
            adam.step(gradient);
            sgd.step(gradient);
            last = value;
        }
    });
    CHECK(n == 0);
    CHECK(last > 0);
}

TEST_CASE("allocation: inference with static shapes allocates nothing") {
    auto const net = pm::make<model>(pm::seed{1});
    auto const frozen = pm::freeze(net);
    array<4, 6> x;
    x.fill(0.5f);
    float sum = 0;
    CHECK(allocated_in([&] { sum += net(x)(0, 0); }) == 0);
    CHECK(allocated_in([&] { sum += frozen(x)(0, 0); }) == 0);
    CHECK(std::isfinite(sum));
}

namespace {

struct listener {
    pm::nn::conv1d<2, 5, 3, pm::padding<pm::causal>, pm::dilation<40>> ear;
    pm::nn::gru<5, 6> memory;
    pm::nn::linear<6, 2> head;
    constexpr auto forward(auto x) const {
        auto const [ys, last] = memory(pm::transpose(ear(x)));
        return head(ys);
    }
    constexpr auto operator()(auto const& x) const { return pm::call(*this, x); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(listener, ear, memory, head);

TEST_CASE("allocation: a stream allocates nothing") {
    auto const net = pm::make<listener>(pm::seed{1});
    pm::streaming<listener, 200> s(net);
    array<2, 200> x;
    array<2, 7> few;
    x.fill(0.5f);
    few.fill(-0.5f);
    std::vector<float> y(400);
    float sum = 0;
    CHECK(allocated_in([&] {
              sum += s.process(x)(3, 0) + s.process(few)(6, 1) + s.step(array<2>{1, 2})(0);
              s.process(x.data(), y.data(), 200);
              static_cast<void>(s.process(std::span<float const>(x.data(), 2), std::span<float>(y)));
              auto other = s;
              other.reset();
              sum += other.step(array<2>{1, 2})(1);
          }) == 0);
    CHECK(std::isfinite(sum));
}

TEST_CASE("allocation: functions of small arrays and their gradients, and parts of a gradient, allocate nothing") {
    auto net = pm::make<model>(pm::seed{1});
    auto const both = pm::function([](auto& n, auto x) { return std::tuple{n(x), pm::sum(x)}; }, net);
    auto const slope = pm::value_and_grad([](auto x, auto y) { return pm::sum(pm::square(x) * y); });
    auto step = pm::value_and_grad([](auto& m, auto x) { return pm::mean(m(x)); }, net);
    array<4, 6> x;
    x.fill(0.5f);
    array<3, 6> const ones = [] {
        array<3, 6> a;
        a.fill(1);
        return a;
    }();
    float sum = 0;
    auto& gradient = step(x).gradient;
    CHECK(allocated_in([&] {
              auto const [y, of_x] = both(x);
              sum += y(0, 0) + of_x;
              auto const [value, slopes] = slope(x, x);
              sum += value + std::get<1>(slopes)(3, 5);
              gradient *= 0.5f;
              gradient.at<"2.weight">() = ones;
              gradient.at<"2.weight">() *= 2.0f;
              sum += gradient.at<"2.weight">()(2, 5);
          }) == 0);
    CHECK(std::isfinite(sum));
    CHECK(gradient.at<"2.weight">()(2, 5) == 2);
}

TEST_CASE("allocation: reading and assigning a small tensor allocates nothing") {
    pm::tensor<pm::shape<4, 4>, rotation> q;
    pm::tensor<pm::shape<4, 4>, pm::chain<pm::param::symmetric>> s;
    array<4, 4> a;
    a.fill(0);
    CHECK(allocated_in([&] {
              for (std::size_t i = 0; i < 4; ++i) a(i, i) = 1;
              q = a;
              s = a;
              a = q();
              a += s();
              s.project(a);
          }) == 0);
    CHECK(std::abs(a(0, 0) - 2) < 1e-6f);
}
