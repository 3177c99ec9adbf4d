// `./x bench`: how fast paramorph is against hand-written code, against other libraries and against PyTorch.
// A row per workload, size and reference, the bar beside the figure; exit status 0 only when every bar holds.
//
// SPDX-License-Identifier: BSL-1.0
#include <dlfcn.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <memory>

#include "data.hpp"
#include "harness.hpp"
#include "native.hpp"
#include "peers/peers.hpp"
#include "peers/pytorch.hpp"
#include "peers/shared.hpp"
#include "workload.hpp"

namespace benchmark {
namespace {

constexpr double bar_of_pytorch = 0.2;

side side_of(data const& d, kernel run) {
    return side([&d, run](int call) { run(d.x(call), d.g(call), d.to()); });
}

// A workload's right answers for both inputs.
using answers = std::array<std::vector<double>, 2>;

// What is wrong with a side's values, or nothing. The output is filled with NaN before, so that what is not written
// shows.
std::string mistake(workload const& w, data const& d, answers const& expected, std::string const& who, kernel run) {
    for (int call = 0; call < 2; ++call) {
        auto const& right = expected[static_cast<std::size_t>(call)];
        std::fill_n(d.to(), right.size(), std::numeric_limits<float>::quiet_NaN());
        run(d.x(call), d.g(call), d.to());
        double const difference = largest_difference(d.to(), right, w.tolerance_is_relative);
        if (difference > w.tolerance) {
            std::array<char, 128> text{};
            std::snprintf(text.data(), text.size(), ": off by %.3g, at most %.3g is allowed", difference, w.tolerance);
            return who + text.data();
        }
    }
    return {};
}

// The variant that is fastest here: a short tournament.
variant const& best_variant(workload const& w, data const& d, settings const& how) {
    std::vector<side> sides;
    for (auto const& v : w.variants) sides.push_back(side_of(d, v.run));
    std::vector<side*> all;
    for (auto& s : sides) {
        s.calibrate(how.seconds_per_turn);
        all.push_back(&s);
    }
    take_turns(all, how.turns / 2);
    auto const best = std::ranges::min_element(sides, {}, &side::minimum);
    return w.variants[static_cast<std::size_t>(best - sides.begin())];
}

// What `--calls N --side SIDE` runs: N calls of one side of one workload and nothing else. False if there is none such.
bool call_only(std::string const& which, std::string const& name, int calls) {
    for (auto const& w : all_workloads()) {
        if (w.label() != which) continue;
        auto const found = std::ranges::find(w.variants, name, &variant::name);
        data const d(w.size, data::fill::nothing);
        auto const run = found == w.variants.end() ? w.ours : found->run;
        for (int i = 0; i < calls; ++i) run(d.x(i), d.g(i), d.to());
        return true;
    }
    return false;
}

// Instructions of one call, which repeat exactly: the difference of two runs under callgrind, that make 2 and 6 calls.
std::optional<double> instructions(std::string const& program, std::string const& which, std::string const& name) {
    auto const counted = [&](int calls) -> std::optional<double> {
        std::string const command = "valgrind --tool=callgrind --callgrind-out-file=/dev/null '" + program +
                                    "' --filter '" + which + "' --side '" + name + "' --calls " +
                                    std::to_string(calls) + " 2>&1";
        std::unique_ptr<FILE, int (*)(FILE*)> const pipe(popen(command.c_str(), "r"),
                                                         [](FILE* p) { return pclose(p); });
        std::array<char, 4096> line{};
        std::optional<double> count;
        while (pipe && std::fgets(line.data(), line.size(), pipe.get()))
            if (auto const* found = std::strstr(line.data(), "Collected : ")) count = std::atof(found + 12);
        return count;
    };
    auto const few = counted(2), many = counted(6);
    return few && many ? std::optional((*many - *few) / 4) : std::nullopt;
}

void measure(table& rows, workload const& w, data const& d, settings const& how, pytorch_times const& pytorch) {
    answers const expected{w.expected(d.x(0), d.g(0)), w.expected(d.x(1), d.g(1))};
    auto const our_mistake = mistake(w, d, expected, "ours", w.ours);
    auto const against = [&](std::string const& name, kernel theirs, std::string const& problem,
                             std::optional<double> bar, std::string const& counted = {}) {
        row r{.name = w.name,
              .size = w.size,
              .reference = name,
              .bar = bar,
              .mistake = our_mistake.empty() ? problem : our_mistake};
        if (!counted.empty() && !how.count_instructions.empty()) {
            auto const ours = instructions(how.count_instructions, w.label(), "ours");
            auto const others = instructions(how.count_instructions, w.label(), counted);
            if (ours && others) r.ratio_of_instructions = *ours / *others;
        }
        rows.add(std::move(r), in_turn(side_of(d, w.ours), side_of(d, theirs), how));
    };
    if (!w.variants.empty()) {
        auto const& best = best_variant(w, d, how);
        std::string problem;
        if (!w.has_limits())
            for (auto const& v : w.variants)
                if (problem.empty()) problem = mistake(w, d, expected, v.name, v.run);
        against(w.variants_are + ", " + best.name, best.run, problem, w.bar, best.name);
    }
    for (auto const& p : peers())
        if (p.size == w.size && p.workload == w.name) {
            // A peer that is less accurate is still shown, and said to be so.
            std::string note(p.formula);
            if (note.empty() && !mistake(w, d, expected, "", p.run).empty()) note = "less accurate";
            against(std::string(p.library) + (note.empty() ? "" : " (" + note + ")"), p.run, {}, w.bar_of(p.library));
        }
    if (auto const theirs = pytorch.of(w.label())) {
        row r{
            .name = w.name, .size = w.size, .reference = "PyTorch", .bar = w.bar_of("PyTorch"), .mistake = our_mistake};
        rows.add(beside(std::move(r), side_of(d, w.ours), *theirs, how));
    }
}

// The workloads for this machine's own instruction set against those for AVX2, in turn; and against PyTorch, which may
// use that set, too, where it has a bar.
bool compare_native(std::string const& file, settings const& how, pytorch_times const& pytorch) {
    void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    auto const find =
        library ? reinterpret_cast<decltype(&native_workload)>(dlsym(library, "native_workload")) : nullptr;
    if (!find) {
        std::printf("%s\n", dlerror());
        return false;
    }
    table rows;
    for (auto const& w : all_workloads()) {
        kernel const native = find(w.label().c_str());
        if (w.label().find(how.filter) == std::string::npos) continue;
        auto const d = std::make_shared<data>(w.size);
        answers const expected{w.expected(d->x(0), d->g(0)), w.expected(d->x(1), d->g(1))};
        side const ours = side_of(*d, native ? native : w.ours);
        row r{.name = w.name,
              .size = w.size,
              .reference = "the same for AVX2",
              .bar = bar_of_native(w),
              .mistake = native ? mistake(w, *d, expected, "native", native) : "the library has no such workload"};
        rows.add(r, [d, measure = in_turn(ours, side_of(*d, w.ours), how)](row& again) mutable { measure(again); });
        auto const theirs = pytorch.of(w.label());
        r.reference = "PyTorch";
        r.bar = w.bar_of("PyTorch");
        if (theirs && r.bar) rows.add(beside(std::move(r), ours, *theirs, how));
    }
    rows.finish();
    bool const holds = rows.holds() && !rows.rows().empty() && !pytorch.failed();
    std::puts(rows.rows().empty() ? "no row matches" : holds ? "every bar holds" : "a bar was missed");
    return holds;
}

// Training the digits network, ours against PyTorch's, run by run in turn. Both commands print {"seconds": s,
// "accuracy": a}.
void measure_digits(table& rows, std::string const& ours, std::string const& pytorch, int runs) {
    row r{.name = "digits.training",
          .size = 64,
          .reference = "PyTorch, one thread",
          .bar = bar_of_pytorch,
          .mistake = {}};
    std::array<std::vector<double>, 2> seconds, accuracy;
    for (int run = 0; run < runs; ++run)
        for (std::size_t which : {0u, 1u}) {
            auto const json = json_of((which ? pytorch : ours) + " --seed " + std::to_string(run));
            if (!json || !json->contains("seconds") || !json->contains("accuracy")) {
                r.mistake = (which ? pytorch : ours) + " does not print its seconds and its accuracy";
                return rows.add(std::move(r));
            }
            seconds[which].push_back(json->at("seconds").get<double>());
            accuracy[which].push_back(json->at("accuracy").get<double>());
        }
    for (auto* list : {&seconds[0], &seconds[1], &accuracy[0], &accuracy[1]}) std::ranges::sort(*list);
    auto const middle = seconds[0].size() / 2;
    r.time = seconds[0].front() * 1e9;
    r.reference_time = seconds[1].front() * 1e9;
    r.ratio_of_minima = r.time / r.reference_time;
    r.ratio_of_medians = seconds[0][middle] / seconds[1][middle];
    if (accuracy[0][middle] < accuracy[1][middle] - 0.02) r.mistake = "ours is less accurate on the digits held out";
    rows.add(std::move(r));
}

}  // namespace
}  // namespace benchmark

