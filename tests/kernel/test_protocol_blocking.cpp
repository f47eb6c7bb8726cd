// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <functional>
#include <utility>

#include <catch2/catch.hpp>

#include "models/power/transaction.hpp"
#include "tests/support/protocol_bench.hpp"

// Requests and b_transport: each case breaks one rule.

namespace cimera {

using protocol::Rule;
using test::ProtocolBench;
using test::Request;

namespace {

/// What a target does to a request before it answers it.
void serve(ProtocolBench& b, std::function<void(tlm::tlm_generic_payload&)> mistake) {
    b.target.on_blocking = [mistake = std::move(mistake)](auto& payload, auto&) {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        mistake(payload);
    };
    b.transport();
}

}  // namespace

TEST_CASE("protocol: a request has a data pointer", "[protocol]") {
    ProtocolBench b;
    b.request.payload.set_data_ptr(nullptr);
    b.transport();
    b.expect(Rule::data_pointer);
}

TEST_CASE("protocol: a request has a length", "[protocol]") {
    ProtocolBench b;
    b.request.payload.set_data_length(0);
    b.transport();
    b.expect(Rule::data_length);
}

TEST_CASE("protocol: byte enables have a length", "[protocol]") {
    ProtocolBench b;
    b.request.enable_bytes(0);
    b.transport();
    b.expect(Rule::byte_enable_length);
}

TEST_CASE("protocol: a request has a streaming width", "[protocol]") {
    ProtocolBench b;
    b.request.payload.set_streaming_width(0);
    b.transport();
    b.expect(Rule::streaming_width);
}

TEST_CASE("protocol: a request has no DMI hint", "[protocol]") {
    ProtocolBench b;
    b.request.payload.set_dmi_allowed(true);
    b.transport();
    b.expect(Rule::dmi_hint);
}

TEST_CASE("protocol: a request is not answered yet", "[protocol]") {
    ProtocolBench b;
    b.transport();
    b.transport();
    b.expect(Rule::request_status);
    CHECK(b.seen.front().found == "TLM_OK_RESPONSE");
}

TEST_CASE("protocol: what has a manager has a reference", "[protocol]") {
    ProtocolBench b;
    b.request.payload.release();
    b.transport();
    b.expect(Rule::reference_count);
}

TEST_CASE("protocol: a target keeps the command", "[protocol]") {
    ProtocolBench b;
    serve(b, [](auto& payload) { payload.set_write(); });
    b.expect(Rule::command_kept);
}

TEST_CASE("protocol: the address comes back", "[protocol]") {
    ProtocolBench b;
    serve(b, [](auto& payload) { payload.set_address(0); });
    b.expect(Rule::address_kept);
    CHECK(b.seen.front().address == 0x100);
    CHECK(b.seen.front().found == "the address was 0x100 in the request, is 0x0 now");
}

TEST_CASE("protocol: a target keeps the data pointer", "[protocol]") {
    ProtocolBench b;
    serve(b, [&b](auto& payload) { payload.set_data_ptr(b.target.bytes.data()); });
    b.expect(Rule::data_pointer_kept);
}

TEST_CASE("protocol: a target keeps the length", "[protocol]") {
    ProtocolBench b;
    serve(b, [](auto& payload) { payload.set_data_length(2); });
    b.expect(Rule::data_length_kept);
}

TEST_CASE("protocol: a target keeps the byte enable pointer", "[protocol]") {
    ProtocolBench b;
    b.request.enable_bytes(4);
    serve(b, [&b](auto& payload) { payload.set_byte_enable_ptr(b.target.bytes.data()); });
    b.expect(Rule::byte_enables_kept);
}

TEST_CASE("protocol: a target keeps the byte enable length", "[protocol]") {
    ProtocolBench b;
    b.request.enable_bytes(4);
    serve(b, [](auto& payload) { payload.set_byte_enable_length(2); });
    b.expect(Rule::byte_enables_kept);
}

TEST_CASE("protocol: a target keeps the byte enables", "[protocol]") {
    ProtocolBench b;
    b.request.enable_bytes(4);
    serve(b, [](auto& payload) { payload.get_byte_enable_ptr()[3] = TLM_BYTE_ENABLED; });
    b.expect(Rule::byte_enables_kept);
    CHECK(b.seen.front().found == "byte enable 3 was 0x0 in the request, is 0xff now");
}

TEST_CASE("protocol: a target keeps the streaming width", "[protocol]") {
    ProtocolBench b;
    serve(b, [](auto& payload) { payload.set_streaming_width(2); });
    b.expect(Rule::streaming_width_kept);
}

TEST_CASE("protocol: a write changes nothing at its source", "[protocol]") {
    ProtocolBench b;
    b.request.renew(tlm::TLM_WRITE_COMMAND);
    serve(b, [](auto& payload) { payload.get_data_ptr()[1] = 7; });
    b.expect(Rule::write_data_kept);
}

TEST_CASE("protocol: a response has a status", "[protocol]") {
    ProtocolBench b;
    b.target.on_blocking = [](auto&, auto&) {};
    b.transport();
    b.expect(Rule::response_status);
}

TEST_CASE("protocol: time does not go back in b_transport", "[protocol]") {
    ProtocolBench b;
    b.target.on_blocking = [](auto& payload, auto& delay) {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        delay -= sc_core::sc_time::from_value(1);
    };
    b.transport(b.request, 100);
    b.expect(Rule::blocking_time);
    CHECK(b.seen.front().found == "99 ps after 100 ps");
}

TEST_CASE("protocol: a payload is in one b_transport at a time", "[protocol]") {
    ProtocolBench b;
    bool inside = false;
    b.target.on_blocking = [&b, &inside](auto& payload, auto&) {
        if (!std::exchange(inside, true)) {
            b.transport();
        }
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    };
    b.transport();
    b.expect(Rule::payload_in_use);
}

TEST_CASE("protocol: no b_transport between the phases of nb_transport", "[protocol]") {
    ProtocolBench b;
    b.forward(b.request, tlm::BEGIN_REQ);
    b.transport();
    b.expect(Rule::mixed_interfaces);
}

TEST_CASE("protocol: no nb_transport within b_transport", "[protocol]") {
    ProtocolBench b;
    b.target.on_blocking = [&b](auto& payload, auto&) {
        b.forward(b.request, tlm::BEGIN_REQ);
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    };
    b.transport();
    b.expect(Rule::mixed_interfaces);
}

TEST_CASE("protocol: b_transport is not answered in phases", "[protocol]") {
    ProtocolBench b;
    b.target.on_blocking = [&b](auto& payload, auto&) {
        b.backward(b.request, tlm::BEGIN_RESP);
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    };
    b.transport();
    b.expect(Rule::mixed_interfaces);
}

TEST_CASE("protocol: b_transport is for threads", "[protocol]") {
    ProtocolBench b;
    sc_core::sc_spawn_options options;
    options.spawn_method();
    sc_core::sc_spawn([&b] { b.transport(); }, "caller", &options);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    b.expect(Rule::blocking_caller);
    CHECK(b.seen.front().found == "the method process caller");
}

TEST_CASE("protocol: a violation names the transaction and who made it", "[protocol]") {
    ProtocolBench b;
    TransactionTag tag;
    tag.pc = 0x80000010;
    b.request.payload.set_extension(&tag);
    b.request.renew(tlm::TLM_WRITE_COMMAND);
    b.request.payload.set_streaming_width(0);
    b.transport(b.request, 1500);
    b.request.payload.clear_extension(&tag);
    REQUIRE(b.seen.size() == 1);
    CHECK(b.seen.front().pc == 0x80000010);
    CHECK(protocol::to_text(b.seen.front()) ==
          "TLM protocol broken between initiator and target\n"
          "  in        b_transport at 1500 ps: write, 4 bytes at 0x00000100\n"
          "  found     a streaming width of 0\n"
          "  expected  a streaming width of at least 1 (IEEE 1666-2011, 14.15)");
}

TEST_CASE("protocol: the first violation is the one that is told", "[protocol]") {
    ProtocolBench b;
    b.request.payload.set_streaming_width(0);
    b.transport();
    b.transport();
    b.transport();
    b.expect(Rule::streaming_width);
}

}  // namespace cimera
