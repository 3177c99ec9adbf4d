// Loads model.safetensors, runs the input of golden.safetensors and compares with what PyTorch gave:
//
//     check FOLDER [OUT]     exits with 0 where all agree to 1e-5; OUT: what was loaded is saved there, for PyTorch
//
// Written by export_torch.py. Links paramorph-io.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <string>

#include <paramorph/io.hpp>

#include "model.hpp"

namespace sequences {

template <class T, std::size_t... N>
static auto array_of(pm::io::tensor_dict const& from, char const* name) {
    xt::xtensor_fixed<T, xt::xshape<N...>> a;
    auto const numbers = from.values<T>(name);
    if (numbers.size() != a.size()) throw pm::error(std::string(name) + " of golden.safetensors has another shape");
    std::copy(numbers.begin(), numbers.end(), a.data());
    return a;
}

// The numbers of a result; one without axes is a number.
static auto const* numbers_of(auto const& y) {
    if constexpr (requires { y.data(); })
        return y.data();
    else
        return &y;
}
static std::size_t count_of(auto const& y) {
    if constexpr (requires { y.size(); })
        return y.size();
    else
        return 1;
}

// How far a result is from the expected one, relative to its largest number, or to 1.
static double difference(pm::io::tensor_dict const& golden, char const* name, auto const& y) {
    auto const expected = golden.values<double>(name);
    double worst = 0, scale = 1;
    if (expected.size() != count_of(y)) return std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < expected.size(); ++i) {
        double const a = static_cast<double>(numbers_of(y)[i]), b = expected[i];
        if (a == b || (std::isnan(a) && std::isnan(b))) continue;
        double const d = std::abs(a - b);
        worst = std::isfinite(d) ? std::max(worst, d) : std::numeric_limits<double>::infinity();
        scale = std::isfinite(b) ? std::max(scale, std::abs(b)) : scale;
    }
    std::printf("%s: differs by %.1e\n", name, worst / scale);
    return worst / scale;
}

static int check(std::string const& folder, char const* out) {
    static model net;
    pm::load(net, folder + "/model.safetensors");
    auto const golden = pm::io::read(folder + "/golden.safetensors");
    static auto const x0 = array_of<float, 2, 5, 3>(golden, "input.0");
    auto const y = net(x0);
    double worst = 0;
    worst = std::max(worst, difference(golden, "output.0", std::get<0>(y)));
    worst = std::max(worst, difference(golden, "output.1", std::get<1>(y)));
    worst = std::max(worst, difference(golden, "output.2", std::get<2>(y)));
    if (out) pm::save(net, out);
    return worst <= 1e-5 ? 0 : 1;
}

}  // namespace sequences

int main(int count, char** arguments) {
    try {
        return sequences::check(count > 1 ? arguments[1] : ".", count > 2 ? arguments[2] : nullptr);
    } catch (std::exception const& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
