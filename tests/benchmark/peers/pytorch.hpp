// PyTorch's times, which a Python program of its own measures; and what a program prints as JSON.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "../harness.hpp"

namespace benchmark {

// The last line of JSON that a command prints, or nothing if it fails.
std::optional<nlohmann::json> json_of(std::string const& command) {
    auto const close = [](FILE* pipe) { pclose(pipe); };
    std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
    if (!pipe) return std::nullopt;
    std::string last, line;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) {
        line += static_cast<char>(c);
        if (c != '\n') continue;
        if (line[0] == '{') last = line;
        line.clear();
    }
    bool const succeeded = pclose(pipe.release()) == 0;
    auto json = nlohmann::json::parse(last, nullptr, false);
    return succeeded && json.is_object() ? std::optional(json) : std::nullopt;
}

// Nanoseconds of one call for each workload that peers/pytorch.py knows, by its label.
class pytorch_times {
  public:
    // An empty command: PyTorch is not installed.
    pytorch_times(std::string const& command, settings const& how) {
        if (command.empty()) return;
        auto const json = json_of(command + " --turns " + std::to_string(how.turns) + " --seconds " +
                                  std::to_string(how.seconds_per_turn) + " --filter '" + how.filter + "'");
        failed_ = !json;
        if (json) times_ = *json;
    }
    // Its rows are missing, though it is installed.
    bool failed() const { return failed_; }
    std::optional<call_time> of(std::string const& label) const {
        if (!times_.contains(label)) return std::nullopt;
        return call_time{times_[label][0].get<double>(), times_[label][1].get<double>()};
    }

  private:
    bool failed_ = false;
    nlohmann::json times_ = nlohmann::json::object();
};

}  // namespace benchmark
