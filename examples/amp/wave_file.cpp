// SPDX-License-Identifier: BSL-1.0
#include "wave_file.hpp"

#include <bit>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace amp {

namespace {

using bytes = std::span<unsigned char const>;
struct closer {
    void operator()(std::FILE* f) const { std::fclose(f); }
};
using file = std::unique_ptr<std::FILE, closer>;

file open(std::string const& path, char const* how) {
    file f(std::fopen(path.c_str(), how));
    if (!f) throw std::runtime_error(path + ": cannot be opened: " + std::strerror(errno));
    return f;
}

// The little-endian number in the first bytes.
std::uint32_t number(bytes b, std::size_t count) {
    std::uint32_t n = 0;
    for (std::size_t k = 0; k < count; ++k) n |= std::uint32_t(b[k]) << (8 * k);
    return n;
}
bool is(bytes b, char const* name) {
    return std::memcmp(b.data(), name, 4) == 0;
}

float sample(bytes b, std::uint32_t bits, bool floating) {
    if (floating) return std::bit_cast<float>(number(b, 4));
    auto const n = static_cast<std::int32_t>(number(b, bits / 8) << (32 - bits));
    return static_cast<float>(n) * 0x1p-31F;
}

}  // namespace

std::vector<unsigned char> read_file(std::string const& path) {
    file const f = open(path, "rb");
    std::vector<unsigned char> all;
    unsigned char part[65536];
    while (std::size_t const n = std::fread(part, 1, sizeof part, f.get())) all.insert(all.end(), part, part + n);
    if (std::ferror(f.get())) throw std::runtime_error(path + ": cannot be read: " + std::strerror(errno));
    return all;
}

wave read_wave(std::string const& path) {
    auto const fail = [&](std::string const& what) { return std::runtime_error(path + ": " + what); };
    std::vector<unsigned char> const all = read_file(path);
    bytes rest(all);
    if (rest.size() < 12 || !is(rest, "RIFF") || !is(rest.subspan(8), "WAVE"))
        throw fail("is no WAV file: it must begin with RIFF and WAVE");
    rest = rest.subspan(12);
    std::uint32_t form = 0, channels = 0, bits = 0;
    bool described = false;
    wave w{};
    while (rest.size() >= 8) {
        std::size_t const size = number(rest.subspan(4), 4), there = rest.size() - 8;
        bytes const head = rest.first(4), body = rest.subspan(8, size < there ? size : there);
        if (is(head, "fmt ")) {
            if (body.size() < 16) throw fail("its fmt chunk is cut short");
            described = true;
            form = number(body, 2);
            channels = number(body.subspan(2), 2);
            w.rate = number(body.subspan(4), 4);
            bits = number(body.subspan(14), 2);
            if (form == 0xfffe && body.size() >= 26) form = number(body.subspan(24), 2);  // extensible
        } else if (is(head, "data")) {
            if (!described) throw fail("its data chunk comes before its fmt chunk");
            bool const floating = form == 3;
            if (!(floating ? bits == 32 : form == 1 && (bits == 16 || bits == 24 || bits == 32)))
                throw fail("format " + std::to_string(form) + " of " + std::to_string(bits) +
                           " bits; 16, 24 and 32 bit integers and 32 bit floats are read");
            if (w.rate == 0) throw fail("has 0 samples a second");
            if (channels != 1) throw fail(std::to_string(channels) + " channels; amp takes one");
            if (size > there)
                throw fail("is cut short: its data chunk has " + std::to_string(size) + " bytes, " +
                           std::to_string(there) + " are there");
            if (size == 0) throw fail("has no samples: its data chunk is empty");
            std::size_t const each = bits / 8;
            if (size % each != 0) throw fail("its data chunk ends within a sample");
            w.samples.reserve(size / each);
            for (std::size_t k = 0; k < size; k += each) {
                w.samples.push_back(sample(body.subspan(k), bits, floating));
                if (!std::isfinite(w.samples.back()))
                    throw fail("sample " + std::to_string(w.samples.size() - 1) + " is not a finite number");
            }
            return w;
        }
        if (size > there) break;
        std::size_t const next = 8 + size + size % 2;
        rest = rest.subspan(next < rest.size() ? next : rest.size());
    }
    throw fail("has no data chunk");
}

void write_wave(std::string const& path, wave const& w) {
    std::vector<unsigned char> all;
    auto const put = [&](std::uint32_t n, int count) {
        for (int k = 0; k < count; ++k) all.push_back(static_cast<unsigned char>(n >> (8 * k)));
    };
    auto const name = [&](char const* s) { all.insert(all.end(), s, s + 4); };
    auto const size = static_cast<std::uint32_t>(4 * w.samples.size());
    name("RIFF"), put(36 + size, 4), name("WAVE");
    name("fmt "), put(16, 4), put(3, 2), put(1, 2), put(w.rate, 4), put(4 * w.rate, 4), put(4, 2), put(32, 2);
    name("data"), put(size, 4);
    for (float const x : w.samples) put(std::bit_cast<std::uint32_t>(x), 4);
    file const f = open(path, "wb");
    if (std::fwrite(all.data(), 1, all.size(), f.get()) != all.size() || std::fflush(f.get()) != 0)
        throw std::runtime_error(path + ": cannot be written: " + std::strerror(errno));
}

}  // namespace amp
