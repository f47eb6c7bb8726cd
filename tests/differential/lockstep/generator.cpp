// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/generator.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "models/cpu/compressed.hpp"
#include "models/cpu/decode.hpp"
#include "models/cpu/isa.hpp"
#include "tests/differential/lockstep/builder.hpp"

namespace cimera::lockstep {

namespace {

using cpu::InstructionInfo;

constexpr Word sstatus = 0x100;
constexpr Word sepc = 0x141;
constexpr Word satp = 0x180;
constexpr Word mstatus = 0x300;
constexpr Word mepc = 0x341;
constexpr Word absent_status = 3U << 9 | 1U << 17 | 1U << 18;  // VS, MPRV, SUM
constexpr Word machine_interrupts = 0x888;
constexpr Word machine_timer = 1U << 7;
// What any value may be written to. Others have a unit of their own.
constexpr std::array<Word, 16> plain_csrs{0x340, 0x341, 0x342, 0x343, 0x300, 0x001, 0x002, 0x003,
                                          0x301, 0x140, 0x141, 0x142, 0x143, 0x100, 0x105, 0x180};
// Readable, but their values are the board's or the time's.
constexpr std::array<Word, 14> private_csrs{0xb00, 0xb02, 0xb80, 0xb82, 0xc00, 0xc01, 0xc02,
                                            0xc80, 0xc81, 0xc82, 0xf11, 0xf12, 0xf13, 0xf14};
constexpr std::array<Word, 6> nowhere{0,          0x00000800, 0x88000000,
                                      0x90000000, 0xf0000000, 0xfffff000};

bool has(const InstructionInfo& row, char letter) {
    return cpu::operand_pattern(row.format).find(letter) != std::string_view::npos;
}
bool accesses_memory(const InstructionInfo& row) {
    return cpu::operand_pattern(row.format).find('(') != std::string_view::npos &&
           row.timing != cpu::Timing::jalr;
}
bool is_atomic(const InstructionInfo& row) {
    return row.extension == cpu::Extension::a;
}
bool jumps(const InstructionInfo& row) {
    return has(row, 'b') || row.timing == cpu::Timing::jalr;
}
/// Only operands in registers and immediates: may stand anywhere.
bool is_plain(const InstructionInfo& row) {
    return !accesses_memory(row) && !jumps(row) && !has(row, 'c') &&
           cpu::operand_pattern(row.format).size() > 1;
}

class Generator : private Builder {
public:
    Generator(std::uint64_t seed, unsigned units) : Builder(seed), wanted_(units) {}

    Program generate();

private:
    Word destination();
    Word source() { return chance(90) ? 1 + below(25) : below(32); }
    Word offset();
    Word registers(const InstructionInfo& row, Word word);
    Word plain(const InstructionInfo& row);
    Word plain() { return plain(*pick(plain_rows_)); }

