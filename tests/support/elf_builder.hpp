// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <elf.h>
#include <string>
#include <utility>
#include <vector>

namespace cimera::test {

/// Writes ELF files for RV32. Header and program headers are open, so that a test can spoil them.
class ElfBuilder {
public:
    Elf32_Ehdr header{};
    /// `p_offset` 0: where the segment's bytes are.
    std::vector<Elf32_Phdr> programs;

    explicit ElfBuilder(std::uint32_t entry) {
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS32;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_ident[EI_VERSION] = EV_CURRENT;
        header.e_type = ET_EXEC;
        header.e_machine = EM_RISCV;
        header.e_version = EV_CURRENT;
        header.e_entry = entry;
        header.e_phoff = sizeof header;
        header.e_ehsize = sizeof header;
        header.e_phentsize = sizeof(Elf32_Phdr);
        header.e_shentsize = sizeof(Elf32_Shdr);
        add_section("", SHT_NULL, "");
    }

    /// A section and the segment that loads it; `memory_bytes` beyond the bytes are zeros.
    void add_segment(const std::string& name, std::uint32_t address, std::uint32_t flags,
                     std::string bytes, std::uint32_t memory_bytes = 0) {
        const auto size = static_cast<std::uint32_t>(bytes.size());
        loaded_.push_back(sections_.size());
        programs.push_back({PT_LOAD, 0, address, address, size,
                            memory_bytes == 0 ? size : memory_bytes, flags, 4});
        add_section(name, SHT_PROGBITS, std::move(bytes));
        Elf32_Shdr& section = sections_.back().header;
        section.sh_flags = SHF_ALLOC | ((flags & PF_X) != 0 ? SHF_EXECINSTR : 0U) |
                           ((flags & PF_W) != 0 ? SHF_WRITE : 0U);
        section.sh_addr = address;
    }

    void add_section(std::string name, std::uint32_t type, std::string bytes) {
        Section section{std::move(name), {}, std::move(bytes)};
        section.header.sh_type = type;
        section.header.sh_addralign = 1;
        if (type == SHT_SYMTAB) {  // its names are the next section
            section.header.sh_link = static_cast<std::uint32_t>(sections_.size() + 1);
            section.header.sh_entsize = sizeof(Elf32_Sym);
            section.header.sh_info = 1;
        }
        sections_.push_back(std::move(section));
    }

    [[nodiscard]] std::string build() const {
        const std::size_t begin = sizeof header + programs.size() * sizeof(Elf32_Phdr);
        std::string names;
        std::string body;
        std::vector<Elf32_Shdr> table;
        const auto place = [&](Elf32_Shdr entry, const std::string& name,
                               const std::string& bytes) {
            entry.sh_name = static_cast<std::uint32_t>(names.size());
            names += name + '\0';
            entry.sh_offset = static_cast<std::uint32_t>(begin + body.size());
            const std::string& content =
                entry.sh_type == SHT_STRTAB && bytes.empty() ? names : bytes;
            entry.sh_size = static_cast<std::uint32_t>(content.size());
            table.push_back(entry);
            body += content;
            body.resize((body.size() + 3) / 4 * 4);
        };
        for (const Section& section : sections_) {
            place(section.header, section.name, section.bytes);
        }
        Elf32_Shdr section_names{};
        section_names.sh_type = SHT_STRTAB;
        section_names.sh_addralign = 1;
        place(section_names, ".shstrtab", "");

        Elf32_Ehdr top = header;
        top.e_phnum = static_cast<std::uint16_t>(programs.size());
        top.e_shnum = static_cast<std::uint16_t>(table.size());
        top.e_shstrndx = static_cast<std::uint16_t>(table.size() - 1);
        top.e_shoff = static_cast<std::uint32_t>(begin + body.size());
        std::string file;
        append(file, top);
        for (std::size_t i = 0; i < programs.size(); ++i) {
            Elf32_Phdr program = programs[i];
            if (program.p_offset == 0) {
                program.p_offset = table[loaded_[i]].sh_offset;
            }
            append(file, program);
        }
        file += body;
        for (const Elf32_Shdr& entry : table) {
            append(file, entry);
        }
        return file;
    }

