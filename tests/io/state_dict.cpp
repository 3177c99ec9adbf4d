// Checkpoints of networks: names, what is strict about them, what is converted, and what comes through right_inverse.
//
// SPDX-License-Identifier: BSL-1.0
#include <fstream>
#include <tuple>

#include "catch.hpp"
#include "folder.hpp"
#include "paramorph/io.hpp"
#include "paramorph/nn/batch_norm.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/param/orthogonal.hpp"
#include "paramorph/param/positive.hpp"
#include "paramorph/param/spectral_norm.hpp"
#include "paramorph/param/symmetric.hpp"
#include "paramorph/param/weight_norm.hpp"
#include "refusal.hpp"

namespace pm = paramorph;
using Catch::Matchers::ContainsSubstring;

namespace {

static_assert(pm::io::dtype_of<double> == pm::io::dtype::f64 && pm::io::dtype_of<bool> == pm::io::dtype::boolean);
static_assert(pm::io::element<std::int8_t> && !pm::io::element<std::uint8_t>);

// No program of it is compiled: it is filled by loading.
using model =
    pm::nn::sequential<pm::nn::linear<3, 3, pm::weight<pm::param::orthogonal<pm::param::orthogonal_map::householder>>>,
                       pm::nn::linear<3, 2, pm::weight<pm::param::weight_norm<>>>, pm::nn::batch_norm<2>,
                       pm::nn::linear<2, 2, pm::weight<pm::param::symmetric>, pm::bias<pm::param::positive>>,
                       pm::nn::linear<2, 2, pm::weight<pm::param::spectral_norm<>>>>;

// PyTorch's keys, in the order of the modules, and shapes.
std::vector<std::pair<std::string, std::vector<std::uint64_t>>> const keys{
    {"0.parametrizations.weight.original", {3, 3}},
    {"0.parametrizations.weight.0.base", {3, 3}},
    {"0.bias", {3}},
    {"1.parametrizations.weight.original0", {2, 1}},
    {"1.parametrizations.weight.original1", {2, 3}},
    {"1.bias", {2}},
    {"2.weight", {2}},
    {"2.bias", {2}},
    {"2.running_mean", {2}},
    {"2.running_var", {2}},
    {"3.parametrizations.weight.original", {2, 2}},
    {"3.parametrizations.bias.original", {2}},
    {"4.parametrizations.weight.original", {2, 2}},
    {"4.parametrizations.weight.0._u", {2}},
    {"4.parametrizations.weight.0._v", {2}},
    {"4.bias", {2}},
};
model some_network(float x = 0.25f) {
    pm::io::tensor_dict d;
    for (auto const& [key, shape] : keys) {
        std::vector<float> numbers(shape.size() == 1 ? shape[0] : shape[0] * shape[1]);
        for (float& e : numbers) e = x, x = -0.9f * x + 0.1f;
        if (key == "0.parametrizations.weight.original") numbers[0] = numbers[8] = 1, numbers[4] = -1;  // the signs
        d.insert<float>(key, shape, numbers);
    }
    model net;
    pm::load_state_dict(net, d);
    return net;
}
std::vector<float> numbers_of(model const& net) {
    std::vector<float> all;
    pm::for_each_tensor(net, [&](auto const& t) { t.append_leaves(all); });
    return all;
}
// A dict of some tensors of another one, and the rest changed by f.
pm::io::tensor_dict without(pm::io::tensor_dict const& d, std::string const& name) {
    pm::io::tensor_dict made;
    for (auto const& t : d)
        if (t.name != name) made.insert(t);
    return made;
}

}  // namespace

