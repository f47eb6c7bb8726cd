// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/common/clock.hpp"
#include "models/power/attojoules.hpp"
#include "models/power/meter.hpp"

namespace cimera {

/// Prices by name: attojoules per event, attowatts per unit of leakage.
class PriceList {
public:
    PriceList() = default;
    PriceList(const PriceList&) = delete;
    PriceList& operator=(const PriceList&) = delete;
    virtual ~PriceList() = default;
    [[nodiscard]] virtual double energy(const std::string& entry) const = 0;
    [[nodiscard]] virtual double leakage(const std::string& entry) const = 0;
};

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
    std::map<std::string, std::uint64_t> operations;
    std::set<std::string> entries;  ///< technology entries that were used

    [[nodiscard]] Attojoules total() const { return dynamic + clock + leakage; }
};

/// Energy of one component, without who owns it.
struct ComponentEnergy {
    Attojoules dynamic = 0;
    Attojoules clock = 0;
    Attojoules leakage = 0;
};

/// Every joule has an owner: keeps the meters of all components, the power domains and the owners.
class Ledger {
public:
    explicit Ledger(const PriceList& prices) : prices_(prices) {}
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    /// A new power domain. Domains are on from time zero.
    DomainId add_domain(std::string name);
    /// The owner for transactions of bus master `initiator` within `phase` ("none" for no phase).
    OwnerId owner(std::string_view initiator, std::string_view phase);
    /// The owner with the same phase and another bus master: for jobs that a transaction starts.
    OwnerId with_initiator(OwnerId owner, std::string_view initiator);

    /// The bus master of an owner.
    [[nodiscard]] const std::string& initiator(OwnerId owner) const {
        return owners_[owner].initiator;
    }

    /// The phase of an owner.
    [[nodiscard]] const std::string& phase(OwnerId owner) const { return owners_[owner].phase; }
    /// Attojoules of one event of `meter`.
    [[nodiscard]] std::uint64_t price(const Meter& meter, std::size_t event) const;

    /// `flush` books counts that a model still holds; called with the instant up to which energy is
    /// about to be read.
    void before_reading(std::function<void(Picoseconds)> flush) {
        flushes_.push_back(std::move(flush));
    }

    /// All energy spent until `now`.
    [[nodiscard]] EnergyReport report(Picoseconds now) const;
    /// The same for one component, in the order of `components()`.
    [[nodiscard]] std::vector<ComponentEnergy> by_component(Picoseconds now) const;

    [[nodiscard]] const std::vector<const Meter*>& components() const { return meters_; }
    [[nodiscard]] const std::vector<std::string>& domains() const { return domains_; }

private:
    friend class Meter;
    struct OwnerInfo {
        std::string initiator;
        std::string phase;
    };
    void add_meter(const Meter& meter);
    void flush(Picoseconds now) const;

    const PriceList& prices_;
    std::vector<std::string> domains_;
    std::vector<OwnerInfo> owners_{{"none", "none"}};
    std::vector<const Meter*> meters_;
    std::vector<std::vector<std::uint64_t>> event_prices_;  // by meter, event
    std::vector<std::uint64_t> leakage_powers_;             // by meter, attowatts
    std::vector<std::function<void(Picoseconds)>> flushes_;
};

}  // namespace cimera
