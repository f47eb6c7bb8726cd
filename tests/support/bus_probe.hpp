// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"
#include "models/power/transaction.hpp"

namespace cimera::test {

/// One attojoule for every event, one attowatt for every unit of leakage.
class UnitPrices final : public PriceList {
public:
    [[nodiscard]] double energy(const std::string& /*entry*/) const override { return 1; }
    [[nodiscard]] double leakage(const std::string& /*entry*/) const override { return 1; }
};

/// Keeps what models say about the firmware.
class Complaints final : public Diagnostics {
public:
    void firmware_error(const FirmwareError& error) override { errors.push_back(error); }
    std::vector<FirmwareError> errors;
};

/// What every device of a test is built into: a ledger, a clock of 10 ns, who is told of mistakes.
struct Bench {
    UnitPrices prices;
    Ledger ledger{prices};
    Complaints complaints;
    Clock clock{10'000};
    Environment env{ledger, complaints, ledger.add_domain("all"), clock};

    /// Events of one kind counted by a component.
    [[nodiscard]] std::uint64_t count(const std::string& component,
                                      const std::string& event) const {
        for (const Meter* meter : ledger.components()) {
            for (std::size_t e = 0; e < meter->events().size(); ++e) {
                if (meter->component() == component && meter->events()[e].name == event) {
                    return meter->total(e);
                }
            }
        }
        return 0;
    }
};

/// An interrupt input that remembers.
struct IrqSpy final : IrqIf {
    void set(bool now, Picoseconds at) override {
        level = now;
        changes.emplace_back(now, at);
    }
    bool level = false;
    std::vector<std::pair<bool, Picoseconds>> changes;
};

/// A bus master that does nothing: the kernel wants every socket bound.
struct Plug : sc_core::sc_module {
    tlm_utils::simple_initiator_socket<Plug> bus{"bus"};
    template <class Target>
    Plug(const sc_core::sc_module_name& name, Target& target) : sc_module(name) {
        bus.bind(target);
    }
};

/// Calls a target's transport functions directly; time is data. `target`: what a target socket's
/// `get_base_interface` returns, or a bound initiator socket's `->`.
class BusProbe {
public:
    explicit BusProbe(tlm::tlm_fw_transport_if<>& target) : target_(target) {}

    tlm::tlm_response_status write(std::uint64_t address, std::uint32_t value, unsigned size = 4) {
        return transport(tlm::TLM_WRITE_COMMAND, address, reinterpret_cast<std::uint8_t*>(&value),
                         size);
    }
    /// The value read; `response` tells whether it is one.
    std::uint32_t read(std::uint64_t address, unsigned size = 4) {
        std::uint32_t value = 0;
        transport(tlm::TLM_READ_COMMAND, address, reinterpret_cast<std::uint8_t*>(&value), size);
        return value;
    }
    tlm::tlm_response_status transport(tlm::tlm_command command, std::uint64_t address,
                                       std::uint8_t* bytes, unsigned size) {
        tlm::tlm_generic_payload& transaction = payload.prepare(command, address, bytes, size);
        target_.b_transport(transaction, delay);
        response = transaction.get_response_status();
        dmi_hint = transaction.is_dmi_allowed();
        return response;
    }
    /// Without side effects.
    std::uint32_t peek(std::uint64_t address, unsigned size = 4) {
        std::uint32_t value = 0;
        tlm::tlm_generic_payload debug;
        debug.set_read();
        debug.set_address(address);
        debug.set_data_ptr(reinterpret_cast<std::uint8_t*>(&value));
        debug.set_data_length(size);
        return target_.transport_dbg(debug) == size ? value : ~0U;
    }

    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    tlm::tlm_response_status response = tlm::TLM_INCOMPLETE_RESPONSE;
    bool dmi_hint = false;
    TaggedPayload payload;

private:
    tlm::tlm_fw_transport_if<>& target_;
};

}  // namespace cimera::test
