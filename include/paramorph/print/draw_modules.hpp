// The modules of a picture: where boxes stand, and how edges run between them. Layered, as in Sugiyama, Tagawa and Toda
// 1981: a box stands in the row below all that it reads; an edge over several rows has a place in each of them; rows
// are ordered by the mean place of what their boxes read. Deterministic, linear in what is drawn but for sorting the
// rows.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "paramorph/print/picture.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

// For XML, also within quotation marks. What XML 1.0 has no character for becomes a question mark.
inline std::string xml_text(std::string const& text) {
    std::string to;
    for (char const c : text) switch (c) {
            case '&':
                to += "&amp;";
                break;
            case '<':
                to += "&lt;";
                break;
            case '>':
                to += "&gt;";
                break;
            case '"':
                to += "&quot;";
                break;
            default:
                to += static_cast<unsigned char>(c) < ' ' ? '?' : c;
        }
    return to;
}

// Pixels.
inline constexpr int line_height = 16;
constexpr int width_of_letters(std::size_t n) {
    return int(n) * 29 / 4 + 1;
}

struct placed_box {
    int box;  // -1: a place of a long edge
    int row;
    int x = 0, y = 0, width = 16, height = 0;
    std::vector<int> reads{};

    int middle() const { return x + width / 2; }
};

class module_layout {
    picture const& shown_;
    std::vector<placed_box> boxes_{};
    std::vector<std::vector<int>> rows_{};
    std::vector<std::vector<int>> routes_{};  // of each edge: the boxes that it runs through

    static int width_of(picture_box const& b) {
        std::size_t longest = b.title.size();
        for (auto const& line : b.lines) longest = std::max(longest, line.size());
        return (width_of_letters(longest) + 16 + 3) / 4 * 4;  // halves are whole: boxes below each other share a middle
    }
    void add(placed_box b) {
        if (b.row >= int(rows_.size())) rows_.resize(std::size_t(b.row) + 1);
        rows_[std::size_t(b.row)].push_back(int(boxes_.size()));
        boxes_.push_back(std::move(b));
    }
    void place_in_rows() {
        std::vector<int> row(shown_.boxes.size(), 0);
        for (picture_edge const& e : shown_.edges)  // they are in the order of where they go
            row[std::size_t(e.to)] = std::max(row[std::size_t(e.to)], row[std::size_t(e.from)] + 1);
        for (std::size_t k = 0; k < shown_.boxes.size(); ++k) {
            picture_box const& b = shown_.boxes[k];
            add({int(k), row[k], 0, 0, width_of(b), line_height * (1 + int(b.lines.size())) + 8});
        }
        for (picture_edge const& e : shown_.edges) {
            std::vector<int> route{e.from};
            for (int r = row[std::size_t(e.from)] + 1; r < row[std::size_t(e.to)]; ++r) {
                int const before = route.back();
                route.push_back(int(boxes_.size()));
                add({-1, r});
                boxes_.back().reads.push_back(before);
            }
            boxes_[std::size_t(e.to)].reads.push_back(route.back());
            route.push_back(e.to);
            routes_.push_back(std::move(route));
        }
    }
    void place() {
        constexpr int gap = 24, between = 34;
        int y = 8;
        std::vector<int> width(rows_.size(), 0);
        for (std::size_t r = 0; r < rows_.size(); ++r) {
            auto const mean = [&](int k) {
                auto const& reads = boxes_[std::size_t(k)].reads;
                long sum = 0;
                for (int const from : reads) sum += boxes_[std::size_t(from)].middle();
                return reads.empty() ? 0 : sum / long(reads.size());
            };
            std::sort(rows_[r].begin(), rows_[r].end(),
                      [&](int a, int b) { return std::pair(mean(a), a) < std::pair(mean(b), b); });
            int x = 0, height = 0;
            for (int const k : rows_[r]) {
                placed_box& b = boxes_[std::size_t(k)];
                b.x = x;
                b.y = y;
                x += b.width + gap;
                height = std::max(height, b.height);
            }
            for (int const k : rows_[r])
                if (placed_box& b = boxes_[std::size_t(k)]; b.box < 0) b.height = height;  // an edge passes
            width[r] = x - gap;
            y += height + between;
        }
        size_y = y - between + 8;
        size_x = rows_.empty() ? 0 : *std::max_element(width.begin(), width.end());
        for (std::size_t r = 0; r < rows_.size(); ++r)
            for (int const k : rows_[r]) boxes_[std::size_t(k)].x += (size_x - width[r]) / 2;
    }

  public:
    int size_x = 0, size_y = 0;

    explicit module_layout(picture const& p) : shown_(p) {
        place_in_rows();
        place();
    }
    std::string svg() const {
        std::string to;
        auto const number = [](int n) { return std::to_string(n); };
        for (std::size_t k = 0; k < routes_.size(); ++k) {
            if (!shown_.edges[k].drawn) continue;
            std::string path;
            for (std::size_t i = 0; i < routes_[k].size(); ++i) {
                placed_box const& b = boxes_[std::size_t(routes_[k][i])];
                if (i > 0) path += " L" + number(b.middle()) + " " + number(b.y);
                if (i + 1 < routes_[k].size())
                    path += (i ? " L" : "M") + number(b.middle()) + " " + number(b.y + b.height);
            }
            placed_box const &from = boxes_[std::size_t(routes_[k][0])], &next = boxes_[std::size_t(routes_[k][1])];
            to += "<path class=\"edge\" d=\"" + path + "\"/>\n";
            bool said = false;  // of another edge that begins there
            for (std::size_t j = 0; j < k; ++j)
                said = said ||
                       (shown_.edges[j].from == shown_.edges[k].from && shown_.edges[j].label == shown_.edges[k].label);
            if (said) continue;
            to += "<text class=\"shape\" x=\"" + number((from.middle() + next.middle()) / 2 + 5) + "\" y=\"" +
                  number((from.y + from.height + next.y) / 2 + 4) + "\">" + xml_text(shown_.edges[k].label) +
                  "</text>\n";
        }
        for (placed_box const& b : boxes_) {
            if (b.box < 0) continue;
            picture_box const& of = shown_.boxes[std::size_t(b.box)];
            char const* const kinds[]{"module", "input", "output"};
            to += "<rect class=\"" + std::string(kinds[of.kind]) + "\" x=\"" + number(b.x) + "\" y=\"" + number(b.y) +
                  "\" width=\"" + number(b.width) + "\" height=\"" + number(b.height) + "\" rx=\"4\"/>\n";
            int y = b.y + line_height;
            to += "<text class=\"title\" x=\"" + number(b.x + 8) + "\" y=\"" + number(y) + "\">" + xml_text(of.title) +
                  "</text>\n";
            for (auto const& line : of.lines)
                to += "<text x=\"" + number(b.x + 8) + "\" y=\"" + number(y += line_height) + "\">" + xml_text(line) +
                      "</text>\n";
        }
        return to;
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
