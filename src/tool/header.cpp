// A file's tensors as a header that the compiler reads: `paramorph header FILE -o model.hpp`. The form of what is
// written is that of embed/tensor_file.hpp.
//
// The bytes are one literal: compilers read a string six times as fast as a list of integers.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <span>

#include "paramorph/core/shape.hpp"
#include "paramorph/embed/int8_words.hpp"
#include "paramorph/embed/namespace_name.hpp"
#include "tool.hpp"

namespace paramorph::tool {

namespace {

// Text for C++: what is no printable ASCII as octal digits, no more than the next character asks for. A question mark
// too, for two of them may begin a trigraph.
void append_escaped(std::string& to, std::byte const* at, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        auto const c = static_cast<unsigned char>(at[i]);
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '?') {
            to += static_cast<char>(c);
            continue;
        }
        bool const digit_follows = i + 1 < count && at[i + 1] >= std::byte{'0'} && at[i + 1] <= std::byte{'7'};
        to += '\\';
        if (digit_follows || c >= 0100) to += static_cast<char>('0' + c / 64);
        if (digit_follows || c >= 010) to += static_cast<char>('0' + c / 8 % 8);
        to += static_cast<char>('0' + c % 8);
    }
}
std::string quoted(std::string const& text) {
    std::string made = "\"";
    append_escaped(made, reinterpret_cast<std::byte const*>(text.data()), text.size());
    return made + '"';
}

// A tensor as the header has it.
struct written {
    std::string name;
    char const* type = "";
    std::vector<std::uint64_t> shape;
    std::size_t begin = 0, scales = 0;
};

// The bytes of the header.
struct image {
    std::vector<std::byte> bytes;
    // Room at a multiple of `boundary`.
    std::size_t add(std::size_t count, std::size_t boundary) {
        std::size_t const begin = (bytes.size() + boundary - 1) / boundary * boundary;
        bytes.resize(begin + count);
        return begin;
    }
    void put(std::size_t begin, void const* from, std::size_t count) {
        std::copy_n(static_cast<std::byte const*>(from), count, bytes.begin() + static_cast<std::ptrdiff_t>(begin));
    }
};

void require_finite(files::tensor const& t, std::string const& where) {
    with_element(t.type, [&]<class T>(std::type_identity<T>) {
        for (std::size_t i = 0; i < count_of(t); ++i)
            if (double const x = as_double(element_at<T>(t, i)); !std::isfinite(x))
                throw failure(where + ": element " + std::to_string(i) + " (row-major) is not finite: " + as_text(x));
    });
}
void require_extents(files::tensor const& t, std::string const& where) {
    std::uint64_t size = 1;
    bool fits = t.shape.size() <= max_rank;
    for (std::uint64_t e : t.shape) fits = fits && !__builtin_mul_overflow(size, e, &size) && size <= 0x7fffffff;
    if (!fits || size == 0)
        throw failure(where +
                      ": expected one to 2^31 - 1 elements along at most four axes, as tensors of networks have, " +
                      "found " + shape_text(t.shape));
}

// The rows of a matrix in eight bits, behind them their scales.
void quantize(files::tensor const& t, std::string const& where, image& to, written& w) {
    std::vector<std::byte> bytes;
    if (std::string const wrong = files::convert(t, files::dtype::f32, bytes); !wrong.empty())
        throw failure(where + ": " + wrong);
    auto const rows = static_cast<int>(t.shape[0]), columns = static_cast<int>(t.shape[1]);
    int const words = detail::words_of(columns);
    std::vector<float> row(static_cast<std::size_t>(columns)), scales;
    std::vector<std::int32_t> packed(static_cast<std::size_t>(words));
    std::size_t const row_bytes = packed.size() * sizeof(std::int32_t);
    w.begin = to.add(static_cast<std::size_t>(rows) * row_bytes, sizeof(std::int32_t));
    for (int j = 0; j < rows; ++j) {
        std::ranges::copy(std::span(bytes).subspan(static_cast<std::size_t>(j) * row.size() * sizeof(float),
                                                   row.size() * sizeof(float)),
                          std::as_writable_bytes(std::span(row)).begin());
        scales.push_back(detail::round_to_words(row.data(), columns, packed.data()));
        // As pm::quantize asks: 127 times each weight of a row, added up, stays finite.
        float const most = std::numeric_limits<float>::max() / (128.0f * static_cast<float>(columns));
        for (float const x : row)
            if (std::abs(x) > most)
                throw failure(where + ": weights of row " + std::to_string(j) +
                              " are so large that a product with integers overflows");
        to.put(w.begin + static_cast<std::size_t>(j) * row_bytes, packed.data(), row_bytes);
    }
    w.scales = to.add(scales.size() * sizeof(float), sizeof(float));
    to.put(w.scales, scales.data(), scales.size() * sizeof(float));
}

char const* stored_name(files::dtype t) {
    switch (t) {
        case files::dtype::f64:
            return "f64";
        case files::dtype::f32:
            return "f32";
        case files::dtype::f16:
            return "f16";
        case files::dtype::bf16:
            return "bf16";
        default:
            return "other";
    }
}

}  // namespace

