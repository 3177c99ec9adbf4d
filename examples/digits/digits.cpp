// The program `digits`: its command line. Exit status 0 only if the digits held out are read as well as they should be
// and the constraints hold; whatever is wrong with the options or the data is one line.
//
// SPDX-License-Identifier: BSL-1.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "runs.hpp"

int main(int argc, char** argv) {
    digits::options o;
    std::string data = DIGITS_DATA;
    bool json_time = false;
    CLI::App app{
        "Trains a network with an orthogonal weight on handwritten digits; exit status 0 if it reads well enough those "
        "held out"};
    app.add_option("--data", data, "the digits: gzip, 64 pixels and a label a line")->capture_default_str();
    app.add_option("--seed", o.seed, "the first seed, shown in full")
        ->check(CLI::Range(0, 1000000))
        ->capture_default_str();
    app.add_option("--seeds", o.seeds, "how many seeds the accuracy is averaged over")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.add_option("--epochs", o.epochs, "passes over the digits")->check(CLI::Range(1, 100000))->capture_default_str();
    app.add_option("--bar", o.bar, "held-out accuracy that the mean must reach; one seed may miss it by 0.01")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_flag(
        "--json-time", json_time,
        "only train the network of tests/benchmark/digits_pytorch.py, and print {\"seconds\": s, \"accuracy\": a}");
    try {
        app.parse(argc, argv);
        auto const all = digits::read_digits(data);
        if (!json_time) return digits::demo(o, all) ? EXIT_SUCCESS : EXIT_FAILURE;
        auto const [seconds, accuracy] = digits::compared_training(all, o.seed, o.epochs);
        std::printf("{\"seconds\": %.4f, \"accuracy\": %.4f}\n", seconds, accuracy);
        return EXIT_SUCCESS;
    } catch (CLI::CallForHelp const& help) {
        return app.exit(help);
    } catch (CLI::ParseError const& mistake) {
        std::fprintf(stderr, "digits: %s (--help lists the options)\n", mistake.what());
    } catch (std::exception const& problem) {
        std::fprintf(stderr, "digits: %s\n", problem.what());
    }
    return EXIT_FAILURE;
}
