// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"
#include "models/common/sleep.hpp"
#include "models/power/domain.hpp"

namespace cimera {

/// What kind of part a power domain is, as firmware reads it.
enum class DomainKind : std::uint8_t { always_on = 0, host = 1, fabric = 2, l2 = 3, tile = 4 };

/// A power domain as firmware sees it.
struct PmuDomain {
    DomainId id = 0;
    DomainKind kind = DomainKind::always_on;
    unsigned index = 0;                     ///< of the tile
    PowerDomain* power = nullptr;           ///< null: always on
    unsigned states = 1;                    ///< bit n: firmware may ask for state n
    std::vector<Picoseconds> periods = {};  ///< of its clock by point; none: it follows another's
    std::size_t from_off = 0;               ///< its kind of event in PmuConfig::inrush
    std::size_t from_retention = 0;         ///< likewise
    std::function<bool()> busy = {};        ///< whether it has work that needs its clock
};

struct PmuConfig {
    std::vector<PmuDomain> domains;   ///< by number
    std::vector<std::string> points;  ///< names of operating points; 0: after power-on
    Picoseconds off_latency = 0;      ///< of waking up
    Picoseconds retention_latency = 0;
    Picoseconds point_latency = 0;  ///< of changing the operating point
    std::vector<EventKind> inrush;  ///< charging what was without supply
    std::uint32_t reset_pc = 0;     ///< where the host starts after it was off
};

/// Power management unit: brings power domains into states and to operating points, and decides
/// what becomes of the host in wfi.
class Pmu final : public Peripheral, public SleepControl {
public:
    IrqPort irq{"irq"};

    Pmu(const sc_core::sc_module_name& name, const Environment& env, PmuConfig config);

    void falls_asleep(OwnerId owner, Picoseconds at) override;
    [[nodiscard]] bool wakes(std::uint32_t pending, std::uint32_t enabled) const override;
    [[nodiscard]] bool can_wake(std::uint32_t enabled) const override;
    [[nodiscard]] Picoseconds awakens(Picoseconds at) override;
    [[nodiscard]] std::optional<std::uint32_t> restart() override;

private:
    enum class Error : std::uint8_t {
        none,
        no_domain,
        always_on,
        no_state,
        no_point,
        busy,
        no_wake,
        not_on
    };
    /// A change that takes time.
    struct Pending {
        const PmuDomain* domain;
        Picoseconds due;
        bool tell;  ///< by IRQ_STATUS
    };

    void reset_device(ResetKind kind) override;
    void define_registers();
    [[nodiscard]] const PmuDomain* selected() const;
    [[nodiscard]] std::uint32_t description() const;
    [[nodiscard]] std::uint32_t status() const;
    [[nodiscard]] std::uint32_t hertz() const;

    void request_state(PowerState state);
    void request_point(std::uint32_t point);
    [[nodiscard]] Error judge_state(const PmuDomain& domain, PowerState state) const;
    [[nodiscard]] Error judge_point(const PmuDomain& domain, std::uint32_t point) const;
    void refuse(Error error, std::uint32_t domain, const char* place, std::uint32_t pc);
    void wake(const PmuDomain& domain, OwnerId owner, Picoseconds at, bool tell);
    void move(const PmuDomain& domain, std::uint32_t point, Picoseconds at);
    void change_points(Picoseconds at);
    void catch_up(Picoseconds at);
    void schedule();
    void done(Picoseconds at);
    void update_irq(Picoseconds at);

    PmuConfig config_;
    PmuDomain* host_ = nullptr;
    PmuDomain* fabric_ = nullptr;
    PmuDomain* l2_ = nullptr;
    std::vector<Pending> pending_;
    PowerState sleep_state_ = PowerState::clock_gated;  // of the next wfi
    std::optional<std::uint32_t> host_point_;           // from the next wfi on
    std::optional<std::uint32_t> fabric_point_;
    bool asleep_ = false;
    bool lost_ = false;       // the host's state, in its last sleep
    bool l2_sleeps_ = false;  // along with the host
    OwnerId sleeper_ = 0;     // pays for the wake-up
    PowerState woken_ = PowerState::on;
    sc_core::sc_event due_;
};

}  // namespace cimera
