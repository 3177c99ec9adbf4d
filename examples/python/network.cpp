// A network as a shared library with a C interface, for Python by ctypes, or for any other language: no binding
// generator, no header of Python. use.py has the other half.
//
// Arrays are addresses of row-major numbers, which are read and written where they are. A function answers 0, or -1 and
// network_error() says what was wrong; then nothing has changed. One network serves one thread at a time; a frozen one
// any number.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <paramorph/paramorph.hpp>
#include <paramorph/views.hpp>

namespace pm = paramorph;

namespace {

constexpr int inputs = 4, outputs = 3, batch = 16;
using hidden = pm::nn::linear<inputs, inputs, pm::weight<pm::param::skew, pm::param::cayley>>;  // a rotation
using model = pm::nn::sequential<hidden, pm::nn::tanh, pm::nn::linear<inputs, outputs>>;

struct loss {
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::mse(net(x), t); }
};

thread_local std::string said;

// What f gives, or -1 with the sentence of what it throws.
int guarded(auto&& f) {
    try {
        f();
        return 0;
    } catch (std::exception const& e) {
        said = e.what();
    } catch (...) {
        said = "an error that says nothing";
    }
    return -1;
}

}  // namespace

extern "C" {

// What C sees of them is their names.
struct network {
    model net;
    decltype(pm::value_and_grad(loss{}, net)) step{net};
    pm::optim::adam<model> optimizer{net, {.learning_rate = 0.02}};
    std::vector<std::string> names{};

    explicit network(std::uint64_t seed) : net(pm::make<model>(pm::seed{seed})) {
        pm::for_each_parameter(net, [&](std::string const& name, auto&) { names.push_back(name); });
    }
};
struct frozen_network {
    decltype(pm::freeze(model{})) net;
};

char const* network_error() {
    return said.c_str();
}
network* network_new(std::uint64_t seed) {
    network* made = nullptr;
    guarded([&] { made = new network(seed); });
    return made;
}
void network_free(network* n) {
    delete n;
}

// One step of training with x [16, 4] and t [16, 3].
int network_train(network* n, float const* x, float const* t, float* value) {
    return guarded([&] {
        auto& [found, gradient] =
            n->step(pm::view<pm::shape<batch, inputs>>(x), pm::view<pm::shape<batch, outputs>>(t));
        n->optimizer.step(gradient);
        *value = found;
    });
}

// Parameter k: its name, address, number of axes and extents (up to four). -1 where there is no other.
int network_parameter(network* n, int k, char const** name, float** data, int* rank, std::int64_t* extents) {
    int at = 0, found = -1;
    pm::for_each_parameter(n->net, [&](std::string const&, auto& x) {
        if (at++ != k) return;
        *name = n->names[static_cast<std::size_t>(k)].c_str();
        *data = x.data();
        *rank = static_cast<int>(x.dimension());
        for (std::size_t i = 0; i < x.dimension(); ++i) extents[i] = static_cast<std::int64_t>(x.shape()[i]);
        found = 0;
    });
    if (found != 0) said = "network_parameter: there is no parameter " + std::to_string(k);
    return found;
}

frozen_network* network_freeze(network const* n) {
    frozen_network* made = nullptr;
    guarded([&] { made = new frozen_network{pm::freeze(n->net)}; });
    return made;
}
void frozen_free(frozen_network* n) {
    delete n;
}
// y [rows, 3] of x [rows, 4].
int frozen_call(frozen_network const* n, float const* x, std::int64_t rows, float* y) {
    return guarded([&] {
        auto const found = n->net(pm::view(x, rows, inputs));
        auto to = pm::view(y, rows, outputs);
        to = found;
    });
}
}
