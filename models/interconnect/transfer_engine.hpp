// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>

#include <systemc>
#include <tlm>
#include <tlm_utils/peq_with_get.h>

#include "models/interconnect/interconnect.hpp"

namespace cimera {

/// A transaction in flight through an approximately timed interconnect.
struct Transfer {
    tlm::tlm_generic_payload* payload = nullptr;
    Interconnect::Way* way = nullptr;
    std::uint64_t address = 0;  ///< as the master gave it
    std::uint64_t beats = 0;
    bool answering = false;   ///< on the way back
    bool answered = false;    ///< the master has its response
    std::size_t hop = 0;      ///< next link of this way
    Picoseconds begin = 0;    ///< of the request
    Picoseconds arrived = 0;  ///< at the link where it waits
    Picoseconds delivered = 0;
    Picoseconds waited = 0;
};

/// The four-phase protocol of an interconnect (IEEE 1666-2011, 15.2): transfers move from link to
/// link; each link serves as many as it has lanes, round robin by master. A master's request ends
/// when its first link takes it. A link that only the same master holds never makes it wait.
class TransferEngine {
public:
    explicit TransferEngine(Interconnect& fabric);
    TransferEngine(const TransferEngine&) = delete;
    TransferEngine& operator=(const TransferEngine&) = delete;
    ~TransferEngine() = default;

    tlm::tlm_sync_enum from_master(int master, tlm::tlm_generic_payload& payload,
                                   tlm::tlm_phase& phase, sc_core::sc_time& delay);
    /// Shows the monitor what is on its way.
    void show_unfinished() const;
    tlm::tlm_sync_enum from_target(int target, tlm::tlm_generic_payload& payload,
                                   tlm::tlm_phase& phase, sc_core::sc_time& delay);

private:
    /// A channel for one transaction at a time: requests at a target, responses at a master.
    struct Channel {
        tlm::tlm_generic_payload* busy = nullptr;
        std::deque<Transfer*> waiting;
    };

    void begin(int master, Interconnect::Range& range, tlm::tlm_generic_payload& payload,
               const sc_core::sc_time& delay);
    void move();
    void arrive(Transfer& transfer);
    void serve(Link& link);
    void grant(Link& link, Transfer& transfer);
    void deliver(Transfer& transfer);
    void turn_round(Transfer& transfer, const sc_core::sc_time& delay);
    void answer(Transfer& transfer);
    void finish(Transfer& transfer);
    void next(Channel& channel, const sc_core::sc_time& delay);
    [[nodiscard]] static std::deque<Transfer*>::iterator choose(Link& link);

    Interconnect& fabric_;
    std::map<tlm::tlm_generic_payload*, Transfer> transfers_;
    std::map<int, Channel> requests_;   // by target
    std::map<int, Channel> responses_;  // by master
    tlm_utils::peq_with_get<Transfer> moving_;
    tlm_utils::peq_with_get<Link> freed_;
    std::deque<Link*> touched_;
};

}  // namespace cimera
