// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

#include "models/common/clock.hpp"
#include "models/common/diagnostics.hpp"
#include "models/common/master_port.hpp"
#include "models/common/phased_target.hpp"
#include "models/common/process.hpp"
#include "models/common/register_bank.hpp"
#include "models/common/register_port.hpp"
#include "models/common/reset.hpp"
#include "models/power/domain.hpp"
#include "models/power/ledger.hpp"
#include "models/power/transaction.hpp"

namespace cimera {

/// What every model is built into: who counts, who is told, in which power domain and on which
/// clock it lives, how transactions are timed.
struct Environment {
    Ledger& ledger;
    Diagnostics& diagnostics;
    DomainId domain;
    const Clock& clock;
    TimingStyle timing = TimingStyle::loose;
    PowerDomain* power = nullptr;  ///< null: the domain is always on
};

/// Kernel time as integer picoseconds.
[[nodiscard]] inline Picoseconds kernel_now() {
    return sc_core::sc_time_stamp().value();
}

/// A register access that a block has answered.
struct RegisterAccess {
    Picoseconds at;
    OwnerId owner;     ///< who made it
    std::uint32_t pc;  ///< the instruction that made it; 0: none
    std::uint32_t offset;
    unsigned size;
    bool write;
    std::uint32_t value;
    Access answer;
};

/// Base of register blocks: target socket, register bank, access energy, error reporting.
/// Loosely timed: adds its latency to the delay and never waits. Grants calls to its registers.
class Peripheral : public sc_core::sc_module, public Resettable, private RegisterPort {
public:
    tlm_utils::simple_target_socket<Peripheral> bus;

    /// Resets the registers and then the device (`reset_device`).
    void reset(ResetKind kind) final;
    [[nodiscard]] const RegisterBank& registers() const { return regs; }
    /// Calls `listener` after each register access; not for windows beside the registers.
    void on_access(std::function<void(const RegisterAccess&)> listener) {
        on_access_ = std::move(listener);
    }

protected:
    /// `events` are the device's own kinds of event; every block also counts its accesses.
    /// `access_cycles` of the block's clock pass per access.
    Peripheral(const sc_core::sc_module_name& name, const BlockInfo& block, const Environment& env,
               std::vector<EventKind> events = {}, std::vector<LeakageTerm> leakage = {},
               unsigned access_cycles = 1);

    virtual void reset_device(ResetKind kind) = 0;
    /// Windows beside the registers (buffers, arrays): offsets from the block's size on.
    virtual void window_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    virtual unsigned window_debug(tlm::tlm_generic_payload& payload);

    /// Time as the caller of the current access sees it: kernel time plus its offset.
    [[nodiscard]] Picoseconds now() const { return accessed_ ? at_ : kernel_now(); }
    /// Who pays for the current access.
    [[nodiscard]] OwnerId caller() const { return caller_; }
    /// The instruction that makes the current access; 0 outside of one.
    [[nodiscard]] std::uint32_t caller_pc() const { return caller_pc_; }
    /// Tells about a mistake of the firmware, at `now()`; `pc` is the instruction that caused it.
    void report_error(std::string place, std::string reason, std::uint32_t pc);
    void report_error(std::string place, std::string reason) {
        report_error(std::move(place), std::move(reason), caller_pc_);
    }

    /// Counts the device's own event `n` for whoever makes the current access.
    void charge(std::size_t n, std::uint64_t count);

    RegisterBank regs;
    const Environment env;
    Meter meter;
    /// Index in `meter` of the device's own event `n`.
    [[nodiscard]] static constexpr std::size_t own_event(std::size_t n) { return n + 1; }

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) {
        return phased_.forward(payload, phase, delay);
    }
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);
    void access(RegisterCall& call) override;
    void register_access(tlm::tlm_generic_payload& payload);
    void serve(RegisterCall& call);
    [[nodiscard]] bool asleep(std::uint64_t offset);
    void begin(Picoseconds at, OwnerId caller, std::uint32_t pc);
    void end();
    [[nodiscard]] std::string place_of(std::uint32_t offset) const;

    unsigned access_cycles_;
    PhasedTarget phased_;
    std::function<void(const RegisterAccess&)> on_access_;
    bool accessed_ = false;  // an access is going on, at `at_`
    Picoseconds at_ = 0;
    OwnerId caller_ = 0;
    std::uint32_t caller_pc_ = 0;
    tlm::tlm_generic_payload* payload_ = nullptr;  // of the access, if it is a transaction
};

}  // namespace cimera
