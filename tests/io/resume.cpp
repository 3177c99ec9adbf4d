// A training that is stopped and goes on in another process gives, bit for bit, what it gives without a stop.
//
// SPDX-License-Identifier: BSL-1.0
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "catch.hpp"
#include "folder.hpp"
#include "paramorph/io.hpp"
#include "paramorph/kernel/linear_algebra.hpp"
#include "paramorph/nn/dropout.hpp"
#include "paramorph/nn/losses.hpp"
#include "paramorph/nn/parametrize.hpp"
#include "paramorph/nn/sequential.hpp"
#include "paramorph/nn/value_and_grad.hpp"
#include "paramorph/param/spectral_norm.hpp"
#include "refusal.hpp"

namespace pm = paramorph;
using Catch::Matchers::ContainsSubstring;

namespace {

// Of the same shape, so that positions could mistake one for the other; with state that every step moves.
using model = pm::nn::sequential<pm::nn::linear<2, 2, pm::weight<pm::param::spectral_norm<>>>, pm::nn::linear<2, 2>,
                                 pm::nn::dropout<0.25>>;

struct training {
    model net = pm::make<model>(pm::seed{1});
    pm::optim::adam<model> adam{net, {.learning_rate = 0.02, .weight_decay = 0.01}};
    pm::optim::sgd<model> sgd{net, {.learning_rate = 0.01, .momentum = 0.9}};
    pm::optim::adamw<model> adamw{net, {.learning_rate = 0.01}};
    pm::optim::rmsprop<model> rmsprop{net, {.learning_rate = 0.001, .momentum = 0.5, .centered = true}};
    pm::random numbers{pm::seed{2}};

    explicit training(bool options = true) {
        adam.group<"1">({.learning_rate = 0.05, .beta1 = 0.8});
        if (!options) return;  // the second process reads them
        adamw.group<"0">({.learning_rate = 0.01, .beta2 = 0.5, .amsgrad = true});
        sgd.group<"1">({.learning_rate = 0.01, .momentum = 0.9, .dampening = 0.25, .maximize = true});
        sgd.group<"0">({.learning_rate = 0.01, .momentum = 0.9, .nesterov = true});
        rmsprop.group<"1.bias">({.learning_rate = 0.001, .momentum = 0.5, .centered = true, .maximize = true});
    }
    training(training const&) = delete;

    void run(int from, int to) {
        auto step = pm::value_and_grad([](auto& n, auto x, auto y) { return pm::mse(n(x), y); }, net);
        for (int k = from; k < to; ++k) {
            xt::xtensor_fixed<float, xt::xshape<2, 2>> x, y;
            for (auto* a : {&x, &y})
                for (float& e : *a) e = static_cast<float>(numbers.uniform(-1, 1));
            pm::get<1>(net).bias.requires_gradient(k != 1);  // so that counts of steps differ
            auto& [value, gradient] = step(x, y);
            adam.learning_rate_factor(1.0 / (1 + k / 2));
            adam.step(gradient);
            sgd.step(gradient);
            adamw.step(gradient);
            rmsprop.step(gradient);
        }
    }
    void save(std::string const& path, int done) const {
        pm::io::tensor_dict all;
        all.insert("model", pm::state_dict(net));
        all.insert("adam", pm::state_dict(adam));
        all.insert("sgd", pm::state_dict(sgd));
        all.insert("adamw", pm::state_dict(adamw));
        all.insert("rmsprop", pm::state_dict(rmsprop));
        all.insert("random", pm::state_dict(numbers));
        all.insert("step", std::int64_t{done});
        pm::save(all, path);
    }
    int load(std::string const& path) {
        auto const all = pm::io::read(path);
        pm::load_state_dict(net, all.section("model"));
        pm::load_state_dict(adam, all.section("adam"));
        pm::load_state_dict(sgd, all.section("sgd"));
        pm::load_state_dict(adamw, all.section("adamw"));
        pm::load_state_dict(rmsprop, all.section("rmsprop"));
        pm::load_state_dict(numbers, all.section("random"));
        return static_cast<int>(all.values<std::int64_t>("step").at(0));
    }
};

}  // namespace

// What the second process does.
TEST_CASE("goes on", "[.goes_on]") {
    std::string const in = std::getenv("PARAMORPH_FOLDER");
    training t(false);
    int const done = t.load(in + "/half");
    t.run(done, 7);
    t.save(in + "/resumed", 7);
}

