// The measuring: two sides in turn in one process, the ratio of their minima as the figure, a row for each comparison.
//
// How a figure comes about. Both sides get the same inputs, two sets that alternate from call to call, and write to the
// same buffer. Each is first checked against values computed in double. Calls are repeated until a turn lasts a
// millisecond or two; turns alternate A B A B. The ratio of the minima is the figure, since a minimum is what the
// machine does when nobody disturbs it; the ratio of the medians stands beside it. A row that misses its bar is
// measured again when all others are done, up to four times, because who disturbs does so for a while; all its turns
// count, on both sides. Rows whose other side is a program of its own (PyTorch) are measured once.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace benchmark {

struct settings {
    int turns = 30;
    double seconds_per_turn = 2e-3;
    std::string filter;
    std::string count_instructions;  // the path of this program, if instructions are to be counted

    static settings quick() { return {.turns = 12, .seconds_per_turn = 1e-3, .filter = {}, .count_instructions = {}}; }
};

// One comparison. Times are nanoseconds a call; a row without a bar is for information.
struct row {
    std::string name;
    int size = 0;
    std::string reference;
    double time = 0, reference_time = 0;
    double ratio_of_minima = 0, ratio_of_medians = 0;
    std::optional<double> ratio_of_instructions = std::nullopt;
    std::optional<double> bar;
    std::string mistake;  // why the row counts as failed whatever its figure

    bool holds() const { return mistake.empty() && (!bar || ratio_of_minima <= *bar); }
};

inline void to_json(nlohmann::json& json, row const& r) {
    json = {{"name", r.name},
            {"size", r.size},
            {"reference", r.reference},
            {"nanoseconds", r.time},
            {"reference_nanoseconds", r.reference_time},
            {"ratio_of_minima", r.ratio_of_minima},
            {"ratio_of_medians", r.ratio_of_medians},
            {"ratio_of_instructions",
             r.ratio_of_instructions ? nlohmann::json(*r.ratio_of_instructions) : nlohmann::json(nullptr)},
            {"bar", r.bar ? nlohmann::json(*r.bar) : nlohmann::json(nullptr)},
            {"holds", r.holds()},
            {"mistake", r.mistake}};
}

// A row is printed as soon as it is known, and again when it was measured again.
class table {
  public:
    table() {
        std::printf("%-28s %5s  %-38s %12s %12s %8s %8s %8s %6s\n", "workload", "size", "reference", "ours, ns",
                    "theirs, ns", "minima", "medians", "instr.", "bar");
    }
    // `measure` takes turns and fills in the row's figures; what it refers to must live until `finish` returns. None:
    // the row is measured already.
    void add(row r, std::function<void(row&)> measure = {}) {
        if (measure) measure(r);
        print(r);
        rows_.push_back(std::move(r));
        measures_.push_back(std::move(measure));
    }
    void finish() {
        for (int attempt = 0; attempt < 4 && !holds(); ++attempt)
            for (std::size_t i = 0; i < rows_.size(); ++i)
                if (!rows_[i].holds() && rows_[i].mistake.empty() && measures_[i]) {
                    measures_[i](rows_[i]);
                    print(rows_[i]);
                }
    }
    std::vector<row> const& rows() const { return rows_; }
    bool holds() const { return std::ranges::all_of(rows_, &row::holds); }

  private:
    static void print(row const& r) {
        std::printf("%-28s %5d  %-38s %12.1f %12.1f %8.3f %8.3f ", r.name.c_str(), r.size, r.reference.c_str(), r.time,
                    r.reference_time, r.ratio_of_minima, r.ratio_of_medians);
        r.ratio_of_instructions ? std::printf("%8.3f ", *r.ratio_of_instructions) : std::printf("%8s ", "-");
        r.bar ? std::printf("%6.2f  %s", *r.bar, r.holds() ? "holds" : "MISSED") : std::printf("%6s", "-");
        r.mistake.empty() ? std::printf("\n") : std::printf("  WRONG: %s\n", r.mistake.c_str());
        std::fflush(stdout);
    }

    std::vector<row> rows_;
    std::vector<std::function<void(row&)>> measures_;  // of each row
};

// The times of one side: a call gets the number of the call, by which it varies its input.
class side {
  public:
    explicit side(std::function<void(int)> call) : call_(std::move(call)) {}

    // Chooses the repetitions that make a turn last long enough; this also warms up.
    void calibrate(double seconds) {
        for (repetitions_ = 1; turn() * repetitions_ < seconds * 1e9 && repetitions_ < (1 << 24);) repetitions_ *= 2;
        times_.clear();
    }
    double turn() {
        auto const start = std::chrono::steady_clock::now();
        for (int i = 0; i < repetitions_; ++i) call_(i);
        std::chrono::duration<double, std::nano> const duration = std::chrono::steady_clock::now() - start;
        times_.push_back(duration.count() / repetitions_);
        return times_.back();
    }
    double minimum() const { return *std::ranges::min_element(times_); }
    double median() const {
        auto sorted = times_;
        std::ranges::nth_element(sorted, sorted.begin() + std::ssize(sorted) / 2);
        return sorted[sorted.size() / 2];
    }

  private:
    std::function<void(int)> call_;
    std::vector<double> times_;
    int repetitions_ = 1;
};

inline void take_turns(std::vector<side*> const& sides, int turns) {
    for (int i = 0; i < turns; ++i)
        for (auto* s : sides) s->turn();
}

// Nanoseconds of one call.
struct call_time {
    double minimum, median;
};
inline void fill_in(row& r, side const& ours, call_time theirs) {
    r.time = ours.minimum();
    r.reference_time = theirs.minimum;
    r.ratio_of_minima = r.time / r.reference_time;
    r.ratio_of_medians = ours.median() / theirs.median;
}

// Measures a row: two sides in turn.
inline auto in_turn(side ours, side theirs, settings const& how) {
    ours.calibrate(how.seconds_per_turn);
    theirs.calibrate(how.seconds_per_turn);
    return [ours, theirs, turns = how.turns](row& r) mutable {
        take_turns({&ours, &theirs}, turns);
        fill_in(r, ours, {theirs.minimum(), theirs.median()});
    };
}
// The same where the other side was measured elsewhere.
inline row beside(row r, side ours, call_time theirs, settings const& how) {
    ours.calibrate(how.seconds_per_turn);
    take_turns({&ours}, how.turns);
    fill_in(r, ours, theirs);
    return r;
}

// The largest difference, absolute or relative to what is expected, or infinity where either is not finite.
inline double largest_difference(float const* values, std::vector<double> const& expected, bool relative) {
    double largest = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        double const unit = relative ? std::abs(expected[i]) : 1.0;
        double const difference = std::abs(static_cast<double>(values[i]) - expected[i]) / unit;
        if (!(difference <= largest))
            largest = std::isfinite(difference) ? difference : std::numeric_limits<double>::infinity();
    }
    return largest;
}

}  // namespace benchmark
