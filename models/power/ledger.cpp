// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/power/ledger.hpp"

#include <algorithm>

#include "models/common/error.hpp"

namespace cimera {

// --- meters --------------------------------------------------------------------------------

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
    rows_.push_back({owner, point_, std::vector<std::uint64_t>(events_.size(), 0)});
    current_[owner] = rows_.back().counts.data();
    return current_[owner];
}

void Meter::set_point(std::uint32_t point) {
    others_.resize(std::max<std::size_t>({others_.size(), point_ + 1, point + 1}));
    current_.swap(others_[point_]);
    current_.swap(others_[point]);
    point_ = point;
}

std::uint64_t Meter::total(std::size_t event) const {
    std::uint64_t sum = 0;
    for (const CountRow& row : rows_) {
        sum += row.counts[event];
    }
    return sum;
}

// --- states and points ---------------------------------------------------------------------

void PowerHistory::change(PowerState state, std::uint32_t point, Picoseconds at) {
    constexpr std::size_t kept = 4;
    recent_.push_back({std::max(at, recent_.back().at), state, point});
    if (recent_.size() > kept) {
        const Change& first = recent_.front();
        time_[first.point * power_states + static_cast<std::size_t>(first.state)] +=
            recent_[1].at - first.at;
        recent_.erase(recent_.begin());
    }
}

std::vector<PowerInterval> PowerHistory::until(Picoseconds now) const {
    CIMERA_ASSERT(now >= recent_.front().at, "who reads energy is not far behind its changes");
    std::vector<Picoseconds> time = time_;
    for (std::size_t i = 0; i < recent_.size() && recent_[i].at < now; ++i) {
        const Picoseconds end = i + 1 < recent_.size() ? std::min(recent_[i + 1].at, now) : now;
        time[recent_[i].point * power_states + static_cast<std::size_t>(recent_[i].state)] +=
            end - recent_[i].at;
    }
    std::vector<PowerInterval> intervals;
    for (std::size_t i = 0; i < time.size(); ++i) {
        if (time[i] != 0) {
            intervals.push_back({static_cast<PowerState>(i % power_states),
                                 static_cast<std::uint32_t>(i / power_states), time[i]});
        }
    }
    return intervals;
}

void Ledger::set_state(DomainId domain, PowerState state, Picoseconds at) {
    PowerHistory& history = histories_[domain];
    if (history.state() != state) {
        history.change(state, history.point(), at);
        tell(domain, at);
    }
}

void Ledger::set_point(DomainId domain, std::uint32_t point, Picoseconds at) {
    CIMERA_ASSERT(point < points_[domain].size(), "operating points are declared");
    PowerHistory& history = histories_[domain];
    if (history.point() == point) {
        return;
    }
    flush(at);
    history.change(history.state(), point, at);
    for (Meter* meter : meters_) {
        if (meter->domain() == domain) {
            meter->set_point(point);
        }
    }
    tell(domain, at);
}

void Ledger::tell(DomainId domain, Picoseconds at) const {
    for (const auto& listener : listeners_) {
        listener(domain, at);
    }
}

// --- domains, owners, components -----------------------------------------------------------

DomainId Ledger::add_domain(std::string name, std::vector<std::string> points) {
    domains_.push_back(std::move(name));
    histories_.emplace_back(points.size());
    points_.push_back(std::move(points));
    return static_cast<DomainId>(domains_.size() - 1);
}

OwnerId Ledger::owner(std::string_view initiator, std::string_view phase, std::uint32_t frame) {
    const auto [place, fresh] = owner_numbers_.try_emplace(
        {std::string(initiator), std::string(phase), frame}, static_cast<OwnerId>(owners_.size()));
    if (fresh) {
        owners_.push_back({std::string(initiator), std::string(phase), frame});
    }
    return place->second;
}

OwnerId Ledger::with_initiator(OwnerId owner_id, std::string_view initiator) {
    const std::string phase = owners_[owner_id].phase;
    return owner(initiator, phase, owners_[owner_id].frame);
}

OwnerId Ledger::with_frame(OwnerId owner_id, std::uint32_t frame) {
    const LedgerCounts::Owner base = owners_[owner_id];
    return owner(base.initiator, base.phase, frame);
}

void Ledger::add_meter(Meter& meter) {
    const auto twin = [&meter](const Meter* other) {
        return other->component() == meter.component();
    };
    CIMERA_ASSERT(std::none_of(meters_.begin(), meters_.end(), twin), "component names are unique");
    meters_.push_back(&meter);
    meter_prices_.push_back(
        prices_of(meter.events(), meter.leakage(), points_[meter.domain()], prices_));
}

std::uint64_t Ledger::event_price(const Meter& meter, std::uint32_t point,
                                  std::size_t event) const {
    const auto found = std::find(meters_.begin(), meters_.end(), &meter);
    CIMERA_ASSERT(found != meters_.end(), "a meter is priced by its own ledger");
    return meter_prices_[static_cast<std::size_t>(found - meters_.begin())].events[point][event];
}

// --- energy --------------------------------------------------------------------------------

void Ledger::flush(Picoseconds now) const {
    for (const auto& flush : flushes_) {
        flush(now);
    }
}

LedgerCounts Ledger::counts(Picoseconds now) const {
    flush(now);
    LedgerCounts counts;
    counts.now = now;
    for (const Meter* meter : meters_) {
        counts.components.push_back({meter->component(),
                                     meter->domain(),
                                     meter->events(),
                                     meter->leakage(),
                                     {meter->rows().begin(), meter->rows().end()}});
    }
    for (std::size_t d = 0; d < domains_.size(); ++d) {
        counts.domains.push_back({domains_[d], points_[d], histories_[d].until(now),
                                  histories_[d].state(), histories_[d].point()});
    }
    counts.owners = owners_;
    return counts;
}

std::vector<ComponentEnergy> Ledger::by_component(Picoseconds now) const {
    flush(now);
    std::vector<std::vector<PowerInterval>> intervals;
    for (const PowerHistory& history : histories_) {
        intervals.push_back(history.until(now));
    }
    std::vector<ComponentEnergy> energies(meters_.size());
    std::vector<std::vector<std::uint64_t>> sums;  // by point, event: counts are 64 bits wide
    for (std::size_t m = 0; m < meters_.size(); ++m) {
        const Meter& meter = *meters_[m];
        const std::vector<EventKind>& events = meter.events();
        sums.assign(meter_prices_[m].events.size(), std::vector<std::uint64_t>(events.size(), 0));
        for (const CountRow& row : meter.rows()) {
            for (std::size_t e = 0; e < events.size(); ++e) {
                sums[row.point][e] += row.counts[e];
            }
        }
        for (std::size_t point = 0; point < sums.size(); ++point) {
            for (std::size_t e = 0; e < events.size(); ++e) {
                const Attojoules energy =
                    Attojoules{sums[point][e]} * meter_prices_[m].events[point][e];
                switch (events[e].kind) {
                    case CountKind::dynamic:
                        energies[m].dynamic += energy;
                        break;
                    case CountKind::clock:
                        energies[m].clock += energy;
                        break;
                    case CountKind::operation:
                        break;
                }
            }
        }
        energies[m].leakage = leakage_over(meter_prices_[m], intervals[meter.domain()]);
    }
    return energies;
}

}  // namespace cimera
