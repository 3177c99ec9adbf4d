// numpy's .npz: a zip whose members are .npy. Source: PKWARE, APPNOTE.TXT 6.3.10; RFC 1951.
//
// SPDX-License-Identifier: BSL-1.0
#include <zlib.h>

#include <algorithm>
#include <unordered_set>

#include "internal.hpp"

namespace paramorph::files::inline v0_1 {

namespace {

constexpr std::uint32_t local_mark = 0x04034b50, member_mark = 0x02014b50, end_mark = 0x06054b50,
                        wide_end_mark = 0x06064b50, locator_mark = 0x07064b50;
constexpr std::size_t local_bytes = 30, member_bytes = 46, end_bytes = 22, wide_end_bytes = 56, locator_bytes = 20;
// What stands in a field of 16 or 32 bits whose number is in ZIP64's.
constexpr std::uint16_t is_wide_16 = 0xffff;
constexpr std::uint32_t is_wide = 0xffffffff;

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

// Where the members are listed.
struct directory {
    std::uint64_t count, begin, size, end;
};
// As the record at the end says, or that of ZIP64, which stands before it.
directory find_directory(archive const& a) {
    std::size_t const end = a.find_end();
    auto const u16 = [&](std::size_t at) { return number_at<std::uint16_t>(a.file, at); };
    auto const u32 = [&](std::size_t at) { return number_at<std::uint32_t>(a.file, at); };
    auto const u64 = [&](std::size_t at) { return number_at<std::uint64_t>(a.file, at); };
    directory d{u16(end + 10), u32(end + 16), u32(end + 12), end};
    bool parts = u16(end + 4) != 0 || u16(end + 6) != 0 || u16(end + 8) != d.count;
    bool const located = end >= locator_bytes && u32(end - locator_bytes) == locator_mark;
    if (!located && (d.count == is_wide_16 || d.size == is_wide || d.begin == is_wide))
        a.fail("ZIP64: expected its record before the zip's end, found none");
    if (located) {
        std::uint64_t const at = u64(end - locator_bytes + 8), to = end - locator_bytes;
        if (!a.holds(at, wide_end_bytes) || at + wide_end_bytes > to ||
            u32(static_cast<std::size_t>(at)) != wide_end_mark)
            a.fail("ZIP64: expected its record at byte " + std::to_string(at) + ", found something else");
        auto const r = static_cast<std::size_t>(at);
        if (u64(r + 4) != to - at - 12)
            a.fail("ZIP64: expected a record of " + std::to_string(to - at - 12) + " bytes, found " +
                   std::to_string(u64(r + 4)));
        directory const wide{u64(r + 32), u64(r + 48), u64(r + 40), at};
        parts = parts || u32(r + 16) != 0 || u32(r + 20) != 0 || u64(r + 24) != wide.count ||
                u32(end - locator_bytes + 4) != 0 || u32(end - locator_bytes + 16) != 1;
        if ((d.count != is_wide_16 && d.count != wide.count) || (d.size != is_wide && d.size != wide.size) ||
            (d.begin != is_wide && d.begin != wide.begin))
            a.fail("ZIP64: its record says another directory than the zip's end");
        d = wide;
    }
    if (parts) a.fail("a zip in several parts: expected one file");
    if (!a.holds(d.begin, d.size) || d.begin + d.size != d.end)
        a.fail("the zip's directory: expected " + std::to_string(d.size) + " bytes from byte " +
               std::to_string(d.begin) + " to its end, found the end at byte " + std::to_string(d.end));
    return d;
}

struct member {
    std::string name;
    std::uint16_t flags, method;
    std::uint32_t crc;
    std::uint64_t packed, size, begins;
};
// The numbers that did not fit, from the field of ZIP64 among what is `more` in the directory.
void widen(archive const& a, member& m, bytes_view more) {
    std::uint64_t* const wanted[]{&m.size, &m.packed, &m.begins};
    std::size_t needed = 0;
    for (std::uint64_t const* w : wanted) needed += *w == is_wide ? 8 : 0;
    while (needed > 0 && more.size() >= 4) {
        auto const id = number_at<std::uint16_t>(more, 0);
        std::size_t const size = number_at<std::uint16_t>(more, 2);
        if (size > more.size() - 4) break;
        if (id != 1) {
            more = more.subspan(4 + size);
            continue;
        }
        if (size < needed) break;
        std::size_t at = 4;
        for (std::uint64_t* w : wanted)
            if (*w == is_wide) *w = number_at<std::uint64_t>(more, std::exchange(at, at + 8));
        return;
    }
    if (needed > 0) a.fail("member " + in_quotes(m.name) + ": ZIP64: expected its sizes in the directory, found none");
}

std::shared_ptr<std::vector<std::byte>> unpacked(archive const& a, member const& m, bytes_view from) {
    std::string const where = "member " + in_quotes(m.name) + ": ";
    if (m.method != 0 && m.method != 8)
        a.fail(where + "expected it stored (0) or deflated (8), found method " + std::to_string(m.method));
    if (m.method == 0 && m.packed != m.size)
        a.fail(where + "expected " + std::to_string(m.size) + " stored bytes, found " + std::to_string(m.packed));
    // Nothing deflates better than this, so no memory is asked for that the file cannot fill.
    if (m.method == 8 && m.size / 1032 > m.packed)
        a.fail(where + std::to_string(m.packed) + " bytes cannot be deflated from " + std::to_string(m.size));
    auto to = std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(m.size));
    if (m.method == 0)
        std::ranges::copy(from, to->begin());
    else {
        z_stream z{};
        if (inflateInit2(&z, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
        // zlib counts in 32 bits, so it is given pieces.
        std::byte none{};
        std::size_t read = 0, written = 0;
        auto const piece = [](std::size_t left) { return static_cast<uInt>(std::min(left, std::size_t{1} << 20)); };
        z.next_in = const_cast<Bytef*>(reinterpret_cast<Bytef const*>(from.data()));
        z.next_out = reinterpret_cast<Bytef*>(to->empty() ? &none : to->data());
        int ended = Z_OK;
        while (ended == Z_OK) {
            uInt const in = z.avail_in = piece(from.size() - read), out = z.avail_out = piece(to->size() - written);
            ended = ::inflate(&z, Z_NO_FLUSH);
            read += in - z.avail_in, written += out - z.avail_out;
            if (ended == Z_OK && in == z.avail_in && out == z.avail_out) ended = Z_BUF_ERROR;  // nothing moves
        }
        bool const whole = ended == Z_STREAM_END && written == to->size() && read == from.size();
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
    auto const [count, begin, size, ends] = find_directory(a);
    std::unordered_set<std::string> names;
    auto at = static_cast<std::size_t>(begin);
    auto const end = static_cast<std::size_t>(ends);
    for (std::uint64_t k = 0; k < count; ++k) {
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
                          fields = number_at<std::uint16_t>(file, at + 30),
                          more = fields + number_at<std::uint16_t>(file, at + 32);
        if (end - at - member_bytes < name_bytes + more) a.fail("the zip's directory: a member's name does not end");
        m.name.assign(reinterpret_cast<char const*>(file.data()) + at + member_bytes, name_bytes);
        widen(a, m, file.subspan(at + member_bytes + name_bytes, fields));
        at += member_bytes + name_bytes + more;

        std::string const where = "member " + in_quotes(m.name) + ": ";
        if (m.name.ends_with("/data.pkl") || m.name == "data.pkl") a.fail(is_pytorch);
        if (!m.name.ends_with(".npy")) a.fail(where + "expected the name of an .npy");
        m.name.resize(m.name.size() - 4);
        if (!names.insert(m.name).second) a.fail(where + "the name is there twice");
        if (m.flags & 0x2041) a.fail(where + "it is encrypted");
        auto const local = static_cast<std::size_t>(m.begins);
        if (!a.holds(m.begins, local_bytes) || number_at<std::uint32_t>(file, local) != local_mark)
            a.fail(where + "expected it at byte " + std::to_string(m.begins) + ", found something else");
        std::uint64_t const data = m.begins + local_bytes + number_at<std::uint16_t>(file, local + 26) +
                                   number_at<std::uint16_t>(file, local + 28);
        if (!a.holds(data, m.packed) || data + m.packed > begin)
            a.fail(where + "expected " + std::to_string(m.packed) + " bytes from byte " + std::to_string(data) +
                   " on, found the file's directory");
        auto const bytes =
            unpacked(a, m, file.subspan(static_cast<std::size_t>(data), static_cast<std::size_t>(m.packed)));
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
