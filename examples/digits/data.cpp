// Reading the digits. Nothing in the file is trusted: each field is checked, and a file that ends early is not
// accepted.
//
// SPDX-License-Identifier: BSL-1.0
#include "data.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace digits {
namespace {

constexpr int fewest = 1797;  // digits in the set

// The decompressed content of a file.
std::string decompressed(std::string const& path) {
    errno = 0;
    std::unique_ptr<gzFile_s, int (*)(gzFile)> const file(gzopen(path.c_str(), "rb"), gzclose_r);
    if (!file) throw std::runtime_error(path + ": cannot be opened: " + std::strerror(errno ? errno : ENOMEM));
    std::string content;
    std::array<char, 1 << 16> part{};
    int count = 0;
    while ((count = gzread(file.get(), part.data(), static_cast<unsigned>(part.size()))) > 0)
        content.append(part.data(), static_cast<std::size_t>(count));
    int status = Z_OK;
    gzerror(file.get(), &status);
    if (status == Z_ERRNO) throw std::runtime_error(path + ": cannot be read: " + std::strerror(errno));
    if (status == Z_BUF_ERROR) throw std::runtime_error(path + ": the gzip file is cut short");
    if (count < 0 || status < 0) throw std::runtime_error(path + ": the gzip file is damaged");
    if (gzdirect(file.get())) throw std::runtime_error(path + ": expected a gzip-compressed file");
    return content;
}

// What is cut off the front of `text`, up to the next `end` or the end of the text.
std::string_view next(std::string_view& text, char end) {
    auto const length = std::min(text.find(end), text.size());
    auto const found = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    return found;
}

// What a message shows of a field: at most 20 characters, none of which moves the cursor.
std::string quoted(std::string_view field) {
    std::string shown(field.substr(0, 20));
    std::ranges::replace_if(shown, [](char c) { return c < ' ' || c > '~'; }, '?');
    return "'" + shown + (field.size() > 20 ? "...'" : "'");
}

// A field's integer. `where` names file, line and field; `what` the kind of integer that is expected.
int integer(std::string_view field, int most, auto const& where, char const* what) {
    int value = -1;
    auto const [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (problem != std::errc{} || end != field.data() + field.size() || value < 0 || value > most)
        throw std::runtime_error(where() + "expected " + what + ", an integer from 0 to " + std::to_string(most) +
                                 ", found " + quoted(field));
    return value;
}

}  // namespace

dataset read_digits(std::string const& path) {
    std::string const content = decompressed(path);
    std::string_view rest = content;
    dataset all;
    for (int line = 1; !rest.empty(); ++line) {
        std::string_view fields = next(rest, '\n');
        auto const found = fields.empty() ? 0 : std::ranges::count(fields, ',') + 1;
        if (found != pixel_count + 1)
            throw std::runtime_error(path + ":" + std::to_string(line) +
                                     ": expected 65 comma-separated integers (64 pixels, then the label), found " +
                                     std::to_string(found) + (found == 1 ? " field" : " fields"));
        int column = 0;
        auto const where = [&] {
            return path + ":" + std::to_string(line) + ": field " + std::to_string(column) + ": ";
        };
        while (++column <= pixel_count)
            all.pixels.push_back(static_cast<float>(integer(next(fields, ','), brightest, where, "a pixel")) /
                                 brightest);
        all.labels.push_back(integer(fields, classes - 1, where, "a label"));
    }
    if (all.size() < fewest)
        throw std::runtime_error(path + ": expected at least " + std::to_string(fewest) + " digits, found " +
                                 std::to_string(all.size()));
    return all;
}

}  // namespace digits
