// The formats of paramorph-io: what is read back is what was written, and what is malformed is refused by one sentence
// that says where, what was expected and what was found. Bytes only: no network.
//
// SPDX-License-Identifier: BSL-1.0
#include "paramorph/io/files.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "catch.hpp"
#include "folder.hpp"

namespace files = paramorph::files;
using Catch::Matchers::ContainsSubstring;
using files::dtype;

namespace {

using bytes = std::vector<std::byte>;

bytes bytes_of(std::string const& text) {
    auto const* const at = reinterpret_cast<std::byte const*>(text.data());
    return {at, at + text.size()};
}
template <class T>
bytes bytes_of(std::vector<T> const& x) {
    auto const* const at = reinterpret_cast<std::byte const*>(x.data());
    return {at, at + x.size() * sizeof(T)};
}
template <class T>
void append(bytes& to, T x) {
    to.resize(to.size() + sizeof x);
    std::memcpy(to.data() + to.size() - sizeof x, &x, sizeof x);
}
void append(bytes& to, bytes const& more) {
    for (std::byte b : more) to.push_back(b);
}

// A file of a header and so many bytes of data, each with its position as value.
bytes safetensors(std::string const& header, std::size_t data, std::uint64_t length = ~std::uint64_t{0}) {
    bytes made;
    append(made, length == ~std::uint64_t{0} ? std::uint64_t{header.size()} : length);
    for (char c : header) made.push_back(static_cast<std::byte>(c));
    for (std::size_t i = 0; i < data; ++i) made.push_back(static_cast<std::byte>(i));
    return made;
}
std::string read(bytes const& b, files::contents& to) {
    // In memory of its own size, so that a byte behind it is noticed by the address sanitizer and valgrind.
    auto const own = std::make_shared<bytes>(b);
    own->shrink_to_fit();
    return files::read_bytes("it", *own, own, to);
}
std::string read(bytes const& b) {
    files::contents to;
    return read(b, to);
}
std::string refusal_of(std::string const& header, std::size_t data = 0) {
    std::string const said = read(safetensors(header, data));
    CHECK(said.find('\n') == std::string::npos);
    return said;
}
files::tensor tensor_of(std::string name, dtype type, std::vector<std::uint64_t> shape, bytes const& b) {
    auto const own = std::make_shared<bytes>(b);
    return {std::move(name), type, std::move(shape), *own, own};
}
bytes content(files::tensor const& t) {
    return {t.bytes.begin(), t.bytes.end()};
}

}  // namespace

TEST_CASE("safetensors: every type, rank 0, empty tensors and metadata come back") {
    test::folder const in;
    files::contents c;
    c.metadata = {{"format", "pt"}, {"empty", ""}, {"a \"quoted\" \\ key\n", "\xc3\xa9\x01"}};
    for (int k = 0; k < files::dtype_count; ++k) {
        auto const type = static_cast<dtype>(k);
        bytes b(6 * files::bytes_of(type));
        for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<std::byte>(7 * i + 1);
        c.tensors.push_back(tensor_of(std::string("t.") + char('0' + k), type, {2, 3}, b));
    }
    c.tensors.push_back(tensor_of("scalar", dtype::f32, {}, bytes_of(std::vector<float>{2.5f})));
    c.tensors.push_back(tensor_of("none", dtype::f32, {0}, {}));
    c.tensors.push_back(tensor_of("none too", dtype::i8, {2, 0}, {}));
    c.tensors.push_back(tensor_of("", dtype::i8, {1}, bytes(1)));
    REQUIRE(files::write(in / "all.safetensors", c) == "");
    files::contents back;
    REQUIRE(files::read(in / "all.safetensors", back) == "");
    CHECK(back.metadata == c.metadata);
    REQUIRE(back.tensors.size() == c.tensors.size());
    for (auto const& t : c.tensors) {
        CAPTURE(t.name);
        auto const found =
            std::find_if(back.tensors.begin(), back.tensors.end(), [&](auto const& o) { return o.name == t.name; });
        REQUIRE(found != back.tensors.end());
        CHECK((found->type == t.type && found->shape == t.shape && content(*found) == content(t)));
        // Aligned for its elements in the file, which begins a page.
        CHECK(reinterpret_cast<std::uintptr_t>(found->bytes.data()) % files::bytes_of(t.type) == 0);
    }
    // The tensors outlive the list that they came in, and the file itself.
    auto const one = back.tensors.front();
    back = {};
    std::remove((in / "all.safetensors").c_str());
    CHECK(content(one).size() == one.bytes.size());
}

TEST_CASE("safetensors: the order of the keys and alignment do not matter, spaces may end the header") {
    files::contents c;
    REQUIRE(read(safetensors(R"({"b":{"shape":[1],"dtype":"F32","data_offsets":[1,5]},"a":{"data_offsets":[0,1],)"
                             R"("dtype":"BOOL","shape":[1]}}   )",
                             5),
                 c) == "");
    REQUIRE(c.tensors.size() == 2);
    CHECK(c.tensors[0].name == "b");
    CHECK(content(c.tensors[0]) == bytes{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}});
    REQUIRE(read(safetensors(R"({"__metadata__":{}})", 0), c) == "");
    CHECK((c.tensors.empty() && c.metadata.empty()));
    REQUIRE(read(safetensors("{}", 0), c) == "");
    REQUIRE(read(safetensors(R"({"__metadata__":{"a":"b"}})", 0), c) == "");
    CHECK(c.metadata == files::text_map{{"a", "b"}});
    // Empty tensors between others, and at the end; an extent of 0 beside one that 64 bits cannot multiply.
    CHECK(read(safetensors(R"({"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"F64","shape":[0],)"
                           R"("data_offsets":[2,2]},"c":{"dtype":"I8","shape":[1],"data_offsets":[2,3]},"d":{"dtype":)"
                           R"("F32","shape":[18446744073709551615,18446744073709551615,0],"data_offsets":[3,3]}})",
                           3)) == "");
}

