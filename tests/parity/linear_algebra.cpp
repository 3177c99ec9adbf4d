// Linear algebra, value and gradient, for linear_algebra.py: `linear_algebra NAME (float|double)` reads the arguments
// and a cotangent of every result from standard input, as binary numbers, and writes the results and the gradients.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <memory>
#include <string_view>
#include <vector>

#include <paramorph/kernel/linear_algebra.hpp>
#include <paramorph/kernel/run.hpp>
#include <paramorph/op/negate.hpp>
#include <paramorph/param/cayley.hpp>
#include <paramorph/param/skew.hpp>
#include <paramorph/parametrize/programs.hpp>

namespace pm = paramorph;

namespace {

constexpr auto symmetric = [](auto x) { return x + pm::transpose(x); };

constexpr auto inverse = [](auto a) { return pm::inverse(a); };
constexpr auto cayley = [](auto x) { return pm::param::cayley::forward(pm::param::skew::forward(x)); };
constexpr auto lower = [](auto a, auto b) { return pm::triangular_solve(a, b); };
constexpr auto upper_transposed = [](auto a, auto b) {
    return pm::triangular_solve<pm::triangular{.upper = true, .transposed = true}>(a, b);
};
constexpr auto unit_upper = [](auto a, auto b) {
    return pm::triangular_solve<pm::triangular{.upper = true, .unit = true}>(a, b);
};
constexpr auto cholesky = [](auto a) { return pm::cholesky(symmetric(a)); };
constexpr auto det = [](auto a) { return pm::det(a); };
constexpr auto slogdet = [](auto a) { return pm::slogdet(a); };
constexpr auto lu = [](auto a) { return pm::lu(a); };
constexpr auto qr = [](auto a) { return pm::qr(a); };
constexpr auto reflections = [](auto a, auto tau) { return pm::householder_product(a, tau); };
constexpr auto eigh = [](auto a) { return pm::eigh(symmetric(a)); };
constexpr auto matrix_exp = [](auto a) { return pm::matrix_exp(a); };
constexpr auto rotation = [](auto x) { return pm::matrix_exp<pm::matrix_kind::skew>(pm::param::skew::forward(x)); };
// PyTorch has no logarithm of a matrix: the logarithm of a rotation is compared with what the rotation was made from.
constexpr auto rotation_log = [](auto x) { return pm::rotation_log(rotation(x)); };
constexpr auto singular_values = [](auto a) { return std::get<1>(pm::svd(a)); };

template <class F, class T, class... Input>
struct program {
    using real = T;
    template <class R>
    struct results {
        using operations = typename R::operations;
        static constexpr int count = 1;
    };
    template <class... R>
    struct results<std::tuple<R...>> {
        using operations = pm::join<typename R::operations...>;
        static constexpr int count = sizeof...(R);
    };
    using result = results<decltype(F{}(pm::symbol<Input, T>{}...))>;
    using operations = pm::join<pm::base_operations, pm::ops<pm::op::broadcast_to>, typename result::operations>;
    static constexpr int inputs = sizeof...(Input);

    static constexpr pm::ir::graph build() {
        pm::ir::graph g = pm::new_graph<T>();
        int position = 0, seeds[4]{}, outputs[4]{}, wanted[inputs]{}, adjoints[inputs]{};
        auto const next = [&]<class Shape>(Shape) { return pm::append_leaf<Shape, T>(g, position++); };
        std::tuple<pm::symbol<Input, T>...> const in{next(Input{})...};  // braces: from left to right
        auto const y = std::apply(F{}, in);
        if constexpr (result::count == 1)
            g.output(y.id);
        else
            std::apply([&](auto const&... r) { (g.output(r.id), ...); }, y);
        for (int k = 0; k < result::count; ++k) {
            outputs[k] = g.outputs[k];
            seeds[k] = push_with<pm::op::leaf>(g, pm::attributes{{inputs + k}});
            g.values[seeds[k]] = pm::ir::value{g.shape_of(outputs[k]), g.real, g.values[seeds[k]].producer};
        }
        for (int k = 0; k < inputs; ++k) wanted[k] = k;
        pm::ir::differentiate(g, {outputs, seeds, result::count, wanted, adjoints, inputs});
        for (int adjoint : adjoints) g.output(adjoint);
        return g;
    }
};

template <class T, class... Input, class F>
bool serve(F const&) {
    using P = program<F, T, Input...>;
    pm::ir::graph const& g = pm::compiled<P>::simplified;
    std::vector<std::vector<T>> arrays;
    std::vector<void const*> in;
    std::vector<void*> out;
    for (int k = 0; k < P::inputs + P::result::count; ++k) {
        auto& a = arrays.emplace_back(static_cast<std::size_t>(g.shape_of(k).size()));
        if (std::fread(a.data(), sizeof(T), a.size(), stdin) != a.size()) return false;
    }
    for (auto const& a : arrays) in.push_back(a.data());
    std::vector<std::vector<T>> results;
    for (int k = 0; k < g.output_count; ++k)
        results.emplace_back(static_cast<std::size_t>(g.shape_of(g.outputs[k]).size()));
    for (auto& r : results) out.push_back(r.data());
    std::vector<double> space(static_cast<std::size_t>(pm::workspace_bytes_of<P>) / sizeof(double) + 16);
    void* start = space.data();
    std::size_t room = space.size() * sizeof(double);
    start = std::align(64, static_cast<std::size_t>(pm::workspace_bytes_of<P>), start, room);
    pm::throw_if_failed(pm::run<P>(in.data(), out.data(), static_cast<std::byte*>(start)));
    for (auto const& r : results) std::fwrite(r.data(), sizeof(T), r.size(), stdout);
    return true;
}

template <class T, int N>
bool serve_name(std::string_view name) {
    using square = pm::shape<N, N>;
    if (name == "inverse") return serve<T, square>(inverse);
    if (name == "cayley") return serve<T, square>(cayley);
    if (name == "lower") return serve<T, square, pm::shape<N, 5>>(lower);
    if (name == "upper_transposed") return serve<T, square, pm::shape<N, 5>>(upper_transposed);
    if (name == "unit_upper") return serve<T, square, pm::shape<N, 5>>(unit_upper);
    if (name == "cholesky") return serve<T, square>(cholesky);
    if (name == "det") return serve<T, square>(det);
    if (name == "slogdet") return serve<T, square>(slogdet);
    if (name == "lu") return serve<T, square>(lu);
    if (name == "qr") return serve<T, square>(qr);
    if (name == "qr_tall") return serve<T, pm::shape<N, 6>>(qr);
    if (name == "qr_wide") return serve<T, pm::shape<6, N>>(qr);
    if (name == "householder_product") return serve<T, pm::shape<N, 6>, pm::shape<4>>(reflections);
    if (name == "eigh") return serve<T, square>(eigh);
    if (name == "matrix_exp") return serve<T, square>(matrix_exp);
    if (name == "rotation") return serve<T, square>(rotation);
    if (name == "rotation_log") return serve<T, square>(rotation_log);
    if (name == "singular_values_tall") return serve<T, pm::shape<N, 4>>(singular_values);
    if (name == "singular_values_wide") return serve<T, pm::shape<4, N>>(singular_values);
    return false;
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) return 2;
    try {
        bool const known =
            std::string_view(words[2]) == "float" ? serve_name<float, 17>(words[1]) : serve_name<double, 9>(words[1]);
        return known ? 0 : 2;
    } catch (pm::error const& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
