// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/builder.hpp"

#include <algorithm>
#include <utility>

#include "tests/differential/lockstep/handlers.hpp"
#include "tests/differential/lockstep/platform.hpp"

namespace cimera::lockstep {

namespace {

constexpr unsigned farthest_target = 6;  // units
constexpr Word mstatus = 0x300;
constexpr Word short_branch_reach = 254;  // bytes

/// c.beqz or c.bnez, of the compressed jumps.
bool is_short_branch(Word half) {
    return (half >> 14 & 3U) == 3;
}

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

void Builder::set_csr(Word number, Word bits, const char* operation) {
    load_immediate(temporary, bits);
    word(op::csr(operation, 0, number, temporary));
}

void Builder::leave_machine_mode(Word mode) {
    set_csr(mstatus, machine_mode, "csrrc");
    if (mode != 0) {
        set_csr(mstatus, mode, "csrrs");
    }
    word(op::u("auipc", temporary, 0));
    word(op::i("addi", temporary, temporary, 16));
    word(op::csr("csrrw", 0, 0x341, temporary));
    word(op::bare("mret"));
}

void Builder::setup(Target target) {
    begin(false);
    const auto place = [this](Word address, const std::vector<Word>& code) {
        unit().code.resize((address - code_base) / 2, 1);
        for (const Word bits : code) {
            word(bits);
        }
    };
    place(handler_address, machine_mode_handler());
    place(supervisor_handler, supervisor_mode_handler());
    const Word over = op::jal(0, static_cast<std::int32_t>(unit().bytes()));
    unit().code[0] = static_cast<std::uint16_t>(over);
    unit().code[1] = static_cast<std::uint16_t>(over >> 16);
    begin(false);
    set_csr(0x305, handler_address);
    set_csr(0x105, supervisor_handler);
    protection();
    set_csr(mstatus, fs_dirty, "csrrs");
    load_immediate(base, scratch_middle);
    restore_pointer(sp);
    restore_pointer(compact);
    load_immediate(resume, handler_address);
    for (Word n = 0; n < 32; ++n) {
        word(op::match("flw") | n << 7 | base << 15 | n * 4 << 20);
    }
    for (Word n = 1; n <= plain_registers; ++n) {
        if (n != sp && n != compact) {
            begin();
            load_immediate(n, value());
        }
    }
    scratch_data();
    if (target == Target::platform) {
        begin_on_platform(*this);
    }
}

/// The entries that never change, and a last one that at first allows everything.
void Builder::protection() {
    constexpr Word pmpcfg0 = 0x3a0;
    constexpr Word pmpaddr0 = 0x3b0;
    set_csr(pmpaddr0, code_base >> 2 | ((scratch_base - code_base) / 8 - 1));
    set_csr(pmpaddr0 + 1, (scratch_middle - allowed_bytes) >> 2);
    set_csr(pmpaddr0 + 2, (scratch_middle + allowed_bytes) >> 2);
    set_csr(pmpaddr0 + 15, 0xffffffff);
    set_csr(pmpcfg0 + 3, allow_all << 24);
    set_csr(pmpcfg0, fixed_entries);
}

void Builder::scratch_data() {
    while (program_.data.size() < scratch_bytes / 4) {
        const Word address = scratch_base + static_cast<Word>(4 * program_.data.size());
        const bool code = address >= guarded_code && address < guarded_end;
        program_.data.push_back(code ? op::i("jalr", 0, resume, 0) : value());
    }
}

void Builder::forward_from_here() {
    const std::size_t here = program_.units.size() - 1;
    fixups_.push_back({here, here + 1 + below(farthest_target)});
}

/// From a unit to its target, or to a nearer unit if the jump does not reach that far.
Word Builder::forward_distance(const Fixup& fixup) const {
    const Unit& from = program_.units[fixup.unit];
    const bool short_branch = from.code.size() == 1 && is_short_branch(from.code[0]);
    std::size_t target = std::min(fixup.target, program_.units.size() - 1);
    while (short_branch && program_.units[target].address - from.address > short_branch_reach) {
        --target;
    }
    return program_.units[target].address - from.address;
}

void Builder::resolve(const Fixup& fixup) {
    Unit& from = program_.units[fixup.unit];
    const Word distance = forward_distance(fixup);
    const auto put = [&](std::size_t at, Word bits) {
        from.code[at] = static_cast<std::uint16_t>(bits);
        from.code[at + 1] = static_cast<std::uint16_t>(bits >> 16);
    };
    const Word first = from.code[0] | (from.code.size() > 1 ? Word{from.code[1]} << 16 : 0);
    const auto offset = static_cast<std::int32_t>(distance);
    if (from.code.size() == 1) {  // compressed
        const Word d = distance;
        const Word b = (d >> 8 & 1) << 12 | (d >> 3 & 3) << 10 | (d >> 6 & 3) << 5 |
                       (d >> 1 & 3) << 3 | (d >> 5 & 1) << 2;
        const Word j = (d >> 11 & 1) << 12 | (d >> 4 & 1) << 11 | (d >> 8 & 3) << 9 |
                       (d >> 10 & 1) << 8 | (d >> 6 & 1) << 7 | (d >> 7 & 1) << 6 |
                       (d >> 1 & 7) << 3 | (d >> 5 & 1) << 2;
        from.code[0] = static_cast<std::uint16_t>(is_short_branch(first) ? (first & 0xe383U) | b
                                                                         : (first & 0xe003U) | j);
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

/// Reads the memory around the page boundary, so that what was stored is compared.
void Builder::ending(Target target) {
    begin();
    enter_machine_mode();
    for (int at = -256; at < 256; at += 4) {
        begin();
        word(op::i("lw", temporary, base, at));
    }
    if (target == Target::platform) {
        end_on_platform(*this);
    }
    begin(false);
    word(op::jal(0, 0));
}

Program Builder::finish(Target target) {
    ending(target);
    link();
    return std::move(program_);
}

}  // namespace cimera::lockstep
