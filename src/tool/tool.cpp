// SPDX-License-Identifier: BSL-1.0
#include "tool.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../io/names.hpp"
#include "../io/write_text.hpp"
#include "paramorph/nn/parametrized_name.hpp"

namespace paramorph::tool {

files::contents read(std::string const& path) {
    files::contents c;
    if (std::string const wrong = files::read(path, c); !wrong.empty()) throw failure(wrong);
    return c;
}
void write(char const* command, std::string const& path, std::string const& text) {
    std::string wrong = files::write_text(path, text);
    if (wrong.empty()) return;
    if (std::string const saves = "save: "; wrong.starts_with(saves)) wrong.erase(0, saves.size());
    throw failure(std::string(command) + ": " + wrong);
}
void require_another(char const* command, std::string const& in, std::string const& out) {
    struct stat a{}, b{};
    if (out != "-" && ::stat(in.c_str(), &a) == 0 && ::stat(out.c_str(), &b) == 0 && a.st_dev == b.st_dev &&
        a.st_ino == b.st_ino)
        throw failure(std::string(command) + ": " + printable(out) + " is the file that is read: name another one");
}
files::tensor const* find(files::contents const& c, std::string const& name) {
    auto const at = std::find_if(c.tensors.begin(), c.tensors.end(), [&](auto const& t) { return t.name == name; });
    return at == c.tensors.end() ? nullptr : &*at;
}
std::string like(files::contents const& c, std::string const& name) {
    for (auto const& t : c.tensors)
        if (t.name.ends_with("." + name)) return "; there is " + printable(t.name);
    for (auto const& t : c.tensors)
        for (auto const& w : detail::wrappers)
            if (files::without_part(t.name, w.part) == name) return "; there is " + printable(t.name);
    return {};
}

files::dtype type_called(std::string const& name) {
    if (name == "float64" || name == "F64") return files::dtype::f64;
    if (name == "float32" || name == "F32") return files::dtype::f32;
    if (name == "float16" || name == "F16") return files::dtype::f16;
    if (name == "bfloat16" || name == "BF16") return files::dtype::bf16;
    throw failure("expected the type float64, float32, float16 or bfloat16, found \"" + printable(name) + "\"");
}

std::string as_text(double x) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", x);
    return text;
}
std::string counted(std::uint64_t n, char const* what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}
std::string as_size(std::uint64_t bytes) {
    if (bytes < 1000) return counted(bytes, "byte");
    char const* const units[]{"kB", "MB", "GB", "TB"};
    double x = static_cast<double>(bytes) / 1000;
    int unit = 0;
    for (; x >= 999.95 && unit < 3; ++unit) x /= 1000;
    char text[32];
    std::snprintf(text, sizeof text, "%.1f %s", x, units[unit]);
    return text;
}
std::string shape_text(std::vector<std::uint64_t> const& shape) {
    std::string made = "[";
    for (std::uint64_t e : shape) made += (made.size() > 1 ? ", " : "") + std::to_string(e);
    return made + "]";
}
std::optional<parametrized_key> parametrized(std::string const& key) {
    static std::string const word = "parametrizations.";
    std::size_t const at = key.starts_with(word) ? 0 : key.find("." + word);
    if (at == std::string::npos) return {};
    std::size_t const begin = at == 0 ? word.size() : at + 1 + word.size(), dot = key.find('.', begin);
    if (dot == std::string::npos) return {};
    std::string const before = at == 0 ? "" : key.substr(0, at + 1);
    return parametrized_key{before + key.substr(begin, dot - begin), key.substr(dot + 1)};
}
std::string joined(std::vector<std::string> const& words) {
    std::string made;
    for (auto const& w : words) made += (made.empty() ? "" : ", ") + w;
    return made;
}
std::string parametrized_name(std::string const& path, std::string const& part) {
    std::string name;
    detail::append_parametrized_name(name, path, part);
    return name;
}
json number(double x) {
    return std::isfinite(x) ? json(x) : json(nullptr);
}

void table::print() const {
    std::vector<std::size_t> width(rows_.front().size());
    for (auto const& row : rows_)
        for (std::size_t k = 0; k < row.size(); ++k) width[k] = std::max(width[k], row[k].size());
    for (auto const& row : rows_) {
        std::string line;
        for (std::size_t k = 0; k < row.size(); ++k)
            line += row[k] + std::string(k + 1 < row.size() ? width[k] - row[k].size() + 2 : 0, ' ');
        line.resize(line.find_last_not_of(' ') + 1);
        std::printf("%s\n", line.c_str());
    }
}

progress::progress(std::string what, std::uint64_t total)
    : what_(std::move(what)),
      total_(total),
      next_(clock::now() + std::chrono::seconds(1)),
      terminal_(::isatty(STDERR_FILENO) == 1) {}
progress::~progress() {
    if (shown_) std::fprintf(stderr, "\r\x1b[K");
}
void progress::add(std::uint64_t done) {
    done_ += done;
    if (!terminal_ || clock::now() < next_) return;
    next_ = clock::now() + std::chrono::milliseconds(100);
    shown_ = true;
    double const part = total_ == 0 ? 1 : static_cast<double>(done_) / static_cast<double>(total_);
    std::fprintf(stderr, "\r\x1b[K%s: %.0f %%", what_.c_str(), 100 * std::min(part, 1.0));
    std::fflush(stderr);
}

}  // namespace paramorph::tool
