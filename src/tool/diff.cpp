// How two files differ: `paramorph diff A B`.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <limits>
#include <tuple>
#include <unordered_map>

#include "../io/names.hpp"
#include "tool.hpp"

namespace paramorph::tool {

namespace {

// Of two tensors of one shape.
struct difference {
    double absolute = 0, relative = 0;   // the largest
    std::size_t count = 0, element = 0;  // how many differ, and where the largest is
    bool any() const { return count > 0; }
};

// By how much two numbers differ: not at all, where both are NaN or the same infinity.
double apart(double a, double b) {
    if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
    double const d = std::abs(a - b);
    return std::isnan(d) ? std::numeric_limits<double>::infinity() : d;
}

difference difference_of(files::tensor const& a, files::tensor const& b, diff_options const& o, progress& shown) {
    return with_element(a.type, [&]<class A>(std::type_identity<A>) {
        return with_element(b.type, [&]<class B>(std::type_identity<B>) {
            difference d;
            std::size_t const count = count_of(a);
            for (std::size_t i = 0; i < count; ++i) {
                if (i % (1u << 20) == (1u << 20) - 1) shown.add(1u << 20);
                auto const p = element_at<A>(a, i);
                auto const q = element_at<B>(b, i);
                if constexpr (std::is_integral_v<A> && std::is_integral_v<B>)
                    if (p == q) continue;  // what doubles do not tell apart
                double const x = as_double(p), y = as_double(q);
                double by = apart(x, y);
                if constexpr (std::is_integral_v<A> && std::is_integral_v<B>) by = by == 0 ? 1 : by;
                if (by == 0) continue;
                double const scale = std::max(std::abs(x), std::abs(y));
                double const relative = std::isinf(by) ? by : by / scale;
                if (std::isfinite(by) && by <= o.absolute + o.relative * std::abs(y)) continue;
                if (d.count++ == 0 || by > d.absolute) d.absolute = by, d.element = i;
                d.relative = std::max(d.relative, relative);
            }
            return d;
        });
    });
}

std::unordered_map<std::string_view, files::tensor const*> by_name(files::contents const& c) {
    std::unordered_map<std::string_view, files::tensor const*> made;
    for (auto const& t : c.tensors) made.emplace(t.name, &t);
    return made;
}

// What to take out of the names of one file, so that they are those of the other.
std::string advice_for_names(files::contents const& from, files::contents const& to, std::string const& file) {
    std::vector<std::string_view> wanted, found;
    for (auto const& t : to.tensors) wanted.push_back(t.name);
    for (auto const& t : from.tensors) found.push_back(t.name);
    auto const r = files::renaming_of(wanted, found);
    if (!r) return {};
    bool const prefix = r.what == files::renaming::kind::prefix;
    return "the names of " + printable(file) + (prefix ? " begin with `" : " have `") + printable(r.text) + "`" +
           (prefix ? "" : " in them") + r.origin +
           (!prefix || r.all ? std::string(": `paramorph convert ") + (prefix ? "--strip-prefix " : "--strip-part ") +
                                   printable(r.text) + "` writes a file without"
                             : "");
}

}  // namespace

int diff(diff_options const& o) {
    files::contents const a = read(o.first), b = read(o.second);
    std::uint64_t numbers = 0;
    for (auto const& t : a.tensors) numbers += count_of(t);
    progress shown("diff", numbers);
    json found{{"missing", json::array()},
               {"extra", json::array()},
               {"shapes", json::array()},
               {"types", json::array()},
               {"values", json::array()}};
    std::vector<std::string> lines;
    std::size_t same = 0;
    auto const in_first = by_name(a), in_second = by_name(b);
    for (auto const& t : a.tensors) {
        auto const at = in_second.find(t.name);
        files::tensor const* const u = at == in_second.end() ? nullptr : at->second;
        std::string const name = printable(t.name);
        if (u == nullptr) {
            lines.push_back("missing: " + name + ": " + files::description(t.type, t.shape));
            found["missing"].push_back(t.name);
            continue;
        }
        bool differs = false;
        if (t.type != u->type) {
            differs = true;
            lines.push_back("type: " + name + ": " + std::string(files::name_of(t.type)) + ", then " +
                            std::string(files::name_of(u->type)));
            found["types"].push_back(
                {{"name", t.name}, {"first", files::name_of(t.type)}, {"second", files::name_of(u->type)}});
        }
        if (t.shape != u->shape) {
            lines.push_back("shape: " + name + ": " + shape_text(t.shape) + ", then " + shape_text(u->shape));
            found["shapes"].push_back({{"name", t.name}, {"first", t.shape}, {"second", u->shape}});
            continue;
        }
        difference const d = difference_of(t, *u, o, shown);
        shown.add(count_of(t) % (1u << 20));
        if (d.any()) {
            differs = true;
            lines.push_back("values: " + name + ": " + std::to_string(d.count) + " of " + std::to_string(count_of(t)) +
                            " differ, by at most " + as_text(d.absolute) + " (element " + std::to_string(d.element) +
                            "), relative " + as_text(d.relative));
            found["values"].push_back({{"name", t.name},
                                       {"count", d.count},
                                       {"max_absolute", number(d.absolute)},
                                       {"element", d.element},
                                       {"max_relative", number(d.relative)}});
        }
        same += !differs;
    }
    for (auto const& t : b.tensors)
        if (!in_first.contains(t.name)) {
            lines.push_back("extra: " + printable(t.name) + ": " + files::description(t.type, t.shape));
            found["extra"].push_back(t.name);
        }
    bool const equal = lines.empty();
    if (!found["missing"].empty() && !found["extra"].empty()) {
        for (auto const& [from, to, file] : {std::tuple(&a, &b, &o.first), std::tuple(&b, &a, &o.second)})
            if (std::string const advice = advice_for_names(*from, *to, *file); !advice.empty()) {
                lines.push_back(advice);
                found["advice"] = advice;
                break;
            }
    }
    if (o.as_json) {
        found["same"] = same;
        found["equal"] = equal;
        std::printf("%s\n", found.dump(2, ' ', false, json::error_handler_t::replace).c_str());
    } else {
        for (auto const& line : lines) std::printf("%s\n", line.c_str());
        std::printf("%s %s the same%s\n", counted(same, "tensor").c_str(), same == 1 ? "is" : "are",
                    equal ? "" : "; the files differ");
    }
    return equal ? good : different;
}

}  // namespace paramorph::tool