TEST_CASE("a training goes on in a second process, bit for bit") {
    test::folder const in;
    training whole;
    whole.run(0, 3);
    whole.save(in / "half", 3);
    whole.run(3, 7);
    whole.save(in / "whole", 7);
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::setenv("PARAMORPH_FOLDER", in.path.c_str(), 1);
        ::execl("/proc/self/exe", "resume", "[.goes_on]", static_cast<char*>(nullptr));
        ::_exit(126);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    auto const resumed = test::content_of(in / "resumed");
    CHECK(resumed.size() > 1000);
    CHECK((resumed == test::content_of(in / "whole")));

    // It matters that all of it was saved.
    for (char const* left_out : {"adam", "sgd", "adamw", "rmsprop", "random", "dropout"}) {
        CAPTURE(left_out);
        training t;
        auto const all = pm::io::read(in / "half");
        pm::load_state_dict(t.net, all.section("model"));
        if (std::string("adam") != left_out) pm::load_state_dict(t.adam, all.section("adam"));
        if (std::string("sgd") != left_out) pm::load_state_dict(t.sgd, all.section("sgd"));
        if (std::string("adamw") != left_out) pm::load_state_dict(t.adamw, all.section("adamw"));
        if (std::string("rmsprop") != left_out) pm::load_state_dict(t.rmsprop, all.section("rmsprop"));
        if (std::string("dropout") == left_out)
            pm::get<2>(t.net).state = xt::xtensor_fixed<float, xt::xshape<4>>{1, 2, 3, 4};
        if (std::string("random") != left_out) pm::load_state_dict(t.numbers, all.section("random"));
        t.run(3, 7);
        CHECK(pm::get<1>(t.net).weight.original()(0, 0) != pm::get<1>(whole.net).weight.original()(0, 0));
    }
}

