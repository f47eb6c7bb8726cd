// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/csr.hpp"

#include <array>
#include <utility>

#include "models/cpu/hart.hpp"

namespace cimera::cpu {

namespace {

constexpr std::uint32_t low(std::uint64_t value) {
    return static_cast<std::uint32_t>(value);
}

constexpr std::uint32_t high(std::uint64_t value) {
    return static_cast<std::uint32_t>(value >> 32);
}

constexpr std::uint64_t with_low(std::uint64_t value, std::uint32_t part) {
    return (value & ~std::uint64_t{0xffffffff}) | part;
}

constexpr std::uint64_t with_high(std::uint64_t value, std::uint32_t part) {
    return (value & 0xffffffff) | std::uint64_t{part} << 32;
}

constexpr bool within(std::uint32_t number, std::uint32_t first, std::uint32_t last) {
    return number >= first && number <= last;
}

/// Event counters exist and read as zero.
constexpr bool is_event_csr(std::uint32_t number) {
    return within(number, csr::mhpmcounter3, csr::mhpmcounter31) ||
           within(number, csr::mhpmcounter3h, csr::mhpmcounter31h) ||
           within(number, csr::mhpmevent3, csr::mhpmevent31);
}

constexpr std::uint32_t inhibit_cycle = 1;
constexpr std::uint32_t inhibit_instret = 4;

}  // namespace

std::string_view csr::name(std::uint32_t number) {
    using Name = std::pair<std::uint32_t, std::string_view>;
    constexpr std::array names{Name{fflags, "fflags"},
                               Name{frm, "frm"},
                               Name{fcsr, "fcsr"},
                               Name{mstatus, "mstatus"},
                               Name{misa, "misa"},
                               Name{mie, "mie"},
                               Name{mtvec, "mtvec"},
                               Name{mstatush, "mstatush"},
                               Name{mcountinhibit, "mcountinhibit"},
                               Name{mscratch, "mscratch"},
                               Name{mepc, "mepc"},
                               Name{mcause, "mcause"},
                               Name{mtval, "mtval"},
                               Name{mip, "mip"},
                               Name{mcycle, "mcycle"},
                               Name{minstret, "minstret"},
                               Name{mcycleh, "mcycleh"},
                               Name{cycle, "cycle"},
                               Name{minstreth, "minstreth"},
                               Name{time, "time"},
                               Name{instret, "instret"},
                               Name{cycleh, "cycleh"},
                               Name{timeh, "timeh"},
                               Name{instreth, "instreth"},
                               Name{mvendorid, "mvendorid"},
                               Name{marchid, "marchid"},
                               Name{mimpid, "mimpid"},
                               Name{mhartid, "mhartid"},
                               Name{mconfigptr, "mconfigptr"}};
    for (const auto& [known, text] : names) {
        if (known == number) {
            return text;
        }
    }
    return {};
}

std::uint32_t Hart::misa() const {
    std::uint32_t value = 1U << 30;
    for (const auto& [extension, letter] :
         {std::pair{Extension::i, 'i'}, std::pair{Extension::m, 'm'}, std::pair{Extension::a, 'a'},
          std::pair{Extension::f, 'f'}, std::pair{Extension::c, 'c'}}) {
        if ((config_.extensions & bit(extension)) != 0) {
            value |= 1U << (letter - 'a');
        }
    }
    return value;
}

/// Bits of a program counter that can be 1.
std::uint32_t Hart::pc_mask() const {
    return (config_.extensions & bit(Extension::c)) != 0 ? ~1U : ~3U;
}

std::optional<std::uint32_t> Hart::read_csr(std::uint32_t number) const {
    if (number <= csr::fcsr) {
        return read_float_csr(number);
    }
    const auto value = read_machine_csr(number);
    return value ? value : read_counter_csr(number);
}

std::optional<std::uint32_t> Hart::read_machine_csr(std::uint32_t number) const {
    switch (number) {
        case csr::mstatus:
            return mstatus_ | mstatus::mpp | float_status();
        case csr::misa:
            return misa();
        case csr::mie:
            return mie_;
        case csr::mtvec:
            return mtvec_;
        case csr::mcountinhibit:
            return (mcycle_.inhibited ? inhibit_cycle : 0) |
                   (minstret_.inhibited ? inhibit_instret : 0);
        case csr::mscratch:
            return mscratch_;
        case csr::mepc:
            return mepc_;
        case csr::mcause:
            return mcause_;
        case csr::mtval:
            return mtval_;
        case csr::mip:
            return mip_;
        case csr::mhartid:
            return config_.hart_id;
        case csr::mstatush:
        case csr::mvendorid:
        case csr::marchid:
        case csr::mimpid:
        case csr::mconfigptr:
            return 0;
        default:
            return std::nullopt;
    }
}

std::optional<std::uint32_t> Hart::read_counter_csr(std::uint32_t number) const {
    switch (number) {
        case csr::mcycle:
        case csr::cycle:
            return low(counter_value(mcycle_, cycles()));
        case csr::mcycleh:
        case csr::cycleh:
            return high(counter_value(mcycle_, cycles()));
        case csr::minstret:
        case csr::instret:
            return low(counter_value(minstret_, instret()));
        case csr::minstreth:
        case csr::instreth:
            return high(counter_value(minstret_, instret()));
        case csr::time:
            return low(bus_.mtime());
        case csr::timeh:
            return high(bus_.mtime());
        default:
            break;
    }
    if (is_event_csr(number)) {
        return 0;
    }
    return std::nullopt;
}

bool Hart::write_csr(std::uint32_t number, std::uint32_t value) {
    if (number <= csr::fcsr) {
        return write_float_csr(number, value);
    }
    switch (number) {
        case csr::mstatus:
            mstatus_ = value & (mstatus::mie | mstatus::mpie);
            set_float_status(value);
            update_interrupts();
            return true;
        case csr::mie:
            mie_ = value & interrupt::mask;
            update_interrupts();
            return true;
        case csr::mtvec:
            if ((value & 2U) == 0) {  // reserved modes leave it as it is
                mtvec_ = value;
            }
            return true;
        case csr::mscratch:
            mscratch_ = value;
            return true;
        case csr::mepc:
            mepc_ = value & pc_mask();
            return true;
        case csr::mcause:
            mcause_ = value;
            return true;
        case csr::mtval:
            mtval_ = value;
            return true;
        case csr::misa:
        case csr::mstatush:
        case csr::mip:
            return true;  // no bit of them can be written
        default:
            return write_counter_csr(number, value);
    }
}

/// Priv. spec, 3.1.10: a write takes effect after the writing instruction has otherwise completed.
bool Hart::write_counter_csr(std::uint32_t number, std::uint32_t value) {
    const std::uint64_t cycle = cycles_after();
    const std::uint64_t retired = instret_after();
    const std::uint64_t cycle_value = counter_value(mcycle_, cycle);
    const std::uint64_t retired_value = counter_value(minstret_, retired);
    switch (number) {
        case csr::mcycle:
            set_counter(mcycle_, cycle, with_low(cycle_value, value));
            return true;
        case csr::mcycleh:
            set_counter(mcycle_, cycle, with_high(cycle_value, value));
            return true;
        case csr::minstret:
            set_counter(minstret_, retired, with_low(retired_value, value));
            return true;
        case csr::minstreth:
            set_counter(minstret_, retired, with_high(retired_value, value));
            return true;
        case csr::mcountinhibit:
            inhibit(mcycle_, cycle, (value & inhibit_cycle) != 0);
            inhibit(minstret_, retired, (value & inhibit_instret) != 0);
            return true;
        default:
            return is_event_csr(number);
    }
}

}  // namespace cimera::cpu
