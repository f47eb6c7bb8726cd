// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <array>
#include <asmjit/x86.h>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "models/cpu/jit/layout.hpp"
#include "models/cpu/jit/unit.hpp"

namespace cimera::cpu::jit {

/// Called from translated code: an instruction by its handler; false: leave the code.
using StepHelper = bool (*)(Hart* hart, const Instruction* i, Unit* unit) noexcept;
/// Translated code from an entry: the instruction to go on with. See Engine::run().
using Frame = const Instruction* (*)(Hart* hart, const void* entry);

/// Registers of the host. rax, rcx and rdx are temporary, the others hold guest registers.
namespace host {
inline constexpr asmjit::x86::Gp hart = asmjit::x86::rbp;
/// Cycles from the present block's beginning, and its most, up to the limit: not negative where a
/// block begins.
inline constexpr asmjit::x86::Gp left = asmjit::x86::rbx;
inline constexpr asmjit::x86::Gp home = asmjit::x86::r12;  ///< host minus guest address of home_
inline constexpr asmjit::x86::Gp work = asmjit::x86::r13;  ///< Hart::work_
}  // namespace host

/// What the code may use beyond the instructions of every x86-64.
struct Features {
    bool lzcnt = false;
    bool bmi1 = false;
    bool popcnt = false;
    bool fma = false;
};

/// Writes the code of a unit.
class Emitter {
public:
    Emitter(asmjit::CodeHolder& code, const Layout& layout, const Features& features, Unit& unit,
            StepHelper helper, std::uint32_t target_misaligned);

    /// The whole unit. Returns the labels of the entries, by part.
    std::vector<asmjit::Label> unit();

    /// The way into all units and out of them.
    static void frame(asmjit::CodeHolder& code, const Layout& layout);

private:
    using Gp = asmjit::x86::Gp;
    using Mem = asmjit::x86::Mem;
    using Label = asmjit::Label;
    using Operand = asmjit::Operand;
    using Id = asmjit::x86::Inst::Id;
    using Emit = void (Emitter::*)(const Instruction& i);
    using Emits = std::map<Handler, Emit>;
    enum class Leaves : std::uint8_t { fall, taken, jump };

    static const Emits& emits();
    static void add_alu(Emits& emits);
    static void add_bits(Emits& emits);
    static void add_memory(Emits& emits);
    static void add_float(Emits& emits);

    // The frame of a unit (emitter.cpp).
    void allocate();
    void block(std::size_t index);
    void entries(std::vector<Label>& labels);
    void block_ends();
    void unit_ends();
    void save();
    void load();
    Label exit_at(Cursor i);
    void step(const Instruction& i);
    void later(std::function<void()> code) { later_.push_back(std::move(code)); }

    // Guest registers (emitter.cpp).
    [[nodiscard]] bool in_register(unsigned number) const { return places_[number] != 0; }
    [[nodiscard]] Gp place(unsigned number) const;
    [[nodiscard]] Mem memory(unsigned number) const;
    [[nodiscard]] Operand source(unsigned number) const;
    Gp read(unsigned number, Gp temporary);
    void move(Gp to, unsigned number);
    [[nodiscard]] Gp target(unsigned number) const;
    void written(unsigned number, Gp holder);
    void load_constant(unsigned number, std::uint32_t value);

    // Control flow (emit_flow.cpp).
    bool flow(const Instruction& i);
    void branch(const Instruction& i, asmjit::x86::CondCode condition);
    void jump(const Instruction& i);
    void jump_register(const Instruction& i);
    void sequel();
    void edge(Cursor at, Leaves how, bool inline_last);
    void inner_edge(Cursor at, Leaves how, std::size_t to);
    void outer_edge(Cursor at, Leaves how);
    void go_outside(Cursor at, Leaves how, Label undo);
    void count(Leaves how);
    [[nodiscard]] std::uint64_t cost(Leaves how) const;
    [[nodiscard]] Block* follower(Leaves how) const;
    [[nodiscard]] std::size_t inner(Leaves how) const;

