// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <utility>

#include "models/cpu/hart.hpp"

namespace cimera::cpu {

void Hart::insert_breakpoint(std::uint32_t pc) {
    debug_.breakpoints.insert(pc);
    invalidate_code(pc, pc);
}

bool Hart::remove_breakpoint(std::uint32_t pc) {
    if (debug_.breakpoints.erase(pc) == 0) {
        return false;
    }
    invalidate_code(pc, pc);
    return true;
}

void Hart::insert_watch(const Watch& watch) {
    debug_.watches.push_back(watch);
}

bool Hart::remove_watch(const Watch& watch) {
    const auto found = std::find(debug_.watches.begin(), debug_.watches.end(), watch);
    if (found == debug_.watches.end()) {
        return false;
    }
    debug_.watches.erase(found);
    return true;
}

std::optional<Watch> Hart::take_watch_hit() {
    return std::exchange(debug_.hit, std::nullopt);
}

Exit Hart::run_step(std::uint64_t horizon, std::uint64_t max_instret) {
    const std::uint64_t before = instret_;
    const std::uint32_t pc = pc_;
    debug_.stepping = true;
    Exit exit = run(horizon, std::min(max_instret, before + 1));
    debug_.stepping = false;
    if (debug_.cuts(pc)) {
        invalidate_code(pc, pc);  // its block has a region now
    }
    const bool ran_on = exit == Exit::horizon || exit == Exit::leave ||
                        (exit == Exit::instruction_limit && before < max_instret);
    if (ran_on && instret_ != before) {
        exit = Exit::debug;
    }
    return exit;
}

/// Whether the next instruction is about to make a watched access.
bool Hart::stands_before(const Instruction& next) {
    const bool atomic = next.energy == Energy::atomic;
    const bool read = next.energy == Energy::load || atomic;
    const bool write = next.energy == Energy::store || (atomic && next.format != Format::lr);
    if (!read && !write) {
        return false;
    }
    // ISA manual, loads and stores: the low bits of funct3 are the logarithm of the size.
    const unsigned size = 1U << (next.funct3 & 3U);
    const std::uint32_t address = x_[next.rs1] + (atomic ? 0 : next.imm);
    return debug_.note(address, address + (size - 1), read, write);
}

/// RISC-V semihosting, 1.1: the call is ebreak between two shifts of x0, all uncompressed and in
/// one page.
bool Hart::is_semihosting_call(const Instruction& ebreak) {
    constexpr std::uint32_t before = 0x01f0'1013;  // slli x0, x0, 0x1f
    constexpr std::uint32_t after = 0x4070'5013;   // srai x0, x0, 7
    const std::uint32_t offset = ebreak.pc % BlockCache::page_bytes;
    if (!config_.semihosting || ebreak.length != 4 || offset < 4 ||
        offset + 8 > BlockCache::page_bytes) {
        return false;
    }
    std::uint32_t word = 0;
    return bus_.peek(ebreak.pc - 4, &word, sizeof word) && word == before &&
           bus_.peek(ebreak.pc + 4, &word, sizeof word) && word == after;
}

}  // namespace cimera::cpu
