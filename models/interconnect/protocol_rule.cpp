// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/interconnect/protocol_rule.hpp"

#include <array>

#include <fmt/format.h>

namespace cimera::protocol {

namespace {

struct Row {
    Rule rule;
    RuleText text;
};

constexpr std::array<Row, rule_count> rows{{
    {Rule::data_pointer, {"14.11", "a data pointer unless the command is TLM_IGNORE_COMMAND"}},
    {Rule::data_length, {"14.12", "at least one byte unless the command is TLM_IGNORE_COMMAND"}},
    {Rule::byte_enable_length, {"14.14", "at least one byte enable where there is a pointer"}},
    {Rule::streaming_width, {"14.15", "a streaming width of at least 1"}},
    {Rule::dmi_hint, {"14.16", "a request without DMI hint"}},
    {Rule::request_status, {"14.17", "a request with TLM_INCOMPLETE_RESPONSE"}},
    {Rule::memory_manager, {"14.5", "nb_transport only of payloads with a memory manager"}},
    {Rule::reference_count, {"14.5", "at least one reference to a payload that has a manager"}},
    {Rule::command_kept, {"14.7", "the command of the request"}},
    {Rule::address_kept,
     {"14.7", "the address of the request: targets keep it, interconnects put it back"}},
    {Rule::data_pointer_kept, {"14.7", "the data pointer of the request"}},
    {Rule::data_length_kept, {"14.7", "the data length of the request"}},
    {Rule::byte_enables_kept, {"14.7", "the byte enables of the request"}},
    {Rule::streaming_width_kept, {"14.7", "the streaming width of the request"}},
    {Rule::write_data_kept, {"14.7", "data of a write as they were in the request"}},
    {Rule::response_status, {"14.17", "a response with another status than incomplete"}},
    {Rule::blocking_caller, {"11.1.1.4", "b_transport only from thread processes"}},
    {Rule::blocking_time, {"11.1.3", "a return not before the call: time plus delay never drops"}},
    {Rule::payload_in_use, {"14.5", "a payload that no other b_transport is busy with"}},
    {Rule::mixed_interfaces, {"15.2.10", "one interface, blocking or not, for a transaction"}},
    {Rule::first_phase, {"15.2.4", "BEGIN_REQ as the first phase of a transaction"}},
    {Rule::unknown_transaction, {"15.2.4", "a transaction that has begun on this hop"}},
    {Rule::after_completion, {"15.2.4", "no further phase after END_RESP or TLM_COMPLETED"}},
    {Rule::phase_direction,
     {"15.2.3",
      "BEGIN_REQ and END_RESP from the initiator, END_REQ and BEGIN_RESP from the target"}},
    {Rule::phase_order,
     {"15.2.4", "BEGIN_REQ, END_REQ or none, BEGIN_RESP, END_RESP: each once in this order"}},
    {Rule::request_exclusion, {"15.2.6", "no request before the previous one has ended"}},
    {Rule::response_exclusion, {"15.2.6", "no response before the previous one has ended"}},
    {Rule::accepted_unchanged, {"11.1.2.7", "TLM_ACCEPTED with phase and delay of the call"}},
    {Rule::updated_phase, {"11.1.2.7", "TLM_UPDATED with a new phase"}},
    {Rule::completed_early,
     {"15.2.4", "TLM_COMPLETED only to BEGIN_REQ, BEGIN_RESP and END_RESP, once"}},
    {Rule::phase_time, {"15.2.7", "phases not earlier than the one before: time plus delay"}},
    {Rule::nonblocking_wait, {"11.1.2.4", "nb_transport without wait"}},
    {Rule::dmi_command, {"11.2.3", "a DMI request to read or to write"}},
    {Rule::dmi_range, {"11.2.5", "a DMI range whose start is not after its end"}},
    {Rule::dmi_address, {"11.2.5", "a DMI range, granted or denied, around the address asked for"}},
    {Rule::dmi_pointer, {"11.2.5", "a pointer where DMI is granted"}},
    {Rule::dmi_access, {"11.2.5", "DMI granted for the kind of access asked for"}},
    {Rule::invalid_range, {"11.2.6", "an invalidation whose start is not after its end"}},
    {Rule::debug_pointer, {"11.3.4", "a data pointer in a debug transaction with bytes"}},
    {Rule::debug_count, {"11.3.4", "not more bytes done than were asked for"}},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].rule != static_cast<Rule>(i)) {
            return false;
        }
    }
    return true;
}
static_assert(in_order(), "a row for each rule, in the order of the enumeration");

std::string describe(const Violation& v) {
    const char* const command = v.command == tlm::TLM_READ_COMMAND    ? "read"
                                : v.command == tlm::TLM_WRITE_COMMAND ? "write"
                                                                      : "no command";
    return fmt::format(": {}, {} bytes at 0x{:08x}", command, v.length, v.address);
}

}  // namespace

RuleText text_of(Rule rule) {
    return rows[static_cast<std::size_t>(rule)].text;
}

std::string to_text(const Violation& v) {
    const RuleText rule = text_of(v.rule);
    const bool transaction = v.command != tlm::TLM_IGNORE_COMMAND || v.length != 0;
    return fmt::format(
        "TLM protocol broken between {} and {}\n"
        "  in        {} at {} ps{}\n"
        "  found     {}\n"
        "  expected  {} (IEEE 1666-2011, {})",
        v.initiator, v.target, v.call, v.at, transaction ? describe(v) : "", v.found, rule.expected,
        rule.clause);
}

}  // namespace cimera::protocol