int header(header_options const& o) {
    bool const eight = o.as == "int8";
    files::dtype const to = eight ? files::dtype::f32 : type_called(o.as);
    if (!eight && !o.keep.empty()) throw failure("--keep: it is of --as int8, which leaves the tensor in float32");
    if (o.name.empty() && o.out == "-") throw failure("header: what is written to the standard output needs a --name");
    if (o.as_json && o.out == "-") throw failure("header: --json and the header are both for the standard output");
    std::string const space = detail::namespace_name(o.name, o.out);

    require_another("header", o.file, o.out);
    files::contents const c = read(o.file);
    if (c.tensors.empty()) throw failure(o.file + ": it holds no tensors");
    std::uint64_t total = 0;
    for (auto const& t : c.tensors) total += t.bytes.size();
    progress shown("header", 2 * total);
    for (std::string const& key : o.keep)
        if (find(c, key) == nullptr)
            throw failure(o.file + ": --keep: no tensor is called " + printable(key) + like(c, key));

    image bytes;
    std::vector<written> all;
    for (auto const& t : c.tensors) {
        std::string const where = o.file + ": " + printable(t.name);
        written w{t.name, "", t.shape};
        if (t.name.empty()) throw failure(o.file + ": a tensor has an empty name, which no tensor of a network has");
        if (!t.name.starts_with(o.strip_prefix))
            throw failure(o.file + ": --strip-prefix: " + printable(t.name) + " does not begin with " +
                          printable(o.strip_prefix));
        if (t.name.size() == o.strip_prefix.size())
            throw failure(o.file + ": --strip-prefix: nothing is left of the name " + printable(t.name));
        w.name.erase(0, o.strip_prefix.size());
        require_extents(t, where);
        if (is_real(t.type)) require_finite(t, where);
        bool const kept = std::find(o.keep.begin(), o.keep.end(), t.name) != o.keep.end();
        if (eight && is_real(t.type) && t.shape.size() == 2 && !kept) {
            w.type = "int8";
            quantize(t, where, bytes, w);
        } else {
            files::dtype const type = is_real(t.type) ? to : t.type;
            std::vector<std::byte> converted;
            if (std::string const wrong = files::convert(t, type, converted); !wrong.empty())
                throw failure(where + ": " + wrong +
                              (type == files::dtype::f16 ? "; --as bfloat16 has the range of float" : ""));
            w.type = stored_name(type);
            w.begin = bytes.add(converted.size(), files::bytes_of(type));
            bytes.put(w.begin, converted.data(), converted.size());
        }
        if (bytes.bytes.size() > 0x7fffffff) throw failure(o.file + ": a header has less than 2^31 bytes of tensors");
        shown.add(t.bytes.size());
        all.push_back(std::move(w));
    }

    std::string const file_name = o.file.substr(o.file.rfind('/') + 1);
    std::string text = "// " + counted(all.size(), "tensor") + " of " + printable(file_name) + " as " + o.as + ", " +
                       std::to_string(bytes.bytes.size()) +
                       " bytes; written by `paramorph header`.\n#pragma once\n\n" + detail::includes_of_library +
                       "#pragma GCC system_header  // clang warns of long literals\n\nnamespace " +
                       space + " {\n\nalignas(16) inline constexpr char file_bytes[] =";
    constexpr std::size_t line = 128;
    text.reserve(text.size() + bytes.bytes.size() * 3);
    for (std::size_t at = 0; at < bytes.bytes.size(); at += line) {
        std::size_t const count = std::min(line, bytes.bytes.size() - at);
        text += "\n    \"";
        append_escaped(text, bytes.bytes.data() + at, count);
        text += '"';
        if (at % (1u << 20) == 0 && at > 0) shown.add(std::min<std::uint64_t>(1u << 20, total));
    }
    text += ";\ninline constexpr paramorph::stored_tensor file_tensors[] = {\n";
    for (written const& w : all) {
        text += "    {" + quoted(w.name) + ", paramorph::stored::" + w.type + ", {" + std::to_string(w.shape.size()) +
                ", {";
        for (std::size_t k = 0; k < w.shape.size(); ++k) text += (k ? ", " : "") + std::to_string(w.shape[k]);
        text += "}}, " + std::to_string(w.begin) + ", " + std::to_string(w.scales) + "},\n";
    }
    text += "};\ninline constexpr paramorph::tensor_file file{" + quoted(file_name) +
            ", paramorph::stored::" + (eight ? "int8" : stored_name(to)) + ", file_tensors, " +
            std::to_string(all.size()) + ", file_bytes, " + std::to_string(bytes.bytes.size()) +
            "};\n\n}  // namespace " + space + "\n";
    if (o.out == "-")
        std::fwrite(text.data(), 1, text.size(), stdout);
    else
        write("header", o.out, text);
    if (o.as_json)
        std::printf("%s\n",
                    json{{"file", o.out}, {"namespace", space}, {"tensors", all.size()}, {"bytes", bytes.bytes.size()}}
                        .dump(2, ' ', false, json::error_handler_t::replace)
                        .c_str());
    return good;
}

}  // namespace paramorph::tool