    // Integers (emit_alu.cpp, emit_bits.cpp).
    void binary(const Instruction& i, Id id, const Operand& second, bool commutes);
    template <Id id, bool commutes>
    void by_register(const Instruction& i);
    template <Id id>
    void by_immediate(const Instruction& i);
    template <Id id>
    void shift(const Instruction& i);
    template <bool is_signed, bool by_register>
    void set_less(const Instruction& i);
    void compare(unsigned rs1, const Operand& second);
    void extended(Gp to, unsigned number, bool is_signed);
    template <bool first_signed, bool second_signed>
    void high_product(const Instruction& i);
    template <bool is_signed, bool remainder>
    void divide(const Instruction& i);
    void lui(const Instruction& i);
    void auipc(const Instruction& i);
    void addi(const Instruction& i);
    void add(const Instruction& i);
    void nothing(const Instruction& i);
    template <unsigned amount>
    void shift_add(const Instruction& i);
    template <Id id>
    void inverted(const Instruction& i);
    void xnor(const Instruction& i);
    template <Id id>
    void unary(const Instruction& i);
    template <Id id>
    void counting(const Instruction& i);
    void sign_extend_byte(const Instruction& i);
    void sign_extend_half(const Instruction& i);
    void zero_extend_half(const Instruction& i);
    template <asmjit::x86::CondCode keep>
    void choose(const Instruction& i);
    template <Id id>
    void single_bit(const Instruction& i);
    template <Id id>
    void single_bit_immediate(const Instruction& i);
    void bext(const Instruction& i);
    void bexti(const Instruction& i);

    // Memory (emit_memory.cpp).
    struct Access {
        unsigned size;
        bool is_signed;
    };
    template <unsigned size, bool is_signed>
    void load_from(const Instruction& i);
    template <unsigned size>
    void store_to(const Instruction& i);
    Gp address(const Instruction& i);
    void check_home(Gp address, std::int32_t window, unsigned size, Label elsewhere);
    void find_window(std::int32_t table, unsigned size, Label slow);
    void leave_home(std::int32_t wait, std::int32_t home_wait, bool write);
    void fetch(Gp to, Mem from, Access access);

    // Floating point (emit_float.cpp).
    template <Id id>
    void arithmetic(const Instruction& i);
    void square_root(const Instruction& i);
    template <Id id>
    void fused(const Instruction& i);
    enum class Sign : std::uint8_t { copy, negate, combine };
    template <Sign sign>
    void inject_sign(const Instruction& i);
    void equal(const Instruction& i);
    template <asmjit::x86::CondCode condition>
    void less(const Instruction& i);
    void to_signed(const Instruction& i);
    void to_unsigned(const Instruction& i);
    template <bool is_signed>
    void from_integer(const Instruction& i);
    void move_bits(const Instruction& i);
    void load_float(const Instruction& i);
    void store_float(const Instruction& i);
    void check_float(const Instruction& i);
    bool check_rounding(const Instruction& i);
    void store_result(const Instruction& i);
    void clear_flags();
    void keep_flags();

    asmjit::x86::Assembler a_;
    const Layout& at_;
    const Features& features_;
    Unit& unit_;
    StepHelper step_;
    std::uint32_t target_misaligned_;

    std::array<std::uint8_t, 65> places_{};  ///< host register of a guest register; 0: in memory
    std::vector<unsigned> allocated_;
    std::vector<unsigned> changed_;  ///< those of them that the unit writes
    std::size_t part_ = 0;           ///< the one being written
    std::vector<Label> bodies_;
    std::vector<Label> block_exits_;
    std::vector<Label> block_steps_;
    Label unit_exit_;
    Label unit_step_;
    std::vector<std::function<void()>> later_;  ///< code that is seldom needed
    bool floats_ = false;            ///< the unit computes with the host's floating-point unit
    bool float_checked_ = false;     ///< that mstatus.FS is dirty, in the present block
    bool rounding_checked_ = false;  ///< that fcsr.frm is to the nearest
    asmjit::Label default_mxcsr_;
    bool skip_ = false;  ///< the next instruction is part of this one
};

}  // namespace cimera::cpu::jit
