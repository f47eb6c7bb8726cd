// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <systemc>
#include <tlm>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"
#include "models/common/work.hpp"
#include "models/dma/arbiter.hpp"
#include "models/dma/channel.hpp"

namespace cimera::dma {

struct DmaConfig {
    unsigned channels = 4;  ///< 1 to 8
    unsigned burst = 64;    ///< bytes of the longest burst, a power of two from 4 to 256
};

/// DMA: target (registers), bus master, interrupt, and inputs for request lines of devices. All
/// channels share one bus port, burst by burst.
class Dma final : public Peripheral, private Bus {
public:
    static constexpr unsigned most_channels = 8;

    MasterPort master;
    IrqPort irq{"irq"};

    Dma(const sc_core::sc_module_name& name, const Environment& env, const DmaConfig& config);

    /// From now on `listener` hears of lists of descriptors when they end.
    void on_list(const WorkListener& listener);
    /// Tells the listener of the lists that are going on when the simulation ends.
    void tell_unfinished();
    /// What a device binds the port of its request line to. The line works like an interrupt: it
    /// is high while the device can give, or take, a whole burst.
    [[nodiscard]] bool working() const;
    /// Whether a channel has a list to work on.
    [[nodiscard]] bool busy() const;
    [[nodiscard]] IrqIf& request(unsigned line) { return lines_[line]; }

private:
    struct Line final : IrqIf {
        Dma* dma = nullptr;
        bool level = false;
        void set(bool now_high, Picoseconds at) override;
    };
    /// A channel and who started it.
    struct Lane {
        explicit Lane(unsigned burst) : channel(burst) {}
        Channel channel;
        bool busy = false;  // to the firmware: until its end is told
        Step untold;        // events that belong to the instant at which the engine wakes
        Picoseconds ready_at = 0;
        OwnerId owner = 0;
        std::uint32_t pc = 0;
        std::uint64_t list = 0;  // number of its list, counted from 1
        WorkRecord work;
        bool aborted = false;
    };

    void reset_device(ResetKind kind) override;
    void define_registers();
    [[nodiscard]] bool exists(std::uint32_t channel);
    [[nodiscard]] std::uint32_t status(std::uint32_t channel) const;
    [[nodiscard]] std::uint32_t pending() const;
    void start(std::uint32_t channel, std::uint32_t descriptor);
    void control(std::uint32_t channel, std::uint32_t value);

    void run();
    void advance();
    void serve(Lane& lane, sc_core::sc_time& delay);
    [[nodiscard]] std::optional<unsigned> pick(Picoseconds at);
    [[nodiscard]] bool waits_for_line(const Lane& lane) const;
    [[nodiscard]] bool anyone_paced() const;
    void tell(std::uint32_t channel);
    void kick(Picoseconds at);
    void sleep(const sc_core::sc_time& delay);
    void update_irq();

    bool read(std::uint32_t address, std::uint8_t* bytes, unsigned length) override;
    bool write(std::uint32_t address, const std::uint8_t* bytes, unsigned length) override;
    bool transport(tlm::tlm_command command, std::uint32_t address, std::uint8_t* bytes,
                   unsigned length);

    [[nodiscard]] std::uint32_t& reg(std::uint32_t offset, std::size_t channel) {
        return regs[offset + 4 * static_cast<std::uint32_t>(channel)];
    }
    [[nodiscard]] std::uint32_t reg(std::uint32_t offset, std::size_t channel) const {
        return regs[offset + 4 * static_cast<std::uint32_t>(channel)];
    }

    DmaConfig config_;
    std::vector<Lane> lanes_;
    std::array<Line, request_lines> lines_;
    Arbiter arbiter_;
    bool working_ = false;
    Picoseconds due_ = 0;           // when the engine goes on, or has become free
    std::uint64_t generation_ = 0;  // a reset begins another; a transfer may last longer
    std::uint64_t lists_ = 0;
    sc_core::sc_time* delay_ = nullptr;  // of the step under way
    sc_core::sc_event wake_;
    TaggedPayload transaction_;
};

}  // namespace cimera::dma
