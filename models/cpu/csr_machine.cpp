// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/hart.hpp"

namespace cimera::cpu {

namespace {

/// Exceptions of lower modes; all that exist but ecall from M mode.
constexpr std::uint32_t delegable_exceptions = 0xb3ff;
/// menvcfg.FIOM: orders device accesses with memory, which happens here anyway.
constexpr std::uint32_t envcfg_mask = 1;

constexpr bool within(std::uint32_t number, std::uint32_t first, std::uint32_t last) {
    return number >= first && number <= last;
}

}  // namespace

std::optional<std::uint32_t> Hart::read_machine_csr(std::uint32_t number) const {
    switch (number) {
        case csr::mstatus:
            return mstatus_ | float_status();
        case csr::misa:
            return misa();
        case csr::mie:
            return mie_;
        case csr::mtvec:
            return machine_.tvec;
        case csr::mscratch:
            return machine_.scratch;
        case csr::mepc:
            return machine_.epc;
        case csr::mcause:
            return machine_.cause;
        case csr::mtval:
            return machine_.tval;
        case csr::mip:
            return mip_;
        case csr::mhartid:
            return config_.hart_id;
        case csr::mstatush:
        case csr::mvendorid:
        case csr::marchid:
        case csr::mimpid:
        case csr::mconfigptr:
        // Debug spec, 5.2: tdata1 of type 0 tells that there is no trigger; software that looks for
        // triggers must not trap.
        case csr::tselect:
        case csr::tdata1:
        case csr::tdata2:
        case csr::tdata3:
            return 0;
        default:
            return std::nullopt;
    }
}

bool Hart::write_machine_csr(std::uint32_t number, std::uint32_t value) {
    switch (number) {
        case csr::mstatus:
            write_mstatus(value, ~0U);
            return true;
        case csr::mie:
            mie_ = value &
                   (interrupt::mask | (config_.supervisor_mode ? interrupt::supervisor_mask : 0));
            update_interrupts();
            return true;
        case csr::mtvec:
            if ((value & 2U) == 0) {  // reserved modes leave it as it is
                machine_.tvec = value;
            }
            return true;
        case csr::mscratch:
            machine_.scratch = value;
            return true;
        case csr::mepc:
            machine_.epc = value & pc_mask();
            return true;
        case csr::mcause:
            machine_.cause = value;
            return true;
        case csr::mtval:
            machine_.tval = value;
            return true;
        case csr::mip:
            if (config_.supervisor_mode) {
                set_pending(value & interrupt::supervisor_mask);
            }
            return true;
        case csr::misa:
        case csr::mstatush:
        case csr::tselect:
        case csr::tdata1:
        case csr::tdata2:
        case csr::tdata3:
            return true;  // no bit of them can be written
        default:
            return false;
    }
}

/// What is pending by software; the lines are pending besides.
void Hart::set_pending(std::uint32_t software) {
    mip_software_ = software;
    mip_ = mip_lines_ | software;
    update_interrupts();
}

/// CSRs that exist because lower modes do.
std::optional<std::uint32_t> Hart::read_lower_mode_csr(std::uint32_t number) const {
    if (config_.user_mode) {
        switch (number) {
            case csr::mcounteren:
                return mcounteren_;
            case csr::menvcfg:
                return menvcfg_;
            case csr::menvcfgh:
                return 0;
            default:
                break;
        }
    }
    if (config_.supervisor_mode) {
        switch (number) {
            case csr::medeleg:
                return medeleg_;
            case csr::mideleg:
                return mideleg_;
            default:
                break;
        }
    }
    return std::nullopt;
}

bool Hart::write_lower_mode_csr(std::uint32_t number, std::uint32_t value) {
    if (!read_lower_mode_csr(number)) {
        return false;
    }
    switch (number) {
        case csr::mcounteren:
            mcounteren_ = value;
            break;
        case csr::menvcfg:
            menvcfg_ = value & envcfg_mask;
            break;
        case csr::medeleg:
            medeleg_ = value & delegable_exceptions;
            break;
        case csr::mideleg:
            mideleg_ = value & interrupt::supervisor_mask;
            update_interrupts();
            break;
        default:
            break;
    }
    return true;
}

std::optional<std::uint32_t> Hart::read_pmp_csr(std::uint32_t number) const {
    if (within(number, csr::pmpcfg0, csr::pmpcfg3)) {
        return pmp_.config(number - csr::pmpcfg0);
    }
    if (within(number, csr::pmpaddr0, csr::pmpaddr15)) {
        return pmp_.address(number - csr::pmpaddr0);
    }
    return std::nullopt;
}

bool Hart::write_pmp_csr(std::uint32_t number, std::uint32_t value) {
    if (within(number, csr::pmpcfg0, csr::pmpcfg3)) {
        pmp_.set_config(number - csr::pmpcfg0, value);
    } else if (within(number, csr::pmpaddr0, csr::pmpaddr15)) {
        pmp_.set_address(number - csr::pmpaddr0, value);
    } else {
        return false;
    }
    protection_changed();
    return true;
}

}  // namespace cimera::cpu