TEST_CASE("safetensors: what is malformed is refused, with what was expected and found") {
    auto const tensor = [](std::string const& fields) { return "{\"w\":{" + fields + "}}"; };
    std::string const f32 = R"("dtype":"F32","shape":[2],)";
    CHECK(refusal_of(tensor(f32 + R"("data_offsets":[0,8])"), 8) == "");

    SECTION("the length of the header") {
        CHECK_THAT(read({}), ContainsSubstring("expected safetensors") && ContainsSubstring("found 0 bytes"));
        CHECK_THAT(read(bytes(7)), ContainsSubstring("found 7 bytes"));
        CHECK_THAT(read(bytes(8)), ContainsSubstring("found an empty header"));
        for (std::uint64_t n :
             {~std::uint64_t{0} - 1, std::uint64_t{0} - 8, std::uint64_t{1} << 63, std::uint64_t{100000001}})
            CHECK_THAT(read(safetensors("{}", 0, n)),
                       ContainsSubstring("at most 100000000") && ContainsSubstring(std::to_string(n)));
        CHECK_THAT(read(safetensors("{}", 0, 3)), ContainsSubstring("expected 3 bytes, found 2"));
        CHECK_THAT(read(safetensors("{}", 0, 100000000)), ContainsSubstring("cut short"));
    }
    SECTION("another format") {
        auto const of = [](std::string_view text) {
            std::vector<std::byte> all(text.size());
            std::memcpy(all.data(), text.data(), text.size());
            return read(all);
        };
        std::string_view const page = "<!DOCTYPE html><html><head>", packed{"\x1f\x8b\x08\0\0\0\0\0\x02\xffKLJ", 13};
        CHECK_THAT(of(page),
                   ContainsSubstring("begins with \"<!DOCTYPE") && ContainsSubstring(": it is a page of the web"));
        CHECK_THAT(of(packed), ContainsSubstring("expected `{`") && ContainsSubstring(": gzip packed it: unpack it"));
        CHECK_THAT(of("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20"), ContainsSubstring("safetensors.torch.save_file"));
        std::string zip("PK\x03\x04", 4);
        zip += std::string(22, '\0') + std::string("\x10\0\0\0", 4) + "archive/data.pkl" + std::string(99, 'x');
        CHECK_THAT(of(zip), ContainsSubstring("safetensors.torch.save_file"));
    }
    SECTION("JSON") {
        CHECK_THAT(refusal_of(" {}"), ContainsSubstring("expected `{` at byte 8 of the file, found \" \""));
        CHECK_THAT(refusal_of("\xef\xbb\xbf{}"), ContainsSubstring("expected `{`"));
        CHECK_THAT(refusal_of("[]"), ContainsSubstring("expected `{`"));
        CHECK_THAT(refusal_of("{"), ContainsSubstring("expected JSON"));
        CHECK_THAT(refusal_of("{}{}"), ContainsSubstring("expected JSON"));
        CHECK_THAT(refusal_of(std::string("{}\0\0", 4)), ContainsSubstring("a zero at byte 10"));
        CHECK_THAT(refusal_of("{\"\xff\":1}"), ContainsSubstring("expected JSON"));
        CHECK_THAT(refusal_of(R"({"a":{"dtype":"F32",}})"), ContainsSubstring("expected JSON"));
        CHECK_THAT(refusal_of("{/**/}"), ContainsSubstring("expected JSON"));
        CHECK_THAT(refusal_of(R"({"\ud800":1})"), ContainsSubstring("expected JSON"));
        // Deep nesting costs no stack and is refused where it begins.
        std::string deep = R"({"w":)";
        for (int k = 0; k < 1000000; ++k) deep += '[';
        CHECK_THAT(refusal_of(deep), ContainsSubstring("expected an object for \"w\", found an array"));
    }
    SECTION("fields") {
        CHECK_THAT(refusal_of(R"({"w":3})"), ContainsSubstring("expected an object for \"w\", found the number 3"));
        CHECK_THAT(refusal_of(R"({"w":null})"), ContainsSubstring("found null"));
        CHECK_THAT(refusal_of(tensor(f32)), ContainsSubstring("expected JSON"));
        CHECK_THAT(refusal_of(tensor(R"("dtype":"F32","shape":[2])")), ContainsSubstring("data_offsets is missing"));
        CHECK_THAT(refusal_of(tensor(R"("dtype":"F32","data_offsets":[0,0])")), ContainsSubstring("shape is missing"));
        CHECK_THAT(refusal_of(tensor(R"("shape":[0],"data_offsets":[0,0])")), ContainsSubstring("dtype is missing"));
        CHECK_THAT(refusal_of(tensor(R"("dtype":"F32","dtype":"F32")")), ContainsSubstring("\"dtype\" is there twice"));
        CHECK_THAT(refusal_of(tensor(f32 + R"("data_offsets":[0,8],"extra":1)")),
                   ContainsSubstring("expected the fields") && ContainsSubstring("found \"extra\""));
        for (char const* type : {"F8_E4M3", "U8", "U16", "I16", "f32", "", "C64"})
            CHECK_THAT(
                refusal_of(tensor("\"dtype\":\"" + std::string(type) + "\",\"shape\":[0],\"data_offsets\":[0,0]")),
                ContainsSubstring("dtype: expected F64, F32, F16, BF16, I64, I32, I8 or BOOL, found \"" +
                                  std::string(type)));
        CHECK_THAT(refusal_of(tensor(R"("dtype":3)")),
                   ContainsSubstring("dtype: expected a string, found the number 3"));
        CHECK_THAT(refusal_of(tensor(R"("shape":"[2]")")), ContainsSubstring("shape: expected an array"));
        for (char const* x : {"-1", "1.0", "1e2", "18446744073709551616", "null", "true", "\"2\"", "[2]", "{}"})
            CHECK_THAT(refusal_of(tensor("\"shape\":[" + std::string(x) + "]")),
                       ContainsSubstring("shape: expected integers from 0 to 2^64 - 1, found"));
        for (char const* x : {"0", "0,4,8", "", "-1,4", "0,8.0", "[0,8]"})
            CHECK_THAT(refusal_of(tensor(f32 + "\"data_offsets\":[" + x + "]"), 8), ContainsSubstring("expected two"));
        CHECK_THAT(refusal_of(R"({"w":{"dtype":"I8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"I8","shape":[1],)"
                              R"("data_offsets":[1,2]}})",
                              2),
                   ContainsSubstring("\"w\" is there twice"));
        CHECK_THAT(
            refusal_of(R"({"w":{"dtype":"I8","shape":[1],"data_offsets":[0,1]},"\u0077":{"dtype":"I8","shape":[1],)"
                       R"("data_offsets":[1,2]}})",
                       2),
            ContainsSubstring("\"w\" is there twice"));
    }
    SECTION("metadata") {
        CHECK_THAT(refusal_of(R"({"__metadata__":{"n":0}})"),
                   ContainsSubstring("__metadata__: expected a string for \"n\", found the number 0"));
        CHECK_THAT(refusal_of(R"({"__metadata__":{"n":{}}})"), ContainsSubstring("found an object"));
        CHECK_THAT(refusal_of(R"({"__metadata__":null})"), ContainsSubstring("found null"));
        CHECK_THAT(refusal_of(R"({"__metadata__":"x"})"), ContainsSubstring("found the string"));
        CHECK_THAT(refusal_of(R"({"__metadata__":{"n":"1","n":"2"}})"),
                   ContainsSubstring("__metadata__ has the key \"n\" twice"));
        CHECK_THAT(refusal_of(R"({"__metadata__":{},"__metadata__":{}})"), ContainsSubstring("there twice"));
    }
    SECTION("sizes and offsets") {
        auto const with = [&](std::string const& shape, std::string const& offsets, std::size_t data,
                              std::string const& type = "F32") {
            return refusal_of(
                tensor("\"dtype\":\"" + type + "\",\"shape\":[" + shape + "],\"data_offsets\":[" + offsets + "]"),
                data);
        };
        CHECK(with("", "0,4", 4) == "");
        CHECK_THAT(with("", "0,0", 0), ContainsSubstring("expected 4 bytes for F32 [], found 0"));
        CHECK_THAT(with("8589934592,2147483648", "0,0", 0), ContainsSubstring("more than 2^64 bytes"));
        CHECK_THAT(with("9223372036854775808,2", "0,0", 0, "I8"), ContainsSubstring("more than 2^64 bytes"));
        CHECK_THAT(with("4611686018427387904", "0,0", 0), ContainsSubstring("more than 2^64 bytes"));
        CHECK_THAT(with("32,8", "0,65536", 65536),
                   ContainsSubstring("expected 1024 bytes for F32 [32, 8], found 65536"));
        CHECK_THAT(with("2", "0,8", 7), ContainsSubstring("a range of the 7 bytes behind the header, found [0, 8]"));
        CHECK_THAT(with("2", "8,0", 8), ContainsSubstring("found [8, 0]"));
        CHECK_THAT(with("2", "18446744073709551608,18446744073709551615", 8), ContainsSubstring("expected a range"));
        CHECK_THAT(with("2", "18446744073709551608,0", 8), ContainsSubstring("expected a range"));
        CHECK_THAT(with("1", "4,8", 8), ContainsSubstring("expected a begin of 0") && ContainsSubstring("a hole"));
        CHECK_THAT(with("1", "0,4", 8), ContainsSubstring("expected 4 bytes of tensors behind the header, found 8"));
        CHECK_THAT(with("0", "3,3", 0), ContainsSubstring("expected a range"));
        auto const two = [&](std::string const& a, std::string const& b, std::size_t data) {
            return refusal_of("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[" + a +
                                  "]},\"b\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[" + b + "]}}",
                              data);
        };
        CHECK(two("16,32", "0,16", 32) == "");
        CHECK_THAT(two("0,16", "0,16", 16), ContainsSubstring("overlaps another"));
        CHECK_THAT(two("0,16", "8,24", 24), ContainsSubstring("overlaps another"));
        CHECK_THAT(two("0,16", "20,36", 36), ContainsSubstring("a hole"));
    }
    SECTION("names in messages are printable and short") {
        std::string const said = refusal_of(R"({"\u0007\n)" + std::string(5000, 'x') + "\":3}");
        CHECK_THAT(said, ContainsSubstring("\\x07\\x0a"));
        CHECK(said.size() < 500);
    }
}

