// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cstdint>
#include <cstring>
#include <elf.h>
#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "golden.hpp"
#include "platform/elf/image.hpp"
#include "platform/elf/symbols.hpp"

namespace cimera {
namespace {

using test::message_of;

template <typename T>
void append(std::string& bytes, const T& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// A small firmware: two segments, symbols, a section that is not loaded, and line numbers.
struct Builder {
    Elf32_Ehdr header{};
    std::vector<Elf32_Phdr> programs;
    std::string text = std::string(32, '\x13');
    std::string data = "data";
    std::string phases = std::string("setup\0infer\0", 12);

    Builder() {
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS32;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_ident[EI_VERSION] = EV_CURRENT;
        header.e_type = ET_EXEC;
        header.e_machine = EM_RISCV;
        header.e_version = EV_CURRENT;
        header.e_entry = 0x80000000;
        header.e_phoff = sizeof header;
        header.e_ehsize = sizeof header;
        header.e_phentsize = sizeof(Elf32_Phdr);
        header.e_shentsize = sizeof(Elf32_Shdr);
        programs.push_back({PT_LOAD, 0, 0x80000000, 0x80000000, 32, 32, PF_R | PF_X, 4});
        programs.push_back({PT_LOAD, 0, 0x80001000, 0x80001000, 4, 64, PF_R | PF_W, 4});
    }

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
    static std::string lines() {
        const std::string prologue(
            "\x01\x01\x01\xfb\x0e\x0d\x00\x01\x01\x01\x01\x00\x00\x00\x01\x00"
            "\x00\x01\x00main.c\x00\x00\x00\x00\x00",
            30);
        const std::string program(
            "\x00\x05\x02\x00\x00\x00\x80\x03\x09\x01\x02\x04\x03\x02\x01"
            "\x02\x0c\x00\x01\x01",
            20);
        std::string bytes;
        append(bytes, static_cast<std::uint32_t>(6 + prologue.size() + program.size()));
        append(bytes, std::uint16_t{4});
        append(bytes, static_cast<std::uint32_t>(prologue.size()));
        return bytes + prologue + program;
    }

    /// The same with a second sequence, of a function that was left out: 0 to 0x2000.
    static std::string lines_with_leftover() {
        std::string bytes = lines();
        bytes += std::string(
            "\x00\x05\x02\x00\x00\x00\x00\x03\x1e\x01\x03\x01\x02\x80\x40"
            "\x00\x01\x01",
            18);
        const auto length = static_cast<std::uint32_t>(bytes.size() - 4);
        std::memcpy(bytes.data(), &length, sizeof length);
        return bytes;
    }
    bool leftover = false;

    [[nodiscard]] std::string build() const {
        struct Section {
            std::string name;
            std::uint32_t type;
            std::uint32_t flags;
            std::uint32_t address;
            std::string bytes;
        };
        const std::string names("\0_start\0main\0loop\0table\0$x\0", 27);
        const std::vector<Section> sections = {
            {"", SHT_NULL, 0, 0, ""},
            {".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 0x80000000, text},
            {".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, 0x80001000, data},
            {".cimera.phases", SHT_PROGBITS, 0, 0, phases},
            {".symtab", SHT_SYMTAB, 0, 0, symbols()},
            {".strtab", SHT_STRTAB, 0, 0, names},
            {".debug_abbrev", SHT_PROGBITS, 0, 0,
             std::string("\x01\x11\x00\x10\x17\x00\x00\x00", 8)},
            {".debug_info", SHT_PROGBITS, 0, 0,
             std::string("\x0c\x00\x00\x00\x04\x00\x00\x00\x00\x00\x04\x01\x00\x00\x00\x00", 16)},
            {".debug_line", SHT_PROGBITS, 0, 0, leftover ? lines_with_leftover() : lines()},
            {".shstrtab", SHT_STRTAB, 0, 0, ""},
        };
        std::string section_names;
        std::vector<Elf32_Shdr> headers;
        std::string body;
        const std::size_t begin = sizeof header + programs.size() * sizeof(Elf32_Phdr);
        for (const Section& section : sections) {
            Elf32_Shdr entry{};
            entry.sh_name = static_cast<std::uint32_t>(section_names.size());
            section_names += section.name + '\0';
            entry.sh_type = section.type;
            entry.sh_flags = section.flags;
            entry.sh_addr = section.address;
            entry.sh_offset = static_cast<std::uint32_t>(begin + body.size());
            entry.sh_size = static_cast<std::uint32_t>(section.bytes.size());
            entry.sh_addralign = 1;
            if (section.type == SHT_SYMTAB) {
                entry.sh_link = 5;
                entry.sh_entsize = sizeof(Elf32_Sym);
                entry.sh_info = 1;
            }
            headers.push_back(entry);
            body += section.bytes;
            body.resize((body.size() + 3) / 4 * 4);
        }
        headers.back().sh_offset = static_cast<std::uint32_t>(begin + body.size());
        headers.back().sh_size = static_cast<std::uint32_t>(section_names.size());
        body += section_names;
        body.resize((body.size() + 3) / 4 * 4);

        Elf32_Ehdr top = header;
        top.e_phnum = static_cast<std::uint16_t>(programs.size());
        top.e_shnum = static_cast<std::uint16_t>(headers.size());
        top.e_shstrndx = static_cast<std::uint16_t>(headers.size() - 1);
        top.e_shoff = static_cast<std::uint32_t>(begin + body.size());
        std::string bytes;
        append(bytes, top);
        std::uint32_t section = 1;
        for (Elf32_Phdr program : programs) {
            if (program.p_offset == 0) {
                program.p_offset = headers[std::min(section, 2U)].sh_offset;
            }
            ++section;
            append(bytes, program);
        }
        bytes += body;
        for (const Elf32_Shdr& entry : headers) {
            append(bytes, entry);
        }
        return bytes;
    }
};

std::string refusal(const std::string& bytes) {
    return message_of([&] { static_cast<void>(Image::parse("app.elf", bytes)); });
}

std::string refusal(const std::function<void(Builder&)>& change) {
    Builder builder;
    change(builder);
    return refusal(builder.build());
}

TEST_CASE("elf: segments, entry and sections", "[elf]") {
    const Image image = Image::parse("app.elf", Builder().build());
    CHECK(image.entry() == 0x80000000);
    REQUIRE(image.segments().size() == 2);
    CHECK(image.segments()[0].address == 0x80000000);
    CHECK(image.segments()[0].bytes == std::vector<std::uint8_t>(32, 0x13));
    CHECK(image.segments()[0].executable);
    CHECK_FALSE(image.segments()[0].writable);
    CHECK(image.segments()[1].address == 0x80001000);
    CHECK(image.segments()[1].bytes == std::vector<std::uint8_t>{'d', 'a', 't', 'a'});
    CHECK(image.segments()[1].memory_bytes == 64);
    CHECK(image.section(".cimera.phases") == std::string("setup\0infer\0", 12));
    CHECK_FALSE(image.section(".missing").has_value());
}

TEST_CASE("elf: symbols and lines", "[elf]") {
    const Image image = Image::parse("app.elf", Builder().build());
    const Symbols symbols(image);
    const auto place = [&](std::uint32_t address) {
        const auto found = symbols.function_at(address);
        return found ? found->function + "+" + std::to_string(found->offset) : "none";
    };
    CHECK(place(0x80000000) == "_start+0");
    CHECK(place(0x8000000c) == "_start+12");
    CHECK(place(0x80000010) == "main+0");
    CHECK(place(0x80000016) == "main+6");
    CHECK(place(0x80000018) == "none");
    CHECK(place(0x7ffffffe) == "none");
    CHECK(symbols.address_of("main") == 0x80000010U);
    CHECK(symbols.address_of("table") == 0x80001000U);
    CHECK_FALSE(symbols.address_of("$x").has_value());

    REQUIRE(symbols.locate(0x80000002).has_value());
    CHECK(symbols.locate(0x80000002)->line == 10);
    CHECK(symbols.locate(0x80000002)->file == "main.c");
    CHECK(symbols.locate(0x80000004)->line == 12);
    CHECK(symbols.locate(0x8000000f)->line == 12);
    CHECK_FALSE(symbols.locate(0x80000010).has_value());
    CHECK_FALSE(symbols.locate(0x7fffffff).has_value());
}

TEST_CASE("elf: addresses outside of the program have no source line", "[elf]") {
    Builder builder;
    builder.leftover = true;
    const Image image = Image::parse("app.elf", builder.build());
    const Symbols symbols(image);
    CHECK_FALSE(symbols.locate(0x1000).has_value());
    CHECK_FALSE(symbols.locate(0).has_value());
    CHECK_FALSE(symbols.locate(0x80001000).has_value());
    REQUIRE(symbols.locate(0x80000004).has_value());
    CHECK(symbols.locate(0x80000004)->line == 12);
}

TEST_CASE("elf: cut off anywhere, it gives an image or a message", "[elf]") {
    const std::string good = Builder().build();
    for (std::size_t end = 0; end < good.size(); ++end) {
        try {
            const Image image = Image::parse("app.elf", good.substr(0, end));
            static_cast<void>(Symbols(image).locate(0x80000004));
        } catch (const InputError& error) {
            CHECK(error.where == "app.elf");
            CHECK_FALSE(std::string(error.what()).empty());
        }
    }
}

TEST_CASE("elf: wrong files are refused with what is expected", "[elf]") {
    const std::string expected = "\n  expected a 32-bit little-endian RISC-V executable";
    CHECK(refusal("") == "error: app.elf: is empty" + expected);
    CHECK(refusal("#!/bin/sh\n") == "error: app.elf: is not an ELF file" + expected);
    CHECK(refusal(Builder().build().substr(0, 10)) ==
          "error: app.elf: ends within the ELF header\n  the file is truncated");
    CHECK(refusal(Builder().build().substr(0, 30)) ==
          "error: app.elf: ends within the ELF header\n  the file is truncated");
    CHECK(refusal([](Builder& b) { b.header.e_ident[EI_CLASS] = ELFCLASS64; }) ==
          "error: app.elf: is a 64-bit ELF" + expected +
              ", as riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32 links it");
    CHECK(refusal([](Builder& b) { b.header.e_ident[EI_CLASS] = 9; }) ==
          "error: app.elf: has an unknown ELF class" + expected);
    CHECK(refusal([](Builder& b) { b.header.e_ident[EI_DATA] = ELFDATA2MSB; }) ==
          "error: app.elf: is not little-endian" + expected);
    CHECK(refusal([](Builder& b) { b.header.e_machine = EM_ARM; }) ==
          "error: app.elf: is for Arm, not for RISC-V" + expected +
              ", as riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32 links it");
    CHECK(refusal([](Builder& b) { b.header.e_type = ET_REL; }) ==
          "error: app.elf: is an object file\n  link it to fixed addresses with the firmware's "
          "script");
    CHECK(refusal([](Builder& b) { b.header.e_type = ET_DYN; }).find("position-independent") !=
          std::string::npos);
}

TEST_CASE("elf: hostile program headers", "[elf]") {
    const auto has = [](const std::string& text, const char* part) {
        INFO(text);
        CHECK(text.find(part) != std::string::npos);
    };
    has(refusal([](Builder& b) { b.programs.clear(); }), "no usable program headers");
    has(refusal([](Builder& b) { b.header.e_phentsize = 1; }), "no usable program headers");
    has(refusal([](Builder& b) { b.header.e_phoff = 0xffffffff; }), "past the end of the file");
    has(refusal([](Builder& b) { b.programs[0].p_offset = 0xfffffff0; }),
        "segment 0 reaches past the end of the file");
    has(refusal([](Builder& b) { b.programs[1].p_filesz = b.programs[1].p_memsz = 0x7fffffff; }),
        "segment 1 reaches past the end of the file");
    has(refusal([](Builder& b) { b.programs[1].p_filesz = 65; }),
        "segment 1 has more bytes in the file than in memory");
    has(refusal([](Builder& b) { b.programs[1].p_memsz = 0x80000000; }),
        "segment 1 at 0x80001000 reaches past the end of the address space");
    has(refusal([](Builder& b) { b.programs[1].p_paddr = 0x8000001f; }),
        "two segments overlap at 0x8000001f");
    has(refusal([](Builder& b) { b.programs[0].p_type = b.programs[1].p_type = PT_NOTE; }),
        "has nothing to load");
    has(refusal([](Builder& b) { b.header.e_entry = 0x90000000; }),
        "its entry point 0x90000000 is in no segment");
    has(refusal([](Builder& b) { b.header.e_entry = 0x80000001; }),
        "its entry point 0x80000001 is odd");
}

TEST_CASE("elf: missing files and directories", "[elf]") {
    const auto message = [](const char* path) {
        return message_of([&] { static_cast<void>(Image::load(path)); });
    };
    CHECK(message("no/such.elf") ==
          "error: no/such.elf: no such file\n  expected an ELF executable");
    CHECK(message("/") == "error: /: is a directory\n  expected an ELF executable");
    CHECK(message("/dev/null") ==
          "error: /dev/null: is not a regular file\n  expected an ELF executable");
    // Regular by its status, unreadable by its nature.
    CHECK(message("/proc/self/mem").find("error: /proc/self/mem: ") == 0);
}

TEST_CASE("elf: any bytes give an image or a message", "[elf]") {
    const std::string good = Builder().build();
    std::uint32_t state = 1;
    const auto next = [&state] { return (state = state * 1'664'525U + 1'013'904'223U) >> 8U; };
    std::size_t accepted = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string bytes = round % 3 == 0 ? good.substr(0, next() % good.size()) : good;
        for (std::uint32_t i = 1 + next() % 6; i > 0 && !bytes.empty(); --i) {
            bytes[next() % bytes.size()] = static_cast<char>(next());
        }
        try {
            const Image image = Image::parse("app.elf", bytes);
            const Symbols symbols(image);
            static_cast<void>(symbols.function_at(0x80000004));
            static_cast<void>(symbols.locate(0x80000004));
            static_cast<void>(image.section(".cimera.phases"));
            ++accepted;
        } catch (const InputError& error) {
            CHECK(error.where == "app.elf");
        }
    }
    CHECK(accepted > 100);
}

}  // namespace
}  // namespace cimera
