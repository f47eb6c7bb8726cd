// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <iostream>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "platform/cli/cli.hpp"
#include "platform/config/loader.hpp"
#include "platform/config/schema.hpp"
#include "platform/soc/address_map.hpp"
#include "platform/soc/device_tree.hpp"

namespace cimera::cli {

namespace {

struct DescribeOptions {
    SocChoice soc;
    std::string format = "text";
};

std::string as_text(const SocConfig& config, const std::vector<MapEntry>& map) {
    std::string text = fmt::format("{}: {}\n\n{:<10}  {:<10} {:>11}  {:>4}  {}\n", config.soc.name,
                                   config.soc.doc, "base", "name", "bytes", "irq", "what");
    for (const MapEntry& entry : map) {
        text += fmt::format("0x{:08x}  {:<10} {:>11}  {:>4}  {}\n", entry.base, entry.name,
                            entry.size, entry.irq == 0 ? "" : std::to_string(entry.irq), entry.doc);
    }
    return text + "\n" + write_resolved(config);
}

std::string as_markdown(const SocConfig& config, const std::vector<MapEntry>& map) {
    std::string text = fmt::format(
        "# {}\n\n{}\n\n## Address map\n\n| base | name | bytes | irq | what "
        "|\n|---|---|---|---|---|\n",
        config.soc.name, config.soc.doc);
    for (const MapEntry& entry : map) {
        text += fmt::format("| 0x{:08x} | {} | {} | {} | {} |\n", entry.base, entry.name,
                            entry.size, entry.irq == 0 ? "" : std::to_string(entry.irq), entry.doc);
    }
    std::vector<const BlockInfo*> seen;
    for (const MapEntry& entry : map) {
        if (entry.block != nullptr &&
            std::find(seen.begin(), seen.end(), entry.block) == seen.end()) {
            seen.push_back(entry.block);
            text += "\n" + std::string(entry.block->markdown);
        }
    }
    return text;
}

std::string as_json(const SocConfig& config, const std::vector<MapEntry>& map) {
    nlohmann::ordered_json json = {{"soc", config.soc.name}, {"doc", config.soc.doc}};
    json["blocks"] = nlohmann::ordered_json::array();
    for (const MapEntry& entry : map) {
        nlohmann::ordered_json block = {
            {"name", entry.name}, {"base", entry.base}, {"size", entry.size}, {"doc", entry.doc}};
        if (entry.irq != 0) {
            block["irq"] = entry.irq;
        }
        if (entry.block != nullptr) {
            block["type"] = entry.block->name;
            block["registers"] = nlohmann::ordered_json::array();
            for (const RegisterInfo& reg : entry.block->registers) {
                nlohmann::ordered_json row = {{"name", reg.name},
                                              {"offset", reg.offset},
                                              {"count", reg.count},
                                              {"reset", reg.reset},
                                              {"doc", reg.doc}};
                row["fields"] = nlohmann::ordered_json::array();
                for (const FieldInfo& field : reg.fields) {
                    row["fields"].push_back({{"name", field.name},
                                             {"lsb", field.lsb},
                                             {"width", field.width},
                                             {"doc", field.doc}});
                }
                block["registers"].push_back(row);
            }
        }
        json["blocks"].push_back(block);
    }
    return json.dump(2) + "\n";
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            default:
                out.push_back(c);
        }
    }
    return out;
}

std::string as_svd(const SocConfig& config, const std::vector<MapEntry>& map) {
    std::string text = fmt::format(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<device schemaVersion=\"1.3\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
        " <vendor>Cimera</vendor>\n <name>{}</name>\n <version>1</version>\n "
        "<description>{}</description>\n"
        " <addressUnitBits>8</addressUnitBits>\n <width>32</width>\n <size>32</size>\n "
        "<peripherals>\n",
        escaped(config.soc.name), escaped(config.soc.doc));
    std::map<const BlockInfo*, std::string> first;
    for (const MapEntry& entry : map) {
        if (entry.block == nullptr) {
            continue;
        }
        const auto known = first.find(entry.block);
        const std::string derived =
            known == first.end() ? "" : fmt::format(" derivedFrom=\"{}\"", known->second);
        text += fmt::format(
            " <peripheral{}>\n <name>{}</name>\n <description>{}</description>\n"
            " <baseAddress>0x{:08x}</baseAddress>\n"
            " <addressBlock><offset>0</offset><size>0x{:x}</size><usage>registers</usage></"
            "addressBlock>\n",
            derived, escaped(entry.name), escaped(entry.doc), entry.base, entry.block->size);
        if (entry.irq != 0) {
            text += fmt::format(" <interrupt><name>{}</name><value>{}</value></interrupt>\n",
                                escaped(entry.name), entry.irq);
        }
        if (known == first.end()) {
            first[entry.block] = entry.name;
            text += entry.block->svd;
        }
        text += " </peripheral>\n";
    }
    return text + " </peripherals>\n</device>\n";
}

int describe(const DescribeOptions& options) {
    const SocConfig config = load_soc(options.soc.soc, options.soc.set, preset_dirs());
    const std::vector<MapEntry> map = address_map(config);
    if (options.format == "json") {
        std::cout << as_json(config, map);
    } else if (options.format == "svd") {
        std::cout << as_svd(config, map);
    } else if (options.format == "dts") {
        std::cout << to_dts(device_tree(config, map));
    } else if (options.format == "markdown") {
        std::cout << as_markdown(config, map);
    } else {
        std::cout << as_text(config, map);
    }
    return 0;
}

}  // namespace

void add_describe(CLI::App& app, int& status) {
    auto options = std::make_shared<DescribeOptions>();
    CLI::App* command =
        app.add_subcommand("describe", "Show a SoC: address map, registers, configuration");
    add_soc_options(*command, options->soc);
    command->add_option("--format", options->format, "How to show it")
        ->check(CLI::IsMember({"text", "markdown", "json", "svd", "dts"}))
        ->capture_default_str();
    command->callback([options, &status] { status = describe(*options); });
}

}  // namespace cimera::cli
