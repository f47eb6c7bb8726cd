// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "tests/support/protocol_bench.hpp"

// nb_transport: each case breaks one rule.

namespace cimera {

using protocol::Rule;
using test::answer;
using test::complete;
using test::ProtocolBench;
using test::Request;
using tlm::BEGIN_REQ;
using tlm::BEGIN_RESP;
using tlm::END_REQ;
using tlm::END_RESP;

TEST_CASE("protocol: a request in phases obeys the rules of requests", "[protocol]") {
    ProtocolBench b;
    b.request.payload.set_dmi_allowed(true);
    b.forward(b.request, BEGIN_REQ);
    b.expect(Rule::dmi_hint);
}

TEST_CASE("protocol: nb_transport wants a memory manager", "[protocol]") {
    ProtocolBench b;
    b.request.payload.set_mm(nullptr);
    b.forward(b.request, BEGIN_REQ);
    b.expect(Rule::memory_manager);
}

TEST_CASE("protocol: a payload in phases has a reference", "[protocol]") {
    ProtocolBench b;
    b.forward(b.request, BEGIN_REQ);
    b.request.payload.release();
    b.backward(b.request, END_REQ);
    b.expect(Rule::reference_count);
}

TEST_CASE("protocol: the first phase is BEGIN_REQ", "[protocol]") {
    ProtocolBench b;
    b.forward(b.request, END_RESP);
    b.expect(Rule::first_phase);
}

TEST_CASE("protocol: a target answers only what was asked", "[protocol]") {
    ProtocolBench b;
    b.backward(b.request, BEGIN_RESP);
    b.expect(Rule::unknown_transaction);
    CHECK(b.seen.front().call == "nb_transport_bw BEGIN_RESP");
}

TEST_CASE("protocol: no response after early completion", "[protocol]") {
    ProtocolBench b;
    b.target.on_forward = complete();
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, BEGIN_RESP);
    b.expect(Rule::after_completion);
}

TEST_CASE("protocol: no END_RESP after TLM_COMPLETED", "[protocol]") {
    ProtocolBench b;
    b.initiator.on_backward = complete();
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, BEGIN_RESP);
    b.forward(b.request, END_RESP);
    b.expect(Rule::after_completion);
}

TEST_CASE("protocol: no new phase in the answer to END_RESP", "[protocol]") {
    ProtocolBench b;
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, BEGIN_RESP);
    b.target.on_forward = answer(END_REQ);
    b.forward(b.request, END_RESP);
    b.expect(Rule::after_completion);
}

TEST_CASE("protocol: phases of the target do not come from the initiator", "[protocol]") {
    ProtocolBench b;
    b.forward(b.request, BEGIN_REQ);
    b.forward(b.request, END_REQ);
    b.expect(Rule::phase_direction);
    CHECK(b.seen.front().found == "END_REQ from the initiator");
}

TEST_CASE("protocol: phases of the initiator do not come from the target", "[protocol]") {
    ProtocolBench b;
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, END_RESP);
    b.expect(Rule::phase_direction);
}

TEST_CASE("protocol: a target returns its own phases", "[protocol]") {
    ProtocolBench b;
    b.target.on_forward = answer(END_RESP);
    b.forward(b.request, BEGIN_REQ);
    b.expect(Rule::phase_direction);
    CHECK(b.seen.front().call == "return from nb_transport_fw BEGIN_REQ");
}

TEST_CASE("protocol: an initiator returns its own phases", "[protocol]") {
    ProtocolBench b;
    b.initiator.on_backward = answer(BEGIN_RESP);
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, END_REQ);
    b.expect(Rule::phase_direction);
}

TEST_CASE("protocol: a phase must be one", "[protocol]") {
    ProtocolBench b;
    b.forward(b.request, tlm::UNINITIALIZED_PHASE);
    b.expect(Rule::phase_direction);
}

TEST_CASE("protocol: one BEGIN_REQ for a transaction", "[protocol]") {
    ProtocolBench b;
    b.target.on_forward = answer(END_REQ);
    b.forward(b.request, BEGIN_REQ);
    b.forward(b.request, BEGIN_REQ);
    b.expect(Rule::phase_order);
}

TEST_CASE("protocol: one END_REQ for a transaction", "[protocol]") {
    ProtocolBench b;
    b.target.on_forward = answer(END_REQ);
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, END_REQ);
    b.expect(Rule::phase_order);
}

TEST_CASE("protocol: END_REQ comes before BEGIN_RESP", "[protocol]") {
    ProtocolBench b;
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, BEGIN_RESP);
    b.backward(b.request, END_REQ);
    b.expect(Rule::phase_order);
}

TEST_CASE("protocol: one BEGIN_RESP for a transaction", "[protocol]") {
    ProtocolBench b;
    b.target.on_forward = answer(BEGIN_RESP);
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, BEGIN_RESP);
    b.expect(Rule::phase_order);
}

TEST_CASE("protocol: END_RESP comes after BEGIN_RESP", "[protocol]") {
    ProtocolBench b;
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, END_REQ);
    b.forward(b.request, END_RESP);
    b.expect(Rule::phase_order);
}

TEST_CASE("protocol: one request at a time", "[protocol]") {
    ProtocolBench b;
    Request second;
    b.forward(b.request, BEGIN_REQ);
    b.forward(second, BEGIN_REQ);
    b.expect(Rule::request_exclusion);
}

TEST_CASE("protocol: one response at a time", "[protocol]") {
    ProtocolBench b;
    Request second;
    b.target.on_forward = answer(END_REQ);
    b.forward(b.request, BEGIN_REQ);
    b.forward(second, BEGIN_REQ);
    b.backward(b.request, BEGIN_RESP);
    b.backward(second, BEGIN_RESP);
    b.expect(Rule::response_exclusion);
}

