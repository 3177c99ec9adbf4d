// What a header of `paramorph header` consists of, and how its tensors are found for a network: by PyTorch's keys, with
// a sentence for the first thing that does not fit (embed/tensor_file.hpp). Errors: the compiler's, for the first
// tensor that does not fit: its key, what was expected, what was found. Cost: none at run time; to the compiler a walk
// over at most 4,096 names. Source: torch.nn.Module.load_state_dict with strict=True.
//
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include "paramorph/core/printable.hpp"
#include "paramorph/embed/numbers.hpp"
#include "paramorph/nn/keys.hpp"
#include "paramorph/nn/paths.hpp"

namespace paramorph::inline PARAMORPH_ABI {

// What numbers are stored in. int8: rows of words with a scale for each (embed/int8_words.hpp); other: integers and
// truth values, which no network computes with.
enum class stored : std::uint8_t { f64, f32, f16, bf16, int8, other };

struct stored_tensor {
    std::string_view name;
    stored type;
    extents shape;
    int begin, scales = 0;  // its first byte in the file's bytes, and that of its scales
};
struct tensor_file {
    std::string_view name;  // of the file that it was written from
    stored type;            // of its real numbers, but for those that int8 leaves in float
    stored_tensor const* tensors;
    int count;
    char const* bytes;
    int size;
};

namespace detail {

constexpr bool is_sixteen_bits(stored t) {
    return t == stored::f16 || t == stored::bf16;
}
constexpr std::string_view name_of(stored t) {
    constexpr std::string_view names[]{"float64", "float32", "float16", "bfloat16", "int8", "integers"};
    return names[static_cast<int>(t)];
}

// Text of a file inside of a sentence.
constexpr sentence printed(std::string_view text) {
    sentence made;
    put_printable(text.substr(0, sentence::room), [&](std::string_view piece) { made.append(piece); });
    return made;
}

// A key, put together by the compiler.
struct file_key {
    char text[1024]{};
    std::size_t size = 0;
    constexpr file_key& operator+=(std::string_view s) {
        for (char const c : s) text[size++] = c;
        return *this;
    }
    constexpr file_key& operator+=(char c) {
        text[size++] = c;
        return *this;
    }
    constexpr std::string_view view() const { return {text, size}; }
};

// The position of a key, or -1. Files have the order of the network most often, so the search begins behind the last.
constexpr int position_of(tensor_file const& file, std::string_view key, int last) {
    for (int k = 1; k <= file.count; ++k)
        if (int const at = (last + k) % file.count; file.tensors[at].name == key) return at;
    return -1;
}
constexpr bool any_begins_with(tensor_file const& file, std::string_view text) {
    for (int k = 0; k < file.count; ++k)
        if (file.tensors[k].name.starts_with(text)) return true;
    return false;
}
constexpr bool each_begins_with(tensor_file const& file, std::string_view text) {
    for (int k = 0; k < file.count; ++k)
        if (!file.tensors[k].name.starts_with(text)) return false;
    return file.count > 0;
}

// Does a tensor count the batches of running statistics, which nothing here reads?
constexpr bool counts_batches(tensor_file const& file, stored_tensor const& t) {
    constexpr std::string_view ending = "num_batches_tracked";
    if (!t.name.ends_with(ending) || t.shape.rank != 0) return false;
    file_key mean;
    mean += t.name.substr(0, t.name.size() - ending.size());
    mean += "running_mean";
    return position_of(file, mean.view(), 0) >= 0;
}

// Calls f(key, shape, path, tensor's type, what older names end with) for each value of a network, or each original and
// state, in their order.
template <class M, binding B>
constexpr void for_each_key(auto f) {
    traced_module<M> const m{};
    for_each_path(m, [&]<fixed_string Path, class Tensor>(Tensor const& t) {
        if constexpr (B == binding::values) {
            file_key key;
            key += Path.view();
            f(key, Tensor::shape_type::value, Path.view(), t, std::string_view{});
        } else {
            int leaf = 0;
            Tensor::for_each_index([&](auto k) {
                file_key key;
                append_original_name<Tensor>(key, Path.view(), k);
                f(key, Tensor::traits::template original_shape<k>::value, Path.view(), t, older_ending<Tensor>(leaf++));
            });
            Tensor::for_each_state([&]<class State>(auto stage, auto, State) {
                file_key key;
                append_state_name<State>(key, Path.view(), stage());
                f(key, State::shape_type::value, Path.view(), t, older_ending<Tensor>(leaf++));
            });
        }
    });
}

// Where each value, or original and state, of a network begins in a file; or what does not fit.
template <class M, binding B>
struct places_in_file {
    static constexpr int count = B == binding::values ? counts<M>.tensors : counts<M>.leaves;
    int begin[count + 1]{}, scales[count + 1]{};
    sentence says;
};

// Who put a module of this name around the network.
constexpr sentence origin_of(std::string_view before) {
    for (wrapper const& w : wrappers)
        if (before.substr(0, before.find('.')) == w.part) return sentence(", which ", w.who, " put there");
    return {};
}
// Is the name the key, but for parts of it that are this one?
constexpr bool equals_without_part(std::string_view name, std::string_view part, std::string_view key) {
    bool found = false;
    while (!name.empty()) {
        std::string_view const first = name.substr(0, name.find('.'));
        bool const last = first.size() == name.size();
        std::string_view const with_dot = name.substr(0, first.size() + !last);
        if (first == part && !last)
            found = true;
        else if (!key.starts_with(with_dot))
            return false;
        else
            key.remove_prefix(with_dot.size());
        name.remove_prefix(with_dot.size());
    }
    return found && key.empty();
}
// What to do where a key is missing.
template <binding B, class Tensor>
constexpr sentence advice_for_missing(tensor_file const& file, std::string_view key, std::string_view path,
                                      Tensor const&) {
    for (int k = 0; k < file.count; ++k) {
        std::string_view const name = file.tensors[k].name;
        if (name.size() <= key.size() + 1 || !name.ends_with(key) || name[name.size() - key.size() - 1] != '.')
            continue;
        std::string_view const before = name.substr(0, name.size() - key.size());
        return each_begins_with(file, before)
                   ? sentence("; all keys begin with `", printed(before).view(), "`", origin_of(before).view(),
                              ": write the header with --strip-prefix ", printed(before).view())
                   : sentence("; there is ", printed(name).view(), origin_of(before).view(),
                              ": give the header the tensors below `", printed(before).view(), "` alone, without that");
    }
    for (wrapper const& w : wrappers)
        for (int k = 0; k < file.count; ++k)
            if (equals_without_part(file.tensors[k].name, w.part, key))
                return sentence("; there is ", printed(file.tensors[k].name).view(), ", with what ", w.who,
                                " put there: write the header of what `paramorph convert --strip-part ", w.part,
                                "` makes");
    file_key originals;
    append_parametrized_name(originals, path);
    if (B == binding::values && any_begins_with(file, originals.view()))
        return "; the file has what was trained, and pm::frozen takes values: save pm::freeze(net), or use "
               "pm::live<pm::originals_from<...>>";
    if (B == binding::originals && position_of(file, path, 0) >= 0)
        return "; the file has values: use pm::frozen<pm::values_from<...>>";
    if (B == binding::originals && signs_on_diagonal<Tensor>)
        return "; files have householder's signs on the diagonal of the original: write pm::write_originals(net, path)";
    return "; give the file the key, or the network its tensor's name";
}

template <class M, binding B>
constexpr places_in_file<M, B> find_in_file(tensor_file const& file) {
    places_in_file<M, B> made;
    bool const taken_from = file.count > 0;
    bool taken[1 << 12]{};
    if (file.count > 1 << 12) {
        made.says =
            sentence(printed(file.name).view(), ": has ", file.count, " tensors; at most 4096 are looked through");
        return made;
    }
    constexpr element own = element_of<module_value_type<M>>;
    constexpr stored expected = own == element::f64 ? stored::f64 : stored::f32;
    int part = 0, last = -1;
    sentence missing, shape, type;
    for_each_key<M, B>([&](file_key const& key, extents const& s, std::string_view path, auto const& tensor,
                           std::string_view older_end) {
        int at = taken_from ? position_of(file, key.view(), last) : -1;
        if (at < 0 && taken_from && !older_end.empty()) {
            file_key older;
            older += path;
            older += older_end;
            at = position_of(file, older.view(), last);
        }
        int const k = part++;
        if (at < 0) {
            if (missing.view().empty())
                missing =
                    sentence(printed(file.name).view(), ": ", key.view(), " is missing, expected ", name_of(expected),
                             " ", s, advice_for_missing<B>(file, key.view(), path, tensor).view());
            return;
        }
        last = at;
        taken[at] = true;
        stored_tensor const& t = file.tensors[at];
        made.begin[k] = t.begin;
        made.scales[k] = t.scales;
        if (t.shape != s && shape.view().empty())
            shape =
                sentence(printed(file.name).view(), ": ", key.view(), ": expected the shape ", s, ", found ", t.shape);
        bool const fits =
            t.type == expected || (B == binding::values && t.type == file.type &&
                                   (is_sixteen_bits(t.type) || (t.type == stored::int8 && expected == stored::f32)));
        if (!fits && type.view().empty())
            type = sentence(printed(file.name).view(), ": ", key.view(), ": expected ", name_of(expected), ", found ",
                            name_of(t.type), t.type == stored::other ? "" : "; write the header with --as ",
                            t.type == stored::other ? "" : name_of(expected));
    });
    sentence unexpected;
    for (int k = 0; k < file.count && unexpected.view().empty(); ++k)
        if (!taken[k] && !counts_batches(file, file.tensors[k]))
            unexpected =
                sentence(printed(file.name).view(), ": ", printed(file.tensors[k].name).view(),
                         " is unexpected, found ", file.tensors[k].shape, "; the network has no tensor of this name");
    made.says = !missing.view().empty() ? missing
                : !shape.view().empty() ? shape
                : !type.view().empty()  ? type
                                        : unexpected;
    return made;
}

// Are those tensors in eight bits that the network multiplies rows by?
template <class M, binding B>
constexpr sentence quantized_otherwise(tensor_file const& file, bool const* quantized) {
    int part = 0, last = -1;
    sentence says;
    for_each_key<M, B>([&](file_key const& key, extents const&, std::string_view, auto const&, std::string_view) {
        last = position_of(file, key.view(), last);
        bool const wanted = quantized[part++], is = file.tensors[last].type == stored::int8;
        if (wanted != is && says.view().empty())
            says = is ? sentence(printed(file.name).view(), ": ", key.view(),
                                 ": expected float32, as the network does more with it than to multiply rows, found "
                                 "int8; write the header with --as int8 --keep ",
                                 key.view())
                      : sentence(printed(file.name).view(), ": ", key.view(),
                                 ": expected int8, as the network multiplies rows by it, found float32; write the "
                                 "header without --keep ",
                                 key.view());
    });
    return says;
}

}  // namespace detail

}  // namespace paramorph::inline PARAMORPH_ABI
