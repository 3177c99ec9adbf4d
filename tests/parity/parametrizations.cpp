// Forward, gradient and right inverse of parametrizations, for parametrizations.py: `parametrizations NAME N
// (float|double)` reads the originals, a cotangent and a value to assign from standard input, as binary numbers, and
// writes the value, the gradients of the originals and the originals that right_inverse gives. `register` in place of
// NAME reads the weight of a linear layer and writes original and weight after symmetric was registered on it.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include <paramorph/kernel/linear_algebra.hpp>
#include <paramorph/kernel/run.hpp>
#include <paramorph/nn/parametrize.hpp>
#include <paramorph/op/outer.hpp>
#include <paramorph/op/sqrt.hpp>
#include <paramorph/op/svd.hpp>
#include <paramorph/param/cayley.hpp>
#include <paramorph/param/positive.hpp>
#include <paramorph/param/skew.hpp>
#include <paramorph/param/symmetric.hpp>

namespace pm = paramorph;

struct rank_one {
    static constexpr auto forward(auto x, auto y) { return pm::outer(x, y); }
    static constexpr auto right_inverse(auto z) {
        auto [u, s, vh] = pm::svd(z);
        auto root = pm::sqrt(pm::select<0, 0>(s));
        return pm::originals(pm::select<1, 0>(u) * root, pm::select<0, 0>(vh) * root);
    }
};

// Several arrays in one block, as standard input and output have them.
template <class T>
struct arrays {
    std::vector<T> numbers;
    std::vector<void*> at;

    explicit arrays(std::vector<int> const& sizes) {
        std::size_t total = 0;
        for (int n : sizes) total += static_cast<std::size_t>(n);
        numbers.resize(total);
        T* next = numbers.data();
        for (int n : sizes) {
            at.push_back(next);
            next += n;
        }
    }
};

template <class P, class T>
void run(void* const* in, void* const* out) {
    std::vector<double> space(static_cast<std::size_t>(pm::workspace_bytes_of<P>) / sizeof(double) + 16);
    void* start = space.data();
    std::size_t room = space.size() * sizeof(double);
    start = std::align(64, static_cast<std::size_t>(pm::workspace_bytes_of<P>), start, room);
    pm::throw_if_failed(pm::run<P>(const_cast<void const* const*>(in), out, static_cast<std::byte*>(start)));
}

template <class P, int N, class T>
void serve() {
    using matrix = pm::shape<N, N>;
    using traits = pm::chain_traits<pm::chain_of<P>, matrix, T>;
    std::vector<int> originals;
    [&]<int... K>(std::integer_sequence<int, K...>) {
        (originals.push_back(traits::template original_shape<K>::size), ...);
    }(std::make_integer_sequence<int, traits::original_count>{});

    auto sizes = originals;
    sizes.insert(sizes.end(), {N * N, N * N});
    arrays<T> in(sizes);
    sizes.assign(1, N * N);
    for (int twice = 0; twice < 2; ++twice) sizes.insert(sizes.end(), originals.begin(), originals.end());
    arrays<T> out(sizes);

    if (std::fread(in.numbers.data(), sizeof(T), in.numbers.size(), stdin) != in.numbers.size()) std::exit(2);
    run<pm::program::value_of<P, matrix, T>, T>(in.at.data(), out.at.data());
    run<pm::program::gradient_of<P, matrix, T>, T>(in.at.data(), out.at.data() + 1);
    run<pm::program::right_inverse_of<P, matrix, T>, T>(&in.at.back(), out.at.data() + 1 + originals.size());
    std::fwrite(out.numbers.data(), sizeof(T), out.numbers.size(), stdout);
}

// The sizes are shared out between the element types, because every one is three programs to compile.
template <class P, class T, int... N>
bool serve_size(int n) {
    return ((n == N && (serve<P, N, T>(), true)) || ...);
}
template <class P>
bool serve_type(int n, std::string_view type) {
    return type == "float" ? serve_size<P, float, 1, 5, 33>(n) : serve_size<P, double, 4, 16>(n);
}

// torch.nn.utils.parametrize.register_parametrization's first example.
int serve_register() {
    constexpr std::size_t n = 5;
    pm::nn::linear<5, 5> plain{pm::seed{0}};
    if (std::fread(plain.weight.original().data(), sizeof(float), n * n, stdin) != n * n) return 2;
    auto const layer = pm::register_parametrization<pm::weight<pm::param::symmetric>>(plain);
    auto const w = layer.weight();
    std::fwrite(layer.weight.original().data(), sizeof(float), n * n, stdout);
    std::fwrite(w.data(), sizeof(float), n * n, stdout);
    return 0;
}

int main(int count, char** words) {
    if (count != 4) return 2;
    std::string_view const name = words[1], type = words[3];
    int const n = std::atoi(words[2]);
    try {
        if (name == "register") return serve_register();
        bool const known = name == "symmetric"  ? serve_type<pm::param::symmetric>(n, type)
                           : name == "rotation" ? serve_type<pm::chain<pm::param::skew, pm::param::cayley>>(n, type)
                           : name == "rank_one" ? serve_type<rank_one>(n, type)
                           : name == "positive" ? serve_type<pm::param::positive>(n, type)
                                                : false;
        return known ? 0 : 2;
    } catch (pm::error const& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