TEST_CASE("protocol: a response in the return value waits its turn as well", "[protocol]") {
    ProtocolBench b;
    Request second;
    b.target.on_forward = answer(BEGIN_RESP);
    b.forward(b.request, BEGIN_REQ);
    b.forward(second, BEGIN_REQ);
    b.expect(Rule::response_exclusion);
}

TEST_CASE("protocol: TLM_ACCEPTED keeps the phase", "[protocol]") {
    ProtocolBench b;
    b.target.on_forward = [](auto&, auto& phase, auto&) {
        phase = END_REQ;
        return tlm::TLM_ACCEPTED;
    };
    b.forward(b.request, BEGIN_REQ);
    b.expect(Rule::accepted_unchanged);
}

TEST_CASE("protocol: TLM_ACCEPTED keeps the delay", "[protocol]") {
    ProtocolBench b;
    b.initiator.on_backward = [](auto&, auto&, auto& delay) {
        delay += sc_core::sc_time::from_value(1);
        return tlm::TLM_ACCEPTED;
    };
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, END_REQ);
    b.expect(Rule::accepted_unchanged);
}

TEST_CASE("protocol: TLM_UPDATED has news of the target", "[protocol]") {
    ProtocolBench b;
    b.target.on_forward = answer(tlm::TLM_UPDATED);
    b.forward(b.request, BEGIN_REQ);
    b.expect(Rule::updated_phase);
}

TEST_CASE("protocol: TLM_UPDATED has news of the initiator", "[protocol]") {
    ProtocolBench b;
    b.initiator.on_backward = answer(tlm::TLM_UPDATED);
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, BEGIN_RESP);
    b.expect(Rule::updated_phase);
}

TEST_CASE("protocol: END_REQ completes nothing", "[protocol]") {
    ProtocolBench b;
    b.initiator.on_backward = answer(tlm::TLM_COMPLETED);
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, END_REQ);
    b.expect(Rule::completed_early);
}

TEST_CASE("protocol: no early completion after END_REQ", "[protocol]") {
    ProtocolBench b;
    b.target.on_forward = [&b](auto& payload, auto&, auto&) {
        b.backward(b.request, END_REQ);
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        return tlm::TLM_COMPLETED;
    };
    b.forward(b.request, BEGIN_REQ);
    b.expect(Rule::completed_early);
    CHECK(b.seen.front().found == "TLM_COMPLETED to BEGIN_REQ");
}

TEST_CASE("protocol: early completion has a status", "[protocol]") {
    ProtocolBench b;
    b.target.on_forward = answer(tlm::TLM_COMPLETED);
    b.forward(b.request, BEGIN_REQ);
    b.expect(Rule::response_status);
}

TEST_CASE("protocol: a response in phases has a status", "[protocol]") {
    ProtocolBench b;
    b.target.on_forward = [](auto&, auto& phase, auto&) {
        phase = BEGIN_RESP;
        return tlm::TLM_UPDATED;
    };
    b.forward(b.request, BEGIN_REQ);
    b.expect(Rule::response_status);
}

TEST_CASE("protocol: phases do not go back in time", "[protocol]") {
    ProtocolBench b;
    b.forward(b.request, BEGIN_REQ, 100);
    b.backward(b.request, END_REQ, 99);
    b.expect(Rule::phase_time);
}

TEST_CASE("protocol: a phase in the return value does not go back in time", "[protocol]") {
    ProtocolBench b;
    b.initiator.on_backward = [](auto&, auto& phase, auto& delay) {
        phase = END_RESP;
        delay -= sc_core::sc_time::from_value(1);
        return tlm::TLM_UPDATED;
    };
    b.forward(b.request, BEGIN_REQ, 100);
    b.backward(b.request, BEGIN_RESP, 200);
    b.expect(Rule::phase_time);
}

TEST_CASE("protocol: nb_transport does not wait", "[protocol]") {
    ProtocolBench b;
    b.target.on_forward = [](auto&, auto& phase, auto&) {
        sc_core::wait(sc_core::SC_ZERO_TIME);
        phase = END_REQ;
        return tlm::TLM_UPDATED;
    };
    sc_core::sc_spawn([&b] { b.forward(b.request, BEGIN_REQ); }, "caller");
    sc_core::sc_start(sc_core::sc_time::from_value(1));
    b.expect(Rule::nonblocking_wait);
}

TEST_CASE("protocol: an initiator keeps its request between phases", "[protocol]") {
    ProtocolBench b;
    b.forward(b.request, BEGIN_REQ);
    b.request.payload.set_data_length(8);
    b.backward(b.request, END_REQ);
    b.expect(Rule::data_length_kept);
}

TEST_CASE("protocol: what is written stays until the end", "[protocol]") {
    ProtocolBench b;
    b.request.renew(tlm::TLM_WRITE_COMMAND);
    b.forward(b.request, BEGIN_REQ);
    b.backward(b.request, BEGIN_RESP);
    b.request.data[0] = 1;
    b.forward(b.request, END_RESP);
    b.expect(Rule::write_data_kept);
}

TEST_CASE("protocol: who accepts a request keeps it", "[protocol]") {
    ProtocolBench b;
    b.target.on_forward = [](auto& payload, auto&, auto&) {
        payload.set_command(tlm::TLM_IGNORE_COMMAND);
        return tlm::TLM_ACCEPTED;
    };
    b.forward(b.request, BEGIN_REQ);
    b.expect(Rule::command_kept);
}

TEST_CASE("protocol: the address is back in a response", "[protocol]") {
    ProtocolBench b;
    b.forward(b.request, BEGIN_REQ);
    b.request.payload.set_address(0);
    b.backward(b.request, BEGIN_RESP);
    b.expect(Rule::address_kept);
}

}  // namespace cimera