TEST_CASE("a writer refuses what no reader could take") {
    test::folder const in;
    auto const written = [&](std::vector<files::tensor> t, files::text_map m = {}) {
        std::string const said = files::write(in / "w", {std::move(t), std::move(m)});
        CHECK((::access((in / "w").c_str(), F_OK) != 0 || said.empty()));
        return said;
    };
    auto const one = bytes(1);
    CHECK_THAT(written({tensor_of("__metadata__", dtype::i8, {1}, one)}), ContainsSubstring("reserves the name"));
    CHECK_THAT(written({tensor_of("a", dtype::i8, {1}, one), tensor_of("a", dtype::i8, {1}, one)}),
               ContainsSubstring("twice"));
    CHECK_THAT(written({tensor_of("\xff", dtype::i8, {1}, one)}), ContainsSubstring("not UTF-8"));
    CHECK_THAT(written({}, {{"a", "\xff"}}), ContainsSubstring("not UTF-8"));
    CHECK_THAT(written({tensor_of("a", dtype::i8, {2}, one)}), ContainsSubstring("does not have 1 bytes"));
    CHECK_THAT(written({}, {{"a", std::string(100'000'000, 'x')}}), ContainsSubstring("allows 100000000"));
    CHECK(written({}) == "");
}

TEST_CASE("what is no file is refused by one line") {
    test::folder const in;
    files::contents c;
    CHECK_THAT(files::read(in / "missing", c), ContainsSubstring("cannot open") && ContainsSubstring("No such file"));
    CHECK_THAT(files::read(in.path, c), ContainsSubstring("load: expected a file, found a folder"));
    CHECK_THAT(files::read("/dev/zero", c), ContainsSubstring("found a device"));
    CHECK_THAT(files::read("", c), ContainsSubstring("name is empty"));
    CHECK_THAT(files::read(std::string("a\0b", 3), c), ContainsSubstring("holds a zero"));
    REQUIRE(::mkfifo((in / "pipe").c_str(), 0600) == 0);
    CHECK_THAT(files::read(in / "pipe", c), ContainsSubstring("found a pipe"));
    CHECK_THAT(files::write(in / "pipe", c), ContainsSubstring("save: expected a file, found a pipe"));
    std::ofstream(in / "empty").close();
    CHECK_THAT(files::read(in / "empty", c), ContainsSubstring("found 0 bytes"));
    CHECK_THAT(files::write(in.path, c), ContainsSubstring("found a folder") || ContainsSubstring("found the folder"));
    CHECK_THAT(files::write(in.path + "/", c), ContainsSubstring("found the folder"));
    CHECK_THAT(files::write("/dev/full", c), ContainsSubstring("found a device"));
    CHECK_THAT(files::write(in / "no/such/folder/f", c), ContainsSubstring("cannot create"));
    CHECK_THAT(files::write((in / "empty") + "/f", c), ContainsSubstring("cannot reach"));
    CHECK_THAT(files::write("", c), ContainsSubstring("name is empty"));
}

