// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/elf/image.hpp"

namespace cimera {

/// A place in a function: "cim_start+0x1c".
struct SymbolPlace {
    std::string function;
    std::uint32_t offset = 0;
};

/// Code of a function, inclusive.
struct FunctionPlace {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::string name;
};

/// A line of the firmware's source.
struct SourceLocation {
    std::string file;
    std::uint32_t line = 0;
};

/// Code of one source line, inclusive.
struct LinePlace {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    SourceLocation source;
};

/// Names and source lines of a program. Empty if it was stripped; broken tables give no names.
class Symbols {
public:
    explicit Symbols(const Image& image);

    /// The function that contains an address.
    [[nodiscard]] std::optional<SymbolPlace> function_at(std::uint32_t address) const;
    /// The address of a function, label or variable.
    [[nodiscard]] std::optional<std::uint32_t> address_of(const std::string& name) const;
    /// The source line of an instruction, if the program has debug information.
    [[nodiscard]] std::optional<SourceLocation> locate(std::uint32_t address) const;
    /// All that function_at() can answer, in the order of addresses.
    [[nodiscard]] std::vector<FunctionPlace> functions() const;
    /// All that locate() can answer, in the order of addresses.
    [[nodiscard]] std::vector<LinePlace> lines() const;

private:
    struct Function {
        std::uint32_t address;
        std::uint32_t size;  ///< 0: not known, up to the next one
        std::string name;
    };
    struct Line {
        std::uint32_t address;
        std::uint32_t line;  ///< 0: no code of this program
        std::size_t file;
    };

    struct Range {
        std::uint32_t first;
        std::uint32_t last;
    };
    [[nodiscard]] bool in_code(std::uint32_t address) const;
    void read_symbols(const Image& image);
    void read_lines(const Image& image);

    std::vector<Range> code_;  ///< executable segments
    std::vector<Function> functions_;
    std::map<std::string, std::uint32_t> addresses_;
    std::vector<Line> lines_;
    std::vector<std::string> files_;
};

}  // namespace cimera
