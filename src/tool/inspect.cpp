// What is in a file: `paramorph inspect FILE`.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "sets.hpp"

namespace paramorph::tool {

namespace {

struct summary {
    double least = 0, largest = 0, mean = 0;  // of what is finite
    std::uint64_t finite = 0, nan = 0, infinite = 0;
};

// With what rounding lost of it.
struct sum_of_many {
    double total = 0, lost = 0;
    void add(double x) {
        double const y = x - lost, next = total + y;
        lost = (next - total) - y;
        total = next;
    }
};

summary summary_of(files::tensor const& t, progress& shown) {
    return with_element(t.type, [&]<class T>(std::type_identity<T>) {
        summary s;
        sum_of_many plain, small;  // the latter of numbers times 2^-64, which overflows nowhere
        std::size_t const count = count_of(t);
        for (std::size_t i = 0; i < count; ++i) {
            if (i % (1u << 20) == (1u << 20) - 1) shown.add(1u << 20);
            double const x = as_double(element_at<T>(t, i));
            if (std::isnan(x)) {
                ++s.nan;
                continue;
            }
            if (std::isinf(x)) {
                ++s.infinite;
                continue;
            }
            s.least = s.finite == 0 ? x : std::min(s.least, x);
            s.largest = s.finite == 0 ? x : std::max(s.largest, x);
            ++s.finite;
            plain.add(x);
            small.add(x * 0x1p-64);
        }
        auto const n = static_cast<double>(s.finite);
        if (s.finite > 0) s.mean = std::isfinite(plain.total) ? plain.total / n : small.total / n * 0x1p64;
        return s;
    });
}

}  // namespace

int inspect(inspect_options const& o) {
    files::contents const c = read(o.file);
    std::uint64_t numbers = 0, bytes = 0;
    for (auto const& t : c.tensors) numbers += count_of(t), bytes += t.bytes.size();
    progress shown("inspect", numbers);
    table rows({"name", "type", "shape", "bytes", "min", "max", "mean", "NaN", "inf", "sets"});
    json tensors = json::array();
    std::vector<std::pair<std::string, std::vector<std::string>>> weights;
    std::map<std::string, std::size_t> position;
    for (auto const& t : c.tensors) {
        summary const s = summary_of(t, shown);
        shown.add(count_of(t) % (1u << 20));
        membership_of const in = o.sets && s.nan + s.infinite == 0 ? sets_of(t) : membership_of{};
        auto const of = parametrized(t.name);
        if (of) {
            auto const [at, made] = position.emplace(of->path, weights.size());
            if (made) weights.push_back({of->path, {}});
            weights[at->second].second.push_back(of->part);
        }
        auto const number_or = [&](double x) { return s.finite > 0 ? as_text(x) : "-"; };
        rows.add({printable(t.name), std::string(files::name_of(t.type)), shape_text(t.shape),
                  std::to_string(t.bytes.size()), number_or(s.least), number_or(s.largest), number_or(s.mean),
                  std::to_string(s.nan), std::to_string(s.infinite), joined(in.smallest)});
        bool const any = s.finite > 0;
        json entry{{"name", t.name},
                   {"type", files::name_of(t.type)},
                   {"shape", t.shape},
                   {"bytes", t.bytes.size()},
                   {"min", any ? number(s.least) : json(nullptr)},
                   {"max", any ? number(s.largest) : json(nullptr)},
                   {"mean", any ? number(s.mean) : json(nullptr)},
                   {"nan", s.nan},
                   {"inf", s.infinite}};
        if (o.sets) entry["sets"] = in.all;
        if (of) entry["of"] = of->path;
        tensors.push_back(std::move(entry));
    }
    if (o.as_json) {
        json parametrizations = json::object();
        for (auto const& [path, parts] : weights) parametrizations[path] = parts;
        json const all{{"file", o.file},         {"numbers", numbers}, {"bytes", bytes},
                       {"metadata", c.metadata}, {"tensors", tensors}, {"parametrized", parametrizations}};
        std::printf("%s\n", all.dump(2, ' ', false, json::error_handler_t::replace).c_str());
        return good;
    }
    std::printf("%s: %s, %s, %s\n", printable(o.file).c_str(), counted(c.tensors.size(), "tensor").c_str(),
                counted(numbers, "number").c_str(), as_size(bytes).c_str());
    for (auto const& [key, value] : c.metadata)
        std::printf("metadata: %s = %s\n", printable(key).c_str(), printable(value).c_str());
    if (!c.tensors.empty()) rows.print();
    for (auto const& [path, parts] : weights)
        std::printf("parametrized: %s (%s)\n", printable(path).c_str(), printable(joined(parts)).c_str());
    return good;
}

}  // namespace paramorph::tool
