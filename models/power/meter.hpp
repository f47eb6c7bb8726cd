// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace cimera {

class Ledger;

/// Number of an owner of energy in the ledger: (bus master, phase). 0 is nobody.
using OwnerId = std::uint32_t;
/// Number of a power domain in the ledger.
using DomainId = std::uint32_t;

/// What a count stands for.
enum class CountKind : std::uint8_t {
    dynamic,    ///< energy of doing something
    clock,      ///< energy of an active clock cycle
    operation,  ///< work done (for energy per operation); has no price
};

/// One kind of event that a model counts. Its price is a sum of technology entries times factors,
/// rounded once to integer attojoules.
struct EventKind {
    struct Term {
        std::string entry;  ///< name in the technology file
        double factor = 1;
    };
    std::string name;  ///< leaf in reports, such as "cim.adder_tree"
    std::vector<Term> price;
    CountKind kind = CountKind::dynamic;
};

/// Leakage of a component: a technology entry (power per unit) times the number of units.
struct LeakageTerm {
    std::string entry;
    double units = 1;
};

/// The counters of one component. Models only count; the ledger prices when energy is read.
/// Hot code holds `row()`, a plain array with one counter per event kind, and adds to it.
class Meter {
public:
    /// `component` is the leaf name in reports and must be unique.
    Meter(Ledger& ledger, std::string component, DomainId domain, std::vector<EventKind> events,
          std::vector<LeakageTerm> leakage);
    Meter(const Meter&) = delete;
    Meter& operator=(const Meter&) = delete;

    /// Counters that belong to `owner` at the present operating point and time bin. The pointer
    /// stays valid; it stays *current* until owner, point or bin change.
    [[nodiscard]] std::uint64_t* row(OwnerId owner) {
        return owner < current_.size() && current_[owner] != nullptr ? current_[owner]
                                                                     : make_row(owner);
    }
    void add(OwnerId owner, std::size_t event, std::uint64_t count) { row(owner)[event] += count; }

    [[nodiscard]] const std::string& component() const { return component_; }
    [[nodiscard]] DomainId domain() const { return domain_; }
    [[nodiscard]] const std::vector<EventKind>& events() const { return events_; }
    [[nodiscard]] const std::vector<LeakageTerm>& leakage() const { return leakage_; }

    struct Row {
        OwnerId owner;
        std::uint32_t point;  ///< operating point of the domain
        std::uint32_t bin;    ///< time bin
        std::vector<std::uint64_t> counts;
    };
    [[nodiscard]] const std::deque<Row>& rows() const { return rows_; }
    /// Counts of one event over all rows.
    [[nodiscard]] std::uint64_t total(std::size_t event) const;

private:
    friend class Ledger;
    std::uint64_t* make_row(OwnerId owner);

    Ledger& ledger_;
    std::string component_;
    DomainId domain_;
    std::vector<EventKind> events_;
    std::vector<LeakageTerm> leakage_;
    std::vector<std::uint64_t*> current_;  // by owner
    std::deque<Row> rows_;                 // addresses are stable
};

}  // namespace cimera
