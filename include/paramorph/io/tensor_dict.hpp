// Named tensors, as a file has them: what pm::io::read gives, what pm::state_dict makes of a network, an optimizer or a
// pm::random, and what pm::save writes.
//
//     pm::io::tensor_dict all;                                    // one file for all that a training needs
//     all.insert("model", pm::state_dict(net));                   // "model.0.weight", ...
//     all.insert("optimizer", pm::state_dict(optimizer));
//     all.insert("epoch", std::int64_t{12});
//     all.metadata()["format"] = "pt";
//     pm::save(all, "checkpoint.safetensors");
//
//     auto const back = pm::io::read("checkpoint.safetensors");   // safetensors, .npy or .npz; where it lies, mapped
//     pm::load_state_dict(net, back.section("model"));
//     std::vector<float> w = back.values<float>("model.0.weight");
//
// A tensor has a name, an element type (pm::io::dtype: f64, f32, f16, bf16, i64, i32, i8, boolean), a shape and bytes,
// row-major, which it shares with its copies. Formats, conversions and what is refused: files.hpp. Errors: pm::error,
// which names the file and the tensor, what was expected and what was found. Cost: copies share bytes; a file is
// mapped, and read where it is used. Source: safetensors; numpy.load, for .npy and .npz.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <concepts>
#include <cstring>
#include <utility>

#include "paramorph/core/error.hpp"
#include "paramorph/core/printable.hpp"
#include "paramorph/core/storage.hpp"
#include "paramorph/io/files.hpp"

namespace paramorph::inline PARAMORPH_ABI {

namespace io {

using files::dtype, files::tensor, files::text_map;

// What a tensor of a file may be read as, by `values<T>`, and written from.
template <class T>
concept element = std::same_as<T, double> || std::same_as<T, float> || std::same_as<T, float16> ||
                  std::same_as<T, bfloat16> || std::same_as<T, std::int64_t> || std::same_as<T, std::int32_t> ||
                  std::same_as<T, std::int8_t> || std::same_as<T, bool>;
// The type that numbers of T are written in.
template <element T>
inline constexpr dtype dtype_of = std::same_as<T, double>         ? dtype::f64
                                  : std::same_as<T, float>        ? dtype::f32
                                  : std::same_as<T, float16>      ? dtype::f16
                                  : std::same_as<T, bfloat16>     ? dtype::bf16
                                  : std::same_as<T, std::int64_t> ? dtype::i64
                                  : std::same_as<T, std::int32_t> ? dtype::i32
                                  : std::same_as<T, std::int8_t>  ? dtype::i8
                                                                  : dtype::boolean;

}  // namespace io

namespace detail {

inline void throw_if_failed(std::string const& sentence) {
    if (!sentence.empty()) throw error(sentence);
}

}  // namespace detail

namespace io {

class tensor_dict {
  public:
    tensor_dict() = default;
    explicit tensor_dict(files::contents c) : all_(std::move(c)) {}

    auto begin() const { return all_.tensors.begin(); }
    auto end() const { return all_.tensors.end(); }
    std::size_t size() const { return all_.tensors.size(); }
    bool empty() const { return all_.tensors.empty(); }
    // Text by name, which the file keeps.
    text_map& metadata() { return all_.metadata; }
    text_map const& metadata() const { return all_.metadata; }

    bool contains(std::string_view name) const { return find(name) != end(); }
    tensor const& at(std::string_view name) const {
        auto const t = find(name);
        if (t == end())
            throw error("tensor_dict: no tensor is called \"" + detail::printable(name) + "\"; there are " +
                        std::to_string(size()) + (empty() ? "" : ", the first is \"" + detail::printable(begin()->name) + "\""));
        return *t;
    }
    // Its numbers as T's: real ones as any real type, rounded once; others as they are. Every truth value whose byte is
    // not 0 is true.
    template <element T>
    std::vector<T> values(std::string_view name) const {
        tensor const& t = at(name);
        std::vector<std::byte> bytes;
        std::string const failed = files::convert(t, dtype_of<T>, bytes);
        if (!failed.empty()) throw error("tensor_dict: " + detail::printable(t.name) + ": " + failed);
        std::vector<T> made(bytes.size() / sizeof(T));
        for (std::size_t i = 0; i < made.size(); ++i) {
            T x;
            if constexpr (std::same_as<T, bool>)
                x = bytes[i] != std::byte{0};
            else
                std::memcpy(&x, bytes.data() + i * sizeof(T), sizeof(T));
            made[i] = x;
        }
        return made;
    }

    // Adds a tensor; a name that is there is refused.
    void insert(tensor t) {
        if (contains(t.name)) throw error("tensor_dict: \"" + detail::printable(t.name) + "\" is there already");
        all_.tensors.push_back(std::move(t));
    }
    // Of numbers, row-major, that are copied.
    template <element T>
    void insert(std::string name, std::vector<std::uint64_t> shape, std::span<T const> numbers) {
        std::uint64_t size = 1;
        bool fits = true;
        for (std::uint64_t extent : shape) fits = !__builtin_mul_overflow(size, extent, &size) && fits;
        if (!fits || size != numbers.size())
            throw error("tensor_dict: " + detail::printable(name) + ": " + files::description(dtype_of<T>, shape) + " has " +
                        (fits ? std::to_string(size) : "too many") + " elements, and " +
                        std::to_string(numbers.size()) + " numbers are given");
        auto const bytes = std::as_bytes(numbers);
        auto const own = std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end());
        insert(tensor{std::move(name), dtype_of<T>, std::move(shape), *own, own});
    }
    template <element T>
    void insert(std::string name, T number) {
        insert<T>(std::move(name), {}, std::span<T const>(&number, 1));
    }
    // All tensors of another one below a name: "model" gives "model.0.weight". Its metadata is joined to what is here.
    void insert(std::string_view below, tensor_dict const& o) {
        for (tensor t : o) {
            t.name = std::string(below) + "." + t.name;
            insert(std::move(t));
        }
        all_.metadata.insert(o.all_.metadata.begin(), o.all_.metadata.end());
    }
    // Those below a name, without it, and the metadata.
    tensor_dict section(std::string_view below) const {
        std::string const prefix = std::string(below) + ".";
        tensor_dict made;
        made.all_.metadata = all_.metadata;
        for (tensor t : *this)
            if (t.name.starts_with(prefix)) {
                t.name.erase(0, prefix.size());
                made.all_.tensors.push_back(std::move(t));
            }
        return made;
    }
    files::contents const& contents() const { return all_; }

  private:
    std::vector<tensor>::const_iterator find(std::string_view name) const {
        return std::find_if(begin(), end(), [&](tensor const& t) { return t.name == name; });
    }
    files::contents all_;
};

// What a file holds.
inline tensor_dict read(std::string const& path) {
    files::contents c;
    detail::throw_if_failed(files::read(path, c));
    return tensor_dict(std::move(c));
}
// The same of bytes in memory, which are copied; messages call them by this name.
inline tensor_dict read_bytes(std::span<std::byte const> bytes, std::string const& called = "the bytes") {
    auto const own = std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end());
    files::contents c;
    detail::throw_if_failed(files::read_bytes(called, *own, own, c));
    return tensor_dict(std::move(c));
}

}  // namespace io

// Writes safetensors, atomically and durably: see files.hpp.
inline void save(io::tensor_dict const& all, std::string const& path) {
    detail::throw_if_failed(files::write(path, all.contents()));
}

}  // namespace paramorph::inline PARAMORPH_ABI