TEST_CASE("truncations and changed bytes never crash, and are read back as they are or refused") {
    files::contents c;
    c.metadata = {{"k", "v"}};
    c.tensors.push_back(tensor_of("0.weight", dtype::f32, {2, 2}, bytes(16)));
    c.tensors.push_back(tensor_of("n", dtype::i64, {}, bytes(8)));
    c.tensors.push_back(tensor_of("none", dtype::bf16, {0, 3}, {}));
    test::folder const in;
    REQUIRE(files::write(in / "f", c) == "");
    bytes const whole = test::content_of(in / "f");
    for (std::size_t n = 0; n < whole.size(); ++n) {
        CAPTURE(n);
        CHECK(read(bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))) != "");
    }
    bytes longer = whole;
    longer.push_back(std::byte{0});
    CHECK(read(longer) != "");
    // Every bit of the head, and every byte to some that mean something in JSON.
    std::size_t const head = whole.size() - 24;
    int accepted = 0;
    for (std::size_t i = 0; i < head; ++i)
        for (int k = 0; k < 24; ++k) {
            constexpr char other[] = "{}[]\":,0-9e\\ \xff\x80";
            bytes changed = whole;
            changed[i] = k < 8 ? changed[i] ^ static_cast<std::byte>(1 << k) : static_cast<std::byte>(other[k - 8]);
            files::contents back;
            if (read(changed, back) != "") continue;
            ++accepted;
            for (auto const& t : back.tensors) {  // whatever it is called, it lies in the file and has its size
                std::size_t size = files::bytes_of(t.type);
                for (auto extent : t.shape) size *= extent;
                CHECK(size == t.bytes.size());
            }
        }
    CHECK(accepted > 100);  // letters of names and of metadata
}

