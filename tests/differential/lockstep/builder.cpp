// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/builder.hpp"

#include <algorithm>
#include <utility>

namespace cimera::lockstep {

namespace {

constexpr unsigned farthest_target = 6;  // units
constexpr Word allow_all = 0x1f;         // pmpcfg: NAPOT, read, write, execute

constexpr std::array<Word, 24> corners{
    0,          1,          2,          0xffffffff, 0xfffffffe, 0x80000000, 0x80000001, 0x7fffffff,
    0x7ffffffe, 0x0000ffff, 0xffff0000, 0x00008000, 0x000000ff, 0x00000080, 0x55555555, 0xaaaaaaaa,
    31,         32,         33,         0x00010000, 0xffff8000, 0xffffff80, 0x40000000, 0x3fffffff};

}  // namespace

Word Builder::value() {
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
    return static_cast<Word>(random());
}

void Builder::begin(bool removable) {
    program_.units.push_back({0, {}, removable});
}

void Builder::word(Word bits) {
    half(bits & 0xffffU);
    half(bits >> 16);
}

void Builder::load_immediate(Word rd, Word bits) {
    word(op::u("lui", rd, bits + 0x800));
    word(op::i("addi", rd, rd, static_cast<std::int32_t>(bits << 20) >> 20));
}

void Builder::restore_pointer(Word rd) {
    word(op::i("addi", rd, base, rd == sp ? -128 : -64));
}

void Builder::setup() {
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
    load_immediate(temporary, fs_dirty);
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
void Builder::handler() {
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
void Builder::ending() {
    for (int at = -256; at < 256; at += 4) {
        begin();
        word(op::i("lw", temporary, base, at));
    }
    begin(false);
    word(op::jal(0, 0));
}

void Builder::forward_from_here() {
    const std::size_t here = program_.units.size() - 1;
    fixups_.push_back({here, here + 1 + below(farthest_target)});
}

void Builder::resolve(const Fixup& fixup) {
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

void Builder::link() {
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

Program Builder::finish() {
    ending();
    link();
    return std::move(program_);
}

}  // namespace cimera::lockstep
