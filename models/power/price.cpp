// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/power/price.hpp"

#include <algorithm>
#include <cmath>

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

namespace {

/// What a hostile list makes too large for 64 bits stays at the end of them.
std::uint64_t whole(double price) {
    constexpr double most = 9.2e18;
    return static_cast<std::uint64_t>(std::llround(std::min(price, most)));
}

/// Retention and off have supplies of their own: they do not depend on the point.
std::array<std::uint64_t, power_states> leakage_at(const std::vector<LeakageTerm>& terms,
                                                   double relative_voltage,
                                                   const PriceList& prices) {
    double supplied = 0;
    double retained = 0;
    double switched_off = 0;
    for (const LeakageTerm& term : terms) {
        const double nominal = term.units * prices.leakage(term.entry);
        supplied += nominal * leakage_scale(relative_voltage);
        retained += nominal * prices.leakage_share(term.entry, PowerState::retention);
        switched_off += nominal * prices.leakage_share(term.entry, PowerState::off);
    }
    return {whole(supplied), whole(supplied), whole(retained), whole(switched_off)};
}

}  // namespace

ComponentPrices prices_of(const std::vector<EventKind>& events,
                          const std::vector<LeakageTerm>& leakage,
                          const std::vector<std::string>& points, const PriceList& prices) {
    ComponentPrices all;
    for (const std::string& point : points) {
        const double relative = prices.relative_voltage(point);
        std::vector<std::uint64_t> of_events;
        for (const EventKind& event : events) {
            double price = 0;
            for (const EventKind::Term& term : event.price) {
                price += term.factor * prices.energy(term.entry);
            }
            of_events.push_back(whole(price * dynamic_scale(relative)));
        }
        all.events.push_back(std::move(of_events));
        all.leakage.push_back(leakage_at(leakage, relative, prices));
    }
    return all;
}

Attojoules leakage_over(const ComponentPrices& prices,
                        const std::vector<PowerInterval>& intervals) {
    Attojoules sum = 0;
    for (const PowerInterval& interval : intervals) {
        const auto& power = prices.leakage[interval.point];
        sum += energy_over(power[static_cast<std::size_t>(interval.state)], interval.time);
    }
    return sum;
}

void price(const LedgerCounts& counts, const PriceList& prices,
           const std::function<void(const Posting&)>& post) {
    static const LedgerCounts::Owner nobody{"none", "none", 0};
    static const std::string clock = "clock";
    static const std::string leakage = "leakage";
    for (const LedgerCounts::Component& component : counts.components) {
        const LedgerCounts::Domain& domain = counts.domains[component.domain];
        const ComponentPrices own =
            prices_of(component.events, component.leakage, domain.points, prices);
        for (const CountRow& row : component.rows) {
            for (std::size_t e = 0; e < row.counts.size(); ++e) {
                if (row.counts[e] == 0) {
                    continue;
                }
                const EventKind& event = component.events[e];
                const bool ticks = event.kind == CountKind::clock;
                const bool costs = event.kind != CountKind::operation;
                const Attojoules energy = Attojoules{row.counts[e]} * own.events[row.point][e];
                const LedgerCounts::Owner& owner = counts.owners[row.owner];
                post({component, domain, ticks ? nobody : owner, ticks ? clock : event.name,
                      event.kind, false, row.counts[e], costs ? energy : 0, owner.frame});
            }
        }
        post({component, domain, nobody, leakage, CountKind::dynamic, true, 0,
              leakage_over(own, domain.intervals), 0});
    }
}

namespace {

/// What no function has caused belongs to its power domain.
std::string function_of(const LedgerCounts& counts, const Posting& part) {
    return part.frame != 0 ? counts.frames[part.frame] : "[background];" + part.domain.name;
}

}  // namespace

EnergyReport price(const LedgerCounts& counts, const PriceList& prices) {
    EnergyReport report;
    price(counts, prices, [&](const Posting& part) {
        if (part.leakage) {
            report.leakage += part.energy;
        } else {
            switch (part.kind) {
                case CountKind::dynamic:
                    report.dynamic += part.energy;
                    break;
                case CountKind::clock:
                    report.clock += part.energy;
                    break;
                case CountKind::operation:
                    report.operations[part.event] += part.count;
                    return;
            }
        }
        report.by_component[part.component.name] += part.energy;
        report.by_domain[part.domain.name] += part.energy;
        report.by_initiator[part.owner.initiator] += part.energy;
        report.by_event[part.event] += part.energy;
        report.by_phase[part.owner.phase] += part.energy;
        if (!counts.frames.empty()) {
            report.by_function[function_of(counts, part)] += part.energy;
        }
    });
    return report;
}

}  // namespace cimera
