// One file of a program includes the umbrella of the host, mixed_target.cpp that of targets: both work, in either order
// of linking, for they share no function of the library. A tensor of 64 x 64 lies elsewhere in the one than in the
// other.
//
// SPDX-License-Identifier: BSL-1.0
#include "mixed.hpp"

#include <paramorph/paramorph.hpp>

answers on_the_host() {
    namespace pm = paramorph;
    answers a{};
    pm::random random{pm::seed{1}};
    a.drawn = static_cast<float>(random.uniform(-1, 1));
    a.tensor_bytes = sizeof(pm::tensor<pm::shape<64, 64>>);
    pm::nn::linear<4, 4, pm::weight<pm::param::symmetric>> net{pm::seed{0}};
    net.weight.original() =
        xt::xtensor_fixed<float, xt::xshape<4, 4>>{{1, 2, 3, 4}, {0, 5, 6, 7}, {0, 0, 8, 9}, {0, 0, 0, 1}};
    net.bias = xt::xtensor_fixed<float, xt::xshape<4>>{0, 0, 0, 0};
    auto const y = net(xt::xtensor_fixed<float, xt::xshape<4>>{1, 1, 1, 1});
    for (std::size_t i = 0; i < 4; ++i) a.result[i] = y(i);
    try {
        pm::throw_if_failed({"a requirement"});
    } catch (pm::error const&) {
        a.refused = true;
    }
    return a;
}

int main() {
    answers const host = on_the_host(), target = on_the_target();
    float const expected[4]{10, 20, 26, 21};
    for (int i = 0; i < 4; ++i)
        if (host.result[i] != expected[i] || target.result[i] != expected[i]) return 1;
    if (host.drawn != target.drawn || !host.refused || !target.refused) return 2;
    return host.tensor_bytes != target.tensor_bytes ? 0 : 3;
}
