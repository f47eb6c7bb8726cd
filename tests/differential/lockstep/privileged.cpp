// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/privileged.hpp"

#include <algorithm>
#include <array>

#include "models/cpu/csr.hpp"

namespace cimera::lockstep {

namespace {

namespace csr_of = cpu::csr;

constexpr Word machine_timer = 1U << 7;
constexpr Word previous_supervisor = 1U << 8;  // mstatus.SPP
// VS, MPRV, SUM: see docs/lockstep.md. TSR: see trap_returns().
constexpr Word status_bits = ~(3U << 9 | 1U << 17 | 1U << 18 | 1U << 22);
constexpr Word supervisor_interrupt_bits = 0x222;
// Of those that are pending at the same time QEMU takes the lowest number first. So the external
// interrupt of S mode is never pending, and its others are not enabled together with the timer's.
constexpr Word pending_bits = 0x022;
constexpr std::array<Word, 2> enabled_together{0xa2a, 0xa88};
// Without illegal instructions (see delegate()) and calls from S mode (see the handlers).
constexpr Word delegable = 0xb1fb;
constexpr Word illegal_instruction = 1U << 2;

/// A CSR whose value is compared, and the bits that may be written to it.
struct Written {
    Word number;
    Word bits;
};
constexpr std::array written{Written{csr_of::fflags, ~0U},
                             Written{csr_of::frm, ~0U},
                             Written{csr_of::fcsr, ~0U},
                             Written{csr_of::sstatus, status_bits},
                             Written{csr_of::sie, ~0U},
                             Written{csr_of::scounteren, ~0U},
                             Written{csr_of::senvcfg, 1},
                             Written{csr_of::sscratch, ~0U},
                             Written{csr_of::sepc, ~1U},
                             Written{csr_of::scause, ~0U},
                             Written{csr_of::stval, ~0U},
                             Written{csr_of::sip, ~0U},
                             Written{csr_of::satp, ~0U},
                             Written{csr_of::mstatus, status_bits},
                             Written{csr_of::misa, ~0U},
                             Written{csr_of::medeleg, delegable},
                             Written{csr_of::mideleg, supervisor_interrupt_bits},
                             Written{csr_of::mie, enabled_together[0]},
                             Written{csr_of::mcounteren, ~0U},
                             Written{csr_of::menvcfg, 1},
                             Written{csr_of::mstatush, 0},
                             Written{csr_of::menvcfgh, 0},
                             Written{csr_of::mscratch, ~0U},
                             Written{csr_of::mepc, ~1U},
                             Written{csr_of::mcause, ~0U},
                             Written{csr_of::mtval, ~0U},
                             Written{csr_of::mip, pending_bits},
                             Written{csr_of::mcountinhibit, 0xfffd}};

constexpr unsigned last_counter = 18;  // that QEMU has
constexpr std::array counter_ranges{csr_of::mcycle, csr_of::mcycleh, csr_of::cycle, csr_of::cycleh};

/// Accessed, but their values are the board's or the time's.
bool is_private(Word number) {
    if (number >= csr_of::mvendorid && number <= csr_of::mconfigptr) {
        return true;
    }
    return std::any_of(counter_ranges.begin(), counter_ranges.end(), [number](Word first) {
        return number >= first && number <= first + last_counter;
    });
}

bool is_only_read(Word number) {
    return (number >= csr_of::pmpcfg0 && number <= csr_of::pmpcfg3) ||
           (number >= csr_of::pmpaddr0 && number <= csr_of::pmpaddr15) || number == csr_of::mtvec ||
           number == csr_of::stvec;
}

const Written* find_written(Word number) {
    const auto* const found =
        std::find_if(written.begin(), written.end(),
                     [number](const Written& csr) { return csr.number == number; });
    return found == written.end() ? nullptr : &*found;
}

std::vector<Word> accessed_csrs() {
    std::vector<Word> numbers;
    for (Word number = 0; number < 4096; ++number) {
        if (csr_is_accessed(number)) {
            numbers.push_back(number);
        }
    }
    return numbers;
}

}  // namespace

bool csr_is_accessed(Word number) {
    return !csr_of::name(number).empty() &&
           (find_written(number) != nullptr || is_private(number) || is_only_read(number));
}

/// Each once before any comes again.
Word Privileged::any_csr() {
    if (csrs_.empty()) {
        csrs_ = accessed_csrs();
        std::shuffle(csrs_.begin(), csrs_.end(), engine());
    }
    const Word number = csrs_.back();
    csrs_.pop_back();
    return number;
}

void Privileged::csr(const cpu::InstructionInfo& row) {
    begin();
    const Word number = chance(60) ? pick(written).number : any_csr();
    const Written* const compared = find_written(number);
    if (number == csr_of::satp || chance(30)) {
        enter_machine_mode();  // without paging QEMU ignores mstatus.TVM
    }
    if (number == csr_of::mie || number == csr_of::mideleg) {
        word(op::csr("csrrw", 0, csr_of::mie, 0));
    }
    if (is_only_read(number)) {
        word(op::csr("csrrs", destination(), number, 0));
        return;
    }
    Word bits = random_bits(row);
    if (compared != nullptr && has_operand(row, 's')) {
        Word operand = value() & compared->bits;
        if (number == csr_of::mstatus || number == csr_of::sstatus) {
            operand = chance(50) ? operand | fs_dirty : operand & ~fs_dirty;  // see float_state()
        }
        if (number == csr_of::mstatus) {  // QEMU keeps the reserved value 2 of MPP
            operand = chance(50) ? operand | machine_mode : operand & ~machine_mode;
        }
        load_immediate(temporary, operand);
        bits = (bits & ~(31U << 15)) | temporary << 15;
    } else if (compared != nullptr) {
        bits &= ~((~compared->bits & 31U) << 15);
    } else if (has_operand(row, 's') && number >> 10 == 3) {
        // QEMU takes csrrs and csrrc of a register that holds 0 for reads, which the specification
        // says of x0 only.
        bits = (bits & ~(31U << 15)) | (chance(50) ? base : 0) << 15;
    }
    const Word rd = compared != nullptr ? 31U : 0U;
    word((bits & 0x000fffffU & ~((~rd & 31U) << 7)) | number << 20);
    flags();
}

void Privileged::system(const cpu::InstructionInfo& row) {
    begin();
    if (row.timing == cpu::Timing::wait) {
        enter_machine_mode();
        // With the timer's interrupt pending and enabled, but not taken.
        word(op::csr("csrrci", 0, csr_of::mstatus, 8));
        set_csr(csr_of::mie, machine_timer, "csrrs");
        word(row.match);
        word(op::csr("csrrw", 0, csr_of::mie, 0));
    } else if (row.mnemonic == "sret") {
        enter_machine_mode();
        set_csr(csr_of::mstatus, previous_supervisor, chance(50) ? "csrrc" : "csrrs");
        word(op::u("auipc", temporary, 0));
        word(op::i("addi", temporary, temporary, 16));
        word(op::csr("csrrw", 0, csr_of::sepc, temporary));
        word(row.match);
    } else if (row.timing == cpu::Timing::mret) {
        constexpr std::array<Word, 3> modes{0, supervisor_mode, machine_mode};
        enter_machine_mode();
        leave_machine_mode(pick(modes));
    } else {
        word(row.match | (static_cast<Word>(random()) & ~row.mask));
    }
}

void Privileged::privileged_unit() {
    using Make = void (Privileged::*)();
    constexpr std::array<Make, 14> units{
        &Privileged::trap_vector,  &Privileged::interrupt_enable,
        &Privileged::delegate,     &Privileged::delegate,
        &Privileged::trap_returns, &Privileged::supervisor_interrupts,
        &Privileged::float_state,  &Privileged::wait_in_supervisor_mode,
        &Privileged::protect,      &Privileged::protect,
        &Privileged::probe,        &Privileged::probe,
        &Privileged::probe,        &Privileged::probe};
    (this->*pick(units))();
}

/// Any value, then the handler again, with interrupts off.
void Privileged::trap_vector() {
    begin();
    const bool supervisor = chance(40);
    const Word number = supervisor ? csr_of::stvec : csr_of::mtvec;
    if (chance(50)) {
        enter_machine_mode();
    }
    word(op::csr("csrrci", 0, csr_of::mstatus, 8));
    word(op::csr("csrrw", destination(), number, source()));
    word(op::csr("csrrs", destination(), number, 0));
    set_csr(number, (supervisor ? supervisor_handler : handler_address) | below(2));
}

void Privileged::interrupt_enable() {
    begin();
    if (chance(50)) {
        enter_machine_mode();
    }
    load_immediate(temporary, value() & pick(enabled_together));
    word(op::csr("csrrw", destination(), csr_of::mie, temporary));
    word(op::csr("csrrs", destination(), csr_of::mip, 0));
    if (chance(50)) {
        word(op::csr("csrrsi", 0, csr_of::mstatus, 8));
    }
}

/// Interrupts of S mode, delegated or not, pending in mip.
void Privileged::supervisor_interrupts() {
    constexpr std::array<const char*, 3> operations{"csrrw", "csrrs", "csrrc"};
    begin();
    enter_machine_mode();
    word(op::csr("csrrw", 0, csr_of::mie, 0));
    set_csr(csr_of::mideleg, static_cast<Word>(random()) & supervisor_interrupt_bits);
    load_immediate(temporary, static_cast<Word>(random()) & pending_bits);
    word(op::csr(pick(operations), destination(), csr_of::mip, temporary));
    word(op::csr(chance(50) ? "csrrsi" : "csrrci", 0, csr_of::mstatus, 2 + 8 * below(2)));
    load_immediate(temporary, static_cast<Word>(random()) & pick(enabled_together));
    word(op::csr(pick(operations), destination(), csr_of::mie, temporary));
    if (chance(60)) {
        leave_machine_mode(chance(70) ? supervisor_mode : 0);
        word(op::csr("csrrs", destination(), csr_of::sip, 0));
        word(op::csr(chance(50) ? "csrrsi" : "csrrci", destination(), csr_of::sstatus, 2));
        word(op::csr(pick(operations), destination(), csr_of::sie, source()));
    }
}

/// Where illegal instructions are delegated, sret must not be one: the handler uses it.
void Privileged::delegate() {
    begin();
    enter_machine_mode();
    Word exceptions = chance(30) ? ~0U : static_cast<Word>(random());
    exceptions &= delegable | illegal_instruction;
    if ((exceptions & illegal_instruction) != 0) {
        set_csr(csr_of::mstatus, cpu::mstatus::tsr, "csrrc");
    }
    set_csr(csr_of::medeleg, exceptions);
    word(op::csr("csrrw", 0, csr_of::mie, 0));
    set_csr(csr_of::mideleg, static_cast<Word>(random()) & supervisor_interrupt_bits);
    if (chance(70)) {
        leave_machine_mode(chance(50) ? supervisor_mode : 0);
    }
}

void Privileged::trap_returns() {
    begin();
    enter_machine_mode();
    set_csr(csr_of::medeleg, illegal_instruction, "csrrc");
    set_csr(csr_of::mstatus, cpu::mstatus::tsr, chance(50) ? "csrrs" : "csrrc");
    if (chance(50)) {
        leave_machine_mode(supervisor_mode);
        word(op::u("auipc", temporary, 0));
        word(op::i("addi", temporary, temporary, 16));
        word(op::csr("csrrw", 0, csr_of::sepc, temporary));
        word(op::bare("sret"));
    }
}

/// With an interrupt pending and enabled that S mode does not take; trapped if mstatus.TW is set.
void Privileged::wait_in_supervisor_mode() {
    constexpr Word software = 2;
    begin();
    enter_machine_mode();
    word(op::csr("csrrsi", 0, csr_of::mideleg, software));
    word(op::csr("csrrsi", 0, csr_of::mip, software));
    word(op::csr("csrrwi", 0, csr_of::mie, software));
    word(op::csr("csrrci", 0, csr_of::sstatus, 2));
    leave_machine_mode(supervisor_mode);
    word(op::bare("wfi"));
}

/// mstatus.FS off, initial, clean or dirty, then instructions that need or change it. QEMU misses
/// the change if an instruction only raises flags.
void Privileged::float_state() {
    begin();
    enter_machine_mode();
    set_csr(csr_of::mstatus, fs_dirty, "csrrc");
    set_csr(csr_of::mstatus, below(4) << 13, "csrrs");
    for (Word n = 1 + below(3); n > 0; --n) {
        const cpu::InstructionInfo* row = pick(rows());
        while (!has_operand(*row, 'D') && row->mnemonic != "fsw") {
            row = pick(rows());
        }
        if (accesses_memory(*row)) {
            memory(*row);
        } else {
            word(plain(*row));
        }
        word(op::csr("csrrs", destination(), csr_of::sstatus, 0));
    }
    set_csr(csr_of::mstatus, fs_dirty, "csrrs");
}

}  // namespace cimera::lockstep
