// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include "models/common/peripheral.hpp"
#include "models/memory/csram_core.hpp"
#include "models/memory/memory.hpp"

namespace cimera {

/// A memory of 512-bit rows that compute. While a command runs, accesses wait for it.
class Csram final : public Memory {
public:
    /// `size` bytes: whole rows.
    Csram(const sc_core::sc_module_name& name, std::uint64_t size, const Environment& env);

    [[nodiscard]] std::uint64_t rows() const { return config().size / csram_row_bytes; }
    [[nodiscard]] bool busy(Picoseconds at) const { return at < done_; }
    /// Runs a command from the clock edge at or after `at`, at the expense of `owner`.
    [[nodiscard]] CsramError execute(const CsramCommand& command, Picoseconds at, OwnerId owner);
    void reset(ResetKind kind) override;

private:
    [[nodiscard]] bool grants_direct() const override { return false; }
    [[nodiscard]] Picoseconds serve(tlm::tlm_generic_payload& payload, Picoseconds at) override;

    Picoseconds done_ = 0;  // end of the last command
};

/// The registers that command a computing memory.
class CsramController final : public Peripheral {
public:
    /// `base` is the memory's, as firmware sees it.
    CsramController(const sc_core::sc_module_name& name, const Environment& env, Csram& memory,
                    std::uint32_t base);

private:
    void reset_device(ResetKind kind) override;
    void start(std::uint32_t command);
    [[nodiscard]] CsramCommand command_of(std::uint32_t command) const;

    Csram& memory_;
    CsramError error_ = CsramError::none;
};

}  // namespace cimera
