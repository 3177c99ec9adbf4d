// A picture as SVG 1.1, which browsers show: the modules; below, a line for each step, and beside the steps the
// workspace, where each block covers its bytes from left to right and the steps in which it is in use from top to
// bottom. Steps that run together have a bar at their left. No script, nothing from elsewhere; the same picture is the
// same text.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <string>

#include "paramorph/print/draw_modules.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

inline std::string svg_of(picture const& p) {
    constexpr int margin = 16, memory_width = 360, longest = 110;
    auto const number = [](long n) { return std::to_string(n); };
    module_layout const modules(p);
    std::size_t letters = 0;
    for (auto const& s : p.steps) letters = std::max(letters, std::min(s.text.size(), std::size_t(longest)));
    bool const has_steps = !p.steps.empty();
    int const text_width = width_of_letters(letters) + 44;
    int const width =
        std::max({modules.size_x, has_steps ? text_width + memory_width : 0, width_of_letters(p.title.size())}) +
        2 * margin;
    int const top = 3 * line_height, steps_at = top + modules.size_y + 3 * line_height;
    int const height = (has_steps ? steps_at + line_height * int(p.steps.size()) : top + modules.size_y) + margin;

    std::string to =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(width) + "\" height=\"" + number(height) +
        "\" viewBox=\"0 0 " + number(width) + " " + number(height) + "\" role=\"img\">\n<title>" + xml_text(p.title) +
        "</title>\n<style>text{font:12px monospace;fill:#222}.title{font-weight:bold}.shape,.byte{fill:#666}"
        "rect{stroke:#888;fill:#fff}.module{fill:#e8f0fe}.input,.output{fill:#f1f3f4}.block{fill:#fde7c8}"
        ".edge{fill:none;stroke:#666}.together{stroke:#3b78e7;stroke-width:3}.paper{stroke:none}</style>\n"
        "<rect class=\"paper\" width=\"" +
        number(width) + "\" height=\"" + number(height) + "\"/>\n<text class=\"title\" x=\"" + number(margin) +
        "\" y=\"" + number(line_height + 8) + "\">" + xml_text(p.title) + "</text>\n<g transform=\"translate(" +
        number(margin + (width - 2 * margin - modules.size_x) / 2) + " " + number(top) + ")\">\n" + modules.svg() +
        "</g>\n";
    if (!has_steps) return to + "</svg>\n";

    int const memory_at = margin + text_width;
    to += "<g transform=\"translate(0 " + number(steps_at) + ")\">\n<text class=\"title\" x=\"" + number(margin) +
          "\" y=\"-8\">steps, in the order in which they run</text>\n<text class=\"title\" x=\"" + number(memory_at) +
          "\" y=\"-8\">workspace, " + number(long(p.workspace)) + " bytes</text>\n";
    for (std::size_t k = 0; k < p.steps.size(); ++k) {
        picture_step const& s = p.steps[k];
        int const y = line_height * int(k);
        bool const cut = s.text.size() > std::size_t(longest);
        if (s.group >= 0)
            to += "<path class=\"together\" d=\"M" + number(margin + 22) + " " + number(y) + " v" +
                  number(line_height) + "\"/>\n";
        to += "<text x=\"" + number(margin) + "\" y=\"" + number(y + 12) + "\">" + number(long(k)) +
              "</text>\n<text x=\"" + number(margin + 30) + "\" y=\"" + number(y + 12) + "\">" +
              xml_text(cut ? s.text.substr(0, std::size_t(longest) - 3) + "..." : s.text) +
              (cut ? "<title>" + xml_text(s.text) + "</title>" : "") + "</text>\n";
    }
    for (picture_block const& b : p.blocks) {
        auto const at = [&](std::int64_t bytes) {
            return memory_at + long(bytes * memory_width / std::max<std::int64_t>(p.workspace, 1));
        };
        to += "<rect class=\"block\" x=\"" + number(at(b.offset)) + "\" y=\"" + number(line_height * b.first) +
              "\" width=\"" + number(std::max(at(b.offset + b.bytes) - at(b.offset), 1L)) + "\" height=\"" +
              number(line_height * (b.last - b.first + 1)) + "\"><title>" + xml_text(b.label) + ", bytes " +
              number(long(b.offset)) + " to " + number(long(b.offset + b.bytes)) + ", steps " + number(b.first) +
              " to " + number(b.last) + "</title></rect>\n";
    }
    return to + "</g>\n</svg>\n";
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
