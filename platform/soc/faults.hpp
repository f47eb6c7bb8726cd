// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/cpu/hart.hpp"
#include "platform/elf/image.hpp"
#include "platform/elf/symbols.hpp"
#include "platform/soc/firmware_log.hpp"

namespace cimera {

/// Explains the exceptions of a program: which access, where it was made, how the program came
/// there, and whether it can still get on.
class Faults {
public:
    Faults(const Image& image, const Symbols& symbols, FirmwareLog& log);

    /// To be called for each exception. Logs it if it is a fault that the program cannot have
    /// meant, or any fault if `stops`. A text: the program is lost, and why.
    [[nodiscard]] std::optional<std::string> trapped(const cpu::Trap& trap, const cpu::Hart& hart,
                                                     Picoseconds at, bool stops);
    /// Whether the cause is a fault, not a breakpoint or an environment call.
    [[nodiscard]] static bool is_fault(std::uint32_t cause);

private:
    struct Range {
        std::uint32_t first;
        std::uint32_t last;
    };
    void log(const cpu::Trap& trap, const cpu::Hart& hart, Picoseconds at, bool stops);
    [[nodiscard]] bool repeats(const cpu::Trap& trap, const cpu::Hart& hart);
    [[nodiscard]] bool is_code(std::uint32_t address) const;
    [[nodiscard]] bool below_stack(const cpu::Hart& hart) const;
    [[nodiscard]] std::string stack_note(const cpu::Hart& hart) const;
    [[nodiscard]] std::string jump_note(const cpu::Trap& trap, const cpu::Hart& hart) const;

    FirmwareLog& log_;
    std::vector<Range> code_;
    std::uint32_t code_end_ = 0;  ///< last address of them
    std::optional<Range> stack_;  ///< if the program has the symbols of it
    std::uint32_t last_pc_ = 0;
    std::uint32_t last_cause_ = 0;
    std::uint64_t last_returns_ = 0;
    std::uint32_t repeats_ = 0;
};

}  // namespace cimera