    void random_unit();
    void from_table(const InstructionInfo& row);
    void memory(const InstructionInfo& row);
    void atomic(const InstructionInfo& row);
    void csr(const InstructionInfo& row);
    void jump(const InstructionInfo& row);
    void system(const InstructionInfo& row);
    void compressed();
    void compressed_register_jump();
    bool compressed_fits(Word bits, const cpu::Decoded& decoded) const;
    void new_value();
    void illegal();
    void wild_jump();
    void loop();
    void modify_code();
    void trap_vector();
    void interrupt_enable();
    void flags();
    unsigned wanted_;
    std::vector<const InstructionInfo*> rows_;
    std::vector<const InstructionInfo*> plain_rows_;
    std::vector<const InstructionInfo*> deck_;
};

Word Generator::destination() {
    if (chance(5)) {
        return 0;
    }
    const Word rd = chance(50) ? 8 + below(8) : 1 + below(25);
    return rd == sp || rd == compact ? 10 : rd;
}

Word Generator::offset() {
    if (chance(50)) {
        return below(64) - 32;  // around the page boundary, often what was stored before
    }
    return below(4096) - 2048;
}

/// Random bits for all operands, then registers that may be used.
Word Generator::registers(const InstructionInfo& row, Word word) {
    if (has(row, 'd') || has(row, 'D')) {
        word = (word & ~(31U << 7)) | destination() << 7;
    }
    if (has(row, 's')) {
        word = (word & ~(31U << 15)) | source() << 15;
    }
    if (has(row, 't')) {
        word = (word & ~(31U << 20)) | source() << 20;
    }
    if (has(row, 'd') && has(row, 's') && chance(10)) {
        word = (word & ~(31U << 15)) | (word >> 7 & 31U) << 15;
    }
    return word;
}

Word Generator::plain(const InstructionInfo& row) {
    for (;;) {
        Word word = row.match | (static_cast<Word>(random()) & ~row.mask);
        if (has(row, 'i') && chance(50)) {
            word = (word & 0xfffffU) | (value() & 0xfffU) << 20;
        }
        word = registers(row, word);
        if (&cpu::find_instruction(word, cpu::all_extensions) == &row || chance(2)) {
            return word;
        }
    }
}

void Generator::random_unit() {
    const Word kind = below(100);
    if (kind < 45) {
        if (deck_.empty()) {
            deck_ = rows_;
            std::shuffle(deck_.begin(), deck_.end(), engine());
        }
        from_table(*deck_.back());
        deck_.pop_back();
    } else if (kind < 73) {
        compressed();
    } else if (kind < 88) {
        new_value();
    } else if (kind < 90) {
        illegal();
    } else if (kind < 91) {
        wild_jump();
    } else if (kind < 92) {
        loop();
    } else if (kind < 93) {
        modify_code();
    } else if (kind < 94) {
        trap_vector();
    } else if (kind < 95) {
        interrupt_enable();
    } else {
        flags();
    }
}

void Generator::from_table(const InstructionInfo& row) {
    if (is_atomic(row)) {
        atomic(row);
    } else if (accesses_memory(row)) {
        begin();
        memory(row);
    } else if (jumps(row)) {
        jump(row);
    } else if (has(row, 'c')) {
        csr(row);
    } else if (is_plain(row)) {
        begin();
        word(plain(row));
    } else {
        system(row);
    }
}

void Generator::memory(const InstructionInfo& row) {
    Word bits = row.match | (registers(row, static_cast<Word>(random())) & ~row.mask);
    Word pointer = base;
    if (chance(3)) {
        pointer = temporary;
        load_immediate(temporary, pick(nowhere));
    }
    // QEMU rounds the faulting address of a misaligned access down.
    const Word imm = pointer == base ? offset() : below(128) * 4;
    const bool stores = row.timing == cpu::Timing::store;
    const Word low = stores ? 31U << 7 : 0;
    bits &= ~(31U << 15 | 0xfe000000U | low | (stores ? 0 : 0xfff00000U));
    bits |= pointer << 15;
    bits |= stores ? (imm & 31U) << 7 | (imm >> 5 & 127U) << 25 : (imm & 0xfffU) << 20;
    word(bits);
}

/// lr.w and sc.w in pairs, too, sometimes to different words or with a trap between.
void Generator::atomic(const InstructionInfo& row) {
    begin();
    // QEMU reports the faults of atomic operations as those of loads, and does not trap a
    // misaligned sc.w that fails anyway.
    const bool loads = row.timing == cpu::Timing::lr;
    const auto address = [this, loads] {
        const Word misaligned = loads && chance(10) ? below(4) : 0;
        const auto at = static_cast<std::int32_t>((below(32) * 4 - 64) + misaligned);
        word(op::i("addi", temporary, base, at));
        if (loads && chance(5)) {
            load_immediate(temporary, pick(nowhere));
        }
    };
    const auto access = [this](const InstructionInfo& which) {
        const Word bits = which.match | (static_cast<Word>(random()) & ~which.mask);
        word((registers(which, bits) & ~(31U << 15)) | temporary << 15);
    };
    address();
    if (row.mnemonic == "sc.w" && chance(80)) {
        word(op::match("lr.w") | destination() << 7 | temporary << 15);
        if (chance(20)) {
            address();
        }
        if (chance(10)) {
            word(op::bare("ecall"));
        }
    }
    access(row);
}

void Generator::csr(const InstructionInfo& row) {
    begin();
    Word bits = registers(row, row.match | (static_cast<Word>(random()) & ~row.mask));
    const bool compared = chance(85);
    const Word number = compared ? pick(plain_csrs) : pick(private_csrs);
    if (number == satp) {
        word(op::bare("ecall"));  // into machine mode: without paging QEMU ignores mstatus.TVM
    }
    const bool status = number == sstatus || number == mstatus;
    const bool return_address = number == sepc || number == mepc;
    if (has(row, 's') && (status || return_address)) {
        // QEMU keeps VS and SUM, of a vector unit and paging that are not there, bit 0 of return
        // addresses, MPRV after mret to another mode, and the reserved value 2 of MPP.
        Word operand = value() & (status ? ~absent_status : ~1U);
        if (number == mstatus) {
            operand = chance(50) ? operand | machine_mode : operand & ~machine_mode;
        }
        load_immediate(temporary, operand);
        bits = (bits & ~(31U << 15)) | temporary << 15;
    } else if (has(row, 'z') && return_address) {
        bits &= ~(1U << 15);
    } else if (has(row, 's') && number >> 10 == 3) {
        // QEMU takes csrrs and csrrc of a register that holds 0 for reads, which the specification
        // says of x0 only.
        bits = (bits & ~(31U << 15)) | (chance(50) ? base : 0) << 15;
    }
    const Word rd = compared ? 31U : 0U;
    word((bits & 0x000fffffU & ~((~rd & 31U) << 7)) | number << 20);
    flags();
}

void Generator::jump(const InstructionInfo& row) {
    begin();
    forward_from_here();
    Word bits = registers(row, row.match | (static_cast<Word>(random()) & ~row.mask));
    if (row.timing == cpu::Timing::jalr) {
        // temporary = the target less the jump's own immediate; see resolve().
        word(op::u("auipc", temporary, 0));
        word(op::i("addi", temporary, temporary, 0));
        bits = (bits & 0x00007fffU) | temporary << 15 | (below(64) - 32) << 20;
    }
    word(bits);
}

void Generator::system(const InstructionInfo& row) {
    begin();
    if (row.timing == cpu::Timing::wait || row.timing == cpu::Timing::mret) {
        word(op::bare("ecall"));  // comes back in machine mode
    }
    if (row.timing == cpu::Timing::wait) {
        // With the timer's interrupt pending and enabled, but not taken.
        word(op::i("csrrci", 0, 8, 0x300));
        load_immediate(temporary, machine_timer);
        word(op::csr("csrrs", 0, 0x304, temporary));
        word(row.match);
        word(op::csr("csrrw", 0, 0x304, 0));
    } else if (row.timing == cpu::Timing::mret) {
        load_immediate(temporary, machine_mode);
        word(op::csr(chance(70) ? "csrrc" : "csrrs", 0, 0x300, temporary));
        word(op::u("auipc", temporary, 0));
        word(op::i("addi", temporary, temporary, 16));
        word(op::csr("csrrw", 0, row.mnemonic == "sret" ? 0x141 : 0x341, temporary));
        word(row.match);
    } else {
        word(row.match | (static_cast<Word>(random()) & ~row.mask));
    }
}

bool Generator::compressed_fits(Word bits, const cpu::Decoded& decoded) const {
    const InstructionInfo& row = *decoded.info;
    const Word rs1 = cpu::rs1_of(decoded.word);
    if (row.timing == cpu::Timing::jalr) {
        return false;  // compressed_register_jump()
    }
    if (accesses_memory(row) && rs1 != sp && rs1 != compact) {
        return false;
    }
    const Word rd = cpu::destination(decoded);
    const bool reserved = rd == compact || (rd >= count && rd < 32);
    return bits != 0 && !reserved;
}

void Generator::compressed() {
    if (chance(4)) {
        compressed_register_jump();
        return;
    }
    for (;;) {
        // The classes are of very different size: first quadrant and major function.
        const Word bits = below(3) | below(8) << 13 | (static_cast<Word>(random()) & 0x1ffcU);
        const cpu::Decoded decoded = cpu::decode(bits, cpu::all_extensions);
        if (!compressed_fits(bits, decoded)) {
            continue;
        }
        begin();
        if (jumps(*decoded.info)) {
            forward_from_here();
        }
        half(bits);
        if (cpu::destination(decoded) == sp) {
            restore_pointer(sp);
        }
        return;
    }
}

/// c.jr and c.jalr.
void Generator::compressed_register_jump() {
    begin();
    forward_from_here();
    word(op::u("auipc", temporary, 0));
    word(op::i("addi", temporary, temporary, 0));
    half(0x8002 | temporary << 7 | below(2) << 12);
}

void Generator::new_value() {
    begin();
    if (chance(40)) {
        load_immediate(temporary, pick(singles));
        word(op::match("fmv.w.x") | below(32) << 7 | temporary << 15);
        return;
    }
    load_immediate(std::max(destination(), Word{1}), value());
}

void Generator::illegal() {
    constexpr std::array<Word, 8> words{0xffffffff, 0x0000705b, 0x7ff02573, 0xf1401073,
                                        0x00000000, 0x0000400f, 0xc0001073, 0x02007043};
    begin();
    const Word bits = pick(words);
    bits == 0 ? half(0) : word(bits);
}

/// Comes back behind itself: the handler goes on at `resume`.
void Generator::wild_jump() {
    begin();
    word(op::u("auipc", resume, 0));
    word(op::i("addi", resume, resume, 20));
    load_immediate(temporary, pick(nowhere));
    word(op::i("jalr", destination(), temporary, 0));
}

void Generator::loop() {
    begin();
    word(op::i("addi", count, 0, static_cast<std::int32_t>(2 + below(6))));
    const std::size_t top = unit().code.size();
    for (Word n = 2 + below(6); n > 0; --n) {
        const InstructionInfo& row = *pick(rows_);
        if (accesses_memory(row) && !is_atomic(row)) {
            memory(row);
        } else {
            word(plain());
        }
    }
    word(op::i("addi", count, count, -1));
    const auto back = static_cast<std::int32_t>(2 * (unit().code.size() - top));
    word(op::b("bne", count, 0, -back));
}

/// Executes an instruction twice, with a new one written over it in between.
void Generator::modify_code() {
    begin();
    word(op::i("addi", count, 0, 2));
    const std::size_t top = unit().code.size();
    word(plain());
    word(op::u("auipc", temporary, 0));
    word(op::i("addi", temporary, temporary, -4));
    load_immediate(handler_a, plain());
    word(op::s("sw", handler_a, temporary, 0));
    word(op::bare("fence.i"));
    word(op::i("addi", count, count, -1));
    const auto back = static_cast<std::int32_t>(2 * (unit().code.size() - top));
    word(op::b("bne", count, 0, -back));
}

/// Any value, then the handler again, with interrupts off.
void Generator::trap_vector() {
    begin();
    word(op::i("csrrci", 0, 8, 0x300));
    word(op::csr("csrrw", destination(), 0x305, source()));
    word(op::csr("csrrs", destination(), 0x305, 0));
    load_immediate(temporary, handler_address | below(2));
    word(op::csr("csrrw", 0, 0x305, temporary));
}

void Generator::interrupt_enable() {
    begin();
    // QEMU keeps the enables of interrupts of modes that are not there.
    load_immediate(temporary, value() & machine_interrupts);
    word(op::csr("csrrw", destination(), 0x304, temporary));
    word(op::csr("csrrs", destination(), 0x344, 0));
    if (chance(50)) {
        word(op::i("csrrsi", 0, 8, 0x300));
    }
}

/// Floating point usable again with a valid rounding mode; the flags so far into a register.
void Generator::flags() {
    begin();
    if (chance(70)) {
        load_immediate(temporary, fs_dirty);
        word(op::csr("csrrs", 0, 0x300, temporary));
        word(op::csr("csrrwi", 0, 0x002, below(5)));
    }
    word(op::csr("csrrw", destination(), 0x001, chance(50) ? 0 : source()));
}

Program Generator::generate() {
    for (const auto& row : cpu::instruction_table()) {
        rows_.push_back(&row);
        if (is_plain(row)) {
            plain_rows_.push_back(&row);
        }
    }
    setup();
    for (unsigned n = 0; n < wanted_; ++n) {
        random_unit();
    }
    return finish();
}

}  // namespace

Program generate(std::uint64_t seed, unsigned units) {
    return Generator(seed, units).generate();
}

}  // namespace cimera::lockstep
