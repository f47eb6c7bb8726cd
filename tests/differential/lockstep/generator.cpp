// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/generator.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <span>
#include <string_view>

#include "models/cpu/compressed.hpp"
#include "models/cpu/decode.hpp"
#include "models/cpu/isa.hpp"
#include "tests/unit/cpu/machine.hpp"

namespace cimera::lockstep {

namespace {

namespace op = test::assemble;
using Word = std::uint32_t;
using cpu::InstructionInfo;

// Registers with a purpose; random instructions read but do not write them.
constexpr Word sp = 2;          // points into the scratch pages, for c.lwsp and the like
constexpr Word compact = 9;     // the same, for c.lw and c.sw
constexpr Word count = 26;      // of a loop
constexpr Word temporary = 27;  // of a unit
constexpr Word base = 28;       // the middle of the scratch pages
constexpr Word resume = 29;     // where to go on after a jump to nowhere
constexpr Word handler_a = 30;
constexpr Word handler_b = 31;

constexpr Word handler_address = test::code_base + 0x10;
constexpr unsigned farthest_target = 6;  // units
constexpr Word sstatus = 0x100;
constexpr Word sepc = 0x141;
constexpr Word satp = 0x180;
constexpr Word mstatus = 0x300;
constexpr Word mepc = 0x341;
constexpr Word absent_status = 3U << 9 | 1U << 17 | 1U << 18;  // VS, MPRV, SUM
constexpr Word machine_interrupts = 0x888;
constexpr Word machine_timer = 1U << 7;
constexpr Word fs_dirty = 3;
constexpr Word machine_mode = 3U << 11;  // mstatus.MPP
constexpr Word allow_all = 0x1f;         // pmpcfg: NAPOT, read, write, execute

constexpr std::array<Word, 24> corners{
    0,          1,          2,          0xffffffff, 0xfffffffe, 0x80000000, 0x80000001, 0x7fffffff,
    0x7ffffffe, 0x0000ffff, 0xffff0000, 0x00008000, 0x000000ff, 0x00000080, 0x55555555, 0xaaaaaaaa,
    31,         32,         33,         0x00010000, 0xffff8000, 0xffffff80, 0x40000000, 0x3fffffff};
// Single precision: zeros, ones, halves, infinities, quiet and signalling NaNs, subnormals, the
// least and greatest normal, limits of integers, and neighbours for halfway cases.
constexpr std::array<Word, 32> singles{
    0x00000000, 0x80000000, 0x3f800000, 0xbf800000, 0x3f000000, 0xbf000000, 0x7f800000, 0xff800000,
    0x7fc00000, 0xffc00000, 0x7f800001, 0xffbfffff, 0x00000001, 0x80000001, 0x007fffff, 0x807fffff,
    0x00800000, 0x80800000, 0x7f7fffff, 0xff7fffff, 0x4f000000, 0xcf000000, 0x4f800000, 0x4effffff,
    0x33800000, 0x34000000, 0x3f800001, 0x3fc00000, 0x40200000, 0x4b000001, 0x4affffff, 0x7fc12345};
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

class Generator {
public:
    Generator(std::uint64_t seed, unsigned units) : random_(seed), wanted_(units) {
        program_.seed = seed;
    }

    Program generate();

private:
    /// A branch or jump to the beginning of a later unit.
    struct Fixup {
        std::size_t unit;
        std::size_t target;
    };

    Word below(Word bound) { return static_cast<Word>(((random_() >> 32) * bound) >> 32); }
    bool chance(Word percent) { return below(100) < percent; }
    template <typename Choices>
    auto pick(const Choices& choices) {
        return choices[below(static_cast<Word>(choices.size()))];
    }

    Word value();
    Word destination();
    Word source() { return chance(90) ? 1 + below(25) : below(32); }
    Word offset();
    Word registers(const InstructionInfo& row, Word word);
    Word plain(const InstructionInfo& row);
    Word plain() { return plain(*pick(plain_rows_)); }

    void begin(bool removable = true);
    void word(Word bits);
    void half(Word bits) { unit().code.push_back(static_cast<std::uint16_t>(bits)); }
    Unit& unit() { return program_.units.back(); }
    void load_immediate(Word rd, Word bits);
    void restore_pointer(Word rd);

