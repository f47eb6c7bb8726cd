// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>

#include <systemc>
#include <tlm>

#include "models/interconnect/protocol_hop.hpp"

namespace cimera {

/// Stands between an initiator's and a target's socket, hands every call on and checks it against
/// IEEE 1666-2011. Adds no time. Tells the listener of the first broken rule and then looks no
/// more. Hands on pointers to memory, but no RegisterPort: each register access is a transaction.
class ProtocolChecker final : public sc_core::sc_module,
                              private tlm::tlm_fw_transport_if<>,
                              private tlm::tlm_bw_transport_if<> {
public:
    tlm::tlm_target_socket<> from{"from"};  ///< bind the initiator to it
    tlm::tlm_initiator_socket<> to{"to"};   ///< bind it to the target

    ProtocolChecker(const sc_core::sc_module_name& name, std::string initiator, std::string target,
                    protocol::Listener& listener);

    /// Transactions that have been checked.
    [[nodiscard]] std::uint64_t transactions() const { return hop_.transactions(); }

private:
    /// What a message says of a transaction; taken while its payload is sure to exist.
    struct Subject {
        explicit Subject(const tlm::tlm_generic_payload& payload);
        Subject() = default;
        tlm::tlm_command command = tlm::TLM_IGNORE_COMMAND;
        std::uint64_t address = 0;
        unsigned length = 0;
        std::uint32_t pc = 0;
    };
    /// The method that is called, its phase where it has one, and when.
    struct Call {
        const char* method;
        const tlm::tlm_phase* phase;
        Picoseconds at;
    };

    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;
    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& direct) override;
    unsigned transport_dbg(tlm::tlm_generic_payload& payload) override;
    void invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last) override;

    /// Tells the listener, where a rule is broken and it is the first.
    void report(const protocol::Verdict& verdict, const Subject& subject, const Call& call);

    std::string initiator_;
    std::string target_;
    protocol::Listener& listener_;
    protocol::Hop hop_;
    bool checking_ = true;
};

}  // namespace cimera
