// Trains the digits network (examples/digits) and writes what the images of this folder are built from:
// `models FOLDER [EPOCHS]`.
//
//   trained.hpp, values.hpp    what was trained, and the values: pm::write_originals, pm::write_header
//   ranges.hpp                 how far rows reach for any pixels: pm::row_ranges_of
//   from_file.safetensors      the values, of which the tool `paramorph` makes a header
//   plain.hpp                  originals of the same network without its parametrization
//   tuned.hpp                  originals of the network with a lora on its frozen first weight
//   weights.h                  the values for C
//   digits.hpp                 the digits held out, some of the others, and what the host predicts
//   certified.hpp              the values of the network of examples/certified
//   certified/digits.hpp       the digits held out, and what the host predicts of them in eight bits
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <filesystem>

#include <paramorph/embed/write_header.hpp>
#include <paramorph/io.hpp>
#include <paramorph/prove.hpp>

#include "../../examples/certified/eight_bits.hpp"
#include "digit_files.hpp"

namespace {

using namespace digits;

// For learning on the device: the first weight stays, and a correction of rank four is trained.
using tuned_network = pm::nn::sequential<pm::nn::linear<pixel_count, 64, pm::weight<pm::param::lora<4>>>, pm::nn::relu,
                                         pm::nn::linear<64, 64>, pm::nn::relu, pm::nn::linear<64, classes>>;

// Ranges as a constant behind the values that they belong to.
void write_ranges(std::string const& path, auto const& ranges) {
    std::FILE* const f = std::fopen(path.c_str(), "w");
    if (!f) throw std::runtime_error(path + ": cannot be written");
    std::fprintf(f,
                 "#pragma once\n#include \"values.hpp\"\nnamespace values {\ninline constexpr "
                 "paramorph::row_ranges<decltype(network)::module_type> ranges{{");
    for (float const r : ranges.of) std::fprintf(f, "%af,", static_cast<double>(r));
    std::fprintf(f, "}};\n}\n");
    if (std::fclose(f) != 0) throw std::runtime_error(path + ": cannot be written");
}

void write_certified(std::string const& folder, dataset const& all) {
    trainer<certified::network, certified::enlarged_loss> run(all, 1, 360);
    certified::train(run);
    pm::write_header(run.network(), folder + "/certified.hpp");
    certified::in_eight_bits const net(pm::freeze(run.network()));
    std::vector<int> predicted;
    for (int const row : run.held_out()) {
        certified::pixels x;
        std::ranges::copy(all.image(row), x.begin());
        auto const y = net(x);
        predicted.push_back(static_cast<int>(std::max_element(y.begin(), y.end()) - y.begin()));
    }
    std::filesystem::create_directories(folder + "/certified");
    std::ofstream to(folder + "/certified/digits.hpp");
    write_held_out(to, run, all, predicted);
    if (!to.flush()) throw std::runtime_error(folder + "/certified/digits.hpp: cannot be written");
}

void write_all(std::string const& folder, int epochs) {
    auto const all = read_digits(DIGITS_DATA);
    trainer<compared_network> run(all, 0, 360);
    for (int e = 0; e < epochs; ++e) run.epoch();
    auto const& net = run.network();

    pm::write_originals(net, folder + "/trained.hpp");
    pm::write_header(net, folder + "/values.hpp");
    write_ranges(folder + "/ranges.hpp", pm::row_ranges_of(pm::freeze(net), pm::box<pm::shape<pixel_count>>::of(0, 1)));
    write_certified(folder, all);
    pm::save(pm::freeze(net), folder + "/from_file.safetensors");
    auto const plain = pm::remove_parametrizations<"0.weight">(net, pm::leave_parametrized);
    pm::write_originals(plain, folder + "/plain.hpp");
    char const* const names[]{"w0", "b0", "w1", "b1", "w2", "b2"};
    write_c(folder + "/weights.h", net, names);

    auto tuned = pm::make<tuned_network>(pm::seed{0});
    pm::for_each_path(plain, [&]<pm::fixed_string Path>(auto const& t) { pm::get<Path>(tuned) = t(); });
    pm::write_originals(tuned, folder + "/tuned.hpp");

    std::ofstream to(folder + "/digits.hpp");
    write_held_out(to, run, all);
    auto const others = run.others().first(256);
    to << "inline constexpr int other_count = 256;\n";
    write_digits(to, "other", all, others);
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
