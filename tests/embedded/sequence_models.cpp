// Trains two networks that read digits as sequences (sequences.hpp) and writes what the images of this folder are built
// from: `sequence_models FOLDER [EPOCHS]`. Of each:
//
//   convolutional.hpp, recurrent.hpp    the values: pm::write_header
//   convolutional.h, recurrent.h        the values for C
//   follower.hpp, heard.hpp    a network that is streamed, not trained, and the numbers that the host's stream gives
//   convolutional/digits.hpp, recurrent/digits.hpp    the digits held out, and what the host predicts
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>
#include <filesystem>

#include <paramorph/embed/write_header.hpp>

#include "digit_files.hpp"
#include "sequences.hpp"

namespace {

using namespace digits;

template <class Net>
void write_model(std::string const& folder, std::string const& name, dataset const& all, int epochs,
                 std::span<char const* const> names) {
    trainer<Net> run(all, 0, 360);
    for (int e = 0; e < epochs; ++e) run.epoch(falling(e, epochs));
    pm::write_header(run.network(), folder + "/" + name + ".hpp", {.include = {"sequences.hpp"}});
    write_c(folder + "/" + name + ".h", run.network(), names);
    std::filesystem::create_directories(folder + "/" + name);
    std::ofstream to(folder + "/" + name + "/digits.hpp");
    write_held_out(to, run, all);
    if (!to.flush()) throw std::runtime_error(folder + "/" + name + "/digits.hpp: cannot be written");
    std::printf("%s: %.4f of the digits held out are read correctly\n", name.c_str(), run.accuracy());
}

// A network that is streamed, and what the host hears.
void write_stream(std::string const& folder) {
    auto const net = pm::make<sequences::follower>(pm::seed{3});
    pm::write_header(net, folder + "/follower.hpp", {.include = {"sequences.hpp"}});
    pm::streaming<sequences::follower, 16> stream(net);
    std::FILE* const f = std::fopen((folder + "/heard.hpp").c_str(), "w");
    if (!f) throw std::runtime_error(folder + "/heard.hpp: cannot be written");
    std::fprintf(f, "#pragma once\ninline constexpr float heard[] = {");
    for (int t = 0; t < sequences::samples; ++t)
        std::fprintf(f, "%af,", static_cast<double>(stream.step(sequences::sample(t))));
    std::fprintf(f, "};\n");
    std::fclose(f);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc < 2) throw std::runtime_error("usage: sequence_models FOLDER [EPOCHS]");
        auto const all = read_digits(DIGITS_DATA);
        int const epochs = argc > 2 ? std::atoi(argv[2]) : 20;
        write_stream(argv[1]);
        char const* const of_layers[]{"w0", "b0", "w1", "b1", "w2", "b2"};
        char const* const of_gates[]{"w_ih", "w_hh", "b_ih", "b_hh", "w", "b"};
        write_model<sequences::convolutional>(argv[1], "convolutional", all, epochs, of_layers);
        write_model<sequences::recurrent>(argv[1], "recurrent", all, epochs, of_gates);
        return EXIT_SUCCESS;
    } catch (std::exception const& problem) {
        std::fprintf(stderr, "sequence_models: %s\n", problem.what());
        return EXIT_FAILURE;
    }
}
