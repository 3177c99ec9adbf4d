// A file in another type, format or with other names: `paramorph convert IN OUT`.
//
// SPDX-License-Identifier: BSL-1.0
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <unordered_map>

#include "../io/names.hpp"
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
    static std::string const word = "parametrizations.";
    std::unordered_map<std::string, files::tensor*> by_name;
    for (auto& t : c.tensors) by_name.emplace(t.name, &t);
    auto const at = [&](std::string const& name) {
        auto const found = by_name.find(name);
        return found == by_name.end() ? nullptr : found->second;
    };
    std::unordered_map<std::string, std::size_t> below;  // how many names begin with "0.parametrizations.weight."
    for (auto const& t : c.tensors)
        for (std::size_t begin = t.name.find(word); !to_new && begin != std::string::npos;
             begin = t.name.find(word, begin + 1))
            if (std::size_t const dot = t.name.find('.', begin + word.size()); dot != std::string::npos)
                ++below[t.name.substr(0, dot + 1)];
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
            if (!to_new && below[parametrized_name(path, "")] != parts.size()) continue;
            next.insert(next.end(), parts.begin(), parts.end());
            ++renamed;
        }
    for (auto& [t, name] : next) t->name = name;
    return renamed;
}

// The file to write: `given`, or the name of an .npz or .npy with the ending of safetensors.
std::string output_of(std::string const& in, std::string const& given) {
    if (!given.empty()) {
        for (char const* ending : {".npz", ".npy", ".pt", ".pth", ".ckpt", ".onnx", ".gguf", ".h5"})
            if (given.ends_with(ending))
                throw failure("convert: writes safetensors, found the name " + printable(given) +
                              ": give it the ending .safetensors");
        return given;
    }
    if (!in.ends_with(".npz") && !in.ends_with(".npy"))
        throw failure("convert: name the file to write: paramorph convert " + printable(in) + " OUT");
    std::string const made = in.substr(0, in.size() - 4) + ".safetensors";
    if (::access(made.c_str(), F_OK) == 0)
        throw failure("convert: " + printable(made) + " is there already: name the file to write");
    return made;
}

}  // namespace

int convert(convert_options const& o) {
    if (!o.names.empty() && o.names != "new" && o.names != "old")
        throw failure("--names: expected new or old, found \"" + printable(o.names) + "\"");
    std::string const to_file = output_of(o.in, o.out);
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
        if (!o.strip_part.empty()) {
            t.name = files::without_part(t.name, o.strip_part);
            if (t.name.empty())
                throw failure(o.in + ": --strip-part: nothing is left of the name " + printable(o.strip_part));
        }
        t.name.insert(0, o.add_prefix);
    }
    for (auto const& text : o.rename) {
        std::size_t const at = text.find('=');
        if (at == std::string::npos || at == 0 || at + 1 == text.size())
            throw failure("--rename: expected OLD=NEW, found \"" + printable(text) + "\"");
        auto const* const t = find(c, text.substr(0, at));
        if (t == nullptr)
            throw failure(o.in + ": --rename: no tensor is called " + printable(text.substr(0, at)) +
                          like(c, text.substr(0, at)));
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
    if (std::string const wrong = files::write(to_file, c); !wrong.empty()) throw failure(wrong);
    if (o.as_json)
        std::printf(
            "%s\n",
            json{{"file", to_file}, {"tensors", c.tensors.size()}, {"converted", changed}, {"weights_renamed", weights}}
                .dump(2, ' ', false, json::error_handler_t::replace)
                .c_str());
    else
        std::printf("%s: %s, %zu converted%s\n", printable(to_file).c_str(),
                    counted(c.tensors.size(), "tensor").c_str(), changed,
                    o.names.empty() ? "" : (", " + counted(weights, "weight") + " renamed").c_str());
    return good;
}

}  // namespace paramorph::tool
