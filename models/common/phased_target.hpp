// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <deque>
#include <functional>
#include <utility>

#include <systemc>
#include <tlm>
#include <tlm_utils/peq_with_get.h>

namespace cimera {

/// Target side of the four-phase protocol (IEEE 1666-2011, 15.2) around a b_transport function: the
/// request is served and accepted when it arrives, the response follows after the time it took.
/// While `depth` transactions are in flight the next request is not accepted.
class PhasedTarget {
public:
    using Serve = std::function<void(tlm::tlm_generic_payload&, sc_core::sc_time&)>;
    using Backward = std::function<tlm::tlm_sync_enum(tlm::tlm_generic_payload&, tlm::tlm_phase&,
                                                      sc_core::sc_time&)>;

    /// To be built within the module of `socket`, a target socket that outlives it.
    template <class Socket>
    PhasedTarget(Socket& socket, Serve serve)
        : PhasedTarget(std::move(serve), [&socket](auto& payload, auto& phase, auto& delay) {
              return socket->nb_transport_bw(payload, phase, delay);
          }) {}
    /// `backward` calls the initiator.
    PhasedTarget(Serve serve, Backward backward, unsigned depth = 64);
    PhasedTarget(const PhasedTarget&) = delete;
    PhasedTarget& operator=(const PhasedTarget&) = delete;
    ~PhasedTarget() = default;

    /// What the target's nb_transport_fw does.
    tlm::tlm_sync_enum forward(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                               sc_core::sc_time& delay);

private:
    void serve(tlm::tlm_generic_payload& payload);
    void take_requests();
    void accept(tlm::tlm_generic_payload& payload);
    void take_responses();
    void respond();
    void finish();

    Serve serve_;
    Backward backward_;
    unsigned depth_;
    tlm_utils::peq_with_get<tlm::tlm_generic_payload> requests_;
    tlm_utils::peq_with_get<tlm::tlm_generic_payload> responses_;
    unsigned in_flight_ = 0;
    std::deque<tlm::tlm_generic_payload*> held_;   // arrived, not accepted
    std::deque<tlm::tlm_generic_payload*> ready_;  // served, waiting for the response channel
    tlm::tlm_generic_payload* responding_ = nullptr;
};

}  // namespace cimera
