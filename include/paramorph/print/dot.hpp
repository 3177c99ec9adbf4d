// A picture as a text for graphviz's dot: the modules, and the steps as a second cluster, each with the blocks of the
// workspace that are in use from that step on.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

#include "paramorph/print/picture.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// Within quotation marks; `end` ends a line.
inline std::string dot_text(std::string const& text) {
    std::string to;
    for (char const c : text) {
        if (c == '"' || c == '\\') to += '\\';
        to += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    }
    return to;
}
inline std::string dot_of(picture const& p) {
    std::string to =
        "digraph network {\n  label=\"" + dot_text(p.title) + "\";\n  node [shape=box, fontname=monospace];\n";
    for (std::size_t k = 0; k < p.boxes.size(); ++k) {
        picture_box const& b = p.boxes[k];
        std::string label = dot_text(b.title);
        for (auto const& line : b.lines) label += "\\l" + dot_text(line);
        to += "  m" + std::to_string(k) + " [label=\"" + label + (b.lines.empty() ? "" : "\\l") + "\"" +
              (b.kind == picture_box::module ? "" : ", style=rounded") + "];\n";
    }
    for (picture_edge const& e : p.edges)
        to += "  m" + std::to_string(e.from) + " -> m" + std::to_string(e.to) + " [label=\"" + dot_text(e.label) +
              (e.drawn ? "\"];\n" : "\", style=invis];\n");
    if (p.steps.empty()) return to + "}\n";
    to += "  subgraph cluster_steps {\n    label=\"steps; workspace " + std::to_string(p.workspace) + " bytes\";\n";
    for (std::size_t k = 0; k < p.steps.size(); ++k) {
        std::string label = dot_text(p.steps[k].text);
        for (picture_block const& b : p.blocks)
            if (b.first == int(k))
                label += "\\l" + dot_text(b.label) + ": bytes " + std::to_string(b.offset) + " to " +
                         std::to_string(b.offset + b.bytes) + " until step " + std::to_string(b.last);
        to += "    s" + std::to_string(k) + " [label=\"" + label + "\\l\"];\n";
        if (k > 0) to += "    s" + std::to_string(k - 1) + " -> s" + std::to_string(k) + ";\n";
    }
    return to + "  }\n}\n";
}

}  // namespace paramorph::inline PARAMORPH_ABI::detail
