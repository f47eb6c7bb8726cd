// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <functional>
#include <utility>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

namespace cimera {

/// Coding styles of IEEE 1666-2011, clause 10.
enum class TimingStyle : std::uint8_t {
    loose,        ///< b_transport, temporal decoupling, direct memory access
    approximate,  ///< nb_transport in four phases, no decoupling
};

/// The bus side of a master with one transaction at a time. The same call serves both coding
/// styles; the master's process must be a thread where the style is `approximate`.
class MasterPort final : public tlm_utils::simple_initiator_socket<MasterPort> {
public:
    MasterPort(const char* name, TimingStyle style);

    /// Makes the transaction `delay` after the kernel's time. When it returns, the response is in
    /// the payload and arrives `delay` after the kernel's time, which may have moved.
    void transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    /// Calls `forget` when pointers to [first, last] are no longer valid.
    void on_invalidate(std::function<void(std::uint64_t first, std::uint64_t last)> forget) {
        forget_ = std::move(forget);
    }

private:
    tlm::tlm_sync_enum respond(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                               sc_core::sc_time& delay);
    void invalidate(sc_dt::uint64 first, sc_dt::uint64 last);

    TimingStyle style_;
    tlm::tlm_fw_transport_if<>* route_ = nullptr;  // what the socket is bound to
    sc_core::sc_event responded_;
    std::function<void(std::uint64_t, std::uint64_t)> forget_;
};

}  // namespace cimera
