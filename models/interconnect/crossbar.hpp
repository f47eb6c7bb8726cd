// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_initiator_socket.h>
#include <tlm_utils/multi_passthrough_target_socket.h>

#include "models/common/peripheral.hpp"
#include "models/common/register_port.hpp"
#include "models/common/write_observer.hpp"
#include "models/interconnect/calendar.hpp"

namespace cimera {

struct CrossbarConfig {
    unsigned width = 8;    ///< bytes per beat
    unsigned latency = 1;  ///< cycles of pipeline per transfer
};

/// Full crossbar: decodes addresses, adds its latency and beats, books the target's calendar.
/// Bind masters to `masters` and targets to `targets` in the order of `add_target`.
class Crossbar final : public sc_core::sc_module, public Resettable {
public:
    tlm_utils::multi_passthrough_target_socket<Crossbar> masters;
    tlm_utils::multi_passthrough_initiator_socket<Crossbar> targets;

    Crossbar(const sc_core::sc_module_name& name, const CrossbarConfig& config,
             const Environment& env);

    /// Range [base, base + size) belongs to the next target bound; `lanes` transfers at a time.
    void add_target(std::string target, std::uint64_t base, std::uint64_t size, unsigned lanes);
    /// `observer` hears of every write; it is bus master number `master`.
    void observe_writes(WriteObserver& observer, int master) {
        observers_.push_back({&observer, master});
    }
    /// Tells the observers of bytes that a target has changed by itself.
    void announce_write(std::uint64_t first, std::uint64_t last);
    void reset(ResetKind kind) override;

    struct Range {
        std::string target;
        std::uint64_t base;
        std::uint64_t last;
        int socket;
        Calendar calendar;
    };
    /// All ranges by address.
    [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }

private:
    static constexpr std::size_t beat_event = 0;

    /// A master's way to the registers of a target.
    struct Route final : RegisterPort {
        Crossbar* crossbar = nullptr;
        Range* range = nullptr;
        int master = 0;
        RegisterPort* target = nullptr;
        void access(RegisterCall& call) override;
    };

    void b_transport(int master, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    bool get_direct_mem_ptr(int master, tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);
    unsigned transport_dbg(int master, tlm::tlm_generic_payload& payload);
    void invalidate_direct_mem_ptr(int target, sc_dt::uint64 first, sc_dt::uint64 last);
    [[nodiscard]] Range* find(std::uint64_t address);
    [[nodiscard]] std::uint64_t beats_of(unsigned length) const;
    [[nodiscard]] Picoseconds pass(Range& range, int master, Picoseconds at, std::uint64_t beats);
    void tell_observers(int master, std::uint64_t address, unsigned length);
    [[nodiscard]] RegisterPort* route(int master, Range& range, RegisterPort* target);

    CrossbarConfig config_;
    Environment env_;
    Meter meter_;
    std::vector<Range> ranges_;  // sorted by base
    Range* recent_ = nullptr;    // the last one found: most accesses come in a row
    int bound_ = 0;
    std::map<std::pair<int, int>, Route> routes_;  // by master and target
    struct Observer {
        WriteObserver* observer;
        int master;
    };
    std::vector<Observer> observers_;
};

}  // namespace cimera