TEST_CASE("numbers are converted by one rounding, and what does not fit is refused") {
    auto const to_floats = [](dtype from, bytes const& b, std::uint64_t n) {
        bytes made;
        REQUIRE(files::convert(tensor_of("x", from, {n}, b), dtype::f32, made) == "");
        std::vector<float> x(n);
        std::memcpy(x.data(), made.data(), made.size());
        return x;
    };
    constexpr auto inf = std::numeric_limits<double>::infinity();
    auto const x = to_floats(
        dtype::f64,
        bytes_of(std::vector<double>{0.1, 1 + 0x1p-24, 1 + 3 * 0x1p-24, inf, -inf, std::nan(""), -0.0, 1e-46}), 8);
    CHECK((x[0] == 0.1f && x[1] == 1 && x[2] == 1 + 0x1p-22f && x[3] == float(inf) && x[4] == -float(inf)));
    CHECK((std::isnan(x[5]) && x[6] == 0 && std::signbit(x[6]) && x[7] == 0));
    auto const h =
        to_floats(dtype::f16, bytes_of(std::vector<std::uint16_t>{0x3c00, 0x7bff, 0x0001, 0x7c00, 0x7e01, 0x8000}), 6);
    CHECK(
        (h[0] == 1 && h[1] == 65504 && h[2] == 0x1p-24f && std::isinf(h[3]) && std::isnan(h[4]) && std::signbit(h[5])));
    auto const b = to_floats(dtype::bf16, bytes_of(std::vector<std::uint16_t>{0x3f80, 0x4049, 0x7f81, 0x7f80}), 4);
    CHECK((b[0] == 1 && b[1] == 3.140625f && std::isnan(b[2]) && std::isinf(b[3])));
    bytes made;
    auto const large = tensor_of("x", dtype::f64, {2}, bytes_of(std::vector<double>{1, -1e300}));
    CHECK_THAT(files::convert(large, dtype::f32, made),
               ContainsSubstring("element 1 (row-major), -1.0000000000000001e+300"));
    REQUIRE(files::convert(tensor_of("x", dtype::f32, {1}, bytes_of(std::vector<float>{0.1f})), dtype::f64, made) ==
            "");
    double wide = 0;
    std::memcpy(&wide, made.data(), 8);
    CHECK(wide == double(0.1f));
    for (dtype other : {dtype::i64, dtype::i32, dtype::i8, dtype::boolean})
        CHECK_THAT(files::convert(tensor_of("x", other, {0}, {}), dtype::f32, made),
                   ContainsSubstring("expected F32 [0], found"));
    CHECK(files::convert(tensor_of("x", dtype::i64, {1}, bytes(8)), dtype::i32, made) != "");
    CHECK(files::convert(tensor_of("x", dtype::i64, {1}, bytes(8)), dtype::i64, made) == "");

    // To 16 bits: ties to even, one rounding from double too, NaN of any bits stays one, and what is too large is
    // refused.
    auto const to_halves = [](dtype from, bytes const& x, std::uint64_t n, dtype type) {
        bytes to;
        REQUIRE(files::convert(tensor_of("x", from, {n}, x), type, to) == "");
        std::vector<std::uint16_t> y(n);
        std::memcpy(y.data(), to.data(), to.size());
        return y;
    };
    auto const words = bytes_of(
        std::vector<std::uint32_t>{0x4048f5c3, 0x3f808000, 0x3f818000, 0x80000000, 0x00008000, 0x00018000, 0xff800000});
    CHECK(to_halves(dtype::f32, words, 7, dtype::bf16) ==
          std::vector<std::uint16_t>{0x4049, 0x3f80, 0x3f82, 0x8000, 0x0000, 0x0002, 0xff80});
    for (std::uint16_t const nan : to_halves(
             dtype::f32, bytes_of(std::vector<std::uint32_t>{0x7f800001, 0x7fffffff, 0xffffffff}), 3, dtype::bf16))
        CHECK((nan & 0x7fff) > 0x7f80);
    // Just above a tie: rounded to float first it would be one.
    CHECK(to_halves(dtype::f64, bytes_of(std::vector<double>{1 + 0x1p-11 + 0x1p-40, 1 + 0x1p-11, 0x1p-25, 65519}), 4,
                    dtype::f16) == std::vector<std::uint16_t>{0x3c01, 0x3c00, 0x0000, 0x7bff});
    CHECK(to_halves(dtype::bf16, bytes_of(std::vector<std::uint16_t>{0x3f80, 0x0001}), 2, dtype::f16) ==
          std::vector<std::uint16_t>{0x3c00, 0x0000});
    CHECK_THAT(files::convert(tensor_of("x", dtype::f32, {1}, bytes_of(std::vector<float>{65520})), dtype::f16, made),
               ContainsSubstring("element 0 (row-major), 65520, is beyond what a F16 holds"));
    CHECK(files::convert(tensor_of("x", dtype::f32, {1}, bytes_of(std::vector<float>{3.4e38f})), dtype::bf16, made) !=
          "");
}

namespace {

bytes npy(std::string const& dictionary, bytes const& data, int version = 1, std::size_t pad = 0) {
    bytes made = bytes_of(std::string("\x93NUMPY"));
    append(made, static_cast<std::uint16_t>(version));
    std::string const header = dictionary + std::string(pad, ' ') + "\n";
    if (version == 1)
        append(made, static_cast<std::uint16_t>(header.size()));
    else
        append(made, static_cast<std::uint32_t>(header.size()));
    for (char c : header) made.push_back(static_cast<std::byte>(c));
    append(made, data);
    return made;
}
std::string npy_header(std::string const& shape, std::string const& descr = "<f4",
                       std::string const& fortran = "False") {
    return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }";
}

