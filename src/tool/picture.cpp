// A picture of what a file holds: `paramorph picture FILE`.
//
// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdio>
#include <map>

#include "paramorph/print/dot.hpp"
#include "paramorph/print/svg.hpp"
#include "sets.hpp"

namespace paramorph::tool {

namespace {

bool is_finite(files::tensor const& t) {
    return with_element(t.type, [&]<class T>(std::type_identity<T>) {
        for (std::size_t i = 0; i < count_of(t); ++i)
            if (!std::isfinite(as_double(element_at<T>(t, i)))) return false;
        return true;
    });
}

// "0.weight" is the tensor "weight" of the module "0".
struct member {
    std::string module, name;
};
member member_of(std::string const& path) {
    std::size_t const dot = path.rfind('.');
    return dot == std::string::npos ? member{"", path} : member{path.substr(0, dot), path.substr(dot + 1)};
}

}  // namespace

int picture(picture_options const& o) {
    require_another("picture", o.file, o.out);
    files::contents const c = read(o.file);
    std::uint64_t numbers = 0, bytes = 0;
    for (auto const& t : c.tensors) numbers += count_of(t), bytes += t.bytes.size();
    progress shown("picture", numbers);

    // A box for each module, in the order of the file; a line for each tensor, and for what is parametrized.
    paramorph::detail::picture made{o.file.substr(o.file.rfind('/') + 1) + ": " + counted(c.tensors.size(), "tensor") +
                                    ", " + counted(numbers, "number") + ", " + as_size(bytes)};
    std::map<std::string, std::size_t> box, line;  // of a module's path, of a parametrized tensor's
    json modules = json::array();
    for (auto const& t : c.tensors) {
        auto const of = parametrized(t.name);
        member const m = member_of(of ? of->path : t.name);
        auto const [at, first] = box.emplace(m.module, made.boxes.size());
        if (first) {
            made.boxes.push_back(
                {paramorph::detail::picture_box::module, m.module.empty() ? "(top)" : printable(m.module)});
            modules.push_back(json{{"name", m.module}, {"tensors", json::array()}});
        }
        auto& lines = made.boxes[at->second].lines;
        std::string text = std::string(files::name_of(t.type)) + " " + shape_text(t.shape);
        if (o.sets && is_finite(t)) {
            std::string const sets = joined(sets_of(t).smallest);
            if (!sets.empty()) text += ", " + sets;
        }
        shown.add(count_of(t));
        if (!of) {
            lines.push_back(printable(m.name) + " " + text);
            modules[at->second]["tensors"].push_back(json{{"name", m.name}, {"text", text}});
            continue;
        }
        auto const [where, begins] = line.emplace(of->path, lines.size());
        if (begins) {
            lines.push_back(printable(m.name) + " of");
            modules[at->second]["tensors"].push_back(json{{"name", m.name}, {"of", json::array()}});
        }
        lines[where->second] += (begins ? " " : "; ") + printable(of->part) + " " + text;
        for (auto& entry : modules[at->second]["tensors"])
            if (entry["name"] == m.name) entry["of"].push_back(json{{"name", of->part}, {"text", text}});
    }
    for (std::size_t k = 1; k < made.boxes.size(); ++k)
        made.edges.push_back({int(k) - 1, int(k), "", false});  // the file does not say what reads what

    std::string const text = o.dot ? paramorph::detail::dot_of(made) : paramorph::detail::svg_of(made);
    if (o.out == "-" && !o.as_json)
        std::fwrite(text.data(), 1, text.size(), stdout);
    else if (o.out != "-")
        write("picture", o.out, text);
    if (o.as_json)
        std::printf(
            "%s\n",
            json{{"file", o.file}, {"modules", modules}}.dump(2, ' ', false, json::error_handler_t::replace).c_str());
    return good;
}

}  // namespace paramorph::tool