TEST_CASE("state of optimizers: names, options, and what is refused") {
    test::folder const in;
    training t;
    t.run(0, 2);
    auto const state = pm::state_dict(t.adam);
    CHECK(state.values<std::int64_t>("1.weight.step").at(0) == 2);
    CHECK(state.values<std::int64_t>("1.bias.step").at(0) == 1);
    CHECK(state.values<double>("1.weight.beta1").at(0) == 0.8);
    CHECK(state.values<double>("0.parametrizations.weight.original.learning_rate").at(0) == 0.02);
    CHECK(state.at("0.parametrizations.weight.original.exp_avg_sq").shape == std::vector<std::uint64_t>{2, 2});
    pm::save(t.adam, in / "adam");
    training other;
    pm::load(other.adam, in / "adam");
    pm::save(other.adam, in / "again");
    CHECK((test::content_of(in / "again") == test::content_of(in / "adam")));
    pm::save(t.numbers, in / "random");
    pm::load(other.numbers, in / "random");
    CHECK(other.numbers.next() == t.numbers.next());

    auto const with = [&](std::string const& name, auto number) {
        pm::io::tensor_dict made;
        for (auto const& x : state)
            if (x.name != name) made.insert(x);
        made.insert(name, number);
        return made;
    };
    auto const without = [&](std::string const& name) {
        pm::io::tensor_dict made;
        for (auto const& x : state)
            if (x.name != name) made.insert(x);
        return made;
    };
    auto const refused = [&](pm::io::tensor_dict const& d) {
        std::string const says = refusal_of([&] { pm::load_state_dict(other.adam, d); });
        pm::save(other.adam, in / "again");
        CHECK((test::content_of(in / "again") == test::content_of(in / "adam")));
        return says;
    };
    CHECK_THAT(refused(with("1.bias.step", std::int64_t{-1})),
               ContainsSubstring("1.bias: adam: a count of steps must not be negative"));
    CHECK_THAT(refused(with("1.bias.step", 2.f)), ContainsSubstring("1.bias.step: expected I64 [], found F32 []"));
    CHECK_THAT(refused(with("1.bias.step", std::numeric_limits<std::int64_t>::max())),
               ContainsSubstring("must not be negative or above 2^53"));
    CHECK_THAT(refused(with("1.bias.beta1", 1.0)),
               ContainsSubstring("1.bias: adam: ") && ContainsSubstring("beta1") &&
                   ContainsSubstring("; nothing was changed"));
    CHECK_THAT(refused(with("0.parametrizations.weight.original.learning_rate", -1.0)),
               ContainsSubstring("0.parametrizations.weight.original: adam: learning_rate is -1; give"));
    CHECK_THAT(refused(with("learning_rate_factor", -1.0)), ContainsSubstring("learning_rate_factor"));
    CHECK_THAT(refused(with("2.bias.step", std::int64_t{0})), ContainsSubstring("unexpected: 2.bias.step"));
    CHECK_THAT(refused(without("1.bias.exp_avg")),
               ContainsSubstring("does not fit the optimizer; nothing was changed:") &&
                   ContainsSubstring("missing: 1.bias.exp_avg"));
    // The network's file, taken for the optimizer's.
    // Numbers that no training makes, and that would stay for good.
    auto const changed = [&](pm::io::tensor_dict const& of, std::string const& name, float number) {
        pm::io::tensor_dict made;
        for (auto const& x : of) {
            if (x.name == name) {
                std::vector<float> numbers = of.values<float>(name);
                numbers.back() = number;
                made.insert<float>(name, x.shape, numbers);
            } else
                made.insert(x);
        }
        return made;
    };
    float const infinite = std::numeric_limits<float>::infinity(), none = std::numeric_limits<float>::quiet_NaN();
    for (float const bad : {-1e-45f, -1.f, infinite, none})
        CHECK_THAT(refused(changed(state, "1.bias.exp_avg_sq", bad)),
                   ContainsSubstring("nothing was changed:") &&
                       ContainsSubstring("1.bias.exp_avg_sq: expected finite numbers that are not negative, found") &&
                       ContainsSubstring("at element 1 (row-major)"));
    for (float const bad : {-infinite, none})
        CHECK_THAT(refused(changed(state, "1.bias.exp_avg", bad)),
                   ContainsSubstring("1.bias.exp_avg: expected finite numbers, found"));
    for (float const good : {-0.f, 0.f, 1e-45f, 3e38f}) {
        training fine;
        pm::load_state_dict(fine.adam, changed(state, "1.bias.exp_avg_sq", good));
        pm::load_state_dict(fine.adam, changed(state, "1.bias.exp_avg", -good));
    }
    auto const refuses = [&](auto& optimizer, auto const& of, std::string const& name, float number) {
        auto const before = pm::state_dict(optimizer);
        CHECK_THAT(refusal_of([&] { pm::load_state_dict(optimizer, changed(of, name, number)); }),
                   ContainsSubstring(name + ": expected finite numbers"));
        for (auto const& x : before)
            if (x.type == pm::io::dtype::f32)
                CHECK(pm::state_dict(optimizer).template values<float>(x.name) ==
                      before.template values<float>(x.name));
    };
    refuses(other.adamw, pm::state_dict(t.adamw), "0.bias.max_exp_avg_sq", -1.f);
    refuses(other.sgd, pm::state_dict(t.sgd), "1.bias.momentum_buffer", none);
    pm::load_state_dict(other.sgd, changed(pm::state_dict(t.sgd), "1.bias.momentum_buffer", -3e38f));
    for (auto const& x : pm::state_dict(t.rmsprop))
        if (x.name == "1.bias.square_avg" || x.name == "1.bias.grad_variance")
            refuses(other.rmsprop, pm::state_dict(t.rmsprop), x.name, -1.f);
    CHECK_THAT(refused(pm::state_dict(t.net)),
               ContainsSubstring("holds no state of this optimizer") && ContainsSubstring("pm::load(network, path)"));
    CHECK_THAT(refused(pm::state_dict(pm::freeze(t.net))), ContainsSubstring("give the file of the optimizer"));
    // One of several sections.
    pm::io::tensor_dict sections;
    sections.insert("model", pm::state_dict(t.net));
    sections.insert("adam", state);
    CHECK_THAT(refused(sections), ContainsSubstring("holds no state of this optimizer") &&
                                      ContainsSubstring("the file has these names below `adam.`: load "
                                                        "pm::io::read(path).section(\"adam\")"));
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(other.net, state); }),
               ContainsSubstring("the file has the state of an optimizer: give the network's"));
    // One optimizer's state, read by another.
    auto const none_reads_another = [&](char const* writer, pm::io::tensor_dict const& d) {
        auto const reads = [&](char const* reader, auto& optimizer) {
            if (std::string(writer) == reader) return;
            auto const before = pm::state_dict(optimizer);
            pm::save(d, in / "of_another");
            std::string const says = refusal_of([&] { pm::load(optimizer, in / "of_another"); });
            CHECK(says == "load: " + in / "of_another" + " was written by " + writer + ", and " + reader +
                              " reads it: one cannot go on with the state of the other; load it into pm::optim::" +
                              writer + ", or begin " + reader + " anew. Nothing was changed");
            pm::save(before, in / "before");
            pm::save(optimizer, in / "after");
            CHECK((test::content_of(in / "before") == test::content_of(in / "after")));
        };
        reads("adam", other.adam), reads("adamw", other.adamw), reads("sgd", other.sgd);
        reads("rmsprop", other.rmsprop);
    };
    none_reads_another("adam", state);
    none_reads_another("adamw", pm::state_dict(t.adamw));
    none_reads_another("sgd", pm::state_dict(t.sgd));
    none_reads_another("sgd", pm::state_dict(pm::optim::sgd{t.net}));
    none_reads_another("rmsprop", pm::state_dict(t.rmsprop));
    // Files that do not say which of the two wrote them.
    auto const older = without("decoupled_weight_decay");
    pm::load_state_dict(other.adam, older);
    pm::load_state_dict(other.adamw, older);
    CHECK(pm::state_dict(other.adam).values<bool>("decoupled_weight_decay") == std::vector<bool>{false});
    CHECK(pm::state_dict(other.adamw).values<bool>("decoupled_weight_decay") == std::vector<bool>{true});
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(other.sgd, older); }),
               ContainsSubstring("was written by adam or adamw, and sgd reads it"));
    // Options of newer files: those that an older one lacks stay as they were.
    auto const options = pm::state_dict(t.sgd);
    CHECK(options.values<double>("1.bias.dampening").at(0) == 0.25);
    CHECK(options.values<bool>("1.bias.maximize") == std::vector<bool>{true});
    CHECK(options.values<bool>("0.bias.nesterov") == std::vector<bool>{true});
    CHECK(options.values<bool>("1.bias.momentum_begun") == std::vector<bool>{true});
    pm::io::tensor_dict old_options;
    for (auto const& x : options)
        if (!x.name.ends_with(".dampening") && !x.name.ends_with(".maximize") && !x.name.ends_with(".nesterov") &&
            !x.name.ends_with(".momentum_begun"))
            old_options.insert(x);
    pm::load_state_dict(other.sgd, old_options);
    CHECK(pm::state_dict(other.sgd).values<double>("1.bias.dampening").at(0) == 0.25);
    CHECK(pm::state_dict(other.sgd).values<bool>("1.bias.momentum_begun") == std::vector<bool>{true});
    auto const largest = pm::state_dict(t.adamw);
    CHECK(largest.contains("0.bias.max_exp_avg_sq"));
    CHECK(largest.values<bool>("0.bias.amsgrad") == std::vector<bool>{true});
    CHECK(!state.contains("0.bias.max_exp_avg_sq"));
    pm::optim::adamw without_largest{t.net, {.learning_rate = 0.01}};
    pm::load_state_dict(without_largest, largest);
    CHECK(pm::state_dict(without_largest).contains("0.bias.max_exp_avg_sq"));
    // sgd: with and without velocities.
    pm::optim::sgd plain{t.net, {.learning_rate = 0.5}};
    pm::load_state_dict(plain, pm::state_dict(t.sgd));
    CHECK(pm::state_dict(plain).contains("1.bias.momentum_buffer"));
    pm::optim::sgd fresh{t.net, {.learning_rate = 0.5}};
    pm::load_state_dict(plain, pm::state_dict(fresh));
    CHECK(!pm::state_dict(plain).contains("1.bias.momentum_buffer"));
    CHECK(pm::state_dict(plain).values<double>("1.bias.learning_rate").at(0) == 0.5);
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(t.numbers, state); }), ContainsSubstring("state"));
    pm::io::tensor_dict of_random = pm::state_dict(t.numbers);
    of_random.insert("another", 1.0);
    CHECK_THAT(refusal_of([&] { pm::load_state_dict(t.numbers, of_random); }),
               ContainsSubstring("load_state_dict: a random has one tensor, state, I64 []; nothing was changed"));
}
