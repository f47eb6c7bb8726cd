// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

// Physical memory protection: random entries, then accesses at their edges from every mode.

#include <array>

#include "models/cpu/csr.hpp"
#include "tests/differential/lockstep/privileged.hpp"

namespace cimera::lockstep {

namespace {

constexpr Word off = 0;
constexpr Word tor = 1;
constexpr Word na4 = 2;
constexpr Word lock_bit = 1U << 7;
constexpr std::size_t most_edges = 16;

/// The address register of a naturally aligned range; `bytes` is a power of two from 8 on.
constexpr Word napot(Word address, Word bytes) {
    return (address & ~(bytes - 1)) >> 2 | (bytes / 8 - 1);
}

}  // namespace

/// A value for pmpaddr. Narrow: inside the guarded memory.
Word Privileged::protected_address(Word mode, bool narrow) {
    const Word address = narrow ? guarded_data + below((guarded_end - guarded_data) / 4) * 4
                                : scratch_base + below(scratch_bytes / 4) * 4;
    if (mode <= na4) {
        return address >> 2;
    }
    return napot(address, 8U << below(narrow ? 7 : 11));
}

void Privileged::record_edges(Word mode, Word below, Word address) {
    if (mode == off) {
        return;
    }
    Word first = address << 2;
    Word end = first + 4;
    if (mode == tor) {
        end = first;
        first = below << 2;
    } else if (mode > na4) {
        const Word ones = address ^ (address + 1);
        first = (address & ~ones) << 2;
        end = first + (ones + 1) * 4;
    }
    edges_.push_back(first);
    edges_.push_back(end);
    if (edges_.size() > most_edges) {
        edges_.erase(edges_.begin(), edges_.begin() + 2);
    }
}

/// The four entries of a pmpcfg register, but for those that stay. Locked entries and what they
/// begin from are in guarded memory only, so that the program can go on. QEMU lets a new address
/// count when a configuration is written: all of them are, and then the next register, whose first
/// entry may begin at our last.
void Privileged::protect() {
    begin();
    enter_machine_mode();
    const Word group = below(4);
    const bool narrow = chance(60);
    Word config = group == 0 ? fixed_entries : 0;
    Word below_address = guarded_data >> 2;
    for (Word n = group == 0 ? 3 : 0; n < 4; ++n) {
        if (group == 3 && n == 3) {
            config |= (chance(70) ? allow_all : 0x18 | pick(std::array<Word, 6>{0, 1, 3, 4, 5, 7}))
                      << 24;
            break;
        }
        const Word mode = below(4);
        const Word permissions = pick(std::array<Word, 6>{0, 1, 3, 4, 5, 7});
        const bool first = n == 0 || group == 0;
        const bool lock = narrow && chance(4) && !(mode == tor && first);
        const Word address = protected_address(mode, narrow);
        set_csr(cpu::csr::pmpaddr0 + 4 * group + n, address);
        record_edges(mode, below_address, address);
        below_address = address;
        config |= (mode << 3 | permissions | (lock ? lock_bit : 0)) << 8 * n;
    }
    load_immediate(temporary, config);
    word(op::csr("csrrw", destination(), cpu::csr::pmpcfg0 + group, temporary));
    if (group < 3) {
        word(op::csr("csrrs", temporary, cpu::csr::pmpcfg0 + group + 1, 0));
        word(op::csr("csrrw", 0, cpu::csr::pmpcfg0 + group + 1, temporary));
    }
}

/// Not where an access may cross a page: QEMU rounds its faulting address.
Word Privileged::edge() {
    const Word address = edges_.empty() ? 0 : pick(edges_);
    const Word in_page = address % 0x1000;
    const bool usable = address >= scratch_base && address < scratch_base + scratch_bytes &&
                        in_page >= 16 && in_page < 0x1000 - 16;
    return usable ? address : guarded_data + 16 + below(0x100) * 4;
}

void Privileged::probe() {
    begin();
    enter_machine_mode();
    const Word mode = below(4);
    if (mode == 0) {
        // One access: a trap changes MPP, and QEMU would keep the rights it has looked up.
        constexpr std::array<Word, 3> modes{0, supervisor_mode, machine_mode};
        set_csr(cpu::csr::mstatus, machine_mode, "csrrc");
        set_csr(cpu::csr::mstatus, cpu::mstatus::mprv | pick(modes), "csrrs");
        probe_access();
        set_csr(cpu::csr::mstatus, cpu::mstatus::mprv, "csrrc");
        return;
    }
    if (mode > 1) {
        leave_machine_mode(mode == 2 ? supervisor_mode : 0);
    }
    for (Word n = 1 + below(3); n > 0; --n) {
        chance(70) ? probe_access() : probe_fetch();
    }
}

/// Only data may be stored to.
void Privileged::probe_access() {
    constexpr std::array<const char*, 6> loads{"lb", "lbu", "lh", "lhu", "lw", "flw"};
    constexpr std::array<const char*, 4> stores{"sb", "sh", "sw", "fsw"};
    const Word address = edge() + below(12) - 8;
    const bool is_data = address >= guarded_data && address + 4 <= guarded_code;
    load_immediate(temporary, address);
    if (is_data && chance(50)) {
        word(op::s(pick(stores), below(24), temporary, 0));
    } else {
        word(op::i(pick(loads), destination(), temporary, 0));
    }
}

/// At words only: QEMU checks four bytes from the beginning of an instruction.
void Privileged::probe_fetch() {
    const Word guarded = guarded_code + (edge() + below(3) * 4 - 4) % (guarded_end - guarded_code);
    word(op::u("auipc", resume, 0));
    word(op::i("addi", resume, resume, 20));
    load_immediate(temporary, guarded & ~3U);
    word(op::i("jalr", destination(), temporary, 0));
}

}  // namespace cimera::lockstep
