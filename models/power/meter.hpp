// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "models/power/counts.hpp"

namespace cimera {

class Ledger;

/// The counters of one component. Models only count; the ledger prices when energy is read.
/// Hot code holds `row()`, a plain array with one counter per event kind, and adds to it.
class Meter {
public:
    /// `component` is the leaf name in reports and must be unique.
    Meter(Ledger& ledger, std::string component, DomainId domain, std::vector<EventKind> events,
          std::vector<LeakageTerm> leakage);
    Meter(const Meter&) = delete;
    Meter& operator=(const Meter&) = delete;

    /// Counters that belong to `owner` at the present operating point of the domain. The pointer
    /// stays valid; it stays *current* until the ledger asks for held counts
    /// (`Ledger::before_reading`), which it also does before each change of a point.
    [[nodiscard]] std::uint64_t* row(OwnerId owner) {
        return owner < current_.size() && current_[owner] != nullptr ? current_[owner]
                                                                     : make_row(owner);
    }
    void add(OwnerId owner, std::size_t event, std::uint64_t count) { row(owner)[event] += count; }

    [[nodiscard]] const std::string& component() const { return component_; }
    [[nodiscard]] DomainId domain() const { return domain_; }
    /// The present operating point of the domain.
    [[nodiscard]] std::uint32_t point() const { return point_; }
    [[nodiscard]] const std::vector<EventKind>& events() const { return events_; }
    [[nodiscard]] const std::vector<LeakageTerm>& leakage() const { return leakage_; }

    [[nodiscard]] const std::deque<CountRow>& rows() const { return rows_; }
    /// Counts of one event over all rows.
    [[nodiscard]] std::uint64_t total(std::size_t event) const;

private:
    friend class Ledger;
    std::uint64_t* make_row(OwnerId owner);
    void set_point(std::uint32_t point);

    Ledger& ledger_;
    std::string component_;
    DomainId domain_;
    std::vector<EventKind> events_;
    std::vector<LeakageTerm> leakage_;
    std::uint32_t point_ = 0;
    std::vector<std::uint64_t*> current_;              // at point_, by owner
    std::vector<std::vector<std::uint64_t*>> others_;  // at other points
    std::deque<CountRow> rows_;                        // addresses are stable
};

}  // namespace cimera
