// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "models/common/register_port.hpp"
#include "models/power/transaction.hpp"
#include "tests/support/protocol_bench.hpp"

// Direct memory access and debug transport: each case but the last two breaks one rule.

namespace cimera {

using protocol::Rule;
using test::ProtocolBench;

namespace {

bool ask(ProtocolBench& b, tlm::tlm_dmi& dmi) {
    return b.initiator.bus->get_direct_mem_ptr(b.request.payload, dmi);
}

/// The answer with one mistake.
void mistake(ProtocolBench& b, bool granted, std::function<void(tlm::tlm_dmi&)> make) {
    b.target.on_direct = [&b, granted, make = std::move(make)](auto&, tlm::tlm_dmi& dmi) {
        dmi.set_dmi_ptr(b.target.bytes.data());
        dmi.set_start_address(0);
        dmi.set_end_address(0xfff);
        dmi.allow_read();
        make(dmi);
        return granted;
    };
    tlm::tlm_dmi dmi;
    CHECK(ask(b, dmi) == granted);
}

struct Port final : RegisterPort {
    void access(RegisterCall& /*call*/) override {}
};

}  // namespace

TEST_CASE("protocol: direct access is to read or to write", "[protocol]") {
    ProtocolBench b;
    b.request.payload.set_command(tlm::TLM_IGNORE_COMMAND);
    b.target.on_direct = [](auto&, auto&) { return false; };
    tlm::tlm_dmi dmi;
    ask(b, dmi);
    b.expect(Rule::dmi_command);
}

TEST_CASE("protocol: a direct range has an end after its start", "[protocol]") {
    ProtocolBench b;
    mistake(b, true, [](auto& dmi) { dmi.set_start_address(0x1000); });
    b.expect(Rule::dmi_range);
}

TEST_CASE("protocol: a direct range holds what was asked for", "[protocol]") {
    ProtocolBench b;
    mistake(b, true, [](auto& dmi) { dmi.set_end_address(0xff); });
    b.expect(Rule::dmi_address);
}

TEST_CASE("protocol: a denied range holds what was asked for", "[protocol]") {
    ProtocolBench b;
    mistake(b, false, [](auto& dmi) { dmi.set_start_address(0x200); });
    b.expect(Rule::dmi_address);
}

TEST_CASE("protocol: a grant comes with a pointer", "[protocol]") {
    ProtocolBench b;
    mistake(b, true, [](auto& dmi) { dmi.set_dmi_ptr(nullptr); });
    b.expect(Rule::dmi_pointer);
}

TEST_CASE("protocol: a grant is for what was asked", "[protocol]") {
    ProtocolBench b;
    mistake(b, true, [](auto& dmi) { dmi.allow_write(); });
    b.expect(Rule::dmi_access);
}

TEST_CASE("protocol: a direct request keeps its address", "[protocol]") {
    ProtocolBench b;
    b.target.on_direct = [](auto& payload, auto&) {
        payload.set_address(0);
        return false;
    };
    tlm::tlm_dmi dmi;
    ask(b, dmi);
    b.expect(Rule::address_kept);
}

TEST_CASE("protocol: an invalidation has an end after its start", "[protocol]") {
    ProtocolBench b;
    b.target.bus->invalidate_direct_mem_ptr(2, 1);
    b.expect(Rule::invalid_range);
    CHECK(protocol::to_text(b.seen.front()) ==
          "TLM protocol broken between initiator and target\n"
          "  in        invalidate_direct_mem_ptr at 0 ps\n"
          "  found     [0x2, 0x1]\n"
          "  expected  an invalidation whose start is not after its end (IEEE 1666-2011, 11.2.6)");
}

TEST_CASE("protocol: a debug transaction has a data pointer", "[protocol]") {
    ProtocolBench b;
    b.request.payload.set_data_ptr(nullptr);
    b.initiator.bus->transport_dbg(b.request.payload);
    b.expect(Rule::debug_pointer);
}

TEST_CASE("protocol: a debug transaction does not more than was asked", "[protocol]") {
    ProtocolBench b;
    b.target.on_debug = [](auto&) { return 5U; };
    b.initiator.bus->transport_dbg(b.request.payload);
    b.expect(Rule::debug_count);
}

TEST_CASE("protocol: a debug transaction keeps its address", "[protocol]") {
    ProtocolBench b;
    b.target.on_debug = [](auto& payload) {
        payload.set_address(0);
        return 4U;
    };
    b.initiator.bus->transport_dbg(b.request.payload);
    b.expect(Rule::address_kept);
}

TEST_CASE("protocol: grants, denials, invalidations and debug accesses pass", "[protocol]") {
    ProtocolBench b;
    tlm::tlm_dmi dmi;
    CHECK(ask(b, dmi));
    CHECK(dmi.get_dmi_ptr() == b.target.bytes.data());
    b.request.payload.set_address(0xfff);
    CHECK(ask(b, dmi));
    b.target.on_direct = [](auto&, auto&) { return false; };
    tlm::tlm_dmi denied;
    CHECK_FALSE(ask(b, denied));
    b.target.bus->invalidate_direct_mem_ptr(7, 7);
    CHECK(b.initiator.invalidations == 1);
    CHECK(b.initiator.bus->transport_dbg(b.request.payload) == 4);
    b.target.on_debug = [](auto&) { return 0U; };
    b.request.payload.set_data_length(0);
    b.request.payload.set_data_ptr(nullptr);
    CHECK(b.initiator.bus->transport_dbg(b.request.payload) == 0);
    b.expect_nothing();
}

TEST_CASE("protocol: registers are reached by transactions only", "[protocol]") {
    ProtocolBench b;
    Port port;
    DmiTag tag;
    b.target.on_direct = [&port](auto& payload, auto&) {
        payload.template get_extension<DmiTag>()->registers = &port;
        return false;
    };
    b.request.payload.set_extension(&tag);
    tlm::tlm_dmi dmi;
    ask(b, dmi);
    b.request.payload.clear_extension(&tag);
    CHECK(tag.registers == nullptr);
    b.expect_nothing();
}

}  // namespace cimera
