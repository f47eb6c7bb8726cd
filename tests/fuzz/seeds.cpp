// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "models/cpu/isa.hpp"
#include "tests/support/elf_builder.hpp"

namespace {

void write(const std::filesystem::path& file, const std::string& bytes) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
}

/// Every instruction of the table once, in pieces, behind `head`.
void write_code(const std::filesystem::path& folder, const std::string& head = {}) {
    constexpr std::size_t piece = 16;
    std::string bytes = head;
    std::size_t number = 0;
    for (const cimera::cpu::InstructionInfo& row : cimera::cpu::instruction_table()) {
        // Registers 10, 11 and 12 in their usual places, where the instruction leaves them free.
        const std::uint32_t word = row.match | (0x00c58500U & ~row.mask);
        cimera::test::ElfBuilder::append(bytes, word);
        if (++number % piece == 0) {
            write(folder / ("table" + std::to_string(number / piece)), bytes);
            bytes = head;
        }
    }
    write(folder / "table", bytes);
}

std::string setup_of(char features, char mstatus_15_8) {
    std::string head(28, '\0');
    head[0] = features;
    head[9] = mstatus_15_8;
    return head;
}

}  // namespace

/// Writes the seeds that are binary into FOLDER/<target>/.
int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: fuzz_seeds FOLDER\n";
        return 1;
    }
    const std::filesystem::path folder = argv[1];
    const std::string firmware = cimera::test::SmallFirmware().build();
    write(folder / "elf" / "firmware", firmware);
    write(folder / "elf" / "header", firmware.substr(0, sizeof(Elf32_Ehdr)));
    write_code(folder / "decoder");
    // The set-up that hart.cpp reads, with floating point: machine mode; user mode with all memory.
    constexpr char user_and_memory = 0x21;
    write_code(folder / "hart" / "machine", setup_of(0, 0x38));
    write_code(folder / "hart" / "user", setup_of(user_and_memory, 0x20));
    return 0;
}
