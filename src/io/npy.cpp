// numpy's .npy: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>

#include "internal.hpp"

namespace paramorph::files::inline v0_1 {

namespace {

// A header's dictionary, a literal of Python: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
class dictionary {
  public:
    // Python 2 wrote integers as 3L; versions 1 and 2 may be its.
    dictionary(std::string const& called, std::string_view text, bool long_integers)
        : called_(called), text_(text), long_integers_(long_integers) {}

    std::string descr;
    bool fortran_order = false;
    std::vector<std::uint64_t> shape;

    void parse() {
        bool has[3]{};
        expect('{');
        while (!takes('}')) {
            std::string const key = string();
            int const k = key == "descr" ? 0 : key == "fortran_order" ? 1 : key == "shape" ? 2 : 3;
            if (k == 3) fail("expected the keys descr, fortran_order and shape, found " + in_quotes(key));
            if (std::exchange(has[k], true)) fail("the key " + key + " is there twice");
            expect(':');
            if (k == 0) {
                if (at_ < text_.size() && text_[at_] == '[')
                    throw failure(called_ + ": a structured array: expected numbers of one type");
                descr = string();
            } else if (k == 1)
                fortran_order = boolean();
            else
                tuple();
            if (takes(',')) continue;
            expect('}');
            break;
        }
        if (at_ != text_.size()) fail("expected its end, found " + in_quotes(text_.substr(at_)));
        for (int k = 0; k < 3; ++k)
            if (!has[k])
                fail(std::string("the key ") + (k == 0 ? "descr" : k == 1 ? "fortran_order" : "shape") + " is missing");
    }