    void setup();
    void handler();
    void ending();
    void random_unit();
    void from_table(const InstructionInfo& row);
    void memory(const InstructionInfo& row);
    void atomic(const InstructionInfo& row);
    void csr(const InstructionInfo& row);
    void jump(const InstructionInfo& row);
    void system(const InstructionInfo& row);
    void compressed();
    void compressed_register_jump();
    void forward_from_here();
    bool compressed_fits(Word bits, const cpu::Decoded& decoded) const;
    void new_value();
    void illegal();
    void wild_jump();
    void loop();
    void modify_code();
    void trap_vector();
    void interrupt_enable();
    void flags();
    void link();
    void resolve(const Fixup& fixup);

    std::mt19937_64 random_;
    unsigned wanted_;
    Program program_;
    std::vector<Fixup> fixups_;
    std::vector<const InstructionInfo*> rows_;
    std::vector<const InstructionInfo*> plain_rows_;
    std::vector<const InstructionInfo*> deck_;
};

Word Generator::value() {
    const Word kind = below(8);
    if (kind < 3) {
        return pick(corners);
    }
    if (kind < 5) {
        return pick(singles);
    }
    if (kind == 5) {
        return below(64) - 32;
    }
    return static_cast<Word>(random_());
}

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
        Word word = row.match | (static_cast<Word>(random_()) & ~row.mask);
        if (has(row, 'i') && chance(50)) {
            word = (word & 0xfffffU) | (pick(corners) & 0xfffU) << 20;
        }
        word = registers(row, word);
        if (&cpu::find_instruction(word, cpu::all_extensions) == &row || chance(2)) {
            return word;
        }
    }
}

void Generator::begin(bool removable) {
    program_.units.push_back({0, {}, removable});
}

void Generator::word(Word bits) {
    half(bits & 0xffffU);
    half(bits >> 16);
}

void Generator::load_immediate(Word rd, Word bits) {
    word(op::u("lui", rd, bits + 0x800));
    word(op::i("addi", rd, rd, static_cast<std::int32_t>(bits << 20) >> 20));
}

void Generator::restore_pointer(Word rd) {
    word(op::i("addi", rd, base, rd == sp ? -128 : -64));
}

void Generator::setup() {
    begin(false);
    word(op::jal(0, 0));  // over the handler; see handler()
    while (unit().code.size() < (handler_address - code_base) / 2) {
        half(1);
    }
    handler();
    unit().code[0] =
        static_cast<std::uint16_t>(op::jal(0, static_cast<std::int32_t>(unit().bytes())));
    unit().code[1] =
        static_cast<std::uint16_t>(op::jal(0, static_cast<std::int32_t>(unit().bytes())) >> 16);
    begin(false);
    load_immediate(temporary, handler_address);
    word(op::csr("csrrw", 0, 0x305, temporary));
    word(op::i("addi", temporary, 0, -1));
    word(op::csr("csrrw", 0, 0x3b0, temporary));
    word(op::csr("csrrwi", 0, 0x3a0, allow_all));
    load_immediate(temporary, fs_dirty << 13);
    word(op::csr("csrrs", 0, 0x300, temporary));
    load_immediate(base, scratch_middle);
    restore_pointer(sp);
    restore_pointer(compact);
    load_immediate(resume, handler_address);
    for (Word n = 0; n < 32; ++n) {
        word(op::match("flw") | n << 7 | base << 15 | n * 4 << 20);
    }
    for (Word n = 1; n < 26; ++n) {
        if (n != sp && n != compact) {
            begin();
            load_immediate(n, value());
        }
    }
    for (Word n = 0; n < scratch_bytes / 4; ++n) {
        program_.data.push_back(value());
    }
}

/// Goes on behind the instruction; after a fetch fault where `resume` points; after an interrupt
/// with interrupts disabled in mie. Always in machine mode.
void Generator::handler() {
    const auto csrr = [this](Word rd, Word number) { word(op::csr("csrrs", rd, number, 0)); };
    constexpr unsigned words = 21;
    const auto to_return = [this] {
        const auto at = static_cast<std::int32_t>(unit().code.size() * 2);
        word(op::jal(
            0, static_cast<std::int32_t>(handler_address - code_base) + 4 * (words - 4) - at));
    };
    csrr(handler_a, 0x342);
    word(op::b("blt", handler_a, 0, 24));
    word(op::i("addi", handler_a, handler_a, -1));
    word(op::b("bne", handler_a, 0, 24));
    word(op::csr("csrrw", 0, 0x341, resume));
    to_return();
    word(op::nop());
    word(op::csr("csrrw", 0, 0x304, 0));  // the vector of the timer's interrupt, number 7
    to_return();
    csrr(handler_a, 0x341);
    word(op::i("lhu", handler_b, handler_a, 0));
    word(op::i("andi", handler_b, handler_b, 3));
    word(op::i("sltiu", handler_b, handler_b, 3));
    word(op::i("slli", handler_b, handler_b, 1));
    word(op::r("sub", handler_a, handler_a, handler_b));
    word(op::i("addi", handler_a, handler_a, 4));
    word(op::csr("csrrw", 0, 0x341, handler_a));
    load_immediate(handler_b, machine_mode);
    word(op::csr("csrrs", 0, 0x300, handler_b));
    word(op::bare("mret"));
}

