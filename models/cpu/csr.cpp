// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/csr.hpp"

#include <array>
#include <map>
#include <string>
#include <utility>

#include "models/cpu/hart.hpp"

namespace cimera::cpu {

namespace {

std::map<std::uint32_t, std::string> make_names() {
    std::map<std::uint32_t, std::string> names{{csr::sstatus, "sstatus"},
                                               {csr::sie, "sie"},
                                               {csr::fflags, "fflags"},
                                               {csr::frm, "frm"},
                                               {csr::fcsr, "fcsr"},
                                               {csr::stvec, "stvec"},
                                               {csr::scounteren, "scounteren"},
                                               {csr::senvcfg, "senvcfg"},
                                               {csr::sscratch, "sscratch"},
                                               {csr::sepc, "sepc"},
                                               {csr::scause, "scause"},
                                               {csr::stval, "stval"},
                                               {csr::sip, "sip"},
                                               {csr::satp, "satp"},
                                               {csr::mstatus, "mstatus"},
                                               {csr::misa, "misa"},
                                               {csr::medeleg, "medeleg"},
                                               {csr::mideleg, "mideleg"},
                                               {csr::mie, "mie"},
                                               {csr::mtvec, "mtvec"},
                                               {csr::mcounteren, "mcounteren"},
                                               {csr::menvcfg, "menvcfg"},
                                               {csr::mstatush, "mstatush"},
                                               {csr::menvcfgh, "menvcfgh"},
                                               {csr::mcountinhibit, "mcountinhibit"},
                                               {csr::mscratch, "mscratch"},
                                               {csr::mepc, "mepc"},
                                               {csr::mcause, "mcause"},
                                               {csr::mtval, "mtval"},
                                               {csr::mip, "mip"},
                                               {csr::mcycle, "mcycle"},
                                               {csr::minstret, "minstret"},
                                               {csr::mcycleh, "mcycleh"},
                                               {csr::cycle, "cycle"},
                                               {csr::minstreth, "minstreth"},
                                               {csr::time, "time"},
                                               {csr::instret, "instret"},
                                               {csr::cycleh, "cycleh"},
                                               {csr::timeh, "timeh"},
                                               {csr::instreth, "instreth"},
                                               {csr::mvendorid, "mvendorid"},
                                               {csr::marchid, "marchid"},
                                               {csr::mimpid, "mimpid"},
                                               {csr::mhartid, "mhartid"},
                                               {csr::mconfigptr, "mconfigptr"},
                                               {csr::tselect, "tselect"},
                                               {csr::tdata1, "tdata1"},
                                               {csr::tdata2, "tdata2"},
                                               {csr::tdata3, "tdata3"}};
    for (std::uint32_t k = first_event_counter; k < 32; ++k) {
        const std::uint32_t offset = k - first_event_counter;
        const std::string number = std::to_string(k);
        names[csr::mhpmevent3 + offset] = "mhpmevent" + number;
        names[csr::mhpmcounter3 + offset] = "mhpmcounter" + number;
        names[csr::mhpmcounter3h + offset] = "mhpmcounter" + number + "h";
        names[csr::hpmcounter3 + offset] = "hpmcounter" + number;
        names[csr::hpmcounter3h + offset] = "hpmcounter" + number + "h";
    }
    for (std::uint32_t k = 0; k < Pmp::entries; ++k) {
        names[csr::pmpaddr0 + k] = "pmpaddr" + std::to_string(k);
        names[csr::pmpcfg0 + k / 4] = "pmpcfg" + std::to_string(k / 4);
    }
    return names;
}

constexpr bool is_user_counter(std::uint32_t number) {
    return (number & ~0x9fU) == csr::cycle;
}

}  // namespace

std::string_view csr::name(std::uint32_t number) {
    static const std::map<std::uint32_t, std::string> names = make_names();
    const auto found = names.find(number);
    return found == names.end() ? std::string_view{} : found->second;
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
    value |= config_.user_mode ? 1U << ('u' - 'a') : 0;
    value |= config_.supervisor_mode ? 1U << ('s' - 'a') : 0;
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
    using Reader = std::optional<std::uint32_t> (Hart::*)(std::uint32_t) const;
    constexpr std::array<Reader, 6> readers{&Hart::read_machine_csr,    &Hart::read_counter_csr,
                                            &Hart::read_supervisor_csr, &Hart::read_lower_mode_csr,
                                            &Hart::read_pmp_csr,        &Hart::read_event_csr};
    for (const Reader reader : readers) {
        if (const auto value = (this->*reader)(number)) {
            return value;
        }
    }
    return std::nullopt;
}

bool Hart::write_csr(std::uint32_t number, std::uint32_t value) {
    if (number <= csr::fcsr) {
        return write_float_csr(number, value);
    }
    return write_machine_csr(number, value) || write_counter_csr(number, value) ||
           write_supervisor_csr(number, value) || write_lower_mode_csr(number, value) ||
           write_pmp_csr(number, value) || write_event_csr(number, value);
}

/// Whether an instruction may access an existing CSR now. The number's top bits: 11 is read-only;
/// the next two: the lowest privilege (priv. spec, 2.1).
bool Hart::csr_accessible(std::uint32_t number, bool write) const {
    if ((write && number >> 10 == 3) || (number >> 8 & 3U) > static_cast<unsigned>(privilege_)) {
        return false;
    }
    if (number <= csr::fcsr) {
        return fs_ != 0;
    }
    if (number == csr::satp) {
        return privilege_ == Privilege::machine || (mstatus_ & mstatus::tvm) == 0;
    }
    return !is_user_counter(number) || counter_enabled(number & 31U);
}

/// mcounteren allows it to the next mode, there scounteren to U mode (priv. spec, 3.1.11).
bool Hart::counter_enabled(unsigned index) const {
    std::uint32_t enabled = ~0U;
    if (privilege_ != Privilege::machine) {
        enabled &= mcounteren_;
    }
    if (privilege_ == Privilege::user && config_.supervisor_mode) {
        enabled &= scounteren_;
    }
    return (enabled >> index & 1U) != 0;
}

/// What csrrs and csrrc start from: of mip.SEIP the bit that software wrote, not the line from the
/// interrupt controller that reads with it (priv. spec, 3.1.9).
std::uint32_t Hart::modifiable(std::uint32_t number, std::uint32_t value) const {
    constexpr std::uint32_t external = 1U << interrupt::supervisor_external;
    return number == csr::mip ? (value & ~external) | (mip_software_ & external) : value;
}

void Hart::reset_csrs() {
    mstatus_ = config_.user_mode ? 0 : mstatus::mpp;
    fs_ = fcsr_ = 0;
    mie_ = mip_ = mip_lines_ = mip_software_ = 0;
    medeleg_ = mideleg_ = mcounteren_ = scounteren_ = menvcfg_ = senvcfg_ = 0;
    machine_ = supervisor_ = {};
    mcycle_ = minstret_ = {};
    event_counters_.fill({});
    selected_.fill(Event::none);
    tally_.fill(0);
    taken_.fill(0);
    pmp_ = {};
    for (std::uint64_t& stamp : fetch_stamps_) {
        stamp = ++last_stamp_;
    }
    set_privilege(Privilege::machine);
}

}  // namespace cimera::cpu