TEST_CASE("state_dict has PyTorch's keys, and what is saved is loaded bit for bit, into an empty network too") {
    test::folder const in;
    model const net = some_network();
    auto const state = pm::state_dict(net);
    CHECK(state.size() == keys.size() + 1);
    for (auto const& [key, shape] : keys)
        CHECK((state.at(key).shape == shape && state.at(key).type == pm::io::dtype::f32));
    CHECK(state.values<std::int64_t>("2.num_batches_tracked") == std::vector<std::int64_t>{0});
    // Householder's signs are state here; there they are on the diagonal of its original, where it reads nothing.
    CHECK(pm::get<0>(net).weight.state<0, 1>()(1) == -1);
    auto moved = net;
    pm::get<0>(moved).weight.original()(1, 1) = 7;
    CHECK(pm::state_dict(moved).values<float>("0.parametrizations.weight.original").at(4) == -1);
    pm::save(net, in / "net");
    CHECK(pm::io::read(in / "net").metadata() == pm::io::text_map{{"format", "pt"}});

    auto other = some_network(0.5f);
    pm::get<1>(other).bias.requires_gradient(false);
    auto const report = pm::load(other, in / "net");
    CHECK((report.complete() && report.metadata == pm::io::text_map{{"format", "pt"}}));
    CHECK(numbers_of(other) == numbers_of(net));
    CHECK(!pm::get<1>(other).bias.requires_gradient());
    model empty;
    pm::load(empty, in / "net");
    CHECK(numbers_of(empty) == numbers_of(net));
    // What is loaded over the file that it came from is kept.
    auto const mapped = pm::io::read(in / "net");
    pm::save(other, in / "net");
    pm::load_state_dict(empty, mapped);
    pm::load(empty, in / "net");
    CHECK(numbers_of(empty) == numbers_of(net));
    CHECK(in.count() == 1);
    CHECK_THAT(refusal_of([&] { pm::save(model{}, in / "x"); }), ContainsSubstring("0.weight is empty"));
    // A network of doubles takes floats exactly.
    pm::nn::linear<3, 2, pm::element_type<double>> wide{pm::seed{0}};
    pm::nn::linear<3, 2> narrow{pm::seed{1}};
    pm::load_state_dict(wide, pm::state_dict(narrow));
    CHECK(wide.weight()(1, 2) == double(narrow.weight()(1, 2)));
    pm::load_state_dict(narrow, pm::state_dict(wide));
}