  private:
    [[noreturn]] void fail(std::string const& what) const { throw failure(called_ + ": header: " + what); }
    void skip() {
        while (at_ < text_.size() &&
               (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
            ++at_;
    }
    std::string found() const { return at_ < text_.size() ? in_quotes(text_.substr(at_, 1)) : "its end"; }
    bool takes(char c) {
        skip();
        bool const there = at_ < text_.size() && text_[at_] == c;
        at_ += there;
        skip();
        return there;
    }
    void expect(char c) {
        if (!takes(c)) fail(std::string("expected `") + c + "`, found " + found());
    }
    std::string string() {
        skip();
        char const quote = at_ < text_.size() ? text_[at_] : ' ';
        if (quote != '\'' && quote != '"') fail("expected a string, found " + found());
        std::size_t const end = text_.find(quote, at_ + 1);
        if (end == std::string_view::npos) fail("a string does not end");
        std::string const made(text_.substr(at_ + 1, end - at_ - 1));
        if (made.find('\\') != std::string::npos) fail("expected a plain string, found " + in_quotes(made));
        at_ = end + 1;
        skip();
        return made;
    }
    bool word(std::string_view w) {
        if (text_.substr(at_, w.size()) != w) return false;
        at_ += w.size();
        skip();
        return true;
    }
    bool boolean() {
        if (word("True")) return true;
        if (!word("False")) fail("fortran_order: expected True or False, found " + found());
        return false;
    }
    void tuple() {
        expect('(');
        bool comma = true;
        while (!takes(')')) {
            if (!comma) fail("shape: expected `,`, found " + found());
            std::uint64_t extent = 0;
            std::size_t const begin = at_;
            for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_)
                if (__builtin_mul_overflow(extent, 10u, &extent) ||
                    __builtin_add_overflow(extent, static_cast<unsigned>(text_[at_] - '0'), &extent))
                    fail("shape: an extent is beyond 2^64");
            if (at_ == begin) fail("shape: expected an integer, found " + found());
            at_ += long_integers_ && at_ < text_.size() && text_[at_] == 'L';
            shape.push_back(extent);
            comma = takes(',');
        }
        // (3) is no tuple.
        if (shape.size() == 1 && !comma) fail("shape: expected a tuple, found a number in parentheses");
    }

    std::string const& called_;
    std::string_view text_;
    bool long_integers_;
    std::size_t at_ = 0;
};

dtype type_of(std::string const& called, std::string const& descr) {
    constexpr std::pair<std::string_view, dtype> known[]{
        {"<f8", dtype::f64}, {"<f4", dtype::f32}, {"<f2", dtype::f16}, {"<i8", dtype::i64},
        {"<i4", dtype::i32}, {"|i1", dtype::i8},  {"<i1", dtype::i8},  {"|b1", dtype::boolean},
    };
    for (auto const& [text, type] : known)
        if (descr == text || (descr.starts_with('>') && text[0] == '<' && descr.substr(1) == text.substr(1)))
            return type;
    throw failure(called + ": descr: expected <f8, <f4, <f2, <i8, <i4 (or > for <), |i1 or |b1, found " +
                  in_quotes(descr) +
                  (descr == "|V2" || descr == "<V2" ? ", as which numpy writes bfloat16, whose name is lost" : ""));
}

// The first index varies fastest there; the last one here.
void from_fortran(std::byte const* from, std::byte* to, std::vector<std::uint64_t> const& shape, std::size_t width,
                  std::size_t count) {
    std::vector<std::size_t> stride(shape.size()), index(shape.size());
    std::size_t step = width;
    for (std::size_t k = 0; k < shape.size(); ++k) stride[k] = step, step *= static_cast<std::size_t>(shape[k]);
    std::size_t at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::memcpy(to + i * width, from + at, width);
        for (std::size_t k = shape.size(); k-- > 0;) {
            at += stride[k];
            if (++index[k] < shape[k]) break;
            at -= stride[k] * index[k];
            index[k] = 0;
        }
    }
}

}  // namespace

tensor read_npy(std::string const& called, bytes_view file, std::shared_ptr<void const> owner) {
    auto const fail = [&](std::string const& what) { throw failure(called + ": " + what); };
    if (file.size() < 10)
        fail("expected .npy, whose header begins at byte 10, found " + std::to_string(file.size()) + " bytes");
    int const version = std::to_integer<int>(file[6]);
    if (version < 1 || version > 3 || file[7] != std::byte{0})
        fail("expected .npy of version 1.0, 2.0 or 3.0, found " + std::to_string(version) + "." +
             std::to_string(std::to_integer<int>(file[7])));
    std::size_t const begin = version == 1 ? 10 : 12;
    if (file.size() < begin) fail("the file ends before its header");
    std::size_t const length = version == 1 ? number_at<std::uint16_t>(file, 8) : number_at<std::uint32_t>(file, 8);
    if (length > file.size() - begin)
        fail("header: expected " + std::to_string(length) + " bytes, found " + std::to_string(file.size() - begin) +
             ": the file is cut short");
    dictionary header(called, {reinterpret_cast<char const*>(file.data()) + begin, length}, version < 3);
    header.parse();
    tensor made;
    made.type = type_of(called, header.descr);
    made.shape = header.shape;
    auto const size = size_in_bytes(made.type, made.shape);
    if (!size) fail("shape: " + description(made.type, made.shape) + " has more than 2^64 bytes");
    bytes_view const data = file.subspan(begin + length);
    if (*size != data.size())
        fail("expected " + std::to_string(*size) + " bytes behind the header for " +
             description(made.type, made.shape) + ", found " + std::to_string(data.size()));
    made.bytes = data, made.owner = std::move(owner);
    std::size_t const width = bytes_of(made.type);
    bool const by_columns = header.fortran_order && made.shape.size() > 1, reversed = header.descr[0] == '>';
    if ((by_columns || reversed) && !data.empty()) {
        auto turned = std::make_shared<std::vector<std::byte>>(data.begin(), data.end());
        if (by_columns) from_fortran(data.data(), turned->data(), made.shape, width, data.size() / width);
        if (reversed)
            for (auto at = turned->begin(); at != turned->end(); at += static_cast<std::ptrdiff_t>(width))
                std::reverse(at, at + static_cast<std::ptrdiff_t>(width));
        made.bytes = *turned, made.owner = turned;
    }
    return made;
}

}  // namespace paramorph::files::inline v0_1
