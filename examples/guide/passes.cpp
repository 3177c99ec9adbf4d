// One program through every pass: what was traced, what is left of it when it is simplified, its gradient, which values
// are kept in memory, and the kernels. All of it was computed by the compiler; this program prints it, and exits with 1
// if it is not what the guide shows. `passes FILE` also compares the picture of a training step with that file, and
// `passes FILE --write` writes it.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include <paramorph/paramorph.hpp>
#include <paramorph/print.hpp>

namespace pm = paramorph;

// [program]
struct unit_columns {  // each column divided by its length, times two
    static constexpr auto forward(auto x) { return pm::transpose(of_rows(pm::transpose(x))) * 2.0 * 1.0; }
    static constexpr auto of_rows(auto x) { return x / pm::unsqueeze<1>(pm::sqrt(pm::sum<1>(pm::square(x)))); }
};
using shape = pm::shape<64, 32>;
using value = pm::compiled<pm::program::value_of<unit_columns, shape>>;
using gradient = pm::compiled<pm::program::gradient_of<unit_columns, shape>>;
// [program]

// A graph, a line for each of its nodes.
std::string text_of(pm::ir::graph const& g) {
    std::string text;
    for (int k = 0; k < g.size; ++k) {
        pm::ir::node const& n = g.nodes[k];
        pm::extents const& e = g.shape_of(n.first);
        text += "  " + std::to_string(n.first) + " = ";
        if (g.is_constant(n.first))
            text += std::to_string(n.number).substr(0, 4);
        else {
            text += std::string(n.operation->name);
            for (int a = 0; a < n.operation->arity; ++a) text += (a ? ", " : " ") + std::to_string(n.argument[a]);
        }
        text += " [";
        for (int d = 0; d < e.rank; ++d) text += (d ? ", " : "") + std::to_string(e.d[d]);
        text += "]\n";
    }
    for (int k = 0; k < g.output_count; ++k) text += "  output " + std::to_string(g.outputs[k]) + "\n";
    return text;
}

char const* const expected = R"(traced
  0 = leaf [64, 32]
  1 = transpose 0 [32, 64]
  2 = multiply 1, 1 [32, 64]
  3 = sum 2 [32]
  4 = sqrt 3 [32]
  5 = unsqueeze 4 [32, 1]
  6 = divide 1, 5 [32, 64]
  7 = transpose 6 [64, 32]
  8 = 2.00 []
  9 = multiply 7, 8 [64, 32]
  10 = 1.00 []
  11 = multiply 9, 10 [64, 32]
  output 11
simplified
  0 = leaf [64, 32]
  1 = transpose 0 [32, 64]
  2 = multiply 1, 1 [32, 64]
  3 = sum 2 [32]
  4 = sqrt 3 [32]
  5 = unsqueeze 4 [32, 1]
  6 = divide 1, 5 [32, 64]
  7 = transpose 6 [64, 32]
  8 = 2.00 []
  9 = multiply 7, 8 [64, 32]
  output 9
gradient, traced
  0 = leaf [64, 32]
  1 = leaf [64, 32]
  2 = transpose 0 [32, 64]
  3 = multiply 2, 2 [32, 64]
  4 = sum 3 [32]
  5 = sqrt 4 [32]
  6 = unsqueeze 5 [32, 1]
  7 = divide 2, 6 [32, 64]
  8 = transpose 7 [64, 32]
  9 = 2.00 []
  10 = multiply 8, 9 [64, 32]
  11 = multiply 1, 9 [64, 32]
  12 = transpose 11 [32, 64]
  13 = divide 12, 6 [32, 64]
  14 = multiply 13, 7 [32, 64]
  15 = negate 14 [32, 64]
  16 = reduce_to 15 [32, 1]
  17 = reshape 16 [32]
  18 = 0.50 []
  19 = multiply 17, 18 [32]
  20 = divide 19, 5 [32]
  21 = unsqueeze 20 [32, 1]
  22 = broadcast_to 21 [32, 64]
  23 = multiply 22, 9 [32, 64]
  24 = multiply 23, 2 [32, 64]
  25 = add 13, 24 [32, 64]
  26 = transpose 25 [64, 32]
  output 26
