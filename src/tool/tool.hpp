// What the commands of the tool `paramorph` share.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstring>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <nlohmann/json.hpp>

#include "paramorph/core/printable.hpp"
#include "paramorph/core/storage.hpp"
#include "paramorph/io/files.hpp"

namespace paramorph::tool {

using detail::printable;  // text of a file on a terminal
using json = nlohmann::ordered_json;

// The exit codes.
inline constexpr int good = 0, different = 1, failed = 2;

// What ends a command with the code `failed`: one line.
struct failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The tensors of a file.
files::contents read(std::string const& path);
// Writes a text that was made of a file: durably, as a whole or not at all, with the permissions of what is there.
void write(char const* command, std::string const& path, std::string const& text);
// Refuses an output that is the file that is read, under whatever name; `-` is the standard output.
void require_another(char const* command, std::string const& in, std::string const& out);
files::tensor const* find(files::contents const&, std::string const& name);
// "; there is module.0.weight": a tensor whose name ends as one that is not there, or nothing.
std::string like(files::contents const&, std::string const& name);

// Calls f(std::type_identity<T>{}) with what a tensor's elements are in memory.
template <class F>
decltype(auto) with_element(files::dtype t, F&& f) {
    switch (t) {
        case files::dtype::f64:
            return f(std::type_identity<double>{});
        case files::dtype::f32:
            return f(std::type_identity<float>{});
        case files::dtype::f16:
            return f(std::type_identity<float16>{});
        case files::dtype::bf16:
            return f(std::type_identity<bfloat16>{});
        case files::dtype::i64:
            return f(std::type_identity<std::int64_t>{});
        case files::dtype::i32:
            return f(std::type_identity<std::int32_t>{});
        case files::dtype::i8:
            return f(std::type_identity<std::int8_t>{});
        default:
            return f(std::type_identity<std::uint8_t>{});
    }
}
template <class T>
T element_at(files::tensor const& t, std::size_t i) {
    T x;
    std::memcpy(&x, t.bytes.data() + i * sizeof x, sizeof x);
    return x;
}
// Exact, but for int64 beyond 2^53.
template <class T>
double as_double(T x) {
    if constexpr (sixteen_bits<T>)
        return static_cast<double>(static_cast<float>(x));
    else
        return static_cast<double>(x);
}
inline std::size_t count_of(files::tensor const& t) {
    return t.bytes.size() / files::bytes_of(t.type);
}
inline bool is_real(files::dtype t) {
    return t == files::dtype::f64 || t == files::dtype::f32 || t == files::dtype::f16 || t == files::dtype::bf16;
}
// "float32" and the like, as --to and --as take them.
files::dtype type_called(std::string const&);

// Six digits, and what is not a finite number by its name.
std::string as_text(double);
// "1 tensor", "3 tensors".
std::string counted(std::uint64_t n, char const* what);
// A number of bytes, "12.3 kB".
std::string as_size(std::uint64_t bytes);
// "[2, 3]".
std::string shape_text(std::vector<std::uint64_t> const&);
// "0.weight" and "original0": "0.parametrizations.weight.original0".
std::string parametrized_name(std::string const& path, std::string const& part);
// "0.parametrizations.weight.original0" says that "0.weight" is parametrized, and "original0" is of it.
struct parametrized_key {
    std::string path, part;
};
std::optional<parametrized_key> parametrized(std::string const& key);
// With commas between them.
std::string joined(std::vector<std::string> const& words);
// A number for JSON, which has no NaN: null.
json number(double);

// Columns, each as wide as its widest entry.
class table {
  public:
    explicit table(std::vector<std::string> heads) : rows_{std::move(heads)} {}
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    void print() const;

  private:
    std::vector<std::vector<std::string>> rows_;
};

// How far something is, on standard error, where that is a terminal and it takes over a second.
class progress {
  public:
    progress(std::string what, std::uint64_t total);
    progress(progress const&) = delete;
    progress& operator=(progress const&) = delete;
    ~progress();
    void add(std::uint64_t done);

  private:
    using clock = std::chrono::steady_clock;
    std::string what_;
    std::uint64_t total_, done_ = 0;
    clock::time_point next_;
    bool terminal_, shown_ = false;
};

// --- the commands: each answers with the exit code ----------------------------------------------------------------

struct inspect_options {
    std::string file;
    bool as_json = false, sets = true;
};
int inspect(inspect_options const&);

struct diff_options {
    std::string first, second;
    double absolute = 0, relative = 0;
    bool as_json = false;
};
int diff(diff_options const&);

struct convert_options {
    std::string in, out, to, strip_prefix, strip_part, add_prefix, names;
    std::vector<std::string> rename;
    bool as_json = false;
};
int convert(convert_options const&);

struct header_options {
    std::string file, out, as = "float32", name, strip_prefix;
    std::vector<std::string> keep;
    bool as_json = false;
};
int header(header_options const&);

struct check_options {
    std::string file;
    std::vector<std::string> sets;
    double tolerance = -1;  // below 0: that of the element type
    bool finite = false, as_json = false;
};
int check(check_options const&);

struct picture_options {
    std::string file, out = "-";
    bool as_json = false, sets = true, dot = false;
};
int picture(picture_options const&);

}  // namespace paramorph::tool