TEST_CASE("strict: all that does not fit is said at once, and nothing is changed") {
    model net = some_network();
    auto const before = numbers_of(net);
    auto const source = pm::state_dict(some_network(0.75f));
    auto d = without(without(without(source, "0.bias"), "1.parametrizations.weight.original1"), "2.running_var");
    d = without(without(d, "3.parametrizations.bias.original"), "4.bias");
    d.insert<float>("1.parametrizations.weight.original1", {3, 2}, std::vector<float>(6));
    d.insert<std::int64_t>("2.running_var", {2}, std::vector<std::int64_t>(2));
    d.insert<double>("4.bias", {2}, std::vector<double>{1, 1e300});
    d.insert("extra", 1.f);
    std::string const says = refusal_of([&] { pm::load_state_dict(net, d); });
    CHECK_THAT(says, ContainsSubstring("does not fit the network; nothing was changed:"));
    CHECK_THAT(says, ContainsSubstring("missing: 0.bias: expected F32 [3]"));
    CHECK_THAT(says, ContainsSubstring("missing: 3.parametrizations.bias.original: expected F32 [2]"));
    CHECK_THAT(says, ContainsSubstring("unexpected: extra: found F32 []"));
    CHECK_THAT(says, ContainsSubstring("1.parametrizations.weight.original1: expected F32 [2, 3], found F32 [3, 2]"));
    CHECK_THAT(says, ContainsSubstring("2.running_var: expected F32 [2], found I64 [2]"));
    CHECK_THAT(says, ContainsSubstring("4.bias: element 1 (row-major), 1.0000000000000001e+300"));
    CHECK(numbers_of(net) == before);
    model empty;
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(empty, d); }), ContainsSubstring("unexpected"));
    CHECK((pm::get<0>(empty).weight.empty() && pm::get<2>(empty).weight.empty()));

    auto const r = pm::load_state_dict(net, d, pm::relaxed);
    CHECK((r.missing.size() == 2 && r.unexpected.size() == 1 && r.refused.size() == 3 && !r.complete()));
    for (char const* fits :
         {"4.parametrizations.weight.original", "0.parametrizations.weight.0.base", "2.running_mean"})
        CHECK(pm::state_dict(net).values<float>(fits) == source.values<float>(fits));
    for (char const* not_there : {"0.bias", "2.running_var", "4.bias"})
        CHECK(pm::state_dict(net).values<float>(not_there) == pm::state_dict(some_network()).values<float>(not_there));
    // Of an empty tensor nothing is loaded where a part is missing.
    auto const q = pm::load_state_dict(empty, d, pm::relaxed);
    CHECK(pm::get<1>(empty).weight.empty());
    CHECK(!pm::get<0>(empty).weight.empty());
    CHECK(std::any_of(q.refused.begin(), q.refused.end(),
                      [](auto& x) { return x.starts_with("1.weight: the tensor is empty"); }));

    // Householder's signs must be signs; num_batches_tracked must be an integer, and may be missing.
    auto signs = without(pm::state_dict(some_network()), "0.parametrizations.weight.original");
    signs.insert<float>("0.parametrizations.weight.original", {3, 3}, std::vector<float>{1, 0, 0, 0, 0.5f, 0, 0, 0, 1});
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(net, signs); }), ContainsSubstring("found 0.5 in row 1"));
    auto counted = without(pm::state_dict(some_network()), "2.num_batches_tracked");
    CHECK(pm::load_state_dict(net, counted).complete());
    counted.insert("2.num_batches_tracked", std::int64_t{17});
    CHECK(pm::load_state_dict(net, counted).complete());
    counted = without(counted, "2.num_batches_tracked");
    counted.insert("2.num_batches_tracked", 17.f);
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(net, counted); }),
               ContainsSubstring("expected I64 [], found F32 []"));

    // Running statistics.
    auto const running = [&](char const* name, float number) {
        auto d = without(pm::state_dict(some_network()), name);
        d.insert<float>(name, {2}, std::vector<float>{1, number});
        return d;
    };
    float const nan = std::numeric_limits<float>::quiet_NaN();
    auto const unchanged = pm::state_dict(net);
    for (float const bad : {-1.f, -1e-45f, nan})
        CHECK_THAT(refusal_of([&] { pm::load_state_dict(net, running("2.running_var", bad)); }),
                   ContainsSubstring("2.running_var: expected finite numbers that are not negative, found") &&
                       ContainsSubstring("at element 1 (row-major)") && ContainsSubstring("nothing was changed"));
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(net, running("2.running_mean", nan)); }),
               ContainsSubstring("2.running_mean: expected finite numbers, found nan"));
    for (auto const& x : unchanged)
        if (x.type == pm::io::dtype::f32)
            CHECK(pm::state_dict(net).values<float>(x.name) == unchanged.values<float>(x.name));
    CHECK(pm::load_state_dict(net, running("2.running_mean", -1.f)).complete());
    CHECK(pm::load_state_dict(net, running("2.running_var", 0.f)).complete());
    CHECK(pm::load_state_dict(net, running("2.running_var", -1.f), pm::relaxed).refused.size() == 1);
    CHECK(pm::state_dict(net).values<float>("2.running_var") == std::vector<float>{1, 0});

    // One that was given another shape as what it is derived from is refused before anything is changed.
    pm::nn::linear<64, 64> large{pm::seed{0}};
    auto const whole = pm::state_dict(large);
    static_cast<pm::container<pm::shape<64, 64>>&>(large.weight.original()).resize({1, 1});
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(large, whole); }), ContainsSubstring("another shape"));
}

