// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/execute.hpp"
#include "models/cpu/jit/emitter.hpp"

// What load, store, load_elsewhere and store_elsewhere in execute_memory.cpp do: aligned accesses
// to the home region and to windows of others. The rest is left to them.

namespace cimera::cpu::jit {

namespace x86 = asmjit::x86;

void Emitter::add_memory(Emits& emits) {
    emits[&Execute::lb] = &Emitter::load_from<1, true>;
    emits[&Execute::lh] = &Emitter::load_from<2, true>;
    emits[&Execute::lw] = &Emitter::load_from<4, false>;
    emits[&Execute::lbu] = &Emitter::load_from<1, false>;
    emits[&Execute::lhu] = &Emitter::load_from<2, false>;
    emits[&Execute::sb] = &Emitter::store_to<1>;
    emits[&Execute::sh] = &Emitter::store_to<2>;
    emits[&Execute::sw] = &Emitter::store_to<4>;
}

/// The guest address, in rax or in the register of rs1.
x86::Gp Emitter::address(const Instruction& i) {
    const auto imm = static_cast<std::int32_t>(i.imm);
    if (i.rs1 == 0) {
        a_.mov(x86::eax, i.imm);
        return x86::eax;
    }
    if (in_register(i.rs1)) {
        if (imm == 0) {
            return place(i.rs1);
        }
        a_.lea(x86::eax, x86::ptr(place(i.rs1).r64(), imm));
        return x86::eax;
    }
    a_.mov(x86::eax, memory(i.rs1));
    if (imm != 0) {
        a_.add(x86::eax, imm);
    }
    return x86::eax;
}

void Emitter::check_home(Gp address, std::int32_t window, unsigned size, Label elsewhere) {
    a_.mov(x86::ecx, address);
    a_.sub(x86::ecx, x86::dword_ptr(host::hart, window + window_offset::first));
    a_.cmp(x86::ecx, x86::dword_ptr(host::hart, window + window_offset::length));
    a_.jae(elsewhere);
    if (size > 1) {
        a_.test(address.r32(), size - 1);
        a_.jnz(elsewhere);
    }
}

/// Of the address in eax: the host address in rdx, the region in rcx.
void Emitter::find_window(std::int32_t table, unsigned size, Label slow) {
    static_assert(sizeof(Window) == 24 && WindowTable::size == 64);
    a_.mov(x86::ecx, x86::eax);
    a_.shr(x86::ecx, 12);
    a_.and_(x86::ecx, 63);
    a_.lea(x86::rcx, x86::ptr(x86::rcx, x86::rcx, 1));
    a_.mov(x86::rdx, x86::qword_ptr(host::hart, table));
    a_.lea(x86::rcx, x86::ptr(x86::rdx, x86::rcx, 3));
    a_.mov(x86::edx, x86::eax);
    a_.sub(x86::edx, x86::dword_ptr(x86::rcx, window_offset::first));
    a_.cmp(x86::edx, x86::dword_ptr(x86::rcx, window_offset::length));
    a_.jae(slow);
    if (size > 1) {
        a_.test(x86::eax, size - 1);
        a_.jnz(slow);
    }
    a_.add(x86::rdx, x86::qword_ptr(x86::rcx, window_offset::data));
    a_.mov(x86::rcx, x86::qword_ptr(x86::rcx, window_offset::region));
}

/// Counts an access to the region in rcx, and takes back what the block counts for the home.
void Emitter::leave_home(std::int32_t wait, std::int32_t home_wait, bool write) {
    const std::int32_t counter = write ? region_offset::writes : region_offset::reads;
    a_.inc(x86::qword_ptr(x86::rcx, counter));
    a_.inc(x86::qword_ptr(x86::rcx, region_offset::accesses));
    a_.mov(x86::ecx, x86::dword_ptr(x86::rcx, wait));
    a_.sub(host::left, x86::rcx);
    a_.mov(x86::ecx, x86::dword_ptr(host::hart, home_wait));
    a_.add(host::left, x86::rcx);
    a_.mov(x86::rcx, x86::qword_ptr(host::hart, at_.home));
    a_.dec(x86::qword_ptr(x86::rcx, counter));
    a_.dec(x86::qword_ptr(x86::rcx, region_offset::accesses));
}

void Emitter::fetch(Gp to, Mem from, Access access) {
    from.setSize(access.size);
    if (access.size == 4) {
        a_.mov(to, from);
    } else if (access.is_signed) {
        a_.movsx(to, from);
    } else {
        a_.movzx(to, from);
    }
}

template <unsigned size, bool is_signed>
void Emitter::load_from(const Instruction& i) {
    const Label elsewhere = a_.newLabel();
    const Label done = a_.newLabel();
    const Gp guest = address(i);
    check_home(guest, at_.home_loads, size, elsewhere);
    const Gp to = target(i.rd);
    fetch(to, x86::ptr(host::home, guest.r64()), {size, is_signed});
    written(i.rd, to);
    a_.bind(done);
    later([this, &i, elsewhere, done, guest, to, part = part_] {
        part_ = part;
        const Label slow = a_.newLabel();
        a_.bind(elsewhere);
        if (guest.id() != x86::eax.id()) {
            a_.mov(x86::eax, guest);
        }
        find_window(at_.loads, size, slow);
        leave_home(region_offset::read_wait, at_.home_read_wait, false);
        fetch(to, x86::ptr(x86::rdx), {size, is_signed});
        written(i.rd, to);
        a_.jmp(done);
        a_.bind(slow);
        step(i);
        a_.jmp(done);
    });
}

template <unsigned size>
void Emitter::store_to(const Instruction& i) {
    const Label elsewhere = a_.newLabel();
    const Label done = a_.newLabel();
    const Gp guest = address(i);
    check_home(guest, at_.home_stores, size, elsewhere);
    const auto put = [this, &i](Mem to) {
        to.setSize(size);
        const Gp value = read(i.rs2, x86::ecx);
        a_.mov(to, size == 1 ? value.r8() : size == 2 ? value.r16() : value);
    };
    put(x86::ptr(host::home, guest.r64()));
    a_.bind(done);
    later([this, &i, put, elsewhere, done, guest, part = part_] {
        part_ = part;
        const Label slow = a_.newLabel();
        a_.bind(elsewhere);
        if (guest.id() != x86::eax.id()) {
            a_.mov(x86::eax, guest);
        }
        find_window(at_.stores, size, slow);
        leave_home(region_offset::write_wait, at_.home_write_wait, true);
        put(x86::ptr(x86::rdx));
        a_.jmp(done);
        a_.bind(slow);
        step(i);
        a_.jmp(done);
    });
}

// For flw and fsw.
template void Emitter::load_from<4, false>(const Instruction& i);
template void Emitter::store_to<4>(const Instruction& i);

}  // namespace cimera::cpu::jit
