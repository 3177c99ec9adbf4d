// `./x bench`: how fast paramorph is against hand-written code, against other libraries and against PyTorch.
// A row per workload, size and reference, the bar beside the figure; exit status 0 only when every bar holds.
//
// SPDX-License-Identifier: BSL-1.0
#include <CLI/CLI.hpp>
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <new>
#include <random>
#include <span>

#include "hand_written.hpp"
#include "harness.hpp"
#include "peers/peers.hpp"
#include "subject.hpp"

namespace benchmark {
namespace {

constexpr double bar_of_hand_written = 1.15;
constexpr double bar_of_pytorch = 0.2;
constexpr hand_written::bounded bounds{lower, upper, slope};

using kernel = void (*)(float const* x, float const* g, float* to);

// Page-aligned memory with a start of its own within the page: no two buffers are a multiple of 4 KiB apart.
class buffer {
  public:
    buffer(int count, int offset)
        : memory_(static_cast<float*>(
              ::operator new(static_cast<std::size_t>(count + offset) * sizeof(float), std::align_val_t{4096}))),
          begin_(memory_.get() + offset) {}
    float* data() const { return begin_; }

  private:
    struct release {
        void operator()(float* p) const { ::operator delete(p, std::align_val_t{4096}); }
    };
    std::unique_ptr<float, release> memory_;
    float* begin_;
};

// Two sets of inputs and the one output of a size.
class data {
  public:
    enum class fill { random, nothing };
    explicit data(int size, fill with = fill::random) : count_(size * size), to_(count_, 3 * apart) {
        if (with == fill::nothing) return;
        std::mt19937 random{static_cast<unsigned>(size)};
        std::normal_distribution<float> normal;
        for (auto& [x, g] : inputs_)
            for (int i = 0; i < count_; ++i) {
                x.data()[i] = 4 * normal(random);
                g.data()[i] = normal(random);
            }
    }
    int count() const { return count_; }
    float const* x(int call) const { return inputs_[static_cast<std::size_t>(call & 1)].x.data(); }
    float const* g(int call) const { return inputs_[static_cast<std::size_t>(call & 1)].g.data(); }
    float* to() const { return to_.data(); }

    side side_of(kernel run) const {
        return side([this, run](int call) { run(x(call), g(call), to()); });
    }