TEST_CASE("names that DataParallel put `module.` before: what to do is said") {
    model net = some_network();
    pm::io::tensor_dict below;
    below.insert("module", pm::state_dict(some_network(0.75f)));
    auto const before = numbers_of(net);
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(net, below); }),
               ContainsSubstring("missing: 0.bias: expected F32 [3]") &&
                   ContainsSubstring("all names of the file begin with `module.`, which DataParallel puts there") &&
                   ContainsSubstring("--strip-prefix module."));
    CHECK(numbers_of(net) == before);
    pm::load_state_dict(net, below.section("module"));
    CHECK(numbers_of(net) == numbers_of(some_network(0.75f)));
    below.insert("extra", 1.f);  // now not all of them
    std::string const says = refusal_of([&] { pm::load_state_dict(net, below); });
    CHECK_THAT(says, ContainsSubstring("the file has these names below `module.`, which DataParallel puts there: load "
                                       "pm::io::read(path).section(\"module\") by pm::load_state_dict"));
    CHECK(says.find("--strip-prefix") == std::string::npos);
}

TEST_CASE("names that wrappers put something before or into: what to do is said") {
    test::folder const in;
    model net = some_network();
    auto const own = pm::state_dict(some_network(0.75f));
    auto const renamed = [&](auto&& f) {
        pm::io::tensor_dict made;
        for (auto t : own) t.name = f(t.name), made.insert(t);
        pm::save(made, in / "renamed");
        return refusal_of([&] { pm::load(net, in / "renamed"); });
    };
    for (auto const& [before, section, who] :
         {std::tuple{"_orig_mod.", "_orig_mod", ", which torch.compile puts there"},
          {"model.", "model", ", which Lightning puts there"},
          {"state_dict.model.", "state_dict.model", ", which Lightning puts there"},
          {"module._orig_mod.", "module._orig_mod", ", which DataParallel and torch.compile put there"},
          {"encoder.", "encoder", ""}}) {
        std::string const prefix = before;
        CHECK_THAT(renamed([&](std::string const& name) { return prefix + name; }),
                   ContainsSubstring("\n  all names of the file begin with `" + prefix + "`" + who +
                                     ": load pm::io::read(path).section(\"" + section +
                                     "\") by pm::load_state_dict, or write a file without by `paramorph convert "
                                     "--strip-prefix " +
                                     prefix + "`"));
        CHECK(pm::load_state_dict(net, pm::io::read(in / "renamed").section(section)).complete());
        CHECK(numbers_of(net) == numbers_of(some_network(0.75f)));
    }
    // Where what fits is loaded, nothing is; the answer says why.
    auto const r = pm::load_state_dict(net, pm::io::read(in / "renamed"), pm::relaxed);
    CHECK((r.missing.size() == keys.size() && r.advice.starts_with("all names of the file begin with `encoder.`")));
    // Some of the modules were compiled each by itself; and older names below a prefix.
    CHECK_THAT(renamed([](std::string const& name) {
                   return name[0] < '3' ? name.substr(0, 1) + "._orig_mod" + name.substr(1) : name;
               }),
               ContainsSubstring("the file has these names with `_orig_mod` in them, which torch.compile puts there: "
                                 "write a file without by `paramorph convert --strip-part _orig_mod`"));
    CHECK_THAT(renamed([](std::string const& name) {
                   return name == "1.parametrizations.weight.original0" ? "module.1.weight_g"
                          : name == "0.bias"                            ? "module.0.biases"
                                                                        : "module." + name;
               }),
               ContainsSubstring("all names of the file begin with `module.`"));
    // The file has one member of the network; another network's; what is nearly right needs no advice.
    pm::nn::sequential<pm::nn::sequential<pm::nn::linear<3, 2>>> outer;
    pm::nn::linear<3, 2> inner{pm::seed{0}};
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(outer, pm::state_dict(inner)); }),
               ContainsSubstring("the file has what is below `0.0.` here: load it into that member, or write a file "
                                 "with these names by `paramorph convert --add-prefix 0.0.`"));
    std::string const other = renamed([](std::string const& name) { return "x" + name; });
    CHECK(other.find("`") == other.npos);
    std::string const near = renamed([](std::string const& name) { return name == "0.bias" ? "a.0.bias" : name; });
    CHECK(near.find("`") == near.npos);
    // Values for what is computed from originals, and the other way.
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(net, pm::state_dict(pm::freeze(net))); }),
               ContainsSubstring("the file has values, 0.weight, and the network what they are computed from: load it "
                                 "with pm::through_right_inverse"));
    pm::unparametrized<model> plain;
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(plain, own); }),
               ContainsSubstring("the file has what 0.weight is computed from, and the network the value"));
}

