// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/energy_counters.hpp"

#include "models/peripherals/clint.hpp"
#include "models/peripherals/mailbox.hpp"
#include "regs/energy.hpp"

namespace cimera {

using namespace regs::energy;

namespace {
enum class Kind : std::uint32_t { chip = 0, domain = 1, component = 2 };
}

EnergyCounters::EnergyCounters(const sc_core::sc_module_name& name, const Environment& environment)
    : Peripheral(name, block, environment) {
    regs.on_write(CTRL, [this](std::uint32_t value) {
        if (CTRL_LATCH::get(value) != 0) {
            latch();
        }
    });
    regs.on_read(COUNTS, [this] {
        return COUNTS_DOMAINS::of(static_cast<std::uint32_t>(env.ledger.domains().size())) |
               COUNTS_COMPONENTS::of(static_cast<std::uint32_t>(env.ledger.components().size()));
    });
    regs.on_read(VALUE_LO, [this] { return static_cast<std::uint32_t>(value()); });
    regs.on_read(VALUE_HI, [this] { return static_cast<std::uint32_t>(value() >> 32); });
    const auto ticks = [this] { return (latch_time_ - reset_time_) / Clint::tick; };
    regs.on_read(TIME_LO, [ticks] { return static_cast<std::uint32_t>(ticks()); });
    regs.on_read(TIME_HI, [ticks] { return static_cast<std::uint32_t>(ticks() >> 32); });
    regs.on_read(NAME, [this](std::uint32_t index) { return pack_name(selected_name(), index); });
}

void EnergyCounters::reset_device(ResetKind /*kind*/) {
    reset_time_ = now();
    latch_time_ = reset_time_;
    at_reset_ = env.ledger.by_component(reset_time_);
    latched_ = at_reset_;
}

void EnergyCounters::latch() {
    used_ = true;
    latch_time_ = now();
    latched_ = env.ledger.by_component(latch_time_);
}

std::uint64_t EnergyCounters::part(const ComponentEnergy& energy, std::uint32_t which) {
    switch (which) {
        case 1:
            return static_cast<std::uint64_t>(energy.dynamic);
        case 2:
            return static_cast<std::uint64_t>(energy.clock);
        case 3:
            return static_cast<std::uint64_t>(energy.leakage);
        default:
            return static_cast<std::uint64_t>(energy.dynamic + energy.clock + energy.leakage);
    }
}

std::uint64_t EnergyCounters::value() const {
    const std::uint32_t index = SELECT_INDEX::get(regs[SELECT]);
    const auto kind = static_cast<Kind>(SELECT_KIND::get(regs[SELECT]));
    const std::uint32_t which = SELECT_PART::get(regs[SELECT]);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < latched_.size(); ++i) {
        const bool selected =
            kind == Kind::chip ||
            (kind == Kind::domain && env.ledger.components()[i]->domain() == index) ||
            (kind == Kind::component && i == index);
        if (selected) {
            sum += part(latched_[i], which) - part(at_reset_[i], which);
        }
    }
    return sum;
}

const std::string& EnergyCounters::selected_name() const {
    static const std::string chip = "chip";
    static const std::string nothing;
    const std::uint32_t index = SELECT_INDEX::get(regs[SELECT]);
    switch (static_cast<Kind>(SELECT_KIND::get(regs[SELECT]))) {
        case Kind::chip:
            return chip;
        case Kind::domain:
            return index < env.ledger.domains().size() ? env.ledger.domains()[index] : nothing;
        case Kind::component:
            return index < env.ledger.components().size()
                       ? env.ledger.components()[index]->component()
                       : nothing;
    }
    return nothing;
}

}  // namespace cimera