  private:
    static constexpr int apart = 272;  // floats: not a multiple of a page, a multiple of a line
    struct input {
        buffer x, g;
    };
    int count_;
    std::array<input, 2> inputs_{input{{count_, 0}, {count_, apart}}, input{{count_, 2 * apart}, {count_, 4 * apart}}};
    buffer to_;
};

struct workload {
    std::string name;
    kernel ours;
    std::span<hand_written::variant const> variants;
    std::function<double(float const* x, float const* g, int i, int j)> expected;
    double tolerance;  // absolute
};

double sigmoid(float x) {
    return 1 / (1 + std::exp(-static_cast<double>(slope) * static_cast<double>(x)));
}

// 4 ulp of sigmoid below one are 2.4e-7; times the width of the bounds, and as much again for slope * x and the sum.
template <int Size>
std::array<workload, 4> workloads() {
    double constexpr width = static_cast<double>(upper) - static_cast<double>(lower);
    double constexpr tolerance = 2 * 2.4e-7 * width;
    return {
        {{"sigmoid_chain.forward", [](float const* x, float const*, float* y) { subject<Size>::sigmoid_forward(x, y); },
          hand_written::sigmoid_forward_variants<bounds, Size>,
          [](float const* x, float const*, int i, int j) {
              return static_cast<double>(lower) + width * sigmoid(x[i * Size + j]);
          },
          tolerance},
         {"sigmoid_chain.gradient", subject<Size>::sigmoid_gradient,
          hand_written::sigmoid_gradient_variants<bounds, Size>,
          [](float const* x, float const* g, int i, int j) {
              double const s = sigmoid(x[i * Size + j]);
              return static_cast<double>(g[i * Size + j]) * width * static_cast<double>(slope) * s * (1 - s);
          },
          tolerance},
         {"symmetric.forward", [](float const* x, float const*, float* y) { subject<Size>::symmetric_forward(x, y); },
          hand_written::symmetric_forward_variants<Size>,
          [](float const* x, float const*, int i, int j) {
              return static_cast<double>(i <= j ? x[i * Size + j] : x[j * Size + i]);
          },
          0},
         {"symmetric.gradient", subject<Size>::symmetric_gradient, hand_written::symmetric_gradient_variants<Size>,
          [](float const*, float const* g, int i, int j) {
              float const both = g[i * Size + j] + g[j * Size + i];
              return i < j ? static_cast<double>(both) : i == j ? static_cast<double>(g[i * Size + j]) : 0.0;
          },
          0}}};
}

// What is wrong with a side's values, or nothing. The output is filled with NaN before, so that what is not written
// shows.
std::string mistake(workload const& w, int size, data const& d, std::string const& who, kernel run) {
    for (int call = 0; call < 2; ++call) {
        std::vector<double> expected;
        for (int i = 0; i < size; ++i)
            for (int j = 0; j < size; ++j) expected.push_back(w.expected(d.x(call), d.g(call), i, j));
        std::fill_n(d.to(), d.count(), std::numeric_limits<float>::quiet_NaN());
        run(d.x(call), d.g(call), d.to());
        double const difference = largest_difference(d.to(), expected);
        if (difference > w.tolerance) {
            std::array<char, 128> text{};
            std::snprintf(text.data(), text.size(), ": off by %.3g, at most %.3g is allowed", difference, w.tolerance);
            return who + text.data();
        }
    }
    return {};
}

// The variant that is fastest here: a short tournament.
hand_written::variant const& best_variant(workload const& w, data const& d, settings const& how) {
    std::vector<side> sides;
    for (auto const& v : w.variants) sides.push_back(d.side_of(v.run));
    std::vector<side*> all;
    for (auto& s : sides) {
        s.calibrate(how.seconds_per_turn);
        all.push_back(&s);
    }
    take_turns(all, how.turns / 2);
    auto const best = std::ranges::min_element(sides, {}, &side::minimum);
    return w.variants[static_cast<std::size_t>(best - sides.begin())];
}

template <int Size>
void copy(float const* x, float const*, float* to) {
    std::memcpy(to, x, sizeof(float) * Size * Size);
}

// What `--calls N --side SIDE` runs: N calls of one side of one workload and nothing else. False if there is none such.
template <int Size>
bool call_only(std::string const& which, std::string const& name, int calls) {
    for (auto const& w : workloads<Size>()) {
        if (w.name + " " + std::to_string(Size) != which) continue;
        auto const variant = std::ranges::find(w.variants, name, &hand_written::variant::name);
        data const d(Size, data::fill::nothing);
        auto const run = variant == w.variants.end() ? w.ours : variant->run;
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

template <int Size>
void measure(table& rows, settings const& how) {
    data const d(Size);
    for (auto const& w : workloads<Size>()) {
        if ((w.name + " " + std::to_string(Size)).find(how.filter) == std::string::npos) continue;
        auto const our_mistake = mistake(w, Size, d, "ours", w.ours);
        auto const against = [&](std::string const& name, kernel theirs, std::string const& problem,
                                 std::optional<double> bar) {
            row r{.name = w.name,
                  .size = Size,
                  .reference = name,
                  .bar = bar,
                  .mistake = our_mistake.empty() ? problem : our_mistake};
            r = compare(std::move(r), d.side_of(w.ours), d.side_of(theirs), how);
            if (bar && !how.count_instructions.empty()) {
                auto const which = w.name + " " + std::to_string(Size);
                auto const ours = instructions(how.count_instructions, which, "ours");
                auto const others = instructions(how.count_instructions, which, name.substr(name.find(", ") + 2));
                if (ours && others) r.ratio_of_instructions = *ours / *others;
            }
            rows.add(std::move(r));
        };
        auto const& hand = best_variant(w, d, how);
        std::string problem;
        for (auto const& v : w.variants)
            if (problem.empty()) problem = mistake(w, Size, d, v.name, v.run);
        against(std::string("hand-written, ") + hand.name, hand.run, problem, bar_of_hand_written);
        for (auto const& p : peers())
            if (p.size == Size && p.workload == w.name) {
                // A peer that is less accurate is still shown, and said to be so.
                bool const accurate = mistake(w, Size, d, "", p.run).empty();
                against(std::string(p.library) + (accurate ? "" : " (less accurate)"), p.run, {}, std::nullopt);
            }
        if (w.name == "symmetric.forward") against("memcpy", copy<Size>, {}, std::nullopt);
    }
}

// The last line of JSON that a command prints, or nothing if it fails.
std::optional<nlohmann::json> json_of(std::string const& command) {
    auto const close = [](FILE* pipe) { pclose(pipe); };
    std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
    if (!pipe) return std::nullopt;
    std::string last;
    std::array<char, 4096> line{};
    while (std::fgets(line.data(), line.size(), pipe.get()))
        if (line[0] == '{') last = line.data();
    bool const succeeded = pclose(pipe.release()) == 0;
    auto json = nlohmann::json::parse(last, nullptr, false);
    return succeeded && json.is_object() ? std::optional(json) : std::nullopt;
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
    std::string json_file, filter, sources = "tests/benchmark", python = "/usr/bin/python3";
    std::string digits = program.string() + " --json-time";
    std::string side = "ours";
    bool quick = false, count = false;
    int calls = 0;
    app.add_option("--json", json_file, "write the rows to this file");
    app.add_option("--filter", filter, "only rows whose \"name size\" contains this, such as \"symmetric.forward 64\"");
    app.add_flag("--quick", quick, "fewer and shorter turns");
    app.add_flag("--instructions", count, "count instructions by callgrind as well; they repeat exactly");
    app.add_option("--calls", calls, "only call the workload of --filter so many times: what is run under callgrind");
    app.add_option("--side", side, "with --calls: \"ours\", or the name of a hand-written variant")
        ->capture_default_str();
    app.add_option("--sources", sources, "the folder of digits_pytorch.py")->capture_default_str();
    app.add_option("--digits", digits,
                   "our training command; takes --seed N and prints {\"seconds\": s, \"accuracy\": a}")
        ->capture_default_str();
    app.add_option("--python", python, "a python that may have torch")->capture_default_str();
    CLI11_PARSE(app, argc, argv);

    using namespace benchmark;
    if (calls > 0)
        return call_only<16>(filter, side, calls) || call_only<64>(filter, side, calls) ||
                       call_only<256>(filter, side, calls) || call_only<1024>(filter, side, calls)
                   ? EXIT_SUCCESS
                   : EXIT_FAILURE;
    settings how = quick ? settings::quick() : settings{};
    how.filter = filter;
    if (count) how.count_instructions = argv[0];
    table rows;
    measure<16>(rows, how);
    measure<64>(rows, how);
    measure<256>(rows, how);
    measure<1024>(rows, how);
    if (std::string("digits.training 64").find(filter) != std::string::npos) {
        if (std::system((python + " -c 'import torch' 2>/dev/null").c_str()) == 0)
            measure_digits(rows, digits,
                           python + " " + sources + "/digits_pytorch.py " + sources + "/../data/digits.csv.gz",
                           quick ? 1 : 3);
        else
            std::puts("digits.training: not measured, PyTorch is not installed");
    }
    if (!json_file.empty()) std::ofstream(json_file) << nlohmann::json(rows.rows()).dump(4) << '\n';
    bool const holds = rows.holds() && !rows.rows().empty();
    std::puts(rows.rows().empty() ? "no row matches" : holds ? "every bar holds" : "a bar was missed");
    return holds ? EXIT_SUCCESS : EXIT_FAILURE;
}
