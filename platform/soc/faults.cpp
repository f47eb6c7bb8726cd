// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/faults.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace cimera {

namespace {

constexpr unsigned x_ra = 1;
constexpr unsigned x_sp = 2;
// A handler that probes or emulates returns in between; so many without are no progress.
constexpr std::uint32_t most_repeats = 100'000;

const char* access_text(cpu::Access access) {
    switch (access) {
        case cpu::Access::fetch:
        case cpu::Access::fetch_ahead:
            return "fetch from";
        case cpu::Access::load:
        case cpu::Access::load_part:
            return "load from";
        case cpu::Access::store:
        case cpu::Access::store_part:
            return "store to";
        case cpu::Access::amo:
            return "atomic access to";
    }
    return "";
}

const char* cause_text(std::uint32_t cause) {
    switch (cause) {
        case cpu::cause::fetch_misaligned:
            return "misaligned instruction address";
        case cpu::cause::fetch_fault:
            return "instruction access fault";
        case cpu::cause::illegal:
            return "illegal instruction";
        case cpu::cause::load_misaligned:
            return "misaligned load";
        case cpu::cause::load_fault:
            return "load access fault";
        case cpu::cause::store_misaligned:
            return "misaligned store or atomic";
        case cpu::cause::store_fault:
            return "store access fault";
        default:
            return "exception";
    }
}

}  // namespace

Faults::Faults(const Image& image, const Symbols& symbols, FirmwareLog& log) : log_(log) {
    for (const Segment& segment : image.segments()) {
        const Range range{segment.address, segment.address + (segment.memory_bytes - 1)};
        if (segment.executable) {
            code_.push_back(range);
            code_end_ = std::max(code_end_, range.last);
        }
    }
    const auto guard = symbols.address_of("__stack_guard");
    const auto top = symbols.address_of("__stack_top");
    if (guard && top && *guard < *top) {
        stack_ = {*guard, *top - 1};
    }
}

// Privileged spec, table of mcause: 3 is a breakpoint, 8 to 11 are environment calls.
bool Faults::is_fault(std::uint32_t cause) {
    return cause <= cpu::cause::store_fault && cause != cpu::cause::breakpoint;
}

bool Faults::is_code(std::uint32_t address) const {
    return std::any_of(code_.begin(), code_.end(), [address](const Range& range) {
        return address >= range.first && address <= range.last;
    });
}

/// Tasks in lower modes have stacks of their own.
bool Faults::below_stack(const cpu::Hart& hart) const {
    const std::uint32_t sp = hart.x(x_sp);  // 0: not set yet
    return stack_ && sp != 0 && sp < stack_->first && hart.privilege() == cpu::Privilege::machine;
}

std::string Faults::stack_note(const cpu::Hart& hart) const {
    const std::uint32_t sp = hart.x(x_sp);
    if (!below_stack(hart)) {
        return "";
    }
    return fmt::format(
        "\n  the stack [0x{:08x}, 0x{:08x}) has overflowed: sp 0x{:08x} lies 0x{:x} "
        "bytes below it",
        stack_->first, stack_->last + 1, sp, stack_->first - sp);
}

std::string Faults::jump_note(const cpu::Trap& trap, const cpu::Hart& hart) const {
    const std::string origin = trap.from != 0 ? "\n  from " + log_.place(trap.from)
                                              : "\n  ra   " + log_.place(hart.x(x_ra));
    return origin + (trap.pc == 0 ? "\n  a jump to address 0: through a null pointer?" : "");
}

void Faults::log(const cpu::Trap& trap, const cpu::Hart& hart, Picoseconds at, bool stops) {
    const bool fetch = trap.cause == cpu::cause::fetch_fault;
    const bool access = trap.size != 0 && (fetch || trap.cause == cpu::cause::load_fault ||
                                           trap.cause == cpu::cause::store_fault);
    if (trap.denied) {
        log_.protection_fault(at, trap.pc, access_text(trap.access), trap.address, trap.size);
        return;
    }
    if (access) {
        log_.access_fault(at, trap.pc, access_text(trap.access), trap.address, trap.size,
                          (fetch ? jump_note(trap, hart) : "") + stack_note(hart));
        return;
    }
    // Programs may try what a core has. Outside of their code they have got by mistake.
    const bool lost = trap.cause == cpu::cause::illegal && !is_code(trap.pc);
    if (lost || stops || below_stack(hart)) {
        log_.warn(fmt::format("trap {} {}", trap.cause, trap.pc),
                  fmt::format("firmware fault: {} (mtval 0x{:08x}){}\n  at   {}, {}{}{}",
                              cause_text(trap.cause), trap.tval,
                              lost ? ", not in the program's code" : "", log_.place(trap.pc),
                              human_time(at), lost ? jump_note(trap, hart) : "", stack_note(hart)));
    }
}

/// Whether nothing has happened for long but this fault again and again.
bool Faults::repeats(const cpu::Trap& trap, const cpu::Hart& hart) {
    const bool again =
        trap.pc == last_pc_ && trap.cause == last_cause_ && hart.trap_returns() == last_returns_;
    last_pc_ = trap.pc;
    last_cause_ = trap.cause;
    last_returns_ = hart.trap_returns();
    repeats_ = again ? repeats_ + 1 : 0;
    return repeats_ >= most_repeats;
}

std::optional<std::string> Faults::trapped(const cpu::Trap& trap, const cpu::Hart& hart,
                                           Picoseconds at, bool stops) {
    if (!is_fault(trap.cause)) {
        return std::nullopt;
    }
    log(trap, hart, at, stops);
    if (below_stack(hart) && hart.x(x_sp) <= code_end_) {
        return fmt::format("died: the stack has overflowed and overwritten the program, at {}",
                           log_.place(trap.pc));
    }
    if (repeats(trap, hart)) {
        return fmt::format("died: the trap handler faults itself ({}) without end, at {}",
                           cause_text(trap.cause), log_.place(trap.pc));
    }
    if (stops) {
        return fmt::format("stopped at a fault, at {}", log_.place(trap.pc));
    }
    return std::nullopt;
}

}  // namespace cimera
