// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/cim/tile.hpp"
#include "models/common/clock.hpp"
#include "models/cpu/cpu.hpp"
#include "models/dma/dma.hpp"
#include "models/interconnect/interconnect.hpp"
#include "models/interconnect/protocol_checker.hpp"
#include "models/memory/csram.hpp"
#include "models/memory/memory.hpp"
#include "models/memory/nvm_controller.hpp"
#include "models/peripherals/clint.hpp"
#include "models/peripherals/finisher.hpp"
#include "models/peripherals/gpio.hpp"
#include "models/peripherals/plic.hpp"
#include "models/peripherals/pmu.hpp"
#include "models/peripherals/sensor.hpp"
#include "models/peripherals/uart16550.hpp"
#include "models/peripherals/virtio_slot.hpp"
#include "models/power/domain.hpp"
#include "models/power/ledger.hpp"
#include "platform/config/soc_config.hpp"
#include "platform/elf/image.hpp"
#include "platform/soc/address_map.hpp"

namespace cimera {

/// What is put into memories and sensors before a run starts.
struct SocInputs {
    const Image* firmware = nullptr;  ///< null: nothing to run
    std::vector<std::uint8_t> model;  ///< NVM contents
    std::optional<NvmState> nvm;      ///< what an earlier run left; fits the configuration
    struct Load {
        std::uint64_t address;
        std::vector<std::uint8_t> bytes;
        std::string name;  ///< for messages
    };
    std::vector<Load> loads;
    std::map<std::string, FrameSource> frames;  ///< by sensor
    std::vector<PinChange> pins;                ///< what the GPIO's inputs do
    SerialSource* uart_source = nullptr;        ///< what the UART receives; null: nothing
    std::uint64_t seed = 1;
    Picoseconds quantum = 1'000'000'000;
    TimingStyle timing = TimingStyle::loose;
    bool use_dmi = true;  ///< where loosely timed
    bool jit = false;     ///< the core translates hot code
    bool semihosting = false;
    bool check_tlm = false;
    bool check_memory = false;  ///< tell of reads of unwritten bytes
    std::uint64_t max_instructions = ~std::uint64_t{0};
};

/// What the SoC asks of whoever runs it.
struct SocHooks {
    std::function<void(std::uint8_t)> uart_output;
    cpu::Cpu::BoundaryHandler on_boundary;
    cpu::Cpu::TrapListener on_trap;
    RunControl& control;
    Diagnostics& diagnostics;
    protocol::Listener* protocol = nullptr;  ///< null: transactions are not checked
};

/// All modules of a configured chip, bound together.
class Soc {
public:
    Soc(const SocConfig& config, const PriceList& prices, SocInputs inputs, const SocHooks& hooks);

    /// Resets every block; the simulation goes on.
    void reset(ResetKind kind);

    /// `observer` hears of every write that passes the interconnect.
    void observe_writes(WriteObserver& observer);
    /// `monitor` sees every transaction of the interconnect.
    void set_monitor(TransferMonitor& monitor) { fabric_->set_monitor(monitor); }
    /// `listener` hears of jobs of tiles and lists of the DMA when they end.
    void on_work(const WorkListener& listener);
    /// Tells monitor and listeners of what is going on when the simulation ends.
    void tell_unfinished();
    /// Accesses to these bytes pass the interconnect, never a pointer. Before the simulation
    /// starts; false where there is no memory.
    bool deny_direct(std::uint32_t address, std::uint32_t size);