TEST_CASE("truth values: every byte but 0 is true") {
    std::vector<std::byte> const bytes{std::byte{0}, std::byte{1}, std::byte{2}, std::byte{255}};
    pm::io::tensor_dict d;
    d.insert(pm::io::tensor{"b", pm::io::dtype::boolean, {4}, bytes, nullptr});
    CHECK(d.values<bool>("b") == std::vector<bool>{false, true, true, true});
    std::vector<std::byte> made;
    CHECK(pm::files::convert(d.at("b"), pm::io::dtype::boolean, made).empty());
    CHECK((made == std::vector<std::byte>{std::byte{0}, std::byte{1}, std::byte{1}, std::byte{1}}));
}

TEST_CASE("a file that others write into while it is mapped, and one that is replaced") {
    test::folder const in;
    pm::io::tensor_dict d;
    d.insert<float>("w", {2}, std::vector<float>{1, 2});
    pm::save(d, in / "f");
    auto const mapped = pm::io::read(in / "f");
    auto const copied = [&] {
        auto const bytes = test::content_of(in / "f");
        return pm::io::read_bytes(bytes);
    }();
    {  // in place, as files.hpp says
        std::fstream at(in / "f", std::ios::in | std::ios::out | std::ios::binary);
        float const numbers[]{3, 4};
        at.seekp(-static_cast<std::streamoff>(sizeof numbers), std::ios::end);
        at.write(reinterpret_cast<char const*>(numbers), sizeof numbers);
    }
    CHECK(mapped.values<float>("w") == std::vector<float>{3, 4});
    CHECK(copied.values<float>("w") == std::vector<float>{1, 2});
    pm::save(d, in / "g");
    std::filesystem::rename(in / "g", in / "f");
    CHECK(mapped.values<float>("w") == std::vector<float>{3, 4});
    CHECK(pm::io::read(in / "f").values<float>("w") == std::vector<float>{1, 2});
}

TEST_CASE("a file takes its own place while its tensors are in use, and frozen networks have values only") {
    test::folder const in;
    auto const net = some_network();
    pm::save(net, in / "f");
    auto const mapped = pm::io::read(in / "f");
    pm::save(mapped, in / "f");
    auto const again = pm::io::read(in / "f");
    REQUIRE(again.size() == mapped.size());
    for (auto const& t : mapped) CHECK(std::ranges::equal(t.bytes, again.at(t.name).bytes));

    auto const frozen = pm::freeze(net);
    pm::save(frozen, in / "g");
    auto const values = pm::io::read(in / "g");
    auto const of = frozen.value<"1.weight">();
    CHECK(values.values<float>("1.weight") == std::vector<float>(of.begin(), of.end()));
    CHECK((values.contains("0.weight") && !values.contains("0.parametrizations.weight.original")));
    CHECK(pm::state_dict(frozen).size() == values.size());
    pm::unparametrized<model> plain;
    pm::load(plain, in / "g");
    CHECK(pm::get<"1.weight">(plain)() == of);
}