    template <typename T>
    static void append(std::string& bytes, const T& value) {
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }

private:
    struct Section {
        std::string name;
        Elf32_Shdr header;
        std::string bytes;
    };

    std::vector<Section> sections_;
    std::vector<std::size_t> loaded_;  ///< section of each segment
};

/// A small firmware: two segments, symbols, a section that is not loaded, and line numbers; with
/// `leftover` also those of a function that the linker left out, which claims 0 to 0x2000.
class SmallFirmware : public ElfBuilder {
public:
    explicit SmallFirmware(bool leftover = false) : ElfBuilder(0x80000000) {
        add_segment(".text", 0x80000000, PF_R | PF_X, std::string(32, '\x13'));
        add_segment(".data", 0x80001000, PF_R | PF_W, "data", 64);
        add_section(".cimera.phases", SHT_PROGBITS, std::string("setup\0infer\0", 12));
        add_section(".symtab", SHT_SYMTAB, symbols());
        add_section(".strtab", SHT_STRTAB, std::string("\0_start\0main\0loop\0table\0$x\0", 27));
        add_section(".debug_abbrev", SHT_PROGBITS,
                    std::string("\x01\x11\x00\x10\x17\x00\x00\x00", 8));
        add_section(
            ".debug_info", SHT_PROGBITS,
            std::string("\x0c\x00\x00\x00\x04\x00\x00\x00\x00\x00\x04\x01\x00\x00\x00\x00", 16));
        add_section(".debug_line", SHT_PROGBITS, lines(leftover));
    }

private:
    static std::string symbols() {
        std::string bytes;
        append(bytes, Elf32_Sym{});
        append(bytes, Elf32_Sym{1, 0x80000000, 0, ELF32_ST_INFO(STB_GLOBAL, STT_NOTYPE), 0, 1});
        append(bytes, Elf32_Sym{8, 0x80000010, 8, ELF32_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 1});
        append(bytes, Elf32_Sym{13, 0x80000014, 0, ELF32_ST_INFO(STB_LOCAL, STT_NOTYPE), 0, 1});
        append(bytes, Elf32_Sym{18, 0x80001000, 4, ELF32_ST_INFO(STB_GLOBAL, STT_OBJECT), 0, 2});
        append(bytes, Elf32_Sym{24, 0x80000000, 0, ELF32_ST_INFO(STB_LOCAL, STT_NOTYPE), 0, 1});
        return bytes;
    }

    /// DWARF 4: main.c, line 10 at 0x80000000, line 12 at 0x80000004, end at 0x80000010.
    static std::string lines(bool leftover) {
        const std::string prologue(
            "\x01\x01\x01\xfb\x0e\x0d\x00\x01\x01\x01\x01\x00\x00\x00\x01\x00"
            "\x00\x01\x00main.c\x00\x00\x00\x00\x00",
            30);
        const std::string program(
            "\x00\x05\x02\x00\x00\x00\x80\x03\x09\x01\x02\x04\x03\x02\x01"
            "\x02\x0c\x00\x01\x01",
            20);
        const std::string unused = leftover ? std::string(
                                                  "\x00\x05\x02\x00\x00\x00\x00\x03\x1e\x01"
                                                  "\x03\x01\x02\x80\x40\x00\x01\x01",
                                                  18)
                                            : "";
        std::string bytes;
        append(bytes,
               static_cast<std::uint32_t>(6 + prologue.size() + program.size() + unused.size()));
        append(bytes, std::uint16_t{4});
        append(bytes, static_cast<std::uint32_t>(prologue.size()));
        return bytes + prologue + program + unused;
    }
};

}  // namespace cimera::test
