// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/interconnect/protocol_payload.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace cimera::protocol {

namespace {

std::vector<std::uint8_t> copy_of(const std::uint8_t* bytes, unsigned length) {
    return bytes == nullptr ? std::vector<std::uint8_t>()
                            : std::vector<std::uint8_t>(bytes, bytes + length);
}

/// Index of the first byte that is no longer what it was; `was.size()` where all are.
std::size_t first_difference(const std::vector<std::uint8_t>& was, const std::uint8_t* now) {
    return static_cast<std::size_t>(std::mismatch(was.begin(), was.end(), now).first - was.begin());
}

Verdict changed(Rule rule, const char* what, std::uint64_t was, std::uint64_t now) {
    return Finding{rule,
                   fmt::format("{} was 0x{:x} in the request, is 0x{:x} now", what, was, now)};
}

}  // namespace

Snapshot::Snapshot(const tlm::tlm_generic_payload& payload, Contents contents)
    : command_(payload.get_command()),
      address_(payload.get_address()),
      data_(payload.get_data_ptr()),
      length_(payload.get_data_length()),
      enables_(payload.get_byte_enable_ptr()),
      enable_length_(payload.get_byte_enable_length()),
      streaming_width_(payload.get_streaming_width()) {
    if (contents == Contents::data) {
        enabled_ = copy_of(enables_, enable_length_);
        if (payload.is_write()) {
            written_ = copy_of(data_, length_);
        }
    }
}

Verdict Snapshot::compare(const tlm::tlm_generic_payload& payload) const {
    if (payload.get_command() != command_) {
        return changed(Rule::command_kept, "the command", static_cast<std::uint64_t>(command_),
                       static_cast<std::uint64_t>(payload.get_command()));
    }
    if (payload.get_data_ptr() != data_) {
        return Finding{Rule::data_pointer_kept, "another data pointer than in the request"};
    }
    if (payload.get_data_length() != length_) {
        return changed(Rule::data_length_kept, "the data length", length_,
                       payload.get_data_length());
    }
    if (payload.get_byte_enable_ptr() != enables_) {
        return Finding{Rule::byte_enables_kept, "another byte enable pointer than in the request"};
    }
    if (payload.get_byte_enable_length() != enable_length_) {
        return changed(Rule::byte_enables_kept, "the byte enable length", enable_length_,
                       payload.get_byte_enable_length());
    }
    if (payload.get_streaming_width() != streaming_width_) {
        return changed(Rule::streaming_width_kept, "the streaming width", streaming_width_,
                       payload.get_streaming_width());
    }
    if (const std::size_t i = first_difference(enabled_, enables_); i != enabled_.size()) {
        return changed(Rule::byte_enables_kept, fmt::format("byte enable {}", i).c_str(),
                       enabled_[i], enables_[i]);
    }
    if (const std::size_t i = first_difference(written_, data_); i != written_.size()) {
        return changed(Rule::write_data_kept, fmt::format("byte {}", i).c_str(), written_[i],
                       data_[i]);
    }
    return {};
}

Verdict Snapshot::compare_response(const tlm::tlm_generic_payload& payload) const {
    if (payload.get_address() != address_) {
        return changed(Rule::address_kept, "the address", address_, payload.get_address());
    }
    return compare(payload);
}

Verdict check_request(const tlm::tlm_generic_payload& payload) {
    const bool transfers = payload.get_command() != tlm::TLM_IGNORE_COMMAND;
    if (transfers && payload.get_data_length() == 0) {
        return Finding{Rule::data_length, "a data length of 0"};
    }
    if (transfers && payload.get_data_ptr() == nullptr) {
        return Finding{Rule::data_pointer, "a null data pointer"};
    }
    if (payload.get_byte_enable_ptr() != nullptr && payload.get_byte_enable_length() == 0) {
        return Finding{Rule::byte_enable_length, "a byte enable pointer with a length of 0"};
    }
    if (payload.get_streaming_width() == 0) {
        return Finding{Rule::streaming_width, "a streaming width of 0"};
    }
    if (payload.is_dmi_allowed()) {
        return Finding{Rule::dmi_hint, "the DMI hint of an earlier response"};
    }
    if (payload.get_response_status() != tlm::TLM_INCOMPLETE_RESPONSE) {
        return Finding{Rule::request_status, payload.get_response_string()};
    }
    return {};
}

Verdict check_managed(const tlm::tlm_generic_payload& payload, bool manager_needed) {
    if (!payload.has_mm()) {
        return manager_needed
                   ? Verdict(Finding{Rule::memory_manager, "a payload without memory manager"})
                   : Verdict();
    }
    if (payload.get_ref_count() < 1) {
        return Finding{Rule::reference_count, "a payload that nobody holds: reference count 0"};
    }
    return {};
}

Verdict check_response(const tlm::tlm_generic_payload& payload) {
    if (payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE) {
        return Finding{Rule::response_status, "TLM_INCOMPLETE_RESPONSE"};
    }
    return {};
}

Verdict check_direct_request(const tlm::tlm_generic_payload& payload) {
    if (!payload.is_read() && !payload.is_write()) {
        return Finding{Rule::dmi_command, "TLM_IGNORE_COMMAND"};
    }
    return {};
}

Verdict check_direct(const tlm::tlm_generic_payload& payload, const tlm::tlm_dmi& direct,
                     bool granted) {
    const std::uint64_t first = direct.get_start_address();
    const std::uint64_t last = direct.get_end_address();
    const std::string range =
        fmt::format("{} for [0x{:x}, 0x{:x}]", granted ? "granted" : "denied", first, last);
    if (first > last) {
        return Finding{Rule::dmi_range, range};
    }
    if (payload.get_address() < first || payload.get_address() > last) {
        return Finding{Rule::dmi_address, range};
    }
    if (granted && direct.get_dmi_ptr() == nullptr) {
        return Finding{Rule::dmi_pointer, range + " without a pointer"};
    }
    if (granted && !(payload.is_read() ? direct.is_read_allowed() : direct.is_write_allowed())) {
        return Finding{Rule::dmi_access, range + " for another kind of access"};
    }
    return {};
}

Verdict check_invalidation(std::uint64_t first, std::uint64_t last) {
    if (first > last) {
        return Finding{Rule::invalid_range, fmt::format("[0x{:x}, 0x{:x}]", first, last)};
    }
    return {};
}

Verdict check_debug_request(const tlm::tlm_generic_payload& payload) {
    if (payload.get_data_length() != 0 && payload.get_data_ptr() == nullptr) {
        return Finding{Rule::debug_pointer, "a null data pointer"};
    }
    return {};
}

Verdict check_debug(const tlm::tlm_generic_payload& payload, unsigned done) {
    if (done > payload.get_data_length()) {
        return Finding{Rule::debug_count, fmt::format("{} bytes done", done)};
    }
    return {};
}

}  // namespace cimera::protocol