TEST_CASE("older names of weight_norm and spectral_norm, and half precision", "[behaviour-51]") {
    model net = some_network();
    pm::io::tensor_dict old;
    for (auto t : pm::state_dict(net)) {
        for (auto const& [now, then] : {std::pair{"1.parametrizations.weight.original0", "1.weight_g"},
                                        {"1.parametrizations.weight.original1", "1.weight_v"},
                                        {"4.parametrizations.weight.original", "4.weight_orig"},
                                        {"4.parametrizations.weight.0._u", "4.weight_u"},
                                        {"4.parametrizations.weight.0._v", "4.weight_v"}})
            if (t.name == now) t.name = then;
        old.insert(t);
    }
    auto other = some_network(0.5f);
    CHECK(pm::load_state_dict(other, old).complete());
    CHECK(numbers_of(other) == numbers_of(net));
    // Both at once: the older one is not expected.
    old.insert("1.parametrizations.weight.original0", 1.f);
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(other, old); }), ContainsSubstring("unexpected: 1.weight_g"));

    pm::nn::linear<2, 2> layer{pm::seed{0}};
    pm::io::tensor_dict half;
    half.insert<pm::float16>("weight", {2, 2},
                             std::vector{pm::float16(0.1f), pm::float16(2.f), pm::float16(-3.f), pm::float16(0.f)});
    half.insert<pm::bfloat16>("bias", {2}, std::vector{pm::bfloat16(0.1f), pm::bfloat16(7.f)});
    pm::load_state_dict(layer, half);
    CHECK((layer.weight()(0, 0) == float(pm::float16(0.1f)) && layer.bias()(0) == float(pm::bfloat16(0.1f))));
}

TEST_CASE("through_right_inverse: plain weights become originals, and one outside of its set is refused") {
    using constrained =
        pm::nn::sequential<pm::nn::linear<2, 2, pm::weight<pm::param::symmetric>, pm::bias<pm::param::positive>>,
                           pm::nn::linear<3, 2, pm::weight<pm::param::weight_norm<>>>>;
    auto net = pm::make<constrained>(pm::seed{0});
    auto const with = [&](std::vector<float> s, std::vector<float> positive) {
        pm::io::tensor_dict d;
        d.insert<float>("0.weight", {2, 2}, s);
        d.insert<float>("0.bias", {2}, positive);
        d.insert<float>("1.weight", {2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6});
        d.insert<float>("1.bias", {2}, std::vector<float>{7, 8});
        return d;
    };
    auto const good = with({1, 2, 2, 3}, {0.5f, 2});
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(net, good); }), ContainsSubstring("unexpected: 0.weight"));
    CHECK(pm::load_state_dict(net, good, pm::through_right_inverse).complete());
    CHECK((pm::get<0>(net).weight()(1, 0) == 2 && pm::get<1>(net).bias()(1) == 8));
    CHECK(std::abs(pm::get<1>(net).weight()(1, 2) - 6) < 1e-5f);
    constrained empty;
    CHECK(pm::load_state_dict(empty, good, pm::through_right_inverse).complete());
    CHECK(pm::get<0>(empty).weight()(1, 0) == 2);
    // Originals that are there go before.
    auto const own = pm::state_dict(net);
    CHECK(pm::load_state_dict(empty, own, pm::through_right_inverse).complete());

    auto const bytes_of = [](auto const& n) {
        auto const d = pm::state_dict(n);
        return std::pair(d.template values<float>("0.parametrizations.weight.original"),
                         d.template values<float>("1.bias"));
    };
    auto const before = bytes_of(net);
    auto const bad = with({1, 2, 2.5f, 3}, {0.5f, -2});
    std::string const says = refusal_of([&] { pm::load_state_dict(net, bad, pm::through_right_inverse); });
    CHECK_THAT(
        says, ContainsSubstring("0.weight: assignment: the parametrization cannot make this value; what it makes of it "
                                "differs by 0.5 at element 2"));
    CHECK_THAT(says, ContainsSubstring("0.bias: ") &&
                         ContainsSubstring("the nearest element of its set differs by 2 at element 1"));
    CHECK(says.find("missing") == says.npos);
    CHECK((bytes_of(net) == before));
    auto const r = pm::load_state_dict(net, bad, pm::through_right_inverse, pm::relaxed);
    CHECK((r.refused.size() == 2 && r.missing.empty() && r.unexpected.empty()));
    CHECK((bytes_of(net).first == before.first));

    auto shaped = without(good, "0.weight");
    shaped.insert<float>("0.weight", {4}, std::vector<float>(4));
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(net, shaped, pm::through_right_inverse); }),
               ContainsSubstring("0.weight: expected F32 [2, 2], found F32 [4]"));
}

