// The library's edge: formats are told apart, and failures become answers.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>

#include "internal.hpp"

namespace paramorph::files::inline v0_1 {

std::string in_quotes(std::string_view text) {
    constexpr std::size_t most = 200;
    std::string made = "\"";
    for (char c : text.substr(0, most))
        if (c == '"' || c == '\\')
            made += {'\\', c};
        else
            made += printable({&c, 1});
    return made + (text.size() > most ? "...\"" : "\"");
}

std::string description(dtype type, std::vector<std::uint64_t> const& shape) {
    std::string made = std::string(name_of(type)) + " [";
    constexpr std::size_t most = 32;
    for (std::size_t k = 0; k < shape.size() && k < most; ++k) made += (k ? ", " : "") + std::to_string(shape[k]);
    return made + (shape.size() > most ? ", ...]" : "]");
}

namespace {

// The name of the tensor of an .npy.
std::string stem_of(std::string const& path) {
    std::string const name = path.substr(path.rfind('/') + 1);
    return name.ends_with(".npy") ? name.substr(0, name.size() - 4) : name;
}

}  // namespace

std::string read_bytes(std::string const& named, bytes_view bytes, std::shared_ptr<void const> owner, contents& to) {
    return answer_of([&] {
        std::string const called = printable(named);
        contents read;
        auto const begins_with = [&](std::string_view magic) {
            return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
        };
        // Neither is the length of a header of safetensors with what must follow it.
        bool const header = bytes.size() > 8 && bytes[8] == std::byte{'{'};
        // torch.save writes a zip whose first member is this, and whose directory is that of ZIP64; before, a pickle.
        bool const zip = begins_with("PK\x03\x04") && !header && bytes.size() > 30;
        std::string_view const first =
            !zip ? ""
                 : std::string_view(reinterpret_cast<char const*>(bytes.data()) + 30,
                                    std::min<std::size_t>(number_at<std::uint16_t>(bytes, 26), bytes.size() - 30));
        if (first.ends_with("/data.pkl") || begins_with("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46"))
            throw failure(called + ": " + is_pytorch);
        if (begins_with("\x93NUMPY")) {
            read.tensors.push_back(read_npy(called, bytes, owner));
            read.tensors.back().name = stem_of(named);
        } else if ((begins_with("PK\x03\x04") || begins_with("PK\x05\x06")) && !header)
            read_npz(called, bytes, read);
        else
            read_safetensors(called, bytes, owner, read);
        to = std::move(read);
    });
}

std::string read(std::string const& path, contents& to) {
    std::string inside;
    std::string const outside = answer_of([&] {
        std::shared_ptr<void const> owner;
        bytes_view const bytes = map_file(path, owner);
        inside = read_bytes(path, bytes, owner, to);
    });
    return outside.empty() ? inside : outside;
}

std::string write(std::string const& path, contents const& c) {
    return answer_of([&] {
        layout l;
        std::string const refused = answer_of([&] { l = lay_out(c); });
        if (!refused.empty()) throw failure("save: " + in_quotes(path) + ": " + refused);
        std::vector<bytes_view> pieces{std::as_bytes(std::span(l.head))};
        for (std::size_t k : l.order) pieces.push_back(c.tensors[k].bytes);
        replace_file(path, pieces);
    });
}

}  // namespace paramorph::files::inline v0_1
