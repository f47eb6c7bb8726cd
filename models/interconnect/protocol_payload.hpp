// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <vector>

#include <tlm>

#include "models/interconnect/protocol_rule.hpp"

namespace cimera::protocol {

/// What of a payload belongs to its initiator, as it was in the request.
class Snapshot {
public:
    enum class Contents : std::uint8_t {
        attributes,  ///< pointers may lead nowhere, as in a DMI request
        data,        ///< the bytes of a write and the byte enables as well
    };
    Snapshot(const tlm::tlm_generic_payload& payload, Contents contents);

    /// Whether all but the address, which interconnects change on the way, is the same.
    [[nodiscard]] Verdict compare(const tlm::tlm_generic_payload& payload) const;
    /// The same for a response: with the address.
    [[nodiscard]] Verdict compare_response(const tlm::tlm_generic_payload& payload) const;

private:
    tlm::tlm_command command_;
    std::uint64_t address_;
    const std::uint8_t* data_;
    unsigned length_;
    const std::uint8_t* enables_;
    unsigned enable_length_;
    unsigned streaming_width_;
    std::vector<std::uint8_t> written_;
    std::vector<std::uint8_t> enabled_;
};

/// What an initiator must have set in a request.
[[nodiscard]] Verdict check_request(const tlm::tlm_generic_payload& payload);
/// Memory management: always referenced; nb_transport cannot do without a manager.
[[nodiscard]] Verdict check_managed(const tlm::tlm_generic_payload& payload, bool manager_needed);
/// A finished transaction has a status.
[[nodiscard]] Verdict check_response(const tlm::tlm_generic_payload& payload);

[[nodiscard]] Verdict check_direct_request(const tlm::tlm_generic_payload& payload);
/// The answer `granted` to a request for direct access with its descriptor.
[[nodiscard]] Verdict check_direct(const tlm::tlm_generic_payload& payload,
                                   const tlm::tlm_dmi& direct, bool granted);
[[nodiscard]] Verdict check_invalidation(std::uint64_t first, std::uint64_t last);
[[nodiscard]] Verdict check_debug_request(const tlm::tlm_generic_payload& payload);
/// `done`: bytes that transport_dbg says it has transferred.
[[nodiscard]] Verdict check_debug(const tlm::tlm_generic_payload& payload, unsigned done);

}  // namespace cimera::protocol
