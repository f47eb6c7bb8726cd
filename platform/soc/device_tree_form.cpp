// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <libfdt.h>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/soc/device_tree.hpp"

namespace cimera {

namespace {

using Node = DeviceTreeNode;

void check(int status) {
    CIMERA_ASSERT(status == 0, "the device tree is well-formed");
}

std::string joined(const Node::Texts& texts) {
    std::string bytes;
    for (const std::string& text : texts) {
        bytes += text;
        bytes.push_back('\0');
    }
    return bytes;
}

/// An upper bound of the node's flattened size, names of properties included.
std::size_t room_for(const Node& node) {
    std::size_t bytes = 16 + node.name.size();
    for (const Node::Property& property : node.properties) {
        const auto* cells = std::get_if<Node::Cells>(&property.value);
        bytes += 20 + property.name.size() +
                 (cells != nullptr ? 4 * cells->size()
                                   : joined(std::get<Node::Texts>(property.value)).size());
    }
    for (const Node& child : node.children) {
        bytes += room_for(child);
    }
    return bytes;
}

void write(void* tree, const Node& node) {
    check(fdt_begin_node(tree, node.name.c_str()));
    for (const Node::Property& property : node.properties) {
        if (const auto* cells = std::get_if<Node::Cells>(&property.value)) {
            Node::Cells big_endian;
            for (const std::uint32_t cell : *cells) {
                big_endian.push_back(cpu_to_fdt32(cell));
            }
            check(fdt_property(tree, property.name.c_str(), big_endian.data(),
                               static_cast<int>(4 * big_endian.size())));
        } else {
            const std::string bytes = joined(std::get<Node::Texts>(property.value));
            check(fdt_property(tree, property.name.c_str(), bytes.data(),
                               static_cast<int>(bytes.size())));
        }
    }
    for (const Node& child : node.children) {
        write(tree, child);
    }
    check(fdt_end_node(tree));
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out.push_back('\\');
        }
        out.push_back(c);
    }
    return out + "\"";
}

std::string value_text(const Node::Property& property) {
    std::string text;
    if (const auto* cells = std::get_if<Node::Cells>(&property.value)) {
        for (const std::uint32_t cell : *cells) {
            text += fmt::format("{}0x{:x}", text.empty() ? "<" : " ", cell);
        }
        return text.empty() ? text : " = " + text + ">";
    }
    for (const std::string& part : std::get<Node::Texts>(property.value)) {
        text += (text.empty() ? "" : ", ") + quoted(part);
    }
    return " = " + text;
}

void print(std::string& text, const Node& node, const std::string& indent) {
    text += fmt::format("{}{} {{\n", indent, node.name.empty() ? "/" : node.name);
    for (const Node::Property& property : node.properties) {
        text += fmt::format("{}\t{}{};\n", indent, property.name, value_text(property));
    }
    for (const Node& child : node.children) {
        text += "\n";
        print(text, child, indent + "\t");
    }
    text += indent + "};\n";
}

}  // namespace

std::vector<std::uint8_t> flatten(const DeviceTreeNode& root) {
    std::vector<std::uint8_t> tree(256 + room_for(root));
    check(fdt_create(tree.data(), static_cast<int>(tree.size())));
    check(fdt_finish_reservemap(tree.data()));
    write(tree.data(), root);
    check(fdt_finish(tree.data()));
    tree.resize(fdt_totalsize(tree.data()));
    return tree;
}

std::string to_dts(const DeviceTreeNode& root) {
    std::string text = "/dts-v1/;\n\n";
    print(text, root, "");
    return text;
}

}  // namespace cimera
