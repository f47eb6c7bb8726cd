// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <cstdint>
#include <elf.h>
#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "golden.hpp"
#include "platform/elf/image.hpp"
#include "platform/elf/symbols.hpp"
#include "tests/support/elf_builder.hpp"

namespace cimera {
namespace {

using test::ElfBuilder;
using test::message_of;
using test::SmallFirmware;

std::string refusal(const std::string& bytes) {
    return message_of([&] { static_cast<void>(Image::parse("app.elf", bytes)); });
}

std::string refusal(const std::function<void(ElfBuilder&)>& change) {
    SmallFirmware builder;
    change(builder);
    return refusal(builder.build());
}

TEST_CASE("elf: segments, entry and sections", "[elf]") {
    const Image image = Image::parse("app.elf", SmallFirmware().build());
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

TEST_CASE("elf: segments come in the order of their addresses", "[elf]") {
    SmallFirmware builder;
    builder.programs[1].p_paddr = 0x1000;
    const Image image = Image::parse("app.elf", builder.build());
    REQUIRE(image.segments().size() == 2);
    CHECK(image.segments()[0].address == 0x1000);
    CHECK(image.segments()[1].address == 0x80000000);
}

TEST_CASE("elf: symbols and lines", "[elf]") {
    const Image image = Image::parse("app.elf", SmallFirmware().build());
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
    const Image image = Image::parse("app.elf", SmallFirmware(true).build());
    const Symbols symbols(image);
    CHECK_FALSE(symbols.locate(0x1000).has_value());
    CHECK_FALSE(symbols.locate(0).has_value());
    CHECK_FALSE(symbols.locate(0x80001000).has_value());
    REQUIRE(symbols.locate(0x80000004).has_value());
    CHECK(symbols.locate(0x80000004)->line == 12);
}

TEST_CASE("elf: cut off anywhere, it gives an image or a message", "[elf]") {
    const std::string good = SmallFirmware().build();
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
    CHECK(refusal(SmallFirmware().build().substr(0, 10)) ==
          "error: app.elf: ends within the ELF header\n  the file is truncated");
    CHECK(refusal(SmallFirmware().build().substr(0, 30)) ==
          "error: app.elf: ends within the ELF header\n  the file is truncated");
    CHECK(refusal([](ElfBuilder& b) { b.header.e_ident[EI_CLASS] = ELFCLASS64; }) ==
          "error: app.elf: is a 64-bit ELF" + expected +
              ", as riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32 links it");
    CHECK(refusal([](ElfBuilder& b) { b.header.e_ident[EI_CLASS] = 9; }) ==
          "error: app.elf: has an unknown ELF class" + expected);
    CHECK(refusal([](ElfBuilder& b) { b.header.e_ident[EI_DATA] = ELFDATA2MSB; }) ==
          "error: app.elf: is not little-endian" + expected);
    CHECK(refusal([](ElfBuilder& b) { b.header.e_machine = EM_ARM; }) ==
          "error: app.elf: is for Arm, not for RISC-V" + expected +
              ", as riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32 links it");
    CHECK(refusal([](ElfBuilder& b) { b.header.e_type = ET_REL; }) ==
          "error: app.elf: is an object file\n  link it to fixed addresses with the firmware's "
          "script");
    CHECK(refusal([](ElfBuilder& b) { b.header.e_type = ET_DYN; }).find("position-independent") !=
          std::string::npos);
}

TEST_CASE("elf: hostile program headers", "[elf]") {
    const auto has = [](const std::string& text, const char* part) {
        INFO(text);
        CHECK(text.find(part) != std::string::npos);
    };
    has(refusal([](ElfBuilder& b) { b.programs.clear(); }), "no usable program headers");
    has(refusal([](ElfBuilder& b) { b.header.e_phentsize = 1; }), "no usable program headers");
    has(refusal([](ElfBuilder& b) { b.header.e_phoff = 0xffffffff; }), "past the end of the file");
    has(refusal([](ElfBuilder& b) { b.programs[0].p_offset = 0xfffffff0; }),
        "segment 0 reaches past the end of the file");
    has(refusal([](ElfBuilder& b) { b.programs[1].p_filesz = b.programs[1].p_memsz = 0x7fffffff; }),
        "segment 1 reaches past the end of the file");
    has(refusal([](ElfBuilder& b) { b.programs[1].p_filesz = 65; }),
        "segment 1 has more bytes in the file than in memory");
    has(refusal([](ElfBuilder& b) { b.programs[1].p_memsz = 0x80000000; }),
        "segment 1 at 0x80001000 reaches past the end of the address space");
    has(refusal([](ElfBuilder& b) { b.programs[1].p_paddr = 0x8000001f; }),
        "two segments overlap at 0x8000001f");
    has(refusal([](ElfBuilder& b) { b.programs[0].p_type = b.programs[1].p_type = PT_NOTE; }),
        "has nothing to load");
    has(refusal([](ElfBuilder& b) { b.header.e_entry = 0x90000000; }),
        "its entry point 0x90000000 is in no segment");
    has(refusal([](ElfBuilder& b) { b.header.e_entry = 0x80000001; }),
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
    const std::string good = SmallFirmware().build();
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
