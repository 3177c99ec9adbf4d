// A document as a value, which is printed as JSON and as Markdown: texts, numbers, truths, lists and objects, whose
// parts keep their order. Neither print depends on a locale, on the time or on where anything lies in memory.
//
//   JSON        RFC 8259; a number reads back as it was; one that is not finite is a string, "nan", "inf" or "-inf"
//   Markdown    each part of the outermost object is a section; an object is a table of two columns, a list of objects
//               a table whose head is the keys of its first one (GitHub's form of tables)
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "paramorph/core/abi.hpp"
#include "paramorph/core/cmath.hpp"

namespace paramorph::inline PARAMORPH_ABI::detail {

class document {
  public:
    enum class kind { text, number, truth, nothing, list, object };

    document() = default;
    document(std::string_view text) : kind_(kind::text), text_(text) {}
    document(std::string const& text) : document(std::string_view(text)) {}
    document(char const* text) : document(std::string_view(text)) {}
    document(std::same_as<bool> auto holds) : kind_(kind::truth), text_(holds ? "true" : "false") {}
    document(std::integral auto n)
        requires(!std::same_as<decltype(n), bool>)
        : kind_(kind::number), text_(std::to_string(n)) {}
    // The shortest decimal number that reads back as x.
    document(std::floating_point auto x) : kind_(std::isfinite(x) ? kind::number : kind::text) {
        if (std::isnan(x)) {
            text_ = "nan";
            return;
        }
        char digits[64];
        text_.assign(digits, std::to_chars(digits, digits + sizeof digits, x).ptr);
        if (x == 0) text_ += ".0";  // readers take -0 for an integer
    }
    static document list() { return document(kind::list); }
    static document object() { return document(kind::object); }
    template <class T>
    static document list_of(T const* x, int n) {
        document all = list();
        for (int i = 0; i < n; ++i) all.add(x[i]);
        return all;
    }

    document& add(document part) {
        parts_.emplace_back(std::string(), std::move(part));
        return *this;
    }
    document& add(std::string_view key, document part) {
        parts_.emplace_back(std::string(key), std::move(part));
        return *this;
    }

    std::string json() const {
        std::string to;
        print_json(to, 0);
        return to + "\n";
    }
    std::string markdown() const {
        std::string to;
        for (auto const& [key, part] : parts_) {
            if (!to.empty())
                to += "\n## " + key + "\n\n";
            else if (part.is_scalar()) {  // the title
                to += "# " + plain(part.text_) + "\n";
                continue;
            }
            part.print_section(to);
        }
        return to;
    }

  private:
    explicit document(kind k) : kind_(k) {}
    kind kind_ = kind::nothing;
    std::string text_{};
    std::vector<std::pair<std::string, document>> parts_{};

    bool is_scalar() const { return kind_ != kind::list && kind_ != kind::object; }
    bool holds_an_object() const {
        for (auto const& [key, part] : parts_)
            if (part.kind_ == kind::object || part.holds_an_object()) return true;
        return false;
    }
    bool holds_scalars() const {
        for (auto const& [key, part] : parts_)
            if (!part.is_scalar()) return false;
        return true;
    }

    static std::string quoted(std::string_view s) {
        std::string t = "\"";
        for (char const c : s) {
            if (c == '"' || c == '\\') t += '\\';
            if (static_cast<unsigned char>(c) < 0x20) {
                t += "\\u00";
                t += "0123456789abcdef"[c >> 4];
                t += "0123456789abcdef"[c & 15];
            } else
                t += c;
        }
        return t + "\"";
    }
    void print_json(std::string& to, std::size_t depth) const {
        if (kind_ == kind::text)
            to += quoted(text_);
        else if (is_scalar())
            to += kind_ == kind::nothing ? "null" : text_;
        else {
            bool const object = kind_ == kind::object, line = !object && holds_scalars();
            to += object ? '{' : '[';
            for (std::size_t k = 0; k < parts_.size(); ++k) {
                if (k > 0) to += line ? ", " : ",";
                if (!line) to += "\n" + std::string(2 * depth + 2, ' ');
                if (object) to += quoted(parts_[k].first) + ": ";
                parts_[k].second.print_json(to, depth + 1);
            }
            if (!line && !parts_.empty()) to += "\n" + std::string(2 * depth, ' ');
            to += object ? '}' : ']';
        }
    }

    // Text that is no mark-up, on one line.
    static std::string plain(std::string_view s) {
        std::string t;
        for (char const c : s) {
            if (std::string_view("\\`*_<>[]#|").find(c) != std::string_view::npos) t += '\\';
            t += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
        return t;
    }
    std::string cell() const {
        if (kind_ == kind::truth) return text_ == "true" ? "yes" : "no";
        if (kind_ == kind::nothing) return "";
        if (is_scalar()) return plain(text_);
        std::string t;
        for (auto const& [key, part] : parts_) {
            t += t.empty() ? "" : ", ";
            if (kind_ == kind::object) t += plain(key) + ": ";
            t += part.is_scalar() ? part.cell() : "\\[" + part.cell() + "\\]";
        }
        return t;
    }
    void print_section(std::string& to) const {
        if (is_scalar()) {
            to += cell() + "\n";
        } else if (kind_ == kind::object) {
            bool head = false;
            for (auto const& [key, part] : parts_) {
                if (part.kind_ == kind::object || part.holds_an_object()) continue;
                if (!head) to += "| what | value |\n|---|---|\n";
                head = true;
                to += "| " + plain(key) + " | " + part.cell() + " |\n";
            }
            for (auto const& [key, part] : parts_)
                if (part.kind_ == kind::object || part.holds_an_object()) {
                    to += (head ? "\n" : "") + plain(key) + ":\n\n";
                    part.print_section(to);
                    head = true;
                }
        } else if (parts_.empty())
            to += "none\n";
        else if (!holds_an_object())
            to += cell() + "\n";
        else {
            std::string rule;
            for (auto const& [key, part] : parts_[0].second.parts_) {
                to += "| " + plain(key) + " ";
                rule += "|---";
            }
            to += "|\n" + rule + "|\n";
            for (auto const& [nothing, row] : parts_) {
                for (auto const& [key, part] : row.parts_) to += "| " + part.cell() + " ";
                to += "|\n";
            }
        }
    }
};

}  // namespace paramorph::inline PARAMORPH_ABI::detail