struct zip {
    bytes made, directory;
    std::uint16_t count = 0;
    void add(std::string const& name, bytes const& data, bool deflated, std::uint16_t flags = 0,
             std::uint16_t method = 99) {
        bytes packed = data;
        if (deflated) {
            z_stream z{};
            REQUIRE(deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
            packed.resize(deflateBound(&z, data.size()));
            z.next_in = const_cast<Bytef*>(reinterpret_cast<Bytef const*>(data.data()));
            z.avail_in = static_cast<uInt>(data.size());
            z.next_out = reinterpret_cast<Bytef*>(packed.data());
            z.avail_out = static_cast<uInt>(packed.size());
            REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
            packed.resize(z.total_out);
            deflateEnd(&z);
        }
        auto const begin = static_cast<std::uint32_t>(made.size());
        auto const common = [&](bytes& to) {
            append(to, std::uint16_t{20}), append(to, flags),
                append(to, std::uint16_t(method != 99 ? method
                                         : deflated   ? 8
                                                      : 0));
            append(to, std::uint32_t{0});
            append(to, std::uint32_t(crc32(0, reinterpret_cast<Bytef const*>(data.data()), uInt(data.size()))));
            append(to, std::uint32_t(packed.size())), append(to, std::uint32_t(data.size()));
            append(to, std::uint16_t(name.size())), append(to, std::uint16_t{0});
        };
        auto const text = bytes_of(name);
        append(made, std::uint32_t{0x04034b50}), common(made);
        append(made, text);
        append(made, packed);
        append(directory, std::uint32_t{0x02014b50}), append(directory, std::uint16_t{20}), common(directory);
        append(directory, std::uint16_t{0}), append(directory, std::uint16_t{0}), append(directory, std::uint16_t{0});
        append(directory, std::uint32_t{0}), append(directory, begin);
        append(directory, text);
        ++count;
    }
    // The same with a record of ZIP64, which says more than the zip's end does.
    bytes whole_wide(std::uint64_t said_count, bool with_locator = true) const {
        bytes all = made;
        append(all, directory);
        append(all, std::uint32_t{0x06064b50}), append(all, std::uint64_t{44}), append(all, std::uint32_t{0});
        append(all, std::uint64_t{0}), append(all, said_count), append(all, said_count);
        append(all, std::uint64_t(directory.size())), append(all, std::uint64_t(made.size()));
        if (with_locator) {
            append(all, std::uint32_t{0x07064b50}), append(all, std::uint32_t{0});
            append(all, std::uint64_t(made.size() + directory.size())), append(all, std::uint32_t{1});
        }
        append(all, std::uint32_t{0x06054b50}), append(all, std::uint32_t{0});
        append(all, std::uint16_t{0xffff}), append(all, std::uint16_t{0xffff});
        append(all, ~std::uint32_t{0}), append(all, ~std::uint32_t{0}), append(all, std::uint16_t{0});
        return all;
    }
    bytes whole() const {
        bytes all = made;
        append(all, directory);
        append(all, std::uint32_t{0x06054b50}), append(all, std::uint32_t{0});
        append(all, count), append(all, count);
        append(all, std::uint32_t(directory.size())), append(all, std::uint32_t(made.size())),
            append(all, std::uint16_t{0});
        return all;
    }
};

bytes const six = bytes_of(std::vector<float>{1, 2, 3, 4, 5, 6});

}  // namespace