int main(int argc, char** argv) {
    CLI::App app{
        "paramorph against hand-written code, other libraries and PyTorch; exit status 0 when every bar holds"};
    auto const program = std::filesystem::path(argv[0]).parent_path() / "../../examples/digits";
    std::string json_file, filter, sources = "tests/benchmark", peer_dir, python = "/usr/bin/python3";
    std::string digits = program.string() + " --json-time";
    std::string side = "ours", native;
    bool quick = false, count = false;
    int calls = 0;
    app.add_option("--json", json_file, "write the rows to this file");
    app.add_option("--filter", filter, "only rows whose \"name size\" contains this, such as \"symmetric.forward 64\"");
    app.add_flag("--quick", quick, "fewer and shorter turns");
    app.add_flag("--instructions", count, "count instructions by callgrind as well; they repeat exactly");
    app.add_option("--calls", calls, "only call the workload of --filter so many times: what is run under callgrind");
    app.add_option("--side", side, "with --calls: \"ours\", or the name of a hand-written variant")
        ->capture_default_str();
    app.add_option("--native", native, "compare only with the workloads in this library, for another instruction set");
    app.add_option("--peer-dir", peer_dir, "a checkout of FastAD, which is then compiled and compared with");
    app.add_option("--sources", sources, "the folder of this program's sources")->capture_default_str();
    app.add_option("--digits", digits,
                   "our training command; takes --seed N and prints {\"seconds\": s, \"accuracy\": a}")
        ->capture_default_str();
    app.add_option("--python", python, "a python that may have torch")->capture_default_str();
    CLI11_PARSE(app, argc, argv);

    using namespace benchmark;
    if (calls > 0) return call_only(filter, side, calls) ? EXIT_SUCCESS : EXIT_FAILURE;
    settings how = quick ? settings::quick() : settings{};
    how.filter = filter;
    if (count) how.count_instructions = argv[0];
    std::optional<shared_peers> const fastad =
        peer_dir.empty() ? std::nullopt : std::optional<shared_peers>(std::in_place, sources, "fastad", peer_dir);
    bool const has_pytorch = std::system((python + " -c 'import torch' 2>/dev/null").c_str()) == 0;
    // The workloads here are for AVX2: PyTorch's convolutions keep to it, too, which else would take AVX-512.
    std::string const ask_pytorch =
        (native.empty() ? "ONEDNN_MAX_CPU_ISA=AVX2 " : "") + python + " " + sources + "/peers/pytorch.py";
    pytorch_times const pytorch(has_pytorch ? ask_pytorch : "", how);
    if (!native.empty()) return compare_native(native, how, pytorch) ? EXIT_SUCCESS : EXIT_FAILURE;
    table rows;
    auto workloads = all_workloads();
    for (auto const family : {transform_workloads, thread_workloads})
        for (auto& w : family()) workloads.push_back(std::move(w));
    std::ranges::stable_sort(workloads, {}, &workload::size);
    std::map<int, data> inputs;  // of each size; rows that are measured again use them again
    for (auto const& w : workloads) {
        if (w.label().find(how.filter) == std::string::npos) continue;
        measure(rows, w, inputs.try_emplace(w.size, w.size).first->second, how, pytorch);
    }
    if (std::string("digits.training 64").find(filter) != std::string::npos) {
        if (has_pytorch)
            measure_digits(rows, digits,
                           python + " " + sources + "/digits_pytorch.py " + sources + "/../data/digits.csv.gz",
                           quick ? 1 : 3);
        else
            std::puts("digits.training: not measured, PyTorch is not installed");
    }
    rows.finish();
    if (!json_file.empty()) std::ofstream(json_file) << nlohmann::json(rows.rows()).dump(4) << '\n';
    bool const holds = rows.holds() && !rows.rows().empty() && !pytorch.failed();
    std::puts(rows.rows().empty() ? "no row matches"
              : holds             ? "every bar holds"
              : pytorch.failed()  ? "PyTorch: not measured, peers/pytorch.py failed"
                                  : "a bar was missed");
    return holds ? EXIT_SUCCESS : EXIT_FAILURE;
}
