// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/float32.hpp"
#include "models/cpu/hart.hpp"

namespace cimera::cpu {

namespace {

constexpr unsigned frm_shift = 5;
constexpr std::uint32_t frm_mask = 7;

}  // namespace

/// The bits of mstatus that tell the state of the floating-point unit.
std::uint32_t Hart::float_status() const {
    return fs_ | (fs_ == mstatus::fs ? mstatus::sd : 0);
}

/// A write to mstatus. Without F the field reads as zero.
void Hart::set_float_status(std::uint32_t mstatus) {
    if ((config_.extensions & bit(Extension::f)) != 0) {
        fs_ = mstatus & mstatus::fs;
    }
}

std::optional<std::uint32_t> Hart::read_float_csr(std::uint32_t number) const {
    if ((config_.extensions & bit(Extension::f)) == 0) {
        return std::nullopt;
    }
    switch (number) {
        case csr::fflags:
            return fcsr_ & float32::all_flags;
        case csr::frm:
            return dynamic_rounding();
        case csr::fcsr:
            return fcsr_;
        default:
            return std::nullopt;
    }
}

bool Hart::write_float_csr(std::uint32_t number, std::uint32_t value) {
    if ((config_.extensions & bit(Extension::f)) == 0) {
        return false;
    }
    constexpr std::uint32_t frm_field = frm_mask << frm_shift;
    switch (number) {
        case csr::fflags:
            fcsr_ = (fcsr_ & frm_field) | (value & float32::all_flags);
            break;
        case csr::frm:
            fcsr_ = (value & frm_mask) << frm_shift | (fcsr_ & float32::all_flags);
            break;
        case csr::fcsr:
            fcsr_ = value & (frm_field | float32::all_flags);
            break;
        default:
            return false;
    }
    if (fs_ != 0) {  // a debugger may write while the unit is off
        fs_ = mstatus::fs;
    }
    return true;
}

}  // namespace cimera::cpu
