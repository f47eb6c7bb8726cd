// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/generator.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "models/cpu/decode.hpp"
#include "models/cpu/isa.hpp"
#include "tests/differential/lockstep/privileged.hpp"

namespace cimera::lockstep {

namespace {

using cpu::InstructionInfo;

class Generator : private Privileged {
public:
    Generator(std::uint64_t seed, unsigned units) : Privileged(seed), wanted_(units) {}

    Program generate(Target target);

private:
    void random_unit();
    void from_table(const InstructionInfo& row);
    void plain_unit(const InstructionInfo& row);
    void atomic(const InstructionInfo& row);
    void jump(const InstructionInfo& row);
    void compressed();
    void compressed_register_jump();
    bool compressed_fits(Word bits, const cpu::Decoded& decoded) const;
    void new_value();
    void illegal();
    void wild_jump();
    void loop();
    void modify_code();

    unsigned wanted_;
    std::vector<const InstructionInfo*> deck_;
};

void Generator::random_unit() {
    const Word kind = below(100);
    if (kind < 50) {
        if (deck_.empty()) {
            deck_ = rows();
            std::shuffle(deck_.begin(), deck_.end(), engine());
        }
        from_table(*deck_.back());
        deck_.pop_back();
    } else if (kind < 73) {
        compressed();
    } else if (kind < 81) {
        new_value();
    } else if (kind < 83) {
        illegal();
    } else if (kind < 84) {
        wild_jump();
    } else if (kind < 85) {
        loop();
    } else if (kind < 86) {
        modify_code();
    } else if (kind < 95) {
        privileged_unit();
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
    } else if (has_operand(row, 'c')) {
        csr(row);
    } else if (is_plain(row)) {
        plain_unit(row);
    } else {
        system(row);
    }
}

/// Often with new operands: results make some values rare.
void Generator::plain_unit(const InstructionInfo& row) {
    begin();
    const Word bits = plain(row);
    if (chance(40)) {
        load_sources(row, bits);
    }
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
    const Word bits = (random_bits(row) & ~(31U << 15)) | temporary << 15;
    if (chance(40)) {
        load_sources(row, bits);
    }
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
    word(bits);
}

void Generator::jump(const InstructionInfo& row) {
    begin();
    forward_from_here();
    Word bits = random_bits(row);
    if (row.timing == cpu::Timing::jalr) {
        // temporary = the target less the jump's own immediate; see resolve().
        word(op::u("auipc", temporary, 0));
        word(op::i("addi", temporary, temporary, 0));
        bits = (bits & 0x00007fffU) | temporary << 15 | (below(64) - 32) << 20;
    }
    word(bits);
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
    const bool reserved = rd == compact || (rd > plain_registers && rd < 32);
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

/// c.jr and c.jalr; and c.ebreak, which random bits hardly ever are.
void Generator::compressed_register_jump() {
    begin();
    if (chance(10)) {
        half(0x9002);
        return;
    }
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
        const InstructionInfo& row = *pick(rows());
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

Program Generator::generate(Target target) {
    setup(target);
    for (unsigned n = 0; n < wanted_; ++n) {
        random_unit();
    }
    return finish(target);
}

}  // namespace

Program generate(std::uint64_t seed, unsigned units, Target target) {
    return Generator(seed, units).generate(target);
}

}  // namespace cimera::lockstep
