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
      access_cycles_(access_cycles),
      phased_(bus, [this](auto& payload, auto& delay) { b_transport(payload, delay); }) {
    bus.register_b_transport(this, &Peripheral::b_transport);
    bus.register_nb_transport_fw(this, &Peripheral::nb_transport_fw);
    bus.register_get_direct_mem_ptr(this, &Peripheral::get_direct_mem_ptr);
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
    env.diagnostics.firmware_error({now(), pc, name(), std::move(place), std::move(reason)});
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
    if (payload.get_command() == tlm::TLM_IGNORE_COMMAND) {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        return;
    }
    RegisterCall call{offset, size, payload.is_write(), 0, caller_, caller_pc_, at_};
    if (call.write) {
        std::memcpy(&call.value, payload.get_data_ptr(), size);
    }
    serve(call);
    if (!call.write) {
        std::memcpy(payload.get_data_ptr(), &call.value, size);
    }
    if (call.answer == Access::ok) {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    } else {
        payload.set_response_status(call.answer == Access::unmapped
                                        ? tlm::TLM_ADDRESS_ERROR_RESPONSE
                                        : tlm::TLM_COMMAND_ERROR_RESPONSE);
    }
}

/// What transactions and calls have in common.
void Peripheral::serve(RegisterCall& call) {
    call.answer = call.write ? regs.write(call.address, call.size, call.value)
                             : regs.read(call.address, call.size, call.value);
    call.quiet = regs.quiet();
    if (on_access_) {
        on_access_({now(), caller_, caller_pc_, call.address, call.size, call.write, call.value,
                    call.answer});
    }
    if (call.answer != Access::ok) {
        report_error(place_of(call.address), call.answer == Access::refused
                                                 ? regs.refusal()
                                                 : std::string(describe(call.answer)));
    }
}

void Peripheral::begin(Picoseconds at, OwnerId caller, std::uint32_t pc) {
    accessed_ = true;
    at_ = at;
    caller_ = caller;
    caller_pc_ = pc;
}

/// Processes of the device run at kernel time and speak for nobody.
void Peripheral::end() {
    accessed_ = false;
    caller_ = 0;
    caller_pc_ = 0;
    payload_ = nullptr;
}

void Peripheral::charge(std::size_t n, std::uint64_t count) {
    if (payload_ != nullptr) {
        TransactionTag::charge(*payload_, meter, own_event(n), count);
    } else {
        meter.add(caller_, own_event(n), count);
    }
}

/// Whether the domain does not answer: a mistake of the firmware, and no energy of the block.
bool Peripheral::asleep(std::uint64_t offset) {
    if (env.power == nullptr || env.power->answers(at_)) {
        return false;
    }
    report_error(place_of(static_cast<std::uint32_t>(offset)), env.power->complaint());
    return true;
}

void Peripheral::access(RegisterCall& call) {
    begin(call.at, call.owner, call.pc);
    if (asleep(call.address)) {
        call.answer = Access::refused;
        call.quiet = false;
    } else {
        meter.add(call.owner, access_event, 1);
        serve(call);
    }
    call.at += access_cycles_ * env.clock.period();
    end();
}

void Peripheral::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const TransactionTag* tag = payload.get_extension<TransactionTag>();
    begin(kernel_now() + delay.value(), tag != nullptr ? tag->owner : 0,
          tag != nullptr ? tag->pc : 0);
    payload_ = &payload;
    if (asleep(payload.get_address())) {
        payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
        delay += sc_core::sc_time::from_value(access_cycles_ * env.clock.period());
    } else if (payload.get_address() >= regs.block().size) {
        window_transport(payload, delay);
    } else {
        TransactionTag::charge(payload, meter, access_event, 1);
        register_access(payload);
        delay += sc_core::sc_time::from_value(access_cycles_ * env.clock.period());
    }
    end();
}

/// No memory; the registers by calls.
bool Peripheral::get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) {
    auto* tag = payload.get_extension<DmiTag>();
    if (tag != nullptr && payload.get_address() < regs.block().size) {
        tag->registers = this;
        dmi.set_start_address(0);
        dmi.set_end_address(regs.block().size - 1);
    }
    return false;
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
