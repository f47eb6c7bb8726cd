// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "models/power/attojoules.hpp"
#include "models/power/counts.hpp"

namespace cimera {

/// Prices by name, at the nominal voltage: attojoules per event, attowatts per unit of leakage.
class PriceList {
public:
    PriceList() = default;
    PriceList(const PriceList&) = delete;
    PriceList& operator=(const PriceList&) = delete;
    virtual ~PriceList() = default;
    [[nodiscard]] virtual double energy(const std::string& entry) const = 0;
    [[nodiscard]] virtual double leakage(const std::string& entry) const = 0;
    /// Voltage of an operating point over the nominal one.
    [[nodiscard]] virtual double relative_voltage(const std::string& /*point*/) const { return 1; }
    /// What is left of an entry's leakage where its domain is in retention or off.
    [[nodiscard]] virtual double leakage_share(const std::string& /*entry*/,
                                               PowerState state) const {
        return state == PowerState::off ? 0 : 1;
    }
};

/// How dynamic energy (C · V²) and leakage power depend on the voltage over the nominal one.
/// Leakage is an estimate: V³, one V for the power and two for the current that falls with the
/// drain's voltage (docs/power.md).
[[nodiscard]] constexpr double dynamic_scale(double relative_voltage) {
    return relative_voltage * relative_voltage;
}
[[nodiscard]] constexpr double leakage_scale(double relative_voltage) {
    return relative_voltage * relative_voltage * relative_voltage;
}

/// Energy of the whole chip at one instant, split in every way. All maps are flat leaves and each
/// sums to `total()`.
struct EnergyReport {
    using Split = std::map<std::string, Attojoules>;
    Attojoules dynamic = 0;
    Attojoules clock = 0;
    Attojoules leakage = 0;
    Split by_component;
    Split by_initiator;
    Split by_event;
    Split by_domain;
    Split by_phase;
    Split by_function;  ///< empty where calls were not followed
    std::map<std::string, std::uint64_t> operations;

    [[nodiscard]] Attojoules total() const { return dynamic + clock + leakage; }
};

/// Energy of one component, without who owns it.
struct ComponentEnergy {
    Attojoules dynamic = 0;
    Attojoules clock = 0;
    Attojoules leakage = 0;
};

/// Whole prices of one component, each rounded once.
struct ComponentPrices {
    std::vector<std::vector<std::uint64_t>> events;                ///< attojoules by point, event
    std::vector<std::array<std::uint64_t, power_states>> leakage;  ///< attowatts by point, state
};
[[nodiscard]] ComponentPrices prices_of(const std::vector<EventKind>& events,
                                        const std::vector<LeakageTerm>& leakage,
                                        const std::vector<std::string>& points,
                                        const PriceList& prices);

/// Leakage over intervals of its domain: a sum of floor(P · t), so that differences sum exactly.
[[nodiscard]] Attojoules leakage_over(const ComponentPrices& prices,
                                      const std::vector<PowerInterval>& intervals);

/// One part of the energy; all of them make the total.
struct Posting {
    const LedgerCounts::Component& component;
    const LedgerCounts::Domain& domain;
    const LedgerCounts::Owner& owner;  ///< "none" for clock and leakage
    const std::string& event;          ///< "clock" and "leakage" for these
    CountKind kind;                    ///< of the event; leakage comes without a kind of its own
    bool leakage;
    std::uint64_t count;  ///< of events
    Attojoules energy;
    std::uint32_t frame;  ///< that of the owner, who has clock events too; of leakage 0
};
/// Tells `post` every part of the energy, operations included (they have none).
void price(const LedgerCounts& counts, const PriceList& prices,
           const std::function<void(const Posting&)>& post);

/// The energy of what was counted.
[[nodiscard]] EnergyReport price(const LedgerCounts& counts, const PriceList& prices);

}  // namespace cimera