namespace {

// Counts its batches itself.
struct counting {
    pm::buffer<pm::shape<2>> running_mean, running_var;
    pm::buffer<pm::shape<>> num_batches_tracked;
    constexpr auto forward(auto x) const { return x - running_mean; }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(counting, running_mean, running_var, num_batches_tracked);

TEST_CASE("modules of others, parametrized after the fact, and originals that are parametrized themselves") {
    using nested = pm::parametrize<pm::nn::linear<3, 2>, pm::at<"weight", pm::param::weight_norm<>>,
                                   pm::at<"weight.original0", pm::param::positive>>;
    pm::io::tensor_dict d;
    d.insert<float>("parametrizations.weight.parametrizations.original0.original", {2, 1}, std::vector<float>{1, 2});
    d.insert<float>("parametrizations.weight.original1", {2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6});
    d.insert<float>("bias", {2}, std::vector<float>{7, 8});
    nested net;
    CHECK(pm::load_state_dict(net, d).complete());
    CHECK((pm::get<"weight">(net).original<0>()(1, 0) == 2 && pm::get<"weight">(net).original<1>()(1, 2) == 6));
    for (auto const& t : pm::state_dict(net))
        CHECK(d.values<float>(t.name) == pm::state_dict(net).values<float>(t.name));

    counting counts;
    pm::io::tensor_dict c;
    c.insert<float>("running_mean", {2}, std::vector<float>{1, 2});
    c.insert<float>("running_var", {2}, std::vector<float>{3, 4});
    c.insert("num_batches_tracked", 5.f);
    CHECK(pm::load_state_dict(counts, c).complete());
    CHECK(counts.num_batches_tracked()() == 5);
    auto state = pm::state_dict(counts);
    CHECK((state.size() == 3 && state.values<std::int64_t>("num_batches_tracked").at(0) == 5));  // as PyTorch's
    auto const with = [&](std::int64_t count) {
        pm::io::tensor_dict made;
        for (auto const& x : state)
            if (x.name != "num_batches_tracked") made.insert(x);
        made.insert("num_batches_tracked", count);
        return made;
    };
    CHECK(pm::load_state_dict(counts, with(1 << 20)).complete());
    CHECK(counts.num_batches_tracked()() == 1 << 20);
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(counts, with(-1)); }),
               ContainsSubstring("num_batches_tracked: expected a count, found -1"));
    CHECK(counts.num_batches_tracked()() == 1 << 20);
    for (float const bad : {-1.f, 0.5f, std::numeric_limits<float>::quiet_NaN()}) {
        pm::io::tensor_dict made;
        for (auto const& x : state)
            if (x.name != "num_batches_tracked") made.insert(x);
        made.insert("num_batches_tracked", bad);
        CHECK_THAT(refusal_of([&] { pm::load_state_dict(counts, made); }),
                   ContainsSubstring("num_batches_tracked: expected a count, found"));
    }
}