/// Reads the memory around the page boundary, so that what was stored is compared.
void Generator::ending() {
    for (int at = -256; at < 256; at += 4) {
        begin();
        word(op::i("lw", temporary, base, at));
    }
    begin(false);
    word(op::jal(0, 0));
}

void Generator::random_unit() {
    const Word kind = below(100);
    if (kind < 45) {
        if (deck_.empty()) {
            deck_ = rows_;
            std::shuffle(deck_.begin(), deck_.end(), random_);
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
    Word bits = row.match | (registers(row, static_cast<Word>(random_())) & ~row.mask);
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
        const Word bits = which.match | (static_cast<Word>(random_()) & ~which.mask);
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
    Word bits = registers(row, row.match | (static_cast<Word>(random_()) & ~row.mask));
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
    Word bits = registers(row, row.match | (static_cast<Word>(random_()) & ~row.mask));
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
        word(row.match | (static_cast<Word>(random_()) & ~row.mask));
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
        const Word bits = below(3) | below(8) << 13 | (static_cast<Word>(random_()) & 0x1ffcU);
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

void Generator::forward_from_here() {
    const std::size_t here = program_.units.size() - 1;
    fixups_.push_back({here, here + 1 + below(farthest_target)});
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
        load_immediate(temporary, fs_dirty << 13);
        word(op::csr("csrrs", 0, 0x300, temporary));
        word(op::csr("csrrwi", 0, 0x002, below(5)));
    }
    word(op::csr("csrrw", destination(), 0x001, chance(50) ? 0 : source()));
}

void Generator::resolve(const Fixup& fixup) {
    Unit& from = program_.units[fixup.unit];
    const std::size_t last = program_.units.size() - 1;
    const Word distance = program_.units[std::min(fixup.target, last)].address - from.address;
    const auto put = [&](std::size_t at, Word bits) {
        from.code[at] = static_cast<std::uint16_t>(bits);
        from.code[at + 1] = static_cast<std::uint16_t>(bits >> 16);
    };
    const Word first = from.code[0] | (from.code.size() > 1 ? Word{from.code[1]} << 16 : 0);
    const auto offset = static_cast<std::int32_t>(distance);
    if (from.code.size() == 1) {  // compressed
        const bool branch = (first >> 14 & 3U) == 3;
        const Word d = distance;
        const Word b = (d >> 8 & 1) << 12 | (d >> 3 & 3) << 10 | (d >> 6 & 3) << 5 |
                       (d >> 1 & 3) << 3 | (d >> 5 & 1) << 2;
        const Word j = (d >> 11 & 1) << 12 | (d >> 4 & 1) << 11 | (d >> 8 & 3) << 9 |
                       (d >> 10 & 1) << 8 | (d >> 6 & 1) << 7 | (d >> 7 & 1) << 6 |
                       (d >> 1 & 7) << 3 | (d >> 5 & 1) << 2;
        from.code[0] =
            static_cast<std::uint16_t>(branch ? (first & 0xe383U) | b : (first & 0xe003U) | j);
    } else if ((first & 0x7fU) == 0x63) {
        put(0, (first & 0x01fff07fU) | (op::b("beq", 0, 0, offset) & 0xfe000f80U));
    } else if ((first & 0x7fU) == 0x6f) {
        put(0, (first & 0xfffU) | (op::jal(0, offset) & 0xfffff000U));
    } else {  // auipc, addi, jump
        std::int32_t own = 0;
        if (from.code.size() == 6) {
            own = static_cast<std::int32_t>(from.code[4] | Word{from.code[5]} << 16) >> 20;
        }
        put(2, op::i("addi", temporary, temporary, offset - own));
    }
}

void Generator::link() {
    Word at = code_base;
    for (Unit& each : program_.units) {
        each.address = at;
        at += each.bytes();
    }
    program_.end = program_.units.back().address;
    for (const Fixup& fixup : fixups_) {
        resolve(fixup);
    }
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
    ending();
    link();
    return std::move(program_);
}

}  // namespace

Program generate(std::uint64_t seed, unsigned units) {
    return Generator(seed, units).generate();
}

}  // namespace cimera::lockstep
