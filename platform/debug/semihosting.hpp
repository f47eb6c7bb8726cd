// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <sys/types.h>

#include "models/cpu/cpu.hpp"
#include "platform/debug/confined_folder.hpp"

namespace cimera::debug {

/// What the firmware's console calls write to and read from.
struct SemihostingConsole {
    std::function<void(std::uint8_t)> put;
    std::function<std::optional<std::uint8_t>()> get;  ///< waits; nothing: no more will come
    std::function<bool()> ready;                       ///< whether get() need not wait
};

/// What semihosting gives the firmware.
struct SemihostingOptions {
    std::string command_line;
    SemihostingConsole console;
    std::optional<std::filesystem::path> folder;    ///< nothing: no files
    std::array<std::uint32_t, 4> heap_and_stack{};  ///< heap begin and end, stack begin and limit
};

/// The calls of "Semihosting for AArch32 and AArch64", which RISC-V takes over: operation in x10,
/// argument in x11, answer into x10. Clocks tell simulated time.
class Semihosting {
public:
    Semihosting(cpu::Cpu& cpu, SemihostingOptions options);
    ~Semihosting();
    Semihosting(const Semihosting&) = delete;
    Semihosting& operator=(const Semihosting&) = delete;

    /// Serves the call at which the core stands. The firmware's code if it ends the run.
    [[nodiscard]] std::optional<std::uint32_t> serve();

private:
    static constexpr int console_file = -2;

    [[nodiscard]] std::uint32_t answer(std::uint32_t operation, std::uint32_t argument);
    [[nodiscard]] std::uint32_t open(std::uint32_t block);
    [[nodiscard]] std::uint32_t close(std::uint32_t block);
    [[nodiscard]] std::uint32_t write(std::uint32_t block);
    [[nodiscard]] std::uint32_t read(std::uint32_t block);
    /// Moves bytes between memory at an address and a file; how many, or -1 and errno.
    using Step = std::function<ssize_t(int file, std::uint32_t at, std::span<std::uint8_t>)>;
    [[nodiscard]] std::uint32_t transfer(std::uint32_t block, const Step& step);
    [[nodiscard]] std::uint32_t seek(std::uint32_t block);
    [[nodiscard]] std::uint32_t length(std::uint32_t block);
    [[nodiscard]] std::uint32_t is_console(std::uint32_t block);
    [[nodiscard]] std::uint32_t remove(std::uint32_t block);
    [[nodiscard]] std::uint32_t rename(std::uint32_t block);
    [[nodiscard]] std::uint32_t temporary_name(std::uint32_t block);
    [[nodiscard]] std::uint32_t command_line(std::uint32_t block);
    [[nodiscard]] std::uint32_t heap_info(std::uint32_t block);
    [[nodiscard]] std::uint32_t elapsed(std::uint32_t block);
    void write_text(std::uint32_t address);
    /// Waits for the first byte, takes what more there is.
    [[nodiscard]] ssize_t read_console(std::span<std::uint8_t> bytes);

    [[nodiscard]] std::uint32_t fail(int reason);
    /// Word `index` of the argument block; 0 where there is no memory.
    [[nodiscard]] std::uint32_t word(std::uint32_t block, std::uint32_t index);
    [[nodiscard]] bool put_word(std::uint32_t address, std::uint32_t value);
    [[nodiscard]] std::string text(std::uint32_t address, std::uint32_t length);
    [[nodiscard]] std::optional<int> file(std::uint32_t handle) const;

    cpu::Cpu& cpu_;
    SemihostingOptions options_;
    std::optional<ConfinedFolder> folder_;
    std::map<std::uint32_t, int> files_;  // descriptors by the firmware's handle
    std::uint32_t next_handle_ = 1;
    int error_ = 0;
    std::optional<std::uint32_t> exit_;
};

}  // namespace cimera::debug
