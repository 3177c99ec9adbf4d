// SPDX-License-Identifier: BSL-1.0
#include "names.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "paramorph/nn/parametrized_name.hpp"

namespace paramorph::files::inline v0_1 {

namespace {

constexpr std::size_t longest_name = 1 << 12, most_parts = 64;  // of a name that is taken apart

std::vector<std::string_view> parts_of(std::string_view name) {
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= name.size();) {
        std::size_t const dot = std::min(name.find('.', begin), name.size());
        parts.push_back(name.substr(begin, dot - begin));
        begin = dot + 1;
    }
    return parts;
}

// ", which DataParallel puts there".
std::string origin_of(std::string_view text) {
    std::vector<std::string_view> names;
    for (std::string_view const part : parts_of(text))
        for (auto const& [word, who] : detail::wrappers)
            if (part == word && std::find(names.begin(), names.end(), who) == names.end()) names.push_back(who);
    std::string made;
    for (std::string_view const who : names) made += (made.empty() ? ", which " : " and ") + std::string(who);
    return made.empty() ? made : made + (names.size() > 1 ? " put there" : " puts there");
}

using counted = std::unordered_map<std::string, std::size_t>;

void keep_best(counted const& all, renaming::kind what, std::size_t& most, renaming& best) {
    for (auto const& [text, count] : all) {
        if (count < most || (count == most && (best.what != what ||
                                               std::pair(best.text.size(), best.text) <= std::pair(text.size(), text))))
            continue;
        most = count;
        best.what = what, best.text = text;
    }
}

}  // namespace

std::string without_part(std::string_view name, std::string_view part) {
    std::string made;
    for (std::string_view const p : parts_of(name))
        if (p != part) made.append(made.empty() ? "" : ".").append(p);
    return made;
}

renaming renaming_of(std::vector<std::string_view> const& wanted, std::vector<std::string_view> const& found) {
    std::unordered_set<std::string_view> const names(wanted.begin(), wanted.end());
    std::size_t most = 0;
    counted prefixes, parts;
    for (std::string_view const name : found) {
        most += names.contains(name);
        if (name.size() > longest_name ||
            std::count(name.begin(), name.end(), '.') >= static_cast<std::ptrdiff_t>(most_parts))
            continue;
        for (std::size_t dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1))
            if (names.contains(name.substr(dot + 1))) ++prefixes[std::string(name.substr(0, dot + 1))];
        auto all = parts_of(name);
        std::string_view const own = all.back();  // the tensor's: wrappers are modules
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
        for (std::string_view const part : all)
            if (!part.empty() && part != own && names.contains(without_part(name, part))) ++parts[std::string(part)];
    }
    renaming best;
    keep_best(prefixes, renaming::kind::prefix, most, best);
    keep_best(parts, renaming::kind::part, most, best);
    best.origin = origin_of(best.text);
    best.all = best.what == renaming::kind::prefix &&
               std::all_of(found.begin(), found.end(), [&](auto name) { return name.starts_with(best.text); });
    return best;
}

}  // namespace paramorph::files::inline v0_1
