// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <iterator>

#include "models/common/error.hpp"
#include "platform/soc/soc.hpp"

// Power management: which domains there are, which of them the PMU drives, and what waking them up
// costs.

namespace cimera {

namespace {

constexpr unsigned bit(PowerState state) {
    return 1U << static_cast<unsigned>(state);
}

constexpr unsigned memory_states =
    bit(PowerState::on) | bit(PowerState::retention) | bit(PowerState::off);
constexpr unsigned all_states = memory_states | bit(PowerState::clock_gated);

// Sizes of the logic, in thousands of gates: the core, and the adder trees of a macro (128 columns
// of 435 full adders of 7 gates).
constexpr double core_kgates = 50;
constexpr double macro_kgates = 390;

/// Kinds of event of waking up; domains of the same size share theirs.
class Inrush {
public:
    std::size_t of(double bytes, double kgates) {
        EventKind kind{"pmu.inrush", {{"inrush.byte", bytes}, {"inrush.kgate", kgates}}};
        const auto found = std::find_if(kinds_.begin(), kinds_.end(), [&](const EventKind& other) {
            return other.price[0].factor == bytes && other.price[1].factor == kgates;
        });
        if (found != kinds_.end()) {
            return static_cast<std::size_t>(std::distance(kinds_.begin(), found));
        }
        kinds_.push_back(std::move(kind));
        return kinds_.size() - 1;
    }
    /// After *off* everything is charged, after *retention* what is no memory.
    void set(PmuDomain& domain, double bytes, double kgates) {
        domain.from_off = of(bytes, kgates);
        domain.from_retention = of(0, kgates);
    }
    [[nodiscard]] const std::vector<EventKind>& kinds() const { return kinds_; }

private:
    std::vector<EventKind> kinds_;
};

/// A clock's periods at the chip's operating points.
std::vector<Picoseconds> periods_of(const PowerConfig& power, Picoseconds nominal,
                                    std::uint64_t PowerPointConfig::*period) {
    std::vector<Picoseconds> periods{nominal};
    for (const PowerPointConfig& point : power.points) {
        periods.push_back(point.*period);
    }
    return periods;
}

}  // namespace

DomainId Soc::add_domain(const std::string& name) {
    std::vector<std::string> points{"nominal"};
    for (const PowerPointConfig& point : config_.power.points) {
        points.push_back(point.name);
    }
    return ledger_.add_domain(name, std::move(points));
}

PowerDomain& Soc::add_power(DomainId domain, Clock* clock,
                            std::uint64_t PowerPointConfig::*period) {
    std::vector<Picoseconds> periods;
    if (clock != nullptr) {
        periods = periods_of(config_.power, clock->period(), period);
    }
    power_.push_back(
        std::make_unique<PowerDomain>(ledger_, domain, clock, std::move(periods), inputs_.seed));
    return *power_.back();
}

PmuConfig Soc::pmu_config() {
    PmuConfig pmu;
    Inrush inrush;
    pmu.domains.resize(ledger_.domains().size());
    for (DomainId id = 0; id < pmu.domains.size(); ++id) {
        pmu.domains[id].id = id;
    }
    for (const auto& power : power_) {
        pmu.domains[power->id()].power = power.get();
        pmu.domains[power->id()].periods = power->periods();
    }
    PmuDomain& host = pmu.domains[host_domain_];
    host.kind = DomainKind::host;
    host.states = all_states;
    inrush.set(host, 0, core_kgates);
    PmuDomain& fabric = pmu.domains[fabric_domain_];
    fabric.kind = DomainKind::fabric;
    fabric.busy = [this] {
        return (dma_ != nullptr && dma_->busy()) ||
               std::any_of(tiles_.begin(), tiles_.end(),
                           [](const auto& tile) { return tile->busy(); });
    };
    inrush.set(fabric, 0, 0);
    PmuDomain& l2 = pmu.domains[l2_domain_];
    l2.kind = DomainKind::l2;
    l2.states = memory_states;
    inrush.set(l2, static_cast<double>(config_.l2.size_bytes), 0);
    std::size_t number = 0;
    for (const TileConfig& group : config_.cim.tiles) {
        const std::uint64_t bytes = group.l1_in_bytes + group.l1_out_bytes + group.array_bytes();
        for (std::uint64_t i = 0; i < group.count; ++i, ++number) {
            const cim::Tile* tile = tiles_[number].get();
            PmuDomain& domain = pmu.domains[tile_domains_[number]];
            domain.kind = DomainKind::tile;
            domain.index = static_cast<unsigned>(number);
            domain.states = all_states;
            domain.busy = [tile] { return tile->busy(); };
            inrush.set(domain, static_cast<double>(bytes),
                       static_cast<double>(group.macros) * macro_kgates);
        }
    }
    pmu.points = {"nominal"};
    for (const PowerPointConfig& point : config_.power.points) {
        pmu.points.push_back(point.name);
    }
    pmu.off_latency = config_.power.off_wakeup_ps;
    pmu.retention_latency = config_.power.retention_wakeup_ps;
    pmu.point_latency = config_.power.point_change_ps;
    pmu.inrush = inrush.kinds();
    pmu.reset_pc = static_cast<std::uint32_t>(fixed_map::rom_base);
    return pmu;
}

void Soc::build_pmu() {
    if (has_pmu(config_)) {
        pmu_ =
            std::make_unique<Pmu>("pmu", environment(always_on_, peripheral_clock_), pmu_config());
        host_->set_sleep_control(*pmu_);
    }
}

}  // namespace cimera
