// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <iostream>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "platform/cli/cli.hpp"
#include "platform/cli/idle_soc.hpp"
#include "platform/config/loader.hpp"
#include "platform/config/schema.hpp"
#include "platform/report/bill.hpp"
#include "platform/soc/address_map.hpp"
#include "platform/soc/device_tree.hpp"
#include "platform/soc/mesh_plan.hpp"

namespace cimera::cli {

namespace {

struct DescribeOptions {
    SocChoice soc;
    std::string format = "text";
};

Area area_with(const SocConfig& config) {
    const Technology technology = load_technology(config.soc.technology, technology_dirs());
    return area_of(IdleSoc(config, technology, nullptr).counts(), technology);
}

std::string as_text(const SocConfig& config, const std::vector<MapEntry>& map) {
    std::string text = fmt::format("{}: {}\n\n{:<10}  {:<10} {:>11}  {:>4}  {}\n", config.soc.name,
                                   config.soc.doc, "base", "name", "bytes", "irq", "what");
    for (const MapEntry& entry : map) {
        text += fmt::format("0x{:08x}  {:<10} {:>11}  {:>4}  {}\n", entry.base, entry.name,
                            entry.size, entry.irq == 0 ? "" : std::to_string(entry.irq), entry.doc);
    }
    const Area area = area_with(config);
    text +=
        fmt::format("\narea with {}, estimated: {:.4g} mm2\n", config.soc.technology, area.total);
    for (const auto& [component, mm2] : area.by_component) {
        text += fmt::format("  {:<10}{:>12.4g} mm2\n", component, mm2);
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
    const Area area = area_with(config);
    json["area_mm2"] = {{"total", area.total}, {"by_component", area.by_component}};
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

/// A graph for Graphviz: masters and targets around a crossbar, or at their nodes of a mesh.
std::string as_dot(const SocConfig& config, const std::vector<MapEntry>& map) {
    const bool mesh = config.interconnect.kind == InterconnectKind::mesh;
    const MeshConfig plan = mesh ? mesh_plan(config, map) : MeshConfig{};
    const auto router = [&](const std::string& device) {
        const auto place = plan.places.find(device);
        const MeshNode node = place == plan.places.end() ? MeshNode{} : place->second;
        return mesh ? fmt::format("n{}_{}_{}", node.x, node.y, node.z) : std::string("crossbar");
    };
    std::string text = fmt::format("graph \"{}\" {{\n  node [shape=box];\n", config.soc.name);
    if (!mesh) {
        text += "  crossbar [shape=ellipse];\n";
    }
    const MeshNode& size = plan.size;
    const auto edge = [&text](const MeshNode& a, const MeshNode& b, const char* style) {
        text += fmt::format("  n{}_{}_{} -- n{}_{}_{}{};\n", a.x, a.y, a.z, b.x, b.y, b.z, style);
    };
    for (unsigned z = 0; mesh && z < size.z; ++z) {
        for (unsigned y = 0; y < size.y; ++y) {
            for (unsigned x = 0; x < size.x; ++x) {
                text +=
                    fmt::format("  n{0}_{1}_{2} [shape=point, xlabel=\"{0},{1},{2}\"];\n", x, y, z);
                if (x + 1 < size.x) {
                    edge({x, y, z}, {x + 1, y, z}, "");
                }
                if (y + 1 < size.y) {
                    edge({x, y, z}, {x, y + 1, z}, "");
                }
                if (z + 1 < size.z) {
                    edge({x, y, z}, {x, y, z + 1}, " [style=dashed]");
                }
            }
        }
    }
    text += fmt::format("  host -- {} [style=bold];\n", router("host"));
    for (const MapEntry& entry : map) {
        text += fmt::format("  \"{0}\" [label=\"{0}\\n0x{1:08x}\"];\n  {2} -- \"{0}\";\n",
                            entry.name, entry.base, router(entry.name));
    }
    return text + "}\n";
}

int describe(const DescribeOptions& options) {
    const SocConfig config = load_soc(options.soc.soc, options.soc.set, preset_dirs());
    const std::vector<MapEntry> map = address_map(config);
    if (options.format == "json") {
        std::cout << as_json(config, map);
    } else if (options.format == "svd") {
        std::cout << as_svd(config, map);
    } else if (options.format == "dot") {
        std::cout << as_dot(config, map);
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
        ->check(CLI::IsMember({"text", "markdown", "json", "svd", "dts", "dot"}))
        ->capture_default_str();
    command->callback([options, &status] { status = describe(*options); });
}

}  // namespace cimera::cli
