// The sigmoid chain in FastAD: value and gradient of sum(g . y) for y = lower + (upper - lower) * sigmoid(slope * x).
// FastAD reads and writes the benchmark's own buffers, so that nothing is copied; an expression is built once for each.
//
// `bench --peer-dir DIR` compiles this against a checkout of FastAD and loads it.
//
// SPDX-License-Identifier: BSL-1.0
#include <fastad>
#include <map>
#include <memory>
#include <utility>

#include "../subject.hpp"
#include "peers.hpp"

namespace benchmark {
namespace {

template <int Size>
struct in_fastad {
    using view = ad::VarView<float, ad::mat>;

    static auto expression(float const* x, float const* g, float* y, float* dx, float* adjoint) {
        view const input(const_cast<float*>(x), dx, Size, Size), value(y, adjoint, Size, Size);
        return ad::bind((value = lower + (upper - lower) * ad::sigmoid(slope * input),
                         ad::sum(ad::constant_view(g, Size, Size) * value)));
    }

    static void sigmoid_both(float const* x, float const* g, float* y, float* dx) {
        using adjoints = Eigen::Map<Eigen::ArrayXf>;
        using bound = decltype(expression(x, g, y, dx, y));
        static Eigen::ArrayXf adjoint(Size * Size);
        static std::map<std::pair<float const*, float*>, std::unique_ptr<bound>> expressions;
        auto& known = expressions[{x, y}];
        if (!known) known.reset(new bound(expression(x, g, y, dx, adjoint.data())));
        adjoints(dx, Size * Size).setZero();
        adjoint.setZero();
        ad::autodiff(*known);
    }
};

}  // namespace
}  // namespace benchmark

extern "C" void add_peers(std::vector<benchmark::peer>& all) {
    using namespace benchmark;
    add_peers<in_fastad, 16>(all, "FastAD");
    add_peers<in_fastad, 64>(all, "FastAD");
    add_peers<in_fastad, 256>(all, "FastAD");
    add_peers<in_fastad, 1024>(all, "FastAD");
}
