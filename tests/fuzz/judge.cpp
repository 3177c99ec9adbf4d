// Reads files from the standard input, each behind its length as eight bytes, and says of each in a line what it holds,
// as second_reader.py does: `+ NAME TYPE SHAPE CRC ...`, names in hexadecimal digits, or `- ` and why it is refused.
//
// SPDX-License-Identifier: BSL-1.0
#include <zlib.h>

#include <cstdio>

#include "paramorph/io/files.hpp"

namespace files = paramorph::files;

namespace {

std::string in_hexadecimal(std::string const& text) {
    std::string made = "x";
    for (char const c : text)
        made += {"0123456789abcdef"[static_cast<unsigned char>(c) >> 4], "0123456789abcdef"[c & 15]};
    return made;
}

std::string said_of(std::span<std::byte const> bytes) {
    files::contents c;
    if (std::string const why = files::read_bytes("it", bytes, nullptr, c); !why.empty()) return "- " + why;
    std::string said = "+";
    for (auto const& [key, value] : c.metadata) said += " " + in_hexadecimal(key) + "=" + in_hexadecimal(value);
    for (auto const& t : c.tensors) {
        said += " " + in_hexadecimal(t.name) + " " + std::string(files::name_of(t.type)) + " [";
        for (std::uint64_t e : t.shape) said += (said.back() == '[' ? "" : ",") + std::to_string(e);
        auto const crc = crc32_z(0, reinterpret_cast<Bytef const*>(t.bytes.data()), t.bytes.size());
        said += "] " + std::to_string(t.bytes.empty() ? 0 : crc);
    }
    return said;
}

}  // namespace

int main() {
    std::uint64_t size = 0;
    std::vector<std::byte> bytes;
    while (std::fread(&size, sizeof size, 1, stdin) == 1) {
        bytes.resize(static_cast<std::size_t>(size));
        if (size > 0 && std::fread(bytes.data(), 1, bytes.size(), stdin) != bytes.size()) return 1;
        std::puts(said_of(bytes).c_str());
    }
    return 0;
}
