// What libFuzzer calls with bytes that may be a file of tensors. Whatever they are, no memory but theirs is read, and
// what is accepted has its size, converts and is written as a file that is read back the same.
//
// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>
#include <cstring>
#include <memory>

#include "../../src/io/internal.hpp"

namespace {

namespace files = paramorph::files;

void require(bool holds) {
    if (!holds) std::abort();
}

std::uint64_t elements(files::tensor const& t) {
    std::uint64_t n = 1;
    for (std::uint64_t e : t.shape)
        if (e == 0) return 0;
    for (std::uint64_t e : t.shape) require(!__builtin_mul_overflow(n, e, &n));
    return n;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::span const bytes(reinterpret_cast<std::byte const*>(data), size);
    files::contents c;
    std::string const said = files::read_bytes("it", bytes, nullptr, c);
    if (!said.empty()) {
        require(c.tensors.empty() && said.find('\n') == std::string::npos && said.size() < 4096);
        return 0;
    }
    std::size_t unsum = 0;
    for (auto const& t : c.tensors) {
        require(elements(t) * files::bytes_of(t.type) == t.bytes.size());
        for (std::byte b : t.bytes) unsum += static_cast<std::size_t>(b);
        std::vector<std::byte> converted;
        for (auto to : {files::dtype::f64, files::dtype::f16, t.type})
            static_cast<void>(files::convert(t, to, converted));
        require(converted.size() == t.bytes.size());
    }
    // Names that are no UTF-8 are refused.
    files::layout l;
    std::string const refused = files::answer_of([&] { l = files::lay_out(c); });
    if (!refused.empty()) return unsum == 1;
    std::string whole = l.head;
    for (std::size_t k : l.order)
        whole.append(reinterpret_cast<char const*>(c.tensors[k].bytes.data()), c.tensors[k].bytes.size());
    files::contents back;
    require(files::read_bytes("what was written", std::as_bytes(std::span(whole)), nullptr, back).empty());
    require(back.metadata == c.metadata && back.tensors.size() == c.tensors.size());
    for (std::size_t k = 0; k < l.order.size(); ++k) {
        files::tensor const &a = c.tensors[l.order[k]], &b = back.tensors[k];
        require(a.name == b.name && a.type == b.type && a.shape == b.shape);
        require(std::equal(a.bytes.begin(), a.bytes.end(), b.bytes.begin(), b.bytes.end()));
    }
    return 0;
}