gradient, simplified
  0 = leaf [64, 32]
  1 = leaf [64, 32]
  2 = transpose 0 [32, 64]
  3 = multiply 2, 2 [32, 64]
  4 = sum 3 [32]
  5 = sqrt 4 [32]
  6 = unsqueeze 5 [32, 1]
  7 = divide 2, 6 [32, 64]
  8 = 2.00 []
  9 = multiply 1, 8 [64, 32]
  10 = transpose 9 [32, 64]
  11 = divide 10, 6 [32, 64]
  12 = multiply 11, 7 [32, 64]
  13 = negate 12 [32, 64]
  14 = reduce_to 13 [32, 1]
  15 = reshape 14 [32]
  16 = 0.50 []
  17 = multiply 15, 16 [32]
  18 = divide 17, 5 [32]
  19 = unsqueeze 18 [32, 1]
  20 = multiply 19, 8 [32, 1]
  21 = broadcast_to 20 [32, 64]
  22 = multiply 21, 2 [32, 64]
  23 = add 11, 22 [32, 64]
  24 = transpose 23 [64, 32]
  output 24
the value's kernels
3 kernels, 3 passes over memory, 25 kB moved, 6176 flop, workspace 256 bytes, for AVX2
  loop over 32 x 64: multiply; reads transposed argument 0 [64, 32]; writes sum in value 3 [32]; 8 rows at a time, one in each lane
  loop over 32: sqrt; reads value 3 [32]; writes value 5 [32, 1]; 4 vectors at a time
  loop over 64 x 32: divide, multiply; reads value 5 [32, 1], argument 0 [64, 32]; writes output 0 [64, 32]; 4 vectors at a time
kept in memory, so that a loop ends there
  value 3 [32], sum: a reduction, complete only after its loop
  value 5 [32, 1], unsqueeze: it is broadcast: each element is used several times
the gradient's kernels
5 kernels, 5 passes over memory, 59 kB moved, 17 kflop, workspace 8576 bytes, for AVX2
  loop over 32 x 64: multiply; reads transposed argument 0 [64, 32]; writes sum in value 4 [32]; 8 rows at a time, one in each lane
  loop over 32: sqrt; reads value 4 [32]; writes value 5 [32], value 6 [32, 1]; 4 vectors at a time
  loop over 32 x 64: multiply, divide, negate; reads value 6 [32, 1], transposed argument 1 [64, 32], transposed argument 0 [64, 32]; writes value 11 [32, 64], reduce_to in value 14 [32, 1]; 8 rows at a time, one in each lane
  loop over 32: multiply, divide; reads value 5 [32], value 14 [32]; writes value 20 [32, 1]; 4 vectors at a time
  loop over 64 x 32: multiply, add; reads argument 0 [64, 32], value 20 [32, 1], transposed value 11 [32, 64]; writes output 0 [64, 32]; by tiles of 8 x 8, two side by side
kept in memory, so that a loop ends there
  value 4 [32], sum: a reduction, complete only after its loop
  value 5 [32], sqrt: a later loop reads it, and computing it again would cost more
  value 6 [32, 1], unsqueeze: it is broadcast: each element is used several times
  value 11 [32, 64], divide: a later loop reads it, and computing it again would cost more
  value 14 [32, 1], reduce_to: a reduction, complete only after its loop
  value 20 [32, 1], multiply: it is broadcast: each element is used several times
)";

// The same as the weight of a layer, in a step of a training.
struct loss {
    constexpr auto operator()(auto& net, auto x, auto t) const { return pm::mse(net(x), t); }
};
using layer = pm::nn::linear<32, 64, pm::weight<unit_columns>>;

std::string picture() {
    return pm::to_svg(loss{}, layer{}, pm::input<pm::shape<16, 32>>{}, pm::input<pm::shape<16, 64>>{});
}

int main(int argc, char** argv) {
    if (argc > 2) return (std::ofstream(argv[1]) << picture()).flush() ? 0 : 1;
    bool drawn = true;
    if (argc == 2) {
        std::ifstream file(argv[1]);
        drawn = picture() == std::string{std::istreambuf_iterator<char>(file), {}};
        if (!drawn) std::printf("%s is another picture: write it by --write\n", argv[1]);
    }
    std::string const text =
        "traced\n" + text_of(value::traced) + "simplified\n" + text_of(value::simplified) + "gradient, traced\n" +
        text_of(gradient::traced) + "gradient, simplified\n" + text_of(gradient::simplified) + "the value's kernels\n" +
        pm::explain<pm::program::value_of<unit_columns, shape>>(pm::targets::avx2) + "the gradient's kernels\n" +
        pm::explain<pm::program::gradient_of<unit_columns, shape>>(pm::targets::avx2);
    std::fputs(text.c_str(), stdout);
    return text == expected && drawn ? 0 : 1;
}
