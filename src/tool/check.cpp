// Is what a file holds what it should be? `paramorph check FILE --set KEY=SET`.
//
// SPDX-License-Identifier: BSL-1.0
#include <fnmatch.h>

#include <cmath>
#include <cstdio>

#include "sets.hpp"

namespace paramorph::tool {

namespace {

struct wish {
    std::string pattern;
    known_set set;
};

// "0.weight=orthogonal"; a key may hold `=`.
wish wish_of(std::string const& text) {
    std::size_t const at = text.rfind('=');
    if (at == std::string::npos || at == 0 || at + 1 == text.size())
        throw failure("--set: expected KEY=SET, as in 0.weight=orthogonal, found \"" + printable(text) + "\"");
    return {text.substr(0, at), known_set(text.substr(at + 1))};
}

// The least power of ten with which a tensor is an element, if one is.
double enough(known_set const& set, files::tensor const& t, double tolerance) {
    for (double more = std::pow(10, std::ceil(std::log10(tolerance))); more < 1e3; more *= 10)
        if (more > tolerance && set.contains(t, more)) return more;
    return 0;
}

// Where the first number that is not finite is, or -1.
long long first_not_finite(files::tensor const& t) {
    return with_element(t.type, [&]<class T>(std::type_identity<T>) {
        for (std::size_t i = 0; i < count_of(t); ++i)
            if (!std::isfinite(as_double(element_at<T>(t, i)))) return static_cast<long long>(i);
        return -1LL;
    });
}

}  // namespace

int check(check_options const& o) {
    std::vector<wish> wishes;
    for (auto const& text : o.sets) wishes.push_back(wish_of(text));
    files::contents const c = read(o.file);
    std::uint64_t total = 0;
    for (auto const& t : c.tensors) total += count_of(t);
    progress shown("check", total * (wishes.size() + o.finite));
    json results = json::array();
    std::vector<std::string> lines;
    int answer = good;
    for (wish const& w : wishes) {
        bool any = false, originals = false;
        for (auto const& t : c.tensors) {
            originals = originals || t.name.starts_with(parametrized_name(w.pattern, ""));
            if (t.name != w.pattern && ::fnmatch(w.pattern.c_str(), t.name.c_str(), 0) != 0) continue;
            any = true;
            if (std::string const why = why_not_tried(t); !why.empty())
                throw failure(o.file + ": " + printable(t.name) + ": cannot be in a set: " + why);
            double const tolerance = o.tolerance >= 0 ? o.tolerance : files::membership_tolerance(t.type);
            bool const is = w.set.contains(t, tolerance);
            shown.add(count_of(t));
            std::string line = printable(t.name) + ": " + (is ? "in " : "not in ") + w.set.name() +
                               ", with the tolerance " + as_text(tolerance);
            json result{{"name", t.name}, {"set", w.set.name()}, {"tolerance", tolerance}, {"holds", is}};
            if (!is) {
                answer = different;
                double const more = tolerance > 0 ? enough(w.set, t, tolerance) : 0;
                line += more > 0 ? "; it is with " + as_text(more) : "";
                result["holds_with"] = more > 0 ? json(more) : json(nullptr);
            }
            lines.push_back(std::move(line));
            results.push_back(std::move(result));
        }
        if (!any)
            throw failure(o.file + ": no tensor is called " + printable(w.pattern) +
                          (originals ? "; the file has what was trained of it, and its value is known to the network "
                                       "alone: check a file of values, which pm::save(pm::freeze(net), path) writes"
                                     : like(c, w.pattern)));
    }
    if (o.finite)
        for (auto const& t : c.tensors) {
            long long const at = first_not_finite(t);
            shown.add(count_of(t));
            results.push_back({{"name", t.name}, {"finite", at < 0}});
            if (at < 0) continue;
            answer = different;
            lines.push_back(printable(t.name) + ": element " + std::to_string(at) + " (row-major) is not finite");
        }
    if (o.as_json) {
        json const all{{"file", o.file}, {"passed", answer == good}, {"results", results}};
        std::printf("%s\n", all.dump(2, ' ', false, json::error_handler_t::replace).c_str());
    } else {
        for (auto const& line : lines) std::printf("%s\n", line.c_str());
        std::printf("%s: %s\n", printable(o.file).c_str(), answer == good ? "passed" : "failed");
    }
    return answer;
}

}  // namespace paramorph::tool
