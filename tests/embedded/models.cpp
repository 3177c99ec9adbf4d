// Trains the digits network (examples/digits) and writes what the images of this folder are built from:
// `models FOLDER [EPOCHS]`.
//
//   trained.hpp, values.hpp    what was trained, and the values: pm::write_originals, pm::write_header
//   from_file.safetensors      the values, of which the tool `paramorph` makes a header
//   plain.hpp                  originals of the same network without its parametrization
//   tuned.hpp                  originals of the network with a lora on its frozen first weight
//   weights.h                  the values for C
//   digits.hpp                 the digits held out, some of the others, and what the host predicts
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <paramorph/embed/write_header.hpp>
#include <paramorph/io.hpp>

#include "../../examples/digits/training.hpp"

namespace {

using namespace digits;

// For learning on the device: the first weight stays, and a correction of rank four is trained.
using tuned_network = pm::nn::sequential<pm::nn::linear<pixel_count, 64, pm::weight<pm::param::lora<4>>>, pm::nn::relu,
                                         pm::nn::linear<64, 64>, pm::nn::relu, pm::nn::linear<64, classes>>;

void write_array(std::ofstream& to, char const* declaration, auto const& numbers) {
    to << declaration << " = {";
    int column = 0;
    for (auto const n : numbers) to << (column++ % 24 == 0 ? "\n    " : " ") << n << ",";
    to << "\n};\n";
}

// Pixels from 0 to 16, and labels, of some digits.
void write_digits(std::ofstream& to, std::string const& name, dataset const& all, std::span<int const> rows) {
    std::vector<int> pixels, labels;
    for (int const row : rows) {
        for (float const p : all.image(row)) pixels.push_back(static_cast<int>(p * brightest));
        labels.push_back(all.labels[static_cast<std::size_t>(row)]);
    }
    auto const count = std::to_string(rows.size());
    write_array(to, ("inline constexpr std::uint8_t " + name + "_pixels[" + count + " * 64]").c_str(), pixels);
    write_array(to, ("inline constexpr std::uint8_t " + name + "_labels[" + count + "]").c_str(), labels);
}

void write_c(std::string const& path, auto const& net) {
    std::FILE* const f = std::fopen(path.c_str(), "w");
    if (!f) throw std::runtime_error(path + ": cannot be written");
    char const* const names[]{"w0", "b0", "w1", "b1", "w2", "b2"};
    int k = 0;
    pm::for_each_tensor(net, [&]<class Tensor>(Tensor const& t) {
        std::vector<float> x(std::size_t(Tensor::shape_type::size));
        t.write_value(x.data());
        std::fprintf(f, "static const float %s[%d] = {", names[k++], Tensor::shape_type::size);
        for (float const e : x) std::fprintf(f, "%af,", static_cast<double>(e));
        std::fprintf(f, "};\n");
    });
    std::fclose(f);
}

void write_all(std::string const& folder, int epochs) {
    auto const all = read_digits(DIGITS_DATA);
    trainer<compared_network> run(all, 0, 360);
    for (int e = 0; e < epochs; ++e) run.epoch();
    auto const& net = run.network();

    pm::write_originals(net, folder + "/trained.hpp");
    pm::write_header(net, folder + "/values.hpp");
    pm::save(pm::freeze(net), folder + "/from_file.safetensors");
    auto const plain = pm::remove_parametrizations<"0.weight">(net, pm::leave_parametrized);
    pm::write_originals(plain, folder + "/plain.hpp");
    write_c(folder + "/weights.h", net);

    auto tuned = pm::make<tuned_network>(pm::seed{0});
    pm::for_each_path(plain, [&]<pm::fixed_string Path>(auto const& t) { pm::get<Path>(tuned) = t(); });
    pm::write_originals(tuned, folder + "/tuned.hpp");

    std::ofstream to(folder + "/digits.hpp");
    to << "#pragma once\n#include <cstdint>\n";
    to << "inline constexpr int held_out_count = " << run.held_out().size() << ";\n";
    write_digits(to, "held_out", all, run.held_out());
    auto const others = run.others().first(256);
    to << "inline constexpr int other_count = 256;\n";
    write_digits(to, "other", all, others);
    write_array(to, "inline constexpr std::uint8_t predicted[held_out_count]",
                most_likely(pm::freeze(net)(run.held_out_images())));
    if (!to.flush()) throw std::runtime_error(folder + "/digits.hpp: cannot be written");
    std::printf("%.4f of the digits held out are read correctly\n", run.accuracy());
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc < 2) throw std::runtime_error("usage: models FOLDER [EPOCHS]");
        write_all(argv[1], argc > 2 ? std::atoi(argv[2]) : 40);
        return EXIT_SUCCESS;
    } catch (std::exception const& problem) {
        std::fprintf(stderr, "models: %s\n", problem.what());
        return EXIT_FAILURE;
    }
}
