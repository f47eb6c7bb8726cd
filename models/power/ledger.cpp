// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/power/ledger.hpp"

#include <algorithm>
#include <cmath>

#include "models/common/error.hpp"

namespace cimera {

std::string to_decimal(Attojoules energy) {
    std::string digits;
    do {
        digits.push_back(static_cast<char>('0' + static_cast<int>(energy % 10)));
        energy /= 10;
    } while (energy != 0);
    std::reverse(digits.begin(), digits.end());
    return digits;
}

Meter::Meter(Ledger& ledger, std::string component, DomainId domain, std::vector<EventKind> events,
             std::vector<LeakageTerm> leakage)
    : ledger_(ledger),
      component_(std::move(component)),
      domain_(domain),
      events_(std::move(events)),
      leakage_(std::move(leakage)) {
    ledger_.add_meter(*this);
}

std::uint64_t* Meter::make_row(OwnerId owner) {
    if (owner >= current_.size()) {
        current_.resize(owner + 1, nullptr);
    }
    rows_.push_back({owner, 0, 0, std::vector<std::uint64_t>(events_.size(), 0)});
    current_[owner] = rows_.back().counts.data();
    return current_[owner];
}

std::uint64_t Meter::total(std::size_t event) const {
    std::uint64_t sum = 0;
    for (const Row& row : rows_) {
        sum += row.counts[event];
    }
    return sum;
}

DomainId Ledger::add_domain(std::string name) {
    domains_.push_back(std::move(name));
    return static_cast<DomainId>(domains_.size() - 1);
}

OwnerId Ledger::owner(std::string_view initiator, std::string_view phase) {
    for (std::size_t i = 0; i < owners_.size(); ++i) {
        if (owners_[i].initiator == initiator && owners_[i].phase == phase) {
            return static_cast<OwnerId>(i);
        }
    }
    owners_.push_back({std::string(initiator), std::string(phase)});
    return static_cast<OwnerId>(owners_.size() - 1);
}

OwnerId Ledger::with_initiator(OwnerId owner_id, std::string_view initiator) {
    const std::string phase = owners_[owner_id].phase;
    return owner(initiator, phase);
}

void Ledger::add_meter(const Meter& meter) {
    const auto twin = [&meter](const Meter* other) {
        return other->component() == meter.component();
    };
    CIMERA_ASSERT(std::none_of(meters_.begin(), meters_.end(), twin), "component names are unique");
    std::vector<std::uint64_t> prices;
    for (const EventKind& event : meter.events()) {
        double price = 0;
        for (const EventKind::Term& term : event.price) {
            price += term.factor * prices_.energy(term.entry);
        }
        prices.push_back(static_cast<std::uint64_t>(std::llround(price)));
    }
    double power = 0;
    for (const LeakageTerm& term : meter.leakage()) {
        power += term.units * prices_.leakage(term.entry);
    }
    meters_.push_back(&meter);
    event_prices_.push_back(std::move(prices));
    leakage_powers_.push_back(static_cast<std::uint64_t>(std::llround(power)));
}

std::uint64_t Ledger::price(const Meter& meter, std::size_t event) const {
    const auto found = std::find(meters_.begin(), meters_.end(), &meter);
    CIMERA_ASSERT(found != meters_.end(), "a meter is priced by its own ledger");
    return event_prices_[static_cast<std::size_t>(found - meters_.begin())][event];
}

void Ledger::flush(Picoseconds now) const {
    for (const auto& flush : flushes_) {
        flush(now);
    }
}

std::vector<ComponentEnergy> Ledger::by_component(Picoseconds now) const {
    flush(now);
    std::vector<ComponentEnergy> energies(meters_.size());
    for (std::size_t m = 0; m < meters_.size(); ++m) {
        const std::vector<EventKind>& events = meters_[m]->events();
        for (const Meter::Row& row : meters_[m]->rows()) {
            for (std::size_t e = 0; e < events.size(); ++e) {
                const Attojoules energy = Attojoules{row.counts[e]} * event_prices_[m][e];
                (events[e].kind == CountKind::clock ? energies[m].clock : energies[m].dynamic) +=
                    energy;
            }
        }
        energies[m].leakage = energy_over(leakage_powers_[m], now);
    }
    return energies;
}

EnergyReport Ledger::report(Picoseconds now) const {
    flush(now);
    EnergyReport report;
    const auto book = [&report](const Meter& meter, const std::string& domain,
                                const std::string& initiator, const std::string& event,
                                const std::string& phase, Attojoules energy) {
        report.by_component[meter.component()] += energy;
        report.by_domain[domain] += energy;
        report.by_initiator[initiator] += energy;
        report.by_event[event] += energy;
        report.by_phase[phase] += energy;
    };
    for (std::size_t m = 0; m < meters_.size(); ++m) {
        const Meter& meter = *meters_[m];
        const std::string& domain = domains_[meter.domain()];
        for (const Meter::Row& row : meter.rows()) {
            const OwnerInfo& owner = owners_[row.owner];
            for (std::size_t e = 0; e < meter.events().size(); ++e) {
                const EventKind& event = meter.events()[e];
                if (row.counts[e] == 0) {
                    continue;
                }
                for (const EventKind::Term& term : event.price) {
                    report.entries.insert(term.entry);
                }
                const Attojoules energy = Attojoules{row.counts[e]} * event_prices_[m][e];
                switch (event.kind) {
                    case CountKind::dynamic:
                        report.dynamic += energy;
                        book(meter, domain, owner.initiator, event.name, owner.phase, energy);
                        break;
                    case CountKind::clock:
                        report.clock += energy;
                        book(meter, domain, "none", "clock", "none", energy);
                        break;
                    case CountKind::operation:
                        report.operations[event.name] += row.counts[e];
                        break;
                }
            }
        }
        const Attojoules leakage = energy_over(leakage_powers_[m], now);
        report.leakage += leakage;
        book(meter, domain, "none", "leakage", "none", leakage);
        for (const LeakageTerm& term : meter.leakage()) {
            report.entries.insert(term.entry);
        }
    }
    return report;
}

}  // namespace cimera
