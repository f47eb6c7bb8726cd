// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "models/common/clock.hpp"
#include "models/power/meter.hpp"
#include "models/power/price.hpp"

namespace cimera {

/// The states and operating points that a power domain goes through.
class PowerHistory {
public:
    explicit PowerHistory(std::size_t points) : time_(points * power_states, 0) {}

    /// From `at` on (not before the last change).
    void change(PowerState state, std::uint32_t point, Picoseconds at);
    [[nodiscard]] PowerState state() const { return recent_.back().state; }
    [[nodiscard]] std::uint32_t point() const { return recent_.back().point; }
    /// Until `now`, which may lie a few changes back: a core is up to an instruction ahead of who
    /// reads.
    [[nodiscard]] std::vector<PowerInterval> until(Picoseconds now) const;

private:
    struct Change {
        Picoseconds at;
        PowerState state;
        std::uint32_t point;
    };
    std::vector<Picoseconds> time_;  // by point, state: before the first of recent_
    std::vector<Change> recent_{{0, PowerState::on, 0}};
};

/// Every joule has an owner: keeps the meters of all components, the power domains and the owners.
class Ledger {
public:
    explicit Ledger(const PriceList& prices) : prices_(prices) {}
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    /// A new power domain with names of its operating points. It is on from time zero, at the
    /// first point.
    DomainId add_domain(std::string name, std::vector<std::string> points = {"nominal"});
    /// The owner for transactions of bus master `initiator` within `phase` ("none" for no phase),
    /// caused by node `frame` of the call stacks (0: none).
    OwnerId owner(std::string_view initiator, std::string_view phase, std::uint32_t frame = 0);
    /// The owner with the same phase and frame and another bus master: for jobs that a transaction
    /// starts.
    OwnerId with_initiator(OwnerId owner, std::string_view initiator);

    /// The owner with the same bus master and phase and another frame.
    OwnerId with_frame(OwnerId owner, std::uint32_t frame);

    /// The bus master of an owner.
    [[nodiscard]] const std::string& initiator(OwnerId owner) const {
        return owners_[owner].initiator;
    }

    /// The phase of an owner.
    [[nodiscard]] const std::string& phase(OwnerId owner) const { return owners_[owner].phase; }
    /// Attojoules of one event of `meter` at an operating point of its domain.
    [[nodiscard]] std::uint64_t event_price(const Meter& meter, std::uint32_t point,
                                            std::size_t event) const;

    /// The domain changes its state or its operating point at `at`, not before its last change.
    void set_state(DomainId domain, PowerState state, Picoseconds at);
    void set_point(DomainId domain, std::uint32_t point, Picoseconds at);
    [[nodiscard]] PowerState state(DomainId domain) const { return histories_[domain].state(); }
    [[nodiscard]] std::uint32_t point(DomainId domain) const { return histories_[domain].point(); }
    /// Calls `listener` after each change of a state or a point.
    void on_change(std::function<void(DomainId, Picoseconds)> listener) {
        listeners_.push_back(std::move(listener));
    }

    /// `flush` books counts that a model still holds; called with the instant up to which energy is
    /// about to be read or a domain stays at its point. Pointers to rows are not current after it.
    void before_reading(std::function<void(Picoseconds)> flush) {
        flushes_.push_back(std::move(flush));
    }

    /// All that was counted until `now`.
    [[nodiscard]] LedgerCounts counts(Picoseconds now) const;
    /// All energy spent until `now`.
    [[nodiscard]] EnergyReport report(Picoseconds now) const { return price(counts(now), prices_); }
    /// The same for one component, in the order of `components()`, without copying the counts.
    [[nodiscard]] std::vector<ComponentEnergy> by_component(Picoseconds now) const;

    [[nodiscard]] const std::vector<Meter*>& components() const { return meters_; }
    [[nodiscard]] const std::vector<std::string>& domains() const { return domains_; }
    /// Names of a domain's operating points.
    [[nodiscard]] const std::vector<std::string>& points(DomainId domain) const {
        return points_[domain];
    }
    [[nodiscard]] const PriceList& prices() const { return prices_; }

private:
    friend class Meter;
    void add_meter(Meter& meter);
    void flush(Picoseconds now) const;
    void tell(DomainId domain, Picoseconds at) const;

    const PriceList& prices_;
    std::vector<std::string> domains_;
    std::vector<std::vector<std::string>> points_;  // by domain
    std::vector<PowerHistory> histories_;           // by domain
    std::vector<LedgerCounts::Owner> owners_{{"none", "none", 0}};
    std::map<std::tuple<std::string, std::string, std::uint32_t>, OwnerId> owner_numbers_{
        {{"none", "none", 0}, 0}};
    std::vector<Meter*> meters_;
    std::vector<ComponentPrices> meter_prices_;  // by meter
    std::vector<std::function<void(Picoseconds)>> flushes_;
    std::vector<std::function<void(DomainId, Picoseconds)>> listeners_;
};

}  // namespace cimera
