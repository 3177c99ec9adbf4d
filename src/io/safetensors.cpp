// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <unordered_set>

#include "internal.hpp"

namespace paramorph::files::inline v0_1 {

namespace {

constexpr std::uint64_t longest_header = 100'000'000;

// A tensor as the header has it.
struct entry {
    tensor made;
    std::uint64_t begin = 0, end = 0;
};

// Takes the header's JSON apart while it is read, so that memory is in proportion to it and nothing can nest deeper
// than the format does. nlohmann's own tree would keep the last of two equal keys.
class header_reader {
  public:
    using number_integer_t = std::int64_t;
    using number_unsigned_t = std::uint64_t;
    using number_float_t = double;
    using string_t = std::string;
    using binary_t = nlohmann::json::binary_t;

    header_reader(std::string const& called, std::vector<entry>& entries, text_map& metadata)
        : called_(called), entries_(entries), metadata_(metadata) {}

    bool null() { return unexpected("null"); }
    bool boolean(bool) { return unexpected("a boolean"); }
    bool number_integer(std::int64_t) { return unexpected("a negative number"); }
    bool number_float(double, std::string const& text) { return unexpected("the number " + in_quotes(text)); }
    bool binary(binary_t&) { return unexpected("binary data"); }
    bool number_unsigned(std::uint64_t x) {
        if (at_ == place::shape)
            current().made.shape.push_back(x);
        else if (at_ == place::offsets && offsets_ < 2)
            (offsets_++ == 0 ? current().begin : current().end) = x;
        else
            unexpected("the number " + std::to_string(x));
        return true;
    }
    bool string(std::string& x) {
        if (at_ == place::metadata)
            metadata_[key_] = std::move(x);
        else if (at_ == place::field && key_ == "dtype")
            current().made.type = type_called(x), has_dtype_ = true;
        else
            unexpected("the string " + in_quotes(x));
        return true;
    }
    bool start_object(std::size_t) {
        if (at_ == place::before)
            at_ = place::tensors;
        else if (at_ == place::tensors && key_ == "__metadata__")
            at_ = place::metadata;
        else if (at_ == place::tensors) {
            at_ = place::field, has_dtype_ = has_shape_ = has_offsets_ = false;
            entries_.push_back({});
            current().made.name = key_;
        } else
            unexpected("an object");
        return true;
    }
    bool key(std::string& k) {
        key_ = std::move(k);
        if (at_ == place::tensors) {
            if (!names_.insert(key_).second) fail("the name " + in_quotes(key_) + " is there twice");
        } else if (at_ == place::metadata) {
            if (metadata_.contains(key_)) fail("__metadata__ has the key " + in_quotes(key_) + " twice");
        } else {
            bool const twice = (key_ == "dtype" && has_dtype_) || (key_ == "shape" && has_shape_) ||
                               (key_ == "data_offsets" && has_offsets_);
            if (twice)
                fail("tensor " + in_quotes(current().made.name) + ": the field " + in_quotes(key_) + " is there twice");
            if (key_ != "dtype" && key_ != "shape" && key_ != "data_offsets")
                fail("tensor " + in_quotes(current().made.name) +
                     ": expected the fields dtype, shape and data_offsets, found " + in_quotes(key_));
        }
        return true;
    }
    bool end_object() {
        if (at_ == place::field) {
            char const* const lacks = !has_dtype_     ? "dtype"
                                      : !has_shape_   ? "shape"
                                      : !has_offsets_ ? "data_offsets"
                                                      : nullptr;
            if (lacks) fail("tensor " + in_quotes(current().made.name) + ": the field " + lacks + " is missing");
        }
        at_ = at_ == place::tensors ? place::after : place::tensors;
        return true;
    }
    bool start_array(std::size_t) {
        if (at_ == place::field && key_ == "shape")
            at_ = place::shape, has_shape_ = true;
        else if (at_ == place::field && key_ == "data_offsets")
            at_ = place::offsets, offsets_ = 0, has_offsets_ = true;
        else
            unexpected("an array");
        return true;
    }
    bool end_array() {
        if (at_ == place::offsets && offsets_ != 2)
            fail("tensor " + in_quotes(current().made.name) + ": data_offsets: expected two numbers, found " +
                 std::to_string(offsets_));
        at_ = place::field;
        return true;
    }
    bool parse_error(std::size_t position, std::string const& token, nlohmann::detail::exception const&) {
        fail("expected JSON, found " + in_quotes(token) + " at byte " + std::to_string(position + 7) + " of the file");
    }