TEST_CASE(".npy: types, orders, ranks and versions") {
    files::contents c;
    auto const floats = [&] {
        std::vector<float> x(c.tensors.at(0).bytes.size() / 4);
        if (!x.empty()) std::memcpy(x.data(), c.tensors[0].bytes.data(), x.size() * 4);
        return x;
    };
    REQUIRE(read(npy(npy_header("(2, 3)"), six), c) == "");
    CHECK((c.tensors.size() == 1 && c.tensors[0].name == "it" && floats() == std::vector<float>{1, 2, 3, 4, 5, 6}));
    REQUIRE(read(npy(npy_header("(2, 3)", "<f4", "True"), six), c) == "");
    CHECK(floats() == std::vector<float>{1, 3, 5, 2, 4, 6});
    REQUIRE(read(npy(npy_header("(3, 1, 2)", "<f4", "True"), six), c) == "");
    CHECK(floats() == std::vector<float>{1, 4, 2, 5, 3, 6});
    REQUIRE(read(npy(npy_header("(6,)", "<f4", "True"), six), c) == "");
    CHECK(floats() == std::vector<float>{1, 2, 3, 4, 5, 6});
    REQUIRE(read(npy(npy_header("()", "<f4", "True"), bytes(4)), c) == "");
    CHECK((c.tensors[0].shape.empty() && c.tensors[0].bytes.size() == 4));
    REQUIRE(read(npy(npy_header("(2, 0)"), {}), c) == "");
    CHECK(c.tensors[0].shape == std::vector<std::uint64_t>{2, 0});
    for (int version : {2, 3}) REQUIRE(read(npy(npy_header("(2, 3)"), six, version, 65588), c) == "");
    REQUIRE(read(npy(npy_header("(6,)"), six, 1, 0xff00), c) == "");
    CHECK(read(npy(R"({"shape":(6,),"descr":"<f4","fortran_order":False})", six)) == "");
    for (auto [descr, width] : {std::pair{"<f8", 8}, {"<f2", 2}, {"<i8", 8}, {"<i4", 4}, {"|i1", 1}, {"|b1", 1}})
        CHECK(read(npy(npy_header("(3,)", descr), bytes(3 * static_cast<std::size_t>(width)))) == "");

    // Big-endian: bytes are turned, in both orders.
    auto turned = six;
    for (std::size_t i = 0; i < turned.size(); i += 4) std::reverse(&turned[i], &turned[i] + 4);
    REQUIRE(read(npy(npy_header("(2, 3)", ">f4"), turned), c) == "");
    CHECK(floats() == std::vector<float>{1, 2, 3, 4, 5, 6});
    REQUIRE(read(npy(npy_header("(2, 3)", ">f4", "True"), turned), c) == "");
    CHECK(floats() == std::vector<float>{1, 3, 5, 2, 4, 6});
    REQUIRE(read(npy(npy_header("()", ">i8"), bytes_of(std::string("\0\0\0\0\0\0\1\2", 8))), c) == "");
    CHECK(content(c.tensors[0]) == bytes_of(std::vector<std::int64_t>{258}));
    CHECK(read(npy(npy_header("(0, 5)", ">f8"), {})) == "");

    for (char const* descr : {"|O", "<c8", "<u4", ">u4", ">b1", "|V2", "|u1", "<f16", ">", ""})
        CHECK_THAT(read(npy(npy_header("(6,)", descr), six)),
                   ContainsSubstring("descr: expected <f8, <f4, <f2, <i8, <i4 (or > for <), |i1 or |b1, found \"" +
                                     std::string(descr) + "\""));
    CHECK_THAT(read(npy(npy_header("(6,)", "|V2"), six)), ContainsSubstring("as which numpy writes bfloat16"));
    CHECK_THAT(read(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,)}", six)),
               ContainsSubstring("a structured array: expected numbers of one type"));
    // Integers of Python 2.
    REQUIRE(read(npy(npy_header("(2L, 3L)"), six), c) == "");
    CHECK(c.tensors[0].shape == std::vector<std::uint64_t>{2, 3});
    REQUIRE(read(npy(npy_header("(6L,)"), six, 2), c) == "");
    CHECK_THAT(read(npy(npy_header("(6L,)"), six, 3)), ContainsSubstring("shape: expected `,`, found \"L\""));
    for (char const* shape : {"(6LL,)", "(L,)", "(6 L,)", "(6l,)"}) CHECK(read(npy(npy_header(shape), six)) != "");
    CHECK_THAT(read(npy(npy_header("(7,)"), six)),
               ContainsSubstring("expected 28 bytes") && ContainsSubstring("found 24"));
    CHECK_THAT(read(npy(npy_header("(5,)"), six)), ContainsSubstring("expected 20 bytes"));
    CHECK_THAT(read(npy(npy_header("(2621, 401, )"), six)), ContainsSubstring("found 24"));
    CHECK_THAT(read(npy(npy_header("(18446744073709551616,)"), six)),
               ContainsSubstring("shape: an extent is beyond 2^64"));
    CHECK_THAT(read(npy(npy_header("(4294967296, 4294967296)"), six)), ContainsSubstring("more than 2^64 bytes"));
    constexpr char no_tuple[] = "shape: expected a tuple, found a number in parentheses";
    constexpr char no_integer[] = "shape: expected an integer, found";
    constexpr char no_comma[] = "shape: expected `,`, found";
    for (auto [shape, says] : {std::pair{"(6)", no_tuple},
                               {"(-6,)", no_integer},
                               {"6", "header: expected `(`, found \"6\""},
                               {"[6]", "header: expected `(`, found \"[\""},
                               {"(,)", no_integer},
                               {"(6,,)", no_integer},
                               {"(2 3)", no_comma},
                               {"(6LL,)", no_comma},
                               {"(0x6,)", no_comma},
                               {"(6.0,)", no_comma},
                               {"(6,", no_integer}})
        CHECK_THAT(read(npy(npy_header(shape), six)), ContainsSubstring(says));
    CHECK_THAT(read(npy("{descr: 1}", six)), ContainsSubstring("header: expected a string, found \"d\""));
    CHECK_THAT(read(npy("{'descr", six)), ContainsSubstring("header: a string does not end"));
    CHECK_THAT(read(npy("{'de\\'", six)), ContainsSubstring("header: expected a plain string, found"));
    CHECK_THAT(read(npy(npy_header("(6,)", "<f4", "0"), six)),
               ContainsSubstring("expected True or False, found \"0\""));
    CHECK_THAT(read(npy("{'descr': '<f4', 'shape': (6,)}", six)), ContainsSubstring("fortran_order is missing"));
    CHECK_THAT(read(npy("{'shape': (6,), 'shape': (6,)}", six)), ContainsSubstring("twice"));
    CHECK_THAT(read(npy("{'shape': (6,), 'x': 1}", six)), ContainsSubstring("found \"x\""));
    CHECK_THAT(read(npy(npy_header("(6,)") + "x", six)), ContainsSubstring("expected its end"));
    CHECK_THAT(read(npy(npy_header("(6,)"), six, 4)),
               ContainsSubstring("expected .npy of version 1.0, 2.0 or 3.0, found 4.0"));
    bytes const whole = npy(npy_header("(2, 3)"), six);
    bytes const second = npy(npy_header("(2, 3)"), six, 2);
    CHECK_THAT(read(bytes(whole.begin(), whole.begin() + 9)),
               ContainsSubstring("expected .npy, whose header begins at byte 10, found 9 bytes"));
    CHECK_THAT(read(bytes(second.begin(), second.begin() + 11)), ContainsSubstring("the file ends before its header"));
    for (std::size_t n = 0; n < whole.size(); ++n)
        CHECK(read(bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))) != "");
}

