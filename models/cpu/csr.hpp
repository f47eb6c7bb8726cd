// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#pragma once

#include <cstdint>
#include <string_view>

namespace cimera::cpu {

namespace csr {

inline constexpr std::uint32_t fflags = 0x001;
inline constexpr std::uint32_t frm = 0x002;
inline constexpr std::uint32_t fcsr = 0x003;
inline constexpr std::uint32_t sstatus = 0x100;
inline constexpr std::uint32_t sie = 0x104;
inline constexpr std::uint32_t stvec = 0x105;
inline constexpr std::uint32_t scounteren = 0x106;
inline constexpr std::uint32_t senvcfg = 0x10a;
inline constexpr std::uint32_t sscratch = 0x140;
inline constexpr std::uint32_t sepc = 0x141;
inline constexpr std::uint32_t scause = 0x142;
inline constexpr std::uint32_t stval = 0x143;
inline constexpr std::uint32_t sip = 0x144;
inline constexpr std::uint32_t satp = 0x180;
inline constexpr std::uint32_t mstatus = 0x300;
inline constexpr std::uint32_t misa = 0x301;
inline constexpr std::uint32_t medeleg = 0x302;
inline constexpr std::uint32_t mideleg = 0x303;
inline constexpr std::uint32_t mie = 0x304;
inline constexpr std::uint32_t mtvec = 0x305;
inline constexpr std::uint32_t mcounteren = 0x306;
inline constexpr std::uint32_t menvcfg = 0x30a;
inline constexpr std::uint32_t mstatush = 0x310;
inline constexpr std::uint32_t menvcfgh = 0x31a;
inline constexpr std::uint32_t mcountinhibit = 0x320;
inline constexpr std::uint32_t mhpmevent3 = 0x323;
inline constexpr std::uint32_t mhpmevent31 = 0x33f;
inline constexpr std::uint32_t mscratch = 0x340;
inline constexpr std::uint32_t mepc = 0x341;
inline constexpr std::uint32_t mcause = 0x342;
inline constexpr std::uint32_t mtval = 0x343;
inline constexpr std::uint32_t mip = 0x344;
inline constexpr std::uint32_t pmpcfg0 = 0x3a0;
inline constexpr std::uint32_t pmpcfg3 = 0x3a3;
inline constexpr std::uint32_t pmpaddr0 = 0x3b0;
inline constexpr std::uint32_t pmpaddr15 = 0x3bf;
inline constexpr std::uint32_t mcycle = 0xb00;
inline constexpr std::uint32_t minstret = 0xb02;
inline constexpr std::uint32_t mhpmcounter3 = 0xb03;
inline constexpr std::uint32_t mhpmcounter31 = 0xb1f;
inline constexpr std::uint32_t mcycleh = 0xb80;
inline constexpr std::uint32_t minstreth = 0xb82;
inline constexpr std::uint32_t mhpmcounter3h = 0xb83;
inline constexpr std::uint32_t mhpmcounter31h = 0xb9f;
inline constexpr std::uint32_t cycle = 0xc00;
inline constexpr std::uint32_t time = 0xc01;
inline constexpr std::uint32_t instret = 0xc02;
inline constexpr std::uint32_t hpmcounter3 = 0xc03;
inline constexpr std::uint32_t hpmcounter31 = 0xc1f;
inline constexpr std::uint32_t cycleh = 0xc80;
inline constexpr std::uint32_t timeh = 0xc81;
inline constexpr std::uint32_t instreth = 0xc82;
inline constexpr std::uint32_t hpmcounter3h = 0xc83;
inline constexpr std::uint32_t hpmcounter31h = 0xc9f;
inline constexpr std::uint32_t mvendorid = 0xf11;
inline constexpr std::uint32_t marchid = 0xf12;
inline constexpr std::uint32_t mimpid = 0xf13;
inline constexpr std::uint32_t mhartid = 0xf14;
inline constexpr std::uint32_t tselect = 0x7a0;
inline constexpr std::uint32_t tdata1 = 0x7a1;
inline constexpr std::uint32_t tdata2 = 0x7a2;
inline constexpr std::uint32_t tdata3 = 0x7a3;
inline constexpr std::uint32_t mconfigptr = 0xf15;

/// Empty for CSRs that the core does not know.
std::string_view name(std::uint32_t number);

}  // namespace csr

namespace mstatus {
inline constexpr std::uint32_t sie = 1U << 1;
inline constexpr std::uint32_t mie = 1U << 3;
inline constexpr std::uint32_t spie = 1U << 5;
inline constexpr std::uint32_t mpie = 1U << 7;
inline constexpr std::uint32_t spp = 1U << 8;
inline constexpr std::uint32_t mpp = 3U << 11;
inline constexpr std::uint32_t fs = 3U << 13;  ///< 0 off, 1 initial, 2 clean, 3 dirty
inline constexpr std::uint32_t sd = 1U << 31;
inline constexpr std::uint32_t mpp_unit = 1U << 11;
inline constexpr std::uint32_t mprv = 1U << 17;
inline constexpr std::uint32_t mxr = 1U << 19;
inline constexpr std::uint32_t tvm = 1U << 20;
inline constexpr std::uint32_t tw = 1U << 21;
inline constexpr std::uint32_t tsr = 1U << 22;
/// What sstatus shows of mstatus.
inline constexpr std::uint32_t supervisor = sie | spie | spp | mxr;
}  // namespace mstatus

namespace interrupt {
inline constexpr unsigned software = 3;
inline constexpr unsigned timer = 7;
inline constexpr unsigned external = 11;
inline constexpr unsigned supervisor_software = 1;
inline constexpr unsigned supervisor_timer = 5;
inline constexpr unsigned supervisor_external = 9;
inline constexpr std::uint32_t mask = 1U << software | 1U << timer | 1U << external;
inline constexpr std::uint32_t supervisor_mask =
    1U << supervisor_software | 1U << supervisor_timer | 1U << supervisor_external;
inline constexpr std::uint32_t cause_bit = 1U << 31;
}  // namespace interrupt

namespace cause {
inline constexpr std::uint32_t fetch_misaligned = 0;
inline constexpr std::uint32_t fetch_fault = 1;
inline constexpr std::uint32_t illegal = 2;
inline constexpr std::uint32_t breakpoint = 3;
inline constexpr std::uint32_t load_misaligned = 4;
inline constexpr std::uint32_t load_fault = 5;
inline constexpr std::uint32_t store_misaligned = 6;
inline constexpr std::uint32_t store_fault = 7;
inline constexpr std::uint32_t ecall_from_u = 8;
inline constexpr std::uint32_t ecall_from_s = 9;
inline constexpr std::uint32_t ecall_from_m = 11;
}  // namespace cause

}  // namespace cimera::cpu