  private:
    enum class place { before, tensors, metadata, field, shape, offsets, after };

    [[noreturn]] void fail(std::string const& what) const { throw failure(called_ + ": header: " + what); }
    bool unexpected(std::string const& found) const {
        std::string const of = at_ == place::field || at_ == place::shape || at_ == place::offsets
                                   ? "tensor " + in_quotes(current().made.name) + ": " + key_
                                   : in_quotes(key_);
        switch (at_) {
            case place::metadata:
                fail("__metadata__: expected a string for " + of + ", found " + found);
            case place::tensors:
                fail("expected an object for " + of + ", found " + found);
            case place::field:
                fail(of + ": expected " + (key_ == "dtype" ? "a string" : "an array") + ", found " + found);
            case place::shape:
                fail(of + ": expected integers from 0 to 2^64 - 1, found " + found);
            case place::offsets:
                fail(of + ": expected two integers from 0 to 2^64 - 1, found " + found);
            default:
                fail("expected an object, found " + found);
        }
    }
    dtype type_called(std::string const& text) const {
        for (int k = 0; k < dtype_count; ++k)
            if (text == name_of(static_cast<dtype>(k))) return static_cast<dtype>(k);
        fail("tensor " + in_quotes(current().made.name) +
             ": dtype: expected F64, F32, F16, BF16, I64, I32, I8 or BOOL, found " + in_quotes(text));
    }
    entry& current() const { return entries_.back(); }

    std::string const& called_;
    std::vector<entry>& entries_;
    text_map& metadata_;
    std::unordered_set<std::string> names_;
    place at_ = place::before;
    std::string key_;
    int offsets_ = 0;
    bool has_dtype_ = false, has_shape_ = false, has_offsets_ = false;
};

}  // namespace

std::optional<std::uint64_t> size_in_bytes(dtype type, std::vector<std::uint64_t> const& shape) {
    if (std::find(shape.begin(), shape.end(), 0u) != shape.end()) return 0;
    std::uint64_t size = bytes_of(type);
    for (std::uint64_t extent : shape)
        if (__builtin_mul_overflow(size, extent, &size)) return std::nullopt;
    return size;
}

void read_safetensors(std::string const& called, bytes_view file, std::shared_ptr<void const> owner, contents& to) {
    auto const fail = [&](std::string const& what) { throw failure(called + ": " + what); };
    if (file.size() < 8)
        fail("expected safetensors, whose first 8 bytes are the header's length, found " + std::to_string(file.size()) +
             " bytes");
    auto const length = number_at<std::uint64_t>(file, 0);
    auto const* const text = reinterpret_cast<char const*>(file.data()) + 8;
    auto const begin = [&] {
        std::string_view const first{text - 8, std::min<std::size_t>(file.size(), 24)};
        return "; the file begins with " + in_quotes(first) + ": " + kind_of_file(first);
    };
    if (length > longest_header)
        fail("expected safetensors, whose header has at most 100000000 bytes, found a length of " +
             std::to_string(length) + begin());
    if (length == 0) fail("header: expected `{` at byte 8 of the file, found an empty header");
    if (file.size() > 8 && text[0] != '{')
        fail("header: expected `{` at byte 8 of the file, found " + in_quotes(std::string_view(text, 1)) + begin());
    if (length > file.size() - 8)
        fail("header: expected " + std::to_string(length) + " bytes, found " + std::to_string(file.size() - 8) +
             ": the file is cut short");
    // The parser would take a zero for the end.
    if (void const* const zero = std::memchr(text, 0, length))
        fail("header: expected JSON, found a zero at byte " +
             std::to_string(8 + (static_cast<char const*>(zero) - text)) + " of the file" +
             (std::all_of(static_cast<char const*>(zero), text + length, [](char c) { return c == '\0'; })
                  ? ": it is filled up with zeros, where safetensors has spaces"
                  : ""));

    std::vector<entry> entries;
    header_reader reader(called, entries, to.metadata);
    nlohmann::json::sax_parse(text, text + length, &reader);

    bytes_view const data = file.subspan(8 + static_cast<std::size_t>(length));
    for (entry const& e : entries) {
        auto const where = [&] { return "tensor " + in_quotes(e.made.name) + ": "; };
        auto const range = [&] { return "[" + std::to_string(e.begin) + ", " + std::to_string(e.end) + "]"; };
        if (e.begin > e.end || e.end > data.size())
            fail(where() + "data_offsets: expected a range of the " + std::to_string(data.size()) +
                 " bytes behind the header, found " + range());
        auto const size = size_in_bytes(e.made.type, e.made.shape);
        if (!size) fail(where() + "shape: " + description(e.made.type, e.made.shape) + " has more than 2^64 bytes");
        if (*size != e.end - e.begin)
            fail(where() + "data_offsets: expected " + std::to_string(*size) + " bytes for " +
                 description(e.made.type, e.made.shape) + ", found " + std::to_string(e.end - e.begin) + ", " +
                 range());
    }
    std::vector<std::size_t> order(entries.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(entries[a].begin, entries[a].end) < std::pair(entries[b].begin, entries[b].end);
    });
    std::uint64_t covered = 0;
    for (std::size_t k : order) {
        entry const& e = entries[k];
        if (e.begin != covered)
            fail("tensor " + in_quotes(e.made.name) + ": data_offsets: expected a begin of " + std::to_string(covered) +
                 ", where the bytes before it end, found " + std::to_string(e.begin) +
                 (e.begin < covered ? ": it overlaps another tensor" : ": there is a hole"));
        covered = e.end;
    }
    if (covered != data.size())
        fail("expected " + std::to_string(covered) + " bytes of tensors behind the header, found " +
             std::to_string(data.size()));
    for (entry& e : entries) {
        e.made.bytes = data.subspan(static_cast<std::size_t>(e.begin), static_cast<std::size_t>(e.end - e.begin));
        e.made.owner = owner;
        to.tensors.push_back(std::move(e.made));
    }
}

