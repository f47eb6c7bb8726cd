// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/hart.hpp"

namespace cimera::cpu {

std::optional<std::uint32_t> Hart::read_supervisor_csr(std::uint32_t number) const {
    if (!config_.supervisor_mode) {
        return std::nullopt;
    }
    switch (number) {
        case csr::sstatus:
            return mstatus_ & mstatus::supervisor;
        case csr::sie:
            return mie_ & mideleg_;
        case csr::stvec:
            return supervisor_.tvec;
        case csr::scounteren:
            return scounteren_;
        case csr::senvcfg:
            return senvcfg_;
        case csr::sscratch:
            return supervisor_.scratch;
        case csr::sepc:
            return supervisor_.epc;
        case csr::scause:
            return supervisor_.cause;
        case csr::stval:
            return supervisor_.tval;
        case csr::sip:
            return mip_ & mideleg_;
        case csr::satp:
            return 0;
        default:
            return std::nullopt;
    }
}

/// sie and sip show what is delegated (priv. spec, 4.1.3); of sip only SSIP can be written.
bool Hart::write_supervisor_csr(std::uint32_t number, std::uint32_t value) {
    if (!config_.supervisor_mode) {
        return false;
    }
    switch (number) {
        case csr::sstatus:
            write_mstatus(value, mstatus::supervisor);
            return true;
        case csr::sie:
            mie_ = (mie_ & ~mideleg_) | (value & mideleg_);
            update_interrupts();
            return true;
        case csr::stvec:
            if ((value & 2U) == 0) {  // reserved modes leave it as it is
                supervisor_.tvec = value;
            }
            return true;
        case csr::scounteren:
            scounteren_ = value;
            return true;
        case csr::senvcfg:
            senvcfg_ = value & 1U;  // FIOM
            return true;
        case csr::sscratch:
            supervisor_.scratch = value;
            return true;
        case csr::sepc:
            supervisor_.epc = value & pc_mask();
            return true;
        case csr::scause:
            supervisor_.cause = value;
            return true;
        case csr::stval:
            supervisor_.tval = value;
            return true;
        case csr::sip: {
            const std::uint32_t mask = mideleg_ & 1U << interrupt::supervisor_software;
            set_pending((mip_software_ & ~mask) | (value & mask));
            return true;
        }
        case csr::satp:
            return true;
        default:
            return false;
    }
}

}  // namespace cimera::cpu
