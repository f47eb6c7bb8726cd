// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/debug/target_xml.hpp"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "platform/debug/registers.hpp"

namespace cimera::debug {

namespace {

constexpr std::array<std::string_view, 32> x_names = {
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "fp", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

constexpr std::array<std::string_view, 32> f_names = {
    "ft0", "ft1", "ft2", "ft3", "ft4",  "ft5",  "ft6", "ft7", "fs0",  "fs1", "fa0",
    "fa1", "fa2", "fa3", "fa4", "fa5",  "fa6",  "fa7", "fs2", "fs3",  "fs4", "fs5",
    "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11"};

std::string reg(std::string_view name, std::uint32_t number, std::string_view more = "") {
    return fmt::format("<reg name=\"{}\" bitsize=\"32\" regnum=\"{}\"{}/>\n", name, number, more);
}

std::string csr_name(std::uint32_t number) {
    using namespace cpu::csr;
    const std::string_view known = cpu::csr::name(number);
    if (!known.empty()) {
        return std::string(known);
    }
    const auto counter = [number](std::uint32_t first, std::uint32_t last) {
        return number >= first && number <= last;
    };
    if (counter(mhpmcounter3, mhpmcounter31)) {
        return fmt::format("mhpmcounter{}", number - mhpmcounter3 + 3);
    }
    if (counter(mhpmcounter3h, mhpmcounter31h)) {
        return fmt::format("mhpmcounter{}h", number - mhpmcounter3h + 3);
    }
    if (counter(mhpmevent3, mhpmevent31)) {
        return fmt::format("mhpmevent{}", number - mhpmevent3 + 3);
    }
    return fmt::format("csr{:03x}", number);
}

}  // namespace

std::string target_xml(const cpu::Hart& hart) {
    std::string xml =
        "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
        "<target version=\"1.0\">\n<architecture>riscv:rv32</architecture>\n"
        "<feature name=\"org.gnu.gdb.riscv.cpu\">\n";
    for (std::uint32_t i = 0; i < x_names.size(); ++i) {
        const bool code = i == 1;
        const bool data = i == 2 || i == 3 || i == 4 || i == 8;
        std::string_view type = " type=\"int\"";
        if (code) {
            type = " type=\"code_ptr\"";
        } else if (data) {
            type = " type=\"data_ptr\"";
        }
        xml += reg(x_names[i], i, type);
    }
    xml += reg("pc", gdb_register::pc, " type=\"code_ptr\"") + "</feature>\n";
    if (has_float_registers(hart)) {
        xml += "<feature name=\"org.gnu.gdb.riscv.fpu\">\n";
        for (std::uint32_t i = 0; i < f_names.size(); ++i) {
            xml += reg(f_names[i], gdb_register::first_float + i, " type=\"ieee_single\"");
        }
        xml += "</feature>\n";
    }
    xml += "<feature name=\"org.gnu.gdb.riscv.csr\">\n";
    for (std::uint32_t csr = 0; csr < gdb_register::csrs; ++csr) {
        if (hart.read_csr(csr)) {
            // A call made by the debugger must not put counters back.
            xml += reg(csr_name(csr), gdb_register::first_csr + csr, " save-restore=\"no\"");
        }
    }
    xml += "</feature>\n<feature name=\"org.gnu.gdb.riscv.virtual\">\n" +
           reg("priv", gdb_register::privilege) + "</feature>\n</target>\n";
    return xml;
}

std::string memory_map_xml(const std::vector<MapEntry>& map) {
    std::string xml =
        "<?xml version=\"1.0\"?>\n<!DOCTYPE memory-map PUBLIC \"+//IDN gnu.org//DTD GDB Memory Map "
        "V1.0//EN\" \"http://sourceware.org/gdb/gdb-memory-map.dtd\">\n<memory-map>\n";
    for (const MapEntry& entry : map) {
        const bool read_only = entry.name == "rom";
        xml += fmt::format("<memory type=\"{}\" start=\"0x{:x}\" length=\"0x{:x}\"/>\n",
                           read_only ? "rom" : "ram", entry.base, entry.size);
    }
    return xml + "</memory-map>\n";
}

}  // namespace cimera::debug
