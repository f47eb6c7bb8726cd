// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/run_defaults.hpp"

#include <system_error>

#include "platform/config/fields.hpp"
#include "platform/config/files.hpp"
#include "platform/config/suggest.hpp"
#include "platform/config/units.hpp"

namespace cimera {

namespace {

class Reader {
public:
    Reader(const Document& document, std::filesystem::path folder)
        : document_(document), folder_(std::move(folder)) {}

    RunDefaults read() {
        const Fields fields = {
            {"soc", [this](const Node& node) { read_soc(node); }},
            {"set", [this](const Node& node) { read_set(node); }},
            {"model", [this](const Node& node) { defaults_.model = path(node, "model"); }},
            {"gpio_in", [this](const Node& node) { defaults_.gpio_in = path(node, "gpio_in"); }},
            {"sensors", [this](const Node& node) { read_sensors(node); }},
            {"max_time",
             [this](const Node& node) {
                 defaults_.max_time_ps =
                     quantity_of(document_, node, "max_time", parse_time, "10 s");
             }},
            {"max_instructions",
             [this](const Node& node) {
                 defaults_.max_instructions = count_of(document_, node, "max_instructions");
             }},
            {"seed",
             [this](const Node& node) { defaults_.seed = count_of(document_, node, "seed"); }},
        };
        read_fields(document_, document_.root, "at the top level", fields);
        return std::move(defaults_);
    }

private:
    /// A path as the file means it.
    [[nodiscard]] std::filesystem::path path(const Node& node, std::string_view key) const {
        const std::string& text = text_of(document_, node, key);
        if (text.empty() || text.find('\0') != std::string::npos) {
            throw document_.source->error(node.span, "'" + std::string(key) + "' is not a path");
        }
        return (folder_ / text).lexically_normal();
    }

    void read_soc(const Node& node) {
        const std::string& text = text_of(document_, node, "soc");
        defaults_.soc = is_file_name(text) ? path(node, "soc").string() : text;
    }

    void read_set(const Node& node) {
        if (node.kind != Node::Kind::array) {
            throw document_.source->error(node.span, "'set' takes an array of overrides",
                                          "for example set = [\"cim.tile.count=4\"]");
        }
        for (const Node& item : node.items) {
            defaults_.set.push_back(text_of(document_, item, "set"));
        }
    }

    void read_sensors(const Node& node) {
        for (const Member& member : table_of(document_, node, "sensors").members) {
            const std::string place = "in [sensors." + member.key + "]";
            SensorInput input;
            input.name = member.key;
            read_fields(
                document_, table_of(document_, member.value, member.key), place,
                {{"file", [&](const Node& at) { input.file = path(at, "file"); }},
                 {"labels", [&](const Node& at) { input.labels = path(at, "labels"); }},
                 {"rate",
                  [&](const Node& at) {
                      static_cast<void>(quantity_of(document_, at, "rate", parse_rate, "2 kHz"));
                      read_part(at, "rate", input);  // in its limits
                  }},
                 {"speed", [&](const Node& at) { read_part(at, "speed", input); }},
                 {"samples", [&](const Node& at) { read_part(at, "samples", input); }},
                 {"as", [&](const Node& at) { read_part(at, "as", input); }}});
            if (input.file.empty()) {
                throw document_.source->error(member.key_span, "key 'file' is missing " + place,
                                              "it names the data that the sensor streams");
            }
            defaults_.sensors.push_back(std::move(input));
        }
    }

    /// What is written as in `--sensor`.
    void read_part(const Node& node, std::string_view key, SensorInput& input) {
        try {
            set_part(input, key, text_of(document_, node, key));
        } catch (const QuantityError& error) {
            throw document_.source->error(node.span, in_quotes(key) + ": " + error.what(),
                                          error.hint);
        }
    }

    const Document& document_;
    std::filesystem::path folder_;
    RunDefaults defaults_;
};

}  // namespace

RunDefaults load_run_defaults(const std::filesystem::path& elf) {
    std::filesystem::path path = elf;
    path.replace_extension(".run.toml");
    std::error_code missing;
    if (!std::filesystem::exists(path, missing)) {
        return {};
    }
    const Document document = read_document(path);
    RunDefaults defaults = Reader(document, path.parent_path()).read();
    defaults.source = path;
    return defaults;
}

}  // namespace cimera
