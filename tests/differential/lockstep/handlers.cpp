// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/handlers.hpp"

#include "tests/differential/lockstep/builder.hpp"

namespace cimera::lockstep {

namespace {

constexpr Word vectors = 12;
constexpr Word mstatus = 0x300;
constexpr Word mepc = 0x341;
constexpr Word sepc = 0x141;

struct Csrs {
    Word enables, cause, pc;
};
constexpr Csrs machine_csrs{0x304, 0x342, mepc};
constexpr Csrs supervisor_csrs{0x104, 0x142, sepc};

class Code {
public:
    Code(const Csrs& csrs, Word a, Word b) : csrs_(csrs), a_(a), b_(b) {}

    std::vector<Word> words;

    void read(Word rd, Word number) { words.push_back(op::csr("csrrs", rd, number, 0)); }
    void write(Word number, Word rs) { words.push_back(op::csr("csrrw", 0, number, rs)); }
    void add(Word rd, std::int32_t n) { words.push_back(op::i("addi", rd, rd, n)); }

    /// The vectors, interrupts, and fetch faults; each jumps to `back`, if it is known.
    void entry(std::size_t interrupted, std::size_t back) {
        jump(vectors);
        while (words.size() < vectors) {
            jump(interrupted);
        }
        read(a_, csrs_.cause);
        words.push_back(op::b("blt", a_, 0, distance(interrupted)));
        add(a_, -1);  // fetch access fault
        words.push_back(op::b("bne", a_, 0, 12));
        write(csrs_.pc, resume);
        jump(back);
    }

    void skip_instruction() {
        read(a_, csrs_.pc);
        words.push_back(op::i("lhu", b_, a_, 0));
        words.push_back(op::i("andi", b_, b_, 3));
        words.push_back(op::i("sltiu", b_, b_, 3));
        words.push_back(op::i("slli", b_, b_, 1));
        words.push_back(op::r("sub", a_, a_, b_));
        add(a_, 4);
        write(csrs_.pc, a_);
    }

    void return_in_machine_mode() {
        words.push_back(op::u("lui", b_, machine_mode + 0x800));
        add(b_, static_cast<std::int32_t>(machine_mode << 20) >> 20);
        words.push_back(op::csr("csrrs", 0, mstatus, b_));
        words.push_back(op::bare("mret"));
    }

    /// Where skip_instruction, a jump over it, and the interrupt's instruction follow.
    void end_of_entry(std::size_t back) {
        skip_instruction();
        jump(back);
        write(csrs_.enables, 0);
    }

    void jump(std::size_t to) { words.push_back(op::jal(0, distance(to))); }

private:
    std::int32_t distance(std::size_t to) const {
        return 4 * (static_cast<std::int32_t>(to) - static_cast<std::int32_t>(words.size()));
    }

    Csrs csrs_;
    Word a_;
    Word b_;
};

constexpr std::size_t entry_words = vectors + 6;
constexpr std::size_t skip_words = 8;

}  // namespace

std::vector<Word> machine_mode_handler() {
    Code code(machine_csrs, handler_a, handler_b);
    constexpr std::size_t interrupted = entry_words + skip_words + 1;
    code.entry(interrupted, interrupted + 1);
    code.end_of_entry(interrupted + 1);
    code.return_in_machine_mode();
    return code.words;
}

std::vector<Word> supervisor_mode_handler() {
    Code code(supervisor_csrs, supervisor_a, supervisor_b);
    constexpr std::size_t call_words = 10;
    constexpr std::size_t interrupted = entry_words + call_words + skip_words + 1;
    code.entry(interrupted, interrupted + 1);
    code.add(supervisor_a, -7);  // cause 8, a call from U mode
    code.words.push_back(op::b("bne", supervisor_a, 0, 4 * (call_words - 1)));
    code.words.push_back(op::bare("ecall"));
    code.read(supervisor_a, sepc);
    code.add(supervisor_a, 4);
    code.write(mepc, supervisor_a);
    code.return_in_machine_mode();
    code.end_of_entry(interrupted + 1);
    code.words.push_back(op::bare("sret"));
    // mstatus.TSR: sret has led to machine mode.
    code.read(supervisor_a, sepc);
    code.write(mepc, supervisor_a);
    code.return_in_machine_mode();
    return code.words;
}

}  // namespace cimera::lockstep
