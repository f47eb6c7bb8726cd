// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/cim/tile.hpp"
#include "models/common/clock.hpp"
#include "models/cpu/cpu.hpp"
#include "models/dma/dma.hpp"
#include "models/interconnect/interconnect.hpp"
#include "models/memory/memory.hpp"
#include "models/peripherals/clint.hpp"
#include "models/peripherals/energy_counters.hpp"
#include "models/peripherals/finisher.hpp"
#include "models/peripherals/mailbox.hpp"
#include "models/peripherals/plic.hpp"
#include "models/peripherals/sensor.hpp"
#include "models/peripherals/soc_info.hpp"
#include "models/peripherals/uart16550.hpp"
#include "models/peripherals/virtio_slot.hpp"
#include "models/power/ledger.hpp"
#include "platform/config/soc_config.hpp"
#include "platform/elf/image.hpp"
#include "platform/soc/address_map.hpp"

namespace cimera {

/// What is put into memories and sensors before a run starts.
struct SocInputs {
    const Image* firmware = nullptr;  ///< null: nothing to run
    std::vector<std::uint8_t> model;  ///< NVM contents
    struct Load {
        std::uint64_t address;
        std::vector<std::uint8_t> bytes;
        std::string name;  ///< for messages
    };
    std::vector<Load> loads;
    std::map<std::string, FrameSource> frames;  ///< by sensor
    SerialSource* uart_source = nullptr;               ///< what the UART receives; null: nothing
    std::uint64_t seed = 1;
    Picoseconds quantum = 1'000'000'000;
    TimingStyle timing = TimingStyle::loose;
    bool use_dmi = true;  ///< where loosely timed
    bool semihosting = false;
    std::uint64_t max_instructions = ~std::uint64_t{0};
};

/// What the SoC asks of whoever runs it.
struct SocHooks {
    std::function<void(std::uint8_t)> uart_output;
    cpu::Cpu::BoundaryHandler on_boundary;
    cpu::Cpu::TrapListener on_trap;
    RunControl& control;
    Diagnostics& diagnostics;
};

/// All modules of a configured chip, bound together.
class Soc {
public:
    Soc(const SocConfig& config, const PriceList& prices, SocInputs inputs, const SocHooks& hooks);

    /// Resets every block; the simulation goes on.
    void reset(ResetKind kind);

    /// `observer` hears of every write that passes the interconnect.
    void observe_writes(WriteObserver& observer);
    /// Accesses to these bytes pass the interconnect, never a pointer. Before the simulation
    /// starts; false where there is no memory.
    bool deny_direct(std::uint32_t address, std::uint32_t size);

    [[nodiscard]] Ledger& ledger() { return ledger_; }
    [[nodiscard]] cpu::Cpu& host() { return *host_; }
    [[nodiscard]] const std::vector<MapEntry>& map() const { return map_; }
    [[nodiscard]] Uart16550& uart() { return *uart_; }
    [[nodiscard]] const Mailbox& mailbox() const { return *mailbox_; }
    [[nodiscard]] const EnergyCounters& energy_counters() const { return *energy_; }
    /// Every block with registers.
    [[nodiscard]] const std::vector<Peripheral*>& peripherals() const { return peripherals_; }
    [[nodiscard]] const Plic& plic() const { return *plic_; }
    [[nodiscard]] const Interconnect& interconnect() const { return *fabric_; }
    [[nodiscard]] const std::vector<std::unique_ptr<Memory>>& memories() const { return memories_; }
    [[nodiscard]] const std::vector<std::unique_ptr<Sensor>>& sensors() const { return sensors_; }

private:
    [[nodiscard]] Environment environment(DomainId domain, const Clock& clock) const {
        return {ledger_, diagnostics_, domain, clock, inputs_.timing};
    }
    void build_memories();
    void build_peripherals(const SocHooks& hooks);
    void build_sensors();
    void build_dma();
    void build_tiles();
    void build_host(const SocHooks& hooks);
    void connect();
    void connect_dma();
    void load_images();
    void place(const Segment& segment);
    void place(std::uint64_t address, std::span<const std::uint8_t> bytes,
               std::uint64_t memory_bytes, const std::string& what);
    [[nodiscard]] std::map<std::uint32_t, std::uint32_t> information() const;
    Memory& add_memory(const MemoryConfig& memory, const std::string& name, DomainId domain);
    [[nodiscard]] const MapEntry& entry(const std::string& name) const;

    SocConfig config_;
    SocInputs inputs_;
    Diagnostics& diagnostics_;
    std::vector<MapEntry> map_;
    mutable Ledger ledger_;
    DomainId always_on_;
    DomainId host_domain_;
    DomainId fabric_domain_;
    Clock host_clock_;
    Clock fabric_clock_;
    Clock cim_clock_;
    Clock peripheral_clock_;

    std::unique_ptr<cpu::Cpu> host_;
    std::unique_ptr<Interconnect> fabric_;
    std::vector<std::unique_ptr<Memory>> memories_;
    std::unique_ptr<Uart16550> uart_;
    std::unique_ptr<Clint> clint_;
    std::unique_ptr<Plic> plic_;
    std::unique_ptr<Finisher> finisher_;
    std::unique_ptr<EnergyCounters> energy_;
    std::unique_ptr<Mailbox> mailbox_;
    std::unique_ptr<SocInfo> info_;
    std::vector<std::unique_ptr<VirtioSlot>> virtio_;
    std::vector<std::unique_ptr<Sensor>> sensors_;
    std::unique_ptr<dma::Dma> dma_;  // may be absent
    std::vector<std::unique_ptr<cim::Tile>> tiles_;
    std::vector<Peripheral*> peripherals_;
    std::vector<Resettable*> resettables_;
};

}  // namespace cimera
