// The ready-made parametrizations in the interpreter, in double, for ready_made.py: `ready_made NAME ROWS COLUMNS`
// reads the originals, the state, a cotangent and a value to assign from standard input, as binary numbers, and writes
// the value, the gradients of the originals, and the originals and state that right_inverse gives; then for a stage
// with state the value, the new state and the gradients in training. (That kernels agree with the interpreter is a
// law.)
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include <paramorph/graph/evaluate.hpp>
#include <paramorph/param/exponential.hpp>
#include <paramorph/param/interval.hpp>
#include <paramorph/param/lora.hpp>
#include <paramorph/param/low_rank.hpp>
#include <paramorph/param/orthogonal.hpp>
#include <paramorph/param/spectral_norm.hpp>
#include <paramorph/param/unit_norm.hpp>
#include <paramorph/param/weight_norm.hpp>

namespace pm = paramorph;

namespace {

using numbers = std::vector<double>;

numbers read(int n) {
    numbers x(static_cast<std::size_t>(n));
    if (std::fread(x.data(), sizeof(double), x.size(), stdin) != x.size()) std::exit(2);
    return x;
}

template <class Program>
void answer(std::vector<numbers> const& arguments) {
    auto const g = std::make_unique<pm::graph>(Program::build());
    std::vector<double const*> in;
    for (auto const& a : arguments) in.push_back(a.data());
    std::vector<numbers> results;
    std::vector<double*> out;
    for (int k = 0; k < g->output_count; ++k)
        results.emplace_back(static_cast<std::size_t>(g->shape_of(g->outputs[k]).size()));
    for (auto& r : results) out.push_back(r.data());
    pm::status const s = pm::evaluate(*g, in.data(), out.data());
    if (!s.ok()) {
        std::fprintf(stderr, "%s\n", s.failed);
        std::exit(1);
    }
    for (auto const& r : results) std::fwrite(r.data(), sizeof(double), r.size(), stdout);
}

template <class P, class Shape>
void serve() {
    using traits = pm::chain_traits<pm::chain_of<P>, Shape, double>;
    std::vector<numbers> leaves, state;
    [&]<int... K>(std::integer_sequence<int, K...>) {
        (leaves.push_back(read(traits::template original_shape<K>::size)), ...);
    }(std::make_integer_sequence<int, traits::original_count>{});
    [&]<int... K>(std::integer_sequence<int, K...>) {
        (state.push_back(read(traits::template state_tensor<K>::shape_type::size)), ...);
    }(std::make_integer_sequence<int, traits::state_count>{});
    leaves.insert(leaves.end(), state.begin(), state.end());
    auto with_cotangent = leaves;
    with_cotangent.push_back(read(Shape::size));
    std::vector<numbers> value{read(Shape::size)};
    value.insert(value.end(), state.begin(), state.end());

    using namespace pm::program;
    answer<value_of<P, Shape, double>>(leaves);
    answer<gradient_of<P, Shape, double>>(with_cotangent);
    if constexpr (pm::right_invertible<P, Shape, double>) answer<right_inverse_of<P, Shape, double>>(value);
    if constexpr (traits::state_count > 0) {
        answer<value_of<P, Shape, double, pm::mode::training>>(leaves);
        answer<gradient_of<P, Shape, double, pm::mode::training>>(with_cotangent);
    }
}

// Square, tall, wide, one row, one element.
template <class P>
bool serve_shape(int rows, int columns) {
    auto const one = [&]<int R, int C>(pm::shape<R, C>) {
        return rows == R && columns == C && (serve<P, pm::shape<R, C>>(), true);
    };
    return one(pm::shape<4, 4>{}) || one(pm::shape<5, 3>{}) || one(pm::shape<3, 5>{}) || one(pm::shape<1, 4>{}) ||
           one(pm::shape<1, 1>{});
}

}  // namespace

int main(int count, char** words) {
    if (count != 4) return 2;
    std::string_view const name = words[1];
    int const rows = std::atoi(words[2]), columns = std::atoi(words[3]);
    namespace param = pm::param;
    using map = param::orthogonal_map;
    auto const is = [&]<class P>(char const* called, P) { return name == called && serve_shape<P>(rows, columns); };
    bool const known = is("weight_norm", param::weight_norm<>{}) || is("weight_norm_1", param::weight_norm<1>{}) ||
                       is("weight_norm_whole", param::weight_norm<param::whole_tensor>{}) ||
                       is("spectral_norm", param::spectral_norm<>{}) ||
                       is("spectral_norm_3_1", param::spectral_norm<3, 1>{}) || is("unit_norm", param::unit_norm{}) ||
                       is("interval", param::interval<-1, 2>{}) || is("exponential", param::exponential{}) ||
                       is("low_rank", param::low_rank<1>{}) || is("lora", param::lora<1, 2>{}) ||
                       is("matrix_exp", param::orthogonal<map::matrix_exp, param::without_base>{}) ||
                       is("matrix_exp_base", param::orthogonal<map::matrix_exp>{}) ||
                       is("cayley", param::orthogonal<map::cayley, param::without_base>{}) ||
                       is("cayley_base", param::orthogonal<map::cayley>{}) ||
                       is("householder", param::orthogonal<map::householder, param::without_base>{}) ||
                       is("householder_base", param::orthogonal<map::householder>{});
    return known ? 0 : 2;
}
