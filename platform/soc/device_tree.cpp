// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/device_tree.hpp"

#include <algorithm>
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include "models/cpu/csr.hpp"
#include "models/cpu/isa_string.hpp"
#include "models/peripherals/clint.hpp"
#include "models/peripherals/plic.hpp"
#include "models/peripherals/uart16550.hpp"
#include "regs/cim.hpp"
#include "regs/virtio.hpp"

namespace cimera {

namespace {

using Node = DeviceTreeNode;
using Cells = Node::Cells;
using Texts = Node::Texts;

constexpr std::uint32_t cpu_phandle = 1;
constexpr std::uint32_t hart_interrupts_phandle = 2;
constexpr std::uint32_t plic_phandle = 3;
constexpr std::uint32_t finisher_phandle = 4;

/// More tiles than this are described by one node: each has registers that tell the rest, and the
/// boot ROM holds 60 KiB.
constexpr std::size_t most_tile_nodes = 64;

std::uint32_t low(std::uint64_t value) {
    return static_cast<std::uint32_t>(value);
}

Cells reg(std::uint64_t base, std::uint64_t size) {
    return {low(base >> 32), low(base), low(size >> 32), low(size)};
}

std::string at(std::string_view name, std::uint64_t base) {
    return fmt::format("{}@{:x}", name, base);
}

/// What `riscv,isa` says: the letters, then the names of several letters by category and alphabet.
std::string isa_text(const HostConfig& host) {
    std::string text = cpu::isa_string(std::get<cpu::ExtensionSet>(cpu::parse_isa(host.isa)));
    return text.insert(std::min(text.find('_'), text.size()), "_zicntr_zicsr_zifencei_zihpm");
}

/// The hart's interrupts that the PLIC's contexts raise, in their order.
std::vector<std::uint32_t> plic_contexts(const HostConfig& host) {
    std::vector<std::uint32_t> contexts{cpu::interrupt::external};
    if (host.supervisor_mode) {
        contexts.push_back(cpu::interrupt::supervisor_external);
    }
    return contexts;
}

Node cpus(const SocConfig& config) {
    Node interrupts{"interrupt-controller",
                    {{"#address-cells", Cells{0}},
                     {"#interrupt-cells", Cells{1}},
                     {"interrupt-controller", Cells{}},
                     {"compatible", Texts{"riscv,cpu-intc"}},
                     {"phandle", Cells{hart_interrupts_phandle}}},
                    {}};
    Node cpu{"cpu@0",
             {{"phandle", Cells{cpu_phandle}},
              {"device_type", Texts{"cpu"}},
              {"reg", Cells{0}},
              {"status", Texts{"okay"}},
              {"compatible", Texts{"riscv"}},
              {"riscv,isa", Texts{isa_text(config.host)}},
              {"mmu-type", Texts{"riscv,none"}},
              {"clock-frequency", Cells{hertz(config.clock.host_period_ps)}}},
             {std::move(interrupts)}};
    Node topology{
        "cpu-map", {}, {{"cluster0", {}, {{"core0", {{"cpu", Cells{cpu_phandle}}}, {}}}}}};
    return {"cpus",
            {{"#address-cells", Cells{1}},
             {"#size-cells", Cells{0}},
             {"timebase-frequency", Cells{hertz(Clint::tick)}}},
            {std::move(cpu), std::move(topology)}};
}

void add_interrupt(Node& node, const MapEntry& entry) {
    if (entry.irq != 0) {
        node.properties.push_back({"interrupts", Cells{entry.irq}});
        node.properties.push_back({"interrupt-parent", Cells{plic_phandle}});
    }
}

Node finisher(const MapEntry& entry) {
    return {at("test", entry.base),
            {{"phandle", Cells{finisher_phandle}},
             {"reg", reg(entry.base, entry.size)},
             {"compatible", Texts{"sifive,test1", "sifive,test0", "syscon"}}},
            {}};
}

Node clint(const MapEntry& entry) {
    return {at("clint", entry.base),
            {{"interrupts-extended", Cells{hart_interrupts_phandle, cpu::interrupt::software,
                                           hart_interrupts_phandle, cpu::interrupt::timer}},
             {"reg", reg(entry.base, entry.size)},
             {"compatible", Texts{"sifive,clint0", "riscv,clint0"}}},
            {}};
}

Node memory(std::uint64_t base, std::uint64_t size) {
    return {at("memory", base), {{"device_type", Texts{"memory"}}, {"reg", reg(base, size)}}, {}};
}

Node plic(const MapEntry& entry, const HostConfig& host) {
    Cells targets;
    for (const std::uint32_t interrupt : plic_contexts(host)) {
        targets.insert(targets.end(), {hart_interrupts_phandle, interrupt});
    }
    return {at("plic", entry.base),
            {{"phandle", Cells{plic_phandle}},
             {"riscv,ndev", Cells{Plic::source_count - 1}},
             {"reg", reg(entry.base, entry.size)},
             {"interrupts-extended", std::move(targets)},
             {"interrupt-controller", Cells{}},
             {"compatible", Texts{"sifive,plic-1.0.0", "riscv,plic0"}},
             {"#address-cells", Cells{0}},
             {"#interrupt-cells", Cells{1}}},
            {}};
}

Node uart(const MapEntry& entry) {
    Node node{at("serial", entry.base),
              {{"clock-frequency", Cells{Uart16550::reference_hz}},
               {"reg", reg(entry.base, entry.size)},
               {"compatible", Texts{"ns16550a"}}},
              {}};
    add_interrupt(node, entry);
    return node;
}

/// Firmware of the `virt` board looks for what is connected to these.
Node virtio(const MapEntry& entry) {
    Node node{at("virtio_mmio", entry.base),
              {{"reg", reg(entry.base, entry.size)}, {"compatible", Texts{"virtio,mmio"}}},
              {}};
    add_interrupt(node, entry);
    return node;
}

Node own_block(const MapEntry& entry) {
    const std::string kind(entry.block != nullptr ? entry.block->name : entry.name);
    Node node{at(kind, entry.base),
              {{"compatible", Texts{"cimera," + kind}},
               {"label", Texts{entry.name}},
               {"reg", reg(entry.base, entry.size)}},
              {}};
    add_interrupt(node, entry);
    return node;
}

Node all_tiles(const SocConfig& config) {
    Node node{at("cim", fixed_map::cim_base),
              {{"compatible", Texts{"cimera,cim-array"}},
               {"reg", reg(fixed_map::cim_base, config.cim.tile_count() * config.cim.stride_bytes)},
               {"cimera,count", Cells{low(config.cim.tile_count())}},
               {"cimera,stride", Cells{low(config.cim.stride_bytes)}}},
              {}};
    return node;
}

Node soc(const SocConfig& config, const std::vector<MapEntry>& map) {
    Node node{"soc",
              {{"#address-cells", Cells{2}},
               {"#size-cells", Cells{2}},
               {"compatible", Texts{"simple-bus"}},
               {"ranges", Cells{}}},
              {}};
    const bool each_tile = config.cim.tile_count() <= most_tile_nodes;
    for (const MapEntry& entry : map) {
        if (entry.name == "rom" || entry.name.starts_with("l2") || entry.name == "dram" ||
            (entry.block == &regs::cim::block && !each_tile)) {
            continue;
        }
        node.children.push_back(entry.name == "finisher"              ? finisher(entry)
                                : entry.name == "clint"               ? clint(entry)
                                : entry.name == "plic"                ? plic(entry, config.host)
                                : entry.name == "uart"                ? uart(entry)
                                : entry.block == &regs::virtio::block ? virtio(entry)
                                                                      : own_block(entry));
    }
    if (!each_tile) {
        node.children.push_back(all_tiles(config));
    }
    return node;
}

Node power_control(const char* name, const char* compatible, std::uint32_t value) {
    return {name,
            {{"value", Cells{value}},
             {"offset", Cells{0}},
             {"regmap", Cells{finisher_phandle}},
             {"compatible", Texts{compatible}}},
            {}};
}

}  // namespace

DeviceTreeNode device_tree(const SocConfig& config, const std::vector<MapEntry>& map) {
    const auto found =
        std::find_if(map.begin(), map.end(), [](const MapEntry& e) { return e.name == "uart"; });
    Node chosen{"chosen", {}, {}};
    if (found != map.end()) {
        chosen.properties.push_back({"stdout-path", Texts{"/soc/" + at("serial", found->base)}});
    }
    std::vector<Node> children{std::move(chosen),
                               power_control("poweroff", "syscon-poweroff", 0x5555),
                               power_control("reboot", "syscon-reboot", 0x7777),
                               memory(fixed_map::l2_base, config.l2.size_bytes)};
    if (config.dram.size_bytes != 0) {
        children.push_back(memory(fixed_map::dram_base, config.dram.size_bytes));
    }
    children.push_back(cpus(config));
    children.push_back(soc(config, map));
    return {"",
            {{"#address-cells", Cells{2}},
             {"#size-cells", Cells{2}},
             {"compatible", Texts{"cimera," + config.soc.name}},
             {"model", Texts{"cimera," + config.soc.name}}},
            std::move(children)};
}

}  // namespace cimera
