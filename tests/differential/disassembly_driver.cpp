// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
//
// Reads instruction words in hexadecimal, one a line, and prints each disassembled at address 0.
// With the option --table, prints mask, match and mnemonic of every row of the instruction table.

#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>

#include "models/cpu/disassemble.hpp"
#include "models/cpu/isa.hpp"

int main(int argc, char** argv) {
    using namespace cimera::cpu;
    if (argc > 1 && std::string_view(argv[1]) == "--table") {
        for (const auto& row : instruction_table()) {
            std::printf("%08x %08x %s\n", row.mask, row.match, std::string(row.mnemonic).c_str());
        }
        return 0;
    }
    std::cin >> std::hex;
    for (std::uint32_t word = 0; std::cin >> word;) {
        std::cout << disassemble(word, 0) << '\n';
    }
    return 0;
}
