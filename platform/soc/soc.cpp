// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/soc.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <variant>

#include <fmt/format.h>

#include "models/cim/digital_sram.hpp"
#include "models/common/error.hpp"
#include "models/cpu/isa_string.hpp"
#include "models/interconnect/crossbar.hpp"
#include "models/interconnect/mesh.hpp"
#include "models/memory/dram.hpp"
#include "platform/config/analog_arrays.hpp"
#include "platform/soc/device_table.hpp"
#include "platform/soc/mesh_plan.hpp"

namespace cimera {

namespace {

unsigned narrow(std::uint64_t value) {
    return static_cast<unsigned>(value);
}

MemoryConfig rom_config(std::uint64_t width) {
    return {.size = fixed_map::rom_bytes,
            .width = narrow(width),
            .writable = false,
            .volatile_contents = false,
            .family = "rom",
            .read_price = {"rom.read"},
            .write_price = {"rom.read"},
            .leakage = {{"rom", static_cast<double>(fixed_map::rom_bytes)}}};
}

MemoryConfig l2_config(const L2Config& l2, std::uint64_t bytes) {
    // Wider than 64 bits: macros side by side.
    const bool narrow_bank = l2.width_bytes < 8;
    const double macros = narrow_bank ? 1 : static_cast<double>(l2.width_bytes) / 8;
    return {.size = bytes,
            .width = narrow(l2.width_bytes),
            .read_cycles = narrow(l2.latency_cycles),
            .write_cycles = narrow(l2.latency_cycles),
            .banks = narrow(l2.banks),
            .family = "sram",
            .read_price = {narrow_bank ? "sram.read.32" : "sram.read.64", macros},
            .write_price = {narrow_bank ? "sram.write.32" : "sram.write.64", macros},
            .leakage = {{"sram", static_cast<double>(bytes)}}};
}

MemoryConfig nvm_config(const NvmConfig& nvm) {
    const double words = static_cast<double>(nvm.width_bytes) / 8;
    return {.size = nvm.size_bytes,
            .width = narrow(nvm.width_bytes),
            .read_cycles = narrow(nvm.read_latency_cycles),
            .write_cycles = narrow(nvm.write_latency_cycles),
            .read_step = narrow(nvm.read_latency_cycles),
            .write_step = narrow(nvm.write_latency_cycles),
            .family = "nvm",
            .read_price = {"nvm.read", words},
            .write_price = {"nvm.write", words},
            .leakage = {{"nvm", static_cast<double>(nvm.size_bytes)}, {"nvm.periphery", 1}}};
}

/// What a group of digital arrays computes with. The enumerations have the same order.
cim::DigitalConfig digital_config(const TileConfig& group) {
    cim::DigitalConfig config;
    config.encoding = static_cast<cim::Encoding>(group.encoding);
    config.sign = static_cast<cim::SignPlace>(group.sign);
    config.input_slice = narrow(group.input_slice);
    if (group.adder == AdderKind::lower_or) {
        config.adder.or_bits = narrow(group.adder_bits);
        CIMERA_ASSERT(cim::parse_levels(group.adder_levels, config.adder.levels),
                      "levels of adder trees are validated");
    }
    return config;
}

std::unique_ptr<cim::Array> make_array(const TileConfig& tile, const std::string& name,
                                       std::uint64_t seed) {
    const cim::Geometry geometry = tile_geometry(tile);
    switch (tile.array) {
        case ArrayKind::digital_sram:
            break;
        case ArrayKind::c3cim:
            return std::make_unique<cim::C3cimArray>(geometry, series_array(tile), seed, name);
        case ArrayKind::crossbar:
            return std::make_unique<cim::CrossbarArray>(geometry, level_array(tile), seed, name);
    }
    return std::make_unique<cim::DigitalSram>(geometry, digital_config(tile));
}

}  // namespace

Soc::Soc(const SocConfig& config, const PriceList& prices, SocInputs inputs, const SocHooks& hooks)
    : config_(config),
      inputs_(std::move(inputs)),
      diagnostics_(hooks.diagnostics),
      protocol_(hooks.protocol),
      map_(address_map(config)),
      ledger_(prices),
      always_on_(ledger_.add_domain("always_on")),
      host_domain_(add_domain("host")),
      fabric_domain_(add_domain("fabric")),
      l2_domain_(add_domain("l2")),
      host_clock_(config.clock.host_period_ps),
      fabric_clock_(config.clock.fabric_period_ps),
      peripheral_clock_(config.clock.peripherals_period_ps) {
    add_power(host_domain_, &host_clock_, &PowerPointConfig::host_period_ps);
    add_power(fabric_domain_, &fabric_clock_, &PowerPointConfig::fabric_period_ps);
    build_fabric();
    build_memories();
    build_peripherals(hooks);
    build_sensors();
    build_dma();
    build_tiles();
    build_host(hooks);
    build_pmu();
    connect();
    load_images();
    reset(ResetKind::cold);
}

const MapEntry& Soc::entry(const std::string& name) const {
    const auto found = std::find_if(map_.begin(), map_.end(),
                                    [&name](const MapEntry& e) { return e.name == name; });
    CIMERA_ASSERT(found != map_.end(), "a block of the SoC is in the address map");
    return *found;
}

void Soc::build_fabric() {
    const InterconnectConfig& fabric = config_.interconnect;
    const Environment env = environment(fabric_domain_, fabric_clock_);
    switch (fabric.kind) {
        case InterconnectKind::crossbar:
            fabric_ = std::make_unique<Crossbar>(
                "crossbar",
                CrossbarConfig{narrow(fabric.width_bytes), narrow(fabric.latency_cycles)}, env);
            break;
        case InterconnectKind::mesh:
            fabric_ = std::make_unique<Mesh>("mesh", mesh_plan(config_, map_), env);
            break;
    }
}

void Soc::build_memories() {
    memories_.push_back(std::make_unique<Memory>("rom",
                                                 rom_config(config_.interconnect.width_bytes),
                                                 environment(always_on_, fabric_clock_)));
    PowerDomain& power = add_power(l2_domain_, nullptr, nullptr);
    for (const MapEntry& entry : map_) {
        if (is_l2(entry)) {
            memories_.push_back(
                std::make_unique<Memory>(entry.name.c_str(), l2_config(config_.l2, entry.size),
                                         environment(l2_domain_, fabric_clock_, &power)));
            power.on_change([this, &entry](PowerState state, Picoseconds) {
                if (state == PowerState::off) {  // code that was decoded is no longer there
                    fabric_->announce_write(entry.base, entry.last());
                }
            });
        }
    }
    if (config_.nvm.size_bytes != 0) {
        build_nvm();
    }
    if (config_.csram.size_bytes != 0) {
        build_csram();
    }
    if (config_.dram.size_bytes != 0) {
        memories_.push_back(std::make_unique<Dram>("dram", config_.dram.size_bytes, lpddr4_3200,
                                                   environment(always_on_, fabric_clock_)));
    }
}

void Soc::build_nvm() {
    const NvmWear wear{narrow(config_.nvm.page_bytes), narrow(config_.nvm.endurance)};
    auto nvm = std::make_unique<Nvm>("nvm", nvm_config(config_.nvm), wear, inputs_.seed,
                                     environment(always_on_, fabric_clock_));
    nvm_ = nvm.get();
    memories_.push_back(std::move(nvm));
    if (inputs_.nvm) {
        nvm_->restore(*inputs_.nvm);
    }
    nvm_controller_ = std::make_unique<NvmController>(
        "nvmctl", environment(always_on_, peripheral_clock_), *nvm_);
}

void Soc::build_csram() {
    auto csram = std::make_unique<Csram>("csram", config_.csram.size_bytes,
                                         environment(fabric_domain_, fabric_clock_));
    csram_controller_ = std::make_unique<CsramController>(
        "csramctl", environment(fabric_domain_, fabric_clock_), *csram,
        static_cast<std::uint32_t>(fixed_map::csram_base));
    memories_.push_back(std::move(csram));
}

void Soc::build_peripherals(const SocHooks& hooks) {
    const Environment env = environment(always_on_, peripheral_clock_);
    uart_ = std::make_unique<Uart16550>("uart", env, hooks.uart_output);
    if (inputs_.uart_source != nullptr) {
        uart_->connect(*inputs_.uart_source);
    }
    clint_ = std::make_unique<Clint>("clint", env);
    plic_ = std::make_unique<Plic>("plic", env);
    for (const DeviceRow& row : device_table(config_)) {
        devices_.push_back(
            row.make({row.name, env, plic_->source(row.irq), config_, map_, inputs_, hooks}));
    }
    for (std::uint64_t i = 0; i < config_.host.virtio_slots; ++i) {
        virtio_.push_back(std::make_unique<VirtioSlot>(fmt::format("virtio{}", i).c_str(), env));
    }
}

void Soc::build_sensors() {
    for (const SensorConfig& sensor : config_.sensors) {
        FrameSource frames;
        if (const auto input = inputs_.frames.find(sensor.name); input != inputs_.frames.end()) {
            frames = std::move(input->second);
        }
        if (frames.frame_bytes() > sensor.fifo_bytes) {
            throw InputError(
                fmt::format("sensor {}", sensor.name),
                fmt::format("a frame of {} bytes does not fit the FIFO of {} bytes",
                            frames.frame_bytes(), sensor.fifo_bytes),
                fmt::format("--set sensor.{}.fifo=\"...\" makes it larger", sensor.name));
        }
        Sensor::Config timing;
        timing.period = frames.period.value_or(sensor.frame_period);
        timing.fifo_bytes = static_cast<std::uint32_t>(sensor.fifo_bytes);
        if (sensor.degradation.from_frame >= 0) {
            timing.degradation.from_frame =
                static_cast<std::uint64_t>(sensor.degradation.from_frame);
        }
        timing.degradation.dead_columns =
            static_cast<std::uint32_t>(sensor.degradation.dead_columns);
        timing.degradation.dead_first = static_cast<std::uint32_t>(sensor.degradation.dead_first);
        timing.degradation.dead_last = static_cast<std::uint32_t>(sensor.degradation.dead_last);
        timing.degradation.gain_error_q8 =
            static_cast<std::uint32_t>(std::llround(sensor.degradation.gain_error * 256));
        sensors_.push_back(std::make_unique<Sensor>(sensor.name.c_str(),
                                                    environment(always_on_, peripheral_clock_),
                                                    timing, std::move(frames), inputs_.seed));
    }
}

void Soc::build_dma() {
    if (config_.dma.channels != 0) {
        dma_ = std::make_unique<dma::Dma>(
            "dma", environment(fabric_domain_, fabric_clock_),
            dma::DmaConfig{narrow(config_.dma.channels), narrow(config_.dma.burst_bytes)});
    }
}

void Soc::build_tiles() {
    for (const TileConfig& group : config_.cim.tiles) {
        const cim::TileConfig buffers{narrow(group.l1_in_bytes), narrow(group.l1_out_bytes),
                                      narrow(group.queue)};
        for (std::uint64_t i = 0; i < group.count; ++i) {
            const std::string name = fmt::format("cim{}", tiles_.size());
            const DomainId domain = tile_domains_.emplace_back(add_domain(name));
            tile_clocks_.push_back(std::make_unique<Clock>(config_.clock.cim_period_ps));
            Clock& clock = *tile_clocks_.back();
            PowerDomain& power = add_power(domain, &clock, &PowerPointConfig::cim_period_ps);
            tiles_.push_back(
                std::make_unique<cim::Tile>(name.c_str(), environment(domain, clock, &power),
                                            buffers, make_array(group, name, inputs_.seed)));
        }
    }
}

void Soc::build_host(const SocHooks& hooks) {
    cpu::CpuConfig core;
    core.hart.extensions = std::get<cpu::ExtensionSet>(cpu::parse_isa(config_.host.isa));
    core.hart.misaligned_traps = config_.host.misaligned == MisalignedAccess::trap;
    core.hart.semihosting = inputs_.semihosting;
    core.hart.jit = inputs_.jit;
    core.hart.user_mode = config_.host.user_mode;
    core.hart.supervisor_mode = config_.host.supervisor_mode;
    core.reset_pc = static_cast<std::uint32_t>(fixed_map::rom_base);
    core.quantum = inputs_.quantum;
    core.use_dmi = inputs_.use_dmi && inputs_.timing == TimingStyle::loose;
    core.max_instructions = inputs_.max_instructions;
    host_ = std::make_unique<cpu::Cpu>("host", environment(host_domain_, host_clock_), core,
                                       hooks.on_boundary, hooks.on_trap,
                                       [this](Picoseconds at) { return clint_->mtime(at); });
    host_->set_owner(ledger_.owner("host", "none"));
}

/// Binds a pair of sockets, with a checker in between where transactions are checked.
template <class Initiator, class Target>
void Soc::link(const std::string& from, Initiator& initiator, const std::string& to,
               Target& target) {
    if (protocol_ == nullptr) {
        initiator.bind(target);
        return;
    }
    checkers_.push_back(std::make_unique<ProtocolChecker>(fmt::format("{}_to_{}", from, to).c_str(),
                                                          from, to, *protocol_));
    initiator.bind(checkers_.back()->from);
    checkers_.back()->to.bind(target);
}

void Soc::connect() {
    // Bus masters: the host is number 0, tiles and the DMA follow.
    const auto master = [this](const std::string& name, MasterPort& port) {
        fabric_->add_master(name);
        link(name, port, fabric_->name(), fabric_->masters);
    };
    master("host", host_->bus);
    fabric_->observe_writes(*host_, 0);
    for (const auto& tile : tiles_) {
        master(tile->name(), tile->master);
    }
    if (dma_ != nullptr) {
        master("dma", dma_->master);
    }
    const auto target = [this](const std::string& name, auto& socket, unsigned lanes) {
        const MapEntry& place = entry(name);
        fabric_->add_target(name, place.base, place.size, lanes);
        link(fabric_->name(), fabric_->targets, name, socket);
    };
    for (const auto& memory : memories_) {
        target(memory->name(), memory->bus,
               is_l2(entry(memory->name())) ? narrow(config_.l2.banks) : 1);
        resettables_.push_back(memory.get());
    }
    const auto block = [this, &target](Peripheral& device) {
        target(device.name(), device.bus, 1);
        resettables_.push_back(&device);
        peripherals_.push_back(&device);
    };
    if (pmu_ != nullptr) {
        block(*pmu_);
        pmu_->irq.bind(plic_->source(entry("pmu").irq));
        // First: the others find their clocks and supplies as after power-on.
        std::rotate(resettables_.begin(), std::prev(resettables_.end()), resettables_.end());
    }
    for (Peripheral* device :
         std::initializer_list<Peripheral*>{uart_.get(), clint_.get(), plic_.get()}) {
        block(*device);
    }
    if (nvm_controller_) {
        block(*nvm_controller_);
    }
    if (csram_controller_) {
        block(*csram_controller_);
    }
    for (const auto& slot : virtio_) {
        block(*slot);
    }
    for (const auto& sensor : sensors_) {
        block(*sensor);
        sensor->irq.bind(plic_->source(entry(sensor->name()).irq));
    }
    if (dma_ != nullptr) {
        block(*dma_);
        connect_dma();
    }
    for (const auto& tile : tiles_) {
        block(*tile);
        const MapEntry& place = entry(tile->name());
        tile->irq.bind(plic_->source(place.irq));
        tile->report_writes([this, base = place.base](std::uint64_t first, std::uint64_t last) {
            fabric_->announce_write(base + first, base + last);
        });
    }
    uart_->irq.bind(plic_->source(entry("uart").irq));
    clint_->software.bind(host_->line(3));
    clint_->timer.bind(host_->line(7));
    plic_->external.bind(host_->line(11));
    plic_->supervisor_external.bind(host_->line(9));
    resettables_.push_back(fabric_.get());
    resettables_.push_back(host_.get());
    for (const auto& device : devices_) {
        block(*device);
    }
}

/// Sensor n asks for bursts on line n.
void Soc::connect_dma() {
    dma_->irq.bind(plic_->source(entry("dma").irq));
    unsigned line = 0;
    for (const auto& sensor : sensors_) {
        sensor->request.bind(dma_->request(line++));
    }
}

void Soc::observe_writes(WriteObserver& observer) {
    constexpr int no_master = -1;
    fabric_->observe_writes(observer, no_master);
}

void Soc::on_work(const WorkListener& listener) {
    for (const auto& tile : tiles_) {
        tile->on_job(listener);
    }
    if (dma_ != nullptr) {
        dma_->on_list(listener);
    }
}

void Soc::tell_unfinished() {
    fabric_->show_unfinished();
    host_->tell_unfinished();
    for (const auto& tile : tiles_) {
        tile->tell_unfinished();
    }
    if (dma_ != nullptr) {
        dma_->tell_unfinished();
    }
}

bool Soc::deny_direct(std::uint32_t address, std::uint32_t size) {
    for (const auto& memory : memories_) {
        const MapEntry& range = entry(memory->name());
        if (address >= range.base && address <= range.last() &&
            size <= range.size - (address - range.base)) {
            memory->deny_direct(address - range.base, size);
            return true;
        }
    }
    return false;
}

void Soc::reset(ResetKind kind) {
    for (Clock* clock : {&host_clock_, &fabric_clock_, &peripheral_clock_}) {
        clock->restart(kernel_now());
    }
    for (const auto& clock : tile_clocks_) {
        clock->restart(kernel_now());
    }
    for (Resettable* block : resettables_) {
        block->reset(kind);
    }
}

}  // namespace cimera
