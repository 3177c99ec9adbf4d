// What the sources of paramorph-io share. Inside, a failure is thrown; at the library's edge it becomes the answer.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "paramorph/core/printable.hpp"
#include "paramorph/io/files.hpp"

namespace paramorph::files::inline v0_1 {

using detail::printable;

static_assert(std::endian::native == std::endian::little,
              "paramorph-io: the files are little-endian, and so must the machine be");

struct failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What f throws, as an answer.
template <class F>
std::string answer_of(F&& f) {
    try {
        f();
        return {};
    } catch (failure const& e) {
        return e.what();
    }
}

using bytes_view = std::span<std::byte const>;

// A number that lies there, lowest byte first; the caller knows that it does.
template <class T>
T number_at(bytes_view bytes, std::size_t at) {
    T x;
    std::memcpy(&x, bytes.data() + at, sizeof x);
    return x;
}

// Text of a file inside of a message, printable (core/printable.hpp), and cut where it is long.
std::string in_quotes(std::string_view);

// What a file is that begins so and is no safetensors, and what to do.
std::string kind_of_file(std::string_view first);

// What a file of torch.save is refused with.
inline constexpr char const* is_pytorch =
    "expected safetensors, .npy or .npz, found PyTorch's own format, a pickle; in PyTorch, write "
    "safetensors.torch.save_file(net.state_dict(), path)";

// The number of bytes of a tensor; none where 64 bits do not hold it.
std::optional<std::uint64_t> size_in_bytes(dtype, std::vector<std::uint64_t> const& shape);

// Each reads one format. `called` begins messages, and is printable.
void read_safetensors(std::string const& called, bytes_view, std::shared_ptr<void const> owner, contents&);
void read_npz(std::string const& called, bytes_view, contents&);
// Without a name.
tensor read_npy(std::string const& called, bytes_view, std::shared_ptr<void const> owner);

// A safetensors file's first bytes, and the order in which those of the tensors follow.
struct layout {
    std::string head;
    std::vector<std::size_t> order;
};
layout lay_out(contents const&);

// Maps a file; `to_owner` keeps it.
bytes_view map_file(std::string const& path, std::shared_ptr<void const>& to_owner);
// Replaces a file by pieces.
void replace_file(std::string const& path, std::vector<bytes_view> const& pieces);

}  // namespace paramorph::files::inline v0_1
