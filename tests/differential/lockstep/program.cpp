// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "tests/differential/lockstep/program.hpp"

#include <algorithm>
#include <cstring>
#include <istream>
#include <ostream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "models/cpu/decode.hpp"
#include "models/cpu/disassemble.hpp"
#include "tests/support/elf_builder.hpp"

namespace cimera::lockstep {

namespace {

constexpr std::uint16_t short_nop = 0x0001;
constexpr std::uint32_t platform_bytes = 0x1000;  // where it saves its registers

std::uint32_t bits_at(const Unit& unit, std::size_t half) {
    const std::uint32_t high = half + 1 < unit.code.size() ? unit.code[half + 1] : 0;
    return unit.code[half] | high << 16;
}

/// Calls visit(address, bits) for each instruction of the unit.
template <typename Visit>
void each_instruction(const Unit& unit, Visit visit) {
    for (std::size_t half = 0; half < unit.code.size();) {
        const unsigned length = cpu::instruction_length(unit.code[half]);
        visit(unit.address + static_cast<std::uint32_t>(2 * half),
              length == 4 ? bits_at(unit, half) : unit.code[half]);
        half += length / 2;
    }
}

void list_unit(std::ostream& out, const Unit& unit) {
    each_instruction(unit, [&](std::uint32_t address, std::uint32_t bits) {
        out << fmt::format("# {:08x}  {}\n", address, cpu::disassemble(bits, address));
    });
}

Unit read_unit(std::istringstream& words, bool removable) {
    Unit unit;
    unit.removable = removable;
    words >> std::hex >> unit.address;
    for (std::string word; words >> word && word[0] != '#';) {
        unit.code.push_back(static_cast<std::uint16_t>(std::stoul(word, nullptr, 16)));
    }
    return unit;
}

/// Nops wherever units were left out.
void fill_gaps(Program& program) {
    std::vector<Unit> complete;
    std::uint32_t next = code_base;
    for (Unit& unit : program.units) {
        if (unit.address < next || (unit.address - next) % 2 != 0 || unit.address >= scratch_base) {
            throw std::runtime_error(fmt::format("unit at {:#x} is misplaced", unit.address));
        }
        if (unit.address > next) {
            complete.push_back({next, std::vector((unit.address - next) / 2, short_nop), true});
        }
        next = unit.address + unit.bytes();
        complete.push_back(std::move(unit));
    }
    program.units = std::move(complete);
}

}  // namespace

std::vector<std::uint8_t> Program::image() const {
    std::vector<std::uint8_t> bytes(scratch_base + scratch_bytes - code_base);
    for (const Unit& unit : units) {
        std::memcpy(&bytes[unit.address - code_base], unit.code.data(), unit.bytes());
    }
    std::memcpy(&bytes[scratch_base - code_base], data.data(), 4 * data.size());
    return bytes;
}

std::string Program::elf() const {
    const auto bytes = image();
    test::ElfBuilder file(code_base);
    file.add_segment(".text", code_base, PF_R | PF_W | PF_X,
                     std::string(bytes.begin(), bytes.end()),
                     static_cast<std::uint32_t>(bytes.size()) + platform_bytes);
    return file.build();
}

unsigned Program::size() const {
    unsigned count = 0;
    for (const Unit& unit : units) {
        if (unit.removable && !erased(unit)) {
            each_instruction(unit, [&](std::uint32_t, std::uint32_t) { ++count; });
        }
    }
    return count;
}

void erase(Unit& unit) {
    std::fill(unit.code.begin(), unit.code.end(), short_nop);
}

bool erased(const Unit& unit) {
    return std::all_of(unit.code.begin(), unit.code.end(),
                       [](std::uint16_t half) { return half == short_nop; });
}

void list_program(std::ostream& out, const Program& program) {
    for (const Unit& unit : program.units) {
        if (unit.removable && !erased(unit)) {
            list_unit(out, unit);
        }
    }
}

void write_program(std::ostream& out, const Program& program) {
    out << fmt::format("seed {}\nend {:08x}\n", program.seed, program.end);
    for (const Unit& unit : program.units) {
        if (unit.removable && erased(unit)) {
            continue;
        }
        out << fmt::format("{} {:08x} {:04x}\n", unit.removable ? "unit" : "keep", unit.address,
                           fmt::join(unit.code, " "));
        list_unit(out, unit);
    }
    for (const std::uint32_t word : program.data) {
        out << fmt::format("data {:08x}\n", word);
    }
}

Program read_program(std::istream& in) {
    Program program;
    std::string line;
    for (unsigned number = 1; std::getline(in, line); ++number) {
        std::istringstream words(line);
        std::string kind;
        words >> kind;
        try {
            if (kind == "seed") {
                words >> program.seed;
            } else if (kind == "end") {
                words >> std::hex >> program.end;
            } else if (kind == "unit" || kind == "keep") {
                program.units.push_back(read_unit(words, kind == "unit"));
            } else if (kind == "data") {
                words >> std::hex >> program.data.emplace_back();
            } else if (!kind.empty() && kind[0] != '#') {
                throw std::runtime_error("unknown keyword");
            }
        } catch (const std::exception& error) {
            throw std::runtime_error(fmt::format("line {}: '{}': {}", number, line, error.what()));
        }
    }
    if (program.data.size() > scratch_bytes / 4) {
        throw std::runtime_error("more data than the scratch pages hold");
    }
    fill_gaps(program);
    return program;
}

}  // namespace cimera::lockstep
