// What the programs that write models share: digits and weights as arrays of C.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "../../examples/digits/training.hpp"

namespace digits {

inline void write_array(std::ofstream& to, char const* declaration, auto const& numbers) {
    to << declaration << " = {";
    int column = 0;
    for (auto const n : numbers) to << (column++ % 24 == 0 ? "\n    " : " ") << n << ",";
    to << "\n};\n";
}

// Pixels from 0 to 16, and labels, of some digits.
inline void write_digits(std::ofstream& to, std::string const& name, dataset const& all, std::span<int const> rows) {
    std::vector<int> pixels, labels;
    for (int const row : rows) {
        for (float const p : all.image(row)) pixels.push_back(static_cast<int>(p * brightest));
        labels.push_back(all.labels[static_cast<std::size_t>(row)]);
    }
    auto const count = std::to_string(rows.size());
    write_array(to, ("inline constexpr std::uint8_t " + name + "_pixels[" + count + " * 64]").c_str(), pixels);
    write_array(to, ("inline constexpr std::uint8_t " + name + "_labels[" + count + "]").c_str(), labels);
}

// The digits held out, and what the network predicts of them.
inline void write_held_out(std::ofstream& to, auto const& run, dataset const& all, std::vector<int> const& predicted) {
    to << "#pragma once\n#include <cstdint>\n";
    to << "inline constexpr int held_out_count = " << run.held_out().size() << ";\n";
    write_digits(to, "held_out", all, run.held_out());
    write_array(to, "inline constexpr std::uint8_t predicted[held_out_count]", predicted);
}
inline void write_held_out(std::ofstream& to, auto const& run, dataset const& all) {
    write_held_out(to, run, all, most_likely(pm::freeze(run.network())(run.held_out_images())));
}

// The values of a network's tensors, of these names.
inline void write_c(std::string const& path, auto const& net, std::span<char const* const> names) {
    std::FILE* const f = std::fopen(path.c_str(), "w");
    if (!f) throw std::runtime_error(path + ": cannot be written");
    std::size_t k = 0;
    pm::for_each_tensor(net, [&]<class Tensor>(Tensor const& t) {
        std::vector<float> x(static_cast<std::size_t>(Tensor::shape_type::size));
        t.write_value(x.data());
        std::fprintf(f, "static const float %s[%d] = {", names[k++], Tensor::shape_type::size);
        for (float const e : x) std::fprintf(f, "%af,", static_cast<double>(e));
        std::fprintf(f, "};\n");
    });
    std::fclose(f);
}

}  // namespace digits
