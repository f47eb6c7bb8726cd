// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
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
#include "models/interconnect/link.hpp"
#include "models/interconnect/transfer_monitor.hpp"

namespace cimera {

class TransferEngine;

/// How long transfers to a target took, from the master's request to its response.
struct Traffic {
    static constexpr std::size_t buckets = 32;
    Picoseconds waited = 0;
    /// Element n counts latencies of 2^n ns up to below 2^(n+1); element 0 everything below 2 ns.
    std::array<std::uint64_t, buckets> latency{};

    void note(Picoseconds took, Picoseconds wait, std::uint64_t count = 1) {
        if (took != recent_) {
            recent_ = took;
            bucket_ = bucket_of(took);
        }
        waited += wait;
        latency[bucket_] += count;
    }
    [[nodiscard]] std::uint64_t transfers() const;

private:
    [[nodiscard]] static std::size_t bucket_of(Picoseconds took);

    Picoseconds recent_ = 0;  // and its bucket: most transfers take as long as the last
    std::size_t bucket_ = 0;
};

/// Base of interconnects: decodes addresses and leads transfers over links, loosely or
/// approximately timed with the same costs. What differs is which links lie between a master and a
/// target. Bind masters to `masters` and targets to `targets` in the order of `add_master` and
/// `add_target`.
class Interconnect : public sc_core::sc_module, public Resettable {
public:
    tlm_utils::multi_passthrough_target_socket<Interconnect> masters;
    tlm_utils::multi_passthrough_initiator_socket<Interconnect> targets;

    ~Interconnect() override;

    /// The next master bound is called `name`.
    void add_master(const std::string& name) { master_names_.push_back(name); }
    /// Range [base, base + size) belongs to the next target bound; `lanes` transfers at a time.
    void add_target(const std::string& target, std::uint64_t base, std::uint64_t size,
                    unsigned lanes);
    /// `observer` hears of every write; it is bus master number `master`.
    void observe_writes(WriteObserver& observer, int master) {
        observers_.push_back({&observer, master});
    }
    /// From now on `monitor` sees every transaction; calls of registers and direct accesses are
    /// none.
    void set_monitor(TransferMonitor& monitor) { monitor_ = &monitor; }
    /// Shows the monitor the transactions that are on their way at the end of a simulation.
    void show_unfinished();
    /// Tells the observers of bytes that a target has changed by itself.
    void announce_write(std::uint64_t first, std::uint64_t last);
    void reset(ResetKind kind) override;

    struct Range {
        std::string target;
        std::uint64_t base;
        std::uint64_t last;
        int socket;
        std::unique_ptr<Link> port;
        Traffic traffic;
    };
    /// Links between a master and a target, and what a flit on the way counts.
    struct Way {
        int master = 0;
        Range* range = nullptr;
        std::vector<Link*> request;  ///< the last one is the target's port
        std::vector<Link*> response;
        struct Hops {
            std::size_t event;
            std::uint64_t count;  ///< per flit
        };
        std::vector<Hops> hops;
    };

    /// All ranges by address.
    [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }
    [[nodiscard]] const Meter& meter() const { return meter_; }
    /// Links that are no ports of targets.
    [[nodiscard]] virtual std::vector<const Link*> channels() const { return {}; }

protected:
    /// Bytes of a flit, at least a word's. Over each hop of a way there and back, a transfer moves
    /// its beats of data and `empty_flits` without data. Cycles from a target's port to the target.
    Interconnect(const sc_core::sc_module_name& name, unsigned width, unsigned empty_flits,
                 unsigned port_latency, const Environment& env, std::vector<EventKind> events,
                 std::vector<LeakageTerm> leakage);

    /// Fills in the links and hops; the request's do not include the target's port.
    virtual void find_way(Way& way) = 0;
    [[nodiscard]] const std::string& master_name(int master) const;

    const Environment env_;

private:
    friend class TransferEngine;

    /// A master's way to the registers of a target.
    struct Route final : RegisterPort {
        Interconnect* fabric = nullptr;
        Way* way = nullptr;
        RegisterPort* target = nullptr;
        Link* only = nullptr;  ///< where the way is one link there and none back
        void access(RegisterCall& call) override;
        [[nodiscard]] Picoseconds go(RegisterCall& call);
        [[nodiscard]] Picoseconds go_over(Link& link, RegisterCall& call);
    };
    struct Observer {
        WriteObserver* observer;
        int master;
    };

    void b_transport(int master, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    tlm::tlm_sync_enum nb_transport_fw(int master, tlm::tlm_generic_payload& payload,
                                       tlm::tlm_phase& phase, sc_core::sc_time& delay);
    tlm::tlm_sync_enum nb_transport_bw(int target, tlm::tlm_generic_payload& payload,
                                       tlm::tlm_phase& phase, sc_core::sc_time& delay);
    bool get_direct_mem_ptr(int master, tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);
    unsigned transport_dbg(int master, tlm::tlm_generic_payload& payload);
    void invalidate_direct_mem_ptr(int target, sc_dt::uint64 first, sc_dt::uint64 last);

    [[nodiscard]] Range* find(std::uint64_t address);
    /// The range that a transfer lies in; nullptr where it does not lie in one.
    [[nodiscard]] Range* decode(const tlm::tlm_generic_payload& payload);
    [[nodiscard]] Way& way(int master, Range& range);
    [[nodiscard]] Way& new_way(int master, Range& range);
    [[nodiscard]] std::uint64_t beats_of(const tlm::tlm_generic_payload& payload) const;
    /// Cycles that a transfer keeps a link busy.
    [[nodiscard]] static std::uint64_t flits_on(const Link& link, bool data, std::uint64_t beats) {
        return data || link.port ? beats : 1;
    }
    void charge(tlm::tlm_generic_payload& payload, const Way& way, std::uint64_t beats);
    void show(const tlm::tlm_generic_payload& payload, int master, const Range* range,
              Picoseconds begin, Picoseconds end, Picoseconds waited) const;
    /// Answers for an address that nobody has.
    void refuse(int master, tlm::tlm_generic_payload& payload, Picoseconds at) const;
    /// Books the links from `at` on; adds up waits; returns when the last one has been passed.
    [[nodiscard]] Picoseconds walk(const std::vector<Link*>& links, int master, Picoseconds at,
                                   bool data, std::uint64_t beats, Picoseconds& waited) const;
    [[nodiscard]] Picoseconds latency(const std::vector<Link*>& links) const;
    void tell_observers(int master, std::uint64_t address, unsigned length);
    void deny_hole(std::uint64_t address, tlm::tlm_dmi& dmi) const;
    void tag_direct(Way& way, const tlm::tlm_dmi& dmi, DmiTag& tag);

    unsigned width_;
    unsigned empty_flits_;
    unsigned port_latency_;
    Meter meter_;
    std::vector<std::string> master_names_;
    std::vector<Range> ranges_;  // sorted by base
    Range* recent_ = nullptr;    // the last one found: most accesses come in a row
    int bound_ = 0;
    std::vector<std::vector<std::unique_ptr<Way>>> ways_;  // by master and target, those in use
    std::map<std::pair<int, int>, Route> routes_;
    std::vector<Observer> observers_;
    TransferMonitor* monitor_ = nullptr;
    std::unique_ptr<TransferEngine> engine_;  // approximately timed
};

}  // namespace cimera
