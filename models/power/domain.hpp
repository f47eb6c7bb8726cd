// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "models/common/clock.hpp"
#include "models/power/ledger.hpp"

namespace cimera {

/// A part of the chip with a supply and a clock of its own, as its power management drives it.
/// States and points hold from an instant on: who asks about a later one than the kernel's gets
/// the answer that holds then.
class PowerDomain {
public:
    /// Hears that blocks of the domain are no longer reached, in the state given, or are again
    /// (`on`).
    using Listener = std::function<void(PowerState state, Picoseconds at)>;

    /// `periods` of `clock` by operating point; `clock` null: driven by another domain's. `seed`
    /// is of what cells hold after power was off.
    PowerDomain(Ledger& ledger, DomainId id, Clock* clock, std::vector<Picoseconds> periods,
                std::uint64_t seed)
        : ledger_(ledger), id_(id), clock_(clock), periods_(std::move(periods)), seed_(seed) {}
    PowerDomain(const PowerDomain&) = delete;
    PowerDomain& operator=(const PowerDomain&) = delete;

    /// Whether the domain's blocks answer an access at `at`.
    [[nodiscard]] bool answers(Picoseconds at) {
        if (at >= due_) [[unlikely]] {
            finish();
        }
        return answers_;
    }
    /// Why they do not: "domain cim0 is off".
    [[nodiscard]] std::string complaint() const;

    [[nodiscard]] DomainId id() const { return id_; }
    /// Of its clock, by operating point.
    [[nodiscard]] const std::vector<Picoseconds>& periods() const { return periods_; }
    [[nodiscard]] const std::string& name() const { return ledger_.domains()[id_]; }
    [[nodiscard]] PowerState state() const { return ledger_.state(id_); }
    [[nodiscard]] std::uint32_t point() const { return ledger_.point(id_); }
    /// When the change that is going on ends; Clock::never: there is none.
    [[nodiscard]] Picoseconds due() const { return due_; }

    /// To a state other than `on`, from `at` on. A change that was going on is dropped.
    void lower(PowerState state, Picoseconds at);
    /// To `on`; blocks answer `latency` later.
    void wake(Picoseconds at, Picoseconds latency);
    /// From `on` to another point: the clock stands for `latency`.
    void move(std::uint32_t point, Picoseconds at, Picoseconds latency);
    /// On, at the first point, as after power-on.
    void reset(Picoseconds at);

    void on_change(Listener listener) { listeners_.push_back(std::move(listener)); }
    /// What the cells of `instance` hold after their supply was off: noise that depends on the seed
    /// and on how often it was.
    void poison(std::span<std::uint8_t> bytes, const std::string& instance) const;

private:
    void finish();
    void tell(PowerState state, Picoseconds at);

    Ledger& ledger_;
    DomainId id_;
    Clock* clock_;
    std::vector<Picoseconds> periods_;
    std::uint64_t seed_;
    bool answers_ = true;
    bool moving_ = false;  // to target_; otherwise waking up
    std::uint32_t target_ = 0;
    Picoseconds due_ = Clock::never;
    std::uint64_t power_offs_ = 0;
    std::vector<Listener> listeners_;
};

}  // namespace cimera
