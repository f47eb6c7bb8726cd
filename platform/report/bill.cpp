// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/report/bill.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "platform/soc/phases.hpp"

namespace cimera {

namespace {

constexpr double mm2_per_um2 = 1e-6;

/// Entries of [energy] whose events were counted.
std::set<std::string> energy_entries(const LedgerCounts::Component& component) {
    std::set<std::string> entries;
    for (std::size_t e = 0; e < component.events.size(); ++e) {
        const auto counted = [e](const CountRow& row) { return row.counts[e] != 0; };
        if (std::any_of(component.rows.begin(), component.rows.end(), counted)) {
            for (const EventKind::Term& term : component.events[e].price) {
                entries.insert(term.entry);
            }
        }
    }
    return entries;
}

Attojoules spent_within(const EnergyReport& energy, const std::string& phase) {
    Attojoules sum = 0;
    for (const auto& [path, spent] : energy.by_phase) {
        if (within_phase(path, phase)) {
            sum += spent;
        }
    }
    return sum;
}

}  // namespace

Provenance provenance_of(const LedgerCounts& counts, const Technology& technology) {
    std::map<std::string, bool> estimates;  // by section and entry
    for (const LedgerCounts::Component& component : counts.components) {
        for (const std::string& entry : energy_entries(component)) {
            estimates["energy." + entry] = technology.energy_of(entry).estimate;
        }
        for (const LeakageTerm& part : component.leakage) {
            if (part.units > 0) {
                estimates["leakage." + part.entry] = technology.leakage_of(part.entry).estimate;
            }
        }
    }
    Provenance provenance;
    for (const auto& [name, estimate] : estimates) {
        if (estimate) {
            provenance.estimates.push_back(name);
        } else {
            ++provenance.cited;
        }
    }
    return provenance;
}

Area area_of(const LedgerCounts& counts, const Technology& technology) {
    Area area;
    for (const LedgerCounts::Component& component : counts.components) {
        double own = 0;
        for (const LeakageTerm& part : component.leakage) {
            own += part.units * technology.area_of(part.entry).value * mm2_per_um2;
        }
        area.by_component[component.name] = own;
        area.total += own;
    }
    return area;
}

Attojoules leakage_power(const LedgerCounts& counts, const Technology& technology,
                         const std::function<PowerInterval(std::size_t)>& domain) {
    const TechnologyPrices prices(technology);
    Attojoules power = 0;
    for (const LedgerCounts::Component& component : counts.components) {
        const PowerInterval at = domain(component.domain);
        const ComponentPrices own =
            prices_of({}, component.leakage, counts.domains[component.domain].points, prices);
        power += own.leakage[at.point][static_cast<std::size_t>(at.state)];
    }
    return power;
}

void price_run(RunResult& result, const Technology& technology) {
    result.technology = technology.name;
    result.energy = price(result.counts, TechnologyPrices(technology));
    result.provenance = provenance_of(result.counts, technology);
    result.area = area_of(result.counts, technology);
    result.inferences.energy = spent_within(result.energy, "inference");
    result.learned.energy = spent_within(result.energy, "learn");
}

}  // namespace cimera
