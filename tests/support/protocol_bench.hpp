// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <catch2/catch.hpp>

#include "models/interconnect/protocol_checker.hpp"

namespace cimera::test {

using Blocking = std::function<void(tlm::tlm_generic_payload&, sc_core::sc_time&)>;
using Nonblocking = std::function<tlm::tlm_sync_enum(tlm::tlm_generic_payload&, tlm::tlm_phase&,
                                                     sc_core::sc_time&)>;

/// Answers of one call of nb_transport.
inline Nonblocking answer(tlm::tlm_sync_enum sync) {
    return [sync](tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) { return sync; };
}
inline Nonblocking answer(const tlm::tlm_phase& next, Picoseconds later = 0) {
    return [next, later](tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                         sc_core::sc_time& delay) {
        if (next == tlm::BEGIN_RESP) {
            payload.set_response_status(tlm::TLM_OK_RESPONSE);
        }
        phase = next;
        delay += sc_core::sc_time::from_value(later);
        return tlm::TLM_UPDATED;
    };
}
/// Early completion, or the end of a response.
inline Nonblocking complete(Picoseconds later = 0) {
    return [later](tlm::tlm_generic_payload& payload, tlm::tlm_phase&, sc_core::sc_time& delay) {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        delay += sc_core::sc_time::from_value(later);
        return tlm::TLM_COMPLETED;
    };
}

/// An initiator whose answers a test sets.
struct StubInitiator : sc_core::sc_module {
    tlm_utils::simple_initiator_socket<StubInitiator> bus{"bus"};
    Nonblocking on_backward = answer(tlm::TLM_ACCEPTED);
    unsigned invalidations = 0;

    explicit StubInitiator(const sc_core::sc_module_name& name) : sc_module(name) {
        bus.register_nb_transport_bw(this, &StubInitiator::nb_transport_bw);
        bus.register_invalidate_direct_mem_ptr(this, &StubInitiator::invalidate);
    }
    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) {
        return on_backward(payload, phase, delay);
    }
    void invalidate(sc_dt::uint64 /*first*/, sc_dt::uint64 /*last*/) { ++invalidations; }
};

/// A target that does all right unless a test makes it do otherwise.
struct StubTarget : sc_core::sc_module {
    tlm_utils::simple_target_socket<StubTarget> bus{"bus"};
    Blocking on_blocking = [](auto& payload, auto&) {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    };
    Nonblocking on_forward = answer(tlm::TLM_ACCEPTED);
    std::function<bool(tlm::tlm_generic_payload&, tlm::tlm_dmi&)> on_direct =
        [this](auto&, tlm::tlm_dmi& dmi) {
            dmi.set_dmi_ptr(bytes.data());
            dmi.set_start_address(0);
            dmi.set_end_address(bytes.size() - 1);
            dmi.allow_read();
            return true;
        };
    std::function<unsigned(tlm::tlm_generic_payload&)> on_debug = [](auto& payload) {
        return payload.get_data_length();
    };
    std::array<std::uint8_t, 0x1000> bytes{};

    explicit StubTarget(const sc_core::sc_module_name& name) : sc_module(name) {
        bus.register_b_transport(this, &StubTarget::b_transport);
        bus.register_nb_transport_fw(this, &StubTarget::nb_transport_fw);
        bus.register_get_direct_mem_ptr(this, &StubTarget::get_direct_mem_ptr);
        bus.register_transport_dbg(this, &StubTarget::transport_dbg);
    }
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
        on_blocking(payload, delay);
    }
    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) {
        return on_forward(payload, phase, delay);
    }
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) {
        return on_direct(payload, dmi);
    }
    unsigned transport_dbg(tlm::tlm_generic_payload& payload) { return on_debug(payload); }
};

/// A correct request with a memory manager: it reads four bytes.
struct Request : tlm::tlm_mm_interface {
    std::array<std::uint8_t, 8> data{};
    std::array<std::uint8_t, 8> enables{};
    tlm::tlm_generic_payload payload{this};

    explicit Request(tlm::tlm_command command = tlm::TLM_READ_COMMAND) {
        payload.acquire();
        renew(command);
    }
    /// For another transaction.
    void renew(tlm::tlm_command command = tlm::TLM_READ_COMMAND) {
        payload.set_command(command);
        payload.set_address(0x100);
        payload.set_data_ptr(data.data());
        payload.set_data_length(4);
        payload.set_streaming_width(4);
        payload.set_byte_enable_ptr(nullptr);
        payload.set_byte_enable_length(0);
        payload.set_dmi_allowed(false);
        payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    }
    void enable_bytes(unsigned count) {
        payload.set_byte_enable_ptr(enables.data());
        payload.set_byte_enable_length(count);
    }
    void free(tlm::tlm_generic_payload* /*payload*/) override {}
};

/// Initiator, checker and target in a row.
struct ProtocolBench : protocol::Listener {
    StubInitiator initiator{"initiator"};
    StubTarget target{"target"};
    ProtocolChecker checker{"checker", "initiator", "target", *this};
    std::vector<protocol::Violation> seen;
    Request request;

    ProtocolBench() {
        initiator.bus.bind(checker.from);
        checker.to.bind(target.bus);
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }

    void violated(const protocol::Violation& violation) override { seen.push_back(violation); }

    void transport(Request& r, Picoseconds at = 0) {
        sc_core::sc_time delay = sc_core::sc_time::from_value(at);
        initiator.bus->b_transport(r.payload, delay);
    }
    void transport() { transport(request); }
    /// Phases of the initiator and of the target.
    tlm::tlm_sync_enum forward(Request& r, tlm::tlm_phase phase, Picoseconds at = 0) {
        sc_core::sc_time delay = sc_core::sc_time::from_value(at);
        return initiator.bus->nb_transport_fw(r.payload, phase, delay);
    }
    tlm::tlm_sync_enum backward(Request& r, tlm::tlm_phase phase, Picoseconds at = 0) {
        if (phase == tlm::BEGIN_RESP) {
            r.payload.set_response_status(tlm::TLM_OK_RESPONSE);
        }
        sc_core::sc_time delay = sc_core::sc_time::from_value(at);
        return target.bus->nb_transport_bw(r.payload, phase, delay);
    }

    void expect(protocol::Rule rule) const {
        REQUIRE(seen.size() == 1);
        INFO(protocol::to_text(seen.front()));
        INFO("expected: " << protocol::text_of(rule).expected);
        CHECK(seen.front().rule == rule);
    }
    void expect_nothing() const {
        INFO((seen.empty() ? std::string() : protocol::to_text(seen.front())));
        CHECK(seen.empty());
    }
};

}  // namespace cimera::test