    [[nodiscard]] Ledger& ledger() { return ledger_; }
    [[nodiscard]] cpu::Cpu& host() { return *host_; }
    [[nodiscard]] const std::vector<MapEntry>& map() const { return map_; }
    [[nodiscard]] Uart16550& uart() { return *uart_; }
    /// A device of the device table, or null where this SoC has none of the kind.
    template <class Device>
    [[nodiscard]] const Device* device() const {
        for (const auto& device : devices_) {
            if (const auto* found = dynamic_cast<const Device*>(device.get())) {
                return found;
            }
        }
        return nullptr;
    }
    /// Every block with registers.
    [[nodiscard]] const std::vector<Peripheral*>& peripherals() const { return peripherals_; }
    [[nodiscard]] const Plic& plic() const { return *plic_; }
    [[nodiscard]] const Interconnect& interconnect() const { return *fabric_; }
    /// One for each pair of sockets where transactions are checked.
    [[nodiscard]] const std::vector<std::unique_ptr<ProtocolChecker>>& checkers() const {
        return checkers_;
    }
    [[nodiscard]] const std::vector<std::unique_ptr<Memory>>& memories() const { return memories_; }
    /// Null: the SoC has none.
    [[nodiscard]] const Nvm* nvm() const { return nvm_; }
    [[nodiscard]] const std::vector<std::unique_ptr<cim::Tile>>& tiles() const { return tiles_; }
    [[nodiscard]] const std::vector<std::unique_ptr<Sensor>>& sensors() const { return sensors_; }

private:
    [[nodiscard]] Environment environment(DomainId domain, const Clock& clock,
                                          PowerDomain* power = nullptr) const {
        return {ledger_, diagnostics_, domain, clock, inputs_.timing, power};
    }
    DomainId add_domain(const std::string& name);
    PowerDomain& add_power(DomainId domain, Clock* clock, std::uint64_t PowerPointConfig::*period);
    void build_fabric();
    void build_memories();
    void build_nvm();
    void build_csram();
    void build_peripherals(const SocHooks& hooks);
    void build_sensors();
    void build_dma();
    void build_pmu();
    [[nodiscard]] PmuConfig pmu_config();
    void build_tiles();
    void build_host(const SocHooks& hooks);
    void connect();
    template <class Initiator, class Target>
    void link(const std::string& from, Initiator& initiator, const std::string& to, Target& target);
    void connect_dma();
    void load_images();
    void place(const Segment& segment);
    bool place_parts(std::uint64_t address, std::span<const std::uint8_t> bytes,
                     std::uint64_t memory_bytes);
    void place(std::uint64_t address, std::span<const std::uint8_t> bytes,
               std::uint64_t memory_bytes, const std::string& what);
    [[nodiscard]] const MapEntry& entry(const std::string& name) const;

    SocConfig config_;
    SocInputs inputs_;
    Diagnostics& diagnostics_;
    protocol::Listener* protocol_;
    std::vector<MapEntry> map_;
    mutable Ledger ledger_;
    DomainId always_on_;
    DomainId host_domain_;
    DomainId fabric_domain_;
    DomainId l2_domain_;
    Clock host_clock_;
    Clock fabric_clock_;
    Clock peripheral_clock_;
    std::vector<std::unique_ptr<Clock>> tile_clocks_;
    std::vector<DomainId> tile_domains_;
    std::vector<std::unique_ptr<PowerDomain>> power_;  // of host, fabric, L2 and tiles

    std::unique_ptr<cpu::Cpu> host_;
    std::unique_ptr<Interconnect> fabric_;
    std::vector<std::unique_ptr<Memory>> memories_;
    Nvm* nvm_ = nullptr;
    std::unique_ptr<NvmController> nvm_controller_;
    std::unique_ptr<CsramController> csram_controller_;
    std::unique_ptr<Uart16550> uart_;
    std::unique_ptr<Clint> clint_;
    std::unique_ptr<Plic> plic_;
    std::vector<std::unique_ptr<Peripheral>> devices_;  // of the device table, in its order
    std::vector<std::unique_ptr<VirtioSlot>> virtio_;
    std::vector<std::unique_ptr<Sensor>> sensors_;
    std::unique_ptr<dma::Dma> dma_;  // may be absent
    std::unique_ptr<Pmu> pmu_;       // may be absent
    std::vector<std::unique_ptr<cim::Tile>> tiles_;
    std::vector<std::unique_ptr<ProtocolChecker>> checkers_;  // of every pair of sockets, or none
    std::vector<Peripheral*> peripherals_;
    std::vector<Resettable*> resettables_;
};

}  // namespace cimera
