// Which tensor of a file goes where in a program's memory, and as what numbers.
//
// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "internal.hpp"
#include "names.hpp"
#include "paramorph/core/storage.hpp"

namespace paramorph::files::inline v0_1 {

namespace {

template <class From, class To>
void convert_all(tensor const& t, dtype to_type, std::vector<std::byte>& to) {
    std::size_t const count = t.bytes.size() / sizeof(From);
    to.resize(count * sizeof(To));
    for (std::size_t i = 0; i < count; ++i) {
        auto const stored = number_at<From>(t.bytes, i * sizeof(From));
        using wide = std::conditional_t<sizeof(From) == 8, double, float>;  // exact
        auto const exact = static_cast<wide>(stored);
        To const made(exact);
        if constexpr (!std::is_same_v<To, double>)
            if (std::isinf(static_cast<float>(made)) && !std::isinf(exact)) {
                char text[64];
                std::snprintf(text, sizeof text, sizeof(From) == 8 ? "%.17g" : "%.9g", static_cast<double>(exact));
                throw failure("element " + std::to_string(i) + " (row-major), " + text + ", is beyond what a " +
                              std::string(name_of(to_type)) + " holds");
            }
        std::memcpy(to.data() + i * sizeof(To), &made, sizeof made);
    }
}

template <class To>
void convert_to(tensor const& t, dtype to_type, std::vector<std::byte>& to) {
    switch (t.type) {
        case dtype::f64:
            return convert_all<double, To>(t, to_type, to);
        case dtype::f32:
            return convert_all<float, To>(t, to_type, to);
        case dtype::f16:
            return convert_all<float16, To>(t, to_type, to);
        case dtype::bf16:
            return convert_all<bfloat16, To>(t, to_type, to);
        default:
            break;
    }
}
bool is_real(dtype t) {
    return t == dtype::f64 || t == dtype::f32 || t == dtype::f16 || t == dtype::bf16;
}
bool converts(dtype from, dtype to) {
    return from == to || (is_real(from) && is_real(to));
}

void convert_or_throw(tensor const& from, dtype type, std::vector<std::byte>& to) {
    if (size_in_bytes(from.type, from.shape) != from.bytes.size())
        throw failure(description(from.type, from.shape) + " does not have " + std::to_string(from.bytes.size()) +
                      " bytes");
    if (!converts(from.type, type))
        throw failure("expected " + description(type, from.shape) + ", found " + description(from.type, from.shape));
    if (from.type == type) {
        to.assign(from.bytes.begin(), from.bytes.end());
        if (type == dtype::boolean)
            for (std::byte& b : to) b = std::byte{b != std::byte{0}};
    } else if (type == dtype::f64)
        convert_to<double>(from, type, to);
    else if (type == dtype::f32)
        convert_to<float>(from, type, to);
    else if (type == dtype::f16)
        convert_to<float16>(from, type, to);
    else
        convert_to<bfloat16>(from, type, to);
}

// The number on a matrix' diagonal, whose elements are of a slot's type.
double diagonal_element(slot const& matrix, std::byte const* bytes, std::uint64_t i) {
    std::size_t const at = static_cast<std::size_t>(i * (matrix.shape[1] + 1));
    if (matrix.type == dtype::f32) {
        float x;
        std::memcpy(&x, bytes + at * sizeof x, sizeof x);
        return static_cast<double>(x);
    }
    double x;
    std::memcpy(&x, bytes + at * sizeof x, sizeof x);
    return x;
}

// What a program has as a real number and a file as an integer, and back.
void take_count(slot const& s, tensor const& from, std::vector<std::byte>& to) {
    auto const count = number_at<std::int64_t>(from.bytes, 0);
    if (count < 0) throw failure("expected a count, found " + std::to_string(count));
    auto const wide = static_cast<double>(count);
    auto const narrow = static_cast<float>(count);
    auto const* const made =
        reinterpret_cast<std::byte const*>(s.type == dtype::f32 ? static_cast<void const*>(&narrow) : &wide);
    to.assign(made, made + bytes_of(s.type));
}
std::int64_t count_in(slot const& s) {
    double wide = 0;
    float narrow = 0;
    if (s.from != nullptr)
        std::memcpy(s.type == dtype::f32 ? static_cast<void*>(&narrow) : &wide, s.from, bytes_of(s.type));
    double const x = s.type == dtype::f32 ? static_cast<double>(narrow) : wide;
    return x >= 0 && x < 0x1p63 ? static_cast<std::int64_t>(x) : 0;
}

// Refuses the first number that a slot does not take.
template <class T>
void check_numbers_of(slot const& s, std::vector<std::byte> const& bytes) {
    for (std::size_t i = 0; i < bytes.size() / sizeof(T); ++i) {
        T const x = number_at<T>(bytes, i * sizeof(T));
        bool const good = std::isfinite(x) && (s.numbers == takes::finite || x >= 0) &&
                          (s.numbers != takes::counts || x == std::floor(x));
        if (good) continue;
        char text[64];
        std::snprintf(text, sizeof text, "%.9g", static_cast<double>(x));
        throw failure(std::string("expected ") +
                      (s.numbers == takes::counts        ? "a count"
                       : s.numbers == takes::nonnegative ? "finite numbers that are not negative"
                                                         : "finite numbers") +
                      ", found " + text + " at element " + std::to_string(i) + " (row-major)");
    }
}
void check_numbers(slot const& s, std::vector<std::byte> const& bytes) {
    if (s.numbers == takes::any) return;
    if (s.type == dtype::f32) check_numbers_of<float>(s, bytes);
    if (s.type == dtype::f64) check_numbers_of<double>(s, bytes);
}

// PyTorch reads the signs as integers, so what is nearer to 0 than 1 would be none.
void take_signs(slot const& s, slot const& matrix, std::vector<std::byte> const& from, std::vector<std::byte>& to) {
    std::size_t const width = bytes_of(s.type);
    to.resize(static_cast<std::size_t>(s.shape[0]) * width);
    for (std::uint64_t i = 0; i < s.shape[0]; ++i) {
        double const x = diagonal_element(matrix, from.data(), i);
        if (!(std::abs(x) >= 1 && std::abs(x) < 2)) {
            char text[64];
            std::snprintf(text, sizeof text, "%.9g", x);
            throw failure("expected 1 or -1, householder's signs, on the diagonal, found " + std::string(text) +
                          " in row " + std::to_string(i));
        }
        double const wide = x > 0 ? 1 : -1;
        auto const narrow = static_cast<float>(wide);
        std::memcpy(to.data() + i * width, s.type == dtype::f32 ? static_cast<void const*>(&narrow) : &wide, width);
    }
}

// "0.weight" of its original, "0.parametrizations.weight.original"; nothing of what is no original.
std::string value_named_by(std::string const& name) {
    constexpr std::string_view word = "parametrizations.";
    std::size_t const at = name.find(word);
    if (at == name.npos || (at > 0 && name[at - 1] != '.')) return {};
    std::size_t const begin = at + word.size(), end = name.find('.', begin), last = name.rfind('.');
    if (end == name.npos || name.compare(last, 9, ".original") != 0) return {};
    return name.substr(0, at) + name.substr(begin, end - begin);
}

// What to do where names are missing, if that is known.
std::string advice(std::vector<slot> const& slots, std::vector<tensor> const& from) {
    std::vector<std::string> values;  // which pm::through_right_inverse takes
    for (slot const& s : slots) values.push_back(value_named_by(s.name));
    std::vector<std::string_view> wanted(values.begin(), values.end()), found;
    std::erase(wanted, "");
    for (slot const& s : slots) {
        wanted.push_back(s.name);
        if (!s.older.empty()) wanted.push_back(s.older);
    }
    for (tensor const& t : from) found.push_back(t.name);
    std::unordered_set<std::string_view> const names(found.begin(), found.end());
    constexpr char const* of_optimizers = "learning_rate_factor";
    if (names.contains(of_optimizers) && std::find(wanted.begin(), wanted.end(), of_optimizers) == wanted.end())
        return "the file has the state of an optimizer: give the network's, or load it by pm::load(optimizer, path)";
    if (renaming const r = renaming_of(wanted, found); r.what == renaming::kind::prefix) {
        std::string const text = printable(r.text), below = text.substr(0, text.size() - 1);
        return (r.all ? "all names of the file begin with `" : "the file has these names below `") + text + "`" +
               r.origin + ": load pm::io::read(path).section(\"" + below + "\") by pm::load_state_dict" +
               (r.all ? ", or write a file without by `paramorph convert --strip-prefix " + text + "`" : "");
    } else if (r)
        return "the file has these names with `" + printable(r.text) + "` in them" + r.origin +
               ": write a file without by `paramorph convert --strip-part " + printable(r.text) + "`";
    if (renaming const r = renaming_of(found, wanted); r.what == renaming::kind::prefix)
        return "the file has what is below `" + r.text +
               "` here: load it into that member, or write a file with these " +
               "names by `paramorph convert --add-prefix " + r.text + "`";
    for (std::size_t k = 0; k < slots.size(); ++k)
        if (!names.contains(slots[k].name) && !values[k].empty() && names.contains(values[k]))
            return "the file has values, " + values[k] +
                   ", and the network what they are computed from: load it with " + "pm::through_right_inverse";
    for (slot const& s : slots) {
        std::size_t const member = s.name.rfind('.') + 1;
        std::string const below = s.name.substr(0, member) + "parametrizations." + s.name.substr(member) + ".";
        auto const is_below = [&](std::string_view name) { return name.starts_with(below); };
        if (!names.contains(s.name) && std::any_of(found.begin(), found.end(), is_below))
            return "the file has what " + s.name + " is computed from, and the network the value: give its type the " +
                   "parametrization, or a file of values, which pm::save(pm::freeze(net), path) writes";
    }
    return {};
}

}  // namespace

std::string convert(tensor const& from, dtype type, std::vector<std::byte>& to) {
    return answer_of([&] { convert_or_throw(from, type, to); });
}

void gather(std::vector<slot> const& slots, bool copied, contents& to) {
    std::vector<std::size_t> made(slots.size());
    for (std::size_t k = 0; k < slots.size(); ++k) {
        slot const& s = slots[k];
        std::size_t const size = static_cast<std::size_t>(size_in_bytes(s.type, s.shape).value_or(0));
        bytes_view const there{static_cast<std::byte const*>(s.from), size};
        if (s.diagonal_of >= 0) {  // into the copy of its matrix
            slot const& matrix = slots[static_cast<std::size_t>(s.diagonal_of)];
            tensor& t = to.tensors[made[static_cast<std::size_t>(s.diagonal_of)]];
            auto with = std::make_shared<std::vector<std::byte>>(t.bytes.begin(), t.bytes.end());
            std::size_t const width = bytes_of(s.type);
            for (std::size_t i = 0; i < s.shape[0]; ++i)
                std::memcpy(with->data() + i * static_cast<std::size_t>(matrix.shape[1] + 1) * width,
                            there.data() + i * width, width);
            t.bytes = *with, t.owner = with;
            continue;
        }
        made[k] = to.tensors.size();
        if (s.counts) {
            auto const count = count_in(s);
            auto const* const bytes = reinterpret_cast<std::byte const*>(&count);
            auto own = std::make_shared<std::vector<std::byte>>(bytes, bytes + sizeof count);
            to.tensors.push_back({s.name, dtype::i64, s.shape, *own, own});
            continue;
        }
        tensor t{s.name, s.type, s.shape, there, nullptr};
        if (copied) {
            auto copy = std::make_shared<std::vector<std::byte>>(there.begin(), there.end());
            t.bytes = *copy, t.owner = copy;
        }
        to.tensors.push_back(std::move(t));
    }
}

void fit(std::vector<slot> const& slots, std::vector<tensor> const& from, std::vector<std::string> const& used,
         fitted& to, misfits& wrong) {
    std::unordered_map<std::string_view, tensor const*> by_name;
    for (tensor const& t : from) by_name.emplace(t.name, &t);
    std::unordered_set<std::string_view> taken(used.begin(), used.end());
    to.bytes.assign(slots.size(), {}), to.there.assign(slots.size(), false);
    auto const find = [&](std::string const& name) {
        auto const at = name.empty() || taken.contains(name) ? by_name.end() : by_name.find(name);
        return at == by_name.end() ? nullptr : at->second;
    };
    for (std::size_t k = 0; k < slots.size(); ++k) {
        slot const& s = slots[k];
        if (taken.contains(s.name)) continue;
        tensor const* t = find(s.name);
        if (t == nullptr) t = find(s.older);
        bool const from_diagonal = t == nullptr && s.diagonal_of >= 0;
        if (from_diagonal) {
            auto const matrix = static_cast<std::size_t>(s.diagonal_of);
            if (!to.there[matrix]) continue;  // its matrix is said to be missing, or refused
            std::string const failed = answer_of([&] { take_signs(s, slots[matrix], to.bytes[matrix], to.bytes[k]); });
            if (failed.empty())
                to.there[k] = true;
            else
                wrong.refused.push_back(slots[matrix].name + ": " + failed), to.there[matrix] = false;
        } else if (t == nullptr) {
            if (!s.optional) wrong.missing.push_back(s.name + ": expected " + description(s.type, s.shape));
        } else {
            taken.insert(t->name);
            if (s.counts && t->type == dtype::i64 && t->shape.empty() && t->bytes.size() == sizeof(std::int64_t)) {
                std::string const failed = answer_of([&] { take_count(s, *t, to.bytes[k]); });
                if (failed.empty())
                    to.there[k] = true;
                else
                    wrong.refused.push_back(t->name + ": " + failed);
            } else if (t->shape != s.shape || !converts(t->type, s.type))
                wrong.refused.push_back(t->name + ": expected " + description(s.type, s.shape) + ", found " +
                                        description(t->type, t->shape));
            else {
                std::string failed = convert(*t, s.type, to.bytes[k]);
                if (failed.empty()) failed = answer_of([&] { check_numbers(s, to.bytes[k]); });
                if (failed.empty())
                    to.there[k] = true;
                else
                    wrong.refused.push_back(t->name + ": " + failed);
            }
        }
    }
    if (!wrong.missing.empty()) wrong.advice = advice(slots, from);
    for (tensor const& t : from)
        if (!taken.contains(t.name))
            wrong.unexpected.push_back(printable(t.name) + ": found " + description(t.type, t.shape));
}

std::string listed(misfits const& m) {
    std::string text;
    for (auto const& x : m.missing) text += "\n  missing: " + x;
    for (auto const& x : m.unexpected) text += "\n  unexpected: " + x;
    for (auto const& x : m.refused) text += "\n  " + x;
    if (!m.advice.empty()) text += "\n  " + m.advice;
    return text;
}

}  // namespace paramorph::files::inline v0_1
