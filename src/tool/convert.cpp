// A file in another type, format or with other names: `paramorph convert IN OUT`.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstdio>
#include <memory>
#include <unordered_map>

#include "tool.hpp"

namespace paramorph::tool {

namespace {

// The weights of weight_norm and spectral_norm under other names: what is put behind a weight's path in older files,
// and what is below "parametrizations" now.
struct naming {
    std::vector<std::pair<std::string, std::string>> parts;
};
naming const namings[]{{{{"_g", "original0"}, {"_v", "original1"}}},
                       {{{"_orig", "original"}, {"_u", "0._u"}, {"_v", "0._v"}}}};

// weight_norm's length has an extent of 1 along all axes but one, or along all.
bool is_length_of(files::tensor const& g, files::tensor const& v) {
    if (g.shape.size() != v.shape.size()) return g.shape.empty();
    int kept = 0;
    for (std::size_t k = 0; k < g.shape.size(); ++k) {
        if (g.shape[k] != 1 && g.shape[k] != v.shape[k]) return false;
        kept += g.shape[k] != 1;
    }
    return kept <= 1;
}

// Every weight that has all parts under the one kind of names gets the other's.
std::size_t rename_parametrizations(files::contents& c, bool to_new) {
    std::unordered_map<std::string, files::tensor*> by_name;
    for (auto& t : c.tensors) by_name.emplace(t.name, &t);
    auto const at = [&](std::string const& name) {
        auto const found = by_name.find(name);
        return found == by_name.end() ? nullptr : found->second;
    };
    std::size_t renamed = 0;
    std::vector<std::pair<files::tensor*, std::string>> next;
    for (auto const& t : c.tensors)
        for (naming const& n : namings) {
            std::string const first = to_new ? n.parts[0].first : n.parts[0].second;
            std::string path;
            if (to_new) {
                if (!t.name.ends_with(first)) continue;
                path = t.name.substr(0, t.name.size() - first.size());
                if (path.empty() || path.ends_with('.')) continue;
            } else {
                static std::string const word = "parametrizations.";
                std::size_t const begin = t.name.rfind(word);
                if (begin == std::string::npos || (begin > 0 && t.name[begin - 1] != '.')) continue;
                std::string const rest = t.name.substr(begin + word.size());
                if (rest != rest.substr(0, rest.find('.')) + "." + first) continue;
                path = t.name.substr(0, begin) + rest.substr(0, rest.find('.'));
            }
            std::vector<std::pair<files::tensor*, std::string>> parts;
            for (auto const& [older, newer] : n.parts) {
                std::string const old_name = path + older, new_name = parametrized_name(path, newer);
                files::tensor* const part = at(to_new ? old_name : new_name);
                if (part != nullptr) parts.push_back({part, to_new ? new_name : old_name});
            }
            if (parts.size() != n.parts.size()) continue;
            if (parts.size() == 2 && !is_length_of(*parts[0].first, *parts[1].first)) continue;
            // What has more below it is a chain of another kind.
            std::size_t below = 0;
            for (auto const& u : c.tensors) below += !to_new && u.name.starts_with(parametrized_name(path, ""));
            if (!to_new && below != parts.size()) continue;
            next.insert(next.end(), parts.begin(), parts.end());
            ++renamed;
        }
    for (auto& [t, name] : next) t->name = name;
    return renamed;
}

}  // namespace

int convert(convert_options const& o) {
    if (!o.names.empty() && o.names != "new" && o.names != "old")
        throw failure("--names: expected new or old, found \"" + printable(o.names) + "\"");
    files::contents c = read(o.in);
    std::uint64_t total = 0;
    for (auto const& t : c.tensors) total += count_of(t);
    progress shown("convert", total);

    std::size_t changed = 0, weights = 0;
    for (auto& t : c.tensors) {
        if (!o.strip_prefix.empty()) {
            if (!t.name.starts_with(o.strip_prefix))
                throw failure(o.in + ": --strip-prefix: " + printable(t.name) + " does not begin with " +
                              printable(o.strip_prefix));
            if (t.name.size() == o.strip_prefix.size())
                throw failure(o.in + ": --strip-prefix: nothing is left of the name " + printable(t.name));
            t.name.erase(0, o.strip_prefix.size());
        }
        t.name.insert(0, o.add_prefix);
    }
    for (auto const& text : o.rename) {
        std::size_t const at = text.find('=');
        if (at == std::string::npos || at == 0 || at + 1 == text.size())
            throw failure("--rename: expected OLD=NEW, found \"" + printable(text) + "\"");
        auto const* const t = find(c, text.substr(0, at));
        if (t == nullptr) throw failure(o.in + ": --rename: no tensor is called " + printable(text.substr(0, at)));
        c.tensors[static_cast<std::size_t>(t - c.tensors.data())].name = text.substr(at + 1);
    }
    if (!o.names.empty()) weights = rename_parametrizations(c, o.names == "new");
    if (!o.to.empty()) {
        files::dtype const to = type_called(o.to);
        for (auto& t : c.tensors) {
            shown.add(count_of(t));
            if (!is_real(t.type) || t.type == to) continue;
            auto bytes = std::make_shared<std::vector<std::byte>>();
            if (std::string const wrong = files::convert(t, to, *bytes); !wrong.empty())
                throw failure(o.in + ": " + printable(t.name) + ": " + wrong);
            t.bytes = *bytes, t.owner = bytes, t.type = to;
            ++changed;
        }
    }
    if (std::string const wrong = files::write(o.out, c); !wrong.empty()) throw failure(wrong);
    if (o.as_json)
        std::printf(
            "%s\n",
            json{{"file", o.out}, {"tensors", c.tensors.size()}, {"converted", changed}, {"weights_renamed", weights}}
                .dump(2, ' ', false, json::error_handler_t::replace)
                .c_str());
    else
        std::printf("%s: %s, %zu converted%s\n", printable(o.out).c_str(), counted(c.tensors.size(), "tensor").c_str(),
                    changed, o.names.empty() ? "" : (", " + counted(weights, "weight") + " renamed").c_str());
    return good;
}

}  // namespace paramorph::tool
