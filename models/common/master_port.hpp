// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include "models/power/transaction.hpp"

namespace cimera {

/// Coding styles of IEEE 1666-2011, clause 10.
enum class TimingStyle : std::uint8_t {
    loose,        ///< b_transport, temporal decoupling, direct memory access
    approximate,  ///< nb_transport in four phases, no decoupling
};

/// The bus side of a master with one transaction at a time, beside reads ahead. The same calls
/// serve both coding styles; the master's process must be a thread where it is `approximate`.
class MasterPort final : public tlm_utils::simple_initiator_socket<MasterPort> {
public:
    MasterPort(const char* name, TimingStyle style);

    /// Makes the transaction `delay` after the kernel's time. When it returns, the response is in
    /// the payload and arrives `delay` after the kernel's time, which may have moved.
    void transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    /// A read whose time nobody waits for, `delay` after the kernel's time; up to 4 bytes that are
    /// not looked at. Only its request may make the caller wait. False where it is known to fail.
    bool read_ahead(const TransactionTag& tag, std::uint64_t address, unsigned length,
                    sc_core::sc_time& delay);
    /// Calls `forget` when pointers to [first, last] are no longer valid.
    void on_invalidate(std::function<void(std::uint64_t first, std::uint64_t last)> forget) {
        forget_ = std::move(forget);
    }

private:
    tlm::tlm_sync_enum respond(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                               sc_core::sc_time& delay);
    void invalidate(sc_dt::uint64 first, sc_dt::uint64 last);

    struct Ahead {
        TaggedPayload transaction;
        std::array<std::uint8_t, 4> bytes{};
        tlm::tlm_generic_payload* payload = nullptr;  // in flight
    };
    void begin_request(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    void complete(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay);
    tlm::tlm_fw_transport_if<>& route();

    TimingStyle style_;
    tlm::tlm_fw_transport_if<>* route_ = nullptr;    // what the socket is bound to
    tlm::tlm_generic_payload* requested_ = nullptr;  // its request has not ended
    tlm::tlm_generic_payload* awaited_ = nullptr;    // the caller waits for its response
    sc_core::sc_event accepted_;
    sc_core::sc_event responded_;
    std::vector<std::unique_ptr<Ahead>> ahead_;
    std::function<void(std::uint64_t, std::uint64_t)> forget_;
};

}  // namespace cimera
