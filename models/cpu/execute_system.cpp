// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/execute_inline.hpp"

namespace cimera::cpu {

Cursor Execute::csr(Hart& h, Cursor i, CsrOperation operation, std::uint32_t operand, bool write) {
    h.enter(i);
    const std::uint32_t number = i->imm;
    const auto old = h.read_csr(number);
    if (!old || !h.csr_accessible(number, write)) {
        return h.raise_illegal(i);
    }
    if (write) {
        std::uint32_t value = operand;
        if (operation == CsrOperation::set) {
            value = h.modifiable(number, *old) | operand;
        } else if (operation == CsrOperation::clear) {
            value = h.modifiable(number, *old) & ~operand;
        }
        h.write_csr(number, value);
    }
    h.x_[i->rd] = *old;
    return leave(h, i);
}

Cursor Execute::csrrw(Hart& h, Cursor i) {
    return csr(h, i, CsrOperation::write, h.x_[i->rs1], true);
}
Cursor Execute::csrrs(Hart& h, Cursor i) {
    return csr(h, i, CsrOperation::set, h.x_[i->rs1], i->rs1 != 0);
}
Cursor Execute::csrrc(Hart& h, Cursor i) {
    return csr(h, i, CsrOperation::clear, h.x_[i->rs1], i->rs1 != 0);
}
Cursor Execute::csrrwi(Hart& h, Cursor i) {
    return csr(h, i, CsrOperation::write, i->rs1, true);
}
Cursor Execute::csrrsi(Hart& h, Cursor i) {
    return csr(h, i, CsrOperation::set, i->rs1, i->rs1 != 0);
}
Cursor Execute::csrrci(Hart& h, Cursor i) {
    return csr(h, i, CsrOperation::clear, i->rs1, i->rs1 != 0);
}

/// One hart, in order, blocking accesses: nothing to wait for.
Cursor Execute::fence(Hart& h, Cursor i) {
    return next(h, i);
}

Cursor Execute::fence_i(Hart& h, Cursor i) {
    h.enter(i);
    h.settle();
    h.blocks_.drop_all();
    return leave(h, i);
}

Cursor Execute::ecall(Hart& h, Cursor i) {
    const auto mode = static_cast<std::uint32_t>(h.privilege_);
    return h.raise(i, Trap{.cause = cause::ecall_from_u + mode});
}

/// Priv. spec, mtval: of a breakpoint it may be the address or, as here and in QEMU, 0.
Cursor Execute::ebreak(Hart& h, Cursor i) {
    return h.raise(i, Trap{.cause = cause::breakpoint});
}

Cursor Execute::mret(Hart& h, Cursor i) {
    if (h.privilege_ != Privilege::machine) {
        return h.raise_illegal(i);
    }
    h.return_from_machine();
    h.reserved_ = false;
    return redirect(h, i, h.machine_.epc);
}

Cursor Execute::sret(Hart& h, Cursor i) {
    const bool trapped = h.privilege_ == Privilege::supervisor && (h.mstatus_ & mstatus::tsr) != 0;
    if (!h.config_.supervisor_mode || h.privilege_ == Privilege::user || trapped) {
        return h.raise_illegal(i);
    }
    h.return_from_supervisor();
    h.reserved_ = false;
    return redirect(h, i, h.supervisor_.epc);
}

/// Nothing is translated: there is nothing to order.
Cursor Execute::sfence_vma(Hart& h, Cursor i) {
    const bool trapped = h.privilege_ == Privilege::supervisor && (h.mstatus_ & mstatus::tvm) != 0;
    if (!h.config_.supervisor_mode || h.privilege_ == Privilege::user || trapped) {
        return h.raise_illegal(i);
    }
    return next(h, i);
}

Cursor Execute::wfi(Hart& h, Cursor i) {
    if (h.wfi_traps()) {
        return h.raise_illegal(i);
    }
    if (!h.interrupt_pending()) {
        h.count(Event::wfi);
        h.attention_ |= Hart::attention_wfi;
    }
    return leave(h, i);
}

Cursor Execute::illegal(Hart& h, Cursor i) {
    return h.raise_illegal(i);
}

}  // namespace cimera::cpu