namespace {

std::string as_json(std::string const& text, char const* what) {
    try {
        return nlohmann::json(text).dump();
    } catch (nlohmann::json::exception const&) {
        throw failure(std::string(what) + " " + in_quotes(text) + " is not UTF-8");
    }
}

}  // namespace

layout lay_out(contents const& c) {
    layout made;
    std::unordered_set<std::string_view> names;
    for (tensor const& t : c.tensors) {
        if (t.name == "__metadata__")
            throw failure("a tensor cannot be called __metadata__: safetensors reserves the name");
        if (!names.insert(t.name).second) throw failure("the name " + in_quotes(t.name) + " is there twice");
        if (size_in_bytes(t.type, t.shape) != t.bytes.size())
            throw failure("tensor " + in_quotes(t.name) + ": " + description(t.type, t.shape) + " does not have " +
                          std::to_string(t.bytes.size()) + " bytes");
    }
    // The widest elements first, so that all are aligned, as other writers do.
    made.order.resize(c.tensors.size());
    std::iota(made.order.begin(), made.order.end(), std::size_t{0});
    std::sort(made.order.begin(), made.order.end(), [&](std::size_t a, std::size_t b) {
        std::size_t const wide = bytes_of(c.tensors[a].type), other = bytes_of(c.tensors[b].type);
        return wide != other ? wide > other : a < b;
    });
    std::string& head = made.head = std::string(8, '\0') + "{";
    if (!c.metadata.empty()) {
        head += "\"__metadata__\":{";
        for (char const* comma = ""; auto const& [key, value] : c.metadata) {
            head += comma + as_json(key, "the metadata's key") + ":" + as_json(value, "the metadata's value");
            comma = ",";
        }
        head += "}";
    }
    std::uint64_t begin = 0;
    for (std::size_t k : made.order) {
        tensor const& t = c.tensors[k];
        head += (head.size() > 9 ? "," : "") + as_json(t.name, "the name") + ":{\"dtype\":\"" +
                std::string(name_of(t.type)) + "\",\"shape\":[";
        for (char const* comma = ""; std::uint64_t extent : t.shape)
            head += comma, head += std::to_string(extent), comma = ",";
        head += "],\"data_offsets\":[" + std::to_string(begin) + ",";
        begin += t.bytes.size();
        head += std::to_string(begin) + "]}";
    }
    head += "}";
    head.resize((head.size() + 7) / 8 * 8, ' ');
    std::uint64_t const length = head.size() - 8;
    if (length > longest_header)
        throw failure("the names and the metadata make a header of " + std::to_string(length) +
                      " bytes; safetensors allows 100000000");
    std::memcpy(head.data(), &length, sizeof length);
    return made;
}

}  // namespace paramorph::files::inline v0_1
