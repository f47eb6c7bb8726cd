// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/common/peripheral.hpp"

#include <cstring>

#include <fmt/format.h>

namespace cimera {

namespace {

constexpr std::size_t access_event = 0;

std::vector<EventKind> with_access(std::vector<EventKind> own) {
    own.insert(own.begin(), {"peripheral.access", {{"peripheral.access"}}});
    return own;
}

std::vector<LeakageTerm> or_block(std::vector<LeakageTerm> leakage) {
    if (leakage.empty()) {
        leakage.push_back({"peripheral", 1});
    }
    return leakage;
}

}  // namespace

Peripheral::Peripheral(const sc_core::sc_module_name& name, const BlockInfo& block,
                       const Environment& environment, std::vector<EventKind> events,
                       std::vector<LeakageTerm> leakage, unsigned access_cycles)
    : sc_module(name),
      bus("bus"),
      regs(block),
      env(environment),
      meter(env.ledger, this->name(), env.domain, with_access(std::move(events)),
            or_block(std::move(leakage))),
      access_cycles_(access_cycles) {
    bus.register_b_transport(this, &Peripheral::b_transport);
    bus.register_transport_dbg(this, &Peripheral::transport_dbg);
}

void Peripheral::reset(ResetKind kind) {
    regs.reset();
    reset_device(kind);
}

void Peripheral::window_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& /*delay*/) {
    report_error(fmt::format("offset 0x{:x}", payload.get_address()), "no register at this offset");
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

unsigned Peripheral::window_debug(tlm::tlm_generic_payload& /*payload*/) {
    return 0;
}

std::string Peripheral::place_of(std::uint32_t offset) const {
    const std::string name = regs.name_at(offset);
    return name.empty() ? fmt::format("offset 0x{:x}", offset)
                        : fmt::format("{} (offset 0x{:x})", name, offset);
}

void Peripheral::report_error(std::string place, std::string reason, std::uint32_t pc) {
    env.diagnostics.firmware_error(
        {now(), pc, name(), std::move(place), std::move(reason)});
}

void Peripheral::register_access(tlm::tlm_generic_payload& payload) {
    const auto offset = static_cast<std::uint32_t>(payload.get_address());
    const unsigned size = payload.get_data_length();
    if (payload.get_byte_enable_ptr() != nullptr) {
        payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        return;
    }
    if ((size != 1 && size != 2 && size != 4) || payload.get_streaming_width() < size) {
        report_error(place_of(offset), fmt::format("{}-byte burst to a register", size));
        payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
        return;
    }
    Access access = Access::ok;
    std::uint32_t value = 0;
    switch (payload.get_command()) {
        case tlm::TLM_READ_COMMAND:
            access = regs.read(offset, size, value);
            std::memcpy(payload.get_data_ptr(), &value, size);
            break;
        case tlm::TLM_WRITE_COMMAND:
            std::memcpy(&value, payload.get_data_ptr(), size);
            access = regs.write(offset, size, value);
            break;
        case tlm::TLM_IGNORE_COMMAND:
            break;
    }
    if (on_access_) {
        on_access_({now(), caller_, caller_pc_, offset, size, payload.is_write(), value, access});
    }
    if (access == Access::ok) {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        return;
    }
    report_error(place_of(offset), access == Access::refused ? regs.refusal()
                                                             : std::string(describe(access)));
    payload.set_response_status(access == Access::unmapped ? tlm::TLM_ADDRESS_ERROR_RESPONSE
                                                           : tlm::TLM_COMMAND_ERROR_RESPONSE);
}

void Peripheral::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const TransactionTag* tag = payload.get_extension<TransactionTag>();
    caller_ = tag != nullptr ? tag->owner : 0;
    caller_pc_ = tag != nullptr ? tag->pc : 0;
    offset_ = delay.value();
    if (payload.get_address() >= regs.block().size) {
        window_transport(payload, delay);
    } else {
        TransactionTag::charge(payload, meter, access_event, 1);
        register_access(payload);
        delay += sc_core::sc_time::from_value(access_cycles_ * env.clock.period());
    }
    // Processes of the device run at kernel time and speak for nobody.
    offset_ = 0;
    caller_ = 0;
    caller_pc_ = 0;
}

unsigned Peripheral::transport_dbg(tlm::tlm_generic_payload& payload) {
    if (payload.get_address() >= regs.block().size) {
        return window_debug(payload);
    }
    const auto offset = static_cast<std::uint32_t>(payload.get_address());
    if (!payload.is_read()) {
        return 0;
    }
    for (unsigned i = 0; i < payload.get_data_length(); ++i) {
        payload.get_data_ptr()[i] = regs.peek(offset + i);
    }
    return payload.get_data_length();
}

}  // namespace cimera
