// numpy's .npz: a zip whose members are .npy. Source: PKWARE, APPNOTE.TXT 6.3.10; RFC 1951.
//
// SPDX-License-Identifier: BSL-1.0
#include <zlib.h>

#include <unordered_set>

#include "internal.hpp"

namespace paramorph::files::inline v0_1 {

namespace {

constexpr std::uint32_t local_mark = 0x04034b50, member_mark = 0x02014b50, end_mark = 0x06054b50;
constexpr std::size_t local_bytes = 30, member_bytes = 46, end_bytes = 22;

struct archive {
    std::string const& called;
    bytes_view file;

    [[noreturn]] void fail(std::string const& what) const { throw failure(called + ": " + what); }
    // Are `count` bytes there from `at` on?
    bool holds(std::uint64_t at, std::uint64_t count) const { return at <= file.size() && count <= file.size() - at; }

    // Where the record at the end is: before a comment of at most 65535 bytes, which it says the length of.
    std::size_t find_end() const {
        if (file.size() >= end_bytes)
            for (std::size_t comment = 0; comment <= 0xffff && comment <= file.size() - end_bytes; ++comment) {
                std::size_t const at = file.size() - end_bytes - comment;
                if (number_at<std::uint32_t>(file, at) == end_mark &&
                    number_at<std::uint16_t>(file, at + 20) == comment)
                    return at;
            }
        fail("expected a zip's directory at the end, found none: the file is cut short");
    }
};

struct member {
    std::string name;
    std::uint16_t flags, method;
    std::uint32_t crc, packed, size, begins;
};

std::shared_ptr<std::vector<std::byte>> unpacked(archive const& a, member const& m, bytes_view from) {
    std::string const where = "member " + in_quotes(m.name) + ": ";
    if (m.method != 0 && m.method != 8)
        a.fail(where + "expected it stored (0) or deflated (8), found method " + std::to_string(m.method));
    if (m.method == 0 && m.packed != m.size)
        a.fail(where + "expected " + std::to_string(m.size) + " stored bytes, found " + std::to_string(m.packed));
    // Nothing deflates better than this, so no memory is asked for that the file cannot fill.
    if (m.method == 8 && m.size / 1032 > m.packed)
        a.fail(where + std::to_string(m.packed) + " bytes cannot be deflated from " + std::to_string(m.size));
    auto to = std::make_shared<std::vector<std::byte>>(m.size);
    if (m.method == 0)
        std::memcpy(to->data(), from.data(), from.size());
    else {
        z_stream z{};
        if (inflateInit2(&z, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
        std::byte none{};
        z.next_in = const_cast<Bytef*>(reinterpret_cast<Bytef const*>(from.data()));
        z.avail_in = m.packed;
        z.next_out = reinterpret_cast<Bytef*>(to->empty() ? &none : to->data());
        z.avail_out = m.size;
        int const ended = ::inflate(&z, Z_FINISH);
        bool const whole = ended == Z_STREAM_END && z.avail_out == 0 && z.avail_in == 0;
        inflateEnd(&z);
        if (!whole) a.fail(where + "what was deflated is not " + std::to_string(m.size) + " bytes: it is damaged");
    }
    auto const crc = static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<Bytef const*>(to->data()), to->size()));
    if (!to->empty() && crc != m.crc)
        a.fail(where + "expected the CRC " + std::to_string(m.crc) + ", found " + std::to_string(crc) +
               ": it is damaged");
    return to;
}

}  // namespace

void read_npz(std::string const& called, bytes_view file, contents& to) {
    archive const a{called, file};
    std::size_t const end = a.find_end();
    auto const count = number_at<std::uint16_t>(file, end + 10);
    auto const size = number_at<std::uint32_t>(file, end + 12), begin = number_at<std::uint32_t>(file, end + 16);
    if (number_at<std::uint16_t>(file, end + 4) != 0 || number_at<std::uint16_t>(file, end + 6) != 0 ||
        number_at<std::uint16_t>(file, end + 8) != count)
        a.fail("a zip in several parts: expected one file");
    if (count == 0xffff || size == 0xffffffff || begin == 0xffffffff)
        a.fail("ZIP64: expected a zip of less than 4 GB and 65535 members");
    if (!a.holds(begin, size) || std::uint64_t{begin} + size != end)
        a.fail("the zip's directory: expected " + std::to_string(size) + " bytes from byte " + std::to_string(begin) +
               " to its end, found the end at byte " + std::to_string(end));
    std::unordered_set<std::string> names;
    std::size_t at = begin;
    for (int k = 0; k < count; ++k) {
        if (end - at < member_bytes || number_at<std::uint32_t>(file, at) != member_mark)
            a.fail("the zip's directory: expected " + std::to_string(count) + " members, found " + std::to_string(k));
        member m{{},
                 number_at<std::uint16_t>(file, at + 8),
                 number_at<std::uint16_t>(file, at + 10),
                 number_at<std::uint32_t>(file, at + 16),
                 number_at<std::uint32_t>(file, at + 20),
                 number_at<std::uint32_t>(file, at + 24),
                 number_at<std::uint32_t>(file, at + 42)};
        std::size_t const name_bytes = number_at<std::uint16_t>(file, at + 28),
                          more = std::size_t{number_at<std::uint16_t>(file, at + 30)} +
                                 number_at<std::uint16_t>(file, at + 32);
        if (end - at - member_bytes < name_bytes + more) a.fail("the zip's directory: a member's name does not end");
        m.name.assign(reinterpret_cast<char const*>(file.data()) + at + member_bytes, name_bytes);
        at += member_bytes + name_bytes + more;

        std::string const where = "member " + in_quotes(m.name) + ": ";
        if (m.name.ends_with("/data.pkl") || m.name == "data.pkl") a.fail(is_pytorch);
        if (!m.name.ends_with(".npy")) a.fail(where + "expected the name of an .npy");
        m.name.resize(m.name.size() - 4);
        if (!names.insert(m.name).second) a.fail(where + "the name is there twice");
        if (m.flags & 0x2041) a.fail(where + "it is encrypted");
        if (m.packed == 0xffffffff || m.size == 0xffffffff || m.begins == 0xffffffff)
            a.fail(where + "ZIP64: expected less than 4 GB");
        if (!a.holds(m.begins, local_bytes) || number_at<std::uint32_t>(file, m.begins) != local_mark)
            a.fail(where + "expected it at byte " + std::to_string(m.begins) + ", found something else");
        std::uint64_t const data = std::uint64_t{m.begins} + local_bytes +
                                   number_at<std::uint16_t>(file, m.begins + 26u) +
                                   number_at<std::uint16_t>(file, m.begins + 28u);
        if (!a.holds(data, m.packed) || data + m.packed > begin)
            a.fail(where + "expected " + std::to_string(m.packed) + " bytes from byte " + std::to_string(data) +
                   " on, found the file's directory");
        auto const bytes = unpacked(a, m, file.subspan(static_cast<std::size_t>(data), m.packed));
        std::string const inside = called + ": member " + in_quotes(m.name + ".npy");
        if (bytes->size() < 6 || std::memcmp(bytes->data(), "\x93NUMPY", 6) != 0)
            throw failure(inside + ": expected .npy, which begins with \\x93NUMPY, found something else");
        tensor t = read_npy(inside, *bytes, bytes);
        t.name = m.name;
        to.tensors.push_back(std::move(t));
    }
    if (at != end) a.fail("the zip's directory: expected " + std::to_string(count) + " members, found more bytes");
}

}  // namespace paramorph::files::inline v0_1
