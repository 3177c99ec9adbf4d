// SPDX-License-Identifier: BSL-1.0
#include "capture_file.hpp"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "wave_file.hpp"

namespace amp {

namespace {

using json = nlohmann::json;

std::runtime_error other(std::string const& what) {
    return std::runtime_error("has " + what.substr(0, 60) + ", which amp has no type for");
}

// A value as a message shows it. What holds others is not written out: it may be nested too deep.
std::string shown(json const& x) {
    return x.is_structured() ? x.is_array() ? "a list" : "an object" : x.dump(-1, ' ', true).substr(0, 20);
}

json const& member(json const& of, char const* name) {
    if (!of.is_object() || !of.contains(name)) throw std::runtime_error(std::string("there is no ") + name + " in it");
    return of.at(name);
}
int whole_number(json const& n, std::string const& name) {
    if (!n.is_number_integer() || n < 1 || n > 1'000'000)
        throw std::runtime_error(name + " must be a positive whole number, it is " + shown(n));
    return n.get<int>();
}
int whole(json const& of, char const* name) {
    return whole_number(member(of, name), name);
}
std::vector<int> whole_numbers(json const& of, char const* name) {
    json const& all = member(of, name);
    if (!all.is_array()) throw std::runtime_error(std::string(name) + " must be a list, it is " + shown(all));
    std::vector<int> numbers;
    for (json const& n : all)
        numbers.push_back(whole_number(n, std::string(name) + "[" + std::to_string(numbers.size()) + "]"));
    return numbers;
}
bool flag(json const& of, char const* name, bool otherwise) {
    if (!of.contains(name) || of.at(name).is_null()) return otherwise;
    if (!of.at(name).is_boolean()) throw std::runtime_error(std::string(name) + " must be true or false");
    return of.at(name).get<bool>();
}

std::string activation(json const& a) {
    if (a.is_string()) return a == "LeakyReLU" ? "LeakyReLU 0.01" : a.get<std::string>();
    std::string name = member(a, "type").get<std::string>();
    if (name == "LeakyReLU") {
        char slope[32];
        std::snprintf(slope, sizeof slope, " %g", a.value("negative_slope", 0.01));
        name += slope;
    }
    return name;
}

array_config array_from(json const& a) {
    array_config c{};
    c.input_size = whole(a, "input_size");
    c.condition_size = whole(a, "condition_size");
    c.channels = whole(a, "channels");
    if (a.contains("head")) {
        c.head = whole(a.at("head"), "out_channels");
        c.head_size = whole(a.at("head"), "kernel_size");
        c.head_bias = flag(a.at("head"), "bias", false);
    } else {
        c.head = whole(a, "head_size");
        c.head_size = 1;
        c.head_bias = flag(a, "head_bias", false);
    }
    c.dilations = whole_numbers(a, "dilations");
    if (a.contains("kernel_sizes"))
        c.sizes = whole_numbers(a, "kernel_sizes");
    else
        c.sizes.assign(c.dilations.size(), whole(a, "kernel_size"));
    json const& f = member(a, "activation");
    if (f.is_array())
        for (json const& each : f) c.activations.push_back(activation(each));
    else
        c.activations.assign(c.dilations.size(), activation(f));
    if (c.sizes.size() != c.dilations.size() || c.activations.size() != c.dilations.size())
        throw std::runtime_error("kernel_sizes, dilations and activation must have one entry for each layer");

    if (flag(a, "gated", false)) throw other("gated layers");
    if (a.contains("gating_mode"))
        for (json const& g : a.at("gating_mode").is_array() ? a.at("gating_mode") : json::array({a.at("gating_mode")}))
            if (g != "none") throw other("gated layers");
    if (a.contains("bottleneck") && a.at("bottleneck") != c.channels) throw other("a bottleneck");
    for (auto const& [name, part] : a.items()) {
        if (name.starts_with("groups") && part != 1) throw other(name);
        if (!part.is_object() || name == "head" || !part.contains("active")) continue;
        if (name == "layer1x1" ? !flag(part, "active", true) || part.value("groups", 1) != 1
                               : flag(part, "active", false))
            throw other(name);
    }
    return c;
}

void read_model(json const& model, double size, capture& to) {
    to.architecture = member(model, "architecture").get<std::string>();
    json const& config = member(model, "config");
    if (model.contains("sample_rate") && !model.at("sample_rate").is_null()) {
        json const& rate = model.at("sample_rate");
        to.rate = rate.is_number() ? rate.get<double>() : 0;
        if (!(to.rate > 0 && to.rate < 1e9))
            throw std::runtime_error("sample_rate must be a positive number, it is " + shown(rate));
    }
    if (to.architecture == "SlimmableContainer") {
        json const& all = member(config, "submodels");
        if (!all.is_array() || all.empty()) throw std::runtime_error("its submodels must be a list of at least one");
        json const* chosen = &all.back();
        for (json const& each : all)
            if (size < member(each, "max_value").get<double>()) {
                chosen = &each;
                break;
            }
        if (member(member(*chosen, "model"), "architecture") == "SlimmableContainer")
            throw other("a container within a container");
        read_model(member(*chosen, "model"), size, to);
        return;
    }
    if (to.architecture == "WaveNet") {
        if (config.contains("head") && !config.at("head").is_null()) throw other("a head behind its arrays");
        if (config.contains("condition_dsp") && !config.at("condition_dsp").is_null())
            throw other("a network for its condition");
        for (json const& a : member(config, "layers")) to.arrays.push_back(array_from(a));
    } else if (to.architecture == "LSTM") {
        to.layers = whole(config, "num_layers");
        to.hidden = whole(config, "hidden_size");
        if (whole(config, "input_size") != 1 || config.value("in_channels", 1) != 1 ||
            config.value("out_channels", 1) != 1)
            throw other("more than one channel");
    } else
        throw other("the architecture " + to.architecture.substr(0, 40));
    json const& weights = member(model, "weights");
    if (!weights.is_array()) throw std::runtime_error("its weights must be a list of numbers");
    for (json const& w : weights) {
        float const x = w.is_number() ? w.get<float>() : NAN;
        if (!std::isfinite(x))
            throw std::runtime_error("weights[" + std::to_string(to.weights.size()) +
                                     "] must be a finite number, it is " + shown(w));
        to.weights.push_back(x);
    }
}

}  // namespace

capture read_capture(std::string const& path, double size) {
    capture c{};
    c.path = path;
    std::vector<unsigned char> const text = read_file(path);
    json model;
    try {
        model = json::parse(text);
    } catch (json::parse_error const& e) {
        throw std::runtime_error(path + ": is no JSON from byte " + std::to_string(e.byte) + " of " +
                                 std::to_string(text.size()) + " on");
    } catch (json::out_of_range const&) {
        throw std::runtime_error(path + ": a number in it is too large");
    }
    try {
        read_model(model, size, c);
    } catch (json::exception const&) {
        throw std::runtime_error(path + ": is no capture: a value has another type than the format says");
    } catch (std::runtime_error const& e) {
        throw std::runtime_error(path + ": " + e.what());
    }
    return c;
}

}  // namespace amp
