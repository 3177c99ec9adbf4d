// Files of tensors, read and written: the interface of the compiled library paramorph-io, in plain types. Programs use
// what pm::io makes of it (tensor_dict.hpp) and pm::save and pm::load (state_dict.hpp).
//
//   safetensors   u64 little-endian length, a JSON object of at most 100 MB that begins with `{`, the bytes. Read where
//                 they lie, memory-mapped. Refused: what is not that, to the byte: holes, overlaps, bytes behind the
//                 last tensor, names twice, unknown fields, sizes that overflow.
//   .npy, .npz    versions 1 to 3, C and Fortran order, little- and big-endian, extents as Python 2 wrote them (3L),
//                 too; members stored or deflated, CRC checked, no encryption; ZIP64. Read only. An .npy holds one
//                 tensor, whose name is the file's without its ending.
//
// Element types: F64 F32 F16 BF16 I64 I32 I8 BOOL; another one is named in the error. Of BOOL every byte but 0 is true,
// which `convert` makes 1, and else it is kept. Rank 0 has one element, an extent of 0 none. Each function answers with
// the sentence of what failed, or with none: it does not know which pm::error its caller has (core/abi.hpp), so nothing
// but std::bad_alloc is thrown.
//
// While tensors of a mapped file are in use, others must not write into the file, as `cp new.safetensors
// model.safetensors`, `rsync --inplace` and torch.save do to a file that is there: the tensors would have the new
// numbers, and a page that is gone ends the process (SIGBUS). What replaces the file (`write`, `mv`, rename(2)) leaves
// the tensors what they were, and so does unlink(2). pm::load holds the mapping until it returns, pm::io::read until
// the last tensor is gone; where others may write at any time, read the bytes and give them to pm::io::read_bytes,
// which copies them.
//
// Cost: opening a safetensors file reads its JSON; numbers stay where they are until they are used. An .npy in Fortran
// order or big-endian, and a deflated member, are copied once. `write` makes one pass and waits until the disk has it.
// Source: the safetensors format; numpy.lib.format; PKWARE's APPNOTE and RFC 1951.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What the compiled library gives. It is the same for every vector unit, so this is not in PARAMORPH_ABI.
namespace paramorph::files::inline v0_1 {

enum class dtype : std::uint8_t { f64, f32, f16, bf16, i64, i32, i8, boolean };
inline constexpr int dtype_count = 8;

// As safetensors writes it.
constexpr std::string_view name_of(dtype t) {
    constexpr std::string_view names[dtype_count]{"F64", "F32", "F16", "BF16", "I64", "I32", "I8", "BOOL"};
    return names[static_cast<int>(t)];
}
constexpr std::size_t bytes_of(dtype t) {
    constexpr std::size_t bytes[dtype_count]{8, 4, 2, 2, 8, 4, 1, 1};
    return bytes[static_cast<int>(t)];
}
// How far from a set, relative to its largest number, an element of the set may lie whose numbers were rounded to a
// type: a few halves of the step between numbers near 1, and for F32 and F64 what computing in them leaves.
constexpr double membership_tolerance(dtype t) {
    return t == dtype::f64 ? 1e-9 : t == dtype::f16 ? 2e-3 : t == dtype::bf16 ? 2e-2 : 1e-4;
}

// A tensor of a file: row-major, little-endian, at any address. Whoever holds a copy keeps `owner`, the memory, alive;
// there is none where the memory is another's.
struct tensor {
    std::string name;
    dtype type = dtype::f32;
    std::vector<std::uint64_t> shape;
    std::span<std::byte const> bytes;
    std::shared_ptr<void const> owner;
};
using text_map = std::map<std::string, std::string>;
struct contents {
    std::vector<tensor> tensors;
    text_map metadata;
};

#define PARAMORPH_IO [[gnu::visibility("default")]]

// "F32 [2, 3]".
PARAMORPH_IO std::string description(dtype, std::vector<std::uint64_t> const&);

// Reads a file, or bytes that `owner` keeps and messages call by this name; the format is seen in the first bytes.
PARAMORPH_IO std::string read(std::string const& path, contents& to);
PARAMORPH_IO std::string read_bytes(std::string const& called, std::span<std::byte const>,
                                    std::shared_ptr<void const> owner, contents& to);

// Writes safetensors, atomically and durably: to a temporary file beside it (`.NAME.PROCESS.COUNT.tmp`), which then
// takes its place; the data reaches the disk before the name does, and the name before this returns. Whatever fails,
// and wherever the process ends, the file is what it was or what it becomes. A file that is there keeps its
// permissions, and a symbolic link is followed. Refused: folders, devices, a file or folder that may not be written,
// the names
// `__metadata__` and those that are not UTF-8 or there twice.
PARAMORPH_IO std::string write(std::string const& path, contents const&);

// The numbers of a tensor as others: F64 F32 F16 BF16 to each of them, each rounded once to the nearest, ties to even;
// NaN and infinities stay, and a finite number that the other type does not hold is refused. Any type to itself.
PARAMORPH_IO std::string convert(tensor const& from, dtype type, std::vector<std::byte>& to);

// A place for a tensor in a program's memory.
// The numbers that a slot of floating point takes from a file.
enum class takes { any, finite, nonnegative, counts };

struct slot {
    std::string name;
    dtype type = dtype::f32;
    std::vector<std::uint64_t> shape;
    void const* from = nullptr;  // what is there; nothing while it is empty
    std::string older{};         // its name in older files
    bool optional = false;       // accepted and not kept
    int diagonal_of = -1;        // signs, which files have on the diagonal of another slot's matrix
    bool counts = false;         // a real number that files have as I64
    takes numbers = takes::any;
};

// What does not fit; each has its tensor's name, expected and found.
struct misfits {
    std::vector<std::string> missing, unexpected, refused;  // refused: shape, type, a number
    std::string advice;                                     // what to do, where that is known
    bool any() const { return !missing.empty() || !unexpected.empty() || !refused.empty(); }
};
// The bytes for each slot, where there are any.
struct fitted {
    std::vector<std::vector<std::byte>> bytes;
    std::vector<bool> there;
};

// The tensors that slots make, in memory of their own, or without `copied` as far as they can in the program's.
PARAMORPH_IO void gather(std::vector<slot> const&, bool copied, contents& to);
// What of a file goes where. Nothing is written. Names that are `used` already are expected, and looked for nowhere.
PARAMORPH_IO void fit(std::vector<slot> const&, std::vector<tensor> const& from, std::vector<std::string> const& used,
                      fitted& to, misfits&);
// All that does not fit, a line each.
PARAMORPH_IO std::string listed(misfits const&);

}  // namespace paramorph::files::inline v0_1