TEST_CASE("tensor_dict: sections, numbers and what it refuses") {
    pm::io::tensor_dict a, all;
    a.insert("x", true);
    a.insert("n", std::int64_t{-3});
    a.metadata()["k"] = "v";
    all.insert("model", a);
    all.insert("models", 1.0);
    auto const back = all.section("model");
    CHECK((back.size() == 2 && back.values<std::int64_t>("n").at(0) == -3 && back.values<bool>("x").at(0)));
    CHECK(back.metadata().at("k") == "v");
    CHECK_THAT(refusal_of([&] { (void)all.at("y"); }),
               ContainsSubstring("tensor_dict: no tensor is called \"y\"; there are 3, the first is \"model.x\""));
    CHECK_THAT(refusal_of([&] { all.insert("models", 2.0); }), ContainsSubstring("there already"));
    CHECK_THAT(refusal_of([&] { all.insert<float>("z", {2, 3}, std::vector<float>(5)); }),
               ContainsSubstring("6 elements"));
    CHECK_THAT(refusal_of([&] { all.insert<float>("z", {std::uint64_t{1} << 63, 2}, {}); }),
               ContainsSubstring("too many"));
    CHECK_THAT(refusal_of([&] { (void)all.values<float>("model.n"); }),
               ContainsSubstring("expected F32 [], found I64 []"));
    CHECK_THAT(refusal_of([&] { (void)pm::io::read("/nowhere/at/all"); }), ContainsSubstring("cannot open"));
}

TEST_CASE("names and paths of others are printable in an error: no zero ends it, and no terminal obeys it") {
    using namespace std::string_literals;
    std::string const name = "\x1b[31m\n\0\xc3\xa9"s, shown = "\\x1b[31m\\x0a\\x00\\xc3\\xa9";
    auto const check = [&](std::string const& said, std::string const& expected) {
        CHECK_THAT(said, ContainsSubstring(expected) && !ContainsSubstring("\x1b"));
    };
    model net = some_network();
    auto more = pm::state_dict(net);
    more.insert(name, 1.f);
    check(refusal_of([&] { pm::load_state_dict(net, more); }), "\n  unexpected: " + shown + ": found F32 []");
    check(pm::load_state_dict(net, more, pm::relaxed).unexpected.at(0), shown + ": found F32 []");
    pm::io::tensor_dict below;
    below.insert(name, pm::state_dict(net));
    check(refusal_of([&] { pm::load_state_dict(net, below); }), "section(\"" + shown + "\") by");

    pm::io::tensor_dict only;
    only.insert(name, 1.f);
    check(refusal_of([&] { (void)only.at("y"); }), "the first is \"" + shown + "\"");
    check(refusal_of([&] { (void)more.at(name + "y"); }), "no tensor is called \"" + shown + "y\"; there are");
    check(refusal_of([&] { only.insert(name, 1.f); }), "\"" + shown + "\" is there already");
    check(refusal_of([&] { only.insert<float>(name, {2}, std::vector<float>(3)); }), shown + ": F32 [2] has 2");
    check(refusal_of([&] { (void)only.values<bool>(name); }), shown + ": expected BOOL []");
    pm::optim::sgd optimizer{net, {.momentum = 0.5}};
    check(refusal_of([&] { pm::load_state_dict(optimizer, only, name); }), shown + " holds no state");
    check(refusal_of([&] { pm::load_state_dict(optimizer, only, name); }), "the first of which is " + shown + ": ");
    pm::optim::adam other{net};
    check(refusal_of([&] { pm::load_state_dict(other, pm::state_dict(optimizer), name); }), shown + " was written by");

    test::folder const in;
    std::string const path = in / name.substr(0, 6), of_path = "\\x1b[31m\\x0a";  // a path has no zero
    check(refusal_of([&] { pm::load(net, path); }), of_path + "\": No such file");
    check(refusal_of([&] { pm::save(net, path + "/f"); }), "cannot create \"" + in.path + "/" + of_path + "/.f.");
    pm::save(only, path);
    check(refusal_of([&] { pm::load(net, path); }), of_path + " does not fit the network");
    check(refusal_of([&] { pm::load(optimizer, path); }), of_path + " holds no state");
    std::ofstream(path) << "no tensors";
    check(refusal_of([&] { (void)pm::io::read(path); }), of_path + ": ");
}
