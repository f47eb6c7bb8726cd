// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <tlm>

#include "models/common/clock.hpp"

namespace cimera::protocol {

/// What IEEE 1666-2011 asks of those who make and serve transactions. `text_of` has the words.
enum class Rule : std::uint8_t {
    // What an initiator sets before it sends a transaction.
    data_pointer,
    data_length,
    byte_enable_length,
    streaming_width,
    dmi_hint,
    request_status,
    memory_manager,
    reference_count,
    // What a response leaves as it was, and what it sets.
    command_kept,
    address_kept,
    data_pointer_kept,
    data_length_kept,
    byte_enables_kept,
    streaming_width_kept,
    write_data_kept,
    response_status,
    // b_transport.
    blocking_caller,
    blocking_time,
    payload_in_use,
    mixed_interfaces,
    // nb_transport.
    first_phase,
    unknown_transaction,
    after_completion,
    phase_direction,
    phase_order,
    request_exclusion,
    response_exclusion,
    accepted_unchanged,
    updated_phase,
    completed_early,
    phase_time,
    nonblocking_wait,
    // Direct memory access and debug transport.
    dmi_command,
    dmi_range,
    dmi_address,
    dmi_pointer,
    dmi_access,
    invalid_range,
    debug_pointer,
    debug_count,
};
inline constexpr std::size_t rule_count = 40;

struct RuleText {
    const char* clause;    ///< of IEEE 1666-2011
    const char* expected;  ///< what would be right
};
[[nodiscard]] RuleText text_of(Rule rule);

/// A broken rule, and what was found instead.
struct Finding {
    Rule rule;
    std::string found;
};
/// Nothing where no rule is broken.
using Verdict = std::optional<Finding>;

/// A broken rule with the call that broke it.
struct Violation {
    Rule rule;
    std::string found;
    std::string initiator;  ///< of the pair of sockets that the call passed
    std::string target;
    std::string call;  ///< method, and phase where it has one
    Picoseconds at;    ///< kernel time plus the delay of the call
    tlm::tlm_command command;
    std::uint64_t address;
    unsigned length;   ///< bytes
    std::uint32_t pc;  ///< instruction that caused the transaction; 0: not known
};
/// Several lines, without a line end after the last one.
[[nodiscard]] std::string to_text(const Violation& violation);

/// Told of a broken rule while the call that broke it is under way.
class Listener {
public:
    Listener() = default;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    virtual ~Listener() = default;
    virtual void violated(const Violation& violation) = 0;
};

}  // namespace cimera::protocol
