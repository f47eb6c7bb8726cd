// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <unordered_map>

#include "models/interconnect/protocol_payload.hpp"

namespace cimera::protocol {

/// The base protocol's rules for the calls of b_transport and nb_transport that pass one pair of
/// sockets, in the order in which they come. Calls may be nested. After the first broken rule the
/// answers mean nothing.
class Hop {
public:
    /// Phase and effective time (kernel time plus delay) of a call or of its return.
    struct Point {
        tlm::tlm_phase phase;
        Picoseconds at;
    };

    [[nodiscard]] Verdict blocking_call(const tlm::tlm_generic_payload& payload, Picoseconds at);
    [[nodiscard]] Verdict blocking_return(const tlm::tlm_generic_payload& payload, Picoseconds at);

    /// nb_transport_fw.
    [[nodiscard]] Verdict forward_call(const tlm::tlm_generic_payload& payload, const Point& call);
    [[nodiscard]] Verdict forward_return(const tlm::tlm_generic_payload& payload, const Point& call,
                                         tlm::tlm_sync_enum sync, const Point& answer);
    /// nb_transport_bw.
    [[nodiscard]] Verdict backward_call(const tlm::tlm_generic_payload& payload, const Point& call);
    [[nodiscard]] Verdict backward_return(const tlm::tlm_generic_payload& payload,
                                          const Point& call, tlm::tlm_sync_enum sync,
                                          const Point& answer);

    /// Transactions that have begun.
    [[nodiscard]] std::uint64_t transactions() const { return transactions_; }

private:
    enum class Stage : std::uint8_t { blocking, requested, accepted, responded, completed };

    struct Transaction {
        Stage stage;
        Snapshot request;
        Picoseconds latest;  // effective time of the last phase
    };

    [[nodiscard]] Verdict begin(const tlm::tlm_generic_payload& payload, Stage stage,
                                Picoseconds at);
    [[nodiscard]] Verdict from_initiator(const tlm::tlm_generic_payload& payload,
                                         const Point& point);
    [[nodiscard]] Verdict from_target(const tlm::tlm_generic_payload& payload, const Point& point);
    [[nodiscard]] Verdict accepted(const tlm::tlm_generic_payload& payload, const Point& call,
                                   const Point& answer) const;
    [[nodiscard]] Verdict completed_by_target(const tlm::tlm_generic_payload& payload,
                                              const Point& call, Picoseconds at);
    [[nodiscard]] Verdict completed_by_initiator(const tlm::tlm_generic_payload& payload,
                                                 const Point& call, Picoseconds at);
    [[nodiscard]] Verdict ignorable(const tlm::tlm_generic_payload& payload, Picoseconds at);
    [[nodiscard]] Verdict check_under_way(const tlm::tlm_generic_payload& payload,
                                          const Point& point, Rule where_unknown) const;
    [[nodiscard]] Transaction* find_under_way(const tlm::tlm_generic_payload& payload);
    void end_request(const tlm::tlm_generic_payload& payload);
    void end(const tlm::tlm_generic_payload& payload);

    /// Completed ones stay: calls after completion are told from calls for a stranger.
    std::unordered_map<const tlm::tlm_generic_payload*, Transaction> known_;
    const tlm::tlm_generic_payload* requesting_ = nullptr;
    const tlm::tlm_generic_payload* responding_ = nullptr;
    std::uint64_t transactions_ = 0;
};

}  // namespace cimera::protocol