TEST_CASE(".npz: members stored and deflated; what is damaged is refused") {
    zip z;
    z.add("0.weight.npy", npy(npy_header("(2, 3)"), six), false);
    z.add("0.bias.npy", npy(npy_header("(5000,)"), bytes(20000)), true);
    z.add("none.npy", npy(npy_header("(0,)"), {}), true);
    files::contents c;
    REQUIRE(read(z.whole(), c) == "");
    REQUIRE(c.tensors.size() == 3);
    CHECK((c.tensors[0].name == "0.weight" && content(c.tensors[0]) == six));
    CHECK((c.tensors[1].name == "0.bias" && content(c.tensors[1]) == bytes(20000)));
    REQUIRE(read(zip{}.whole(), c) == "");
    CHECK(c.tensors.empty());

    bytes const whole = z.whole();
    for (std::size_t n = 0; n < whole.size(); ++n)
        CHECK(read(bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))) != "");
    for (std::size_t i = 0; i < whole.size(); ++i)
        for (int k = 0; k < 8; ++k) {
            bytes changed = whole;
            changed[i] ^= static_cast<std::byte>(1 << k);
            read(changed);  // no crash, and nothing outside of its memory
        }
    auto const refused = [](auto const& change) {
        zip one;
        change(one);
        return read(one.whole());
    };
    auto const w = npy(npy_header("(2, 3)"), six);
    CHECK_THAT(refused([&](zip& o) { o.add("w.npy", w, false), o.add("w.npy", w, true); }),
               ContainsSubstring("there twice"));
    CHECK_THAT(refused([&](zip& o) { o.add("w.txt", w, false); }), ContainsSubstring("the name of an .npy"));
    CHECK_THAT(refused([&](zip& o) { o.add("w.npy", w, false, 1); }), ContainsSubstring("it is encrypted"));
    CHECK_THAT(refused([&](zip& o) { o.add("w.npy", w, false, 0, 12); }), ContainsSubstring("found method 12"));
    CHECK_THAT(refused([&](zip& o) { o.add("w.npy", bytes(3), false); }), ContainsSubstring("something else"));
    CHECK_THAT(refused([&](zip& o) { o.add("archive/data.pkl", w, false); }),
               ContainsSubstring("PyTorch's own format"));
    zip wide;
    wide.add("w.npy", w, false), wide.add("v.npy", npy(npy_header("(800000,)"), bytes(3200000)), true);
    REQUIRE(read(wide.whole_wide(2), c) == "");
    CHECK((c.tensors.size() == 2 && content(c.tensors[0]) == six && content(c.tensors[1]) == bytes(3200000)));
    CHECK_THAT(read(wide.whole_wide(3)), ContainsSubstring("expected 3 members, found 2"));
    CHECK_THAT(read(wide.whole_wide(1)), ContainsSubstring("found more bytes"));
    CHECK_THAT(read(wide.whole_wide(std::uint64_t{1} << 63)), ContainsSubstring("members, found 2"));
    CHECK_THAT(read(wide.whole_wide(2, false)), ContainsSubstring("ZIP64: expected its record before the zip's end"));
    bytes damaged = w;
    zip one;
    one.add("w.npy", w, false);
    damaged = one.whole();
    damaged[30 + 5 + w.size() - 1] ^= std::byte{1};
    CHECK_THAT(read(damaged), ContainsSubstring("expected the CRC") && ContainsSubstring(": it is damaged"));

    // What the directory says of its member, and what the end of the zip says of the directory.
    auto const changed = [](bytes all, std::size_t at, auto number) {
        std::memcpy(all.data() + at, &number, sizeof number);
        return read(all);
    };
    bytes const plain = one.whole();
    std::size_t const listed = one.made.size(), end = listed + one.directory.size();
    CHECK_THAT(changed(plain, listed + 24, std::uint32_t{7}),
               ContainsSubstring("expected 7 stored bytes, found " + std::to_string(w.size())));
    CHECK_THAT(changed(plain, listed + 24, ~std::uint32_t{0}),
               ContainsSubstring("ZIP64: expected its sizes in the directory, found none"));
    CHECK_THAT(changed(plain, listed + 28, std::uint16_t{999}), ContainsSubstring("a member's name does not end"));
    CHECK_THAT(changed(plain, end + 4, std::uint16_t{1}),
               ContainsSubstring("a zip in several parts: expected one file"));
    zip deflated;
    deflated.add("w.npy", w, true);
    std::size_t const at = deflated.made.size();
    CHECK_THAT(changed(deflated.whole(), at + 24, std::uint32_t{100000000}),
               ContainsSubstring("bytes cannot be deflated from 100000000"));
    CHECK_THAT(changed(deflated.whole(), at + 24, std::uint32_t{7}),
               ContainsSubstring("what was deflated is not 7 bytes: it is damaged"));
    bytes const two = wide.whole_wide(2);
    std::size_t const two_end = two.size() - 22;
    CHECK_THAT(changed(two, two_end + 10, std::uint16_t{1}),
               ContainsSubstring("ZIP64: its record says another directory than the zip's end"));
    CHECK_THAT(changed(two, two_end - 20 - 56 + 4, std::uint64_t{45}),
               ContainsSubstring("ZIP64: expected a record of 44 bytes, found 45"));
}
